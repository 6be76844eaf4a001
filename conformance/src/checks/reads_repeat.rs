//! `reads_repeat`: a request that changes nothing is answered twice with the same.
//!
//! Nothing is sent between the two. Times may differ, since an endpoint may tell when it answered; whatever else
//! differs makes a client see something else each time that it looks.

use serde_json::Value;

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::difference::difference;
use crate::exchange::SeriesKind;
use crate::pointer::generalise;

/// See the module.
pub(super) struct ReadsRepeat;

impl Check for ReadsRepeat {
    fn id(&self) -> &'static str {
        "reads_repeat"
    }

    fn summary(&self) -> &'static str {
        "a request that changes nothing is answered twice with the same"
    }

    fn reason(&self) -> &'static str {
        "a client that looks twice sees two things, although nothing has happened in between"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if evidence.series.kind != SeriesKind::Again {
            return;
        }
        let (Some(first), Some(again)) = (evidence.body(0), evidence.body(1)) else { return };
        // What the schema says is wrong, or does not speak of, is told by other checks, however often it comes.
        if !evidence.is_valid(0) || !evidence.is_valid(1) {
            return;
        }
        let (mut first, mut again) = (first.clone(), again.clone());
        forget_times(&mut first, &mut again);
        if let Some((location, what)) = difference(&first, &again)
            && evidence.declares(0, &location)
        {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                contract: evidence.place(0, &location),
                rule: format!("repeats {}", generalise(&location)),
                location,
                expected: "the same answer again".to_owned(),
                observed: format!("different: the second answer {what}"),
                note: None,
            });
        }
    }
}

/// Makes times that differ alike.
fn forget_times(first: &mut Value, again: &mut Value) {
    match (first, again) {
        (Value::String(first), Value::String(again)) if is_time(first) && is_time(again) => {
            again.clone_from(first);
        }
        (Value::Array(first), Value::Array(again)) => {
            first.iter_mut().zip(again).for_each(|(first, again)| forget_times(first, again));
        }
        (Value::Object(first), Value::Object(again)) => {
            for (name, first) in first {
                if let Some(again) = again.get_mut(name) {
                    forget_times(first, again);
                }
            }
        }
        _ => {}
    }
}

/// Whether a text is a time (RFC 3339).
fn is_time(text: &str) -> bool {
    text.parse::<jiff::Timestamp>().is_ok()
}
