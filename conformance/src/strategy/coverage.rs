//! The first requests: a deterministic enumeration of what a schema allows, the most telling cases first.
//!
//! 1. The least value (required properties only) and the fullest one (every optional property).
//! 2. Enough full values that every enum value, every boolean and every alternative occurs in one of them.
//! 3. One change at a time, shallow places first: an optional property alone, absent, null, empty, and at and
//!    just inside each of its limits.
//!
//! Random values come after these, from [`super::value`].

use proptest::test_runner::TestRunner;
use serde_json::{Map, Value};

use super::place::{find, remove, set};
use super::shape::{Additional, Kind, Node, Shape};
use super::value::Generator;
use super::{draw, number, text};

/// The most full values of the second step.
const WIDEST: usize = 24;

/// The most single changes that are listed for one schema.
const SINGLES: usize = 2000;

/// How deep optional properties are followed.
const DEPTH: usize = 8;

/// Below this depth a required value counts as endless, and nothing is built.
const REQUIRED_DEPTH: usize = 20;

/// A full value with more parts than this gets no further optional ones.
const PARTS: usize = 3000;

/// Which value of a schema is built.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    /// Required properties only.
    Minimal,
    /// Everything, with the n-th choice wherever there is a choice.
    Full(usize),
}

/// One change to the fullest or to the least value.
#[derive(Debug, Clone, PartialEq)]
enum Single {
    /// The fullest value without this property.
    Absent(Vec<String>),
    /// The least value with this property.
    Alone(Vec<String>, Value),
    /// The fullest value with this value at this place.
    Set(Vec<String>, Value),
}

/// The enumerated values of one schema.
#[derive(Debug)]
pub struct Coverage {
    minimal: Value,
    full: Vec<Value>,
    singles: Vec<Single>,
}

impl Coverage {
    /// Enumerates a node; `None` when it has no value that can be built.
    pub fn of(generator: &mut Generator, node: &Node, runner: &mut TestRunner) -> Option<Coverage> {
        let mut builder = Builder::new(generator, runner);
        let minimal = builder.whole(node, Mode::Minimal)?;
        let mut full = vec![builder.whole(node, Mode::Full(0))?];
        for turn in 1..builder.widest.min(WIDEST) {
            full.extend(builder.whole(node, Mode::Full(turn)));
        }
        let mut singles = Vec::new();
        if let Some(first) = full.first() {
            builder.singles(node, first, &minimal, &mut singles);
        }
        Some(Coverage { minimal, full, singles })
    }

    /// Returns how many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        1 + self.full.len() + self.singles.len()
    }

    /// Whether there is no value; never true, since the least value always counts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the n-th value.
    #[must_use]
    pub fn value(&self, index: usize) -> Option<Value> {
        // The fullest value goes first: it is the one that business rules are most likely to accept.
        let rest = match index {
            0 => return self.full.first().cloned(),
            1 => return Some(self.minimal.clone()),
            _ => index - 1,
        };
        if let Some(full) = self.full.get(rest) {
            return Some(full.clone());
        }
        Some(match self.singles.get(rest - self.full.len())? {
            Single::Absent(path) => {
                let mut value = self.full.first()?.clone();
                remove(&mut value, path);
                value
            }
            Single::Set(path, leaf) => {
                let mut value = self.full.first()?.clone();
                set(&mut value, path, leaf.clone());
                value
            }
            Single::Alone(path, leaf) => {
                let mut value = self.minimal.clone();
                set(&mut value, path, leaf.clone());
                value
            }
        })
    }
}

/// Builds values of a schema.
pub(super) struct Builder<'a> {
    pub(super) generator: &'a mut Generator,
    runner: &'a mut TestRunner,
    widest: usize,
    /// How many parts the value under construction has.
    parts: usize,
    /// The places that are being built, one inside another.
    open: Vec<Vec<String>>,
}

impl<'a> Builder<'a> {
    /// Returns a builder that has built nothing yet.
    pub(super) fn new(generator: &'a mut Generator, runner: &'a mut TestRunner) -> Self {
        Builder { generator, runner, widest: 1, parts: 0, open: Vec::new() }
    }

    /// Builds the least value of a property.
    pub(super) fn least(&mut self, name: &str, node: &Node) -> Option<Value> {
        self.parts = 0;
        self.build(name, node, Mode::Minimal, 1)
    }

    /// Builds a whole value.
    fn whole(&mut self, node: &Node, mode: Mode) -> Option<Value> {
        self.parts = 0;
        self.build("", node, mode, 0)
    }

    fn build(&mut self, name: &str, node: &Node, mode: Mode, depth: usize) -> Option<Value> {
        if depth > REQUIRED_DEPTH {
            return None;
        }
        self.parts += 1;
        let shape = self.generator.reader().shape(node);
        let Node::Places(places) = node else {
            return self.build_shape(name, &shape, node, mode, depth);
        };
        self.open.push(places.clone());
        let built = self.build_shape(name, &shape, node, mode, depth);
        self.open.pop();
        built
    }

    /// Whether an optional part is worth building: a value is not put into itself, nor grown without end.
    fn goes_on(&self, node: &Node, depth: usize) -> bool {
        let again = matches!(node, Node::Places(places) if self.open.contains(places));
        depth < DEPTH && self.parts < PARTS && !again
    }

    fn build_shape(
        &mut self,
        name: &str,
        shape: &Shape,
        node: &Node,
        mode: Mode,
        depth: usize,
    ) -> Option<Value> {
        let turn = match mode {
            Mode::Minimal => 0,
            Mode::Full(turn) => turn,
        };
        if let Some(choices) = &shape.choices {
            return self.choose(choices, turn);
        }
        if !shape.branches.is_empty() {
            if depth > DEPTH {
                return self.drawn(name, node);
            }
            let branch = self.choose(&shape.branches, turn)?;
            let whole = self.generator.reader().branch(shape, &branch);
            let inner = if whole.choices.is_none() && whole.kind().is_none() { return None } else { whole };
            return self.build_shape(name, &inner, node, mode, depth + 1);
        }
        match shape.kind() {
            Some(Kind::Object) => self.object(shape, mode, depth),
            Some(Kind::Array) => self.array(name, shape, mode, depth),
            Some(Kind::Boolean) => self.choose(&[Value::Bool(true), Value::Bool(false)], turn),
            // Inside an alternative the node is the whole schema, so the shape is drawn by itself.
            Some(_) => {
                let alone = Node::Shape(std::sync::Arc::new(shape.clone()));
                self.drawn(name, node).filter(|value| fits(value, shape)).or_else(|| self.drawn(name, &alone))
            }
            None => self.drawn(name, node),
        }
    }

    fn object(&mut self, shape: &Shape, mode: Mode, depth: usize) -> Option<Value> {
        let mut object = Map::new();
        for (name, node) in &shape.object.properties {
            let required = shape.object.required.contains(name);
            if self.generator.stays_out(node) {
                continue;
            }
            if !required && (mode == Mode::Minimal || !self.goes_on(node, depth)) {
                continue;
            }
            match self.build(name, node, mode, depth + 1) {
                Some(value) => {
                    object.insert(name.clone(), value);
                }
                None if required => return None,
                None => {}
            }
        }
        for name in &shape.object.required {
            if shape.property(name).is_none() {
                object.insert(name.clone(), Value::String("text".to_owned()));
            }
        }
        if let Additional::Schema(node) = &shape.object.additional
            && (object.len() < shape.object.min || (mode != Mode::Minimal && self.goes_on(node, depth)))
        {
            for index in object.len()..shape.object.min.max(object.len() + 1) {
                let value = self.build("", node, mode, depth + 1)?;
                object.insert(format!("key{index}"), value);
            }
        }
        Some(Value::Object(object))
    }

    fn array(&mut self, name: &str, shape: &Shape, mode: Mode, depth: usize) -> Option<Value> {
        let least = shape.array.min;
        let goes_on = shape.array.item(0).is_none_or(|items| self.goes_on(items, depth));
        let wanted = match mode {
            Mode::Minimal => least,
            Mode::Full(_) if !goes_on => least,
            Mode::Full(turn) => least.max(shape.array.prefix.len()).max(if turn % 3 == 2 { 2 } else { 1 }),
        };
        let wanted = shape.array.max.map_or(wanted, |most| wanted.min(most));
        let mut items: Vec<Value> = Vec::new();
        for index in 0..wanted {
            let Some(node) = shape.array.item(index) else {
                items.push(Value::String("text".to_owned()));
                continue;
            };
            let mode = match mode {
                Mode::Minimal => Mode::Minimal,
                Mode::Full(turn) => Mode::Full(turn + index),
            };
            let Some(mut item) = self.build(name, node, mode, depth + 1) else { break };
            if shape.array.unique && items.contains(&item) {
                item = self.drawn(name, node)?;
            }
            items.push(item);
        }
        (items.len() >= least).then_some(Value::Array(items))
    }

    fn drawn(&mut self, name: &str, node: &Node) -> Option<Value> {
        let strategy = self.generator.strategy(name, node, 0)?;
        // A few tries, so that a nullable leaf is seldom null where a value is wanted.
        let mut value = draw(&strategy, self.runner)?;
        for _ in 0..4 {
            if !value.is_null() {
                break;
            }
            value = draw(&strategy, self.runner)?;
        }
        Some(value)
    }

    fn choose<T: Clone>(&mut self, choices: &[T], turn: usize) -> Option<T> {
        self.widest = self.widest.max(choices.len());
        choices.get(turn % choices.len().max(1)).cloned()
    }

    /// Lists the single changes, breadth first.
    fn singles(&mut self, root: &Node, full: &Value, minimal: &Value, singles: &mut Vec<Single>) {
        let mut level: Vec<(Vec<String>, String, Node)> = vec![(Vec::new(), String::new(), root.clone())];
        for _ in 0..=DEPTH {
            let mut next = Vec::new();
            for (path, name, node) in level {
                let shape = self.generator.reader().shape(&node);
                let at = |name: &str| path.iter().cloned().chain([name.to_owned()]).collect::<Vec<_>>();
                for value in self.edges(&name, &shape) {
                    singles.push(Single::Set(path.clone(), value));
                }
                if singles.len() >= SINGLES {
                    return;
                }
                for index in 0..shape.array.prefix.len().max(1) {
                    let place = at(&index.to_string());
                    if let Some(item) = shape.array.item(index)
                        && find(full, &place).is_some()
                    {
                        next.push((place, name.clone(), item.clone()));
                    }
                }
                for (name, node) in &shape.object.properties {
                    let place = at(name);
                    if find(full, &place).is_none() {
                        continue;
                    }
                    if !shape.object.required.contains(name) {
                        if find(minimal, &path).is_some()
                            && let Some(value) = self.build(name, node, Mode::Minimal, 1)
                        {
                            singles.push(Single::Alone(place.clone(), value));
                        }
                        singles.push(Single::Absent(place.clone()));
                    }
                    next.push((place, name.clone(), node.clone()));
                }
            }
            level = next;
        }
    }

    /// Returns the values at the edges of a leaf.
    pub(super) fn edges(&mut self, name: &str, shape: &Shape) -> Vec<Value> {
        let mut edges = Vec::new();
        if shape.nullable {
            edges.push(Value::Null);
        }
        if let Some(choices) = &shape.choices {
            // The first choice is in the fullest value already.
            edges.extend(choices.iter().skip(1).cloned());
            return edges;
        }
        let format = shape.text.format.as_deref();
        match shape.kind() {
            Some(Kind::Integer) => edges.extend(number::boundaries(&shape.number, true, format, name)),
            Some(Kind::Number) => edges.extend(number::boundaries(&shape.number, false, format, name)),
            Some(Kind::Text) => edges.extend(text::boundaries(&shape.text).into_iter().map(Value::String)),
            Some(Kind::Boolean) => edges.push(Value::Bool(false)),
            Some(Kind::Array) => {
                if shape.array.min == 0 {
                    edges.push(Value::Array(Vec::new()));
                }
                if let Some(most) = shape.array.max.filter(|most| *most <= 64)
                    && let Some(items) = &shape.array.items
                {
                    let node = |index| shape.array.item(index).unwrap_or(items);
                    let items: Vec<Value> =
                        (0..most).filter_map(|index| self.drawn(name, node(index))).collect();
                    edges.push(Value::Array(items));
                }
            }
            Some(Kind::Object) | None => {}
        }
        edges
    }
}

/// Whether a drawn value has the type of the shape.
fn fits(value: &Value, shape: &Shape) -> bool {
    matches!(
        (value, shape.kind()),
        (Value::String(_), Some(Kind::Text))
            | (Value::Number(_), Some(Kind::Integer | Kind::Number))
            | (Value::Bool(_), Some(Kind::Boolean))
            | (Value::Null, _)
    )
}
