//! A budget for what is copied: what is written once and used in many places would otherwise let a short document
//! fill the memory.

use serde_json::Value;

/// How much may be copied in all, in values and in 64ths of their texts' bytes.
const MAX_COPIED: usize = 1_000_000;

/// What is left of the budget.
#[derive(Debug)]
pub(crate) struct Copies {
    left: usize,
}

impl Copies {
    pub(crate) fn new() -> Self {
        Self { left: MAX_COPIED }
    }

    /// Copies a value, unless that would be more than is left.
    pub(crate) fn copy(&mut self, value: &Value) -> Option<Value> {
        self.left = self.left.checked_sub(size(value))?;
        Some(value.clone())
    }
}

/// The depth is bounded by that of the document, which its reader limits.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.iter().map(|(key, value)| key.len() / 64 + size(value)).sum(),
        Value::String(text) => text.len() / 64,
        _ => 0,
    }
}
