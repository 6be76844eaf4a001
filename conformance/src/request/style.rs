//! Parameter values as text: the `style` and `explode` of OpenAPI 3.0 (Parameter Object), which are
//! RFC 6570's expansions.

use driftline_specs::{Parameter, ParameterLocation, ParameterStyle};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Everything but the unreserved characters of RFC 3986 section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns text percent-encoded as one component of a URL.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Returns a scalar as text: what JSON would print, without quotes.
pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Returns the name and value pairs of a query or cookie parameter, both percent-encoded.
pub(super) fn pairs(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let name = encode(&parameter.name);
    if parameter.content_type.is_some() {
        return vec![(name, encode(&value.to_string()))];
    }
    let separator = match parameter.style {
        ParameterStyle::SpaceDelimited => "%20",
        ParameterStyle::PipeDelimited => "%7C",
        _ => ",",
    };
    match value {
        Value::Array(items) if parameter.explode => {
            items.iter().map(|item| (name.clone(), encode(&scalar(item)))).collect()
        }
        Value::Array(items) if items.is_empty() => Vec::new(),
        Value::Array(items) => vec![(name, joined(items.iter().map(scalar), separator))],
        Value::Object(members) if parameter.style == ParameterStyle::DeepObject => members
            .iter()
            .map(|(key, value)| (encode(&format!("{}[{key}]", parameter.name)), encode(&scalar(value))))
            .collect(),
        Value::Object(members) if parameter.explode => {
            members.iter().map(|(key, value)| (encode(key), encode(&scalar(value)))).collect()
        }
        Value::Object(members) if members.is_empty() => Vec::new(),
        Value::Object(members) => {
            let flat = members.iter().flat_map(|(key, value)| [key.clone(), scalar(value)]);
            vec![(name, joined(flat, separator))]
        }
        scalar_value => vec![(name, encode(&scalar(scalar_value)))],
    }
}

/// Returns the text of a path or header parameter; percent-encoded in a path only.
pub(super) fn simple(parameter: &Parameter, value: &Value) -> String {
    let in_path = parameter.location == ParameterLocation::Path;
    let text = |value: &Value| if in_path { encode(&scalar(value)) } else { scalar(value) };
    let name = &parameter.name;
    if parameter.content_type.is_some() {
        return if in_path { encode(&value.to_string()) } else { value.to_string() };
    }
    // Label and matrix put a prefix before the value and, exploded, before each member.
    let (prefix, separator) = match (parameter.style, parameter.explode) {
        (ParameterStyle::Label, true) => (".", "."),
        (ParameterStyle::Label, false) => (".", ","),
        (ParameterStyle::Matrix, true) => (";", ";"),
        (ParameterStyle::Matrix, false) => (";", ","),
        _ => ("", ","),
    };
    let named = parameter.style == ParameterStyle::Matrix;
    let body = match value {
        Value::Array(items) => {
            let each = |item: &Value| match named && parameter.explode {
                true => format!("{name}={}", text(item)),
                false => text(item),
            };
            items.iter().map(each).collect::<Vec<_>>().join(separator)
        }
        Value::Object(members) => {
            let between = if parameter.explode { "=" } else { "," };
            let each = |(key, value): (&String, &Value)| format!("{key}{between}{}", text(value));
            members.iter().map(each).collect::<Vec<_>>().join(separator)
        }
        scalar_value => text(scalar_value),
    };
    let whole = value.is_array() || value.is_object();
    match named && !(whole && parameter.explode) {
        true => format!("{prefix}{name}={body}"),
        false => format!("{prefix}{body}"),
    }
}

fn joined(items: impl Iterator<Item = String>, separator: &str) -> String {
    items.map(|item| encode(&item)).collect::<Vec<_>>().join(separator)
}
