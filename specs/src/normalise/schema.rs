//! One schema at a time: from what JSON Schema 2020-12 (OpenAPI 3.1 and 3.2), Swagger 2.0 or a vendor's habit says
//! to what OpenAPI 3.0 says.
//!
//! Every version goes through the same steps, because vendors write 3.1's keywords into 3.0 documents and the other
//! way round; where a keyword has another meaning in another version, its value tells which is meant. A keyword that
//! 3.0 has no word for is set aside under `x-…`, and is a loss.

mod bounds;
mod composition;
mod constants;
mod content;
mod tuple;
mod types;
mod uncarried;

use serde_json::{Map, Value, json};

use super::siblings;
use crate::lineage::Lineage;
use crate::pointer;

/// Rewrites one schema; the schemas in it are rewritten later, when they are visited.
pub(super) fn rewrite(place: &str, value: &mut Value, lineage: &mut Lineage) {
    if let Value::Bool(allows) = *value {
        // `additionalProperties` may be a flag in 3.0 as well.
        let is_flag =
            place.ends_with("/additionalProperties") && !place.ends_with("/properties/additionalProperties");
        if !is_flag {
            *value = if allows { json!({}) } else { json!({"not": {}}) };
        }
        return;
    }
    let Value::Object(members) = value else { return };
    if members.len() == 1 && members.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    if members.iter().all(|(key, value)| is_plain(key, value)) {
        return;
    }
    let mut schema = Schema { place, members, lineage };
    if schema.members.get("$ref").is_some_and(Value::is_string) {
        siblings::wrap(&mut schema);
    }
    swagger_habits(&mut schema);
    constants::rewrite(&mut schema);
    tuple::rewrite(&mut schema);
    content::rewrite(&mut schema);
    bounds::rewrite(&mut schema);
    uncarried::set_aside(&mut schema);
    types::rewrite(&mut schema);
    composition::rewrite(&mut schema);
}

/// Whether a member says in OpenAPI 3.0 what it says here, whatever stands beside it: none of the steps concerns it.
fn is_plain(key: &str, value: &Value) -> bool {
    match key {
        "type" => value.as_str().is_some_and(types::is_type),
        "items" | "discriminator" => value.is_object(),
        "enum" => value.as_array().is_some_and(|values| !values.contains(&Value::Null)),
        "exclusiveMinimum" | "exclusiveMaximum" => value.is_boolean(),
        "allOf" => value.as_array().is_some_and(|parts| !parts.is_empty()),
        "anyOf" | "oneOf" => value
            .as_array()
            .is_some_and(|branches| !branches.is_empty() && !branches.iter().any(composition::is_null)),
        "title"
        | "description"
        | "format"
        | "pattern"
        | "properties"
        | "required"
        | "additionalProperties"
        | "minLength"
        | "maxLength"
        | "minItems"
        | "maxItems"
        | "minProperties"
        | "maxProperties"
        | "minimum"
        | "maximum"
        | "multipleOf"
        | "uniqueItems"
        | "nullable"
        | "readOnly"
        | "writeOnly"
        | "deprecated"
        | "default"
        | "example"
        | "externalDocs"
        | "xml"
        | "not" => true,
        "x-nullable" | "x-isnullable" => false,
        key => key.starts_with("x-"),
    }
}

/// A schema that is being rewritten.
pub(super) struct Schema<'s> {
    pub(super) place: &'s str,
    pub(super) members: &'s mut Map<String, Value>,
    pub(super) lineage: &'s mut Lineage,
}

impl Schema<'_> {
    fn has(&self, key: &str) -> bool {
        self.members.contains_key(key)
    }

    fn at(&self, key: &str) -> String {
        pointer::join(self.place, key)
    }

    fn set(&mut self, key: &str, value: Value) {
        self.members.insert(key.to_owned(), value);
    }

    /// Adds a member unless there is one.
    fn set_new(&mut self, key: &str, value: Value) {
        if !self.has(key) {
            self.set(key, value);
        }
    }

    /// Keeps a member under another key, which says nothing to OpenAPI 3.0.
    fn keep(&mut self, key: &str, kept: &str) {
        if let Some(value) = self.members.shift_remove(key) {
            self.lineage.moved(&self.at(kept), &self.at(key));
            self.set(kept, value);
        }
    }

    /// Keeps a member under another key, and notes that it is lost.
    fn lose(&mut self, key: &str, kept: &str, message: &str) {
        if self.has(key) {
            self.lineage.lose(&self.at(key), message);
            self.keep(key, kept);
        }
    }
}

/// `x-nullable`, and a discriminator that is only a name (Swagger 2.0).
fn swagger_habits(schema: &mut Schema<'_>) {
    for key in ["x-nullable", "x-isnullable"] {
        if let Some(Value::Bool(nullable)) = schema.members.get(key) {
            let nullable = *nullable;
            schema.set_new("nullable", json!(nullable));
        }
    }
    if let Some(Value::String(name)) = schema.members.get("discriminator") {
        let name = name.clone();
        schema.set("discriminator", json!({"propertyName": name}));
    }
}
