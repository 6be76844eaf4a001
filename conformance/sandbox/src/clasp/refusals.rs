//! The error shape: a type for programs, a message for people, and the inputs at fault when there are any.

use http::header::RETRY_AFTER;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::service::Refusal;

/// An input at fault.
pub(super) struct InputError {
    path: Vec<String>,
    message: String,
}

impl InputError {
    pub(super) fn new(path: &[&str], message: impl Into<String>) -> InputError {
        InputError { path: path.iter().map(|name| (*name).to_owned()).collect(), message: message.into() }
    }

    /// The input at a JSON Pointer into the body, or `property` in it.
    pub(super) fn at(pointer: &str, property: Option<&str>, message: String) -> InputError {
        let names = pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"));
        let path = names.chain(property.map(str::to_owned)).collect();
        InputError { path, message }
    }

    fn to_json(&self) -> Value {
        let field = self.path.last().map_or("", String::as_str);
        json!({"field": field, "field_path": self.path, "message": self.message})
    }
}

pub(super) fn invalid(inputs: &[InputError]) -> Answer {
    let inputs: Vec<Value> = inputs.iter().map(InputError::to_json).collect();
    let message = "the request holds values that are not acceptable";
    Answer::json(400, json!({"type": "validation_error", "message": message, "input_errors": inputs}))
}

pub(super) fn unreadable(message: &str) -> Answer {
    refusal(400, "validation_error", message)
}

pub(super) fn no_connection(id: &str) -> Answer {
    refusal(404, "not_found", &format!("there is no connection {id}"))
}

pub(super) fn no_such_path() -> Answer {
    refusal(404, "not_found", "nothing answers at this path")
}

/// Answers a request that reached no operation.
pub(super) fn before_the_call(refused: Refusal<'_>) -> Answer {
    match refused {
        Refusal::Unauthorized { .. } => {
            refusal(401, "authentication_error", "send a valid key as a Bearer token")
        }
        Refusal::Throttled { seconds } => {
            refusal(429, "throttled", &format!("too many requests; wait {seconds} seconds"))
                .with_header(RETRY_AFTER, seconds.to_string())
        }
        Refusal::NoSuchPath => no_such_path(),
        Refusal::MethodNotAllowed { allow } => {
            refusal(405, "method_not_allowed", &format!("this path answers to {allow} only"))
        }
        Refusal::Unreadable { .. } => unreadable("the body is too large or did not arrive"),
    }
}

fn refusal(status: u16, kind: &str, message: &str) -> Answer {
    Answer::json(status, json!({"type": kind, "message": message}))
}
