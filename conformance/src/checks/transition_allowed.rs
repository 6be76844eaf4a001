//! `transition_allowed`: an operation is accepted in a state that the lifecycle allows it in.
//!
//! `lifecycle.yaml` says in which states an operation is possible. It may be refused for another reason, so this is told
//! only when no resource in that state was accepted, or when one was that is made in the same way and was asked later.

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;

/// See the module.
pub(super) struct TransitionAllowed;

impl Check for TransitionAllowed {
    fn id(&self) -> &'static str {
        "transition_allowed"
    }

    fn summary(&self) -> &'static str {
        "an operation is accepted in a state that the lifecycle allows it in"
    }

    fn reason(&self) -> &'static str {
        "a client that does what it may do next is refused, and its process stops there"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Transition { from, to, .. } = &evidence.series.kind else { return };
        let Some(asked) = evidence.exchange(1) else { return };
        let status = asked.answer.status;
        if !to.is_empty() && (400..500).contains(&status) {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: String::new(),
                contract: evidence.operation.pointer.clone(),
                rule: format!("allowed from {from}"),
                expected: format!("a success: from `{from}` it leads to {}", to.join(" or ")),
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
    fn accepts_a_success_and_leaves_what_is_forbidden_to_others() {
        assert_eq!(told("transition_allowed", &sent(&["sent"], 200, "sent")), [""; 0]);
        assert_eq!(told("transition_allowed", &sent(&[], 409, "open")), [""; 0]);
    }

    #[test]
    fn rejects_a_refusal() {
        let found = told("transition_allowed", &sent(&["sent"], 409, "open"));
        assert_eq!(found, ["allowed from open |  | status 409"]);
    }
}
