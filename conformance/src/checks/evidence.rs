//! What the contract says about an exchange, worked out once for all checks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use driftline_specs::{Contract, Direction, MediaType, Operation, Response, Violation, pointer};
use serde_json::Value;
use url::Url;

use super::bodies::{Bodies, Body, Place, Rewritten, Verdict};
use super::declared::Declared;
use super::norms::NormEvidence;
use super::refusal_names_place::{Group, Named, Votes};
use super::sent::sent;
use super::series::SeriesEvidence;
use super::step::StepEvidence;
use super::syntax::Fault;
use super::whole::WholeEvidence;
use super::{Observation, all, causes};
use crate::exchange::{Exchange, Series};
use crate::models::{DecodeFailure, Models};
use crate::norms::{OperationNorms, Sign};
use crate::pointer::generalise;
use crate::strategy::{Additional, Kind, Node, Reader};

/// How many places are kept of what stands as it was written.
const MIRRORED: usize = 4096;

/// How many values that an endpoint has supplied are noted.
const SUPPLIED: usize = 8192;

/// An exchange with everything that checks need to judge it.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// The operation that was asked for.
    pub operation: &'a Operation,
    /// The exchange.
    pub exchange: &'a Exchange,
    /// The response that the contract documents for this status.
    pub documented: Option<&'a Response>,
    /// The documented media type that the answer's `Content-Type` is.
    pub media_type: Option<&'a MediaType>,
    /// The body, when its media type is JSON and it can be read.
    pub json: Option<Arc<Value>>,
    /// Why it cannot be read, when its media type is JSON and there is a body.
    pub fault: Option<Fault>,
    /// Where an object of the body has a name twice, as JSON Pointers; a few at most.
    pub twice: Vec<String>,
    /// The longest that an answer may take, where that was set.
    pub most_latency: Option<Duration>,
    verdict: Arc<Verdict>,
    base_url: Option<&'a Url>,
    known: &'a Mutex<Known>,
}

impl Evidence<'_> {
    /// Returns the status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.exchange.answer.status
    }

    /// Whether the body may repeat what was wrong with the request: that a near miss was accepted is told once, and
    /// not again by what became of it.
    #[must_use]
    pub fn may_echo_a_flaw(&self) -> bool {
        self.status() < 400 && self.exchange.intent.flaw().is_some()
    }

    /// Whether an answer to this request has a body at all (RFC 9110 section 6.4.1).
    #[must_use]
    pub fn may_have_body(&self) -> bool {
        let status = self.status();
        self.exchange.request.method.as_str() != "HEAD" && !matches!(status, 100..=199 | 204 | 205 | 304)
    }

    /// Returns where the body departs from the documented schema.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.verdict.violations
    }

    /// Returns what the generated type made of the body: what it wrote again, or why nothing.
    #[must_use]
    pub fn round_trip(&self) -> Option<&Result<Rewritten, DecodeFailure>> {
        self.verdict.round_trip.as_ref()
    }

    /// Returns whether the body is valid, and whether the generated type takes it; nothing where one cannot be told.
    #[must_use]
    pub fn reading(&self) -> Option<Reading> {
        self.schema()?;
        let decodes = self.round_trip()?.is_ok();
        Some(Reading { validates: self.fault.is_none() && self.violations().is_empty(), decodes })
    }

    /// Returns where a redirect leads, when that can be told.
    fn redirect(&self) -> Option<(&Url, Url)> {
        let answer = &self.exchange.answer;
        let base = self.base_url.filter(|_| (300..400).contains(&answer.status))?;
        Some((base, base.join(answer.header("location")?).ok()?))
    }

    /// Whether the answer is a redirect to another host.
    #[must_use]
    pub fn leaves_host(&self) -> bool {
        self.redirect().is_some_and(|(base, to)| base.host() != to.host())
    }

    /// Whether the answer is a redirect from `https` to `http`.
    #[must_use]
    pub fn leaves_tls(&self) -> bool {
        self.redirect().is_some_and(|(base, to)| base.scheme() == "https" && to.scheme() == "http")
    }

    /// Returns the pointer of the documented schema of the body.
    #[must_use]
    pub fn schema(&self) -> Option<&str> {
        Some(self.media_type?.schema.as_ref()?.pointer.as_str())
    }

    /// Returns what the documented schema of the body declares.
    pub(crate) fn declared(&self) -> Option<Arc<Declared>> {
        let schema = self.schema()?;
        let mut known = self.known();
        if let Some(declared) = known.declared.get(schema) {
            return Some(Arc::clone(declared));
        }
        let declared = Arc::new(Declared::of(&mut known.reader, &[Node::at(schema)]));
        known.declared.insert(schema.to_owned(), Arc::clone(&declared));
        Some(declared)
    }

    /// Reads what is declared at a place that no body has reached before.
    pub(crate) fn read(&self, nodes: &[Node]) -> Declared {
        let mut known = self.known();
        Declared::of(&mut known.reader, nodes)
    }

    /// Returns the place in the contract that declares what stands at a location of the body; the operation's where none
    /// does.
    pub(super) fn place(&self, location: &str) -> String {
        let tokens = pointer::tokens(&format!("#{location}")).unwrap_or_default();
        let place = self.schema().and_then(|schema| self.known().below(schema, &tokens));
        place.unwrap_or_else(|| self.operation.pointer.clone())
    }

    /// What was read of the contract, and seen, so far.
    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts how a refusal named what is wrong; returns how those of its group have so far.
    pub(super) fn vote(&self, group: Group, named: Named) -> Votes {
        let mut known = self.known();
        let votes = known.named.entry(group).or_default();
        *votes.entry(named).or_default() += 1;
        votes.clone()
    }

    /// Returns the value at an instance location of the body.
    #[must_use]
    pub fn at(&self, location: &str) -> Option<&Value> {
        self.json.as_ref()?.pointer(location)
    }
}

/// What the contract and the generated type make of one body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Whether it satisfies the documented schema.
    pub validates: bool,
    /// Whether the generated type decodes it.
    pub decodes: bool,
}

/// What was read of the contract so far.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) reader: Reader,
    declared: HashMap<String, Arc<Declared>>,
    /// Which properties a client sends, once that was asked.
    pub(super) sent: Option<Arc<HashSet<String>>>,
    /// Where answers that may hold anything have held what was written: where that is declared, and the place in it.
    mirrored: HashSet<(String, String)>,
    /// What the endpoint has put where a creation left something out: the place in its answer, and the value.
    supplied: HashSet<(String, String)>,
    /// How refusals have named what is wrong.
    named: HashMap<Group, Votes>,
}

impl Known {
    /// The place of what a schema declares below it, by names of properties and indices of items.
    pub(super) fn below(&mut self, schema: &str, tokens: &[String]) -> Option<String> {
        match super::series::node(&mut self.reader, schema, tokens)? {
            Node::Places(places) => places.into_iter().next(),
            _ => None,
        }
    }

    /// Where a property of a schema is declared of which nothing is said but that it is an object.
    pub(super) fn free(&mut self, schema: &str, name: &str) -> Option<String> {
        let Node::Places(places) = super::series::node(&mut self.reader, schema, &[name.to_owned()])? else {
            return None;
        };
        let place = places.first()?.clone();
        let shape = self.reader.shape(&Node::Places(places));
        let is_any = matches!(shape.object.additional, Additional::Unstated | Additional::Any);
        let is_free = shape.kinds.contains(&Kind::Object)
            && is_any
            && shape.object.properties.is_empty()
            && shape.branches.is_empty();
        is_free.then_some(place)
    }

    /// Notes that what was written stood where it was expected, as it was written.
    pub(super) fn note_mirrored(&mut self, place: &str, inside: &str) {
        if self.mirrored.len() < MIRRORED {
            self.mirrored.insert((place.to_owned(), generalise(inside)));
        }
    }

    /// Notes what the endpoint has put where nothing was written.
    pub(super) fn note_supplied(&mut self, location: &str, value: &Value) {
        if self.supplied.len() < SUPPLIED {
            self.supplied.insert((generalise(location), value.to_string()));
        }
    }

    /// Whether the endpoint has ever put that there by itself.
    pub(super) fn was_supplied(&self, location: &str, value: &Value) -> bool {
        self.supplied.contains(&(generalise(location), value.to_string()))
    }

    /// Whether that was ever so.
    pub(super) fn was_mirrored(&self, place: &str, inside: &str) -> bool {
        let inside = generalise(inside);
        // Of an object it is what is in it that was noted.
        let below = format!("{inside}/");
        self.mirrored.iter().any(|(known, at)| known == place && (*at == inside || at.starts_with(&below)))
    }
}

/// Judges the exchanges of one API.
#[derive(Debug)]
pub struct Judge {
    contract: Contract,
    models: Option<Arc<dyn Models>>,
    base_url: Option<Url>,
    most_latency: Option<Duration>,
    known: Mutex<Known>,
    bodies: Mutex<Bodies>,
}

impl Judge {
    /// Returns a judge; without models the client's side is guessed from the schema alone.
    #[must_use]
    pub fn new(contract: Contract, models: Option<Arc<dyn Models>>) -> Judge {
        let known = Known {
            reader: Reader::new(contract.clone()),
            declared: HashMap::new(),
            sent: None,
            mirrored: HashSet::new(),
            supplied: HashSet::new(),
            named: HashMap::new(),
        };
        let (known, bodies) = (Mutex::new(known), Mutex::default());
        Judge { contract, models, base_url: None, most_latency: None, known, bodies }
    }

    /// Returns the judge of what a target answers: it knows where that is, and how long it may take.
    #[must_use]
    pub fn at(mut self, base_url: &Url, most_latency: Option<Duration>) -> Judge {
        self.base_url = Some(base_url.clone());
        self.most_latency = most_latency;
        self
    }

    /// Returns the Rust symbol of a place in the contract.
    #[must_use]
    pub fn symbol(&self, pointer: &str) -> Option<String> {
        self.models.as_ref()?.symbol(pointer).map(str::to_owned)
    }

    /// Returns what all checks find in an exchange.
    #[must_use]
    pub fn judge(&self, operation: &Operation, exchange: &Exchange) -> Vec<Observation> {
        self.judge_evidence(&self.evidence(operation, exchange)).0
    }

    /// Returns what all checks find in an exchange, with what the contract says about it, and what is made of its body.
    #[must_use]
    pub fn judge_evidence(&self, evidence: &Evidence<'_>) -> (Vec<Observation>, Option<Reading>) {
        let mut found = Vec::new();
        // What the contract says of the operation is not said of another method at its path.
        if let Some(method) = evidence.exchange.intent.other_method() {
            for check in all() {
                check.judge_other_method(evidence, method, &mut found);
            }
            return (found, None);
        }
        for check in all() {
            check.judge(evidence, &mut found);
        }
        (causes::merge(found), evidence.reading())
    }

    /// Returns what all checks find in what a whole run has shown of an operation, beside what was learned of it.
    #[must_use]
    pub fn judge_norms(
        &self,
        operation: &Operation,
        learned: &OperationNorms,
        seen: &OperationNorms,
    ) -> Vec<(Observation, Sign)> {
        let evidence = NormEvidence::new(&self.contract, operation, learned, seen, &self.known);
        let mut found = Vec::new();
        for check in all() {
            check.judge_norms(&evidence, &mut found);
        }
        found
    }

    /// Returns what all checks find in what a whole run has shown, each with its operation.
    #[must_use]
    pub fn judge_whole(&self, seen: &BTreeMap<String, OperationNorms>) -> Vec<(String, Observation, Sign)> {
        let evidence = WholeEvidence::new(&self.contract, &sent(&self.contract), seen);
        let mut found = Vec::new();
        for check in all() {
            check.judge_whole(&evidence, &mut found);
        }
        found
    }

    /// Returns what all checks find in several exchanges together.
    #[must_use]
    pub fn judge_series(&self, operation: &Operation, series: &Series) -> Vec<Observation> {
        let bodies = series.exchanges.iter().map(|it| self.json(&it.answer.body)).collect();
        let evidence = SeriesEvidence::new(&self.contract, operation, series, bodies, &self.known);
        let mut found = Vec::new();
        for check in all() {
            check.judge_series(&evidence, &mut found);
        }
        found
    }

    /// Returns what all checks find in a step of a workflow, beside what they find in its exchange.
    #[must_use]
    pub fn judge_step(&self, evidence: &StepEvidence<'_>) -> Vec<Observation> {
        let mut found = Vec::new();
        for check in all() {
            check.judge_step(evidence, &mut found);
        }
        found
    }

    /// Returns how many items the page has that the exchange at an index was answered with.
    #[must_use]
    pub(crate) fn items(&self, series: &Series, index: usize) -> usize {
        let Some(exchange) = series.exchanges.get(index) else { return 0 };
        let operation = self.contract.operation(&exchange.request.operation_id);
        let Some(pagination) = operation.and_then(|it| it.pagination.as_ref()) else { return 0 };
        let body = self.json(&exchange.answer.body);
        body.and_then(|body| body.pointer(&pagination.items)?.as_array().map(Vec::len)).unwrap_or_default()
    }

    /// Returns what a body says as JSON, when it can be read; a body of late is not read again.
    pub(crate) fn json(&self, body: &Bytes) -> Option<Arc<Value>> {
        self.body(body).value.as_ref().ok().map(Arc::clone)
    }

    fn body(&self, body: &Bytes) -> Arc<Body> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner).get(body)
    }

    /// Works out what the contract says about an exchange.
    #[must_use]
    pub fn evidence<'a>(&'a self, operation: &'a Operation, exchange: &'a Exchange) -> Evidence<'a> {
        let answer = &exchange.answer;
        let documented = operation.response_for(answer.status);
        let media_type = documented.and_then(|response| {
            let given = answer.header("content-type")?;
            response
                .content
                .iter()
                .max_by_key(|it| affinity(&it.name, given))
                .filter(|it| affinity(&it.name, given) > 0)
        });
        let given = answer.header("content-type").unwrap_or_default();
        let json = media_type.is_some_and(|it| it.is_json() || is_json(given));
        let body = media_type.filter(|_| json && !answer.body.is_empty());
        let body = body.map(|media_type| (media_type, self.body(&answer.body)));
        let mut evidence = Evidence {
            contract: &self.contract,
            operation,
            exchange,
            documented,
            media_type,
            json: None,
            fault: None,
            twice: Vec::new(),
            most_latency: self.most_latency,
            verdict: Arc::default(),
            base_url: self.base_url.as_ref(),
            known: &self.known,
        };
        if let Some((media_type, body)) = body {
            match &body.value {
                Ok(value) => evidence.json = Some(Arc::clone(value)),
                Err(fault) => evidence.fault = Some(*fault),
            }
            evidence.twice.clone_from(&body.twice);
            let place =
                Place { operation_id: &operation.id, status: answer.status, media_type: &media_type.name };
            evidence.verdict = body
                .verdict(place, || self.verdict(place, media_type, &answer.body, evidence.json.as_deref()));
        }
        evidence
    }

    /// Finds out what the contract and the generated type say of a body.
    fn verdict(
        &self,
        place: Place<'_>,
        media_type: &MediaType,
        body: &[u8],
        json: Option<&Value>,
    ) -> Verdict {
        let mut verdict = Verdict::default();
        if let Some(value) = json
            && let Some(schema) = &media_type.schema
            && let Ok(validator) = self.contract.validator(&schema.pointer, Direction::Response)
            // Asking is quicker than listing, and most bodies have no violation.
            && !validator.is_valid(value)
        {
            verdict.violations = distinct(validator.violations(value));
        }
        let models = self.models.as_ref();
        let outcome = models
            .and_then(|it| it.round_trip(place.operation_id, Some(place.status), place.media_type, body));
        verdict.round_trip = outcome.map(|outcome| Rewritten::of(&outcome?, body, json));
        verdict
    }
}

/// Leaves out what follows from a wrong type at the same place: one cause is told once.
fn distinct(violations: Vec<Violation>) -> Vec<Violation> {
    let mistyped: Vec<String> =
        violations.iter().filter(|it| it.keyword == "type").map(|it| it.instance.clone()).collect();
    let mut violations = violations;
    violations.retain(|it| it.keyword == "type" || !mistyped.contains(&it.instance));
    violations
}

/// Returns how well a documented media type, which may be a range, fits a `Content-Type`; 0 for not at all.
pub(super) fn affinity(documented: &str, given: &str) -> u8 {
    let (documented, given) = (essence(documented), essence(given));
    if given.is_empty() {
        return 0;
    }
    if documented.eq_ignore_ascii_case(given) {
        return 3;
    }
    let of_kind = |kind: &str| given.split_once('/').filter(|(it, _)| it.eq_ignore_ascii_case(kind));
    match documented.split_once('/') {
        Some(("*", "*")) => 1,
        Some((kind, "*")) if of_kind(kind).is_some() => 2,
        // No standard knows a range of a suffix (RFC 9110 section 12.5.1), but contracts have it.
        Some((kind, suffix)) if suffix.starts_with("*+") => {
            let end = suffix.trim_start_matches('*');
            u8::from(of_kind(kind).is_some_and(|(_, it)| has_end(it, end))) * 2
        }
        _ => 0,
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.eq_ignore_ascii_case("application/json") || has_end(essence, "+json")
}

/// Returns a media type without its parameters.
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether a text has this end, in whatever case.
fn has_end(text: &str, end: &str) -> bool {
    let at = text.len().checked_sub(end.len());
    at.and_then(|at| text.get(at..)).is_some_and(|it| it.eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_documented_media_type_fits_best() {
        for (documented, given, fit) in [
            ("application/json", "Application/JSON; charset=utf-8", 3),
            ("application/json; charset=utf-8", "application/json", 3),
            ("application/*", "application/json", 2),
            ("application/*+json", "application/problem+json", 2),
            ("*/*", "text/html", 1),
            ("application/*", "text/html", 0),
            ("application/*+json", "application/json", 0),
            ("application/*+json", "text/problem+json", 0),
            ("application/json", "application/problem+json", 0),
            ("application/problem+json", "application/json", 0),
            ("*/*", "", 0),
        ] {
            assert_eq!(affinity(documented, given), fit, "{documented} and {given}");
        }
    }
}
