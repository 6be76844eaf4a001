//! Security Definitions of Swagger 2.0: `basic`, and OAuth with one flow each.

use serde_json::{Map, Value, json};

pub(super) fn convert(scheme: &mut Value) {
    let Value::Object(members) = scheme else { return };
    match members.get("type").and_then(Value::as_str) {
        Some("basic") => {
            members.insert("type".to_owned(), json!("http"));
            members.insert("scheme".to_owned(), json!("basic"));
        }
        Some("oauth2") => {
            let flow = match members.shift_remove("flow").as_ref().and_then(Value::as_str) {
                Some("implicit") => "implicit",
                Some("password") => "password",
                Some("application") => "clientCredentials",
                _ => "authorizationCode",
            };
            let moved: Map<String, Value> = ["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"]
                .into_iter()
                .filter_map(|key| Some((key.to_owned(), members.shift_remove(key)?)))
                .collect();
            members.insert("flows".to_owned(), json!({flow: moved}));
        }
        _ => {}
    }
}
