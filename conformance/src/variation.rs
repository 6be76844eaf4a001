//! How a request that the contract allows differs, in one thing, from one that the endpoint accepted.

use serde_json::Value;

use crate::strategy::{put, take};

/// The one thing in which a request differs from an accepted one; the contract allows both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variation {
    /// What is used of what the contract allows: one of [`crate::strategy::FREEDOMS`], or [`Variation::MEDIA_TYPE`].
    pub keyword: String,
    /// The place in the contract that allows it.
    pub contract: String,
    /// The place in the request, as a JSON Pointer that begins with `/body`, `/query`, `/header`, `/path` or `/cookie`.
    pub location: String,
    /// What stands there instead; nothing where it is left out.
    pub value: Option<Value>,
    /// What the contract says of it.
    pub expected: String,
    /// Which way of writing the request it takes.
    pub(crate) variant: usize,
    /// The values of another accepted request that can be varied in the same way: what is refused in one surrounding
    /// only may depend on something else there.
    pub(crate) elsewhere: Option<Value>,
}

impl Variation {
    /// Another media type for the body.
    pub const MEDIA_TYPE: &str = "content";

    /// Returns the values of a request with the one thing changed; `None` where there is no such place.
    pub(crate) fn of(&self, values: &Value) -> Option<Value> {
        let mut varied = values.clone();
        match &self.value {
            Some(value) => put(&mut varied, &self.location, value.clone())?,
            None => take(&mut varied, &self.location)?,
        }
        (varied != *values || self.keyword == Variation::MEDIA_TYPE).then_some(varied)
    }

    /// Whether a status says that the request itself is not accepted, whatever the state of its resource is.
    #[must_use]
    pub fn is_refused_by(&self, status: u16) -> bool {
        matches!(status, 400 | 422) || status == 415 && self.keyword == Variation::MEDIA_TYPE
    }

    /// Whether the contract lists what is varied here: what a schema lists may be for one use of it and not for another.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        matches!(self.keyword.as_str(), "enum" | "boolean")
    }
}
