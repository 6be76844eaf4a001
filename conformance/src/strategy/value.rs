//! Strategies for JSON values of a schema: combinators, objects, arrays, and the depth to which recursive
//! schemas are followed.

use std::collections::HashMap;
use std::sync::Arc;

use driftline_specs::{Contract, Direction};
use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::{Just, SBoxedStrategy, Strategy, Union};
use serde_json::{Map, Value};

use super::reader::Reader;
use super::shape::{Additional, Kind, Node, Shape};
use super::tagged::tagged;
use super::{number, text};
use crate::run_tag::RunTag;

/// Below this depth optional properties are left out and arrays are as short as they may be.
const OPTIONAL_DEPTH: usize = 6;

/// Below this depth a required value counts as endless, and nothing is generated.
const REQUIRED_DEPTH: usize = 20;

/// The longest array of a random value, beyond its least length.
const ITEMS: usize = 3;

/// Builds strategies, each once, for what the contract allows in one direction.
#[derive(Debug)]
pub struct Generator {
    reader: Reader,
    direction: Direction,
    known: HashMap<(String, Vec<String>, usize), Option<SBoxedStrategy<Value>>>,
    /// The alternatives that are being built, one inside another.
    open: Vec<String>,
    /// What texts that the caller chooses begin with.
    tag: Option<RunTag>,
}

impl Generator {
    /// Returns a generator for requests of a contract.
    #[must_use]
    pub fn new(contract: Contract) -> Generator {
        Generator::toward(contract, Direction::Request)
    }

    /// Returns a generator for what travels in a direction.
    #[must_use]
    pub fn toward(contract: Contract, direction: Direction) -> Generator {
        let (reader, known, open) = (Reader::new(contract), HashMap::new(), Vec::new());
        Generator { reader, direction, known, open, tag: None }
    }

    /// Returns the same generator, whose texts that the caller chooses begin with a tag.
    #[must_use]
    pub fn tagged(self, tag: RunTag) -> Generator {
        Generator { tag: Some(tag), known: HashMap::new(), ..self }
    }

    /// Returns the word that marks what is sent.
    pub(crate) fn run_tag(&self) -> Option<&RunTag> {
        self.tag.as_ref()
    }

    /// Returns a known-good value with the tag where it has room for it.
    pub(crate) fn tag(&mut self, node: &Node, value: &Value) -> Option<Value> {
        Some(tagged(&mut self.reader, self.tag.as_ref()?, node, value))
    }

    /// Whether the property of a node stays out of the values.
    pub(super) fn stays_out(&mut self, node: &Node) -> bool {
        self.reader.shape(node).stays_out(self.direction)
    }

    /// Returns the reader of shapes.
    pub fn reader(&mut self) -> &mut Reader {
        &mut self.reader
    }

    /// Returns a strategy for values of a node; `None` when it has no finite value that can be generated.
    ///
    /// `name` is the property or parameter that holds the value: it tells personal values apart.
    pub fn strategy(&mut self, name: &str, node: &Node, depth: usize) -> Option<SBoxedStrategy<Value>> {
        let places = match node {
            Node::Fixed(value) => return Some(Just(value.clone()).sboxed()),
            Node::Shape(shape) => return self.of_shape(name, shape, node, depth),
            Node::Tagged { place, property, tag, .. } => vec![place.clone(), property.clone(), tag.clone()],
            Node::Places(places) => places.clone(),
        };
        let shape = self.reader.shape(node);
        // The name tells leaves apart, and lists of leaves; an object's members have names of their own.
        let name = if shape.kind() == Some(Kind::Object) { "" } else { name };
        let key = (name.to_owned(), places, depth);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        // What is below a property or an item is another value: alternatives may come again.
        let open = std::mem::take(&mut self.open);
        let built = self.of_shape(name, &shape, node, depth);
        self.open = open;
        self.known.insert(key, built.clone());
        built
    }

    fn of_shape(
        &mut self,
        name: &str,
        shape: &Arc<Shape>,
        node: &Node,
        depth: usize,
    ) -> Option<SBoxedStrategy<Value>> {
        if depth > REQUIRED_DEPTH {
            return None;
        }
        let value = if let Some(choices) = &shape.choices {
            if choices.is_empty() { None } else { Some(select(choices.clone()).sboxed()) }
        } else if !shape.branches.is_empty() {
            self.branches(name, shape, node, depth)
        } else {
            self.plain(name, shape, node, depth)
        };
        match (value, shape.nullable) {
            (Some(value), true) => {
                Some(Union::new_weighted(vec![(8, value), (1, Just(Value::Null).sboxed())]).sboxed())
            }
            (None, true) => Some(Just(Value::Null).sboxed()),
            (value, false) => value,
        }
    }

    fn branches(
        &mut self,
        name: &str,
        shape: &Arc<Shape>,
        node: &Node,
        depth: usize,
    ) -> Option<SBoxedStrategy<Value>> {
        let place = shape.branches_at.clone().unwrap_or_default();
        if self.open.contains(&place) {
            return None;
        }
        self.open.push(place);
        let mut alternatives = Vec::new();
        for branch in &shape.branches {
            let whole = self.reader.branch(shape, branch);
            alternatives.extend(self.of_shape(name, &whole, node, depth + 1));
        }
        self.open.pop();
        if alternatives.is_empty() { None } else { Some(Union::new(alternatives).sboxed()) }
    }

    fn plain(
        &mut self,
        name: &str,
        shape: &Arc<Shape>,
        node: &Node,
        depth: usize,
    ) -> Option<SBoxedStrategy<Value>> {
        let format = shape.text.format.as_deref();
        match shape.kind() {
            None => Some(anything()),
            Some(Kind::Boolean) => Some(proptest::bool::ANY.prop_map(Value::Bool).sboxed()),
            Some(Kind::Integer) => number::strategy(&shape.number, true, format, name),
            Some(Kind::Number) => number::strategy(&shape.number, false, format, name),
            Some(Kind::Text) => {
                let accepts: text::Accepts =
                    Arc::new(acceptance(self.reader.contract(), node, self.direction));
                let texts = text::strategy(name, &shape.text, &shape.samples, &accepts, self.tag.as_ref())?;
                Some(texts.prop_map(Value::String).sboxed())
            }
            Some(Kind::Array) => self.array(name, shape, depth),
            Some(Kind::Object) => self.object(shape, depth),
        }
    }

    fn array(&mut self, name: &str, shape: &Shape, depth: usize) -> Option<SBoxedStrategy<Value>> {
        let least = shape.array.min;
        if depth >= OPTIONAL_DEPTH && least == 0 {
            return Some(Just(Value::Array(Vec::new())).sboxed());
        }
        let most = shape.array.max.unwrap_or(least + ITEMS).clamp(least, least + ITEMS);
        if !shape.array.prefix.is_empty() {
            let count = shape.array.max.unwrap_or(usize::MAX).min(shape.array.prefix.len()).max(least);
            let items = (0..count).map(|index| match shape.array.item(index) {
                Some(node) => self.strategy(name, &node.clone(), depth + 1),
                None => Some(anything()),
            });
            return Some(items.collect::<Option<Vec<_>>>()?.prop_map(Value::Array).sboxed());
        }
        let items = match &shape.array.items {
            Some(node) => self.strategy(name, &node.clone(), depth + 1),
            None => Some(anything()),
        };
        let Some(items) = items else {
            return (least == 0).then(|| Just(Value::Array(Vec::new())).sboxed());
        };
        let unique = shape.array.unique;
        let arrays = vec(items, least..=most).prop_map(move |items| {
            let mut kept: Vec<Value> = Vec::with_capacity(items.len());
            for item in items {
                if !unique || !kept.contains(&item) {
                    kept.push(item);
                }
            }
            kept
        });
        let enough = arrays.prop_filter("too few different items", move |items| items.len() >= least);
        Some(enough.prop_map(Value::Array).sboxed())
    }

    fn object(&mut self, shape: &Shape, depth: usize) -> Option<SBoxedStrategy<Value>> {
        let composite = |reader: &mut Reader, node: &Node| reader.shape(node).is_composite();
        let composites =
            shape.object.properties.iter().filter(|(_, node)| composite(&mut self.reader, node)).count();
        let mut names = Vec::new();
        let mut parts: Vec<SBoxedStrategy<Option<Value>>> = Vec::new();
        for (name, node) in &shape.object.properties {
            let required = shape.object.required.contains(name);
            if (!required && depth >= OPTIONAL_DEPTH) || self.stays_out(node) {
                continue;
            }
            match self.strategy(name, node, depth + 1) {
                Some(values) if required => parts.push(values.prop_map(Some).sboxed()),
                Some(values) => {
                    let composites = if composite(&mut self.reader, node) { composites } else { 0 };
                    parts.push(proptest::option::weighted(share(depth, composites), values).sboxed());
                }
                None if required => return None,
                None => continue,
            }
            names.push(name.clone());
        }
        for name in &shape.object.required {
            if shape.property(name).is_none() {
                let values = match &shape.object.additional {
                    Additional::Closed => return None,
                    Additional::Schema(node) => self.strategy(name, &node.clone(), depth + 1)?,
                    Additional::Unstated | Additional::Any => anything(),
                };
                parts.push(values.prop_map(Some).sboxed());
                names.push(name.clone());
            }
        }
        let extra = self.additional(shape, depth);
        let objects = (parts, extra).prop_map(move |(values, extra)| {
            let declared = names.iter().cloned().zip(values).filter_map(|(name, value)| Some((name, value?)));
            Value::Object(declared.chain(extra).collect::<Map<_, _>>())
        });
        Some(objects.sboxed())
    }

    /// Returns a strategy for the undeclared properties that a map asks for.
    fn additional(&mut self, shape: &Shape, depth: usize) -> SBoxedStrategy<Vec<(String, Value)>> {
        let none = || Just(Vec::new()).sboxed();
        let values = match &shape.object.additional {
            Additional::Schema(node) if depth < OPTIONAL_DEPTH || shape.object.min > 0 => {
                self.strategy("", &node.clone(), depth + 1)
            }
            Additional::Any | Additional::Unstated if shape.object.properties.is_empty() => Some(anything()),
            _ => None,
        };
        let Some(values) = values else { return none() };
        let least = shape.object.min;
        let most = shape.object.max.unwrap_or(least + 2).clamp(least, least + 2);
        (least..=most)
            .prop_flat_map(move |count| vec(values.clone(), count))
            .prop_map(|values| {
                values.into_iter().enumerate().map(|(index, value)| (format!("key{index}"), value)).collect()
            })
            .sboxed()
    }
}

/// Returns the judgement of the contract's own validator on a string at a node.
pub(super) fn acceptance(
    contract: &Contract,
    node: &Node,
    direction: Direction,
) -> impl Fn(&str) -> bool + Send + Sync + use<> {
    let validators: Vec<_> = match node {
        Node::Places(places) => {
            places.iter().filter_map(|place| contract.validator(place, direction).ok()).collect()
        }
        // The discriminator's value is fixed, and the rest is text of other properties.
        Node::Tagged { .. } | Node::Fixed(_) | Node::Shape(_) => Vec::new(),
    };
    move |text| {
        let value = Value::String(text.to_owned());
        validators.iter().all(|validator| validator.is_valid(&value))
    }
}

/// The share of optional properties that are present, less with every level and with every sibling that has
/// parts of its own, so that values stay small however wide a schema is.
fn share(depth: usize, composites: usize) -> f64 {
    let (share, most) = match depth {
        0..=2 => (0.5, 8.0),
        3 => (0.35, 2.0),
        4 => (0.25, 1.0),
        _ => (0.15, 1.0),
    };
    if composites == 0 { share } else { f64::min(share, most / composites as f64) }
}

/// Returns a strategy for the values of a schema that allows anything.
fn anything() -> SBoxedStrategy<Value> {
    Union::new_weighted(vec![
        (4, (0..1_000_000u32).prop_map(|serial| Value::String(format!("text {serial}"))).sboxed()),
        (2, (0..1000i64).prop_map(Value::from).sboxed()),
        (1, proptest::bool::ANY.prop_map(Value::Bool).sboxed()),
        (1, (0..1000i64).prop_map(|serial| serde_json::json!({ "key": serial })).sboxed()),
    ])
    .sboxed()
}
