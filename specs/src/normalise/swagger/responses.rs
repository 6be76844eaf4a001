//! Responses of Swagger 2.0: one schema for every media type, examples by media type, headers that are schemas.

use serde_json::{Map, Value, json};

use super::parameters;
use crate::lineage::Lineage;
use crate::pointer;

/// The schema itself the first time, and a reference to it for every further media type.
pub(super) fn once(first: &mut Option<String>, at: &str, schema: &Value) -> Value {
    match first {
        Some(first) if schema.get("$ref").is_none() => json!({"$ref": first}),
        Some(_) => schema.clone(),
        None => {
            *first = Some(at.to_owned());
            schema.clone()
        }
    }
}

/// Converts one response; `produces` are the media types that hold for it.
pub(super) fn convert(place: &str, response: &mut Value, produces: Option<&[String]>, lineage: &mut Lineage) {
    let Value::Object(members) = response else { return };
    if members.contains_key("$ref") {
        return;
    }
    let schema = members.shift_remove("schema");
    let examples = match members.shift_remove("examples") {
        Some(Value::Object(examples)) => examples,
        Some(other) => {
            members.insert("x-examples".to_owned(), other);
            Map::new()
        }
        None => Map::new(),
    };
    if schema.is_some() || !examples.is_empty() {
        let is_file = schema.as_ref().is_some_and(|it| it.get("type") == Some(&json!("file")));
        let fallback = [if is_file { "application/octet-stream" } else { "application/json" }.to_owned()];
        let mut content = Map::new();
        let mut first: Option<String> = None;
        for name in produces.unwrap_or(&fallback) {
            let mut media_type = Map::new();
            let at = pointer::join(&pointer::join(place, "content"), name);
            if let Some(schema) = &schema {
                let at = pointer::join(&at, "schema");
                lineage.moved(&at, &pointer::join(place, "schema"));
                media_type.insert("schema".to_owned(), once(&mut first, &at, schema));
            }
            content.insert(name.clone(), Value::Object(media_type));
        }
        for (name, example) in examples {
            let at = pointer::join(&pointer::join(place, "content"), &name);
            match content.get_mut(&name).and_then(Value::as_object_mut) {
                Some(media_type) => {
                    lineage.moved(
                        &pointer::join(&at, "example"),
                        &pointer::join(&pointer::join(place, "examples"), &name),
                    );
                    media_type.insert("example".to_owned(), example);
                }
                None => {
                    let kept = members.entry("x-examples").or_insert_with(|| json!({}));
                    if let Value::Object(kept) = kept {
                        kept.insert(name, example);
                    }
                }
            }
        }
        members.insert("content".to_owned(), Value::Object(content));
    }
    let at = pointer::join(place, "headers");
    if let Some(Value::Object(headers)) = members.get_mut("headers") {
        for (name, header) in headers {
            if let Value::Object(header) = header {
                parameters::schema_of(&pointer::join(&at, name), header, lineage);
                if let Some(format) = header.shift_remove("collectionFormat").filter(|format| format != "csv")
                {
                    let message = "OpenAPI 3.0 separates the items of a header by commas only";
                    lineage.lose(&pointer::join(&pointer::join(&at, name), "collectionFormat"), message);
                    header.insert("x-collection-format".to_owned(), format);
                }
            }
        }
    }
}
