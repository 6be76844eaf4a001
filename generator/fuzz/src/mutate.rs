//! Makes other contracts of a contract: one part of it is left out, doubled, moved, wrapped, or said in other words.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Keywords of OpenAPI and JSON Schema, and names that mean something here.
const KEYS: &[&str] = &[
    "$ref",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "items",
    "prefixItems",
    "properties",
    "additionalProperties",
    "patternProperties",
    "required",
    "type",
    "enum",
    "const",
    "format",
    "nullable",
    "default",
    "example",
    "examples",
    "discriminator",
    "mapping",
    "propertyName",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "multipleOf",
    "uniqueItems",
    "readOnly",
    "writeOnly",
    "deprecated",
    "title",
    "description",
    "summary",
    "operationId",
    "tags",
    "parameters",
    "requestBody",
    "responses",
    "content",
    "schema",
    "schemas",
    "headers",
    "links",
    "callbacks",
    "security",
    "securitySchemes",
    "servers",
    "url",
    "variables",
    "name",
    "in",
    "style",
    "explode",
    "allowReserved",
    "encoding",
    "contentType",
    "contentEncoding",
    "contentMediaType",
    "$defs",
    "definitions",
    "$id",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "$recursiveRef",
    "components",
    "paths",
    "pathItems",
    "webhooks",
    "get",
    "post",
    "put",
    "delete",
    "query",
    "additionalOperations",
    "x-type-name",
    "x-sensitive",
    "x-pagination",
    "x-nullable",
    "x-provisional",
    "info",
    "version",
    "openapi",
    "swagger",
    "host",
    "basePath",
    "schemes",
    "consumes",
    "produces",
    "collectionFormat",
    "securityDefinitions",
    "200",
    "4XX",
    "default",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "unevaluatedProperties",
    "propertyNames",
    "contains",
    "externalDocs",
    "application/json",
    "multipart/form-data",
    "text/plain",
    "application/x-www-form-urlencoded",
    "a",
    "A",
    "_",
    "",
    "self",
];

/// Values that mean something somewhere.
const TEXTS: &[&str] = &[
    "",
    "string",
    "integer",
    "number",
    "boolean",
    "array",
    "object",
    "null",
    "file",
    "date",
    "date-time",
    "byte",
    "binary",
    "int32",
    "int64",
    "uint64",
    "decimal",
    "uuid",
    "path",
    "query",
    "header",
    "cookie",
    "body",
    "formData",
    "simple",
    "form",
    "deepObject",
    "matrix",
    "label",
    "pipeDelimited",
    "spaceDelimited",
    "multi",
    "tsv",
    "3.0.3",
    "3.1.0",
    "3.2.0",
    "2.0",
    "apiKey",
    "http",
    "oauth2",
    "openIdConnect",
    "mutualTLS",
    "basic",
    "bearer",
    "base64",
    "#",
    "#/",
    "#/components",
    "#/components/schemas",
    "/",
    "/{a}",
    "/{a}/{a}",
    "{",
    "(",
    "[a",
    "\\",
    "^a$",
    "\u{0}",
    "\u{2028}",
    "`",
    "*/",
    "\"#",
    "*/*",
    "application/json",
    "a.yaml#/a",
    "../a.yaml",
    "http://example.com/a",
    "%",
    "%zz",
    "~",
    "~2",
    "self",
    "gen",
    "Self",
    "\u{300}",
];

/// Makes another contract; `None` when the text is none, or when the other one would be too long.
pub fn mutate(data: &[u8], max_length: usize, seed: u64) -> Option<Vec<u8>> {
    let mut random = Rng::with_seed(seed);
    // Sometimes the text itself is what is changed.
    if random.u8(..16) == 0 {
        return None;
    }
    let text = std::str::from_utf8(data).ok()?;
    let mut document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(_) => serde_yaml::from_str(text).ok()?,
    };
    for _ in 0..random.usize(1..6) {
        change(&mut document, &mut random);
    }
    let mutated = document.to_string();
    (mutated.len() <= max_length).then(|| mutated.into_bytes())
}

fn change(document: &mut Value, random: &mut Rng) {
    let count = count(document);
    let other = |random: &mut Rng, document: &Value| {
        part(document, &mut random.usize(..count)).cloned().unwrap_or_default()
    };
    let at = random.usize(..count);
    let replacement = match random.u8(..14) {
        0..3 => other(random, document),
        3 => Value::Null,
        4 => value(random, document),
        5 => {
            // Both ways.
            let place = random.usize(..count);
            let (one, two) = (part(document, &mut { at }).cloned(), part(document, &mut { place }).cloned());
            if let Some((there, one)) = part_mut(document, &mut { place }).zip(one) {
                *there = one;
            }
            two.unwrap_or_default()
        }
        6 => {
            let inner = part(document, &mut { at }).cloned().unwrap_or_default();
            let key = KEYS[random.usize(..KEYS.len())];
            if random.bool() { json!({key: inner}) } else { json!({key: [inner.clone(), inner]}) }
        }
        7..10 => {
            let added = if random.bool() { value(random, document) } else { other(random, document) };
            return insert(document, at, added, random);
        }
        10 | 11 => return remove(document, at, random),
        12 => return rename(document, at, random),
        _ => reference(random, document),
    };
    if let Some(place) = part_mut(document, &mut { at }) {
        *place = replacement;
    }
}

fn value(random: &mut Rng, document: &Value) -> Value {
    match random.u8(..12) {
        0 => json!(random.bool()),
        1 => json!([0, 1, -1, i64::MAX, i64::MIN][random.usize(..5)]),
        2 => json!([0.5, -0.0, 1e300, 5e-324, 1e15][random.usize(..5)]),
        3 => json!(u64::MAX),
        4 => json!({}),
        5 => json!([]),
        6 => reference(random, document),
        7 => json!([TEXTS[random.usize(..TEXTS.len())], TEXTS[random.usize(..TEXTS.len())], null]),
        8 => json!("a".repeat(random.usize(..300))),
        9 => json!({"type": TEXTS[random.usize(..10)], "format": TEXTS[random.usize(9..20)]}),
        _ => json!(TEXTS[random.usize(..TEXTS.len())]),
    }
}

/// A reference to some part of the document.
fn reference(random: &mut Rng, document: &Value) -> Value {
    let mut pointer = String::from("#");
    let mut here = document;
    for _ in 0..random.usize(1..7) {
        let next = match here {
            Value::Object(members) if !members.is_empty() => {
                members.iter().nth(random.usize(..members.len()))
            }
            Value::Array(items) if !items.is_empty() => {
                let index = random.usize(..items.len());
                pointer.push_str(&format!("/{index}"));
                here = &items[index];
                continue;
            }
            _ => None,
        };
        let Some((key, value)) = next else { break };
        pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1")));
        here = value;
    }
    json!({"$ref": pointer})
}

fn insert(document: &mut Value, at: usize, added: Value, random: &mut Rng) {
    match part_mut(document, &mut { at }) {
        Some(Value::Object(members)) => {
            let key = match members.keys().nth(random.usize(..members.len() + 1)) {
                Some(key) if random.bool() => {
                    [key.to_uppercase(), format!("{key}_"), format!("{key}2")][random.usize(..3)].clone()
                }
                _ => KEYS[random.usize(..KEYS.len())].to_owned(),
            };
            members.insert(key, added);
        }
        Some(Value::Array(items)) => items.insert(random.usize(..=items.len()), added),
        Some(other) => *other = added,
        None => {}
    }
}

fn remove(document: &mut Value, at: usize, random: &mut Rng) {
    match part_mut(document, &mut { at }) {
        Some(Value::Object(members)) if !members.is_empty() => {
            let key = members.keys().nth(random.usize(..members.len())).cloned();
            key.map(|key| members.shift_remove(&key));
        }
        Some(Value::Array(items)) if !items.is_empty() => drop(items.remove(random.usize(..items.len()))),
        _ => {}
    }
}

fn rename(document: &mut Value, at: usize, random: &mut Rng) {
    if let Some(Value::Object(members)) = part_mut(document, &mut { at })
        && !members.is_empty()
    {
        let chosen = random.usize(..members.len());
        let name =
            if random.bool() { KEYS[random.usize(..KEYS.len())] } else { TEXTS[random.usize(..TEXTS.len())] };
        let renamed: Map<String, Value> = std::mem::take(members)
            .into_iter()
            .enumerate()
            .map(|(index, (key, value))| (if index == chosen { name.to_owned() } else { key }, value))
            .collect();
        *members = renamed;
    }
}

/// How many values a value has in it, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0_usize,
    }
}

/// The value with a number, counted from the outermost.
fn part<'v>(value: &'v Value, number: &mut usize) -> Option<&'v Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Array(items) => items.iter().find_map(|item| part(item, number)),
        Value::Object(members) => members.values().find_map(|member| part(member, number)),
        _ => None,
    }
}

fn part_mut<'v>(value: &'v mut Value, number: &mut usize) -> Option<&'v mut Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| part_mut(item, number)),
        Value::Object(members) => members.values_mut().find_map(|member| part_mut(member, number)),
        _ => None,
    }
}
