//! Request bodies: JSON, forms, multipart and plain text from one generated value.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Body;
use super::style::{encode, scalar};

/// Returns the body of a media type for a value.
///
/// `binary` says whether a property of the value is the content of a file.
pub(super) fn serialise(media_type: &str, value: &Value, binary: &dyn Fn(&str) -> bool) -> Body {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "multipart/form-data" || essence == "multipart/mixed" {
        return multipart(&essence, value, binary);
    }
    let content = if essence == "application/x-www-form-urlencoded" {
        form(value)
    } else if essence == "application/json" || essence.ends_with("+json") || essence == "*/*" {
        value.to_string()
    } else {
        match value {
            Value::Object(_) | Value::Array(_) => value.to_string(),
            scalar_value => scalar(scalar_value),
        }
    };
    let media_type = match essence.as_str() {
        "*/*" | "application/*" => "application/json",
        "text/*" => "text/plain",
        _ => media_type,
    };
    Body { media_type: media_type.to_owned(), content }
}

fn form(value: &Value) -> String {
    let Value::Object(members) = value else { return encode(&scalar(value)) };
    let mut pairs = Vec::new();
    for (name, value) in members {
        match value {
            Value::Array(items) => {
                pairs.extend(items.iter().map(|item| format!("{}={}", encode(name), encode(&scalar(item)))));
            }
            Value::Object(_) => pairs.push(format!("{}={}", encode(name), encode(&value.to_string()))),
            scalar_value => pairs.push(format!("{}={}", encode(name), encode(&scalar(scalar_value)))),
        }
    }
    pairs.join("&")
}

fn multipart(essence: &str, value: &Value, binary: &dyn Fn(&str) -> bool) -> Body {
    let mut parts = String::new();
    // The boundary follows from the content, so that the same value gives the same bytes.
    let digest = Sha256::digest(value.to_string());
    let boundary: String =
        "driftline-".chars().chain(digest.iter().take(8).flat_map(|byte| hex(*byte))).collect();
    let Value::Object(members) = value else {
        return Body { media_type: essence.to_owned(), content: scalar(value) };
    };
    for (name, value) in members {
        let items = match value {
            Value::Array(items) => items.iter().collect(),
            single => vec![single],
        };
        for item in items {
            parts.push_str(&format!("--{boundary}\r\n"));
            parts.push_str(&format!("Content-Disposition: form-data; name=\"{}\"", quoted(name)));
            if binary(name) {
                parts.push_str("; filename=\"document.pdf\"\r\nContent-Type: application/pdf");
            } else if item.is_object() || item.is_array() {
                parts.push_str("\r\nContent-Type: application/json");
            }
            parts.push_str(&format!("\r\n\r\n{}\r\n", scalar(item)));
        }
    }
    parts.push_str(&format!("--{boundary}--\r\n"));
    Body { media_type: format!("{essence}; boundary={boundary}"), content: parts }
}

/// Escapes a name in `Content-Disposition` (RFC 7578 section 2, as browsers do).
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fn hex(byte: u8) -> impl Iterator<Item = char> {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    [digit(byte >> 4), digit(byte & 15)].into_iter()
}
