//! Reads shapes out of a contract: follows references, merges `allOf`, lists alternatives.
//!
//! Every place is read once. Contracts may be hostile: a schema that is part of itself, or members that
//! double all the way down, end where they began.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use driftline_specs::Contract;
use driftline_specs::pointer::join as join_pointer;
use serde_json::{Map, Value};

use super::shape::{Additional, ArrayLimits, Kind, Node, NumberLimits, Shape, TextLimits};

/// How deep `allOf` inside `allOf` is followed.
const MERGE_DEPTH: usize = 24;

/// Reads shapes out of a contract, each place once.
#[derive(Debug)]
pub struct Reader {
    contract: Contract,
    shapes: HashMap<Vec<String>, Arc<Shape>>,
    merged: HashMap<String, Shape>,
}

impl Reader {
    /// Returns a reader that has read nothing yet.
    #[must_use]
    pub fn new(contract: Contract) -> Reader {
        Reader { contract, shapes: HashMap::new(), merged: HashMap::new() }
    }

    /// Returns the contract that is read.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Returns the shape of a node.
    pub fn shape(&mut self, node: &Node) -> Arc<Shape> {
        match node {
            Node::Shape(shape) => Arc::clone(shape),
            Node::Fixed(value) => Arc::new(Shape { choices: Some(vec![value.clone()]), ..Shape::default() }),
            Node::Tagged { place, property, tag, stated } => {
                Arc::new(self.tagged(place, property, tag, *stated))
            }
            Node::Places(places) => {
                if let Some(shape) = self.shapes.get(places) {
                    return Arc::clone(shape);
                }
                let mut shape = Shape::default();
                for place in places {
                    let read = self.read(place, &mut Vec::new());
                    merge(&mut shape, read);
                }
                let shape = Arc::new(shape);
                self.shapes.insert(places.clone(), Arc::clone(&shape));
                shape
            }
        }
    }

    /// Returns the shape of one alternative: the schema's own constraints and the branch's.
    pub fn branch(&mut self, shape: &Shape, branch: &Node) -> Arc<Shape> {
        let mut whole = Shape { branches: Vec::new(), branches_at: None, ..shape.clone() };
        let read = self.shape(branch);
        merge(&mut whole, (*read).clone());
        if whole.branches_at == shape.branches_at {
            // An alternative that names its parent, as discriminators have it: it is decided already.
            whole.branches.clear();
            whole.branches_at = None;
        }
        Arc::new(whole)
    }

    /// Reads an alternative, and fixes its discriminator unless the alternative knows better.
    fn tagged(&mut self, place: &str, property: &str, tag: &str, stated: bool) -> Shape {
        let mut shape = self.read(place, &mut Vec::new());
        let declared = shape.property(property).cloned();
        let choices = declared.and_then(|node| self.shape(&node).choices.clone());
        let tag = Value::String(tag.to_owned());
        let own = match choices {
            Some(choices) => !choices.contains(&tag),
            // An alternative that has alternatives itself leaves it to them; those of its parent are not its own.
            None => {
                let parent = shape.branches_at.as_ref().is_none_or(|at| place.starts_with(&format!("{at}/")));
                !stated && !parent
            }
        };
        if !own {
            let fixed = Node::Fixed(tag);
            match shape.object.properties.iter_mut().find(|(name, _)| name == property) {
                Some((_, node)) => *node = fixed,
                None => shape.object.properties.push((property.to_owned(), fixed)),
            }
        }
        shape.object.required.insert(property.to_owned());
        shape
    }

    /// Reads a schema with its `allOf`; `open` holds the places that are being read.
    fn read(&mut self, pointer: &str, open: &mut Vec<String>) -> Shape {
        let Some((pointer, Value::Object(schema))) = self.contract.resolve(pointer) else {
            return Shape::default();
        };
        if let Some(shape) = self.merged.get(&pointer) {
            return shape.clone();
        }
        // A schema that is part of itself says nothing more the second time.
        if open.len() > MERGE_DEPTH || open.contains(&pointer) {
            return Shape::default();
        }
        let mut shape = Shape::default();
        read_keywords(&mut shape, &pointer, schema);
        let members = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = schema.get(keyword)
                && shape.branches.is_empty()
            {
                shape.branches = alternatives(&pointer, keyword, schema, branches);
                shape.branches_at = Some(pointer.clone());
            }
        }
        open.push(pointer.clone());
        for index in 0..members {
            let member = self.read(&format!("{pointer}/allOf/{index}"), open);
            // `nullable` beside `allOf` speaks for the whole; the validator has the last word.
            merge(&mut shape, member);
        }
        open.pop();
        self.merged.insert(pointer, shape.clone());
        shape
    }
}

/// Lists the alternatives; a discriminator fixes its property in each.
fn alternatives(pointer: &str, keyword: &str, schema: &Map<String, Value>, branches: &[Value]) -> Vec<Node> {
    let discriminator = schema.get("discriminator");
    let property = discriminator.and_then(|it| it.get("propertyName")).and_then(Value::as_str);
    let mapping = discriminator.and_then(|it| it.get("mapping")).and_then(Value::as_object);
    let tag_of = |reference: &str| {
        let last = reference.rsplit('/').next().unwrap_or_default();
        let names = |target: &Value| target.as_str().is_some_and(|it| it == reference || it == last);
        let mapped = mapping.and_then(|it| it.iter().find(|(_, target)| names(target)));
        mapped.map_or_else(|| (last.to_owned(), false), |(tag, _)| (tag.clone(), true))
    };
    let node = |(index, branch): (usize, &Value)| {
        let place = format!("{pointer}/{keyword}/{index}");
        let reference = branch.get("$ref").and_then(Value::as_str);
        match property.zip(reference) {
            Some((property, reference)) => {
                let (tag, stated) = tag_of(reference);
                Node::Tagged { place, property: property.to_owned(), tag, stated }
            }
            None => Node::at(place),
        }
    };
    branches.iter().enumerate().map(node).collect()
}

fn read_keywords(shape: &mut Shape, pointer: &str, schema: &Map<String, Value>) {
    let flag = |name: &str| schema.get(name).and_then(Value::as_bool) == Some(true);
    let count = |name: &str| schema.get(name).and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok());
    let number = |name: &str| schema.get(name).and_then(Value::as_f64);

    if let Some(kind) = schema.get("type").and_then(Value::as_str).and_then(kind) {
        shape.kinds.insert(kind);
    }
    shape.nullable = flag("nullable");
    shape.read_only = flag("readOnly");
    shape.write_only = flag("writeOnly");
    shape.sensitive = flag("x-sensitive");
    if let Some(Value::Array(choices)) = schema.get("enum") {
        shape.nullable |= choices.contains(&Value::Null);
        shape.choices = Some(choices.iter().filter(|it| !it.is_null()).cloned().collect());
    }
    shape.number = NumberLimits {
        minimum: number("minimum").map(|it| (it, flag("exclusiveMinimum"))),
        maximum: number("maximum").map(|it| (it, flag("exclusiveMaximum"))),
        multiple_of: number("multipleOf").filter(|it| *it > 0.0),
    };
    shape.text = TextLimits {
        min: count("minLength").unwrap_or(0),
        max: count("maxLength"),
        patterns: schema.get("pattern").and_then(Value::as_str).map(str::to_owned).into_iter().collect(),
        format: schema.get("format").and_then(Value::as_str).map(str::to_owned),
    };
    shape.array = ArrayLimits {
        min: count("minItems").unwrap_or(0),
        max: count("maxItems"),
        unique: flag("uniqueItems"),
        prefix: prefix(schema, pointer),
        items: schema.get("items").map(|_| Node::at(format!("{pointer}/items"))),
    };
    if let Some(Value::Object(properties)) = schema.get("properties") {
        for name in properties.keys() {
            let place = join_pointer(&join_pointer(pointer, "properties"), name);
            shape.object.properties.push((name.clone(), Node::at(place)));
        }
    }
    if let Some(Value::Array(required)) = schema.get("required") {
        shape.object.required = required.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    shape.object.additional = match schema.get("additionalProperties") {
        None => Additional::Unstated,
        Some(Value::Bool(true)) => Additional::Any,
        Some(Value::Bool(false)) => Additional::Closed,
        Some(_) => Additional::Schema(Node::at(format!("{pointer}/additionalProperties"))),
    };
    shape.object.min = count("minProperties").unwrap_or(0);
    shape.object.max = count("maxProperties");
    shape.samples = ["example", "default"].iter().filter_map(|name| schema.get(*name)).cloned().collect();
    if shape.kinds.is_empty()
        && let Some(implied) = implied_kind(schema)
    {
        shape.kinds.insert(implied);
    }
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "object" => Kind::Object,
        "array" => Kind::Array,
        "string" => Kind::Text,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        _ => return None,
    })
}

/// A schema without `type` whose keywords speak of one type means that type to everybody who writes it.
fn implied_kind(schema: &Map<String, Value>) -> Option<Kind> {
    let has = |names: &[&str]| names.iter().any(|name| schema.contains_key(*name));
    if has(&["properties", "additionalProperties", "required", "minProperties", "maxProperties"]) {
        Some(Kind::Object)
    } else if has(&["items", "minItems", "maxItems", "uniqueItems"]) {
        Some(Kind::Array)
    } else if has(&["pattern", "minLength", "maxLength"]) {
        Some(Kind::Text)
    } else if has(&["minimum", "maximum", "multipleOf"]) {
        Some(Kind::Number)
    } else {
        None
    }
}

/// Narrows `shape` by `other`, so that a value of the result satisfies both.
fn merge(shape: &mut Shape, other: Shape) {
    if shape.kinds.is_empty() {
        shape.kinds = other.kinds;
    } else if !other.kinds.is_empty() {
        let integer = shape.kinds.contains(&Kind::Integer) || other.kinds.contains(&Kind::Integer);
        let common: BTreeSet<Kind> = shape.kinds.intersection(&other.kinds).copied().collect();
        if !common.is_empty() {
            shape.kinds = common;
        } else if integer {
            shape.kinds = BTreeSet::from([Kind::Integer]);
        }
    }
    shape.nullable |= other.nullable;
    shape.choices = match (shape.choices.take(), other.choices) {
        (Some(mine), Some(theirs)) => Some(mine.into_iter().filter(|it| theirs.contains(it)).collect()),
        (mine, theirs) => mine.or(theirs),
    };
    shape.number.minimum = tighter(shape.number.minimum, other.number.minimum, |a, b| a > b);
    shape.number.maximum = tighter(shape.number.maximum, other.number.maximum, |a, b| a < b);
    shape.number.multiple_of = shape.number.multiple_of.or(other.number.multiple_of);
    shape.text.min = shape.text.min.max(other.text.min);
    shape.text.max = least(shape.text.max, other.text.max);
    shape.text.patterns.extend(other.text.patterns);
    shape.text.format = shape.text.format.take().or(other.text.format);
    shape.array.min = shape.array.min.max(other.array.min);
    shape.array.max = least(shape.array.max, other.array.max);
    shape.array.unique |= other.array.unique;
    shape.array.items = join(shape.array.items.take(), other.array.items);
    if shape.array.prefix.is_empty() {
        shape.array.prefix = other.array.prefix;
    }
    for (name, node) in other.object.properties {
        match shape.object.properties.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => {
                if let Some(joined) = join(Some(known.clone()), Some(node)) {
                    *known = joined;
                }
            }
            None => shape.object.properties.push((name, node)),
        }
    }
    shape.object.required.extend(other.object.required);
    shape.object.additional = match (std::mem::take(&mut shape.object.additional), other.object.additional) {
        (Additional::Closed, _) | (_, Additional::Closed) => Additional::Closed,
        (Additional::Schema(node), _) | (_, Additional::Schema(node)) => Additional::Schema(node),
        (Additional::Any, _) | (_, Additional::Any) => Additional::Any,
        (Additional::Unstated, Additional::Unstated) => Additional::Unstated,
    };
    shape.object.min = shape.object.min.max(other.object.min);
    shape.object.max = least(shape.object.max, other.object.max);
    if shape.branches.is_empty() {
        shape.branches = other.branches;
        shape.branches_at = other.branches_at;
    }
    shape.read_only |= other.read_only;
    shape.write_only |= other.write_only;
    shape.sensitive |= other.sensitive;
    shape.samples.extend(other.samples);
}

fn tighter(
    a: Option<(f64, bool)>,
    b: Option<(f64, bool)>,
    is_tighter: fn(f64, f64) -> bool,
) -> Option<(f64, bool)> {
    match (a, b) {
        (Some(a), Some(b)) if a.0 == b.0 => Some((a.0, a.1 || b.1)),
        (Some(a), Some(b)) => Some(if is_tighter(a.0, b.0) { a } else { b }),
        (a, b) => a.or(b),
    }
}

fn least(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The items of a tuple, of which the normalised contract keeps what OpenAPI 3.0 cannot say.
fn prefix(schema: &Map<String, Value>, pointer: &str) -> Vec<Node> {
    let items = schema.get("x-prefix-items").and_then(Value::as_array);
    (0..items.map_or(0, Vec::len))
        .map(|index| Node::at(format!("{pointer}/x-prefix-items/{index}")))
        .collect()
}

fn join(a: Option<Node>, b: Option<Node>) -> Option<Node> {
    match (a, b) {
        (Some(Node::Places(mut a)), Some(Node::Places(b))) => {
            for place in b {
                if !a.contains(&place) {
                    a.push(place);
                }
            }
            Some(Node::Places(a))
        }
        // A fixed value is the narrower of the two.
        (Some(Node::Fixed(value)), _) | (_, Some(Node::Fixed(value))) => Some(Node::Fixed(value)),
        (a, b) => b.or(a),
    }
}
