//! Requests as values: what will be sent, exactly, and how to send it again by hand.
//!
//! A [`Request`] is complete apart from the target's base URL and credential, so that it can be compared,
//! stored and printed. Nothing here opens a connection.

mod assemble;
mod body;
mod curl;
mod style;

use driftline_specs::Method;
use serde::Serialize;

pub use assemble::{PathValues, assemble};
pub use curl::curl;

/// What a request carries beside its headers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Body {
    /// The value of `Content-Type`.
    pub media_type: String,
    /// The bytes; everything that is generated is UTF-8.
    pub content: String,
}

/// A request that is ready to be sent to any target of its API.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Request {
    /// The operation that it is for.
    pub operation_id: String,
    /// The HTTP method.
    #[serde(serialize_with = "as_text")]
    pub method: Method,
    /// The path template of the contract.
    pub template: String,
    /// The path with its parameters, percent-encoded.
    pub path: String,
    /// The query string without `?`, percent-encoded; empty when there is none.
    pub query: String,
    /// Header fields other than `Content-Type` and the credential.
    pub headers: Vec<(String, String)>,
    /// The body, when there is one.
    pub body: Option<Body>,
}

impl Request {
    /// Returns the path and the query as they follow the base URL.
    #[must_use]
    pub fn target(&self) -> String {
        if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) }
    }
}

fn as_text<S: serde::Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}
