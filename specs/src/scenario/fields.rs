//! Fields of a document that its reader does not know, such as misspelled ones.

use serde_json::Value;

use crate::pointer;

/// Returns the first place in a document that is lost when what was read of it is written again.
pub(super) fn unknown(document: &Value, written: &Value) -> Option<String> {
    below(document, written, "#".to_owned())
}

fn below(document: &Value, written: &Value, at: String) -> Option<String> {
    match (document, written) {
        (Value::Object(document), Value::Object(written)) => document.iter().find_map(|(name, value)| {
            let at = pointer::join(&at, name);
            match written.get(name) {
                Some(again) => below(value, again, at),
                // What is empty is not written again.
                None if is_empty(value) => None,
                None => Some(at),
            }
        }),
        (Value::Array(document), Value::Array(written)) => {
            let mut pairs = document.iter().zip(written).enumerate();
            pairs.find_map(|(index, (value, again))| {
                below(value, again, pointer::join(&at, &index.to_string()))
            })
        }
        _ => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
