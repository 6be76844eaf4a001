//! A group as it is stored and shown.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::steps::Steps;
use crate::shelf::Weigh;

/// What makes an onboarding halt.
const STALLS: &str = "stall";

/// The properties that callers set. What a body holds besides these is not stored: unlike `EnrollConnect`,
/// nothing says that it would be.
const SETTABLE: [&str; 4] = ["external_id", "name", "fein", "broker"];

/// The properties of a broker.
const OF_BROKER: [&str; 3] = ["name", "email", "phone"];

/// An employer group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) number: u64,
    details: Map<String, Value>,
    pub(super) steps: Steps,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl Group {
    pub(super) fn new(number: u64, body: &Value, steps: Steps, now: Timestamp) -> Group {
        let mut group = Group { number, details: Map::new(), steps, created_at: now, updated_at: now };
        group.change(body, now);
        group
    }

    /// Takes over what a body names and leaves the rest. Returns whether the broker is another one now.
    pub(super) fn change(&mut self, body: &Value, now: Timestamp) -> bool {
        let before = self.details.get("broker").cloned();
        for name in SETTABLE {
            if let Some(value) = body.get(name) {
                let value = if name == "broker" { only(value, &OF_BROKER) } else { value.clone() };
                self.details.insert(name.to_owned(), value);
            }
        }
        self.updated_at = now;
        before.as_ref() != self.details.get("broker")
    }

    pub(super) fn id(&self) -> String {
        id_of(self.number)
    }

    pub(super) fn state(&self, now: Timestamp) -> &'static str {
        if self.steps.are_done(now) { "onboarded" } else { "awaiting_final_steps" }
    }

    /// The `Group` of the contract.
    pub(super) fn to_json(&self, now: Timestamp) -> Value {
        let mut view = Map::new();
        view.insert("group_id".to_owned(), self.id().into());
        view.extend(self.details.clone());
        view.insert("registration_status".to_owned(), self.state(now).into());
        view.insert("pending_actions".to_owned(), self.steps.pending(now).into());
        view.insert("created_at".to_owned(), self.created_at.to_string().into());
        view.insert("updated_at".to_owned(), self.updated_at.to_string().into());
        Value::Object(view)
    }
}

impl Weigh for Group {
    fn weight(&self) -> usize {
        let of = |value: &Value| match value {
            Value::Object(members) => members.values().filter_map(Value::as_str).map(str::len).sum(),
            other => other.as_str().map_or(0, str::len),
        };
        // Some hundred bytes for each entry's name and value, and for each step.
        1024 + self.details.values().map(of).sum::<usize>()
    }
}

/// Whether the onboarding of this registration halts.
pub(super) fn stalls(body: &Value) -> bool {
    body.get("external_id").and_then(Value::as_str).is_some_and(|id| id.starts_with(STALLS))
}

/// The identifier of the group with this number.
pub(super) fn id_of(number: u64) -> String {
    format!("GRP{number:08}")
}

/// The number in an identifier, when it is written as this API writes it.
pub(super) fn number_of(id: &str) -> Option<u64> {
    let number = id.strip_prefix("GRP")?.parse().ok()?;
    (id_of(number) == id).then_some(number)
}

fn only(value: &Value, names: &[&str]) -> Value {
    let kept = names.iter().filter_map(|name| Some((*name, value.get(*name)?.clone())));
    json!(kept.collect::<std::collections::BTreeMap<_, _>>())
}
