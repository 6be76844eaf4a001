//! What a schema allows, in a form that generation can work on.
//!
//! A [`Shape`] is a schema with its references followed and its `allOf` members merged; [`super::reader`]
//! makes it. It does not judge: whether a value is valid is decided by the contract's own validator, so a
//! shape may be approximate where JSON Schema is subtle, at the price of values that are dropped afterwards.

use std::collections::BTreeSet;
use std::sync::Arc;

use driftline_specs::Direction;
use serde_json::Value;

/// The JSON types of the OpenAPI 3.0 dialect, in the order in which generation prefers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `type: object`.
    Object,
    /// `type: array`.
    Array,
    /// `type: string`.
    Text,
    /// `type: integer`.
    Integer,
    /// `type: number`.
    Number,
    /// `type: boolean`.
    Boolean,
}

impl Kind {
    /// Whether values of the type have no parts.
    #[must_use]
    pub fn is_scalar(self) -> bool {
        !matches!(self, Kind::Object | Kind::Array)
    }
}

/// Where a part of a shape is defined.
#[derive(Debug, Clone)]
pub enum Node {
    /// Places in the contract whose schemas all apply.
    Places(Vec<String>),
    /// An alternative whose discriminator has a value of its own.
    Tagged {
        /// The place of the alternative.
        place: String,
        /// The discriminator.
        property: String,
        /// Its value.
        tag: String,
        /// The contract states that value; otherwise it is the name of the alternative's schema, as OpenAPI has it
        /// when nothing else is said.
        stated: bool,
    },
    /// One value and no other.
    Fixed(Value),
    /// A shape that was put together here, such as the parameters of an operation.
    Shape(Arc<Shape>),
}

impl Node {
    /// Returns the node of one place in the contract.
    #[must_use]
    pub fn at(pointer: impl Into<String>) -> Node {
        Node::Places(vec![pointer.into()])
    }
}

/// The limits of a number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NumberLimits {
    /// The least value and whether it is excluded.
    pub minimum: Option<(f64, bool)>,
    /// The greatest value and whether it is excluded.
    pub maximum: Option<(f64, bool)>,
    /// Every value is a multiple of this.
    pub multiple_of: Option<f64>,
}

/// The limits of a string.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextLimits {
    /// The least number of characters.
    pub min: usize,
    /// The greatest number of characters.
    pub max: Option<usize>,
    /// ECMA-262 patterns that all have to match somewhere.
    pub patterns: Vec<String>,
    /// The `format`.
    pub format: Option<String>,
}

/// The limits of an array.
#[derive(Debug, Clone, Default)]
pub struct ArrayLimits {
    /// The least number of items.
    pub min: usize,
    /// The greatest number of items.
    pub max: Option<usize>,
    /// No two items are equal.
    pub unique: bool,
    /// What the first items are, each for itself.
    pub prefix: Vec<Node>,
    /// What each other item is; absent when anything goes.
    pub items: Option<Node>,
}

impl ArrayLimits {
    /// Returns what the item at an index is; none when anything goes.
    #[must_use]
    pub fn item(&self, index: usize) -> Option<&Node> {
        self.prefix.get(index).or(self.items.as_ref())
    }
}

/// Which properties beyond the declared ones an object may have.
#[derive(Debug, Clone, Default)]
pub enum Additional {
    /// The schema does not say: allowed, but not sent in a valid request.
    #[default]
    Unstated,
    /// `additionalProperties: true`.
    Any,
    /// `additionalProperties: false`.
    Closed,
    /// `additionalProperties` is a schema.
    Schema(Node),
}

/// The limits of an object.
#[derive(Debug, Clone, Default)]
pub struct ObjectLimits {
    /// The declared properties in the contract's order.
    pub properties: Vec<(String, Node)>,
    /// The names that have to be present.
    pub required: BTreeSet<String>,
    /// What else may be present.
    pub additional: Additional,
    /// The least number of properties.
    pub min: usize,
    /// The greatest number of properties.
    pub max: Option<usize>,
}

/// A schema with references followed and `allOf` merged.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// The types that are allowed; empty when the schema does not restrict them.
    pub kinds: BTreeSet<Kind>,
    /// `null` is allowed as well.
    pub nullable: bool,
    /// `enum`, without `null`.
    pub choices: Option<Vec<Value>>,
    /// Limits that hold for numbers.
    pub number: NumberLimits,
    /// Limits that hold for strings.
    pub text: TextLimits,
    /// Limits that hold for arrays.
    pub array: ArrayLimits,
    /// Limits that hold for objects.
    pub object: ObjectLimits,
    /// `oneOf` or `anyOf`: the alternatives, each to be merged with the rest of the shape.
    pub branches: Vec<Node>,
    /// Where the alternatives are defined, so that a way back to them is noticed.
    pub branches_at: Option<String>,
    /// The schema is left out of requests.
    pub read_only: bool,
    /// The schema is left out of responses.
    pub write_only: bool,
    /// Values are personal and never print.
    pub sensitive: bool,
    /// `example` and `default` of the contract, which may or may not be valid.
    pub samples: Vec<Value>,
}

impl Shape {
    /// Returns the shape of an object with exactly these properties.
    #[must_use]
    pub fn object(properties: Vec<(String, Node, bool)>) -> Shape {
        let mut shape = Shape::default();
        shape.kinds.insert(Kind::Object);
        shape.object.additional = Additional::Closed;
        for (name, node, required) in properties {
            if required {
                shape.object.required.insert(name.clone());
            }
            shape.object.properties.push((name, node));
        }
        shape
    }

    /// Whether a property with this shape stays out of what travels in a direction.
    #[must_use]
    pub fn stays_out(&self, direction: Direction) -> bool {
        match direction {
            Direction::Request => self.read_only,
            Direction::Response => self.write_only,
        }
    }

    /// Whether values have parts, or may have.
    #[must_use]
    pub fn is_composite(&self) -> bool {
        !self.branches.is_empty() || self.kind().is_some_and(|kind| !kind.is_scalar())
    }

    /// Returns the type that generation uses first.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        self.kinds.iter().next().copied()
    }

    /// Returns the node of a declared property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Node> {
        self.object.properties.iter().find(|(declared, _)| declared == name).map(|(_, node)| node)
    }
}
