//! What a run has created, so that it can end it and say what it left.
//!
//! A resource counts as created when an operation succeeded whose answer leads to it and whose request did not name it.
//! What was listed, and what belongs to somebody else, never gets here.

use std::collections::{BTreeMap, BTreeSet};

use driftline_specs::{Contract, Lifecycle, Method, Operation};
use serde_json::Value;

use super::Recipe;
use super::feeds::{Feed, Seen, resource};
use crate::checks::Judge;
use crate::exchange::Intent;
use crate::report::CleanUp;
use crate::request::PathValues;
use crate::target::Answer;

/// Of so many resources the places are kept; the others are counted only.
const MOST: usize = 20_000;

/// Where a resource is: its path template, and what stands in it.
pub(crate) type Place = (String, PathValues);

/// How resources of one path template are ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ender {
    /// An operation with DELETE on the resource itself.
    Delete(String),
    /// An operation that leads to a state which nothing leads out of.
    Transition {
        /// The operation that reads the resource.
        read: String,
        /// JSON Pointer of the state in its answer.
        state: String,
        /// The operation by the state that it is possible in.
        operations: BTreeMap<String, String>,
        /// The states in which a resource has ended.
        last: BTreeSet<String>,
    },
}

/// What a run has created.
#[derive(Debug, Default)]
pub(crate) struct Created {
    /// What answers of an operation lead to.
    leads: BTreeMap<String, Vec<(String, Feed)>>,
    /// How resources of a path template are ended.
    enders: BTreeMap<String, Ender>,
    /// The operations that end a resource.
    ending: BTreeSet<String>,
    /// What is there still, with its place in the order of creation.
    open: BTreeMap<Place, u64>,
    /// How many resources were created.
    pub(crate) count: u64,
    /// How many of them were ended.
    pub(crate) ended: u64,
}

impl Created {
    /// Returns the book of a run that has created nothing yet.
    pub(crate) fn new(
        contract: &Contract,
        feeds: &BTreeMap<String, Vec<Feed>>,
        lifecycle: Option<&Lifecycle>,
    ) -> Created {
        let mut created = Created::default();
        for consumer in contract.operations() {
            for feed in feeds.get(&consumer.id).into_iter().flatten().filter(|feed| feed.list().is_none()) {
                let template = resource(consumer);
                let last = template.rsplit_once("/{").map_or("", |(_, name)| name.trim_end_matches('}'));
                // What leads to a resource above leads to that one only.
                if !feed.fills(last) {
                    continue;
                }
                let leads = created.leads.entry(feed.producer.clone()).or_default();
                let lead = (template.to_owned(), feed.clone());
                if !leads.contains(&lead) {
                    leads.push(lead);
                }
            }
            if consumer.method == Method::Delete && resource(consumer) == consumer.path {
                created.ending.insert(consumer.id.clone());
                created.enders.insert(consumer.path.clone(), Ender::Delete(consumer.id.clone()));
            }
        }
        for known in lifecycle.into_iter().flat_map(|it| &it.resources) {
            let Some(reader) = contract.operation(&known.read) else { continue };
            let left: BTreeSet<&String> = known.transitions.iter().flat_map(|it| &it.from).collect();
            let last: BTreeSet<String> = known
                .transitions
                .iter()
                .flat_map(|it| &it.to)
                .filter(|it| !left.contains(it))
                .cloned()
                .collect();
            let mut operations = BTreeMap::new();
            for transition in &known.transitions {
                let is_last = !transition.to.is_empty() && transition.to.iter().all(|to| last.contains(to));
                if let Some(operation) = transition.operation.as_ref().filter(|_| is_last) {
                    created.ending.insert(operation.clone());
                    operations.extend(transition.from.iter().map(|from| (from.clone(), operation.clone())));
                }
            }
            let ender =
                Ender::Transition { read: known.read.clone(), state: known.state.clone(), operations, last };
            created.enders.entry(resource(reader).to_owned()).or_insert(ender);
        }
        created
    }

    /// Notes what a request that succeeded has created or ended.
    pub(crate) fn note(&mut self, operation: &Operation, recipe: &Recipe, answer: &Answer, judge: &Judge) {
        // A method that the contract does not document does nobody knows what.
        if operation.method.is_safe() || matches!(recipe.intent, Intent::OtherMethod(_)) {
            return;
        }
        let path = within(&operation.path, named(recipe));
        if self.ending.contains(&operation.id) {
            self.end(&(resource(operation).to_owned(), path));
            return;
        }
        let values = recipe.path.values();
        let mut found = false;
        let mut places = Vec::new();
        if let Some(leads) = self.leads.get(&operation.id) {
            let body = judge.json(&answer.body).unwrap_or_default();
            let seen = Seen { case: &recipe.case, path: &values, answer, body: &body };
            for (template, feed) in leads {
                let Some(given) = feed.values(seen, 0) else { continue };
                found = true;
                // What the request named was there before.
                let is_new = !given.values().all(|value| path.values().any(|known| known == value));
                // A resource below another one has the path values of that one as well.
                let place = within(template, values.clone().into_iter().chain(given).collect());
                if is_new || (operation.method == Method::Put && answer.status == 201) {
                    places.push((template.clone(), place));
                }
            }
        }
        places.into_iter().for_each(|place| self.add(place));
        // Created, and nothing says where it is.
        if !found && answer.status == 201 {
            self.count += 1;
        }
    }

    /// Returns how many were created, ended and left.
    pub(crate) fn summary(&self) -> CleanUp {
        CleanUp { created: self.count, ended: self.ended, left: self.count - self.ended, requests: 0 }
    }

    fn add(&mut self, place: Place) {
        if self.open.contains_key(&place) {
            return;
        }
        self.count += 1;
        if self.open.len() < MOST {
            self.open.insert(place, self.count);
        }
    }

    /// Notes that a resource has ended, if it is one that the run created.
    pub(crate) fn end(&mut self, place: &Place) {
        if self.open.remove(place).is_some() {
            self.ended += 1;
        }
    }

    /// Returns what can be ended, what lies below others first, then the latest first.
    pub(crate) fn to_end(&self) -> Vec<(Place, Ender)> {
        let mut open: Vec<(&Place, &u64)> = self.open.iter().collect();
        open.sort_by_key(|((template, _), order)| {
            std::cmp::Reverse((template.matches('{').count(), **order))
        });
        let known = open.into_iter();
        known.filter_map(|(place, _)| Some((place.clone(), self.enders.get(&place.0)?.clone()))).collect()
    }
}

/// The path values that a template has parameters for: other paths may call the same by another name.
fn within(template: &str, mut values: PathValues) -> PathValues {
    values.retain(|name, _| template.contains(&format!("{{{name}}}")));
    values
}

/// The path values that a request named.
fn named(recipe: &Recipe) -> PathValues {
    let own = recipe.case.value.get("path").and_then(Value::as_object);
    let own = own
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    own.chain(recipe.path.values()).collect()
}
