//! `latency_within_budget`: an answer comes within the time that the target is given.
//!
//! There is no budget unless somebody sets one, and no contract states any. One slow answer says nothing: it is a
//! finding when most of an operation's answers are slow, so that their median is. What is measured is part of the
//! exchange, from the request's departure to the end of the body; waiting for a turn does not count.

use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct LatencyWithinBudget;

impl Check for LatencyWithinBudget {
    fn id(&self) -> &'static str {
        "latency_within_budget"
    }

    fn summary(&self) -> &'static str {
        "most answers of an operation come within the time that was set for the target, where one was"
    }

    fn reason(&self) -> &'static str {
        "a client whose own time is bounded gives up, or keeps its users waiting"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    /// The median is above the budget when more than half of the answers are.
    fn quorum(&self) -> f64 {
        0.5
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(most) = evidence.most_latency else { return };
        if !evidence.exchange.intent.is_valid() || evidence.exchange.answer.elapsed <= most {
            return;
        }
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: evidence.operation.pointer.clone(),
            rule: "latency".to_owned(),
            expected: format!("nothing of time; the budget of this run is {} ms", most.as_millis()),
            observed: "an answer after more time than the budget allows".to_owned(),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::checks::testing::rules_after;
    use crate::exchange::Intent;

    const BUDGET: Option<Duration> = Some(Duration::from_millis(200));

    #[test]
    fn accepts_an_answer_in_time_and_any_where_there_is_no_budget() {
        assert_eq!(rules_after(Duration::from_millis(200), BUDGET, Intent::Valid), [""; 0]);
        assert_eq!(rules_after(Duration::from_secs(3600), None, Intent::Valid), [""; 0]);
        assert_eq!(
            rules_after(Duration::from_secs(1), BUDGET, Intent::WithoutCredential),
            [""; 0],
            "a stranger waits"
        );
    }

    #[test]
    fn rejects_an_answer_that_comes_later() {
        assert_eq!(rules_after(Duration::from_millis(201), BUDGET, Intent::Valid), ["latency"]);
    }
}
