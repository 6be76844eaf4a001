//! Alternatives one of which is null: the schema is `nullable`, and the alternatives are those that are left.

use serde_json::{Value, json};

use super::Schema;
use crate::pointer;

pub(super) fn rewrite(schema: &mut Schema<'_>) {
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(branches)) = schema.members.get_mut(keyword) else { continue };
        if branches.is_empty() {
            schema.members.shift_remove(keyword);
            continue;
        }
        let nulls: Vec<usize> =
            branches.iter().enumerate().filter(|(_, it)| is_null(it)).map(|(index, _)| index).collect();
        // Alone, what only allows null allows anything else as well.
        let says_nothing = nulls.len() == branches.len() && branches.iter().any(only_allows_null);
        if nulls.is_empty() || says_nothing {
            continue;
        }
        let array = pointer::join(schema.place, keyword);
        for &index in nulls.iter().rev() {
            branches.remove(index);
            schema.lineage.removed(&array, index);
        }
        let left = branches.len();
        schema.set("nullable", json!(true));
        match left {
            0 => {
                schema.members.shift_remove(keyword);
                schema.set_new("enum", json!([null]));
            }
            1 => only_branch(schema, keyword),
            _ => {}
        }
    }
    if schema.members.get("allOf").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        schema.members.shift_remove("allOf");
    }
}

/// What describes values and does not say which there are.
const ANNOTATIONS: [&str; 7] =
    ["title", "description", "default", "example", "deprecated", "readOnly", "writeOnly"];

/// Whether a schema allows null and nothing else, or says no more than that null is allowed: beside a reference, which
/// had no other way in 3.0, that is what is meant by it.
pub(super) fn is_null(branch: &Value) -> bool {
    let Some(members) = branch.as_object() else { return false };
    let only_null = |value: &Value| value == &json!("null") || value == &json!(["null"]);
    match (members.get("type"), members.get("enum"), members.get("const")) {
        (Some(name), ..) => only_null(name),
        (None, Some(values), _) => values == &json!([null]),
        (None, None, Some(value)) => value.is_null(),
        (None, None, None) => only_allows_null(branch),
    }
}

/// Whether a schema says that null is allowed and nothing else.
fn only_allows_null(branch: &Value) -> bool {
    let says_more = |key: &String| key != "nullable" && !ANNOTATIONS.contains(&key.as_str());
    branch.get("nullable") == Some(&json!(true))
        && branch.as_object().is_some_and(|members| !members.keys().any(says_more))
}

/// What is left of two alternatives says all: a reference stands in `allOf`, anything else in the schema itself.
fn only_branch(schema: &mut Schema<'_>, keyword: &str) {
    let Some(Value::Array(branches)) = schema.members.get_mut(keyword) else { return };
    let Some(Value::Object(branch)) = branches.pop() else { return };
    schema.members.shift_remove(keyword);
    let from = pointer::join(&schema.at(keyword), "0");
    let fits = !branch.contains_key("$ref")
        && branch.keys().all(|key| {
            ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-") || !schema.members.contains_key(key)
        });
    if fits {
        for (key, value) in branch {
            if !schema.has(&key) {
                schema.lineage.moved(&schema.at(&key), &pointer::join(&from, &key));
                schema.set(&key, value);
            }
        }
        // What came in is a schema like any other, and has not been rewritten yet.
        let mut value = Value::Object(std::mem::take(schema.members));
        super::rewrite(schema.place, &mut value, schema.lineage);
        if let Value::Object(members) = value {
            *schema.members = members;
        }
        return;
    }
    let at = match schema.members.get_mut("allOf").and_then(Value::as_array_mut) {
        Some(parts) => {
            parts.push(Value::Object(branch));
            parts.len() - 1
        }
        None => {
            schema.set("allOf", json!([branch]));
            0
        }
    };
    schema.lineage.moved(&pointer::join(&schema.at("allOf"), &at.to_string()), &from);
}
