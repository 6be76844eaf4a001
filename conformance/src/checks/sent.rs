//! Which properties a client sends: what an answer says of them may be an echo, and depends on what was sent.

use std::collections::{BTreeSet, HashSet};

use driftline_specs::Contract;
use serde_json::Value;

/// How deep schemas are looked into; references begin anew.
const DEPTH: usize = 64;

/// Returns the names of all parameters, and of all properties of request bodies.
pub(super) fn sent(contract: &Contract) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut open: Vec<String> = Vec::new();
    for operation in contract.operations() {
        names.extend(operation.parameters.iter().map(|parameter| parameter.name.clone()));
        let bodies = operation.request_body.iter().flat_map(|body| &body.content);
        open.extend(bodies.filter_map(|it| Some(it.schema.as_ref()?.pointer.clone())));
    }
    let mut seen = BTreeSet::new();
    while let Some(pointer) = open.pop() {
        if let Some((pointer, schema)) = contract.resolve(&pointer)
            && seen.insert(pointer)
        {
            collect(schema, &mut names, &mut open, 0);
        }
    }
    names
}

fn collect(value: &Value, names: &mut HashSet<String>, open: &mut Vec<String>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                open.push(reference.clone());
            }
            if let Some(Value::Object(properties)) = members.get("properties") {
                names.extend(properties.keys().cloned());
            }
            members.values().for_each(|member| collect(member, names, open, depth + 1));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names, open, depth + 1)),
        _ => {}
    }
}
