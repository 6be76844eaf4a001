//! What the contract demands of a request: its parameters, its media type, its body. What is wrong is told by place and
//! keyword, never by value.

use driftline_specs::{Direction, MediaType, Operation, ParameterLocation, RequestBody, Validator};
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::reading::{self, Raw, form, members, plain, read};
use super::values::Reader;
use crate::call::{Call, Payload, parse_json};

/// The most problems that are told.
const MOST_PROBLEMS: usize = 20;

/// What a request says, as values.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) query: Map<String, Value>,
    pub(super) path: Map<String, Value>,
    pub(super) body: Option<Value>,
    /// The schema of the body's media type.
    pub(super) schema: Option<String>,
}

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(super) enum Objection {
    /// It is not what the contract allows.
    Invalid(Vec<String>),
    /// Its body is of another media type.
    MediaType,
}

/// Reads a request, or says what the contract has against it.
pub(super) fn check(contract: &Reader, operation: &Operation, call: &Call<'_>) -> Result<Said, Objection> {
    let mut said = Said::default();
    let mut problems = Vec::new();
    for parameter in &operation.parameters {
        // OpenAPI 3.0, Parameter Object: these headers are described elsewhere, and a parameter says nothing of them.
        let is_header = parameter.location == ParameterLocation::Header;
        if is_header
            && ["accept", "content-type", "authorization"]
                .iter()
                .any(|it| parameter.name.eq_ignore_ascii_case(it))
        {
            continue;
        }
        let given = reading::given(contract, parameter, call);
        let Some(first) = given.first() else {
            if parameter.required {
                problems.push(format!(
                    "{} parameter {}: a value is required",
                    parameter.location, parameter.name
                ));
            }
            continue;
        };
        let is_empty = matches!(first, Raw::Text(text) if text.is_empty());
        let value = match &parameter.schema {
            _ if is_empty && parameter.allow_empty_value => Value::String(String::new()),
            None => plain(first),
            Some(schema) => {
                let validator = contract.validator(&schema.pointer, Direction::Request).ok();
                let allowed =
                    |value: &Value| validator.as_ref().is_none_or(|validator| validator.is_valid(value));
                let readings: Vec<Value> = if parameter.content_type.is_some() {
                    let text = if let Raw::Text(text) = first { text.as_str() } else { "" };
                    serde_json::from_str(text)
                        .ok()
                        .into_iter()
                        .chain([Value::String(text.to_owned())])
                        .collect()
                } else {
                    given.iter().map(|raw| read(contract, &schema.pointer, raw)).collect()
                };
                match readings.iter().find(|value| allowed(value)) {
                    Some(value) => value.clone(),
                    None => {
                        let value = readings.first().cloned().unwrap_or_default();
                        let place = format!("{} parameter {}", parameter.location, parameter.name);
                        problems.extend(objections(validator.as_deref(), &value, &place));
                        continue;
                    }
                }
            }
        };
        match parameter.location {
            ParameterLocation::Query => said.query.insert(parameter.name.clone(), value),
            ParameterLocation::Path => said.path.insert(parameter.name.clone(), value),
            ParameterLocation::Header | ParameterLocation::Cookie => None,
        };
    }
    if let Some(body) = &operation.request_body {
        match content(contract, body, call) {
            Ok(None) => {}
            Ok(Some((media, value))) => {
                said.schema = media.schema.as_ref().map(|schema| schema.pointer.clone());
                said.body = Some(value);
            }
            Err(Objection::MediaType) => return Err(Objection::MediaType),
            Err(Objection::Invalid(found)) => problems.extend(found),
        }
    }
    problems.truncate(MOST_PROBLEMS);
    if problems.is_empty() { Ok(said) } else { Err(Objection::Invalid(problems)) }
}

fn objections(validator: Option<&Validator>, value: &Value, place: &str) -> Vec<String> {
    let violations = validator.map(|it| it.violations(value)).unwrap_or_default();
    violations.iter().map(|it| format!("{place}{}: {} is expected", it.instance, it.expected)).collect()
}

/// The body by its media type; nothing where none is sent and none is needed.
fn content<'o>(
    contract: &Reader,
    body: &'o RequestBody,
    call: &Call<'_>,
) -> Result<Option<(&'o MediaType, Value)>, Objection> {
    let invalid = |problem: &str| Objection::Invalid(vec![format!("body: {problem}")]);
    let is_multipart = matches!(call.payload, Payload::Multipart(_));
    let sent = call.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // A text may be empty, and is there if its type is named.
    if call.bytes.is_empty() && !is_multipart && !sent.starts_with("text/") {
        return if body.required { Err(invalid("it is required")) } else { Ok(None) };
    }
    let media = chosen(&body.content, sent);
    let Some(media) = media else {
        return if body.content.is_empty() { Ok(None) } else { Err(Objection::MediaType) };
    };
    let essence = essence(sent);
    let Some(schema) = media.schema.as_ref().map(|schema| schema.pointer.as_str()) else {
        return Ok(Some((media, parse_json(&call.bytes).unwrap_or_default())));
    };
    let is_json = essence == "application/json" || essence == "text/json" || essence.ends_with("+json");
    let value = if is_json {
        parse_json(&call.bytes).map_err(|reason| invalid(&reason))?
    } else if essence == "application/x-www-form-urlencoded" {
        read(contract, schema, &form(&String::from_utf8_lossy(&call.bytes)))
    } else if let Payload::Multipart(parts) = &call.payload {
        let pairs =
            parts.iter().map(|part| (part.name.clone(), String::from_utf8_lossy(&part.bytes).into_owned()));
        read(contract, schema, &members(pairs.collect()))
    } else if let Payload::Malformed(reason) = &call.payload {
        return Err(invalid(reason));
    } else if essence.starts_with("text/") && essence != "text/xml" {
        read(contract, schema, &Raw::Text(String::from_utf8_lossy(&call.bytes).into_owned()))
    } else {
        // What is inside of other types is not looked at.
        return Ok(Some((media, Value::Null)));
    };
    let validator = contract.validator(schema, Direction::Request).ok();
    match validator.filter(|validator| !validator.is_valid(&value)) {
        None => Ok(Some((media, value))),
        Some(validator) => Err(Objection::Invalid(objections(Some(&validator), &value, "body"))),
    }
}

/// The media type of a list that a request is of: the same, then one that differs in parameters, then a range.
fn chosen<'o>(content: &'o [MediaType], sent: &str) -> Option<&'o MediaType> {
    let own = essence(sent);
    let main = own.split('/').next().unwrap_or_default();
    let named = |wanted: &str| content.iter().find(|media| essence(&media.name) == wanted);
    let same = content.iter().find(|media| media.name.eq_ignore_ascii_case(sent));
    same.or_else(|| named(&own)).or_else(|| named(&format!("{main}/*"))).or_else(|| named("*/*"))
}

/// A media type without its parameters.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
