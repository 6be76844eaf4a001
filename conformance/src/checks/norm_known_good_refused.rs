//! `norm_known_good_refused`: a known-good body that was always accepted is still accepted, as it is and changed.
//!
//! The bodies of `fixtures/` are sent in every run, each as it is and changed in one property, in the same ways every time. A
//! refusal of what the contract allows may have a reason that no schema states; where the same request was accepted in
//! every run before, it has a new one.

use super::norms::runs;
use super::{Check, NormEvidence, Observation, Severity};
use crate::norms::Sign;

/// What was accepted in fewer runs was perhaps accepted by chance.
const RUNS: u64 = 3;

/// See the module.
pub(super) struct NormKnownGoodRefused;

impl Check for NormKnownGoodRefused {
    fn id(&self) -> &'static str {
        "norm_known_good_refused"
    }

    fn summary(&self) -> &'static str {
        "a known-good body that was always accepted is still accepted, as it is and changed in one property"
    }

    fn reason(&self) -> &'static str {
        "the endpoint has become narrower: what a client has sent for long is refused"
    }

    fn severity(&self) -> Severity {
        Severity::Breaking
    }

    fn judge_norms(&self, evidence: &NormEvidence<'_>, found: &mut Vec<(Observation, Sign)>) {
        let mut told: Vec<&str> = Vec::new();
        for (label, known) in &evidence.learned.known_good {
            let Some(now) = evidence.seen.known_good.get(label) else { continue };
            let (body, change) =
                label.split_once(' ').map_or((label.as_str(), None), |(it, change)| (it, Some(change)));
            let always = known.asked >= RUNS && known.worked == known.asked;
            // Where the body itself is refused, what it is changed to is so for the same reason.
            if !always || now.worked == now.asked || told.contains(&body) {
                continue;
            }
            let without = change.and_then(|it| it.strip_suffix(" is absent"));
            let with = change.and_then(|it| it.rsplit_once(" = ")).map(|(place, _)| place);
            let (rule, what) = match (without, with) {
                (Some(place), _) => ("known-good body without", format!("a known-good body without {place}")),
                (None, Some(place)) => {
                    ("known-good body with", format!("a known-good body with another {place}"))
                }
                (None, None) => {
                    told.push(body);
                    ("known-good body", "a known-good body".to_owned())
                }
            };
            let contract = without.or(with).map(|place| evidence.requested(place));
            let observation = Observation {
                check: self.id(),
                severity: self.severity(),
                location: String::new(),
                contract: contract.unwrap_or_else(|| evidence.operation.pointer.clone()),
                rule: rule.to_owned(),
                expected: format!("{what} is accepted, as in {}", runs(known.asked)),
                observed: format!("refused in {} of {}", now.asked - now.worked, now.asked),
                note: None,
            };
            found.push((observation, Sign::Refused { label: label.clone() }));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing_norms::told_of_known_good;

    #[test]
    fn accepts_what_was_refused_before_and_what_was_accepted_too_seldom() {
        let change = "0a0b0c0d /name is absent";
        assert_eq!(told_of_known_good(&[(change, 6, 6)], &[(change, 2, 2)]), [""; 0]);
        assert_eq!(told_of_known_good(&[(change, 6, 5)], &[(change, 1, 0)]), [""; 0]);
        assert_eq!(told_of_known_good(&[(change, 2, 2)], &[(change, 1, 0)]), [""; 0]);
        assert_eq!(told_of_known_good(&[(change, 6, 6)], &[("0a0b0c0d /size is absent", 1, 0)]), [""; 0]);
    }

    #[test]
    fn rejects_what_was_always_accepted_and_is_refused() {
        for (change, what) in [
            ("0a0b0c0d", "a known-good body"),
            ("0a0b0c0d /name is absent", "a known-good body without /name"),
            ("0a0b0c0d /a name = 01020304", "a known-good body with another /a name"),
        ] {
            let expected = format!("{what} is accepted, as in 6 runs, refused in 1 of 2");
            assert_eq!(told_of_known_good(&[(change, 6, 6)], &[(change, 2, 1)]), [expected]);
        }
    }

    #[test]
    fn where_the_body_itself_is_refused_its_changes_are_so_for_the_same_reason() {
        let of = |counts: [u64; 2]| [("0a0b0c0d", 6, counts[0]), ("0a0b0c0d /name is absent", 6, counts[1])];
        assert_eq!(told_of_known_good(&of([6, 6]), &of([0, 0])).len(), 1);
        assert_eq!(told_of_known_good(&of([6, 6]), &of([6, 0])).len(), 1);
    }
}
