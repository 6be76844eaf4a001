//! The error shape: problem details (RFC 9457), with the list of what did not pass validation where there is
//! one.

use driftline_specs::Violation;
use http::header::RETRY_AFTER;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::ParameterViolation;
use crate::service::Refusal;

/// Refuses a body that can be read but does not pass validation.
pub(super) fn invalid(violations: &[Violation]) -> Answer {
    let errors: Vec<Value> = violations
        .iter()
        .map(|violation| {
            let property = violation.property.as_ref().map(|name| name.replace('~', "~0").replace('/', "~1"));
            let pointer = match property {
                Some(name) => format!("{}/{name}", violation.instance),
                None => violation.instance.clone(),
            };
            json!({"pointer": pointer, "detail": format!("expected {}", violation.expected)})
        })
        .collect();
    let body = json!({"title": "The group's details are not valid", "status": 422, "errors": errors});
    Answer::problem(422, body)
}

pub(super) fn malformed(detail: &str) -> Answer {
    refusal(400, "The request cannot be read", detail)
}

pub(super) fn bad_parameters(violations: &[ParameterViolation]) -> Answer {
    let details: Vec<String> = violations
        .iter()
        .map(|violation| format!("{}: expected {}", violation.name, violation.expected))
        .collect();
    refusal(400, "A parameter is not acceptable", &details.join("; "))
}

pub(super) fn no_group(id: &str) -> Answer {
    refusal(404, "No such group", &format!("there is no group {id}"))
}

pub(super) fn no_such_path() -> Answer {
    refusal(404, "No such path", "nothing answers at this path")
}

/// Answers a request that reached no operation.
pub(super) fn before_the_call(refused: Refusal<'_>) -> Answer {
    match refused {
        Refusal::Unauthorized { .. } => {
            refusal(401, "Not authorised", "send a valid credential as a Bearer token")
        }
        Refusal::Throttled { seconds } => {
            let detail = format!("send one request after another; wait {seconds} seconds");
            refusal(429, "Too many requests", &detail).with_header(RETRY_AFTER, seconds.to_string())
        }
        Refusal::NoSuchPath => no_such_path(),
        Refusal::MethodNotAllowed { allow } => {
            refusal(405, "Method not allowed", &format!("this path answers to {allow} only"))
        }
        Refusal::Unreadable { .. } => malformed("the body is too large or did not arrive"),
    }
}

fn refusal(status: u16, title: &str, detail: &str) -> Answer {
    Answer::problem(
        status,
        json!({"type": "about:blank", "title": title, "status": status, "detail": detail}),
    )
}
