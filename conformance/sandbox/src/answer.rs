//! An answer before it goes on the wire. It stays a value until the last moment, so that a drift can change
//! a correct answer as a whole, and nothing else in the crate needs to know about drift.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: Box<str>,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) body: AnswerBody,
}

/// What an answer carries.
#[derive(Clone, Debug)]
pub(crate) enum AnswerBody {
    Empty,
    Json(Value),
    Text(String),
    Bytes(Bytes),
}

impl Answer {
    pub(crate) fn json(status: u16, body: Value) -> Answer {
        Answer {
            status,
            content_type: "application/json".into(),
            headers: Vec::new(),
            body: AnswerBody::Json(body),
        }
    }

    pub(crate) fn problem(status: u16, body: Value) -> Answer {
        Answer { content_type: "application/problem+json".into(), ..Answer::json(status, body) }
    }

    pub(crate) fn empty(status: u16) -> Answer {
        Answer { status, content_type: "".into(), headers: Vec::new(), body: AnswerBody::Empty }
    }

    pub(crate) fn text(status: u16, text: impl Into<String>) -> Answer {
        Answer {
            status,
            content_type: "text/plain; charset=utf-8".into(),
            headers: Vec::new(),
            body: AnswerBody::Text(text.into()),
        }
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The JSON body, when there is one.
    pub(crate) fn json_mut(&mut self) -> Option<&mut Value> {
        match &mut self.body {
            AnswerBody::Json(value) => Some(value),
            AnswerBody::Empty | AnswerBody::Text(_) | AnswerBody::Bytes(_) => None,
        }
    }

    /// The bytes of the body.
    pub(crate) fn bytes(&self) -> Bytes {
        match &self.body {
            AnswerBody::Empty => Bytes::new(),
            // Names are texts, so that a value can be written.
            AnswerBody::Json(value) => Bytes::from(serde_json::to_vec(value).unwrap_or_default()),
            AnswerBody::Text(text) => Bytes::copy_from_slice(text.as_bytes()),
            AnswerBody::Bytes(bytes) => bytes.clone(),
        }
    }

    /// The response as axum sends it, with `body` in the place of this answer's own.
    pub(crate) fn into_response_with(self, body: axum::body::Body) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body).into_response();
        match HeaderValue::from_str(&self.content_type) {
            Ok(value) if !value.is_empty() => {
                response.headers_mut().insert(CONTENT_TYPE, value);
            }
            _ => {
                response.headers_mut().remove(CONTENT_TYPE);
            }
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let body = axum::body::Body::from(self.bytes());
        self.into_response_with(body)
    }
}
