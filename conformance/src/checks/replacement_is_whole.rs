//! `replacement_is_whole`: what a `PUT` leaves out is gone afterwards.
//!
//! A `PUT` asks that the state of the resource be what its body says (RFC 9110 section 9.3.4). What was written first and
//! left out the second time may come back as nothing, as its default, or as what the endpoint has also put there where a
//! creation left it out. An operation whose description speaks of a part is taken at its word.

use driftline_specs::{Method, Operation};
use serde_json::Value;

use super::copies::{copies, sent};
use super::{Check, Evidence, Observation, SeriesEvidence, Severity};
use crate::exchange::{SeriesKind, Trial};
use crate::pointer::{escape, generalise};

/// See the module.
pub(super) struct ReplacementIsWhole;

impl Check for ReplacementIsWhole {
    fn id(&self) -> &'static str {
        "replacement_is_whole"
    }

    fn summary(&self) -> &'static str {
        "what a `PUT` leaves out is gone afterwards"
    }

    fn reason(&self) -> &'static str {
        "a client that takes something away by leaving it out goes on with what it believes to be gone"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    // Nothing is told of one exchange; a creation shows what the endpoint puts where nothing was written.
    fn judge(&self, evidence: &Evidence<'_>, _: &mut Vec<Observation>) {
        let (exchange, written) = (evidence.exchange, evidence.exchange.request.body.as_ref());
        let is_created = evidence.operation.method == Method::Post
            && exchange.intent.is_valid()
            && (200..300).contains(&exchange.answer.status);
        let (Some(written), Some(answered), true) = (written, &evidence.json, is_created) else { return };
        let Ok(sent) = serde_json::from_str::<Value>(&written.content) else { return };
        let mut supplied = Vec::new();
        missing(&sent, answered, String::new(), &mut supplied);
        let mut known = evidence.known();
        supplied.iter().for_each(|(location, value)| known.note_supplied(location, value));
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::Rewrite { .. })
            || evidence.series.trial != Trial::First
            || evidence.operation.method != Method::Put
            || is_partial(evidence.operation)
        {
            return;
        }
        let (Some((schema, first)), Some((_, second))) = (sent(evidence, 0), sent(evidence, 2)) else {
            return;
        };
        let (Some(before), Some(after)) = (evidence.body(1), evidence.body(3)) else { return };
        for root in copies(evidence, &schema, &first, 1) {
            let (Some(before), Some(after)) = (before.pointer(&root), after.pointer(&root)) else { continue };
            for (location, inside) in kept(&first, &second, before, after, "") {
                let place = evidence.declared(&schema, &inside).unwrap_or_else(|| schema.clone());
                let default = evidence.contract.resolve(&place).and_then(|(_, schema)| schema.get("default"));
                let value = after.pointer(&location);
                let is_supplied = |value| evidence.known().was_supplied(&format!("{root}{location}"), value);
                if default.is_some_and(|default| value == Some(default)) || value.is_some_and(is_supplied) {
                    continue;
                }
                found.push(Observation {
                    check: self.id(),
                    severity: self.severity(),
                    contract: place,
                    rule: format!("replaced {}", generalise(&location)),
                    location: format!("{root}{location}"),
                    expected: "nothing, since the replacement leaves it out".to_owned(),
                    observed: "what was written before".to_owned(),
                    note: None,
                });
            }
        }
    }
}

/// The values of an answer that were not sent, neither there nor below the object that they stand in.
fn missing(sent: &Value, answered: &Value, at: String, found: &mut Vec<(String, Value)>) {
    for (name, value) in answered.as_object().into_iter().flatten() {
        let place = format!("{at}/{}", escape(name));
        match (value, sent.get(name)) {
            (Value::Object(_), Some(own)) => missing(own, value, place, found),
            // What was sent may stand as a whole in a property of its own.
            (Value::Object(_), None) if at.is_empty() => missing(sent, value, place, found),
            (Value::String(_) | Value::Number(_), None) => found.push((place, value.clone())),
            _ => {}
        }
    }
}

/// Whether an operation says that it changes a part.
fn is_partial(operation: &Operation) -> bool {
    let said = [operation.summary.as_deref(), operation.description.as_deref()];
    let said = said.into_iter().flatten().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    ["partial", "patch", "merge", "unchanged", "as it is", "as they are", "only the"]
        .iter()
        .any(|it| said.contains(it))
}

/// The places of what was written first, left out the second time, and is read after both, with their names.
fn kept(
    first: &Value,
    second: &Value,
    before: &Value,
    after: &Value,
    at: &str,
) -> Vec<(String, Vec<String>)> {
    let (Value::Object(first), Value::Object(second)) = (first, second) else { return Vec::new() };
    let mut kept = Vec::new();
    for (name, written) in first {
        let (Some(before), Some(after)) = (before.get(name), after.get(name)) else { continue };
        let location = format!("{at}/{}", escape(name));
        let inside = match second.get(name) {
            Some(again) => self::kept(written, again, before, after, &location),
            // What stands there by itself proves nothing, and what is there in part may be made of something else.
            None if before == written && after == written && says_something(written) => {
                kept.push((location, vec![name.clone()]));
                continue;
            }
            None => continue,
        };
        kept.extend(
            inside
                .into_iter()
                .map(|(location, inside)| (location, [name.clone()].into_iter().chain(inside).collect())),
        );
    }
    kept
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => members.values().any(says_something),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{judged, rewritten, told};
    use crate::exchange::Trial;

    const FULL: &str = r#"{"name":"n","note":"m","address":{"city":"Here"},"tags":["x"]}"#;

    /// What is told where the second time only the name is written, and this is read then.
    fn after(read: &Value) -> Vec<String> {
        let full: Value = serde_json::from_str(FULL).unwrap();
        told("replacement_is_whole", &rewritten(Trial::First, FULL, r#"{"name":"o"}"#, &full, read))
    }

    #[test]
    fn accepts_nothing_null_and_another_value() {
        assert_eq!(after(&json!({ "name": "o" })), [""; 0]);
        assert_eq!(after(&json!({ "name": "o", "note": null, "address": {}, "tags": [] })), [""; 0]);
        assert_eq!(after(&json!({ "name": "o", "note": "made up" })), [""; 0]);
    }

    #[test]
    fn rejects_what_is_still_there() {
        let told = after(&json!({ "name": "o", "note": "m", "address": { "city": "Here" } }));
        assert_eq!(
            told,
            [
                "replaced /note | /note | what was written before",
                "replaced /address | /address | what was written before"
            ]
        );
    }

    #[test]
    fn looks_into_what_was_replaced_by_less() {
        let full: Value = serde_json::from_str(FULL).unwrap();
        let second = r#"{"name":"n","address":{}}"#;
        let series = rewritten(Trial::First, FULL, second, &full, &json!({ "address": { "city": "Here" } }));
        let found = judged("replacement_is_whole", &series);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].location, "/address/city");
        assert_eq!(found[0].contract, "#/components/schemas/NewParcel/properties/address/properties/city");
    }

    #[test]
    fn what_was_not_read_before_was_never_kept() {
        let series = rewritten(
            Trial::First,
            FULL,
            r#"{"name":"o"}"#,
            &json!({ "note": "x" }),
            &json!({ "note": "m" }),
        );
        assert_eq!(told("replacement_is_whole", &series), [""; 0]);
    }

    #[test]
    fn what_a_creation_got_without_asking_is_what_the_endpoint_puts_there() {
        let supplied = |sent: Value, answered: Value| {
            let mut found = Vec::new();
            super::missing(&sent, &answered, String::new(), &mut found);
            found.into_iter().map(|(place, _)| place).collect::<Vec<_>>()
        };
        let answered = json!({ "id": "a", "name": "n", "due": "2026-01-01", "address": { "city": "Here", "zip": "1" },
            "ordered": { "name": "n", "due": "2026-01-01" }, "note": null });
        let sent = json!({ "name": "n", "address": { "city": "Here" } });
        assert_eq!(supplied(sent, answered), ["/id", "/due", "/address/zip", "/ordered/due"]);
    }

    #[test]
    fn what_comes_back_as_its_default_is_not_kept() {
        let (full, less) = (r#"{"size":"small","name":"n"}"#, r#"{"name":"n"}"#);
        let read = json!({ "size": "small", "name": "n" });
        assert_eq!(told("replacement_is_whole", &rewritten(Trial::First, full, less, &read, &read)), [""; 0]);
    }
}
