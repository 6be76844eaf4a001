//! What the contract says of the place where a value stands.

use driftline_specs::{Contract, Direction, pointer};
use serde_json::Value;

/// The most schemas that are looked at for one place.
const SCHEMAS: usize = 64;

/// A place in a message, with every schema that may apply there.
#[derive(Clone)]
pub(super) struct Place<'c> {
    contract: &'c Contract,
    direction: Direction,
    /// Canonical pointers, with all alternatives of `oneOf` and `anyOf`.
    schemas: Vec<String>,
    /// Whether something around it is sensitive as a whole.
    inside_sensitive: bool,
}

impl<'c> Place<'c> {
    /// Returns a place that the contract says nothing of.
    pub(super) fn unknown(contract: &'c Contract, direction: Direction) -> Place<'c> {
        Place { contract, direction, schemas: Vec::new(), inside_sensitive: false }
    }

    /// Returns the place of a schema.
    pub(super) fn of(contract: &'c Contract, direction: Direction, schemas: &[&str]) -> Place<'c> {
        let mut place = Place::unknown(contract, direction);
        place.widen(schemas.iter().map(|it| (*it).to_owned()).collect());
        place
    }

    /// Takes schemas in, and those that they are composed of.
    fn widen(&mut self, mut open: Vec<String>) {
        while let Some(next) = open.pop() {
            let Some((at, schema)) = self.contract.resolve(&next) else { continue };
            if self.schemas.len() >= SCHEMAS || self.schemas.contains(&at) {
                continue;
            }
            for keyword in ["allOf", "oneOf", "anyOf"] {
                let list = schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
                let below = pointer::join(&at, keyword);
                open.extend((0..list).map(|index| pointer::join(&below, &index.to_string())));
            }
            self.schemas.push(at);
        }
    }

    fn below(&self, find: impl Fn(&str, &Value, &mut Vec<String>)) -> Place<'c> {
        let mut place = Place {
            inside_sensitive: self.is_sensitive(),
            schemas: Vec::new(),
            ..Place::unknown(self.contract, self.direction)
        };
        let mut open = Vec::new();
        for (at, schema) in self.each() {
            find(at, schema, &mut open);
        }
        place.widen(open);
        place
    }

    /// Returns the place of a property.
    pub(super) fn member(&self, name: &str) -> Place<'c> {
        self.below(|at, schema, open| {
            let declared = schema.get("properties").and_then(|it| it.get(name)).is_some();
            if declared {
                open.push(pointer::join(&pointer::join(at, "properties"), name));
            } else if schema.get("additionalProperties").is_some_and(Value::is_object) {
                open.push(pointer::join(at, "additionalProperties"));
            }
        })
    }

    /// Returns the place of the items of a list.
    pub(super) fn item(&self) -> Place<'c> {
        self.below(|at, schema, open| {
            if schema.get("items").is_some_and(Value::is_object) {
                open.push(pointer::join(at, "items"));
            }
        })
    }

    /// Returns the place of what a text here holds in another form: no schema speaks of it, but its mark holds.
    pub(super) fn within(&self) -> Place<'c> {
        self.below(|_, _, _| {})
    }

    fn each(&self) -> impl Iterator<Item = (&str, &'c Value)> {
        self.schemas.iter().filter_map(|at| Some((at.as_str(), self.contract.at(at)?)))
    }

    /// The contract's pointers.
    pub(super) fn schemas(&self) -> &[String] {
        &self.schemas
    }

    pub(super) fn direction(&self) -> Direction {
        self.direction
    }

    /// Whether values here must not be seen.
    pub(super) fn is_sensitive(&self) -> bool {
        self.inside_sensitive
            || self.each().any(|(_, schema)| schema.get("x-sensitive") == Some(&Value::Bool(true)))
    }

    /// Whether the contract lists a value here, so that it tells nothing of anybody.
    pub(super) fn lists(&self, value: &Value) -> bool {
        let mut lists = self.each().filter_map(|(_, schema)| schema.get("enum")?.as_array());
        lists.any(|list| list.contains(value))
    }

    /// Whether the contract declares what stands here, and does not call it sensitive.
    pub(super) fn is_public(&self) -> bool {
        !self.schemas.is_empty() && !self.is_sensitive()
    }

    /// Returns the format.
    pub(super) fn format(&self) -> Option<&'c str> {
        self.each().find_map(|(_, schema)| schema.get("format")?.as_str())
    }

    /// Whether the contract allows a value here as far as it allowed the original.
    pub(super) fn accepts(&self, original: &Value, replacement: &Value) -> bool {
        self.schemas.iter().all(|at| match self.contract.validator(at, self.direction) {
            Ok(validator) => validator.is_valid(replacement) || !validator.is_valid(original),
            // A schema that cannot be compiled judges nothing.
            Err(_) => true,
        })
    }
}
