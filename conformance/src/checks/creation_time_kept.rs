//! `creation_time_kept`: the time at which something was created stays the same.
//!
//! It is compared after a creation, between two reads, and before and after a write or a change of state. What an endpoint writes more
//! precisely at first than later is the same, so less than a second is no difference, unless one operation writes both
//! with as many digits.

use std::time::Duration;

use serde_json::Value;

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{SeriesKind, Trial};
use crate::times::{Role, times};

/// See the module.
pub(super) struct CreationTimeKept;

impl Check for CreationTimeKept {
    fn id(&self) -> &'static str {
        "creation_time_kept"
    }

    fn summary(&self) -> &'static str {
        "the time at which something was created stays the same"
    }

    fn reason(&self) -> &'static str {
        "a client that sorts or selects by age finds things in other places than before"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let (before, after) = match (&evidence.series.kind, evidence.series.trial) {
            (SeriesKind::Again, _) | (SeriesKind::WriteThenRead { .. }, Trial::Last) => (0, 1),
            (SeriesKind::Rewrite { .. }, Trial::Last) => (1, 3),
            (SeriesKind::Transition { .. }, _) => (0, 2),
            _ => return,
        };
        // What is promised for later (202) may be created later; what changes its state is there already.
        let is_there = matches!(evidence.series.kind, SeriesKind::Transition { .. });
        if !is_there && evidence.series.exchanges.iter().any(|exchange| exchange.answer.status == 202) {
            return;
        }
        let (Some(first), Some(second)) = (evidence.body(before), evidence.body(after)) else { return };
        let known = times(first);
        let by = |index: usize| evidence.exchange(index).map(|it| it.request.operation_id.as_str());
        let is_by_one = by(before) == by(after);
        for time in times(second).iter().filter(|time| time.role == Role::Creation) {
            let same = known.iter().find(|it| it.location == time.location);
            let length = |body: &Value| body.pointer(&time.location).and_then(Value::as_str).map(str::len);
            let is_alike = is_by_one && length(first) == length(second);
            let least = if is_alike { Duration::from_nanos(1) } else { SECOND };
            let moved =
                same.is_some_and(|it| it.instant.duration_since(time.instant).unsigned_abs() >= least);
            if moved && evidence.declares(after, &time.location) {
                found.push(Observation {
                    check: self.id(),
                    severity: self.severity(),
                    contract: evidence.place(after, &time.location),
                    rule: "created once".to_owned(),
                    location: time.location.clone(),
                    expected: "the same time of creation as before".to_owned(),
                    observed: "another time".to_owned(),
                    note: None,
                });
            }
        }
    }
}

/// Two times that differ by less may be one that is told more precisely once.
const SECOND: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::{Value, json};

    use crate::checks::testing_series::{again, compared, judged, rewritten, sent, told};
    use crate::exchange::Trial;

    const FOUND: [&str; 1] = ["created once | /created_at | another time"];

    fn at(time: &str) -> Value {
        json!({ "id": "a", "created_at": time })
    }

    #[test]
    fn accepts_the_same_time_however_it_is_written() {
        let (one, other) = (at("2026-01-01T10:00:00.123456Z"), at("2026-01-01T12:00:00+02:00"));
        assert_eq!(told("creation_time_kept", &again(&one, &other)), [""; 0]);
        assert_eq!(told("creation_time_kept", &compared(Trial::Last, &one, &other)), [""; 0]);
        assert_eq!(told("creation_time_kept", &rewritten(Trial::Last, "{}", "{}", &one, &other)), [""; 0]);
    }

    #[test]
    fn rejects_another_time_after_a_read_a_creation_and_a_write() {
        let (one, other) = (at("2026-01-01T10:00:00Z"), at("2026-01-01T10:00:01Z"));
        assert_eq!(told("creation_time_kept", &again(&one, &other)), FOUND);
        assert_eq!(told("creation_time_kept", &compared(Trial::Last, &one, &other)), FOUND);
        let found = judged("creation_time_kept", &rewritten(Trial::Last, "{}", "{}", &one, &other));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].contract, "#/components/schemas/Parcel/properties/created_at");
    }

    #[test]
    fn a_change_of_state_keeps_it() {
        let mut series = sent(&["sent"], 202, "sent");
        series.exchanges[0].answer.body = Bytes::from(at("2026-01-01T10:00:00Z").to_string());
        series.exchanges[2].answer.body = Bytes::from(at("2026-01-01T10:00:00Z").to_string());
        assert_eq!(told("creation_time_kept", &series), [""; 0]);
        series.exchanges[2].answer.body = Bytes::from(at("2026-01-01T10:00:01Z").to_string());
        assert_eq!(told("creation_time_kept", &series), FOUND);
    }

    #[test]
    fn a_moment_counts_where_one_operation_writes_both_alike() {
        let (one, other) = (at("2026-01-01T10:00:00.123Z"), at("2026-01-01T10:00:00.124Z"));
        assert_eq!(told("creation_time_kept", &again(&one, &other)), FOUND);
        assert_eq!(told("creation_time_kept", &rewritten(Trial::Last, "{}", "{}", &one, &other)), FOUND);
        assert_eq!(told("creation_time_kept", &compared(Trial::Last, &one, &other)), [""; 0]);
    }

    #[test]
    fn is_told_of_the_operation_that_reads() {
        let (one, other) = (at("2026-01-01T10:00:00Z"), at("2026-01-01T10:00:09Z"));
        assert_eq!(told("creation_time_kept", &compared(Trial::First, &one, &other)), [""; 0]);
        assert_eq!(told("creation_time_kept", &rewritten(Trial::First, "{}", "{}", &one, &other)), [""; 0]);
    }

    #[test]
    fn what_is_no_time_of_creation_is_left_alone() {
        let (one, other) =
            (json!({ "seen": "2026-01-01T10:00:00Z" }), json!({ "seen": "2026-01-02T10:00:00Z" }));
        assert_eq!(told("creation_time_kept", &again(&one, &other)), [""; 0]);
        assert_eq!(told("creation_time_kept", &again(&at("soon"), &at("later"))), [""; 0]);
        assert_eq!(told("creation_time_kept", &again(&json!({}), &at("2026-01-01T10:00:00Z"))), [""; 0]);
    }

    #[test]
    fn what_is_promised_for_later_may_be_created_later() {
        let (one, other) = (at("2026-01-01T10:00:00Z"), at("2026-01-01T10:00:09Z"));
        let mut series = compared(Trial::Last, &one, &other);
        series.exchanges[0].answer.status = 202;
        assert_eq!(told("creation_time_kept", &series), [""; 0]);
    }
}
