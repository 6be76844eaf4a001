//! Changes of a known-good value in one property, with everything else as it was.
//!
//! A value that an endpoint accepts satisfies rules that no schema states. What differs from it in one property only
//! most likely still does, so the change is what the answer is about. [`changes`] goes through a value along its schema,
//! shallow places first. A changed value is a candidate: whether the contract allows it is for its validator to say.

use std::collections::{HashMap, HashSet, VecDeque};

use driftline_specs::pointer;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::coverage::Builder;
use super::near_miss::alternatives;
use super::place::{find, remove, set};
use super::shape::{Node, Shape};
use super::value::Generator;

/// How many places of a value are looked at.
const PLACES: usize = 4000;

/// The most changes of one value.
const MOST: usize = 2000;

/// How deep alternatives inside alternatives are followed.
const NESTED: usize = 2;

/// A change of one property.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The place in the value, as a JSON Pointer.
    pub location: String,
    path: Vec<String>,
    /// What is put there; `None` where something is left out.
    leaf: Option<Value>,
}

impl Change {
    /// Whether something is left out there.
    pub(crate) fn is_absent(&self) -> bool {
        self.leaf.is_none()
    }

    /// Returns the value with the change.
    #[must_use]
    pub fn of(&self, base: &Value) -> Value {
        let mut value = base.clone();
        match &self.leaf {
            Some(leaf) => set(&mut value, &self.path, leaf.clone()),
            None => remove(&mut value, &self.path),
        }
        value
    }
}

/// Returns the changes of one property that a value of a node admits, the places taking turns; the same every time that
/// the runner is the same.
pub fn changes(generator: &mut Generator, node: &Node, base: &Value, runner: &mut TestRunner) -> Vec<Change> {
    let mut walk =
        Walk { builder: Builder::new(generator, runner), found: Vec::new(), known: HashSet::new() };
    let mut open = VecDeque::from([(Vec::<String>::new(), String::new(), node.clone())]);
    for _ in 0..PLACES {
        let Some((path, name, node)) = open.pop_front().filter(|_| walk.found.len() < MOST) else { break };
        let Some(current) = find(base, &path) else { continue };
        if walk.builder.generator.stays_out(&node) {
            continue;
        }
        let whole = walk.builder.generator.reader().shape(&node);
        for shape in alternatives(walk.builder.generator.reader(), &whole, NESTED) {
            walk.values(&path, &name, &shape, current);
            walk.parts(&path, &name, &shape, current, &mut open);
        }
    }
    in_turns(walk.found)
}

/// Lets the places take turns, so that the first few changes are of many places.
fn in_turns(found: Vec<Change>) -> Vec<Change> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut ranked: Vec<(usize, Change)> = found
        .into_iter()
        .map(|change| {
            let count = counts.entry(change.location.clone()).or_default();
            *count += 1;
            (*count, change)
        })
        .collect();
    ranked.sort_by_key(|(turn, _)| *turn);
    ranked.into_iter().map(|(_, change)| change).collect()
}

/// The way through a value.
struct Walk<'g> {
    builder: Builder<'g>,
    found: Vec<Change>,
    /// What was found already; alternatives have much in common.
    known: HashSet<(Vec<String>, String)>,
}

impl Walk<'_> {
    fn add(&mut self, path: &[String], leaf: Option<Value>) {
        let written = leaf.as_ref().map(Value::to_string).unwrap_or_default();
        if self.known.insert((path.to_vec(), written)) {
            let location = path.iter().fold(String::new(), |place, name| pointer::join(&place, name));
            self.found.push(Change { location, path: path.to_vec(), leaf });
        }
    }

    /// Other values of a place.
    fn values(&mut self, path: &[String], name: &str, shape: &Shape, current: &Value) {
        let mut values = self.builder.edges(name, shape);
        values.extend(shape.choices.iter().flat_map(|choices| choices.first().cloned()));
        if let Value::Bool(is) = current {
            values = vec![Value::Bool(!is)];
        }
        values.retain(|value| value != current);
        for value in values {
            self.add(path, Some(value));
        }
    }

    /// Properties that come or go, and what is to be looked into next.
    fn parts(
        &mut self,
        path: &[String],
        name: &str,
        shape: &Shape,
        current: &Value,
        open: &mut VecDeque<(Vec<String>, String, Node)>,
    ) {
        let at = |name: &str| path.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>();
        match current {
            Value::Object(members) => {
                for (name, node) in &shape.object.properties {
                    let is_there = members.contains_key(name);
                    if is_there {
                        open.push_back((at(name), name.clone(), node.clone()));
                    }
                    if shape.object.required.contains(name) || self.builder.generator.stays_out(node) {
                        continue;
                    }
                    if is_there {
                        self.add(&at(name), None);
                    } else if let Some(value) = self.builder.least(name, node) {
                        self.add(&at(name), Some(value));
                    }
                }
            }
            Value::Array(items) => {
                // One item stands for all that have the same schema.
                for index in 0..items.len().min(shape.array.prefix.len().max(1)) {
                    if let Some(item) = shape.array.item(index) {
                        open.push_back((at(&index.to_string()), name.to_owned(), item.clone()));
                    }
                }
            }
            _ => {}
        }
    }
}
