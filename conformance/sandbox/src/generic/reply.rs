//! From a value to an answer: the documented status, media type and headers.

use driftline_specs::{MediaType, Response};
use http::header::HeaderName;
use serde_json::Value;

use super::demands::essence;
use super::values::{Reader, Wish, make};
use crate::answer::{Answer, AnswerBody};
use crate::random::{mix, mix_text};

/// The longest value of a header.
const LONGEST: usize = 1000;

/// What an answer says beside its body.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    /// Where the thing is that was made.
    pub(super) location: Option<String>,
    /// The URL of the next page.
    pub(super) next: Option<String>,
    /// How many items there are in all.
    pub(super) total: Option<usize>,
    pub(super) seed: u64,
}

/// The media type that an answer has: JSON where there is a choice.
pub(super) fn media(response: &Response) -> Option<&MediaType> {
    response.content.iter().find(|media| media.is_json()).or(response.content.first())
}

/// The answer with a value as its body.
pub(super) fn answer(
    contract: &Reader,
    status: u16,
    response: &Response,
    value: Value,
    beside: &Beside,
) -> Answer {
    let answer = match media(response).filter(|_| !matches!(status, 204 | 205 | 304)) {
        Some(media) => Answer { status, ..body(contract, media, value) },
        None => Answer::empty(status),
    };
    with_headers(contract, response, answer, beside)
}

fn body(contract: &Reader, media: &MediaType, value: Value) -> Answer {
    let essence = essence(&media.name);
    let name = match essence.as_str() {
        "*/*" | "application/*" => "application/json".to_owned(),
        "text/*" => "text/plain".to_owned(),
        "image/*" => "image/png".to_owned(),
        // A range of any other kind has nothing that everybody knows.
        other if other.ends_with("/*") => "application/octet-stream".to_owned(),
        _ => media.name.clone(),
    };
    let is_json = media.is_json() || name == "application/json";
    let body = match (essence.as_str(), value) {
        (_, value) if is_json => AnswerBody::Json(value),
        ("text/event-stream", value) => AnswerBody::Text(format!("data: {value}\n\n")),
        (kind, value) if kind.ends_with("xml") => AnswerBody::Text(xml(contract, media, &value)),
        (kind, Value::String(text)) if kind.starts_with("text/") => AnswerBody::Text(text),
        (_, Value::String(text)) => AnswerBody::Bytes(text.into_bytes().into()),
        (_, value) => AnswerBody::Text(format!("{value}\n")),
    };
    Answer { content_type: name.into(), body, ..Answer::empty(200) }
}

fn with_headers(contract: &Reader, response: &Response, mut answer: Answer, beside: &Beside) -> Answer {
    let mut link = beside.next.as_ref().map(|next| format!("<{next}>; rel=\"next\""));
    for header in &response.headers {
        let lower = header.name.to_ascii_lowercase();
        // OpenAPI 3.0, Response Object: a header of this name is ignored.
        let Ok(name) = HeaderName::from_bytes(lower.as_bytes()) else { continue };
        if matches!(lower.as_str(), "content-type" | "content-length" | "transfer-encoding" | "connection") {
            continue;
        }
        let text = match lower.as_str() {
            "location" if beside.location.is_some() => beside.location.clone(),
            "link" => link.take(),
            "x-total-count" | "x-total" => beside.total.map(|total| total.to_string()),
            _ => None,
        };
        let made = || {
            let schema = header.schema.as_ref()?;
            let seed = mix(beside.seed ^ mix_text(&lower));
            Some(text_of(&make(contract, &schema.pointer, Wish { seed, ..Wish::default() }).value))
        };
        let text = match text {
            None if lower == "link" && !header.required => continue,
            text => text.or_else(made).unwrap_or_else(|| "1".to_owned()),
        };
        let plain: String = text.chars().filter(|it| matches!(it, ' '..='~')).take(LONGEST).collect();
        answer = answer.with_header(name, plain.trim().to_owned());
    }
    if let Some(link) = link {
        answer = answer.with_header(http::header::LINK, link);
    }
    if (300..400).contains(&answer.status)
        && !answer.headers.iter().any(|(name, _)| name == http::header::LOCATION)
    {
        answer = answer.with_header(http::header::LOCATION, "/");
    }
    answer
}

/// A value as a header writes it (OpenAPI 3.0, style `simple`).
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(","),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| format!("{name},{}", text_of(value)))
            .collect::<Vec<_>>()
            .join(","),
        other => other.to_string(),
    }
}

/// A document with an element for each member.
fn xml(contract: &Reader, media: &MediaType, value: &Value) -> String {
    let schema = media.schema.as_ref().map(|schema| schema.pointer.as_str());
    let stated =
        schema.and_then(|it| contract.resolve(it)).and_then(|(_, it)| it.pointer("/xml/name")?.as_str());
    let own = schema.and_then(|it| it.strip_prefix("#/components/schemas/"));
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    element(stated.or(own).unwrap_or("root"), value, &mut text);
    text.push('\n');
    text
}

fn element(name: &str, value: &Value, text: &mut String) {
    let name: String =
        name.chars().map(|it| if it.is_ascii_alphanumeric() || it == '_' { it } else { '_' }).collect();
    let name = if name.starts_with(|it: char| it.is_ascii_digit()) { format!("_{name}") } else { name };
    text.push_str(&format!("<{name}>"));
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| element(name, value, text)),
        Value::Array(items) => items.iter().for_each(|item| element("item", item, text)),
        scalar => {
            let plain = text_of(scalar).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            text.push_str(&plain);
        }
    }
    text.push_str(&format!("</{name}>"));
}
