//! `norm_known_good_refused`: a known-good body that was always accepted is still accepted, as it is and changed.
//!
//! The bodies of `fixtures/` are sent in every run, each as it is and changed in one property, in the same ways every time. A
//! refusal of what the contract allows may have a reason that no schema states; where the same request was accepted in
//! every run before, it has a new one.

use super::{Check, NormEvidence, Observation, Severity};
use crate::norms::{Counted, Sign};

/// What was asked in fewer runs, each as often as in this one, was perhaps accepted by chance.
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
        let mut refused: Vec<Refused<'_>> = Vec::new();
        for (label, known) in &evidence.learned.known_good {
            let Some(now) = evidence.seen.known_good.get(label) else { continue };
            let always = known.asked >= RUNS.saturating_mul(now.asked) && known.worked == known.asked;
            if always && now.worked < now.asked {
                let change = label.split_once(' ').map(|(_, change)| change);
                let without = change.and_then(|it| it.strip_suffix(" is absent"));
                refused.push(Refused {
                    label,
                    without,
                    with: change.filter(|_| without.is_none()),
                    known,
                    now,
                });
            }
        }
        // What is refused as it is, is so changed as well; and what cannot be left out any more cannot be left out of what
        // is changed elsewhere.
        let Some(first) = refused.iter().min_by_key(|it| (it.with.is_some(), it.without.is_some())) else {
            return;
        };
        let (rule, what) = match (first.without, first.with) {
            (Some(place), _) => ("known-good body without", format!("a known-good body without {place}")),
            (None, Some(place)) => {
                ("known-good body with", format!("a known-good body with another {place}"))
            }
            (None, None) => ("known-good body", "a known-good body".to_owned()),
        };
        let contract = first.without.or(first.with).map(|place| evidence.requested(place));
        let others = refused.len() - 1;
        let observation = Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: contract.unwrap_or_else(|| evidence.operation.pointer.clone()),
            rule: rule.to_owned(),
            expected: format!(
                "{what} is accepted, as {} of {} were before",
                first.known.worked, first.known.asked
            ),
            observed: format!("refused in {} of {}", first.now.asked - first.now.worked, first.now.asked),
            note: (others > 0)
                .then(|| format!("{others} other changes of known-good bodies are refused as well")),
        };
        found.push((observation, Sign::Refused { label: first.label.to_owned() }));
    }
}

/// A known-good body that is refused, as it is or changed.
struct Refused<'a> {
    label: &'a str,
    /// What is left out.
    without: Option<&'a str>,
    /// What is other.
    with: Option<&'a str>,
    known: &'a Counted,
    now: &'a Counted,
}

#[cfg(test)]
mod tests {
    use crate::checks::testing_norms::told_of_known_good;

    #[test]
    fn accepts_what_was_refused_before_and_what_was_accepted_too_seldom() {
        let change = "0a0b0c0d /name is absent";
        assert_eq!(told_of_known_good(&[(change, 6, 6)], &[(change, 2, 2)]), [""; 0]);
        assert_eq!(told_of_known_good(&[(change, 6, 5)], &[(change, 1, 0)]), [""; 0]);
        assert_eq!(told_of_known_good(&[(change, 6, 6)], &[(change, 3, 0)]), [""; 0]);
        assert_eq!(told_of_known_good(&[(change, 6, 6)], &[("0a0b0c0d /size is absent", 1, 0)]), [""; 0]);
    }

    #[test]
    fn rejects_what_was_always_accepted_and_is_refused() {
        for (change, what) in [
            ("0a0b0c0d", "a known-good body"),
            ("0a0b0c0d /name is absent", "a known-good body without /name"),
            ("0a0b0c0d /a name", "a known-good body with another /a name"),
        ] {
            let expected = format!("{what} is accepted, as 6 of 6 were before, refused in 1 of 2");
            assert_eq!(told_of_known_good(&[(change, 6, 6)], &[(change, 2, 1)]), [expected]);
        }
    }

    #[test]
    fn one_is_told_for_all_of_an_operation_the_simplest_one() {
        let of = |refused: &[usize]| {
            let labels = ["0a0b0c0d", "0a0b0c0d /name", "0a0b0c0d /name is absent"];
            let counts = |times: u64, worked: &dyn Fn(usize) -> u64| -> Vec<(&str, u64, u64)> {
                labels.iter().enumerate().map(|(at, label)| (*label, times, worked(at))).collect()
            };
            let seen = counts(2, &|at| if refused.contains(&at) { 0 } else { 2 });
            told_of_known_good(&counts(6, &|_| 6), &seen)
        };
        let told = |what: &str| [format!("{what} is accepted, as 6 of 6 were before, refused in 2 of 2")];
        assert_eq!(of(&[0, 1, 2]), told("a known-good body"));
        assert_eq!(of(&[1, 2]), told("a known-good body without /name"));
        assert_eq!(of(&[1]), told("a known-good body with another /name"));
    }
}
