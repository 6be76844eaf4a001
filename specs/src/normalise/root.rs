//! The document's own members: `info`, `servers`, `tags`, `security` and the security schemes. What `openapiv3`
//! demands of them is filled in or left out, with a note.

use serde_json::{Map, Value, json};

use super::shape;
use crate::lineage::Lineage;
use crate::pointer;

/// Mends the members of the document object.
pub(super) fn mend(document: &mut Value, lineage: &mut Lineage) {
    let Value::Object(members) = document else { return };
    members.insert("openapi".to_owned(), json!("3.0.3"));
    info(members, lineage);
    for list in ["servers", "tags"] {
        named(members, list, if list == "servers" { "url" } else { "name" }, lineage);
    }
    if let Some(Value::Object(components)) = members.get_mut("components")
        && let Some(Value::Object(schemes)) = components.get_mut("securitySchemes")
    {
        schemes.retain(|name, scheme| {
            let place = pointer::from_tokens(["components", "securitySchemes", name]);
            scheme_is_sound(&place, scheme, lineage)
        });
    }
}

fn info(members: &mut Map<String, Value>, lineage: &mut Lineage) {
    if !members.get("info").is_some_and(Value::is_object) {
        lineage.mend("#/info", "the document has no `info`; it gets a neutral one");
        members.insert("info".to_owned(), json!({}));
    }
    let Some(Value::Object(info)) = members.get_mut("info") else { return };
    let texts = ["title", "version", "description", "summary", "termsOfService"];
    for (key, default) in texts.into_iter().zip([Some("API"), Some("0"), None, None, None]) {
        match (info.get(key), default) {
            (Some(Value::String(_)), _) | (None, None) => {}
            (Some(Value::Number(_) | Value::Bool(_)), _) => {
                if let Some(original) = info.get(key).cloned() {
                    info.insert(key.to_owned(), json!(original.to_string()));
                    info.insert(format!("x-original-{key}"), original);
                }
            }
            (_, Some(default)) => {
                lineage.mend("#/info", format!("`info` has no {key}; {default:?} is taken"));
                info.insert(key.to_owned(), json!(default));
            }
            (Some(Value::Null), None) => drop(info.shift_remove(key)),
            (Some(_), None) => {
                shape::set_aside("#/info", info, key, &format!("`{key}` is not text"), lineage);
            }
        }
    }
    // Neither says anything about the API itself.
    for (key, needed) in [("license", Some("name")), ("contact", None)] {
        let Some(value) = info.get_mut(key) else { continue };
        let fits = value.as_object().is_some_and(|members| {
            members.iter().all(|(key, value)| key.starts_with("x-") || value.is_string())
                && needed.is_none_or(|needed| members.contains_key(needed))
        });
        if !fits {
            info.shift_remove(key).map(|value| info.insert(format!("x-original-{key}"), value));
        } else if let Some(license) = value.as_object_mut()
            && let Some(identifier) = license.shift_remove("identifier")
        {
            license.insert("x-identifier".to_owned(), identifier);
        }
    }
    if let Some(summary) = info.shift_remove("summary") {
        info.insert("x-summary".to_owned(), summary);
    }
}

/// Keeps the objects of a list that have the one member which they need.
fn named(members: &mut Map<String, Value>, list: &str, needed: &str, lineage: &mut Lineage) {
    let Some(Value::Array(items)) = members.get_mut(list) else { return };
    let place = pointer::from_tokens([list]);
    let before = items.len();
    items.retain_mut(|item| {
        let Some(members) = item.as_object_mut() else { return false };
        members.retain(|_, value| !value.is_null());
        if members.get("externalDocs").is_some_and(|docs| !docs.get("url").is_some_and(Value::is_string)) {
            members.shift_remove("externalDocs");
        }
        for key in [needed, "description", "summary"] {
            if let Some(value) = members.get_mut(key)
                && !value.is_string()
            {
                *value = json!(value.to_string());
            }
        }
        members.contains_key(needed)
    });
    if items.len() < before {
        lineage.mend(&place, format!("an entry without `{needed}` is left out"));
    }
}

/// Whether a scheme has what it needs; what can be filled in is.
fn scheme_is_sound(place: &str, scheme: &mut Value, lineage: &mut Lineage) -> bool {
    let Some(members) = scheme.as_object_mut() else {
        lineage.mend(place, "this is no Security Scheme Object, and is left out");
        return false;
    };
    if members.contains_key("$ref") {
        return true;
    }
    let has = |members: &Map<String, Value>, key: &str| members.get(key).is_some_and(Value::is_string);
    let kind = members.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_sound = match kind.as_str() {
        "apiKey" => {
            has(members, "name")
                && matches!(members.get("in").and_then(Value::as_str), Some("query" | "header" | "cookie"))
        }
        "http" => has(members, "scheme"),
        "openIdConnect" => has(members, "openIdConnectUrl"),
        "oauth2" => members.get_mut("flows").is_some_and(|flows| flows_are_sound(place, flows, lineage)),
        "mutualTLS" => {
            lineage.lose(
                place,
                "OpenAPI 3.0 has no `mutualTLS`: the client's certificate is up to who makes the connection",
            );
            return false;
        }
        _ => false,
    };
    if !is_sound {
        lineage.mend(place, "this security scheme lacks what its type needs, and is left out");
    }
    is_sound
}

fn flows_are_sound(place: &str, flows: &mut Value, lineage: &mut Lineage) -> bool {
    let Some(flows) = flows.as_object_mut() else { return false };
    let names: Vec<String> = flows.keys().filter(|name| !name.starts_with("x-")).cloned().collect();
    for name in names {
        let needed: &[&str] = match name.as_str() {
            "implicit" => &["authorizationUrl"],
            "password" | "clientCredentials" => &["tokenUrl"],
            "authorizationCode" => &["authorizationUrl", "tokenUrl"],
            _ => {
                lineage.lose(
                    &pointer::join(&pointer::join(place, "flows"), &name),
                    "OpenAPI 3.0 does not know this flow, and it is left out",
                );
                if let Some(flow) = flows.shift_remove(&name) {
                    flows.insert(format!("x-{name}"), flow);
                }
                continue;
            }
        };
        let Some(flow) = flows.get_mut(&name).and_then(Value::as_object_mut) else {
            flows.shift_remove(&name);
            continue;
        };
        for url in needed {
            if !flow.get(*url).is_some_and(Value::is_string) {
                flow.insert((*url).to_owned(), json!(""));
            }
        }
        if flow.get("refreshUrl").is_some_and(|url| !url.is_string()) {
            flow.shift_remove("refreshUrl");
        }
        let scopes = match flow.get("scopes") {
            Some(Value::Object(scopes)) => scopes
                .iter()
                .map(|(scope, text)| (scope.clone(), json!(text.as_str().unwrap_or_default())))
                .collect(),
            Some(Value::Array(scopes)) => {
                scopes.iter().filter_map(|scope| Some((scope.as_str()?.to_owned(), json!("")))).collect()
            }
            _ => Map::new(),
        };
        flow.insert("scopes".to_owned(), Value::Object(scopes));
    }
    true
}
