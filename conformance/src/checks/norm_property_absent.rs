//! `norm_property_absent`: a documented property that was there still is, although nothing requires it.
//!
//! What every run that was learned from has shown of an operation is looked for in all its answers of the same status: a
//! property, and something in a list. Resources are counted, not answers, and only so few that chance does not explain it
//! are told of.

use super::norms::runs;
use super::{Check, NormEvidence, Observation, Severity};
use crate::norms::{Share, Sign, improbable};

/// See the module.
pub(super) struct NormPropertyAbsent;

impl Check for NormPropertyAbsent {
    fn id(&self) -> &'static str {
        "norm_property_absent"
    }

    fn summary(&self) -> &'static str {
        "a documented property that was there still is, although nothing requires it"
    }

    fn reason(&self) -> &'static str {
        "a client that has always found the property there misses it, and no schema is broken"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_norms(&self, evidence: &NormEvidence<'_>, found: &mut Vec<(Observation, Sign)>) {
        for place in evidence.places() {
            let parent = place.learned.parent_of(place.location);
            let presence = place.learned.presence(place.location);
            let now = Share::new(
                place.seen.map_or(0, |seen| seen.present),
                place.now.parent_of(place.location).resources,
            );
            // What may be an echo is missed only where it never was.
            let is_independent = !place.is_sent || presence.with == presence.of;
            let always = place.known.present_runs == parent.runs && is_independent;
            if now.with > 0 || !always || !improbable(presence.a_run(parent.runs), now) {
                continue;
            }
            let (is, was) = match place.location.ends_with("/*") {
                true => ("empty", "with something in it"),
                false => ("absent", "present"),
            };
            let observation = Observation {
                check: self.id(),
                severity: self.severity(),
                location: place.location.to_owned(),
                contract: place.contract.clone(),
                rule: format!("absent {}", place.location),
                expected: format!("{was} in {} of {} ({})", presence.with, presence.of, runs(parent.runs)),
                observed: format!("{is} in {} of {}", now.of, now.of),
                note: Some("nothing requires it, and whoever has always found it there misses it".to_owned()),
            };
            found.push((
                observation,
                Sign::Absent { status: place.status, location: place.location.to_owned() },
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_norms::{told, told_by_runs};

    #[test]
    fn accepts_what_is_there_and_what_was_not_always() {
        let full = |id: usize| json!({ "id": id.to_string(), "amount": 1 });
        assert_eq!(told("norm_property_absent", &full, &full), [""; 0]);
        let sometimes = |id: usize| match id % 10 {
            0 => full(id),
            _ => json!({ "id": id.to_string() }),
        };
        let never = |id: usize| json!({ "id": id.to_string() });
        assert_eq!(told("norm_property_absent", &sometimes, &never), [""; 0]);
    }

    #[test]
    fn rejects_what_has_vanished_with_counts() {
        let full = |id: usize| json!({ "id": id.to_string(), "owner": { "name": "n" }, "tags": ["x"] });
        let less = |id: usize| json!({ "id": id.to_string(), "owner": {}, "tags": [] });
        assert_eq!(
            told("norm_property_absent", &full, &less),
            [
                "/owner/name: present in 40 of 40 (1 run), absent in 40 of 40",
                "/tags/*: with something in it in 40 of 40 (1 run), empty in 40 of 40",
            ]
        );
    }

    #[test]
    fn a_resource_that_is_read_often_counts_once() {
        let full = |_: usize| json!({ "id": "same", "amount": 1 });
        let less = |_: usize| json!({ "id": "same" });
        assert_eq!(told("norm_property_absent", &full, &less), [""; 0]);
    }

    #[test]
    fn what_one_run_did_without_may_be_missing_again() {
        let full = |id: usize| json!({ "id": id.to_string(), "amount": 1 });
        let less = |id: usize| json!({ "id": id.to_string() });
        assert_eq!(told_by_runs("norm_property_absent", &[&full, &full], &less).len(), 1);
        assert_eq!(told_by_runs("norm_property_absent", &[&full, &less, &full], &less), [""; 0]);
    }
}
