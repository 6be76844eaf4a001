//! Where two JSON values differ, told without showing either.
//!
//! The same JSON in other words is the same: the order of properties does not count, and numbers are compared by
//! value (`1.0` is `1`).

use serde_json::{Number, Value};

use crate::pointer::escape;

/// Returns the first place where what was written `again` differs from what was `sent`, and how.
pub(crate) fn difference(sent: &Value, again: &Value) -> Option<(String, String)> {
    // Most often nothing differs, and no place has to be named.
    if sent == again { None } else { below(sent, again, String::new()) }
}

fn below(sent: &Value, again: &Value, location: String) -> Option<(String, String)> {
    match (sent, again) {
        (Value::Object(sent), Value::Object(again)) => {
            for (name, value) in sent {
                let place = format!("{location}/{}", escape(name));
                match again.get(name) {
                    Some(other) => {
                        if let Some(found) = below(value, other, place) {
                            return Some(found);
                        }
                    }
                    None => return Some((place, "lacks it".to_owned())),
                }
            }
            let added = again.keys().find(|name| !sent.contains_key(*name))?;
            Some((format!("{location}/{}", escape(added)), "has it in addition".to_owned()))
        }
        (Value::Array(sent), Value::Array(again)) => {
            if sent.len() != again.len() {
                let what = format!("has {} items instead of {}", again.len(), sent.len());
                return Some((location, what));
            }
            let mut pairs = sent.iter().zip(again).enumerate();
            pairs.find_map(|(index, (sent, again))| below(sent, again, format!("{location}/{index}")))
        }
        (Value::Number(a), Value::Number(b)) => {
            let same = is_same_number(a, b);
            (!same).then(|| (location, "has another number".to_owned()))
        }
        (a, b) if a == b => None,
        (a, b) if kind(a) == kind(b) => Some((location, format!("has another {}", kind(a)))),
        (a, b) => Some((location, format!("has {} instead of {}", kind(b), kind(a)))),
    }
}

/// Whether two numbers have the same value; whole ones are compared exactly.
pub(crate) fn is_same_number(a: &Number, b: &Number) -> bool {
    a == b
        || match (a.as_i64(), b.as_i64(), a.as_u64(), b.as_u64()) {
            (Some(a), Some(b), ..) => a == b,
            (_, _, Some(a), Some(b)) => a == b,
            _ => a.as_f64() == b.as_f64(),
        }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
