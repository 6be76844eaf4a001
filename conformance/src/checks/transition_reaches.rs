//! `transition_reaches`: an operation leads to a state that the lifecycle names.
//!
//! The resource is read right after a success. An answer of 202 promises the change for later (RFC 9110 section 15.3.3):
//! then the old state is fine as well, unless the answer itself says that the new one is reached. Where it says so, and that
//! state is left by itself, it may have been left already.

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;

/// See the module.
pub(super) struct TransitionReaches;

impl Check for TransitionReaches {
    fn id(&self) -> &'static str {
        "transition_reaches"
    }

    fn summary(&self) -> &'static str {
        "an operation leads to a state that the lifecycle names"
    }

    fn reason(&self) -> &'static str {
        "a client goes on from the state that was promised, and waits for it in vain or acts on another one"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Transition { state, from, to, later, .. } = &evidence.series.kind else { return };
        let Some(asked) = evidence.exchange(1) else { return };
        let status = asked.answer.status;
        let Some(after) = evidence.body(2).and_then(|body| body.pointer(state)?.as_str()) else { return };
        let said = evidence.body(1).and_then(|body| body.pointer(state)?.as_str());
        let is_said = said.is_some_and(|said| to.iter().any(|to| to == said));
        let is_later = status == 202 && after == from && !is_said;
        let is_over = is_said && later.iter().any(|later| later == after);
        if to.is_empty() || status >= 400 || is_later || is_over || to.iter().any(|to| to == after) {
            return;
        }
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            contract: evidence.place(2, state),
            rule: format!("leads from {from}"),
            location: state.clone(),
            expected: format!("`{}`", to.join("` or `")),
            observed: evidence.listed(2, state, after),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::checks::testing_series::{sent, told};

    #[test]
    fn accepts_any_state_that_the_operation_may_lead_to() {
        for after in ["sent", "lost"] {
            assert_eq!(told("transition_reaches", &sent(&["sent", "lost"], 200, after)), [""; 0]);
        }
    }

    #[test]
    fn a_promise_may_be_kept_later_but_not_otherwise() {
        assert_eq!(told("transition_reaches", &sent(&["sent"], 202, "open")), [""; 0]);
        let found = told("transition_reaches", &sent(&["sent"], 202, "lost"));
        assert_eq!(found, ["leads from open | /state | `lost`"]);
    }

    #[test]
    fn what_is_reached_may_be_left_by_itself_but_not_be_passed_over() {
        let mut series = sent(&["sent"], 200, "closed");
        assert_eq!(told("transition_reaches", &series).len(), 1, "nothing says that it was sent");
        let says = Bytes::from(r#"{"state":"sent"}"#);
        series.exchanges[1].answer.body = says;
        assert_eq!(told("transition_reaches", &series), [""; 0]);
    }

    #[test]
    fn rejects_the_old_state_and_another_one() {
        for after in ["open", "lost"] {
            let found = told("transition_reaches", &sent(&["sent"], 200, after));
            assert_eq!(found, [format!("leads from open | /state | `{after}`")]);
        }
    }

    #[test]
    fn a_state_that_the_contract_does_not_list_is_not_shown() {
        let found = told("transition_reaches", &sent(&["sent"], 200, "jo@example.com"));
        assert_eq!(found, ["leads from open | /state | a state that is not listed"]);
    }

    #[test]
    fn what_was_refused_or_is_forbidden_leads_nowhere() {
        assert_eq!(told("transition_reaches", &sent(&["sent"], 409, "lost")), [""; 0]);
        assert_eq!(told("transition_reaches", &sent(&[], 200, "lost")), [""; 0]);
    }
}
