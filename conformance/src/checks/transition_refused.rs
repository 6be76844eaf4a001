//! `transition_refused`: an operation is refused in a state that the lifecycle forbids it in.
//!
//! `lifecycle.yaml` says in which states an operation is possible; in all others it has to be refused.

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;

/// See the module.
pub(super) struct TransitionRefused;

impl Check for TransitionRefused {
    fn id(&self) -> &'static str {
        "transition_refused"
    }

    fn summary(&self) -> &'static str {
        "an operation is refused in a state that the lifecycle forbids it in"
    }

    fn reason(&self) -> &'static str {
        "a client relies on the refusal: what is ended twice, or changed after it was submitted, may be paid for twice"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Transition { from, to, .. } = &evidence.series.kind else { return };
        let Some(asked) = evidence.exchange(1) else { return };
        let status = asked.answer.status;
        if to.is_empty() && status < 400 {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: String::new(),
                contract: evidence.operation.pointer.clone(),
                rule: format!("forbidden from {from}"),
                expected: format!("a refusal: it is not possible from `{from}`"),
                observed: format!("status {status}"),
                note: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing_series::{sent, told};

    #[test]
    fn accepts_a_refusal_and_leaves_what_is_allowed_to_others() {
        assert_eq!(told("transition_refused", &sent(&[], 409, "open")), [""; 0]);
        assert_eq!(told("transition_refused", &sent(&["sent"], 200, "sent")), [""; 0]);
    }

    #[test]
    fn rejects_a_success() {
        for status in [200, 202] {
            let found = told("transition_refused", &sent(&[], status, "sent"));
            assert_eq!(found, [format!("forbidden from open |  | status {status}")]);
        }
    }
}
