//! `norm_one_value`: a property that differed from resource to resource still does.
//!
//! Every run that was learned from has seen several values there. A default that covers for what could not be looked up,
//! a placeholder, a flag that nobody sets any more: each is as valid as ever.

use super::norms::runs;
use super::{Check, NormEvidence, Observation, Severity};
use crate::norms::{Share, Sign, improbable};

/// See the module.
pub(super) struct NormOneValue;

impl Check for NormOneValue {
    fn id(&self) -> &'static str {
        "norm_one_value"
    }

    fn summary(&self) -> &'static str {
        "a property that differed from resource to resource still does"
    }

    fn reason(&self) -> &'static str {
        "one value for everybody is a default or a placeholder, and a client takes it for what is so"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_norms(&self, evidence: &NormEvidence<'_>, found: &mut Vec<(Observation, Sign)>) {
        for place in evidence.places() {
            let Some(seen) = place.seen.filter(|seen| seen.compared == seen.commonest) else { continue };
            let known = place.known;
            let others = Share::new(known.compared - known.commonest.min(known.compared), known.compared);
            // The first resource has some value; all others have the same.
            let now = Share::new(0, seen.compared.saturating_sub(1));
            // Whoever sends one value to everybody may be answered with one.
            let always = !place.is_sent && known.varied_runs > 0 && known.varied_runs == known.compared_runs;
            if !always || !improbable(others.a_run(known.compared_runs), now) {
                continue;
            }
            let observation = Observation {
                check: self.id(),
                severity: self.severity(),
                location: place.location.to_owned(),
                contract: place.contract.clone(),
                rule: format!("one value {}", place.location),
                expected: format!(
                    "another value than the most frequent one in {} of {} ({})",
                    others.with,
                    others.of,
                    runs(known.compared_runs)
                ),
                observed: format!("the same value in {} of {}", seen.compared, seen.compared),
                note: None,
            };
            found.push((
                observation,
                Sign::Same { status: place.status, location: place.location.to_owned() },
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_norms::told;

    #[test]
    fn accepts_several_values_and_what_was_always_one() {
        let many = |id: usize| json!({ "id": id.to_string(), "amount": id % 3 });
        let one = |id: usize| json!({ "id": id.to_string(), "amount": 1 });
        assert_eq!(told("norm_one_value", &many, &many), [""; 0]);
        assert_eq!(told("norm_one_value", &one, &one), [""; 0]);
        assert_eq!(told("norm_one_value", &one, &many), [""; 0]);
    }

    #[test]
    fn rejects_one_value_for_all_and_does_not_show_it() {
        let many = |id: usize| json!({ "id": id.to_string(), "amount": id % 2 });
        let one = |id: usize| json!({ "id": id.to_string(), "amount": 77_123 });
        assert_eq!(
            told("norm_one_value", &many, &one),
            [
                "/amount: another value than the most frequent one in 20 of 40 (1 run), the same value in 40 of 40"
            ]
        );
    }
}
