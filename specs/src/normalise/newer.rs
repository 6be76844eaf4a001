//! What OpenAPI 3.1 and 3.2 put into a document, beside its schemas, that 3.0 has no place for.

use serde_json::{Map, Value};

use super::Copies;
use crate::grammar::{self, Kind};
use crate::lineage::Lineage;
use crate::pointer;
use crate::reference::MAX_CHAIN;

/// Rewrites the members of one object that only newer versions have.
pub(super) fn rewrite(place: &str, kind: Kind, value: &mut Value, lineage: &mut Lineage) {
    let Value::Object(members) = value else { return };
    let mut lose = |key: &str, message: &str| lose(place, members, key, message, lineage);
    match kind {
        Kind::Document => {
            lose("jsonSchemaDialect", "schemas are read as JSON Schema 2020-12, whatever dialect is stated");
            keep(place, members, "webhooks", lineage);
            keep(place, members, "$self", lineage);
        }
        Kind::Components => {
            keep(place, members, "pathItems", lineage);
            keep(place, members, "mediaTypes", lineage);
        }
        Kind::MediaType => {
            let streamed =
                "OpenAPI 3.0 cannot say what each item of a stream is; the body is taken as a whole";
            lose("itemSchema", streamed);
            lose("itemEncoding", streamed);
            lose("prefixEncoding", "OpenAPI 3.0 knows encodings by name only");
        }
        Kind::SecurityScheme => {
            keep(place, members, "deprecated", lineage);
            keep(place, members, "oauth2MetadataUrl", lineage);
        }
        Kind::Example => {
            if let Some(value) = members.shift_remove("dataValue") {
                members.entry("value").or_insert(value);
            }
            keep(place, members, "serializedValue", lineage);
        }
        Kind::Schema => {
            if let Some(Value::Object(discriminator)) = members.get_mut("discriminator") {
                keep(&pointer::join(place, "discriminator"), discriminator, "defaultMapping", lineage);
            }
        }
        _ => {}
    }
}

fn lose(place: &str, members: &mut Map<String, Value>, key: &str, message: &str, lineage: &mut Lineage) {
    if members.contains_key(key) {
        lineage.lose(&pointer::join(place, key), message);
        keep(place, members, key, lineage);
    }
}

/// Keeps a member under `x-…`.
fn keep(place: &str, members: &mut Map<String, Value>, key: &str, lineage: &mut Lineage) {
    if let Some(value) = members.shift_remove(key) {
        let kept = format!("x-{}", kebab(key));
        lineage.moved(&pointer::join(place, &kept), &pointer::join(place, key));
        members.insert(kept, value);
    }
}

fn kebab(key: &str) -> String {
    let mut kebab = String::new();
    for character in key.chars().filter(|character| *character != '$') {
        if character.is_ascii_uppercase() {
            kebab.push('-');
        }
        kebab.push(character.to_ascii_lowercase());
    }
    kebab
}

/// Puts what `components/pathItems` and `components/mediaTypes` hold in place of the references to it, and what a Path
/// Item refers to beside what it says itself.
pub(super) fn inline(document: &mut Value, lineage: &mut Lineage) {
    let mut references = Vec::new();
    grammar::walk(document, &mut |place, site| {
        let target = match site.kind {
            Kind::PathItem | Kind::MediaType => site.value.get("$ref").and_then(Value::as_str),
            _ => None,
        };
        let has_siblings = |target: &str| {
            let members = site.value.as_object().into_iter().flat_map(Map::keys);
            site.kind == Kind::PathItem
                && target.starts_with('#')
                && members.filter(|key| !key.starts_with("x-")).count() > 1
        };
        if let Some(target) = target
            && (target.starts_with("#/components/pathItems/")
                || target.starts_with("#/components/mediaTypes/")
                || has_siblings(target))
        {
            references.push((place.to_owned(), target.to_owned()));
        }
    });
    let mut copies = Copies::new();
    for (place, target) in references {
        let mut next = Some(target);
        let mut leads_nowhere = false;
        for _ in 0..MAX_CHAIN {
            let Some(target) = next.take() else { break };
            let tokens = pointer::tokens(&target).unwrap_or_default();
            let origin = pointer::from_tokens(&tokens);
            let Some(found) = pointer::lookup(document, &tokens).filter(|it| it.is_object()) else {
                leads_nowhere = true;
                break;
            };
            let Some(Value::Object(added)) = copies.copy(found) else {
                lineage.mend(&place, "too much would be copied to follow this reference; nothing is there");
                break;
            };
            let at = pointer::tokens(&place).and_then(|tokens| pointer::lookup_mut(document, &tokens));
            let Some(Value::Object(members)) = at else { break };
            members.shift_remove("$ref");
            for (key, mut value) in added {
                match key.as_str() {
                    "$ref" => next = value.as_str().map(str::to_owned),
                    key if members.contains_key(key) => {}
                    _ => {
                        // The same operation under another path is another operation.
                        if origin.starts_with("#/paths/")
                            && let Some(operation) = value.as_object_mut()
                        {
                            operation.shift_remove("operationId");
                        }
                        lineage.moved(&pointer::join(&place, &key), &pointer::join(&origin, &key));
                        members.insert(key, value);
                    }
                }
            }
        }
        let at = pointer::tokens(&place).and_then(|tokens| pointer::lookup_mut(document, &tokens));
        if (leads_nowhere || next.is_some())
            && let Some(Value::Object(members)) = at
            && members.keys().any(|key| key != "$ref")
        {
            members.shift_remove("$ref");
            let at = pointer::join(&place, "$ref");
            lineage.mend(&at, "the reference leads nowhere; what stands beside it is all that is read");
        }
    }
}

/// Takes operations out that 3.0 has no method for; returns their names, places and reasons.
pub(super) fn foreign_methods(document: &mut Value) -> Vec<(String, String, String)> {
    let mut refused = Vec::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten().filter(|(path, _)| !path.starts_with("x-")) {
        let Some(members) = item.as_object_mut() else { continue };
        let at = pointer::join("#/paths", path);
        let mut refuse = |method: &str, operation: &Value, pointer: String| {
            let name = operation.get("operationId").and_then(Value::as_str).map(str::to_owned);
            let name = name.unwrap_or_else(|| format!("{} {path}", method.to_ascii_uppercase()));
            refused.push((
                name,
                pointer,
                format!("OpenAPI 3.0 has no method {}", method.to_ascii_uppercase()),
            ));
        };
        if let Some(operation) = members.shift_remove("query") {
            refuse("query", &operation, pointer::join(&at, "query"));
            members.insert("x-query".to_owned(), operation);
        }
        if let Some(operations) = members.shift_remove("additionalOperations") {
            let place = pointer::join(&at, "additionalOperations");
            for (method, operation) in operations.as_object().into_iter().flatten() {
                refuse(method, operation, pointer::join(&place, method));
            }
            members.insert("x-additional-operations".to_owned(), operations);
        }
    }
    refused
}
