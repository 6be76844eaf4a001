//! Reading a body, with errors that name the place and never a value.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::integers::with_integers;

/// Why a body could not be read as the documented type.
///
/// The message says what was expected and what kind of value was found, never the value, which may be personal
/// data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at {}", if path.is_empty() { "the root" } else { path })]
pub struct DecodeError {
    path: String,
    message: String,
    syntax: bool,
}

impl DecodeError {
    fn of_body(message: String, syntax: bool) -> Self {
        Self { path: String::new(), message, syntax }
    }

    /// Returns the JSON Pointer (RFC 6901) of the value that could not be read; empty for the whole body.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Tells whether the body is no JSON at all.
    pub fn is_syntax(&self) -> bool {
        self.syntax
    }

    /// Returns what was expected and what was found there.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Reads a JSON body.
///
/// # Errors
///
/// Fails with the JSON Pointer of the first value that does not fit.
pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    // The path is worth its cost only when there is something to point at, so the first try goes without.
    serde_json::from_slice(body).or_else(|_| {
        // A body that is nothing but integers, in a list or not, takes them however they are written.
        if let Some(value) = serde_json::from_slice(body).ok().and_then(|value| with_integers(&value))
            && let Ok(value) = T::deserialize(value)
        {
            return Ok(value);
        }
        let mut reader = serde_json::Deserializer::from_slice(body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let document: Option<Value> = serde_json::from_slice(body).ok();
            locate(&error, document.as_ref().unwrap_or(&Value::Null))
        })?;
        reader.end().map_err(|error| DecodeError::of_body(describe(&error, None), true))?;
        Ok(value)
    })
}

/// Reads a JSON body as `T` and writes it again.
///
/// # Errors
///
/// Fails with the JSON Pointer of the first value that does not fit.
pub fn round_trip<T: DeserializeOwned + Serialize>(body: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let value: T = from_slice(body)?;
    serde_json::to_vec(&value)
        .map_err(|error| DecodeError::of_body(format!("cannot be written back: {error}"), false))
}

/// Finds the place of an error in the document that could not be read.
pub(crate) fn locate(error: &serde_path_to_error::Error<serde_json::Error>, document: &Value) -> DecodeError {
    let mut path = String::new();
    for segment in error.path() {
        use serde_path_to_error::Segment;
        match segment {
            Segment::Seq { index } => path.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                path.push('/');
                path.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
    }
    let text = error.inner().to_string();
    if let Some((below, message)) =
        text.strip_prefix(crate::union::BELOW).and_then(|rest| rest.split_once('\n'))
    {
        // serde_json appends where it stopped reading, which says nothing about a value that was read before.
        let message = message.split(" at line ").next().unwrap_or(message).to_owned();
        return DecodeError { path: format!("{path}{below}"), message, syntax: false };
    }
    DecodeError {
        message: describe(error.inner(), document.pointer(&path)),
        path,
        syntax: !error.inner().is_data(),
    }
}

/// Rewrites serde's message without the value that it quotes.
fn describe(error: &serde_json::Error, found: Option<&Value>) -> String {
    let text = error.to_string();
    if !error.is_data() {
        return format!("not well-formed JSON: {text}");
    }
    if text.starts_with("missing field `") {
        return text.split(" at line ").next().unwrap_or(&text).replace("missing field", "missing property");
    }
    // What was expected comes from the type and stands last; what was found comes from the body.
    let expected = text.rfind(", expected ").map(|at| &text[at + ", expected ".len()..]);
    let expected = expected.and_then(|rest| rest.split(" at line ").next()).unwrap_or("another value");
    let found = match found {
        None => "something else",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(number)) if number.is_f64() => "a number with a fraction",
        Some(Value::Number(_)) => "an integer",
        Some(Value::String(_)) => "a string",
        Some(Value::Array(_)) => "an array",
        Some(Value::Object(_)) => "an object",
    };
    let expected = match expected {
        "i64" | "u64" | "i32" | "u32" => "an integer",
        "f64" => "a number",
        "a sequence" => "an array",
        "a map" => "an object",
        other => other,
    };
    format!("expected {expected}, found {found}")
}

#[cfg(feature = "client")]
pub(crate) fn not_json(media_type: &str) -> DecodeError {
    DecodeError::of_body(format!("expected JSON, found the media type `{media_type}`"), true)
}

#[cfg(feature = "client")]
pub(crate) fn not_utf8() -> DecodeError {
    DecodeError::of_body("expected UTF-8 text, found other bytes".to_owned(), true)
}
