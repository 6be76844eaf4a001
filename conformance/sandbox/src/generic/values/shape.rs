//! What the schemas that hold at one place ask for, put together: references followed, `allOf` merged. It is a reading
//! for making values, and may be approximate where JSON Schema is subtle: the contract's validator has the last word.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use driftline_specs::{Contract, pointer};
use serde_json::{Map, Value};

/// How many schemas are put together at most.
const MOST_PARTS: usize = 256;

/// How many shapes are remembered.
const MOST_SHAPES: usize = 20_000;

/// A contract, with what was read of its schemas so far.
#[derive(Debug)]
pub(in crate::generic) struct Reader {
    contract: Contract,
    shapes: Mutex<HashMap<Vec<String>, Arc<Shape>>>,
}

impl Reader {
    pub(in crate::generic) fn new(contract: Contract) -> Reader {
        Reader { contract, shapes: Mutex::default() }
    }

    fn shapes(&self) -> MutexGuard<'_, HashMap<Vec<String>, Arc<Shape>>> {
        self.shapes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Reader {
    type Target = Contract;

    fn deref(&self) -> &Contract {
        &self.contract
    }
}

/// What the schemas at one place ask for.
#[derive(Debug, Default)]
pub(in crate::generic) struct Shape {
    /// The JSON types that all of them allow; empty where none is named.
    pub(in crate::generic) kinds: Vec<String>,
    /// The values that all of them allow.
    pub(in crate::generic) choices: Option<Vec<Value>>,
    pub(in crate::generic) format: Option<String>,
    pub(in crate::generic) patterns: Vec<String>,
    pub(in crate::generic) length: Limits<usize>,
    pub(in crate::generic) number: Limits<f64>,
    pub(in crate::generic) exclusive: (bool, bool),
    pub(in crate::generic) multiple_of: Option<f64>,
    pub(in crate::generic) items: Limits<usize>,
    pub(in crate::generic) unique: bool,
    pub(in crate::generic) prefix: Vec<String>,
    /// The places of what every other item has to be.
    pub(in crate::generic) item: Vec<String>,
    /// Each declared property with the places of its schemas.
    pub(in crate::generic) properties: Vec<(String, Vec<String>)>,
    pub(in crate::generic) required: BTreeSet<String>,
    pub(in crate::generic) members: Limits<usize>,
    pub(in crate::generic) additional: Additional,
    /// Each `oneOf` and `anyOf`.
    pub(in crate::generic) unions: Vec<Union>,
    /// A property whose value says which schema holds, and that value for the schema that was named.
    pub(in crate::generic) tag: Option<(String, String)>,
    /// What the contract gives as an example or a default, the outermost first.
    pub(in crate::generic) samples: Vec<Value>,
    pub(in crate::generic) read_only: bool,
    pub(in crate::generic) write_only: bool,
}

/// A least and a greatest value.
#[derive(Clone, Copy, Debug)]
pub(in crate::generic) struct Limits<T> {
    pub(in crate::generic) least: Option<T>,
    pub(in crate::generic) most: Option<T>,
}

impl<T> Default for Limits<T> {
    fn default() -> Limits<T> {
        Limits { least: None, most: None }
    }
}

impl<T: PartialOrd + Copy> Limits<T> {
    fn narrow(&mut self, least: Option<T>, most: Option<T>) {
        if let Some(least) = least.filter(|least| self.least.is_none_or(|own| *least > own)) {
            self.least = Some(least);
        }
        if let Some(most) = most.filter(|most| self.most.is_none_or(|own| *most < own)) {
            self.most = Some(most);
        }
    }
}

/// What is said of properties that are not declared.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::generic) enum Additional {
    #[default]
    Unstated,
    Open,
    Closed,
    Schemas(Vec<String>),
}

/// The alternatives of one `oneOf` or `anyOf`.
#[derive(Clone, Debug)]
pub(in crate::generic) struct Union {
    pub(in crate::generic) alternatives: Vec<String>,
    /// The property that tells the alternatives apart, and its value in each.
    pub(in crate::generic) property: Option<String>,
    pub(in crate::generic) tags: Vec<String>,
}

impl Shape {
    /// What the schemas at some places ask for, all of which hold.
    pub(in crate::generic) fn read(contract: &Reader, places: &[String]) -> Arc<Shape> {
        if let Some(shape) = contract.shapes().get(places) {
            return Arc::clone(shape);
        }
        let shape = Arc::new(Shape::of(contract, places));
        let mut shapes = contract.shapes();
        if shapes.len() >= MOST_SHAPES {
            shapes.clear();
        }
        shapes.insert(places.to_vec(), Arc::clone(&shape));
        shape
    }

    fn of(contract: &Contract, places: &[String]) -> Shape {
        let mut shape = Shape::default();
        let mut seen = HashSet::new();
        let mut open: Vec<String> = places.iter().rev().cloned().collect();
        let named = places.last().and_then(|place| contract.resolve(place)).map(|(place, _)| place);
        while let Some(place) = open.pop() {
            let Some((place, schema)) = contract.resolve(&place) else { continue };
            if seen.len() == MOST_PARTS || !seen.insert(place.clone()) {
                continue;
            }
            let Value::Object(schema) = schema else { continue };
            let parts = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
            open.extend(
                (0..parts)
                    .rev()
                    .map(|index| pointer::join(&pointer::join(&place, "allOf"), &index.to_string())),
            );
            shape.take(schema, &place, named.as_deref());
        }
        shape
    }

    fn take(&mut self, schema: &Map<String, Value>, place: &str, named: Option<&str>) {
        let flag = |name: &str| schema.get(name) == Some(&Value::Bool(true));
        let text = |name: &str| schema.get(name).and_then(Value::as_str);
        let number = |name: &str| schema.get(name).and_then(Value::as_f64);
        let count =
            |name: &str| schema.get(name).and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok());
        if let Some(kind) = text("type").or_else(|| implied(schema)) {
            if self.kinds.is_empty() || kind == "integer" && self.kinds == ["number"] {
                self.kinds = vec![kind.to_owned()];
            } else if !(self.kinds == ["integer"] && kind == "number") {
                self.kinds.retain(|own| *own == kind);
            }
        }
        if let Some(Value::Array(choices)) = schema.get("enum") {
            let own = self.choices.take();
            let kept = choices.iter().filter(|it| own.as_ref().is_none_or(|own| own.contains(it)));
            self.choices = Some(kept.cloned().collect());
        }
        self.format = self.format.take().or(text("format").map(str::to_owned));
        self.patterns.extend(text("pattern").map(str::to_owned));
        self.length.narrow(count("minLength"), count("maxLength"));
        self.number.narrow(number("minimum"), number("maximum"));
        self.exclusive.0 |= flag("exclusiveMinimum");
        self.exclusive.1 |= flag("exclusiveMaximum");
        self.multiple_of = self.multiple_of.or(number("multipleOf").filter(|it| *it > 0.0));
        self.items.narrow(count("minItems"), count("maxItems"));
        self.unique |= flag("uniqueItems");
        self.members.narrow(count("minProperties"), count("maxProperties"));
        self.read_only |= flag("readOnly");
        self.write_only |= flag("writeOnly");
        if schema.get("items").is_some_and(Value::is_object) {
            self.item.push(pointer::join(place, "items"));
        }
        if let Some(Value::Array(prefix)) = schema.get("x-prefix-items").filter(|_| self.prefix.is_empty()) {
            let base = pointer::join(place, "x-prefix-items");
            self.prefix = (0..prefix.len()).map(|index| pointer::join(&base, &index.to_string())).collect();
        }
        self.take_properties(schema, place);
        self.take_unions(schema, place, named);
        self.samples.extend(
            ["example", "default"]
                .iter()
                .filter_map(|name| schema.get(*name))
                .filter(|it| !it.is_null())
                .cloned(),
        );
    }

    fn take_properties(&mut self, schema: &Map<String, Value>, place: &str) {
        let base = pointer::join(place, "properties");
        for name in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            let at = pointer::join(&base, name);
            match self.properties.iter_mut().find(|(known, _)| known == name) {
                Some((_, places)) => places.push(at),
                None => self.properties.push((name.clone(), vec![at])),
            }
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        self.required.extend(required.filter_map(Value::as_str).map(str::to_owned));
        let own = std::mem::take(&mut self.additional);
        self.additional = match (schema.get("additionalProperties"), own) {
            (_, Additional::Closed) | (Some(Value::Bool(false)), _) => Additional::Closed,
            (Some(Value::Object(inner)), own) if !inner.is_empty() => {
                let mut places = vec![pointer::join(place, "additionalProperties")];
                if let Additional::Schemas(others) = own {
                    places.extend(others);
                }
                Additional::Schemas(places)
            }
            (Some(_), Additional::Unstated) => Additional::Open,
            (_, own) => own,
        };
    }

    fn take_unions(&mut self, schema: &Map<String, Value>, place: &str, named: Option<&str>) {
        let discriminator = schema.get("discriminator");
        let property = discriminator.and_then(|it| it.get("propertyName")).and_then(Value::as_str);
        let mapping = discriminator.and_then(|it| it.get("mapping")).and_then(Value::as_object);
        let tag_of = |reference: &str| {
            let name = reference.rsplit('/').next().unwrap_or_default();
            let leads = |target: &Value| target.as_str().is_some_and(|it| it == reference || it == name);
            let mapped = mapping.and_then(|it| it.iter().find(|(_, target)| leads(target)));
            mapped.map_or_else(|| name.to_owned(), |(tag, _)| tag.clone())
        };
        let mut has_alternatives = false;
        for keyword in ["oneOf", "anyOf"] {
            let Some(Value::Array(parts)) = schema.get(keyword) else { continue };
            if parts.is_empty() {
                continue;
            }
            has_alternatives = true;
            let base = pointer::join(place, keyword);
            let alternatives =
                (0..parts.len()).map(|index| pointer::join(&base, &index.to_string())).collect();
            let reference =
                |part: &Value| part.get("$ref").and_then(Value::as_str).map(&tag_of).unwrap_or_default();
            let tags = parts.iter().map(reference).collect();
            self.unions.push(Union { alternatives, property: property.map(str::to_owned), tags });
        }
        // A discriminator without alternatives is inherited by those that refer to it.
        if let (false, Some(property), Some(named)) = (has_alternatives, property, named)
            && self.tag.is_none()
        {
            let own = tag_of(named);
            let first = mapping.and_then(|it| it.keys().next());
            let tag = match first {
                Some(first) if !mapping.is_some_and(|it| it.contains_key(&own)) => first.clone(),
                _ => own,
            };
            self.tag = Some((property.to_owned(), tag));
        }
    }

    /// The places of a property, declared or not.
    pub(in crate::generic) fn property(&self, name: &str) -> Option<&[String]> {
        let declared =
            self.properties.iter().find(|(known, _)| *known == name).map(|(_, places)| places.as_slice());
        declared.or(match &self.additional {
            Additional::Schemas(places) => Some(places.as_slice()),
            _ => None,
        })
    }

    /// Whether a property that is not declared may be made: where nothing is declared, or others are stated.
    pub(in crate::generic) fn takes_others(&self) -> bool {
        match self.additional {
            Additional::Closed => false,
            Additional::Open | Additional::Schemas(_) => true,
            Additional::Unstated => self.properties.is_empty(),
        }
    }

    pub(in crate::generic) fn is(&self, kind: &str) -> bool {
        self.kinds.first().is_some_and(|own| *own == kind)
    }
}

/// The type that the keywords of a schema without `type` speak of.
fn implied(schema: &Map<String, Value>) -> Option<&'static str> {
    let has = |names: &[&str]| names.iter().any(|name| schema.contains_key(*name));
    if has(&["properties", "additionalProperties", "required", "minProperties"]) {
        Some("object")
    } else if has(&["items", "minItems", "maxItems", "x-prefix-items"]) {
        Some("array")
    } else if has(&["pattern", "minLength", "maxLength"]) {
        Some("string")
    } else if has(&["minimum", "maximum", "multipleOf"]) {
        Some("number")
    } else {
        None
    }
}
