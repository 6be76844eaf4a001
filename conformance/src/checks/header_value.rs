//! What the text of a header field says: OpenAPI's `simple` style, read by the schema of the header.

use driftline_specs::{Contract, Header, pointer};
use serde_json::{Map, Number, Value};

/// How deep a schema is followed.
const DEPTH: usize = 8;

/// Returns what the text of a header field may say, the likeliest first; nothing where the contract does not tell.
pub(super) fn decode(contract: &Contract, header: &Header, text: &str) -> Vec<Value> {
    let Some(schema) = &header.schema else { return Vec::new() };
    let stated = contract.resolve(&header.pointer).map(|(_, value)| value);
    if let Some(content) = stated.and_then(|it| it.get("content")?.as_object()) {
        let is_json = content.keys().next().is_some_and(|name| name.contains("json"));
        return match serde_json::from_str(text) {
            Ok(value) if is_json => vec![value],
            _ => vec![Value::from(text)],
        };
    }
    let explode = stated.and_then(|it| it.get("explode")?.as_bool()).unwrap_or_default();
    simple(contract, &schema.pointer, text, explode, DEPTH)
}

fn simple(contract: &Contract, at: &str, text: &str, explode: bool, depth: usize) -> Vec<Value> {
    let Some((at, schema)) = contract.resolve(at).filter(|_| depth > 0) else { return Vec::new() };
    let inside = |place: &str, text: &str| {
        let value = simple(contract, &pointer::join(&at, place), text, explode, depth - 1);
        value.into_iter().next().unwrap_or_else(|| Value::from(text))
    };
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => vec![Value::from(text)],
        Some("integer" | "number") => vec![number(text).unwrap_or_else(|| Value::from(text))],
        Some("boolean") => vec![boolean(text).unwrap_or_else(|| Value::from(text))],
        Some("array") => {
            let items = parts(text).map(|item| inside("items", item));
            vec![Value::Array(items.collect())]
        }
        Some("object") => {
            let parts: Vec<&str> = parts(text).collect();
            let pairs: Vec<(&str, &str)> = match explode {
                true => parts.iter().map(|part| part.split_once('=').unwrap_or((part, ""))).collect(),
                false => parts.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or(""))).collect(),
            };
            let members = pairs.into_iter().map(|(name, value)| {
                let place = format!("properties{}", pointer::join("", name));
                (name.to_owned(), member(contract, &format!("{at}/{place}"), value, depth))
            });
            vec![Value::Object(members.collect::<Map<String, Value>>())]
        }
        _ => {
            // Without a type, or with several to choose from, any reading may be meant.
            let scalar = number(text).or_else(|| boolean(text));
            scalar.into_iter().chain([Value::from(text)]).collect()
        }
    }
}

fn member(contract: &Contract, at: &str, text: &str, depth: usize) -> Value {
    let value = simple(contract, at, text, false, depth - 1);
    value.into_iter().next().unwrap_or_else(|| Value::from(text))
}

/// Returns the members of a list (RFC 9110 section 5.6.1): empty ones do not count.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn number(text: &str) -> Option<Value> {
    serde_json::from_str::<Number>(text).ok().map(Value::Number)
}

fn boolean(text: &str) -> Option<Value> {
    text.parse().ok().map(Value::Bool)
}
