//! The error shape: a top-level `errors` array of code, message and, when one field is at fault, its dot-path.
//! Which statuses an operation may answer with is its contract's choice, so each caller names the status.

use driftline_specs::Violation;
use http::header::RETRY_AFTER;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::Payload;
use crate::service::Refusal;

/// One entry of an `errors` array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ErrorDetail {
    pub(super) code: &'static str,
    pub(super) field: Option<String>,
    pub(super) message: String,
}

impl ErrorDetail {
    pub(super) fn of_field(code: &'static str, field: &str, message: impl Into<String>) -> ErrorDetail {
        ErrorDetail { code, field: Some(field.to_owned()), message: message.into() }
    }

    pub(super) fn general(code: &'static str, message: impl Into<String>) -> ErrorDetail {
        ErrorDetail { code, field: None, message: message.into() }
    }

    pub(super) fn to_json(&self) -> Value {
        match &self.field {
            Some(field) => json!({"code": self.code, "field": field, "message": self.message}),
            None => json!({"code": self.code, "message": self.message}),
        }
    }
}

/// An `ErrorResponse` with the given status.
pub(super) fn refuse(status: u16, errors: &[ErrorDetail]) -> Answer {
    let errors: Vec<Value> = errors.iter().map(ErrorDetail::to_json).collect();
    Answer::json(status, json!({"errors": errors}))
}

/// An `ErrorResponse` with one general error.
pub(super) fn refuse_with(status: u16, code: &'static str, message: impl Into<String>) -> Answer {
    refuse(status, &[ErrorDetail::general(code, message)])
}

pub(super) fn no_application(id: &str) -> Answer {
    refuse_with(404, "not_found", format!("there is no application {id}"))
}

pub(super) fn no_such_path() -> Answer {
    refuse_with(404, "not_found", "nothing answers at this path")
}

/// Answers a request that reached no operation.
pub(super) fn before_the_call(refusal: Refusal<'_>) -> Answer {
    match refusal {
        Refusal::Unauthorized { .. } => refuse_with(401, "unauthorized", "send a valid key in `x-api-key`"),
        Refusal::Throttled { seconds } => {
            refuse_with(429, "rate_limit_exceeded", format!("too many requests; wait {seconds} seconds"))
                .with_header(RETRY_AFTER, seconds.to_string())
        }
        Refusal::NoSuchPath => no_such_path(),
        Refusal::MethodNotAllowed { allow } => {
            refuse_with(405, "not_found", format!("this path answers to {allow} only"))
        }
        // Uploads document no 400.
        Refusal::Unreadable { operation: "uploadSupportingDocumentation" } => refuse(
            422,
            &[ErrorDetail::of_field(
                "invalid_field_value",
                "file",
                "the document is too large or did not arrive",
            )],
        ),
        Refusal::Unreadable { .. } => {
            refuse_with(400, "invalid_field_value", "the body is too large or did not arrive")
        }
    }
}

/// The JSON body that an operation demands, or what to say in its absence.
pub(super) fn json_body(payload: &Payload) -> Result<&Value, ErrorDetail> {
    match payload {
        Payload::Json(value) => Ok(value),
        Payload::Absent => Err(ErrorDetail::general("missing_required_field", "the request has no body")),
        Payload::Malformed(reason) => Err(ErrorDetail::general("invalid_field_format", reason.clone())),
        Payload::Multipart(_) => Err(ErrorDetail::general("invalid_field_format", "the body must be JSON")),
        Payload::OtherType(media_type) => Err(ErrorDetail::general(
            "invalid_field_format",
            format!("the body must be `application/json`, not `{media_type}`"),
        )),
    }
}

/// What the contract has against a body, in this API's words.
pub(super) fn contract_errors(violations: &[Violation]) -> Vec<ErrorDetail> {
    violations.iter().map(contract_error).collect()
}

/// Whether a violation makes the request malformed (400), and not merely wrong in its meaning (422): a
/// required property is missing, or a value has another JSON type.
pub(super) fn is_malformed(violation: &Violation) -> bool {
    matches!(violation.keyword.as_str(), "required" | "type")
}

fn contract_error(violation: &Violation) -> ErrorDetail {
    let mut field = dot_path(&violation.instance);
    let code = match violation.keyword.as_str() {
        "required" => {
            if let Some(property) = &violation.property {
                if !field.is_empty() {
                    field.push('.');
                }
                field.push_str(property);
            }
            "missing_required_field"
        }
        "type" | "format" | "pattern" => "invalid_field_format",
        _ => "invalid_field_value",
    };
    let message = match code {
        "missing_required_field" => "this field is required".to_owned(),
        _ => format!("expected {}", violation.expected),
    };
    ErrorDetail { code, field: (!field.is_empty()).then_some(field), message }
}

/// `/applicants/dependents/0/ssn` as `applicants.dependents.0.ssn`.
fn dot_path(pointer: &str) -> String {
    let names = pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"));
    names.collect::<Vec<_>>().join(".")
}
