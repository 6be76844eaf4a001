//! `answers_as_recorded`: a step of a workflow is answered as its recording has it.
//!
//! A recording shows what an endpoint once did, and a contract mostly permits more than that. What is compared is what
//! answers look like: status, media type, header fields, and of bodies which properties there are, whether they are null,
//! of which type and form, and which of the values that the contract lists. Identifiers, times and cursors differ from one
//! run to the next, and so does whatever else is a value; what the workflow itself has sent, and was answered with then,
//! is compared by value. Of what the workflow has not created itself, and of the items of lists, less is asked: that nothing
//! has another JSON type, and that no property is gone from all of many.
//!
//! What the contract forbids is told by the checks that judge by it.

use std::time::Duration;

use serde_json::Value;

use super::evidence::affinity;
use super::{Check, Observation, Severity, StepEvidence};
use crate::recording::{Likeness, Pinned};

/// An answer that takes less is never too slow.
const QUICK: Duration = Duration::from_secs(1);

/// An answer is too slow that takes so many times as long.
const SLOWER: u32 = 10;

/// Header fields that tell a client what to do, beside those that the contract documents.
const TELLING: [&str; 6] = ["location", "link", "retry-after", "etag", "allow", "www-authenticate"];

/// See the module.
pub(super) struct AnswersAsRecorded;

impl Check for AnswersAsRecorded {
    fn id(&self) -> &'static str {
        "answers_as_recorded"
    }

    fn summary(&self) -> &'static str {
        "a step of a workflow is answered as its recording has it"
    }

    fn reason(&self) -> &'static str {
        "what the contract permits can still be a change: a caller was written beside the answers that there were"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_step(&self, evidence: &StepEvidence<'_>, found: &mut Vec<Observation>) {
        let Some(recorded) = evidence.recorded else { return };
        // Where a step does not do what it has to, that is told, and the rest follows from it.
        if !evidence.unmet.is_empty() {
            return;
        }
        let exchange = evidence.evidence.exchange;
        let operation = evidence.evidence.operation;
        let place = format!("{} {}", evidence.workflow.id, evidence.place);
        let mut add = |severity, location: &str, rule: &str, expected: String, observed: String| {
            let contract = match location {
                "" => operation.pointer.clone(),
                location => evidence.evidence.place(location),
            };
            found.push(Observation {
                check: self.id(),
                severity,
                location: location.to_owned(),
                contract,
                // One place is one deviation, whichever steps show it.
                rule: if location.is_empty() { format!("{place} {rule}") } else { rule.to_owned() },
                expected,
                observed,
                note: None,
            });
        };
        let status = exchange.answer.status;
        if status != recorded.status {
            let (expected, observed) = (format!("status {}", recorded.status), format!("status {status}"));
            return add(Severity::Behavioural, "", "status", expected, observed);
        }
        let media_type = exchange.answer.header("content-type").unwrap_or_default();
        let before = recorded.header("content-type").unwrap_or_default();
        if media_type != before && affinity(before, media_type) < 3 {
            let named = |it: &str| if it.is_empty() { "no media type".to_owned() } else { it.to_owned() };
            return add(Severity::Notice, "", "media type", named(before), named(media_type));
        }
        let documented = evidence.evidence.documented.into_iter().flat_map(|it| &it.headers);
        let documented = documented.map(|header| header.name.to_ascii_lowercase());
        for name in documented.chain(TELLING.map(str::to_owned)) {
            if recorded.header(&name).is_some() && exchange.answer.header(&name).is_none() {
                let rule = format!("header {name}");
                add(Severity::Notice, "", &rule, format!("a header field `{name}`"), "none".to_owned());
            }
        }
        let elapsed = exchange.answer.elapsed;
        if !recorded.elapsed.is_zero() && elapsed > QUICK.max(recorded.elapsed * SLOWER) {
            let in_words = |time: Duration| format!("an answer after {} ms", time.as_millis());
            add(Severity::Notice, "", "latency", in_words(recorded.elapsed), in_words(elapsed));
        }
        let (Some(before), Some(now)) = (&recorded.body, &evidence.evidence.json) else { return };
        let declared = evidence.evidence.declared();
        let read = |nodes: &[_]| evidence.evidence.read(nodes);
        let like = |body: &Value| Likeness::of(body, declared.as_deref(), &read);
        let differences = like(before).differences(&like(now));
        let told: Vec<String> = differences.iter().map(|it| it.location.clone()).collect();
        for difference in differences {
            // What somebody else has made is another thing each time, and has whatever the contract allows.
            let is_foreign = !evidence.is_own || difference.location.contains('*');
            let speaks = match difference.rule {
                "type" => true,
                "absent" => difference.is_of_many,
                _ => false,
            };
            if is_foreign && !speaks {
                continue;
            }
            let severity = match difference.rule {
                "type" | "form" | "value" => Severity::Behavioural,
                _ => Severity::Notice,
            };
            add(severity, &difference.location, difference.rule, difference.recorded, difference.now);
        }
        for location in echoes(before, now, evidence.pins).into_iter().filter(|it| !told.contains(it)) {
            let expected = "what the workflow has sent".to_owned();
            add(Severity::Behavioural, &location, "echo", expected, "another value".to_owned());
        }
    }
}

/// Where the recorded answer had what the workflow had sent, and this answer has something else.
fn echoes(before: &Value, now: &Value, pins: &[Pinned]) -> Vec<String> {
    let mut found = Vec::new();
    for pin in pins {
        compare(before, now, pin, String::new(), &mut found);
    }
    found.sort();
    found.dedup();
    found
}

fn compare(before: &Value, now: &Value, pin: &Pinned, at: String, found: &mut Vec<String>) {
    let (Value::Object(before), Value::Object(now)) = (before, now) else { return };
    for (name, before) in before {
        let Some(now) = now.get(name) else { continue };
        let at = format!("{at}/{}", crate::pointer::escape(name));
        if before.is_object() {
            compare(before, now, pin, at, found);
        } else if pin.name == *name && *before == pin.recorded && *now != pin.sent && !now.is_null() {
            found.push(at);
        }
    }
}
