//! A request as an API sees it: which operation it addresses, its decoded parameters, its parsed body, and
//! what the contract has against them. Whether a violation matters, and in which words and with which
//! status it is refused, is the API's affair.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart};
use bytes::Bytes;
use driftline_specs::Violation;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, Request};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The most JSON values in a body: each may be wrong in several ways, and each way is told.
const MAX_VALUES: usize = 20_000;

/// The most parts of a multipart body that are looked at.
const MAX_PARTS: usize = 64;

/// The values of a path's parameters, by name.
pub(crate) type PathValues = Vec<(String, String)>;

/// One request to one operation.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a str,
    /// Sandbox time of the call.
    pub(crate) now: Timestamp,
    /// Scheme and authority under which the caller reached the sandbox.
    pub(crate) origin: &'a str,
    pub(crate) path: PathValues,
    pub(crate) query: &'a [(String, String)],
    /// The query as it came.
    pub(crate) raw_query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) payload: Payload,
    /// The body as it came.
    pub(crate) bytes: Bytes,
    /// What the contract has against the JSON body.
    pub(crate) violations: Vec<Violation>,
    /// What the contract has against the parameters.
    pub(crate) parameter_violations: Vec<ParameterViolation>,
}

impl Call<'_> {
    /// The value of a path parameter; every route has the ones it names.
    pub(crate) fn path_value(&self, name: &str) -> &str {
        self.path.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The value of a query parameter, the last one if it is repeated.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A parameter that the contract does not allow.
#[derive(Clone, Debug)]
pub(crate) struct ParameterViolation {
    pub(crate) name: String,
    pub(crate) keyword: String,
    pub(crate) expected: String,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub(crate) enum Payload {
    /// Nothing was sent.
    Absent,
    Json(Value),
    Multipart(Vec<Part>),
    /// It says that it is JSON, or multipart, but it cannot be read as that; the text says why.
    Malformed(String),
    /// It is of another media type.
    OtherType(String),
}

/// One part of a multipart body.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) filename: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// Decodes the query of a URL.
pub(crate) fn parse_query(query: Option<&str>) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.unwrap_or("").as_bytes()).into_owned().collect()
}

/// Decodes one segment of a path.
pub(crate) fn decode_segment(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// Parses a body by the type that it says it has.
pub(crate) async fn parse_payload(parts: &Parts, bytes: Bytes) -> Payload {
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if bytes.is_empty() && essence != "multipart/form-data" {
        return Payload::Absent;
    }
    match essence.as_str() {
        "application/json" => match parse_json(&bytes) {
            Ok(value) => Payload::Json(value),
            Err(reason) => Payload::Malformed(reason),
        },
        "multipart/form-data" => match parse_multipart(content_type, bytes).await {
            Ok(parts) => Payload::Multipart(parts),
            Err(reason) => Payload::Malformed(format!("the body is not valid multipart: {reason}")),
        },
        other => Payload::OtherType(other.to_owned()),
    }
}

/// Parses JSON of a bounded number of values, or says why it cannot be taken.
pub(crate) fn parse_json(bytes: &[u8]) -> Result<Value, String> {
    match serde_json::from_slice(bytes) {
        Ok(value) if has_more_values_than(&value, MAX_VALUES) => {
            Err(format!("the body holds more than {MAX_VALUES} values"))
        }
        Ok(value) => Ok(value),
        Err(error) => Err(format!("the body is not valid JSON: {error}")),
    }
}

fn has_more_values_than(value: &Value, most: usize) -> bool {
    let mut open = vec![value];
    let mut seen = 0;
    while let Some(value) = open.pop() {
        seen += 1;
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
        if seen + open.len() > most {
            return true;
        }
    }
    false
}

async fn parse_multipart(content_type: &str, bytes: Bytes) -> Result<Vec<Part>, String> {
    let mut request = Request::post("/")
        .header(CONTENT_TYPE, content_type)
        .header(CONTENT_LENGTH, bytes.len())
        .body(Body::from(bytes))
        .map_err(|error| error.to_string())?;
    // The host has already bounded the body.
    axum::extract::DefaultBodyLimit::disable().apply(&mut request);
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|error| error.body_text())?;
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|error| error.body_text())? {
        if parts.len() == MAX_PARTS {
            return Err(format!("more than {MAX_PARTS} parts"));
        }
        let name = field.name().unwrap_or("").to_owned();
        let filename = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|error| error.body_text())?;
        parts.push(Part { name, filename, content_type, bytes });
    }
    Ok(parts)
}
