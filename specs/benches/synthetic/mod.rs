//! Contracts of any size, made by rule: what grows is how much there is, not what it looks like.

use serde_json::{Map, Value, json};

/// A contract with this many component schemas and as many operations.
pub(crate) fn contract(size: usize) -> Value {
    let schemas: Map<String, Value> = (0..size).map(|index| (name(index), schema(index, size))).collect();
    let mut paths: Map<String, Value> = Map::new();
    for index in 0..size {
        let path = format!("/things{}/{{id}}/parts{}", index / 4, index / 2);
        let item = paths.entry(path).or_insert_with(|| json!({"parameters": [parameter("id", "path")]}));
        let method = if index.is_multiple_of(2) { "get" } else { "post" };
        item[method] = operation(index, size);
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Synthetic", "version": "1", "description": "A contract that is made by rule."},
        "servers": [{"url": "https://api.example.com"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {"Problem": {
                "description": "Something is wrong.",
                "content": {"application/problem+json": {"schema": reference(0)}},
            }},
        },
        "security": [{"token": []}],
    })
}

fn name(index: usize) -> String {
    let kinds = ["Order", "Customer", "Payment", "Shipment", "Account", "Invoice", "Refund"];
    format!("{}{index}", kinds[index % kinds.len()])
}

fn reference(index: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", name(index))})
}

fn parameter(name: &str, location: &str) -> Value {
    json!({"name": name, "in": location, "required": location == "path", "schema": {"type": "string"}})
}

fn schema(index: usize, size: usize) -> Value {
    let other = |step: usize| reference((index * 7 + step) % size);
    if index % 10 == 9 {
        return json!({"type": "string", "enum": ["new", "in_progress", "done", "cancelled"], "description": "A state."});
    }
    if index % 10 == 8 {
        return json!({
            "allOf": [other(1), {"type": "object", "properties": {"extra": {"type": "string", "maxLength": 40}}}],
            "description": "More of another one.",
        });
    }
    json!({
        "type": "object",
        "description": format!("Number {index}. It has what such things have: a name, a state, and parts of other things."),
        "required": ["id", "name"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "Its identifier.", "readOnly": true},
            "name": {"type": "string", "minLength": 1, "maxLength": 100, "example": "A name"},
            "count": {"type": "integer", "format": "int32", "minimum": 0},
            "price": {"type": "number", "nullable": true, "description": "The price, if there is one."},
            "created_at": {"type": "string", "format": "date-time"},
            "status": {"type": "string", "enum": ["open", "closed"]},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "owner": other(2),
            "parts": {"type": "array", "items": other(3)},
            "address": {
                "type": "object",
                "properties": {"street": {"type": "string"}, "city": {"type": "string"}, "zip": {"type": "string", "pattern": "^[0-9]{5}$"}},
            },
            "either": {"oneOf": [other(4), {"type": "string"}]},
        },
    })
}

fn operation(index: usize, size: usize) -> Value {
    let body = |schema: Value| json!({"application/json": {"schema": schema}});
    let mut operation = json!({
        "operationId": format!("do{}{index}", name(index)),
        "tags": [format!("Group {}", index / 20)],
        "summary": format!("Does something with number {index}."),
        "description": "What it does, at some length, so that there is something to wrap into lines of documentation.",
        "parameters": [parameter("limit", "query"), parameter("X-Request-Id", "header")],
        "responses": {
            "200": {"description": "It is done.", "content": body(reference(index))},
            "400": {"$ref": "#/components/responses/Problem"},
            "404": {"description": "There is none.", "content": body(reference((index + 1) % size))},
        },
    });
    if !index.is_multiple_of(2) {
        operation["requestBody"] = json!({"required": true, "content": body(reference((index + 2) % size))});
    }
    operation
}
