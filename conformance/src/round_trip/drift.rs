//! Values as a partner's next version may send them: each departs from a valid one in one place, in a way in which
//! APIs grow.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};

use super::place::children;
use crate::pointer::escape;
use crate::strategy::{Additional, Kind, Node, Reader, Shape};

/// How many values are made of one.
const MOST: usize = 48;

/// A text that no contract lists.
const UNKNOWN: &str = "driftline-unknown";

/// A way in which values drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// A value that an enum does not list.
    UnknownEnumValue,
    /// A property that the schema does not declare.
    UnknownProperty,
    /// A discriminator's value that leads to no alternative.
    UnknownTag,
    /// `null` for an optional property that may not be null.
    NullForOptional,
    /// `null` for a required property, an item or a value of a map that may not be null.
    NullForRequired,
    /// An integer written as a float.
    IntegerAsFloat,
    /// 2^53 + 1, which a float does not hold.
    LargeInteger,
}

/// What became of the drifted values of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drifted {
    /// How many were tried.
    pub values: usize,
    /// How many came back the same.
    pub same: usize,
    /// How many were refused by an error that names the place and the null that stands there.
    pub refused: usize,
}

/// The counts of every kind.
pub type Drifts = BTreeMap<Drift, Drifted>;

/// One drifted value.
pub(super) struct DriftedValue {
    pub(super) drift: Drift,
    /// Where it departs, as a JSON Pointer.
    pub(super) location: String,
    pub(super) value: Value,
}

/// Makes drifted values of a valid value of the schema at a place.
pub(super) fn drifted(reader: &mut Reader, schema: &str, value: &Value) -> Vec<DriftedValue> {
    let mut sites = Vec::new();
    visit(reader, &[Node::at(schema)], value, String::new(), &mut sites);
    let mut seen = HashSet::new();
    sites
        .into_iter()
        .filter_map(|Site { drift, location, put }| {
            let mut drifted = value.clone();
            *drifted.pointer_mut(&location)? = put;
            (drifted != *value && seen.insert(drifted.to_string())).then_some(DriftedValue {
                drift,
                location,
                value: drifted,
            })
        })
        .take(MOST)
        .collect()
}

struct Site {
    drift: Drift,
    location: String,
    put: Value,
}

/// The shapes of nodes, each with those of its alternatives.
fn shapes(reader: &mut Reader, nodes: &[Node]) -> Vec<Arc<Shape>> {
    let mut open: Vec<Arc<Shape>> = nodes.iter().map(|node| reader.shape(node)).collect();
    let mut followed = HashSet::new();
    let mut found = Vec::new();
    while let Some(shape) = open.pop() {
        let is_new = shape.branches_at.as_ref().is_none_or(|place| followed.insert(place.clone()));
        if is_new {
            for branch in &shape.branches {
                open.push(reader.branch(&shape, branch));
            }
        }
        found.push(shape);
    }
    found
}

fn visit(reader: &mut Reader, nodes: &[Node], value: &Value, location: String, sites: &mut Vec<Site>) {
    if sites.len() >= 4 * MOST {
        return;
    }
    let shapes = shapes(reader, nodes);
    let mut site =
        |drift, location: &str, put| sites.push(Site { drift, location: location.to_owned(), put });
    match value {
        Value::Object(properties) => {
            for tag in tags(&shapes).iter().filter(|tag| properties.contains_key(*tag)) {
                site(Drift::UnknownTag, &format!("{location}/{}", escape(tag)), json!(UNKNOWN));
            }
            let declares = shapes.iter().any(|shape| !shape.object.properties.is_empty());
            if declares && !shapes.iter().any(|it| matches!(it.object.additional, Additional::Schema(_))) {
                let mut grown = properties.clone();
                grown.insert(UNKNOWN.to_owned(), json!({"kept": [1, null]}));
                site(Drift::UnknownProperty, &location, Value::Object(grown));
            }
        }
        Value::String(_) if shapes.iter().any(|shape| lists(shape, Value::is_string)) => {
            site(Drift::UnknownEnumValue, &location, json!(UNKNOWN));
        }
        Value::Number(number)
            if !number.is_f64() && shapes.iter().any(|shape| lists(shape, Value::is_number)) =>
        {
            site(Drift::UnknownEnumValue, &location, json!(987_654_321));
        }
        Value::Number(number) => {
            let is_integer = shapes.iter().any(|shape| shape.kinds.contains(&Kind::Integer));
            let exact = number.as_f64().filter(|float| !number.is_f64() && float.abs() < 2_f64.powi(53));
            if let Some(float) = exact.and_then(Number::from_f64).filter(|_| is_integer) {
                site(Drift::IntegerAsFloat, &location, Value::Number(float));
                site(Drift::LargeInteger, &location, json!(9_007_199_254_740_993_i64));
            }
        }
        _ => {}
    }
    match value {
        Value::Object(properties) => {
            let required: BTreeSet<&String> =
                shapes.iter().flat_map(|shape| &shape.object.required).collect();
            for (name, inner) in properties {
                let place = format!("{location}/{}", escape(name));
                let below = below(reader, nodes, name);
                let declared = shapes.iter().any(|shape| shape.property(name).is_some());
                let drift = if declared && !required.contains(name) {
                    Drift::NullForOptional
                } else {
                    Drift::NullForRequired
                };
                step(reader, &below, inner, place, drift, sites);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate().take(2) {
                let below = below(reader, nodes, &index.to_string());
                step(reader, &below, inner, format!("{location}/{index}"), Drift::NullForRequired, sites);
            }
        }
        _ => {}
    }
}

/// Goes on to a part of a value; one that may not be null becomes null.
fn step(
    reader: &mut Reader,
    nodes: &[Node],
    value: &Value,
    location: String,
    drift: Drift,
    sites: &mut Vec<Site>,
) {
    if nodes.is_empty() {
        return;
    }
    let shapes = shapes(reader, nodes);
    let says = |shape: &Arc<Shape>| !shape.kinds.is_empty() || shape.choices.is_some();
    if !value.is_null() && shapes.iter().any(says) && !shapes.iter().any(|shape| shape.nullable) {
        sites.push(Site { drift, location: location.clone(), put: Value::Null });
    }
    visit(reader, nodes, value, location, sites);
}

fn below(reader: &mut Reader, nodes: &[Node], step: &str) -> Vec<Node> {
    let mut found = Vec::new();
    for node in nodes {
        let shape = reader.shape(node);
        children(reader, &shape, step, &mut HashSet::new(), &mut found);
    }
    found
}

/// The properties by which the alternatives of shapes are told apart.
fn tags(shapes: &[Arc<Shape>]) -> BTreeSet<String> {
    let branches = shapes.iter().flat_map(|shape| &shape.branches);
    let tags = branches.filter_map(|branch| match branch {
        Node::Tagged { property, .. } => Some(property.clone()),
        _ => None,
    });
    tags.collect()
}

fn lists(shape: &Shape, kind: fn(&Value) -> bool) -> bool {
    shape.choices.as_ref().is_some_and(|choices| choices.iter().any(kind))
}
