//! `type`: a list of types, null as a type, and names that are no type.
//!
//! One type and null is `nullable`. Several types become `anyOf` of each, with the keywords that concern it; with an
//! `enum` the values say enough, and all types together say nothing.

use serde_json::{Map, Value, json};

use super::Schema;
use crate::pointer;

/// The keywords that concern values of one type only.
const OWN: [(&str, &[&str]); 5] = [
    ("string", &["minLength", "maxLength", "pattern", "format"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"]),
    ("integer", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"]),
    ("array", &["items", "minItems", "maxItems", "uniqueItems", "x-prefix-items"]),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
            "discriminator",
        ],
    ),
];

pub(super) fn rewrite(schema: &mut Schema<'_>) {
    match schema.members.get("type") {
        Some(Value::Array(names)) => {
            let names = names.clone();
            list(schema, &names);
        }
        Some(Value::String(name)) if name == "null" => {
            schema.keep("type", "x-original-type");
            schema.set("nullable", json!(true));
            schema.set_new("enum", json!([null]));
        }
        Some(Value::String(name)) if !is_type(name) => misnamed(schema),
        _ => {}
    }
}

pub(super) fn is_type(name: &str) -> bool {
    name == "boolean" || OWN.iter().any(|(own, _)| *own == name)
}

fn list(schema: &mut Schema<'_>, names: &[Value]) {
    let mut types: Vec<&str> = Vec::new();
    for name in names.iter().filter_map(Value::as_str).filter(|name| is_type(name)) {
        if !types.contains(&name) {
            types.push(name);
        }
    }
    if names.iter().any(|name| name != "null" && !name.as_str().is_some_and(is_type)) {
        let at = schema.at("type");
        schema.lineage.mend(&at, "the list has something that is no type; it is left out");
    }
    let is_null = names.iter().any(|name| name == "null");
    if types.contains(&"number") {
        // Every integer is a number.
        types.retain(|name| *name != "integer");
    }
    schema.keep("type", "x-original-type");
    if is_null {
        schema.set("nullable", json!(true));
    }
    match types.as_slice() {
        [] if is_null => schema.set_new("enum", json!([null])),
        [] => {}
        [one] => {
            let (at, from) = (schema.at("type"), schema.at("x-original-type"));
            schema.lineage.moved(&at, &from);
            schema.set("type", json!(one));
        }
        _ if schema.has("enum") => {
            let values = schema.members.get_mut("enum").and_then(Value::as_array_mut);
            if let Some(values) = values {
                let fitting: Vec<Value> = values
                    .iter()
                    .filter(|value| types.iter().any(|name| fits(value, name)))
                    .cloned()
                    .collect();
                if !fitting.is_empty() {
                    *values = fitting;
                }
            }
        }
        all if all.len() == 5
            && !OWN.iter().any(|(_, keywords)| keywords.iter().any(|it| schema.has(it))) => {}
        several => any_of(schema, several),
    }
}

fn any_of(schema: &mut Schema<'_>, types: &[&str]) {
    // Beside alternatives that are there already, these stand in `allOf`.
    let nested = schema.has("anyOf");
    let place = if nested {
        let index = schema.members.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        pointer::join(&pointer::join(&schema.at("allOf"), &index.to_string()), "anyOf")
    } else {
        schema.at("anyOf")
    };
    let mut branches = Vec::new();
    let mut moved = Vec::new();
    for (index, name) in types.iter().enumerate() {
        let here = pointer::join(&place, &index.to_string());
        let mut branch = Map::from_iter([("type".to_owned(), json!(name))]);
        let own = OWN.iter().find(|(own, _)| own == name).map_or(&[] as &[&str], |(_, keywords)| keywords);
        for keyword in own {
            let concerns = *keyword != "format" || format_is_of(schema.members.get("format"), name);
            if let Some(value) = schema.members.get(*keyword).filter(|_| concerns) {
                branch.insert((*keyword).to_owned(), value.clone());
                schema.lineage.moved(&pointer::join(&here, keyword), &schema.at(keyword));
                moved.push(*keyword);
            }
        }
        branches.push(Value::Object(branch));
    }
    for keyword in moved {
        schema.members.shift_remove(keyword);
    }
    if nested {
        match schema.members.get_mut("allOf").and_then(Value::as_array_mut) {
            Some(parts) => parts.push(json!({"anyOf": branches})),
            None => schema.set("allOf", json!([{"anyOf": branches}])),
        }
    } else {
        schema.set("anyOf", Value::Array(branches));
    }
}

fn format_is_of(format: Option<&Value>, name: &str) -> bool {
    let of_numbers =
        ["int32", "int64", "float", "double", "int8", "int16", "uint8", "uint16", "uint32", "uint64"];
    let is_number = format.and_then(Value::as_str).is_some_and(|format| of_numbers.contains(&format));
    is_number == matches!(name, "integer" | "number")
}

fn fits(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// Names that people write for a type, and what they mean.
fn misnamed(schema: &mut Schema<'_>) {
    let written = schema.members.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (meant, format) = match written.to_ascii_lowercase().as_str() {
        "any" | "*" | "mixed" | "" => (None, None),
        "int" | "long" | "int64" | "int32" | "integer" => (Some("integer"), None),
        "float" | "double" | "decimal" | "number" | "numeric" => (Some("number"), None),
        "bool" | "boolean" => (Some("boolean"), None),
        "str" | "text" | "string" | "enum" | "password" => (Some("string"), None),
        "date" => (Some("string"), Some("date")),
        "datetime" | "date-time" | "timestamp" => (Some("string"), Some("date-time")),
        "uuid" => (Some("string"), Some("uuid")),
        "list" | "array" => (Some("array"), None),
        "dict" | "map" | "object" | "hash" => (Some("object"), None),
        _ => (None, None),
    };
    let at = schema.at("type");
    let message = match meant {
        Some(meant) => format!("there is no such type; it is read as `{meant}`"),
        None => "there is no such type; anything is allowed".to_owned(),
    };
    schema.lineage.mend(&at, message);
    schema.keep("type", "x-original-type");
    if let Some(meant) = meant {
        schema.set("type", json!(meant));
    }
    if let Some(format) = format {
        schema.set_new("format", json!(format));
    }
}
