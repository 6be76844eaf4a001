//! The generated part of one request.

use serde_json::Value;

/// Where a case comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// A known-good body.
    Fixture,
    /// A known-good body with one property changed.
    Variation,
    /// The enumeration of what the contract allows.
    Coverage,
    /// A random draw.
    Random,
}

/// The generated part of one request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Case {
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// Which way of writing the request, by media type.
    pub(crate) variant: usize,
    /// The parameters by location and name, and the body.
    pub(crate) value: Value,
}

impl Case {
    /// How full it is.
    pub(crate) fn size(&self) -> usize {
        fullness(&self.value)
    }
}

/// How many properties a value has, with those of what it holds; a text counts for as many as it has colons.
fn fullness(value: &Value) -> usize {
    let colons = |text: &str| text.bytes().filter(|byte| *byte == b':').count();
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => colons(text),
        Value::Array(items) => items.iter().map(fullness).sum(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| 1 + colons(name) + fullness(member)).sum()
        }
    }
}
