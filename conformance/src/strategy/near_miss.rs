//! Near misses: a valid value with exactly one constraint broken at one place.
//!
//! [`candidates`] goes through a valid value along its schema, shallow places first, and says which keywords can be
//! broken where. Whether one really breaks that keyword, and nothing anywhere else, is decided by the contract's own
//! validator in [`Candidate::judge`]; most callers need only some of them, so nothing is validated before that.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use driftline_specs::{Contract, Direction, Validator, Violation, pointer};
use serde_json::Value;

use super::Reader;
use super::breach::{Edit, breaches};
use super::place::{find, remove, set};
use super::shape::{Additional, Node, Shape};

/// The keywords that are broken, the most telling ones first.
///
/// `nullable` is `null` where it is not allowed. It is told apart from another wrong type because endpoints that take
/// `null` for an absent property are many, and those that take a number for text are not.
pub const KEYWORDS: [&str; 15] = [
    "required",
    "enum",
    "maxLength",
    "type",
    "maximum",
    "minimum",
    "pattern",
    "format",
    "minLength",
    "nullable",
    "additionalProperties",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
];

/// The name of a property that no schema declares.
pub(crate) const UNDECLARED: &str = "undeclaredProperty";

/// How many places of a value are looked at.
const PLACES: usize = 4000;

/// How many alternatives of a union are looked into.
const ALTERNATIVES: usize = 16;

/// How deep alternatives inside alternatives are followed.
const NESTED: usize = 2;

/// How a value reaches the endpoint, which decides what can be told apart there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Written {
    /// As JSON.
    Json,
    /// As text: a parameter.
    Text,
    /// As an object of texts: a form.
    Form,
}

/// A keyword that can perhaps be broken at a place.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// One of [`KEYWORDS`].
    pub keyword: &'static str,
    /// Which of the manners this is in which the keyword can be broken there: 0 is the most telling one.
    pub manner: usize,
    /// The place in the value, as a JSON Pointer.
    pub location: String,
    path: Vec<String>,
    /// Ways to break it, the best first.
    edits: Vec<Edit>,
}

/// A value that breaks one constraint at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct NearMiss {
    /// The value.
    pub value: Value,
    /// The place in the value, as a JSON Pointer.
    pub location: String,
    /// The place in the contract whose constraint is broken.
    pub contract: String,
    /// The keyword that is broken: the candidate's, or that of the union which the place belongs to.
    pub keyword: String,
    /// What the contract asks for.
    pub expected: String,
}

/// Returns what can perhaps be broken in a valid value of a node, the same every time.
///
/// Optional properties that the value lacks count when they hold no further parts.
pub fn candidates(reader: &mut Reader, node: &Node, base: &Value, written: Written) -> Vec<Candidate> {
    let mut found = Found::default();
    let mut open = VecDeque::from([(Vec::<String>::new(), node.clone())]);
    for _ in 0..PLACES {
        let Some((path, node)) = open.pop_front() else { break };
        let whole = reader.shape(&node);
        if whole.stays_out(Direction::Request) {
            continue;
        }
        let value = find(base, &path);
        for shape in alternatives(reader, &whole, NESTED) {
            let mut manners: HashMap<&'static str, usize> = HashMap::new();
            for (keyword, edits) in breaches(&shape, value, written) {
                let manner = manners.entry(keyword).or_default();
                found.add(keyword, *manner, &path, edits);
                *manner += 1;
            }
            // What hangs from a part of a form is written as one text.
            let goes_on = match written {
                Written::Json => true,
                Written::Form => value.is_some_and(Value::is_array) || path.is_empty(),
                Written::Text => value.is_some_and(Value::is_array),
            };
            if goes_on && let Some(value) = value {
                parts(reader, &shape, value, &path, &mut found, &mut open);
            }
        }
    }
    found.candidates
}

/// Adds what can be broken about the parts of an object or array, and the parts themselves.
fn parts(
    reader: &mut Reader,
    shape: &Shape,
    value: &Value,
    path: &[String],
    found: &mut Found,
    open: &mut VecDeque<(Vec<String>, Node)>,
) {
    let at = |name: &str| path.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>();
    match value {
        Value::Object(members) => {
            for name in shape.object.required.iter().filter(|name| members.contains_key(*name)) {
                let declared = shape.property(name).map(|node| reader.shape(node));
                if declared.is_none_or(|it| !it.stays_out(Direction::Request)) {
                    found.add("required", 0, &at(name), vec![Edit::Remove]);
                }
            }
            open.extend(shape.object.properties.iter().map(|(name, node)| (at(name), node.clone())));
            match &shape.object.additional {
                Additional::Closed => {
                    let text = Edit::Set(Value::String("text".to_owned()));
                    found.add("additionalProperties", 0, &at(UNDECLARED), vec![text]);
                }
                Additional::Schema(node) => {
                    let other = members.keys().find(|name| shape.property(name).is_none());
                    open.extend(other.map(|name| (at(name), node.clone())));
                }
                Additional::Unstated | Additional::Any => {}
            }
        }
        Value::Array(items) => {
            // One item stands for all that have the same schema.
            for index in 0..items.len().min(shape.array.prefix.len().max(1)) {
                open.extend(shape.array.item(index).map(|node| (at(&index.to_string()), node.clone())));
            }
        }
        _ => {}
    }
}

/// Returns the shapes that a value may have: the shape itself, or each of its alternatives.
pub(super) fn alternatives(reader: &mut Reader, shape: &Arc<Shape>, depth: usize) -> Vec<Arc<Shape>> {
    if shape.branches.is_empty() || depth == 0 {
        return vec![Arc::clone(shape)];
    }
    let mut all = Vec::new();
    for branch in shape.branches.iter().take(ALTERNATIVES) {
        let whole = reader.branch(shape, branch);
        all.extend(alternatives(reader, &whole, depth - 1));
    }
    all.truncate(ALTERNATIVES);
    all
}

/// The candidates so far; alternatives add further ways to break the same keyword at the same place in the same manner.
#[derive(Default)]
struct Found {
    candidates: Vec<Candidate>,
    known: HashMap<(&'static str, usize, String), usize>,
}

impl Found {
    fn add(&mut self, keyword: &'static str, manner: usize, path: &[String], edits: Vec<Edit>) {
        let location = path.iter().fold(String::new(), |place, name| pointer::join(&place, name));
        let key = (keyword, manner, location.clone());
        let at = *self.known.entry(key).or_insert(self.candidates.len());
        match self.candidates.get_mut(at) {
            Some(known) => known.edits.extend(edits),
            None => {
                self.candidates.push(Candidate { keyword, manner, location, path: path.to_vec(), edits });
            }
        }
    }
}

impl Candidate {
    /// Returns the near miss; `None` when the validator sees none, another one, or something else as well.
    ///
    /// Several keywords may be broken at the one place where they cannot be told apart, as by a number where an enum
    /// lists texts; a way to break only one is taken where there is one.
    #[must_use]
    pub fn judge(&self, contract: &Contract, validator: &Validator, base: &Value) -> Option<NearMiss> {
        let mut several = None;
        for edit in &self.edits {
            let mut value = base.clone();
            match edit {
                Edit::Remove => remove(&mut value, &self.path),
                Edit::Set(leaf) => set(&mut value, &self.path, leaf.clone()),
            }
            let violations = validator.violations(&value);
            let Some(broken) = self.broken(&violations) else { continue };
            let miss = NearMiss {
                value,
                location: self.location.clone(),
                contract: place(contract, broken),
                // That null is forbidden is said by the type.
                keyword: match (self.keyword, broken.keyword.as_str()) {
                    ("nullable", "type") => "nullable".to_owned(),
                    (_, keyword) => keyword.to_owned(),
                },
                expected: broken.expected.clone(),
            };
            if violations.len() == 1 {
                return Some(miss);
            }
            several.get_or_insert(miss);
        }
        several
    }

    /// Returns the violation that was meant, when all violations are at its place.
    fn broken<'v>(&self, violations: &'v [Violation]) -> Option<&'v Violation> {
        let parent = self.location.rsplit_once('/').map_or("", |(parent, _)| parent);
        let is_union = |it: &Violation| matches!(it.keyword.as_str(), "oneOf" | "anyOf");
        let is_here = |it: &Violation| {
            let at = it.property.as_ref().map(|name| pointer::join(&it.instance, name));
            at.as_ref().unwrap_or(&it.instance) == &self.location
                // A union is violated as a whole, so what is wrong in an alternative shows at the union.
                || is_union(it) && (it.instance == parent || it.instance == self.location)
        };
        let is_meant = |it: &Violation| match self.keyword {
            "nullable" => it.keyword == "type",
            "minimum" => matches!(it.keyword.as_str(), "minimum" | "exclusiveMinimum"),
            "maximum" => matches!(it.keyword.as_str(), "maximum" | "exclusiveMaximum"),
            keyword => it.keyword == keyword,
        };
        if !violations.iter().all(is_here) {
            return None;
        }
        violations.iter().find(|it| is_meant(it)).or_else(|| violations.iter().find(|it| is_union(it)))
    }
}

/// Returns the place in the contract that a violation is about: a property that is missing is declared somewhere.
fn place(contract: &Contract, violation: &Violation) -> String {
    let declared = violation
        .property
        .as_ref()
        .map(|property| pointer::join(&pointer::join(&violation.schema, "properties"), property));
    declared.filter(|it| contract.at(it).is_some()).unwrap_or_else(|| violation.schema.clone())
}
