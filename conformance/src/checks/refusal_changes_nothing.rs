//! `refusal_changes_nothing`: a refused operation leaves the resource in its state.
//!
//! What was refused in a forbidden state is read again, and is in the state that it was in.

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;

/// See the module.
pub(super) struct RefusalChangesNothing;

impl Check for RefusalChangesNothing {
    fn id(&self) -> &'static str {
        "refusal_changes_nothing"
    }

    fn summary(&self) -> &'static str {
        "a refused operation leaves the resource in its state"
    }

    fn reason(&self) -> &'static str {
        "a client takes a refusal for nothing having happened, and goes on from the state it knows"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Transition { state, from, to, .. } = &evidence.series.kind else { return };
        let Some(asked) = evidence.exchange(1) else { return };
        let Some(after) = evidence.body(2).and_then(|body| body.pointer(state)?.as_str()) else { return };
        if !to.is_empty() || asked.answer.status < 400 || after == from {
            return;
        }
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            contract: evidence.place(2, state),
            rule: format!("stays {from}"),
            location: state.clone(),
            expected: format!("`{from}`, as before it was refused"),
            observed: evidence.listed(2, state, after),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing_series::{sent, told};

    #[test]
    fn accepts_what_stays_as_it_was() {
        assert_eq!(told("refusal_changes_nothing", &sent(&[], 409, "open")), [""; 0]);
    }

    #[test]
    fn rejects_a_refusal_that_did_it_all_the_same() {
        let found = told("refusal_changes_nothing", &sent(&[], 409, "sent"));
        assert_eq!(found, ["stays open | /state | `sent`"]);
    }

    #[test]
    fn what_was_accepted_is_told_by_that() {
        assert_eq!(told("refusal_changes_nothing", &sent(&[], 200, "sent")), [""; 0]);
        assert_eq!(told("refusal_changes_nothing", &sent(&["sent"], 409, "sent")), [""; 0]);
    }
}
