//! What a schema leaves open: optional properties, listed values, and the limits up to which anything goes.
//!
//! [`taken`] says which of these freedoms a value makes use of, and [`open`] which others it could, one at a time. Both
//! go through the value along its schema. Whether a changed value is valid is decided by the contract's own validator.

use std::collections::VecDeque;
use std::sync::Arc;

use driftline_specs::{Contract, Direction, pointer};
use serde_json::{Map, Number, Value};

use super::Reader;
use super::naming::{is_known_by, is_of_the_past, is_prose};
use super::pattern::extremes;
use super::personal::{Personal, personal};
use super::place::find;
use super::shape::{Kind, Node, Shape};

/// The freedoms, the most telling ones first: keywords of schemas, and what no keyword limits.
pub const FREEDOMS: [&str; 22] = [
    "optional",
    "enum",
    "maxLength",
    "maximum",
    "minimum",
    "minLength",
    "boolean",
    "minItems",
    "nullable",
    "pattern",
    Freedom::LETTERS,
    Freedom::ZERO,
    Freedom::FRACTION,
    Freedom::EMPTY,
    Freedom::LENGTH,
    Freedom::LEAP_DAY,
    Freedom::LOWER_CASE,
    Freedom::NONE,
    Freedom::NEGATIVE,
    Freedom::MANY,
    Freedom::BLANK,
    Freedom::LONG_AGO,
];

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

impl Freedom {
    /// A name or a description has letters beyond ASCII.
    pub const LETTERS: &str = "letters";
    /// A text of digits begins with zero, which a number would lose.
    pub const ZERO: &str = "leading zero";
    /// A number that need not be whole is not.
    pub const FRACTION: &str = "fraction";
    /// A list that may be left out has no items.
    pub const EMPTY: &str = "empty";
    /// A name or a description is long, and nothing limits it.
    pub const LENGTH: &str = "length";
    /// Somebody was born on 29 February.
    pub const LEAP_DAY: &str = "leap day";
    /// A day is a hundred years ago.
    pub const LONG_AGO: &str = "long ago";
    /// A code that has capital letters has small ones.
    pub const LOWER_CASE: &str = "lower case";
    /// A number that nothing limits is zero.
    pub const NONE: &str = "zero";
    /// A number that nothing limits is less than zero.
    pub const NEGATIVE: &str = "negative";
    /// A list that nothing limits has many items.
    pub const MANY: &str = "many";
    /// A text that may be empty is.
    pub const BLANK: &str = "blank";
}

/// How long a text is that is called long; people have such names.
const LONG: usize = 40;

/// How many items are many.
const MANY: usize = 8;

/// A year of long ago.
const LONG_AGO: &str = "1926";

/// Letters that many a name has.
const LETTERS: &str = "Zoë";

/// A day of birth that only some years have.
const LEAP_DAY: &str = "1984-02-29";

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
                let of_pattern = shape.text.patterns.iter().flat_map(|it| extremes(it));
                for extreme in of_pattern.filter(|it| it.chars().count() == length) {
                    add("pattern", Some(Value::String(extreme)));
                }
                for (keyword, is) in [
                    (Freedom::LETTERS, !text.is_ascii()),
                    (Freedom::ZERO, is_code(text) && text.starts_with('0')),
                    (Freedom::LENGTH, length >= LONG),
                    (Freedom::LEAP_DAY, text.ends_with("-02-29")),
                    (Freedom::LONG_AGO, text.starts_with("192")),
                    (Freedom::LOWER_CASE, is_lower_case(text)),
                    (Freedom::BLANK, text.is_empty()),
                ] {
                    if is {
                        add(keyword, Some(value.clone()));
                    }
                }
            }
            Value::Number(number) => {
                let is = |limit: Option<(f64, bool)>| limit.map(|it| it.0) == number.as_f64();
                let limits = [("maximum", is(shape.number.maximum)), ("minimum", is(shape.number.minimum))];
                for (keyword, _) in limits.iter().filter(|(_, is)| *is) {
                    add(keyword, Some(value.clone()));
                }
                let number = number.as_f64().unwrap_or(f64::NAN);
                for (keyword, is) in [
                    (Freedom::FRACTION, number.fract() != 0.0),
                    (Freedom::NONE, number == 0.0),
                    (Freedom::NEGATIVE, number < 0.0),
                ] {
                    if is {
                        add(keyword, Some(value.clone()));
                    }
                }
            }
            Value::Array(items) if items.is_empty() => add(Freedom::EMPTY, Some(value.clone())),
            Value::Array(items) if items.len() == shape.array.min => {
                add("minItems", Some(value.clone()));
            }
            Value::Array(items) if items.len() >= MANY => add(Freedom::MANY, Some(value.clone())),
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
        if let Value::String(text) = value
            && is_code(text)
            && !text.starts_with('0')
            && matches!(personal(&at.name), None | Some(Personal::ZipCode))
        {
            add(Freedom::ZERO, text.get(1..).map(|rest| Value::String(format!("0{rest}"))));
        }
        if let Value::String(text) = value
            && shape.text.format.is_none()
            && is_upper_case(text)
            && personal(&at.name).is_none()
        {
            add(Freedom::LOWER_CASE, Some(Value::String(text.to_ascii_lowercase())));
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
                if is_prose(&at.name) && length > 0 {
                    add(Freedom::LETTERS, Some(Value::String(format!("{text} {LETTERS}"))));
                    if shape.text.max.is_none() && length < LONG {
                        add(Freedom::LENGTH, Some(Value::String(text.chars().cycle().take(LONG).collect())));
                    }
                }
                if shape.text.min == 0 && at.is_optional && length > 0 && !is_known_by(&at.name) {
                    add(Freedom::BLANK, Some(Value::from("")));
                }
            }
            // A number of a person that is made up may be somebody's.
            Value::String(text) if shape.text.format.is_none() && personal(&at.name).is_none() => {
                let all = shape.text.patterns.iter().flat_map(|it| extremes(it));
                let others = all.filter(|it| it.chars().count() != text.chars().count());
                others.for_each(|it| add("pattern", Some(Value::String(it))));
            }
            Value::String(text) => {
                let is_birth = personal(&at.name) == Some(Personal::BirthDate);
                let is_date = shape.text.format.as_deref() == Some("date");
                if is_birth && is_date {
                    add(Freedom::LEAP_DAY, Some(Value::from(LEAP_DAY)));
                }
                if (is_birth || at.is_optional && is_of_the_past(&at.name)) && is_date {
                    add(Freedom::LONG_AGO, long_ago(text));
                }
            }
            Value::Number(current) => {
                let limits = [("maximum", shape.number.maximum), ("minimum", shape.number.minimum)];
                for (keyword, limit) in limits {
                    if let Some((limit, false)) = limit
                        && let Some(limit) = number(limit, shape)
                    {
                        add(keyword, Some(limit));
                    }
                }
                let is_whole = shape.kinds.contains(&Kind::Integer) || shape.number.multiple_of.is_some();
                let half = current.as_f64().filter(|it| !is_whole && it.fract() == 0.0).map(|it| it + 0.5);
                add_number(half, add);
                // A whole number may be a year, or count something.
                let may_be_less = shape.number.minimum.is_none() && !is_whole;
                if may_be_less && current.as_f64().is_some_and(|it| it > 0.0) {
                    add(Freedom::NONE, Some(Value::from(0)));
                    add(Freedom::NEGATIVE, Some(Value::from(-1)));
                }
            }
            Value::Array(items) if (1..items.len()).contains(&shape.array.min) => {
                add("minItems", items.get(..shape.array.min).map(|items| Value::Array(items.to_vec())));
            }
            Value::Array(items) if shape.array.min == 0 && !items.is_empty() && at.is_optional => {
                add(Freedom::EMPTY, Some(Value::Array(Vec::new())));
                if shape.array.max.is_none() && items.len() < MANY {
                    let many = items.iter().cycle().take(MANY).cloned();
                    add(Freedom::MANY, Some(Value::Array(many.collect())));
                }
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

fn add_number(number: Option<f64>, add: Add<'_>) {
    if let Some(number) = number.and_then(Number::from_f64) {
        add(Freedom::FRACTION, Some(Value::Number(number)));
    }
}

/// The same day of a year that is long ago; whoever takes the first of a month only takes this one.
fn long_ago(day: &str) -> Option<Value> {
    let rest = day.get(4..)?;
    Some(Value::from(format!("{LONG_AGO}{}", if rest == "-02-29" { "-02-28" } else { rest })))
}

/// Whether a text is a code of digits, as postal codes are; nine of them may be a number of a person, whatever it is called.
fn is_code(text: &str) -> bool {
    matches!(text.len(), 2..=8 | 10..) && text.bytes().all(|it| it.is_ascii_digit())
}

/// Whether a text is a code that has capital letters, and no small ones.
fn is_upper_case(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_digit() || it.is_ascii_uppercase()) && is_long_enough(text)
}

/// Whether a text is such a code in small letters.
fn is_lower_case(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_digit() || it.is_ascii_lowercase()) && is_long_enough(text)
}

/// Whether a code has as many characters as one that says something by its form, and letters and digits.
fn is_long_enough(text: &str) -> bool {
    let has = |of: fn(&u8) -> bool| text.bytes().any(|it| of(&it));
    text.len() >= 6 && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}

/// Where a walk is, and what it noted of the properties of the object there.
struct Properties {
    /// The name of the property there; empty for an item and for the whole.
    name: String,
    /// Whether it is a property that may be left out.
    is_optional: bool,
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
    let mut open = VecDeque::from([(Vec::<String>::new(), String::new(), false, node.clone())]);
    for _ in 0..PLACES {
        let Some((path, name, is_optional, node)) = open.pop_front() else { break };
        let whole = reader.shape(&node);
        let Some(value) = find(value, &path) else { continue };
        if whole.stays_out(Direction::Request) {
            continue;
        }
        let location = path.iter().fold(String::new(), |place, name| pointer::join(&place, name));
        for shape in alternatives(reader, &whole, value) {
            let contract = reader.contract().clone();
            let mut properties = Properties { name: name.clone(), is_optional, noted: Vec::new() };
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
                    open.extend(known.map(|(name, node)| {
                        let is_optional = !shape.object.required.contains(name);
                        (below(name.clone()), name.clone(), is_optional, node.clone())
                    }));
                }
                Value::Array(items) => {
                    for index in 0..items.len().min(ITEMS) {
                        let item = shape.array.item(index);
                        open.extend(
                            item.map(|node| (below(index.to_string()), String::new(), false, node.clone())),
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
