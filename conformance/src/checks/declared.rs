//! Which properties the documented schema of a body declares, worked out once and place by place.
//!
//! A [`Declared`] is a node of a tree that grows as bodies reach new places, so that judging the hundredth
//! item of a list reads no schema.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use crate::strategy::{Additional, Node, Reader, Shape};

/// What a value at one place may hold, over all alternatives.
#[derive(Debug, Default)]
pub(crate) struct Declared {
    /// The place that declares the object.
    pub(crate) owner: String,
    properties: HashMap<String, Inner>,
    /// The properties that have to be there, declared or not.
    required: HashSet<String>,
    items: Inner,
    others: Inner,
    /// Something says what other properties may be.
    stated: bool,
    /// It says that they may be any.
    open: bool,
    /// The texts that an enum lists.
    listed: HashSet<String>,
    /// Its values are personal.
    sensitive: bool,
}

/// What is declared one level down.
#[derive(Debug, Default)]
struct Inner {
    nodes: Vec<Node>,
    declared: OnceLock<Arc<Declared>>,
}

/// What the schema says of a property.
#[derive(Debug, Clone)]
pub(crate) enum Property {
    /// It may be there, and holds this.
    Known(Arc<Declared>),
    /// It is a value of a map, and holds this.
    Value(Arc<Declared>),
    /// The object has declared properties, and this is one of any others.
    Allowed,
    /// Nothing is said, and nothing need be.
    Free,
    /// The object has declared properties, and this is none of them.
    Undocumented,
}

impl Declared {
    /// Returns what is declared where all of these nodes apply.
    pub(crate) fn of(reader: &mut Reader, nodes: &[Node]) -> Declared {
        let mut declared = Declared { owner: owner(reader, nodes), ..Declared::default() };
        for node in nodes {
            let shape = reader.shape(node);
            declared.collect(reader, &shape, &mut HashSet::new());
        }
        declared
    }

    /// Returns what the schema says of a property.
    pub(crate) fn property(&self, name: &str, reader: &dyn Fn(&[Node]) -> Declared) -> Property {
        match self.properties.get(name) {
            Some(inner) => Property::Known(inner.declared(reader)),
            None if !self.others.nodes.is_empty() => Property::Value(self.others.declared(reader)),
            None if self.properties.is_empty() || self.required.contains(name) => Property::Free,
            None if self.open => Property::Allowed,
            None if self.stated => Property::Free,
            None => Property::Undocumented,
        }
    }

    /// Whether a text is one of those that an enum lists, and no person's.
    pub(crate) fn lists(&self, text: &str) -> bool {
        !self.sensitive && self.listed.contains(text)
    }

    /// Returns what is declared of each item.
    pub(crate) fn items(&self, reader: &dyn Fn(&[Node]) -> Declared) -> Arc<Declared> {
        self.items.declared(reader)
    }

    /// Adds what a shape declares; `open` holds the alternatives that were followed already.
    fn collect(&mut self, reader: &mut Reader, shape: &Arc<Shape>, open: &mut HashSet<String>) {
        for (name, node) in &shape.object.properties {
            self.properties.entry(name.clone()).or_default().nodes.push(node.clone());
        }
        self.required.extend(shape.object.required.iter().cloned());
        self.items.nodes.extend(shape.array.items.clone());
        let choices = shape.choices.iter().flatten().filter_map(|choice| choice.as_str());
        self.listed.extend(choices.map(str::to_owned));
        self.sensitive |= shape.sensitive;
        match &shape.object.additional {
            Additional::Unstated => {}
            Additional::Any => (self.stated, self.open) = (true, true),
            Additional::Closed => self.stated = true,
            Additional::Schema(node) => {
                self.stated = true;
                self.others.nodes.push(node.clone());
            }
        }
        if shape.branches_at.as_ref().is_some_and(|place| !open.insert(place.clone())) {
            return;
        }
        for branch in &shape.branches {
            let whole = reader.branch(shape, branch);
            // An alternative that is an object of any kind states that anything goes.
            let anything = whole.object.properties.is_empty() && whole.branches.is_empty();
            self.stated |= anything && !whole.kinds.iter().any(|kind| kind.is_scalar());
            self.collect(reader, &whole, open);
        }
    }
}

impl Inner {
    fn declared(&self, reader: &dyn Fn(&[Node]) -> Declared) -> Arc<Declared> {
        Arc::clone(self.declared.get_or_init(|| Arc::new(reader(&self.nodes))))
    }
}

/// Returns the place in the contract that declares the object.
fn owner(reader: &Reader, nodes: &[Node]) -> String {
    let place = nodes.iter().find_map(|node| match node {
        Node::Places(places) => places.first(),
        Node::Tagged { place, .. } => Some(place),
        Node::Fixed(_) | Node::Shape(_) => None,
    });
    let place = place.map_or("#", String::as_str);
    reader.contract().resolve(place).map_or_else(|| place.to_owned(), |(pointer, _)| pointer)
}
