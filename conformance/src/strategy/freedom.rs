//! What a schema leaves open: optional properties, listed values, and the limits up to which anything goes.
//!
//! [`taken`] says which of these freedoms a value makes use of, and [`open`] which others it could, one at a time. Both
//! go through the value along its schema. Whether a changed value is valid is decided by the contract's own validator.

use std::collections::VecDeque;
use std::sync::Arc;

use driftline_specs::{Contract, Direction, pointer};
use serde_json::{Map, Number, Value};

use super::Reader;
use super::place::find;
use super::shape::{Kind, Node, Shape};

/// The freedoms, the most telling ones first.
pub const FREEDOMS: [&str; 9] =
    ["optional", "enum", "maxLength", "maximum", "minimum", "minLength", "boolean", "minItems", "nullable"];

/// How many places of a value are looked at.
const PLACES: usize = 4000;

/// How many items of an array are looked at.
const ITEMS: usize = 4;

/// How many alternatives of a union are looked at.
const ALTERNATIVES: usize = 16;

/// The longest text that is made to reach a `maxLength`.
const LONGEST: u64 = 4096;

/// One thing that a schema allows at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freedom {
    /// One of [`FREEDOMS`].
    pub keyword: &'static str,
    /// The place in the value, as a JSON Pointer.
    pub location: String,
    /// The place in the contract that allows it.
    pub contract: String,
    /// What stands there; nothing where the property is left out.
    pub value: Option<Value>,
}

/// Returns the freedoms that a valid value of a node makes use of.
pub fn taken(reader: &mut Reader, node: &Node, value: &Value) -> Vec<Freedom> {
    walk(reader, node, value, &mut |at, shape, value, add| {
        if value.is_null() {
            add("nullable", Some(Value::Null));
        } else if shape.choices.is_some() {
            add("enum", Some(value.clone()));
        }
        match value {
            Value::Bool(_) => add("boolean", Some(value.clone())),
            Value::String(text) => {
                let length = text.chars().count();
                let limits = [("maxLength", shape.text.max), ("minLength", Some(shape.text.min))];
                for (keyword, _) in limits.iter().filter(|(_, limit)| *limit == Some(length) && length > 0) {
                    add(keyword, Some(value.clone()));
                }
            }
            Value::Number(number) => {
                let is = |limit: Option<(f64, bool)>| limit.map(|it| it.0) == number.as_f64();
                let limits = [("maximum", is(shape.number.maximum)), ("minimum", is(shape.number.minimum))];
                for (keyword, _) in limits.iter().filter(|(_, is)| *is) {
                    add(keyword, Some(value.clone()));
                }
            }
            Value::Array(items) if items.len() == shape.array.min && !items.is_empty() => {
                add("minItems", Some(value.clone()));
            }
            Value::Object(members) => at.lacking(shape, members),
            _ => {}
        }
    })
}

/// Returns what else a schema allows in a valid value of a node: each freedom is one change to the value.
pub fn open(reader: &mut Reader, node: &Node, value: &Value) -> Vec<Freedom> {
    walk(reader, node, value, &mut |at, shape, value, add| {
        if shape.nullable && !value.is_null() {
            add("nullable", Some(Value::Null));
        }
        if let Some(choices) = &shape.choices {
            choices
                .iter()
                .filter(|choice| *choice != value)
                .for_each(|choice| add("enum", Some(choice.clone())));
            return;
        }
        match value {
            Value::Bool(flag) => add("boolean", Some(Value::Bool(!flag))),
            // What a pattern or a format says of a text is not kept by making it longer or shorter.
            Value::String(text) if shape.text.patterns.is_empty() && shape.text.format.is_none() => {
                let length = text.chars().count();
                let longest = shape.text.max.filter(|max| length > 0 && *max > length);
                if let Some(max) = longest.filter(|max| *max as u64 <= LONGEST) {
                    add("maxLength", Some(Value::String(text.chars().cycle().take(max).collect())));
                }
                if (1..length).contains(&shape.text.min) {
                    add("minLength", Some(Value::String(text.chars().take(shape.text.min).collect())));
                }
            }
            Value::Number(_) => {
                let limits = [("maximum", shape.number.maximum), ("minimum", shape.number.minimum)];
                for (keyword, limit) in limits {
                    if let Some((limit, false)) = limit
                        && let Some(limit) = number(limit, shape)
                    {
                        add(keyword, Some(limit));
                    }
                }
            }
            Value::Array(items) if (1..items.len()).contains(&shape.array.min) => {
                add("minItems", items.get(..shape.array.min).map(|items| Value::Array(items.to_vec())));
            }
            Value::Object(members) => at.removable(shape, members),
            _ => {}
        }
    })
}

/// A limit as the number that a request holds.
fn number(limit: f64, shape: &Shape) -> Option<Value> {
    let is_whole = limit.fract() == 0.0 && limit.abs() < 9.0e15;
    if is_whole {
        return Some(Value::from(limit as i64));
    }
    (!shape.kinds.contains(&Kind::Integer)).then(|| Number::from_f64(limit).map(Value::Number)).flatten()
}

/// Where a walk is, and what it noted of the properties of the object there.
struct Properties {
    noted: Vec<(String, Node)>,
}

impl Properties {
    /// Notes the optional properties that an object lacks.
    fn lacking(&mut self, shape: &Shape, members: &Map<String, Value>) {
        self.note(shape, |name| !members.contains_key(name));
    }

    /// Notes the optional properties that an object has.
    fn removable(&mut self, shape: &Shape, members: &Map<String, Value>) {
        self.note(shape, |name| members.contains_key(name));
    }

    fn note(&mut self, shape: &Shape, is: impl Fn(&str) -> bool) {
        let optional =
            shape.object.properties.iter().filter(|(name, _)| !shape.object.required.contains(name));
        self.noted.extend(optional.filter(|(name, _)| is(name)).cloned());
    }
}

type Add<'a> = &'a mut dyn FnMut(&'static str, Option<Value>);
type Look<'l> = &'l mut dyn FnMut(&mut Properties, &Shape, &Value, Add<'_>);

/// Goes through a value along its schema, and collects what is found at each place.
fn walk(reader: &mut Reader, node: &Node, value: &Value, look: Look<'_>) -> Vec<Freedom> {
    let mut found: Vec<Freedom> = Vec::new();
    let mut open = VecDeque::from([(Vec::<String>::new(), node.clone())]);
    for _ in 0..PLACES {
        let Some((path, node)) = open.pop_front() else { break };
        let whole = reader.shape(&node);
        let Some(value) = find(value, &path) else { continue };
        if whole.stays_out(Direction::Request) {
            continue;
        }
        let location = path.iter().fold(String::new(), |place, name| pointer::join(&place, name));
        for shape in alternatives(reader, &whole, value) {
            let contract = reader.contract().clone();
            let mut properties = Properties { noted: Vec::new() };
            look(&mut properties, &shape, value, &mut |keyword, value| {
                let contract = stated(&contract, &node, keyword);
                found.push(Freedom { keyword, location: location.clone(), contract, value });
            });
            for (name, node) in properties.noted {
                if !reader.shape(&node).stays_out(Direction::Request) {
                    let (location, contract) = (pointer::join(&location, &name), place(&node));
                    found.push(Freedom { keyword: "optional", location, contract, value: None });
                }
            }
            let below = |name: String| path.iter().cloned().chain([name]).collect::<Vec<_>>();
            match value {
                Value::Object(members) => {
                    let known = shape.object.properties.iter().filter(|(name, _)| members.contains_key(name));
                    open.extend(known.map(|(name, node)| (below(name.clone()), node.clone())));
                }
                Value::Array(items) => {
                    for index in 0..items.len().min(ITEMS) {
                        open.extend(
                            shape.array.item(index).map(|node| (below(index.to_string()), node.clone())),
                        );
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// Returns the shape of a value, or that of each alternative which it may be of.
fn alternatives(reader: &mut Reader, whole: &Arc<Shape>, value: &Value) -> Vec<Arc<Shape>> {
    if whole.branches.is_empty() {
        return vec![Arc::clone(whole)];
    }
    let branches = whole.branches.iter().take(ALTERNATIVES);
    let shapes: Vec<Arc<Shape>> = branches.map(|branch| reader.branch(whole, branch)).collect();
    let fits = |shape: &Arc<Shape>| match value.as_object() {
        Some(members) => {
            shape.object.required.iter().all(|name| members.contains_key(name))
                && members.keys().all(|name| shape.property(name).is_some())
        }
        None => true,
    };
    shapes.into_iter().filter(fits).collect()
}

/// The place of a node in the contract; empty for one that was put together.
fn place(node: &Node) -> String {
    match node {
        Node::Places(places) => places.first().cloned().unwrap_or_default(),
        Node::Tagged { place, .. } => place.clone(),
        Node::Fixed(_) | Node::Shape(_) => String::new(),
    }
}

/// How deep `allOf` is followed to where a keyword stands.
const MEMBERS: usize = 6;

/// The place where a node's keyword stands: its own, or that of one of its `allOf`.
fn stated(contract: &Contract, node: &Node, keyword: &str) -> String {
    let otherwise = place(node);
    let places = match node {
        Node::Places(places) => places.clone(),
        _ => vec![otherwise.clone()],
    };
    let found = places.iter().find_map(|place| below(contract, place, keyword, MEMBERS));
    // That a type is boolean is said by `type`.
    found.or_else(|| contract.resolve(&otherwise).map(|(place, _)| place)).unwrap_or(otherwise)
}

fn below(contract: &Contract, place: &str, keyword: &str, depth: usize) -> Option<String> {
    let (place, schema) = contract.resolve(place)?;
    if schema.get(keyword).is_some() {
        return Some(place);
    }
    let members = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    let depth = depth.checked_sub(1)?;
    (0..members).find_map(|index| below(contract, &format!("{place}/allOf/{index}"), keyword, depth))
}
