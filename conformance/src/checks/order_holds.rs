//! `order_holds`: a list that is asked for in an order is in that order.
//!
//! What a listed value of a parameter like `sort` means is read from it: the name of a property of the items, and a sign or
//! a word for the direction. Without either, both directions will do. Numbers and times are compared, and texts of plain
//! letters, about whose order nobody disagrees; items without a value may stand anywhere.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;

/// See the module.
pub(super) struct OrderHolds;

impl Check for OrderHolds {
    fn id(&self) -> &'static str {
        "order_holds"
    }

    fn summary(&self) -> &'static str {
        "a list that is asked for in an order is in that order"
    }

    fn reason(&self) -> &'static str {
        "a client that asks for the newest or the cheapest takes the first item for it"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Order { parameter, property, descends } = &evidence.series.kind else { return };
        let items = evidence.items(0);
        let wanted = plain(property);
        let members = items.first().and_then(Value::as_object).into_iter().flatten();
        let Some(name) = members.map(|(name, _)| name).find(|name| plain(name) == wanted) else { return };
        let values = items.iter().filter_map(|item| item.get(name)).filter(|value| !value.is_null());
        let Some(keys) = values.map(key).collect::<Option<Vec<Key>>>() else { return };
        let mut steps = Vec::new();
        for pair in keys.windows(2) {
            match pair {
                [one, other] => match one.cmp(other) {
                    Some(step) => steps.push(step),
                    None => return,
                },
                _ => return,
            }
        }
        let goes = |way: Ordering| steps.contains(&way);
        let is_wrong = match descends {
            Some(true) => goes(Ordering::Less),
            Some(false) => goes(Ordering::Greater),
            None => goes(Ordering::Less) && goes(Ordering::Greater),
        };
        if is_wrong {
            let place = evidence.operation.parameters.iter().find(|it| it.name == *parameter);
            let items = evidence.pagination(0).map(|it| it.items.as_str()).unwrap_or_default();
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: format!("{items}/*/{name}"),
                contract: place.map_or_else(|| evidence.operation.pointer.clone(), |it| it.pointer.clone()),
                rule: format!("order {property}"),
                expected: format!("items in the order that `{parameter}` asks for"),
                observed: "in another order".to_owned(),
                note: None,
            });
        }
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// What is compared.
enum Key {
    Number(f64),
    Time(jiff::Timestamp),
    Date(jiff::civil::Date),
    Text(String),
}

impl Key {
    /// Compares two of a kind.
    fn cmp(&self, other: &Key) -> Option<Ordering> {
        match (self, other) {
            (Key::Number(a), Key::Number(b)) => a.partial_cmp(b),
            (Key::Time(a), Key::Time(b)) => Some(a.cmp(b)),
            (Key::Date(a), Key::Date(b)) => Some(a.cmp(b)),
            (Key::Text(a), Key::Text(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

fn key(value: &Value) -> Option<Key> {
    match value {
        Value::Number(number) => number.as_f64().map(Key::Number),
        Value::String(text) => {
            if let Ok(time) = text.parse() {
                return Some(Key::Time(time));
            }
            if let Ok(date) = text.parse() {
                return Some(Key::Date(date));
            }
            let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase());
            is_plain.then(|| Key::Text(text.clone()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{judged, ordered, told};

    fn weights(weights: &[i32]) -> Vec<Value> {
        weights.iter().map(|weight| json!({ "id": "a", "weight": weight })).collect()
    }

    fn of(descends: Option<bool>, items: &[Value]) -> Vec<String> {
        told("order_holds", &ordered("weight", descends, items))
    }

    #[test]
    fn accepts_the_order_that_was_asked_for() {
        assert_eq!(of(Some(false), &weights(&[1, 2, 2, 10])), [""; 0]);
        assert_eq!(of(Some(true), &weights(&[10, 2, 2, 1])), [""; 0]);
        assert_eq!(of(None, &weights(&[1, 2, 3])), [""; 0]);
        assert_eq!(of(None, &weights(&[3, 2, 1])), [""; 0]);
        assert_eq!(of(Some(true), &[]), [""; 0]);
    }

    #[test]
    fn rejects_another_order() {
        let found = judged("order_holds", &ordered("weight", Some(true), &weights(&[1, 2])));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].location.as_str(), found[0].rule.as_str()),
            ("/parcels/*/weight", "order weight")
        );
        assert_eq!(of(Some(false), &weights(&[1, 3, 2])).len(), 1);
        assert_eq!(of(None, &weights(&[1, 3, 2])).len(), 1);
    }

    #[test]
    fn times_are_compared_as_times_and_names_in_any_case() {
        let seen =
            |times: &[&str]| -> Vec<Value> { times.iter().map(|time| json!({ "seenAt": time })).collect() };
        let told = |items: &[Value]| told("order_holds", &ordered("seen_at", Some(false), items));
        assert_eq!(told(&seen(&["2026-01-01T23:00:00-05:00", "2026-01-02T05:00:00Z"])), [""; 0]);
        assert_eq!(told(&seen(&["2026-01-02T05:00:00Z", "2026-01-01T23:00:00-05:00"])).len(), 1);
        assert_eq!(told(&seen(&["2026-01-02", "2026-01-01"])).len(), 1);
    }

    #[test]
    fn what_people_sort_in_different_ways_proves_nothing() {
        for (one, other) in [("b", "A"), ("a10", "a2"), ("é", "d"), ("b c", "b-a")] {
            let items = [json!({ "weight": one }), json!({ "weight": other })];
            assert_eq!(of(Some(false), &items), [""; 0]);
        }
        assert_eq!(of(Some(false), &[json!({ "weight": "b" }), json!({ "weight": "a" })]).len(), 1);
        let mixed = [json!({ "weight": 2 }), json!({ "weight": "a" })];
        assert_eq!(of(Some(false), &mixed), [""; 0]);
        let empty = [json!({ "weight": null }), json!({ "weight": 2 }), json!({}), json!({ "weight": 3 })];
        assert_eq!(of(Some(false), &empty), [""; 0]);
    }
}
