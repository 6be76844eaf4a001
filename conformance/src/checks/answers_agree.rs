//! `answers_agree`: two operations say the same of one thing.
//!
//! What an operation answers with right after a write, and what an item of a list says, is compared with what reading the
//! thing itself says. The witness counts only for what both schemas declare under one name. A property that nothing
//! requires may be left out by one operation without any schema being broken; its sibling is what shows it.

use serde_json::{Map, Value};

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{SeriesKind, Trial, most_telling};
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
            SeriesKind::WriteThenRead { .. } => String::new(),
            SeriesKind::ListThenRead { .. } => match evidence.pagination(0) {
                Some(pagination) => format!("{}/{}", pagination.items, most_telling(evidence.items(0))),
                None => return,
            },
            _ => return,
        };
        // What breaks its schema is told by that.
        if !evidence.is_valid(0) || !evidence.is_valid(1) {
            return;
        }
        let (own, witness) = match evidence.series.trial {
            Trial::First => ((0, first), (1, String::new())),
            Trial::Last => ((1, String::new()), (0, first)),
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
            Some(Value::Array(items)) if items.is_empty() => {
                if value.as_array().is_some_and(|items| !items.is_empty()) {
                    report(&place, "an empty array");
                }
            }
            Some(_) => {}
        }
    }
}
