//! `norm_always_null`: a property that held something is not suddenly null everywhere.
//!
//! The contract lets it be null, and every run that was learned from has seen it with a value.

use super::norms::runs;
use super::{Check, NormEvidence, Observation, Severity};
use crate::norms::{Sign, improbable};

/// See the module.
pub(super) struct NormAlwaysNull;

impl Check for NormAlwaysNull {
    fn id(&self) -> &'static str {
        "norm_always_null"
    }

    fn summary(&self) -> &'static str {
        "a property that held something is not null everywhere"
    }

    fn reason(&self) -> &'static str {
        "what may be null is null for everybody all at once, and a client that shows it shows nothing"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_norms(&self, evidence: &NormEvidence<'_>, found: &mut Vec<(Observation, Sign)>) {
        for place in evidence.places() {
            let Some(seen) = place.seen.filter(|seen| seen.filled == 0) else { continue };
            let (was, now) = (place.known.fullness(), seen.fullness());
            // What may be an echo is missed only where it never was.
            let is_independent = !place.is_sent || was.with == was.of;
            let always = place.known.filled_runs == place.known.present_runs && is_independent;
            if !always || !improbable(was.a_run(place.known.present_runs), now) {
                continue;
            }
            let observation = Observation {
                check: self.id(),
                severity: self.severity(),
                location: place.location.to_owned(),
                contract: place.contract.clone(),
                rule: format!("null {}", place.location),
                expected: format!(
                    "something other than null in {} of {} ({})",
                    was.with,
                    was.of,
                    runs(place.known.present_runs)
                ),
                observed: format!("null in {} of {}", now.of, now.of),
                note: Some("null is allowed there, and it is all that there is now".to_owned()),
            };
            found.push((
                observation,
                Sign::Null { status: place.status, location: place.location.to_owned() },
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_norms::told;

    #[test]
    fn accepts_null_beside_values_and_what_was_always_null() {
        let mixed = |id: usize| match id % 2 {
            0 => json!({ "id": id.to_string(), "note": null }),
            _ => json!({ "id": id.to_string(), "note": "n" }),
        };
        let null = |id: usize| json!({ "id": id.to_string(), "note": null });
        assert_eq!(told("norm_always_null", &mixed, &mixed), [""; 0]);
        assert_eq!(told("norm_always_null", &null, &null), [""; 0]);
    }

    #[test]
    fn rejects_null_everywhere() {
        let mixed = |id: usize| match id % 2 {
            0 => json!({ "id": id.to_string(), "note": null }),
            _ => json!({ "id": id.to_string(), "note": "n" }),
        };
        let null = |id: usize| json!({ "id": id.to_string(), "note": null });
        assert_eq!(
            told("norm_always_null", &mixed, &null),
            ["/note: something other than null in 20 of 40 (1 run), null in 40 of 40"]
        );
    }
}
