//! Fills in what OpenAPI requires and vendors leave out, where there is only one thing that it can mean.

use serde_json::{Map, Value, json};

use crate::grammar::{self, Kind};
use crate::operation::StatusSpec;
use crate::pointer;

/// Adds the members whose absence `openapiv3` would refuse the whole document for.
pub(super) fn missing_members(document: &mut Value) {
    let mut responses = Vec::new();
    let mut operations = Vec::new();
    grammar::walk(document, &mut |pointer, site| {
        let lacks = |member: &str| site.value.get(member).is_none_or(Value::is_null);
        match site.kind {
            Kind::Response if site.reference().is_none() && lacks("description") => {
                responses.extend(pointer::tokens(pointer));
            }
            Kind::Operation if lacks("responses") => operations.extend(pointer::tokens(pointer)),
            _ => {}
        }
    });
    for at in responses {
        let status = at.last().and_then(|key| StatusSpec::from_key(key));
        set(document, &at, "description", json!(status.map(crate::status::phrase).unwrap_or_default()));
    }
    for at in operations {
        set(document, &at, "responses", json!({}));
    }
    server_variables(document);
    let root: [&str; 0] = [];
    if document.get("paths").is_none_or(Value::is_null) {
        set(document, &root, "paths", json!({}));
    }
}

/// The values of server variables are strings; YAML makes a port a number.
fn server_variables(document: &mut Value) {
    let mut owners = vec![Vec::new()];
    grammar::walk(document, &mut |pointer, site| {
        if matches!(site.kind, Kind::PathItem | Kind::Operation) && site.value.get("servers").is_some() {
            owners.extend(pointer::tokens(pointer));
        }
    });
    for owner in owners {
        let servers = pointer::lookup_mut(document, &owner).and_then(|it| it.get_mut("servers"));
        for server in servers.and_then(Value::as_array_mut).into_iter().flatten() {
            let variables = server.get_mut("variables").and_then(Value::as_object_mut);
            for variable in variables.into_iter().flat_map(|variables| variables.values_mut()) {
                if let Some(default) = variable.get_mut("default") {
                    stringify(default);
                }
                let values = variable.get_mut("enum").and_then(Value::as_array_mut);
                values.into_iter().flatten().for_each(stringify);
            }
        }
    }
}

fn stringify(value: &mut Value) {
    if value.is_number() || value.is_boolean() {
        *value = Value::String(value.to_string());
    }
}

fn set<S: AsRef<str>>(document: &mut Value, at: &[S], member: &str, value: Value) {
    if let Some(members) = pointer::lookup_mut(document, at).and_then(Value::as_object_mut) {
        insert(members, member, value);
    }
}

fn insert(members: &mut Map<String, Value>, member: &str, value: Value) {
    members.insert(member.to_owned(), value);
}
