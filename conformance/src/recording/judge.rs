//! Judges what was recorded by a contract, without an endpoint: what would a change of the contract have broken?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use driftline_specs::recording::Entry;
use driftline_specs::{Contract, Direction, Method, Operation, ParameterLocation, Recording};
use url::form_urlencoded;

use super::routes::{PathValues, Routes, path_of};
use crate::checks::{Judge, Observation, Severity};
use crate::exchange::{Exchange, Intent};
use crate::finding::Fingerprint;
use crate::models::Models;
use crate::report::{Bodies, Finding, FindingStatus, by_weight};
use crate::request::{Body, Request};
use crate::target::Answer;

/// The name under which requests are judged.
const ALLOWED: &str = "recorded_request_allowed";

/// What a contract makes of recordings.
#[derive(Debug, Default)]
pub struct Hearing {
    /// How many exchanges were judged.
    pub exchanges: usize,
    /// What was made of their bodies.
    pub bodies: Bodies,
    /// Exchanges for which the contract has no operation.
    pub foreign: Vec<Foreign>,
    /// What the contract does not allow of them, the worst first.
    pub findings: Vec<Finding>,
}

/// An exchange for which a contract has no operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The recording.
    pub recording: String,
    /// The step, where the recording names one.
    pub step: Option<String>,
    /// The method.
    pub method: String,
    /// The path, as it was masked.
    pub path: String,
}

/// One deviation, and how often it was seen.
struct Sighted {
    observation: Observation,
    operation: String,
    places: Vec<String>,
    count: u64,
}

/// Judges recordings, each with the name that it goes by.
#[must_use]
pub fn judge(
    api: &str,
    contract: &Contract,
    models: Option<Arc<dyn Models>>,
    recordings: &[(String, Recording)],
) -> Hearing {
    let judge = Judge::new(contract.clone(), models);
    let mut hearing = Hearing::default();
    let mut sighted: BTreeMap<Fingerprint, Sighted> = BTreeMap::new();
    let mut order: Vec<Fingerprint> = Vec::new();
    let mut answers: BTreeMap<String, u64> = BTreeMap::new();
    for (name, recording) in recordings {
        let routes = Routes::of(recording, contract);
        for entry in recording.entries() {
            let Some((operation, path)) = routes.find(entry.method(), entry.url()) else {
                hearing.foreign.push(Foreign {
                    recording: name.clone(),
                    step: entry.step().map(str::to_owned),
                    method: entry.method().to_owned(),
                    path: path_of(entry.url()).to_owned(),
                });
                continue;
            };
            hearing.exchanges += 1;
            *answers.entry(operation.id.clone()).or_default() += 1;
            let mut found = Vec::new();
            // What was refused may have been wrong on purpose.
            if entry.status() < 400 {
                request(contract, operation, &path, entry, &mut found);
            }
            let exchange = exchange(operation, &routes, entry);
            let evidence = judge.evidence(operation, &exchange);
            let (of_answer, reading) = judge.judge_evidence(&evidence);
            found.extend(of_answer);
            if let Some(reading) = reading {
                hearing.bodies.count(reading);
            }
            let mut told = BTreeSet::new();
            for observation in found {
                let fingerprint = Fingerprint::of(api, &operation.id, &observation);
                let known_as = fingerprint.clone();
                let place = match entry.step() {
                    Some(step) => format!("{name} at {step}"),
                    None => name.clone(),
                };
                let known = sighted.entry(fingerprint.clone()).or_insert_with(|| {
                    order.push(fingerprint);
                    Sighted { observation, operation: operation.id.clone(), places: Vec::new(), count: 0 }
                });
                // Many items that lack the same property are one deviation of one exchange.
                known.count += u64::from(told.insert(known_as));
                if known.places.len() < 3 && !known.places.contains(&place) {
                    known.places.push(place);
                }
            }
        }
    }
    for fingerprint in order {
        let Some(known) = sighted.remove(&fingerprint) else { continue };
        let answers = answers.get(&known.operation).copied().unwrap_or_default();
        hearing.findings.push(finding(contract, &judge, fingerprint, known, answers));
    }
    hearing.findings.sort_by(by_weight);
    hearing
}

fn finding(
    contract: &Contract,
    judge: &Judge,
    fingerprint: Fingerprint,
    known: Sighted,
    answers: u64,
) -> Finding {
    let Sighted { observation, operation, places, count } = known;
    let position = contract.position(&observation.contract);
    let position = position.map(|it| {
        let file = it.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        format!("{file}:{}", it.line)
    });
    let at = if observation.location.is_empty() {
        String::new()
    } else {
        format!(", where {} is", observation.location)
    };
    let more = if places.len() < 3 { "" } else { " and elsewhere" };
    let message = format!(
        "Recorded in {}{more}{at}: {}. The contract says: {}. Seen in {count} of {answers} recorded exchanges of this \
         operation.",
        places.join(", "),
        observation.observed,
        observation.expected,
    );
    Finding {
        symbol: judge.symbol(&observation.contract),
        fingerprint,
        check: observation.check.to_owned(),
        operation_id: operation,
        severity: observation.severity,
        status: FindingStatus::Confirmed,
        confirmations: format!("{count}/{count}"),
        location: observation.location,
        contract: observation.contract,
        position,
        expected: observation.expected,
        observed: observation.observed,
        exchanges: count,
        answers,
        message,
        curl: String::new(),
        acknowledged: false,
        acknowledgement: None,
    }
}

/// What a contract does not allow of a request that was accepted: a caller sends it, and may be refused from now on.
fn request(
    contract: &Contract,
    operation: &Operation,
    path: &PathValues,
    entry: Entry<'_>,
    found: &mut Vec<Observation>,
) {
    let mut add = |location: String, contract: &str, rule: &str, expected: String, observed: String| {
        found.push(Observation {
            check: ALLOWED,
            severity: Severity::Breaking,
            location,
            contract: contract.to_owned(),
            rule: rule.to_owned(),
            expected,
            observed,
            note: None,
        });
    };
    let query = entry.url().split('#').next().unwrap_or_default().split_once('?').map_or("", |(_, it)| it);
    let query: Vec<String> =
        form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    for parameter in operation.parameters.iter().filter(|it| it.required) {
        let name = parameter.name.as_str();
        let is_there = match parameter.location {
            ParameterLocation::Path => path.iter().any(|(it, _)| it == name),
            // An array or an object goes by names that begin with its own.
            ParameterLocation::Query => query
                .iter()
                .any(|it| it == name || it.strip_prefix(name).is_some_and(|it| it.starts_with('['))),
            ParameterLocation::Header => entry.request_header(name).is_some(),
            ParameterLocation::Cookie => entry.request_header("cookie").is_some_and(|it| it.contains(name)),
        };
        if !is_there {
            let place = parameter.schema.as_ref().map_or(operation.pointer.as_str(), |it| &it.pointer);
            let location = format!("/{}/{}", parameter.location.as_str(), crate::pointer::escape(name));
            add(
                location,
                place,
                "required",
                "a parameter that has to be there".to_owned(),
                "absent".to_owned(),
            );
        }
    }
    let Some(body) = &operation.request_body else { return };
    let given = entry.request_body().filter(|it| !it.is_empty());
    let Some(given) = given else {
        if body.required {
            let expected = "a body that has to be there".to_owned();
            add("/body".to_owned(), &operation.pointer, "required", expected, "absent".to_owned());
        }
        return;
    };
    let media_type = entry.request_media_type().unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let documented = body.content.iter().find(|it| {
        let name = it.name.split(';').next().unwrap_or_default().trim();
        name.eq_ignore_ascii_case(essence) || name == "*/*"
    });
    let Some(documented) = documented else {
        let listed: Vec<&str> = body.content.iter().map(|it| it.name.as_str()).collect();
        let expected = format!("a body of {}", listed.join(" or "));
        add("/body".to_owned(), &operation.pointer, "content", expected, "another media type".to_owned());
        return;
    };
    if !documented.is_json() {
        return;
    }
    let Some(schema) = &documented.schema else { return };
    let Ok(validator) = contract.validator(&schema.pointer, Direction::Request) else { return };
    let Ok(value) = serde_json::from_slice(&given) else { return };
    for violation in validator.violations(&value) {
        let location = format!("/body{}", violation.instance);
        add(
            location,
            &violation.schema,
            &violation.keyword,
            violation.expected.clone(),
            violation.observed.clone(),
        );
    }
}

/// A recorded exchange as checks see it.
fn exchange(operation: &Operation, routes: &Routes<'_>, entry: Entry<'_>) -> Exchange {
    let url = entry.url().split('#').next().unwrap_or_default();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let path = path_of(url);
    let body = entry.request_body().map(|content| Body {
        media_type: entry.request_media_type().unwrap_or_default().to_owned(),
        content: String::from_utf8_lossy(&content).into_owned(),
    });
    let request = Request {
        operation_id: operation.id.clone(),
        method: Method::ALL.into_iter().find(|it| it.as_str() == entry.method()).unwrap_or(operation.method),
        template: operation.path.clone(),
        path: path.strip_prefix(routes.base_path()).unwrap_or(path).to_owned(),
        query: query.to_owned(),
        headers: Vec::new(),
        body,
    };
    let headers = entry.response_headers().map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let answer = Answer {
        status: entry.status(),
        headers: headers.collect(),
        body: Bytes::from(entry.response_body().into_owned()),
        elapsed: entry.elapsed(),
    };
    let intent = if entry.status() < 400 { Intent::Valid } else { Intent::Scripted };
    Exchange { intent, request, answer }
}
