//! What a workflow has sent so far, beside what it had sent when it was recorded.

use serde_json::Value;

/// How many values are kept.
const MOST: usize = 2000;

/// A value that a workflow has sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Pinned {
    /// The name of its property.
    pub name: String,
    /// What was sent when it was recorded, as it was masked.
    pub recorded: Value,
    /// What is sent now.
    pub sent: Value,
}

/// Adds the values of a request; one that was sent before under the same names is replaced.
pub(crate) fn pin(pins: &mut Vec<Pinned>, recorded: &Value, sent: &Value) {
    let (Value::Object(recorded), Value::Object(sent)) = (recorded, sent) else { return };
    for (name, recorded) in recorded {
        let Some(sent) = sent.get(name) else { continue };
        match recorded {
            Value::Object(_) => pin(pins, recorded, sent),
            Value::String(_) | Value::Number(_) => {
                pins.retain(|it| it.name != *name || it.recorded != *recorded);
                // A name that stands for several values says nothing of any of them.
                if pins.len() < MOST {
                    pins.push(Pinned { name: name.clone(), recorded: recorded.clone(), sent: sent.clone() });
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_kept_by_their_names_and_the_last_counts() {
        let mut pins = Vec::new();
        pin(
            &mut pins,
            &json!({ "a": "x", "b": { "c": 1 }, "d": [1] }),
            &json!({ "a": "y", "b": { "c": 2 } }),
        );
        pin(&mut pins, &json!({ "a": "x" }), &json!({ "a": "z" }));
        let seen: Vec<_> = pins.iter().map(|it| (it.name.as_str(), it.sent.clone())).collect();
        assert_eq!(seen, [("c", json!(2)), ("a", json!("z"))]);
    }
}
