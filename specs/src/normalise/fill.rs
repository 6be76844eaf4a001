//! Fills in what OpenAPI requires and vendors leave out, where there is only one thing that it can mean.

use serde_json::{Map, Value, json};

use crate::grammar::Kind;
use crate::operation::StatusSpec;
use crate::pointer;

/// Fills in what one object lacks; those in it are visited later.
pub(super) fn missing_members(place: &str, kind: Kind, value: &mut Value) {
    let Value::Object(members) = value else { return };
    match kind {
        Kind::Response
            if !members.contains_key("description") && !members.get("$ref").is_some_and(Value::is_string) =>
        {
            let status = pointer::last_token(place).and_then(|key| StatusSpec::from_key(&key));
            let phrase = status.map(crate::status::phrase).unwrap_or_default();
            members.insert("description".to_owned(), json!(phrase));
        }
        Kind::Operation if !members.contains_key("responses") => {
            members.insert("responses".to_owned(), json!({}));
        }
        Kind::Document if !members.contains_key("paths") => {
            members.insert("paths".to_owned(), json!({}));
        }
        _ => {}
    }
    if matches!(kind, Kind::Document | Kind::PathItem | Kind::Operation) {
        server_variables(members);
    }
}

/// The values of server variables are strings; YAML makes a port a number.
fn server_variables(members: &mut Map<String, Value>) {
    for server in members.get_mut("servers").and_then(Value::as_array_mut).into_iter().flatten() {
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

fn stringify(value: &mut Value) {
    if value.is_number() || value.is_boolean() {
        *value = Value::String(value.to_string());
    }
}
