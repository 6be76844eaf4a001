//! A finding in words: what was sent, what came back, what the contract says, how to see it again.
//!
//! Values of an answer never appear, except enum values that the check decided to show.

use crate::engine::{Engine, PathSource, Sighting};
use crate::exchange::Intent;
use crate::report::{Finding, FindingStatus};
use crate::request::curl;

/// Returns the finding of an examined sighting.
pub(super) fn finding(
    engine: &mut Engine,
    sighting: &Sighting,
    status: FindingStatus,
    confirmations: String,
) -> Finding {
    let observation = &sighting.observation;
    let judged = engine.book.tallies.get(&sighting.operation_id).map_or(0, |it| it.judged);
    let position = engine
        .contract
        .position(&observation.contract)
        .map(|it| format!("{}:{}", shown_path(&it.file), it.line));
    let symbol = engine.judge.symbol(&observation.contract);
    let credentials = engine.shown_credentials(sighting.exchange.intent);
    let target = engine.client.target();
    let curl = curl(&target.shown_url(), &sighting.exchange.request, &target.headers, &credentials);
    let observed = sighting.observed.join(", ");
    let message = message(sighting, &observed, judged, status, &confirmations);
    Finding {
        fingerprint: sighting.fingerprint.clone(),
        check: observation.check.to_owned(),
        operation_id: sighting.operation_id.clone(),
        severity: observation.severity,
        status,
        confirmations,
        location: observation.location.clone(),
        contract: observation.contract.clone(),
        position,
        symbol,
        expected: observation.expected.clone(),
        observed,
        exchanges: sighting.count,
        message,
        curl,
        acknowledged: false,
        acknowledgement: None,
    }
}

fn message(
    sighting: &Sighting,
    observed: &str,
    judged: u64,
    status: FindingStatus,
    confirmations: &str,
) -> String {
    let (request, answer) = (&sighting.exchange.request, &sighting.exchange.answer);
    let observation = &sighting.observation;
    let mut sent = format!("{} {}", request.method, request.template);
    let mut with = Vec::new();
    if !request.query.is_empty() {
        with.push(format!("the query ?{}", request.query));
    }
    if let Some(body) = &request.body {
        let media_type = body.media_type.split(';').next().unwrap_or_default();
        with.push(format!("{} {media_type} body", article(media_type)));
    }
    match sighting.exchange.intent {
        Intent::WithoutCredential => with.push("no credential".to_owned()),
        Intent::WrongCredential => with.push("a wrong credential".to_owned()),
        Intent::Valid | Intent::SetUp => {}
    }
    if !with.is_empty() {
        sent.push_str(&format!(" with {}", with.join(" and ")));
    }
    match &sighting.recipe.path {
        PathSource::Case => {}
        PathSource::Stray(_) => sent.push_str(" for a resource that does not exist"),
        PathSource::Resource(route, _) => sent.push_str(&format!(" for a resource {}", route.words())),
    }
    let media_type = answer.header("content-type").and_then(|it| it.split(';').next()).unwrap_or("no type");
    let came = match observation.location.as_str() {
        "" => format!("{observed} came back ({}, {media_type})", answer.status),
        location => {
            format!("{} ({media_type}) came back, and at {location} there is {observed}", answer.status)
        }
    };
    let mut text = format!("{sent} was sent; {came}. The contract says {}.", observation.expected);
    if let Some(note) = &observation.note {
        text.push_str(&format!(" {}.", capitalised(note)));
    }
    let seen = sighting.count;
    text.push_str(&format!(" Seen in {seen} of {judged} answers of this operation"));
    text.push_str(&match status {
        FindingStatus::Confirmed => format!(", and on repeating in {confirmations}."),
        FindingStatus::Intermittent => {
            format!(", and on repeating in {confirmations}: it does not always show.")
        }
        FindingStatus::Unconfirmed => "; it could not be repeated.".to_owned(),
    });
    text
}

/// Returns a file's name with its folder, which is enough to find it and leaves out where the checkout is.
fn shown_path(file: &std::path::Path) -> String {
    let mut parts: Vec<_> =
        file.components().rev().take(3).map(|it| it.as_os_str().to_string_lossy()).collect();
    parts.reverse();
    parts.retain(|part| part != "/");
    parts.join("/")
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
