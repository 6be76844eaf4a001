//! `model_round_trip`: the generated type decodes the body and writes back the same JSON.
//!
//! A valid body that does not come back is our own bug, in the generator or the runtime, and is reported as
//! such. A body that does not satisfy its schema is `body_schema`'s, which asks the same type how bad it is.
//! Numbers are compared by value, everything else as it stands; the order of properties does not count.

use serde_json::Value;

use super::{Check, Evidence, Observation, Severity};
use crate::pointer::escape;

/// See the module.
pub(super) struct ModelRoundTrip;

impl Check for ModelRoundTrip {
    fn id(&self) -> &'static str {
        "model_round_trip"
    }

    fn summary(&self) -> &'static str {
        "the generated type decodes the body and writes back the same JSON"
    }

    fn reason(&self) -> &'static str {
        "what a client read it must be able to write back, or a replacement loses what the server sent"
    }

    fn severity(&self) -> Severity {
        Severity::Breaking
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let (Some(sent), Some(outcome)) = (&evidence.json, &evidence.round_trip) else { return };
        let broken =
            evidence.violations.iter().any(|it| !super::body_schema::is_unknown_enum_value(evidence, it));
        if broken {
            return;
        }
        let (location, observed, note) = match outcome {
            Err(failure) => (
                failure.path.clone(),
                format!("a body that satisfies its schema and does not decode: {}", failure.message),
                "this is a bug of the generated crate, not of the endpoint",
            ),
            Ok(again) => match difference(sent, again, String::new()) {
                None => return,
                Some((location, what)) => (
                    location,
                    format!("what is written back {what}"),
                    "this is a bug of the generated crate, not of the endpoint",
                ),
            },
        };
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            rule: format!("round trip {}", crate::pointer::generalise(&location)),
            location,
            contract: evidence.schema().unwrap_or_default().to_owned(),
            expected: "the same JSON again".to_owned(),
            observed,
            note: Some(note.to_owned()),
        });
    }
}

/// Returns the first place where two values differ, and how, without values.
fn difference(sent: &Value, again: &Value, location: String) -> Option<(String, String)> {
    match (sent, again) {
        (Value::Object(sent), Value::Object(again)) => {
            for (name, value) in sent {
                let place = format!("{location}/{}", escape(name));
                match again.get(name) {
                    Some(other) => {
                        if let Some(found) = difference(value, other, place) {
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
            pairs.find_map(|(index, (sent, again))| difference(sent, again, format!("{location}/{index}")))
        }
        (Value::Number(a), Value::Number(b)) => {
            let same = a == b
                || match (a.as_i64(), b.as_i64(), a.as_u64(), b.as_u64()) {
                    (Some(a), Some(b), ..) => a == b,
                    (_, _, Some(a), Some(b)) => a == b,
                    _ => a.as_f64() == b.as_f64(),
                };
            (!same).then(|| (location, "has another number".to_owned()))
        }
        (a, b) if a == b => None,
        (a, b) if kind(a) == kind(b) => Some((location, format!("has another {}", kind(a)))),
        (a, b) => Some((location, format!("has {} instead of {}", kind(b), kind(a)))),
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

#[cfg(test)]
mod tests {
    use crate::checks::testing::{found_with, json, round_trip};

    #[test]
    fn accepts_the_same_json_in_other_words() {
        let body = json(r#"{"id":"a","amount":1.0,"tags":["x"]}"#);
        let models = round_trip(Ok(r#"{"tags":["x"],"id":"a","amount":1}"#));
        assert_eq!(found_with("model_round_trip", 200, &body, models), [""; 0]);
    }

    #[test]
    fn rejects_what_is_lost_added_or_changed() {
        let body = json(r#"{"id":"a","tags":["x"],"note":null}"#);
        for (again, place) in [
            (r#"{"id":"a","tags":["x"]}"#, "/note"),
            (r#"{"id":"a","tags":[],"note":null}"#, "/tags"),
            (r#"{"id":"b","tags":["x"],"note":null}"#, "/id"),
            (r#"{"id":"a","tags":["x"],"note":null,"state":null}"#, "/state"),
        ] {
            let found = found_with("model_round_trip", 200, &body, round_trip(Ok(again)));
            assert_eq!(found, [format!("round trip {place}")]);
        }
    }

    #[test]
    fn a_valid_body_that_does_not_decode_is_our_bug_and_an_invalid_one_is_not() {
        let models = || round_trip(Err(("/tags/0", "expected something else")));
        let valid = json(r#"{"id":"a","tags":["x"]}"#);
        assert_eq!(found_with("model_round_trip", 200, &valid, models()), ["round trip /tags/*"]);
        let invalid = json(r#"{"id":"a","tags":[7]}"#);
        assert_eq!(found_with("model_round_trip", 200, &invalid, models()), [""; 0]);
    }
}
