//! Keywords of JSON Schema that OpenAPI 3.0 has no word for: they are kept under `x-…`, and each is a loss.
//!
//! Some of them say nothing that is lost where they stand, and some say what 3.0 says in another way; those come
//! first.

use serde_json::{Value, json};

use super::Schema;

/// Each keyword, the key that keeps it, and what becomes of what it says.
const LOST: [(&str, &str, &str); 19] = [
    ("if", "x-if", "a condition is not checked"),
    ("then", "x-then", "a condition is not checked"),
    ("else", "x-else", "a condition is not checked"),
    ("dependentSchemas", "x-dependent-schemas", "what one property demands of others is not checked"),
    ("dependentRequired", "x-dependent-required", "what one property demands of others is not checked"),
    ("dependencies", "x-dependencies", "what one property demands of others is not checked"),
    (
        "patternProperties",
        "x-pattern-properties",
        "properties are not told apart by the pattern of their names",
    ),
    ("propertyNames", "x-property-names", "the names of properties are not checked"),
    ("unevaluatedProperties", "x-unevaluated-properties", "further properties are not checked"),
    ("unevaluatedItems", "x-unevaluated-items", "further items are not checked"),
    ("contains", "x-contains", "what a list has to contain is not checked"),
    ("minContains", "x-min-contains", "what a list has to contain is not checked"),
    ("maxContains", "x-max-contains", "what a list has to contain is not checked"),
    ("contentSchema", "x-content-schema", "what a text contains is not checked"),
    (
        "$dynamicRef",
        "x-dynamic-ref",
        "a reference that depends on who refers is not followed; anything is allowed",
    ),
    (
        "$recursiveRef",
        "x-recursive-ref",
        "a reference that depends on who refers is not followed; anything is allowed",
    ),
    ("extends", "x-extends", "`extends` of an old draft is not followed"),
    ("disallow", "x-disallow", "`disallow` of an old draft is not checked"),
    ("divisibleBy", "x-divisible-by", "`divisibleBy` of an old draft is not checked"),
];

/// Keywords that name or explain and constrain nothing.
const SILENT: [(&str, &str); 9] = [
    ("$id", "x-id"),
    ("$anchor", "x-anchor"),
    ("$dynamicAnchor", "x-dynamic-anchor"),
    ("$recursiveAnchor", "x-recursive-anchor"),
    ("$schema", "x-schema"),
    ("$vocabulary", "x-vocabulary"),
    ("$comment", "x-comment"),
    ("id", "x-id"),
    ("additionalItems", "x-additional-items"),
];

pub(super) fn set_aside(schema: &mut Schema<'_>) {
    pattern_properties(schema);
    property_names(schema);
    unevaluated(schema);
    for (keyword, kept) in SILENT {
        schema.keep(keyword, kept);
    }
    if schema.has("then") && !schema.has("if") {
        schema.keep("then", "x-then");
    }
    for (keyword, kept, message) in LOST {
        if schema.has(keyword) {
            schema.lose(keyword, kept, &format!("OpenAPI 3.0 has no `{keyword}`: {message}"));
        }
    }
}

/// One pattern for every name, or only names of one pattern: a map.
fn pattern_properties(schema: &mut Schema<'_>) {
    let Some(Value::Object(patterns)) = schema.members.get("patternProperties") else { return };
    if patterns.is_empty() {
        schema.keep("patternProperties", "x-pattern-properties");
        return;
    }
    let everything = ["", ".*", "^.*$", ".+", "^.+$", ".", "^.*", "^.+", "^"];
    let (names, values): (Vec<&String>, Vec<&Value>) = patterns.iter().unzip();
    let rest = schema.members.get("additionalProperties");
    let first = values.first().copied().cloned().unwrap_or_default();
    let same = values.iter().all(|value| **value == first);
    let matches_all = names.iter().all(|name| everything.contains(&name.as_str()));
    let is_closed = rest == Some(&json!(false));
    if !(matches_all && rest.is_none() || is_closed) {
        return;
    }
    if !matches_all {
        let at = schema.at("patternProperties");
        schema
            .lineage
            .lose(&at, "OpenAPI 3.0 has no `patternProperties`: any name is allowed for these properties");
    }
    let (kept, at) = (schema.at("x-pattern-properties"), schema.at("additionalProperties"));
    let branches = if same { vec![first] } else { values.into_iter().cloned().collect() };
    let names: Vec<String> = names.into_iter().cloned().collect();
    schema.keep("patternProperties", "x-pattern-properties");
    let value = match <[Value; 1]>::try_from(branches) {
        Ok([branch]) => {
            let origin = crate::pointer::join(&kept, names.first().map_or("", String::as_str));
            schema.lineage.moved(&at, &origin);
            branch
        }
        Err(branches) => {
            for (index, name) in names.iter().enumerate() {
                let at = crate::pointer::join(&crate::pointer::join(&at, "anyOf"), &index.to_string());
                schema.lineage.moved(&at, &crate::pointer::join(&kept, name));
            }
            json!({"anyOf": branches})
        }
    };
    schema.set("additionalProperties", value);
}

/// Any text is a name: a demand that names be texts says nothing.
fn property_names(schema: &mut Schema<'_>) {
    let says_nothing = match schema.members.get("propertyNames") {
        Some(Value::Bool(allowed)) => *allowed,
        Some(Value::Object(names)) => {
            names.iter().all(|(key, value)| key == "type" && value == "string" || key == "description")
        }
        _ => false,
    };
    if says_nothing {
        schema.keep("propertyNames", "x-property-names");
    }
}

/// Without composition nothing is evaluated elsewhere, and the plain keyword says the same.
fn unevaluated(schema: &mut Schema<'_>) {
    let is_composed = ["allOf", "anyOf", "oneOf", "if", "dependentSchemas", "$dynamicRef"]
        .iter()
        .any(|keyword| schema.has(keyword));
    for (unevaluated, additional, kept) in [
        ("unevaluatedProperties", "additionalProperties", "x-unevaluated-properties"),
        ("unevaluatedItems", "items", "x-unevaluated-items"),
    ] {
        if schema.members.get(unevaluated) == Some(&json!(true)) {
            schema.keep(unevaluated, kept);
        } else if !is_composed && !schema.has("patternProperties") && schema.has(unevaluated) {
            if additional == "items" && schema.has("items") && !schema.has("x-prefix-items") {
                // `items` takes every item: nothing is left unevaluated.
                schema.keep(unevaluated, kept);
            } else if additional == "additionalProperties" && !schema.has(additional) {
                schema.keep(unevaluated, additional);
            } else if additional == "additionalProperties" {
                schema.keep(unevaluated, kept);
            }
        }
    }
}
