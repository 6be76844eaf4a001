//! Applies one overlay action at a time (Overlay 1.1, Action Object).
//!
//! Every value that an action sets is recorded as an edit, so that a later message about it points into the
//! overlay and not into the vendor's document.

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use super::{Action, Change, cost};
use crate::lineage::Edit;
use crate::pointer;
use crate::source::MAX_DEPTH;

/// How many values all actions of an overlay together may add: copying copies cannot fill the memory.
pub(super) const MAX_ADDED: usize = 500_000;

/// Why an action cannot be applied.
#[derive(Debug)]
pub(super) struct Failure {
    /// The member of the action that is to blame.
    pub(super) member: &'static str,
    pub(super) problem: String,
    pub(super) expected: Option<String>,
    pub(super) advice: String,
}

impl Failure {
    fn new(member: &'static str, problem: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { member, problem: problem.into(), expected: None, advice: advice.into() }
    }
}

/// A document that actions are applied to.
pub(super) struct Run<'d> {
    pub(super) document: &'d mut Value,
    pub(super) source: usize,
    pub(super) budget: &'d mut usize,
    pub(super) edits: &'d mut Vec<Edit>,
    pub(super) minor: u8,
}

/// A step of a normalised path; ordered so that later items of an array come after earlier ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Index(usize),
    Name(String),
}

type Location = Vec<Step>;

impl Run<'_> {
    pub(super) fn action(&mut self, action: &Action) -> Result<(), Failure> {
        self.check_cost("target", &action.target_text)?;
        if let Change::Copy { text, .. } = &action.change {
            self.check_cost("copy", text)?;
        }
        let mut locations = self.select(&action.target);
        locations.sort();
        locations.dedup();
        if locations.is_empty() {
            return Err(Failure::new(
                "target",
                "the target matches nothing in the document",
                "correct the target, or delete the action if the vendor has removed the place",
            ));
        }
        let (value, member) = match &action.change {
            Change::Remove => return self.remove(&locations),
            Change::Update(value) => (value.clone(), "update"),
            Change::Copy { from, text } => (self.copied(from, text)?, "copy"),
        };
        self.check_kinds(&locations)?;
        let origin = vec!["actions".to_owned(), action.index.to_string(), member.to_owned()];
        let (size, levels) = (count(&value), depth(&value));
        for location in &locations {
            if location.len() + levels > MAX_DEPTH {
                let advice = format!("keep the document within {MAX_DEPTH} levels");
                return Err(Failure::new(member, "the document nests too deeply with this", advice));
            }
            *self.budget = self.budget.checked_sub(size).ok_or_else(|| {
                Failure::new(
                    member,
                    "the overlay adds too much",
                    format!("add at most {MAX_ADDED} values in all"),
                )
            })?;
            let at = tokens(location);
            let target = pointer::lookup_mut(self.document, &at).ok_or_else(|| vanished(&at))?;
            let mut merge = Merge {
                member,
                minor: self.minor,
                source: self.source,
                edits: self.edits,
                copied: member == "copy",
            };
            merge.update(target, value.clone(), &at, &origin)?;
        }
        Ok(())
    }

    fn check_cost(&self, member: &'static str, query: &str) -> Result<(), Failure> {
        if !cost::is_excessive(query, self.document) {
            return Ok(());
        }
        let mut failure = Failure::new(
            member,
            "the query would look at too many values of the document",
            "name the places more closely: with one `..`, and without `$` inside of a filter",
        );
        failure.expected = Some(format!("at most {} of them", cost::MAX_VISITS));
        Err(failure)
    }

    fn select(&self, query: &JsonPath) -> Vec<Location> {
        query
            .query_located(self.document)
            .iter()
            .map(|node| {
                node.location()
                    .iter()
                    .map(|element| match element {
                        PathElement::Name(name) => Step::Name((*name).to_owned()),
                        PathElement::Index(index) => Step::Index(*index),
                    })
                    .collect()
            })
            .collect()
    }

    fn copied(&self, from: &JsonPath, text: &str) -> Result<Value, Failure> {
        let nodes = from.query(self.document).all();
        match nodes.as_slice() {
            [value] => Ok((*value).clone()),
            several => Err(Failure::new(
                "copy",
                format!("{text} selects {} values", several.len()),
                "write a query that selects exactly one value",
            )),
        }
    }

    /// Several nodes are all objects, all arrays or all primitives.
    fn check_kinds(&self, locations: &[Location]) -> Result<(), Failure> {
        let mut kinds = locations
            .iter()
            .filter_map(|location| pointer::lookup(self.document, &tokens(location)))
            .map(kind);
        let Some(first) = kinds.next() else { return Ok(()) };
        match kinds.find(|kind| *kind != first) {
            None => Ok(()),
            Some(other) => Err(Failure::new(
                "target",
                format!("the target selects both {first} and {other}"),
                "write one action for each",
            )),
        }
    }

    fn remove(&mut self, locations: &[Location]) -> Result<(), Failure> {
        // From the last one backwards, so that removing one item does not move the next.
        for location in locations.iter().rev() {
            let Some((last, parent)) = location.split_last() else {
                return Err(Failure::new(
                    "target",
                    "the whole document cannot be removed",
                    "target a part of it",
                ));
            };
            let parent = tokens(parent);
            match (pointer::lookup_mut(self.document, &parent), last) {
                (Some(Value::Object(members)), Step::Name(name)) => {
                    members.shift_remove(name);
                }
                (Some(Value::Array(items)), Step::Index(index)) if *index < items.len() => {
                    items.remove(*index);
                    self.edits.push(Edit::Removed { array: parent, index: *index });
                }
                _ => return Err(vanished(&parent)),
            }
        }
        Ok(())
    }
}

/// Merges one value into one target.
struct Merge<'e> {
    member: &'static str,
    minor: u8,
    source: usize,
    edits: &'e mut Vec<Edit>,
    copied: bool,
}

impl Merge<'_> {
    fn update(
        &mut self,
        target: &mut Value,
        value: Value,
        at: &[String],
        from: &[String],
    ) -> Result<(), Failure> {
        match (target, value) {
            (Value::Array(items), Value::Array(added)) => {
                self.concatenate(items, added, at, from);
                Ok(())
            }
            (Value::Array(items), entry) => {
                self.record(&extended(at, &items.len().to_string()), from);
                items.push(entry);
                Ok(())
            }
            (target, value)
                if self.minor == 0 && kind(target) == "primitives" && kind(&value) == "primitives" =>
            {
                Err(Failure::new(
                    self.member,
                    "overlay 1.0 cannot replace a primitive value",
                    "say `overlay: 1.1.0`, or target the object around it",
                ))
            }
            (target, value) => self.merge(target, value, at, from),
        }
    }

    /// Merges recursively; the depth is bounded by that of the two documents.
    fn merge(
        &mut self,
        target: &mut Value,
        value: Value,
        at: &[String],
        from: &[String],
    ) -> Result<(), Failure> {
        match (target, value) {
            (Value::Object(members), Value::Object(added)) => {
                for (key, value) in added {
                    let (at, from) = (extended(at, &key), self.origin(from, &key));
                    match members.get_mut(&key) {
                        Some(member) => self.merge(member, value, &at, &from)?,
                        None => {
                            self.record(&at, &from);
                            members.insert(key, value);
                        }
                    }
                }
                Ok(())
            }
            (Value::Array(items), Value::Array(added)) => {
                self.concatenate(items, added, at, from);
                Ok(())
            }
            (target, value) if kind(target) == "primitives" && kind(&value) == "primitives" => {
                self.record(at, from);
                *target = value;
                Ok(())
            }
            (target, value) => {
                let mut failure = Failure::new(
                    self.member,
                    format!(
                        "{} cannot be merged into {} at {}",
                        one(&value),
                        one(target),
                        pointer::from_tokens(at)
                    ),
                    "remove the old value with an action of its own first",
                );
                failure.expected = Some(one(target).to_owned());
                Err(failure)
            }
        }
    }

    fn concatenate(&mut self, items: &mut Vec<Value>, added: Vec<Value>, at: &[String], from: &[String]) {
        for (index, value) in added.into_iter().enumerate() {
            let from = self.origin(from, &index.to_string());
            self.record(&extended(at, &items.len().to_string()), &from);
            items.push(value);
        }
    }

    /// What is copied has no text in the overlay but the query.
    fn origin(&self, from: &[String], token: &str) -> Vec<String> {
        if self.copied { from.to_vec() } else { extended(from, token) }
    }

    fn record(&mut self, at: &[String], from: &[String]) {
        self.edits.push(Edit::Set { at: at.to_vec(), source: self.source, from: from.to_vec() });
    }
}

fn extended(tokens: &[String], token: &str) -> Vec<String> {
    tokens.iter().cloned().chain([token.to_owned()]).collect()
}

fn tokens(location: &[Step]) -> Vec<String> {
    location
        .iter()
        .map(|step| match step {
            Step::Name(name) => name.clone(),
            Step::Index(index) => index.to_string(),
        })
        .collect()
}

fn vanished(at: &[String]) -> Failure {
    let place = pointer::from_tokens(at);
    Failure::new(
        "target",
        format!("{place} is no longer there"),
        "split the action so that it does not target what it changes",
    )
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "objects",
        Value::Array(_) => "arrays",
        _ => "primitives",
    }
}

fn one(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        _ => "a primitive value",
    }
}

/// Counts the levels of arrays and objects in a value.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// Counts the values in a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0_usize,
    }
}
