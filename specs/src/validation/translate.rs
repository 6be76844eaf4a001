//! Translates a schema of OpenAPI 3.0, and every schema that it refers to, into JSON Schema 2020-12.
//!
//! What differs: `nullable`; boolean `exclusiveMinimum` and `exclusiveMaximum`; `readOnly` and `writeOnly`, which
//! make a required property optional in one direction; the formats of numbers; tuples, which are kept beside what 3.0
//! can say of them. Annotations are left out. Each schema
//! that is referred to becomes one definition, so that cycles end, and [`Places`] knows the way back from a
//! definition to the contract.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::Direction;
use super::formats::{INT32, INT64};
use crate::{pointer, reference};

/// The keywords that mean the same in both dialects.
const SAME: [&str; 12] = [
    "multipleOf",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "required",
];

/// How many schemas one schema may reach; more is refused.
const MAX_DEFINITIONS: usize = 10_000;

/// How deep composition is searched for the flags of a property.
const MAX_COMPOSITION: usize = 32;

/// A schema that cannot be translated.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) pointer: String,
    pub(super) problem: String,
}

/// The way from a translated schema back to the contract.
#[derive(Debug)]
pub(super) struct Places {
    /// The contract pointer of each definition.
    definitions: Vec<String>,
    /// Places inside a definition that were moved: their translated pointer and their contract pointer.
    moved: HashMap<String, String>,
}

impl Places {
    pub(super) fn root(&self) -> &str {
        self.definitions.first().map_or("#", String::as_str)
    }

    /// Returns the contract pointer of the schema that holds a translated place, and the rest of the way below it.
    ///
    /// `/$defs/0/properties/a/type` gives `#/components/schemas/A/properties/a/type` and an empty rest for the
    /// contract; callers cut the keyword off themselves.
    pub(super) fn place(&self, translated: &str) -> Option<(String, String)> {
        let mut end = translated.len();
        loop {
            let prefix = translated.get(..end)?;
            if let Some(contract) = self.moved.get(prefix).or_else(|| self.definition(prefix)) {
                return Some((contract.clone(), translated.get(end..)?.to_owned()));
            }
            end = prefix.rfind('/')?;
        }
    }

    fn definition(&self, translated: &str) -> Option<&String> {
        self.definitions.get(pointer::index(translated.strip_prefix("/$defs/")?)?)
    }
}

/// Translates the schema at a canonical pointer.
pub(super) fn translate(
    document: &Value,
    pointer: &str,
    direction: Direction,
) -> Result<(Value, Places), Failure> {
    let mut translator = Translator {
        document,
        direction,
        indexes: HashMap::new(),
        places: Places { definitions: Vec::new(), moved: HashMap::new() },
    };
    translator.index(pointer)?;
    let mut definitions = Map::new();
    let mut next = 0;
    while let Some(contract) = translator.places.definitions.get(next).cloned() {
        let value = pointer::tokens(&contract).and_then(|tokens| pointer::lookup(document, &tokens));
        let value = value.ok_or_else(|| failure(&contract, "it is not there"))?;
        let here = Here { translated: format!("/$defs/{next}"), contract };
        let schema = translator.schema(value, &here, &BTreeSet::new())?;
        definitions.insert(next.to_string(), schema);
        next += 1;
    }
    Ok((json!({"$ref": "#/$defs/0", "$defs": definitions}), translator.places))
}

struct Translator<'d> {
    document: &'d Value,
    direction: Direction,
    indexes: HashMap<String, usize>,
    places: Places,
}

/// A place in both schemas.
struct Here {
    translated: String,
    contract: String,
}

impl Here {
    fn under(&self, token: &str) -> Self {
        // A translated place is a plain JSON Pointer, in which `%` stays as it is.
        let escaped = token.replace('~', "~0").replace('/', "~1");
        Self {
            translated: format!("{}/{escaped}", self.translated),
            contract: pointer::join(&self.contract, token),
        }
    }
}

impl Translator<'_> {
    /// The number of the definition for the schema at a pointer.
    fn index(&mut self, pointer: &str) -> Result<usize, Failure> {
        if let Some(&index) = self.indexes.get(pointer) {
            return Ok(index);
        }
        let index = self.places.definitions.len();
        if index >= MAX_DEFINITIONS {
            return Err(failure(pointer, format!("it reaches more than {MAX_DEFINITIONS} schemas")));
        }
        self.places.definitions.push(pointer.to_owned());
        self.indexes.insert(pointer.to_owned(), index);
        Ok(index)
    }

    /// Translates one schema. `optional` are the properties that the schemas around it make optional here.
    ///
    /// The depth is bounded by that of the document.
    fn schema(&mut self, value: &Value, here: &Here, optional: &BTreeSet<String>) -> Result<Value, Failure> {
        let members = match value {
            Value::Object(members) => members,
            Value::Bool(_) => return Ok(value.clone()),
            _ => return Err(failure(&here.contract, "it is not an object")),
        };
        if let Some(Value::String(reference)) = members.get("$ref") {
            let Some((target, _)) = reference::resolve(self.document, reference) else {
                return Err(failure(&here.contract, format!("{reference:?} leads nowhere")));
            };
            return Ok(json!({"$ref": format!("#/$defs/{}", self.index(&target)?)}));
        }
        let nullable = members.get("nullable").and_then(Value::as_bool).unwrap_or(false);
        let composed =
            ["allOf", "oneOf", "anyOf", "not"].iter().any(|keyword| members.contains_key(*keyword));
        if nullable && composed {
            // Null is allowed whatever the parts say; anything else has to satisfy them.
            let translated = format!("{}/else", here.translated);
            self.places.moved.insert(translated.clone(), here.contract.clone());
            let inner = Here { translated, contract: here.contract.clone() };
            let schema = self.members(members, false, &inner, optional)?;
            return Ok(json!({"if": {"type": "null"}, "else": schema}));
        }
        self.members(members, nullable, here, optional).map(Value::Object)
    }

    fn members(
        &mut self,
        members: &Map<String, Value>,
        nullable: bool,
        here: &Here,
        optional: &BTreeSet<String>,
    ) -> Result<Map<String, Value>, Failure> {
        let mut optional = optional.clone();
        self.collect_optional(members, 0, &mut optional);
        let mut schema = Map::new();
        for (keyword, value) in members {
            match keyword.as_str() {
                "type" => {
                    schema.insert("type".to_owned(), if nullable { or_null(value) } else { value.clone() });
                }
                "enum" => {
                    schema.insert("enum".to_owned(), enumeration(value, nullable));
                }
                "required" => {
                    schema.insert("required".to_owned(), still_required(value, &optional));
                }
                "format" => self.format(value, members, &mut schema),
                "exclusiveMinimum" | "exclusiveMaximum" if value.is_number() => {
                    schema.insert(keyword.clone(), value.clone());
                }
                "properties" => {
                    let here = here.under(keyword);
                    let mut properties = Map::new();
                    for (name, property) in value.as_object().into_iter().flatten() {
                        let property = self.schema(property, &here.under(name), &BTreeSet::new())?;
                        properties.insert(name.clone(), property);
                    }
                    schema.insert(keyword.clone(), Value::Object(properties));
                }
                "items" | "not" | "additionalProperties" => {
                    let translated = self.schema(value, &here.under(keyword), &BTreeSet::new())?;
                    schema.insert(keyword.clone(), translated);
                }
                "allOf" | "oneOf" | "anyOf" => {
                    let here = here.under(keyword);
                    let mut parts = Vec::new();
                    for (index, part) in value.as_array().into_iter().flatten().enumerate() {
                        parts.push(self.schema(part, &here.under(&index.to_string()), &optional)?);
                    }
                    // An empty list says nothing in OpenAPI, and is refused by JSON Schema.
                    if !parts.is_empty() {
                        schema.insert(keyword.clone(), Value::Array(parts));
                    }
                }
                "x-prefix-items" => {
                    // What 3.1 says of a tuple, which the normalised contract keeps.
                    let mut items = Vec::new();
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        let here = Here {
                            translated: format!("{}/prefixItems/{index}", here.translated),
                            contract: here.under(keyword).under(&index.to_string()).contract,
                        };
                        self.places.moved.insert(here.translated.clone(), here.contract.clone());
                        items.push(self.schema(item, &here, &BTreeSet::new())?);
                    }
                    if !items.is_empty() {
                        schema.insert("prefixItems".to_owned(), Value::Array(items));
                    }
                }
                same if SAME.contains(&same) => {
                    schema.insert(keyword.clone(), value.clone());
                }
                _ => {}
            }
        }
        for (flag, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            if members.get(flag) == Some(&Value::Bool(true))
                && let Some(value) = schema.shift_remove(limit)
            {
                schema.insert(flag.to_owned(), value);
            }
        }
        Ok(schema)
    }

    fn format(&self, value: &Value, members: &Map<String, Value>, schema: &mut Map<String, Value>) {
        let is_number = matches!(members.get("type").and_then(Value::as_str), Some("integer" | "number"));
        match value.as_str() {
            Some("int32") if is_number => schema.insert(INT32.to_owned(), Value::Bool(true)),
            Some("int64") if is_number => schema.insert(INT64.to_owned(), Value::Bool(true)),
            Some(_) if !is_number => schema.insert("format".to_owned(), value.clone()),
            _ => None,
        };
    }

    /// Adds the properties that are not required in this direction, of a schema and of what it is composed of.
    fn collect_optional(&self, members: &Map<String, Value>, depth: usize, optional: &mut BTreeSet<String>) {
        if depth > MAX_COMPOSITION {
            return;
        }
        for (name, property) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if self.is_optional(property, 0) {
                optional.insert(name.clone());
            }
        }
        for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            if let Some(part) = self.followed(part).as_object() {
                self.collect_optional(part, depth + 1, optional);
            }
        }
    }

    fn is_optional(&self, property: &Value, depth: usize) -> bool {
        let flag = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let property = self.followed(property);
        property.get(flag) == Some(&Value::Bool(true))
            || depth < MAX_COMPOSITION
                && property
                    .get("allOf")
                    .and_then(Value::as_array)
                    .is_some_and(|parts| parts.iter().any(|part| self.is_optional(part, depth + 1)))
    }

    fn followed<'v>(&'v self, value: &'v Value) -> &'v Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(target) => reference::resolve(self.document, target).map_or(value, |(_, value)| value),
            None => value,
        }
    }
}

fn or_null(value: &Value) -> Value {
    match value {
        Value::Array(names) => Value::Array(names.iter().cloned().chain([json!("null")]).collect()),
        name => json!([name, "null"]),
    }
}

fn enumeration(value: &Value, nullable: bool) -> Value {
    match value {
        Value::Array(values) if nullable && !values.contains(&Value::Null) => {
            Value::Array(values.iter().cloned().chain([Value::Null]).collect())
        }
        _ => value.clone(),
    }
}

fn still_required(value: &Value, optional: &BTreeSet<String>) -> Value {
    let Value::Array(names) = value else { return value.clone() };
    let mut seen = HashSet::new();
    let required = names.iter().filter(|name| match name.as_str() {
        // A name that stands there twice is refused by JSON Schema, and says nothing more.
        Some(name) => !optional.contains(name) && seen.insert(name),
        None => true,
    });
    Value::Array(required.cloned().collect())
}

fn failure(pointer: &str, problem: impl Into<String>) -> Failure {
    Failure { pointer: pointer.to_owned(), problem: problem.into() }
}
