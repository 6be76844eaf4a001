//! What a contract says of one place in a body, as far as mutants go: references followed and `allOf` taken together.
//! Alternatives (`oneOf`, `anyOf`) and the values of maps are not looked into.

use std::collections::BTreeSet;

use driftline_specs::{Contract, pointer};
use serde_json::Value;

/// How many schemas may speak of one place.
const MOST_SCHEMAS: usize = 64;

/// What the schemas of a place say together.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// The canonical pointers of the schemas.
    pub(super) schemas: Vec<String>,
    /// Whether a JSON type is demanded.
    pub(super) typed: bool,
    /// Whether `null` is allowed, or it is not clear that it is not.
    pub(super) nullable: bool,
    /// Whether texts are listed.
    pub(super) enumerated: bool,
    /// The properties of an object, each with the places of its schemas.
    pub(super) properties: Vec<(String, Vec<String>)>,
    /// The names of those properties that are required.
    pub(super) required: BTreeSet<String>,
    /// The places of the schemas of an array's items.
    pub(super) items: Vec<String>,
}

impl Shape {
    /// Reads the schemas at these places.
    pub(super) fn read(contract: &Contract, places: &[String]) -> Shape {
        let mut shape = Shape::default();
        let mut waiting = places.to_vec();
        let mut next = 0;
        while let Some(place) = waiting.get(next).cloned()
            && next < MOST_SCHEMAS
        {
            next += 1;
            let Some((schema, value)) = contract.resolve(&place) else { continue };
            if shape.schemas.contains(&schema) {
                continue;
            }
            shape.add(&schema, value);
            let parts = value.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
            let all_of = pointer::join(&schema, "allOf");
            waiting.extend((0..parts).map(|part| pointer::join(&all_of, &part.to_string())));
            shape.schemas.push(schema);
        }
        shape
    }

    fn add(&mut self, schema: &str, value: &Value) {
        let alternatives = ["oneOf", "anyOf", "not"].iter().any(|word| value.get(word).is_some());
        let listed = value.get("enum").and_then(Value::as_array);
        self.typed |= value.get("type").is_some_and(Value::is_string);
        self.nullable |= value.get("nullable") == Some(&Value::Bool(true)) || alternatives;
        self.nullable |= listed.is_some_and(|values| values.contains(&Value::Null));
        self.enumerated |= listed.is_some_and(|values| values.iter().any(Value::is_string));
        let required = value.get("required").and_then(Value::as_array).into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str).map(str::to_owned));
        if value.get("items").is_some() {
            self.items.push(pointer::join(schema, "items"));
        }
        let base = pointer::join(schema, "properties");
        let properties = value.get("properties").and_then(Value::as_object).into_iter().flatten();
        // What is only written is not in an answer.
        let answered =
            properties.filter(|(_, property)| property.get("writeOnly") != Some(&Value::Bool(true)));
        for (name, _) in answered {
            let place = pointer::join(&base, name);
            match self.properties.iter_mut().find(|(known, _)| known == name) {
                Some((_, places)) => places.push(place),
                None => self.properties.push((name.clone(), vec![place])),
            }
        }
    }
}
