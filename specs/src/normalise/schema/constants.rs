//! `const`, which is an `enum` of one; `examples`, of which the first is the `example`; null among an enum's values,
//! which is `nullable`.

use serde_json::{Value, json};

use super::Schema;

pub(super) fn rewrite(schema: &mut Schema<'_>) {
    if let Some(value) = schema.members.get("const").cloned() {
        let allowed = schema.members.get("enum").and_then(Value::as_array);
        if allowed.is_some_and(|values| !values.contains(&value)) {
            let at = schema.at("const");
            schema.lineage.mend(&at, "the constant is not among the values of `enum`; the constant counts");
        }
        schema.keep("const", "x-const");
        let (at, from) = (schema.at("enum"), schema.at("x-const"));
        schema.lineage.moved(&at, &from);
        if let Some(name) = type_of(&value) {
            schema.set_new("type", json!(name));
        }
        schema.set("enum", json!([value]));
    }
    if let Some(Value::Array(examples)) = schema.members.get("examples") {
        let first = examples.first().cloned();
        schema.keep("examples", "x-examples");
        if let Some(first) = first {
            schema.set_new("example", first);
        }
    }
    null_value(schema);
}

/// The type that a constant has without saying so.
fn type_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        Value::String(_) => Some("string"),
        _ => None,
    }
}

fn null_value(schema: &mut Schema<'_>) {
    let Some(Value::Array(values)) = schema.members.get("enum") else { return };
    if values.len() < 2 || !values.contains(&Value::Null) {
        return;
    }
    let others: Vec<Value> = values.iter().filter(|value| !value.is_null()).cloned().collect();
    if others.is_empty() {
        return;
    }
    let may_be_null = match schema.members.get("type") {
        None | Some(Value::Null) => true,
        Some(Value::Array(names)) => names.contains(&json!("null")),
        Some(name) => name == "null" || schema.members.get("nullable") == Some(&json!(true)),
    };
    if !may_be_null {
        let at = schema.at("enum");
        schema.lineage.mend(&at, "the values include null, which the type excludes; null is allowed");
    }
    schema.set("nullable", json!(true));
    let original = schema.members.get("enum").cloned().unwrap_or_default();
    schema.set_new("x-original-enum", original);
    schema.set("enum", json!(others));
}
