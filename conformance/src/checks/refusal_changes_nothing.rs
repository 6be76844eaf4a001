//! `refusal_changes_nothing`: what is refused changes nothing.
//!
//! What was refused in a forbidden state is read again, and is in the state that it was in. What was refused because of one
//! thing in it is not kept for the rest: no value of it stands where another one stood, and the list of what there is has not
//! become longer. Where the lifecycle knows that a state is not left by itself, nothing else of the resource is different then,
//! but for times.

use serde_json::Value;

use super::copies::{copies, sent};
use super::volatile::forget;
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::difference::difference;
use crate::exchange::SeriesKind;
use crate::pointer::{escape, generalise};

/// What is said to people, in whatever words.
const WORDS: [&str; 5] = ["message", "detail", "title", "hint", "explanation"];

/// See the module.
pub(super) struct RefusalChangesNothing;

impl Check for RefusalChangesNothing {
    fn id(&self) -> &'static str {
        "refusal_changes_nothing"
    }

    fn summary(&self) -> &'static str {
        "what is refused changes nothing"
    }

    fn reason(&self) -> &'static str {
        "a client takes a refusal for nothing having happened, and goes on from the state it knows"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if let SeriesKind::Refused { rests, .. } = &evidence.series.kind {
            let rests = |body| rests.as_ref().is_some_and(|it| it.is_so(body));
            let rests = evidence.body(0).is_some_and(rests);
            found.extend(self.kept(evidence).or_else(|| self.changed(evidence).filter(|_| rests)));
        }
        let SeriesKind::Transition { state, from, to, passes, .. } = &evidence.series.kind else { return };
        let Some(asked) = evidence.exchange(1) else { return };
        let Some(after) = evidence.body(2).and_then(|body| body.pointer(state)?.as_str()) else { return };
        if !to.is_empty() || asked.answer.status < 400 {
            return;
        }
        if after == from {
            found.extend(self.changed(evidence).filter(|_| !passes));
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

impl RefusalChangesNothing {
    /// What is different after a refused request, of a resource that nothing else changes.
    fn changed(&self, evidence: &SeriesEvidence<'_>) -> Option<Observation> {
        let (location, what) = changed(evidence.body(0)?, evidence.body(2)?)?;
        evidence.declares(0, &location).then(|| Observation {
            check: self.id(),
            severity: self.severity(),
            contract: evidence.place(0, &location),
            rule: format!("changes nothing {}", generalise(&location)),
            location,
            expected: "what was there before it was refused".to_owned(),
            observed: format!("different: what is read after it {what}"),
            note: None,
        })
    }

    /// What a refused request has left behind.
    fn kept(&self, evidence: &SeriesEvidence<'_>) -> Option<Observation> {
        let (before, after) = (evidence.body(0)?, evidence.body(2)?);
        let observation = |location: String, rule: String, expected: &str, observed: &str| Observation {
            check: self.id(),
            severity: self.severity(),
            contract: evidence.operation.pointer.clone(),
            rule,
            location,
            expected: expected.to_owned(),
            observed: observed.to_owned(),
            note: None,
        };
        if let Some(total) = evidence.pagination(0).and_then(|it| it.total.clone()) {
            let count = |body: &Value| body.pointer(&total)?.as_u64();
            let is_more = count(after)? > count(before)?;
            let expected = "as many as before it was refused";
            return is_more.then(|| observation(total, "adds nothing".to_owned(), expected, "more"));
        }
        let (schema, sent) = sent(evidence, 1)?;
        let kept = copies(evidence, &schema, &sent, 2).into_iter().find_map(|root| {
            let place = kept(&sent, before.pointer(&root)?, after.pointer(&root)?, String::new())?;
            Some(format!("{root}{place}"))
        })?;
        let rule = format!("keeps nothing {}", generalise(&kept));
        Some(observation(kept, rule, "what was there before it was refused", "what was refused"))
    }
}

/// The first place at which two answers differ in more than in when, how and in which words they were given, and how.
pub(crate) fn changed(before: &Value, after: &Value) -> Option<(String, String)> {
    let (mut before, mut after) = (before.clone(), after.clone());
    forget(&mut before, &mut after);
    reword(&before, &mut after);
    difference(&before, &after)
}

/// Makes alike what is said to people.
fn reword(before: &Value, after: &mut Value) {
    match (before, after) {
        (Value::Array(before), Value::Array(after)) => {
            before.iter().zip(after).for_each(|(before, after)| reword(before, after));
        }
        (Value::Object(before), Value::Object(after)) => {
            for (name, after) in after {
                let Some(before) = before.get(name) else { continue };
                match (before, &mut *after) {
                    (Value::String(_), Value::String(_)) if WORDS.contains(&name.as_str()) => {
                        after.clone_from(before);
                    }
                    _ => reword(before, after),
                }
            }
        }
        _ => {}
    }
}

/// The first place at which what was sent stands after it, and stood not before.
fn kept(sent: &Value, before: &Value, after: &Value, at: String) -> Option<String> {
    match (sent, after) {
        (Value::Object(sent), Value::Object(after)) => sent.iter().find_map(|(name, sent)| {
            let before = before.get(name).unwrap_or(&Value::Null);
            kept(sent, before, after.get(name)?, format!("{at}/{}", escape(name)))
        }),
        _ => (sent == after && sent != before && !sent.is_null()).then_some(at),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{listed_around, read_around, sent, told};
    use crate::exchange::SeriesKind;

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
    fn accepts_what_happens_meanwhile_and_rejects_what_was_sent() {
        let around = |sent: &Value, before: &Value, after: &Value| {
            told("refusal_changes_nothing", &read_around(sent, before, after))
        };
        let was = json!({ "id": "a", "name": "old", "weight": 1 });
        let sent = json!({ "name": "new", "weight": "heavy" });
        assert_eq!(around(&sent, &was, &was), [""; 0]);
        assert_eq!(around(&sent, &was, &json!({ "id": "a", "name": "other", "weight": 2 })), [""; 0]);
        assert_eq!(around(&json!({ "name": "old" }), &was, &was), [""; 0]);
        assert_eq!(
            around(&sent, &was, &json!({ "id": "a", "name": "new", "weight": 1 })),
            ["keeps nothing /name | /name | what was refused"]
        );
        assert_eq!(told("refusal_changes_nothing", &listed_around(3, 3)), [""; 0]);
        assert_eq!(told("refusal_changes_nothing", &listed_around(3, 2)), [""; 0]);
        assert_eq!(
            told("refusal_changes_nothing", &listed_around(3, 4)),
            ["adds nothing | /page/total | more"]
        );
    }

    #[test]
    fn what_nothing_else_changes_is_as_it_was() {
        let sent = json!({ "weight": "heavy" });
        let around = |before: &Value, after: &Value| {
            told("refusal_changes_nothing", &read_around(&sent, before, after))
        };
        let was = |state: &str| json!({ "id": "a", "state": state, "name": "n", "updated_at": "2026-01-01T00:00:00Z" });
        let is = |state: &str| json!({ "id": "a", "state": state, "name": "m", "updated_at": "2026-01-02T00:00:00Z" });
        let mut later = was("open");
        later["updated_at"] = json!("2026-01-02T00:00:00Z");
        assert_eq!(around(&was("open"), &later), [""; 0], "times are other checks' business");
        let [one, other] = ["It lacks a name.", "A name is needed."].map(|message| {
            let mut said = was("open");
            said["errors"] = json!([{ "message": message }]);
            said
        });
        assert_eq!(around(&one, &other), [""; 0], "there are many words for it");
        assert_eq!(around(&was("sent"), &is("sent")), [""; 0], "it is left by itself");
        assert_eq!(
            around(&was("open"), &is("open")),
            ["changes nothing /name | /name | different: what is read after it has another string"]
        );
        let mut series = crate::checks::testing_series::sent(&[], 409, "open");
        series.exchanges[2].answer.body = br#"{"id":"a","state":"open","name":"other"}"#.to_vec().into();
        assert_eq!(told("refusal_changes_nothing", &series).len(), 1);
        if let SeriesKind::Transition { passes, .. } = &mut series.kind {
            *passes = true;
        }
        assert_eq!(told("refusal_changes_nothing", &series), [""; 0]);
    }

    #[test]
    fn what_was_accepted_is_told_by_that() {
        assert_eq!(told("refusal_changes_nothing", &sent(&[], 200, "sent")), [""; 0]);
        assert_eq!(told("refusal_changes_nothing", &sent(&["sent"], 409, "sent")), [""; 0]);
    }
}
