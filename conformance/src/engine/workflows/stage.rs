//! What a play has at hand, whichever of its workflows is under way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Performance, Play};
use crate::engine::Recipe;
use crate::recording::Pinned;
use crate::scenario::Calls;

/// How many texts of answers are kept.
const TEXTS: usize = 10_000;

/// What a workflow has at hand while it is played.
pub(super) struct Stage {
    pub(super) play: Arc<Play>,
    pub(super) performance: Performance,
    pub(super) calls: Calls,
    /// How many steps were taken, tries of the same one included.
    pub(super) steps: usize,
    /// How often each step was over.
    pub(super) visits: BTreeMap<String, usize>,
    /// What was sent, beside what was sent when the workflow was recorded.
    pub(super) pins: Vec<Pinned>,
    /// Texts of answers about what the workflow has created, its identifiers among them.
    pub(super) own: BTreeSet<String>,
}

impl Stage {
    /// Returns what a play begins with.
    pub(super) fn new(play: &Arc<Play>) -> Stage {
        Stage {
            play: Arc::clone(play),
            performance: Performance::default(),
            calls: play.before.clone(),
            steps: 0,
            visits: BTreeMap::new(),
            pins: Vec::new(),
            own: BTreeSet::new(),
        }
    }

    /// Whether a request is about nothing yet, or about what the workflow has created.
    pub(super) fn own_by(&self, path: Option<&Value>) -> bool {
        let values = path.and_then(Value::as_object).into_iter().flat_map(Map::values);
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        values.into_iter().all(|value| self.own.contains(&text(value)))
    }

    /// Notes what a write has answered: what it created is the workflow's own.
    pub(super) fn note_own(&mut self, recipe: &Recipe, body: &[u8]) {
        if !self.own_by(recipe.case.value.get("path")) {
            return;
        }
        let mut open: Vec<Value> = serde_json::from_slice(body).into_iter().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::Object(members) => open.extend(members.into_iter().map(|(_, value)| value)),
                Value::Array(items) => open.extend(items),
                Value::String(text) if self.own.len() < TEXTS => drop(self.own.insert(text)),
                Value::Number(number) if self.own.len() < TEXTS => drop(self.own.insert(number.to_string())),
                _ => {}
            }
        }
    }
}
