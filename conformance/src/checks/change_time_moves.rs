//! `change_time_moves`: the time of the last change moves forward with a change, and stands still without one.
//!
//! A write counts when the reads around it differ in what it has sent. Between the read and the write as much time
//! passes as the endpoint's own clock needs to show another time; the client's clock says nothing here. What leads from
//! one state to another does not move the time back, and moves it forward where times have microseconds. A read that moves it counts only where nothing else differs.

use serde_json::Value;

use super::copies::{copies, sent};
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::difference::difference;
use crate::exchange::{SeriesKind, Trial};
use crate::times::{Role, times};

/// See the module.
pub(super) struct ChangeTimeMoves;

impl Check for ChangeTimeMoves {
    fn id(&self) -> &'static str {
        "change_time_moves"
    }

    fn summary(&self) -> &'static str {
        "the time of the last change moves forward with a change, and stands still without one"
    }

    fn reason(&self) -> &'static str {
        "a client that asks for what has changed since it last looked misses changes, or reads everything again each time"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let (before, after) = match (&evidence.series.kind, evidence.series.trial) {
            // What is no resource by itself may tell how fresh its answer is.
            (SeriesKind::Again, _) if evidence.operation.path.contains('{') => (0, 1),
            (SeriesKind::Rewrite { .. }, Trial::Last) => (1, 3),
            (SeriesKind::Transition { .. }, _) => (0, 2),
            _ => return,
        };
        let (Some(first), Some(second)) = (evidence.body(before), evidence.body(after)) else { return };
        let is_read = evidence.series.kind == SeriesKind::Again;
        let is_write = matches!(evidence.series.kind, SeriesKind::Rewrite { .. });
        let known = times(first);
        for time in times(second).iter().filter(|time| time.role == Role::Change) {
            let Some(then) = known.iter().find(|it| it.location == time.location) else { continue };
            let (expected, observed) = match time.instant.cmp(&then.instant) {
                _ if is_read && time.instant != then.instant && is_all(first, second, &time.location) => {
                    ("the same time again, since nothing was changed", "another time")
                }
                _ if is_read => continue,
                std::cmp::Ordering::Less => ("a time that does not go back", "an earlier time"),
                std::cmp::Ordering::Equal
                    if is_write && is_changed(evidence) || is_in_another_state(evidence, &time.location) =>
                {
                    ("a later time, since something was changed", "the same time")
                }
                _ => continue,
            };
            if evidence.declares(after, &time.location) {
                found.push(Observation {
                    check: self.id(),
                    severity: self.severity(),
                    contract: evidence.place(after, &time.location),
                    rule: "changed with changes".to_owned(),
                    location: time.location.clone(),
                    expected: expected.to_owned(),
                    observed: observed.to_owned(),
                    note: None,
                });
            }
        }
    }
}

/// Whether an operation has led to another state, by reads whose times tell every moment apart. How long lies between them is not
/// known here.
fn is_in_another_state(evidence: &SeriesEvidence<'_>, location: &str) -> bool {
    let SeriesKind::Transition { state, from, to, .. } = &evidence.series.kind else { return false };
    let text = |index: usize, at: &str| evidence.body(index).and_then(|body| body.pointer(at)?.as_str());
    let digits = |time: &str| {
        let fraction = time.split_once('.').map_or("", |(_, fraction)| fraction);
        fraction.chars().take_while(char::is_ascii_digit).count()
    };
    text(2, state).is_some_and(|after| after != from && to.iter().any(|to| to == after))
        && text(2, location).is_some_and(|time| digits(time) >= MICROSECONDS)
}

/// How many digits of a second tell any two requests apart.
const MICROSECONDS: usize = 6;

/// Whether a time is all in which two answers differ.
fn is_all(first: &Value, second: &Value, location: &str) -> bool {
    let mut without = second.clone();
    if let (Some(slot), Some(time)) = (without.pointer_mut(location), first.pointer(location)) {
        slot.clone_from(time);
    }
    difference(first, &without).is_none()
}

/// Whether the reads around the second write differ in something that it has sent.
fn is_changed(evidence: &SeriesEvidence<'_>) -> bool {
    let (Some(before), Some(after)) = (evidence.body(1), evidence.body(3)) else { return false };
    let Some((schema, sent)) = sent(evidence, 2) else { return false };
    copies(evidence, &schema, &sent, 3).iter().any(|root| {
        let mut names = sent.as_object().into_iter().flatten().map(|(name, _)| name);
        let (before, after) = (before.pointer(root), after.pointer(root));
        names.any(|name| {
            let value = |whole: Option<&Value>| whole.and_then(|whole| whole.get(name)).cloned();
            value(before) != value(after)
        })
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::{Value, json};

    use crate::checks::testing_series::{again, rewritten, sent, told};
    use crate::exchange::Trial;

    fn at(name: &str, time: &str) -> Value {
        json!({ "id": "a", "name": name, "updated_at": time })
    }

    /// What is told where something is renamed to `m`.
    fn renamed(before: &Value, after: &Value) -> Vec<String> {
        let (first, second) = (r#"{"name":"n"}"#, r#"{"name":"m"}"#);
        assert_eq!(
            told("change_time_moves", &rewritten(Trial::First, first, second, before, after)),
            [""; 0]
        );
        told("change_time_moves", &rewritten(Trial::Last, first, second, before, after))
    }

    #[test]
    fn accepts_a_time_that_moves_with_the_change() {
        let moved = renamed(&at("n", "2026-01-01T10:00:00Z"), &at("m", "2026-01-01T10:00:01Z"));
        assert_eq!(moved, [""; 0]);
    }

    #[test]
    fn rejects_one_that_stands_still_or_goes_back() {
        let before = at("n", "2026-01-01T10:00:00Z");
        let rule = "changed with changes | /updated_at";
        assert_eq!(renamed(&before, &at("m", "2026-01-01T10:00:00Z")), [format!("{rule} | the same time")]);
        assert_eq!(renamed(&before, &at("m", "2026-01-01T09:00:00Z")), [format!("{rule} | an earlier time")]);
    }

    #[test]
    fn a_change_of_state_moves_a_time_that_tells_moments_apart() {
        let after = |time: &str, state: &str| {
            let read = |state: &str| {
                Bytes::from(json!({ "id": "a", "state": state, "updated_at": time }).to_string())
            };
            let mut series = sent(&["sent"], 200, state);
            series.exchanges[0].answer.body = read("open");
            series.exchanges[2].answer.body = read(state);
            told("change_time_moves", &series)
        };
        let found = ["changed with changes | /updated_at | the same time"];
        assert_eq!(after("2026-01-01T10:00:00.123456Z", "sent"), found);
        assert_eq!(
            after("2026-01-01T10:00:00.123Z", "sent"),
            [""; 0],
            "two requests may be in one millisecond"
        );
        assert_eq!(after("2026-01-01T10:00:00.123456Z", "open"), [""; 0], "nothing has changed");
    }

    #[test]
    fn where_nothing_that_was_sent_is_seen_to_change_the_time_may_stand_still() {
        let time = "2026-01-01T10:00:00Z";
        assert_eq!(renamed(&at("n", time), &at("n", time)), [""; 0]);
        let state = |state: &str| json!({ "id": "a", "name": "m", "state": state, "updated_at": time });
        assert_eq!(renamed(&state("open"), &state("sent")), [""; 0], "the state is not what was sent");
    }

    #[test]
    fn rejects_one_that_a_read_moves_and_accepts_one_that_moves_with_something_else() {
        let (before, after) = (at("n", "2026-01-01T10:00:00Z"), at("n", "2026-01-01T10:00:01Z"));
        let found = ["changed with changes | /updated_at | another time"];
        assert_eq!(told("change_time_moves", &again(&before, &after)), found);
        assert_eq!(told("change_time_moves", &again(&before, &before)), [""; 0]);
        let elsewhere = at("o", "2026-01-01T10:00:01Z");
        assert_eq!(told("change_time_moves", &again(&before, &elsewhere)), [""; 0]);
    }
}
