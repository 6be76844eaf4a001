//! `model_round_trip`: the generated type decodes the body and writes back the same JSON.
//!
//! A valid body that does not come back is our own bug, in the generator or the runtime, and is reported as
//! such. A body that does not satisfy its schema is `body_schema`'s, which asks the same type how bad it is.
//! Numbers are compared by value, everything else as it stands; the order of properties does not count.

use super::{Check, Evidence, Observation, Rewritten, Severity};
use crate::difference::difference;

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
        let (Some(sent), Some(outcome)) = (&evidence.json, evidence.round_trip()) else { return };
        // Of a name that is there twice a type keeps one value, or none: `body_well_formed` tells.
        if evidence.may_echo_a_flaw() || !evidence.twice.is_empty() {
            return;
        }
        let broken =
            evidence.violations().iter().any(|it| !super::body_schema::is_unknown_enum_value(evidence, it));
        if broken {
            return;
        }
        let (location, observed, note) = match outcome {
            Err(failure) => (
                failure.path.clone(),
                format!("a body that satisfies its schema and does not decode: {}", failure.message),
                "this is a bug of the generated crate, not of the endpoint",
            ),
            Ok(Rewritten::Same) => return,
            Ok(Rewritten::Other(again)) => match difference(sent, again) {
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
