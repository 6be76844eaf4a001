//! Which cases the contract allows, and which values arrive as they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use driftline_specs::{Contract, Direction, MediaType, Operation, ParameterLocation, Validator};
use serde_json::Value;

use super::node::generated;
use crate::strategy::Allowed;

/// Returns the contract's judgement on cases of an operation with one media type.
pub(super) fn allowed(
    contract: &Contract,
    operation: &Operation,
    media_type: Option<usize>,
    linked: &BTreeSet<String>,
) -> Result<Allowed, driftline_specs::Error> {
    struct Rule {
        location: ParameterLocation,
        name: String,
        required: bool,
        validator: Option<Arc<Validator>>,
    }
    let validator =
        |pointer: Option<&str>| pointer.map(|it| contract.validator(it, Direction::Request)).transpose();
    let mut rules = Vec::new();
    for parameter in generated(operation, linked) {
        rules.push(Rule {
            location: parameter.location,
            name: parameter.name.clone(),
            required: parameter.required,
            validator: validator(parameter.schema.as_ref().map(|it| it.pointer.as_str()))?,
        });
    }
    let body = operation.request_body.as_ref();
    let content = body.and_then(|body| body.content.get(media_type?));
    let body_required = content.is_some() && body.is_some_and(|body| body.required);
    let body = validator(content.and_then(|it| it.schema.as_ref()).map(|it| it.pointer.as_str()))?;
    let is_form = content.is_some_and(is_form);
    Ok(Arc::new(move |case: &Value| {
        let parameters = rules.iter().all(|rule| {
            let value = case.get(rule.location.as_str()).and_then(|group| group.get(&rule.name));
            let Some(value) = value else { return !rule.required };
            rule.validator.as_ref().is_none_or(|it| it.is_valid(value))
                && match rule.location {
                    ParameterLocation::Path => is_path_text(&text(value)),
                    ParameterLocation::Header => is_header_text(&text(value)),
                    // An empty list or object cannot be told from an absent parameter.
                    _ => !rule.required || !matches!(text(value).as_str(), "" | "[]" | "{}"),
                }
        });
        let body = match case.get("body") {
            None => !body_required,
            Some(value) => body.as_ref().is_none_or(|it| {
                it.is_valid(value) && (!is_form || arriving(value).is_none_or(|value| it.is_valid(&value)))
            }),
        };
        parameters && body
    }))
}

/// Whether a body is written as pairs of names and values.
fn is_form(media_type: &MediaType) -> bool {
    let essence = media_type.name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        essence.as_str(),
        "application/x-www-form-urlencoded" | "multipart/form-data" | "multipart/mixed"
    )
}

/// Returns what arrives of a form, where that is not all of it: a list without items has no pair to be written as.
fn arriving(form: &Value) -> Option<Value> {
    let is_written = |value: &Value| value.as_array().is_none_or(|items| !items.is_empty());
    let members = form.as_object().filter(|members| !members.values().all(is_written))?;
    let written = members.iter().filter(|(_, value)| is_written(value));
    Some(Value::Object(written.map(|(name, value)| (name.clone(), value.clone())).collect()))
}

pub(in crate::engine) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a path segment reaches the endpoint as it is, and not as another path.
pub(in crate::engine) fn is_path_text(text: &str) -> bool {
    !matches!(text, "" | "." | "..") && !text.contains(['/', '\\', '%', '?', '#', ';']) && text.trim() == text
}

pub(in crate::engine) fn is_header_text(text: &str) -> bool {
    text.chars().all(|it| it.is_ascii_graphic() || it == ' ') && text.trim() == text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_without_items_do_not_arrive_in_a_form() {
        let form = json!({ "name": "n", "events": [], "tags": ["x"], "filter": {} });
        assert_eq!(arriving(&form), Some(json!({ "name": "n", "tags": ["x"], "filter": {} })));
        assert_eq!(arriving(&json!({ "name": "n", "tags": ["x"] })), None, "all of it arrives");
        assert_eq!(arriving(&json!([])), None, "which is no form");
    }

    #[test]
    fn a_form_with_a_required_list_is_allowed_where_the_list_can_be_written() {
        let schema = json!({ "type": "object", "required": ["events"],
            "properties": { "events": { "type": "array", "items": { "type": "string" } },
                "tags": { "type": "array", "items": { "type": "string" } } } });
        let operation = |path: &str, media_type: &str| {
            json!({ "post": { "operationId": path, "responses": { "200": { "description": "ok" } },
                "requestBody": { "required": true, "content": { media_type: { "schema": schema.clone() } } } } })
        };
        let contract = json!({ "openapi": "3.0.0", "info": { "title": "Hooks", "version": "1" }, "paths": {
            "/form": operation("form", "application/x-www-form-urlencoded"),
            "/parts": operation("parts", "multipart/form-data"),
            "/json": operation("json", "application/json") } });
        let contract = Contract::from_text("hooks.json", &contract.to_string()).unwrap();
        for (id, expected) in [("form", false), ("parts", false), ("json", true)] {
            let allowed =
                allowed(&contract, contract.operation(id).unwrap(), Some(0), &BTreeSet::new()).unwrap();
            assert_eq!(allowed(&json!({ "body": { "events": [] } })), expected, "{id}");
            assert!(allowed(&json!({ "body": { "events": ["made"], "tags": [] } })), "{id}");
        }
    }
}
