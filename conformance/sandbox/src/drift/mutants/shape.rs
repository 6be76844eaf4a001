//! What a contract says of one place in a body, asked or answered, as far as mutants go: references followed and `allOf` taken together.
//! Alternatives (`oneOf`, `anyOf`) and the values of maps are not looked into.

use std::collections::BTreeSet;

use driftline_specs::{Contract, Direction, pointer};
use serde_json::Value;

/// How many schemas may speak of one place.
const MOST_SCHEMAS: usize = 64;

/// The keywords that constrain a value of a request, as they are broken by near misses of it.
const CONSTRAINTS: [&str; 14] = [
    "type",
    "enum",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
];

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
    /// The constraints that are stated, each with what it asks for.
    pub(super) constraints: Vec<(&'static str, Value)>,
    /// Whether no property may be there that is not declared.
    pub(super) closed: bool,
    /// The properties of an object, each with the places of its schemas.
    pub(super) properties: Vec<(String, Vec<String>)>,
    /// The names of those properties that are required.
    pub(super) required: BTreeSet<String>,
    /// The places of the schemas of an array's items.
    pub(super) items: Vec<String>,
}

impl Shape {
    /// Reads the schemas at these places.
    pub(super) fn read(contract: &Contract, places: &[String], direction: Direction) -> Shape {
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
            shape.add(&schema, value, direction);
            let parts = value.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
            let all_of = pointer::join(&schema, "allOf");
            waiting.extend((0..parts).map(|part| pointer::join(&all_of, &part.to_string())));
            shape.schemas.push(schema);
        }
        shape
    }

    /// Whether the contract demands an array.
    pub(super) fn is_array(&self) -> bool {
        self.asks("type") == Some(&Value::from("array"))
    }

    /// What a constraint asks for.
    pub(super) fn asks(&self, keyword: &str) -> Option<&Value> {
        self.constraints.iter().find(|(known, _)| *known == keyword).map(|(_, stated)| stated)
    }

    fn add(&mut self, schema: &str, value: &Value, direction: Direction) {
        let alternatives = ["oneOf", "anyOf", "not"].iter().any(|word| value.get(word).is_some());
        let listed = value.get("enum").and_then(Value::as_array);
        self.typed |= value.get("type").is_some_and(Value::is_string);
        self.nullable |= value.get("nullable") == Some(&Value::Bool(true)) || alternatives;
        self.nullable |= listed.is_some_and(|values| values.contains(&Value::Null));
        self.enumerated |= listed.is_some_and(|values| values.iter().any(Value::is_string));
        for keyword in CONSTRAINTS {
            let stated = value.get(keyword).filter(|stated| **stated != Value::Bool(false));
            if let Some(stated) =
                stated.filter(|_| self.constraints.iter().all(|(known, _)| *known != keyword))
            {
                self.constraints.push((keyword, stated.clone()));
            }
        }
        self.closed |= value.get("additionalProperties") == Some(&Value::Bool(false));
        let required = value.get("required").and_then(Value::as_array).into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str).map(str::to_owned));
        if value.get("items").is_some() {
            self.items.push(pointer::join(schema, "items"));
        }
        let base = pointer::join(schema, "properties");
        let properties = value.get("properties").and_then(Value::as_object).into_iter().flatten();
        // What is only written is not in an answer, and what is only read not in a request.
        let stays_out = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        for (name, _) in properties.filter(|(_, it)| it.get(stays_out) != Some(&Value::Bool(true))) {
            let place = pointer::join(&base, name);
            match self.properties.iter_mut().find(|(known, _)| known == name) {
                Some((_, places)) => places.push(place),
                None => self.properties.push((name.clone(), vec![place])),
            }
        }
    }
}

/// How many tokens a place may have.
const DEEPEST: usize = 10;

/// A place in a body.
pub(super) struct Place {
    /// Its JSON Pointer, in which `*` stands for every item of an array.
    pub(super) at: String,
    /// Whether it is required, where it is a property.
    pub(super) required: Option<bool>,
    /// Where the contract speaks of it.
    schemas: Vec<String>,
    /// The schemas around it, which end the walk where they come again.
    around: Vec<String>,
    depth: usize,
}

impl Place {
    /// Where the contract speaks of it.
    pub(super) fn stated(&self) -> &str {
        self.schemas.first().map_or("#", String::as_str)
    }
}

/// Visits every place of a body in the contract's order.
pub(super) fn walk(
    contract: &Contract,
    schema: &str,
    direction: Direction,
    mut visit: impl FnMut(&Place, &Shape),
) {
    let schemas = vec![schema.to_owned()];
    let root = Place { at: String::new(), required: None, schemas, around: Vec::new(), depth: 0 };
    let mut waiting = vec![root];
    while let Some(place) = waiting.pop() {
        let shape = Shape::read(contract, &place.schemas, direction);
        visit(&place, &shape);
        let comes_again = shape.schemas.iter().any(|schema| place.around.contains(schema));
        if comes_again || place.depth == DEEPEST {
            continue;
        }
        let mut around = place.around.clone();
        around.extend(shape.schemas.iter().cloned());
        let below = |token: &str, schemas: &[String], required| Place {
            at: pointer::join(&place.at, token),
            required,
            schemas: schemas.to_vec(),
            around: around.clone(),
            depth: place.depth + 1,
        };
        // The last one is looked at first, so that the order is the contract's.
        if !shape.items.is_empty() {
            waiting.push(below("*", &shape.items, None));
        }
        for (name, schemas) in shape.properties.iter().rev() {
            waiting.push(below(name, schemas, Some(shape.required.contains(name))));
        }
    }
}
