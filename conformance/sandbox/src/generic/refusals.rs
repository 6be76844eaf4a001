//! How a mock says no: with a refusal that the operation documents, in the shape that it documents; with a problem of
//! RFC 9457 where it documents none.

use driftline_specs::{Operation, Response, StatusSpec};
use serde_json::{Value, json};

use super::layout::example;
use super::reply::{self, Beside};
use super::values::{Reader, Wish, make};
use crate::answer::Answer;

/// Statuses for a request that is not what the contract allows, the likeliest first.
pub(super) const INVALID: [u16; 2] = [400, 422];

/// Statuses for a body of another media type.
pub(super) const MEDIA_TYPE: [u16; 3] = [415, 400, 422];

/// Statuses for a missing or wrong credential.
pub(super) const UNAUTHORIZED: [u16; 2] = [401, 403];

/// Statuses for what is not there.
pub(super) const MISSING: [u16; 2] = [404, 410];

/// The documented way to refuse with one of some statuses: an exact one, then a range or the default.
pub(super) fn documented<'o>(operation: &'o Operation, statuses: &[u16]) -> Option<(u16, &'o Response)> {
    let exact = |status: &u16| {
        let mut responses = operation.responses.iter();
        responses.find(|it| it.status == StatusSpec::Code(*status)).map(|it| (*status, it))
    };
    // A default beside no success of its own is the success.
    let succeeds = operation.responses.iter().any(|it| it.status.is_success());
    let wide = |status: &u16| {
        let response = operation.response_for(*status)?;
        (response.status != StatusSpec::Default || succeeds).then_some((*status, response))
    };
    statuses.iter().find_map(exact).or_else(|| statuses.iter().find_map(wide))
}

/// Refuses a request to an operation.
pub(super) fn refuse(contract: &Reader, operation: &Operation, statuses: &[u16], detail: &str) -> Answer {
    let Some((status, response)) = documented(operation, statuses) else {
        return problem(statuses.first().copied().unwrap_or(400), detail);
    };
    let words = words(status, detail);
    let Some(media) = reply::media(response) else {
        return reply::answer(contract, status, response, Value::Null, &Beside::default());
    };
    let value = match &media.schema {
        None => example(contract, &media.pointer, |_| true).unwrap_or(words),
        Some(schema) => {
            // A refusal that is no object has no place for words; an object takes those that it declares.
            let wish = Wish { preferred: Some(&words), lean: true, ..Wish::default() };
            make(contract, &schema.pointer, wish).value
        }
    };
    reply::answer(contract, status, response, value, &Beside::default())
}

/// A problem of RFC 9457.
pub(super) fn problem(status: u16, detail: &str) -> Answer {
    Answer::problem(
        status,
        json!({"type": "about:blank", "title": title(status), "status": status, "detail": detail}),
    )
}

/// What a refusal has to say, by the names that bodies of refusals have for it.
fn words(status: u16, detail: &str) -> Value {
    let title = title(status);
    json!({
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "message": detail,
        "description": detail,
        "error": title,
        "code": status,
        "reason": title,
    })
}

fn title(status: u16) -> &'static str {
    http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Refused")
}
