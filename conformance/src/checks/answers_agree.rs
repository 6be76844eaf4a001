//! `answers_agree`: two operations say the same of one thing.
//!
//! What an operation answers with right after a write, or after it has led to another state, and what an item of a list
//! says, is compared with what reading the thing itself says. What is promised for later (202) is not. The witness counts
//! only for what both schemas declare under one name. A property that nothing requires may be left out by one operation
//! without any schema being broken; its sibling is what shows it.

use serde_json::{Map, Value};

use super::items::identifiers;
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{SeriesKind, Trial, telling};
use crate::pointer::{escape, generalise};

/// See the module.
pub(super) struct AnswersAgree;

impl Check for AnswersAgree {
    fn id(&self) -> &'static str {
        "answers_agree"
    }

    fn summary(&self) -> &'static str {
        "two operations say the same of one thing"
    }

    fn reason(&self) -> &'static str {
        "a client that relies on a documented property finds it in one answer and misses it in the next"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let first = match evidence.series.kind {
            SeriesKind::WriteThenRead { .. } => (0, String::new()),
            SeriesKind::ListThenRead { rank, .. } => match evidence.pagination(0) {
                Some(pagination) => (0, format!("{}/{}", pagination.items, telling(evidence.items(0), rank))),
                None => return,
            },
            SeriesKind::Transition { .. } => match evidence.exchange(1).map(|it| it.answer.status) {
                Some(200 | 201) => (1, String::new()),
                _ => return,
            },
            _ => return,
        };
        let last = (first.0 + 1, String::new());
        // What breaks its schema is told by that.
        if !evidence.is_valid(first.0) || !evidence.is_valid(last.0) {
            return;
        }
        let (own, witness) = match evidence.series.trial {
            Trial::First => (first, last),
            Trial::Last => (last, first),
        };
        compare(evidence, (own.0, &own.1), (witness.0, &witness.1), &mut |location, observed| {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                contract: evidence.place(own.0, location),
                rule: format!("agrees {}", generalise(location)),
                location: location.to_owned(),
                expected: "what another operation says of the same thing".to_owned(),
                observed: observed.to_owned(),
                note: None,
            });
        });
    }
}

/// An answer by its index, and a place in it.
type Side<'s> = (usize, &'s str);

fn object<'e>(evidence: &'e SeriesEvidence<'_>, side: Side<'_>) -> Option<&'e Map<String, Value>> {
    evidence.body(side.0)?.pointer(side.1)?.as_object()
}

/// Compares an object with a witness, property by property, where both declare them.
fn compare(
    evidence: &SeriesEvidence<'_>,
    own: Side<'_>,
    witness: Side<'_>,
    report: &mut dyn FnMut(&str, &str),
) {
    let (Some(said), Some(known)) = (object(evidence, own), object(evidence, witness)) else { return };
    // A property that nobody knows may be one that was renamed, which is told by it.
    let strangers = said.keys().any(|name| !evidence.declares(own.0, &format!("{}/{}", own.1, escape(name))));
    for (name, value) in known {
        let place = format!("{}/{}", own.1, escape(name));
        let there = format!("{}/{}", witness.1, escape(name));
        if !evidence.declares(own.0, &place) || !evidence.declares(witness.0, &there) {
            continue;
        }
        match said.get(name) {
            None if value.is_null() || strangers => {}
            None => report(&place, "absent"),
            Some(Value::Null) if !value.is_null() => report(&place, "null"),
            Some(other) if other.is_object() && value.is_object() => {
                compare(evidence, (own.0, &place), (witness.0, &there), report);
            }
            Some(Value::Array(items)) if is_same_list(items, value) => {
                for index in 0..items.len() {
                    let (place, there) = (format!("{place}/{index}"), format!("{there}/{index}"));
                    compare(evidence, (own.0, &place), (witness.0, &there), report);
                }
            }
            Some(Value::Array(items)) if items.is_empty() => {
                if value.as_array().is_some_and(|items| !items.is_empty()) {
                    report(&place, "an empty array");
                }
            }
            Some(_) => {}
        }
    }
}

/// How many items of a list inside an answer are compared.
const ITEMS: usize = 50;

/// Whether two lists have the same items in the same order, as far as what identifies them tells.
fn is_same_list(items: &[Value], other: &Value) -> bool {
    let Some(others) = other.as_array().filter(|others| others.len() == items.len()) else { return false };
    !items.is_empty()
        && items.len() <= ITEMS
        && items.iter().zip(others).all(|(item, other)| {
            identifiers(item).iter().all(|name| other.get(*name).is_none_or(|it| Some(it) == item.get(*name)))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_series::{compared, judged, listed_and_read, sent, told};
    use crate::exchange::{Series, Trial};

    #[test]
    fn accepts_the_same_and_what_only_one_schema_declares() {
        let both = json!({ "id": "a", "name": "n", "tags": ["x"], "address": { "city": "Here" } });
        for trial in [Trial::First, Trial::Last] {
            assert_eq!(told("answers_agree", &compared(trial, &both, &both)), [""; 0]);
            let more =
                json!({ "id": "a", "name": "n", "unknown": 1, "tags": ["x"], "address": { "city": "Here" } });
            assert_eq!(told("answers_agree", &compared(trial, &more, &both)), [""; 0]);
        }
    }

    #[test]
    fn rejects_what_the_judged_one_leaves_out_and_only_that() {
        let (full, less) = (json!({ "id": "a", "name": "n" }), json!({ "id": "a" }));
        let absent = ["agrees /name | /name | absent"];
        assert_eq!(told("answers_agree", &compared(Trial::Last, &full, &less)), absent);
        assert_eq!(told("answers_agree", &compared(Trial::First, &less, &full)), absent);
        assert_eq!(told("answers_agree", &compared(Trial::First, &full, &less)), [""; 0]);
        assert_eq!(told("answers_agree", &compared(Trial::Last, &less, &full)), [""; 0]);
    }

    #[test]
    fn rejects_null_and_emptiness_where_there_is_something() {
        let full = json!({ "note": "n", "tags": ["x"], "address": { "city": "Here" } });
        let less = json!({ "note": null, "tags": [], "address": {} });
        assert_eq!(
            told("answers_agree", &compared(Trial::Last, &full, &less)),
            [
                "agrees /note | /note | null",
                "agrees /tags | /tags | an empty array",
                "agrees /address/city | /address/city | absent",
            ]
        );
    }

    #[test]
    fn items_inside_are_compared_where_they_are_the_same() {
        let full = json!({ "parts": [{ "id": "a", "name": "n" }, { "id": "b", "name": "m" }] });
        let less = json!({ "parts": [{ "id": "a", "name": "n" }, { "id": "b" }] });
        let found = ["agrees /parts/*/name | /parts/1/name | absent"];
        assert_eq!(told("answers_agree", &compared(Trial::Last, &full, &less)), found);
        let turned = json!({ "parts": [{ "id": "b" }, { "id": "a", "name": "n" }] });
        assert_eq!(told("answers_agree", &compared(Trial::Last, &full, &turned)), [""; 0]);
    }

    #[test]
    fn what_led_to_another_state_is_compared_with_what_is_read_after_it() {
        let (full, less) = (json!({ "id": "a", "name": "n" }), json!({ "id": "a" }));
        let led = |status: u16| {
            let [acted, read] = <[_; 2]>::try_from(compared(Trial::First, &less, &full).exchanges).unwrap();
            let mut series =
                Series { exchanges: vec![read.clone(), acted, read], ..sent(&["sent"], status, "") };
            series.exchanges[1].answer.status = status;
            series
        };
        assert_eq!(told("answers_agree", &led(201)), ["agrees /name | /name | absent"]);
        assert_eq!(told("answers_agree", &led(202)), [""; 0]);
    }

    #[test]
    fn null_testifies_to_nothing() {
        let series = compared(Trial::Last, &json!({ "note": null }), &json!({}));
        assert_eq!(told("answers_agree", &series), [""; 0]);
    }

    #[test]
    fn an_item_of_a_list_is_compared_with_what_is_read() {
        let items = [json!({ "id": "b" }), json!({ "id": "a", "state": "open" })];
        let read = json!({ "id": "a", "state": "open", "name": "n" });
        let found = judged("answers_agree", &listed_and_read(Trial::First, &items, &read));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].location, "/parcels/1/name");
        assert_eq!(found[0].contract, "#/components/schemas/Parcel/properties/name");
        assert_eq!(told("answers_agree", &listed_and_read(Trial::Last, &items, &read)), [""; 0]);
    }

    #[test]
    fn what_may_be_renamed_or_breaks_its_schema_is_left_to_others() {
        let full = json!({ "id": "a", "name": "n" });
        let renamed = json!({ "id": "a", "title": "n" });
        assert_eq!(told("answers_agree", &compared(Trial::Last, &full, &renamed)), [""; 0]);
        let broken = json!({ "id": 7 });
        assert_eq!(told("answers_agree", &compared(Trial::Last, &full, &broken)), [""; 0]);
    }
}
