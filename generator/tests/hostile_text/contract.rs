//! Contracts in which every string that a vendor may choose is one of those given.

use serde_json::{Value, json};

/// Hands out strings, over and over.
pub(crate) struct Texts<'t> {
    texts: &'t [String],
    next: usize,
}

impl<'t> Texts<'t> {
    pub(crate) fn new(texts: &'t [String]) -> Self {
        Self { texts, next: 0 }
    }

    fn next(&mut self) -> String {
        let text = &self.texts[self.next % self.texts.len()];
        self.next += 1;
        text.clone()
    }
}

/// What a reference to a component has to say.
fn reference(section: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{section}/{}", escaped(name))})
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1").replace('%', "%25")
}

/// Text that may stand between braces in a path.
fn in_path(text: &str) -> String {
    text.replace(['{', '}', '/'], "")
}

/// OpenAPI 3.1, with what only 3.0 has as well.
pub(crate) fn newer(texts: &mut Texts<'_>) -> Value {
    let mut t = || texts.next();
    let (object, list, word, number, alike, base, dog, cat) = (t(), t(), t(), t(), t(), t(), t(), t());
    let (parameter, body, response, header, example, link) = (t(), t(), t(), t(), t(), t());
    let (key, cookie, query, basic, http, oauth, oidc) = (t(), t(), t(), t(), t(), t(), t());
    let (tag, kind, operation) = (t(), t(), t());
    let (path_parameter, property, other) = (in_path(&t()), t(), t());
    let schemas = json!({
        (object.clone()): {
            "type": "object", "title": (t()), "description": (t()),
            "required": [(property.clone()), (t())],
            "properties": {
                (property.clone()): {"type": "string", "description": (t()), "pattern": (t()), "format": (t()), "default": (t()), "example": (t())},
                (t()): {"type": ["string", "null"], "enum": [(t()), (t()), (t()), null], "description": (t())},
                (t()): {"type": "integer", "format": (t()), "default": 1, "x-enum-varnames": [(t())]},
                (t()): {"type": "array", "items": {"type": "object", "title": (t()), "properties": {(t()): {"type": "number"}, (t()): {"type": "boolean"}}}},
                (t()): {"const": (t())},
                (t()): {"type": "string", "x-sensitive": true, "deprecated": true, "description": (t())},
                (t()): {"type": "object", "properties": {(t()): {"type": "object", "properties": {(t()): {"type": "string", "format": "date-time"}}}}},
                (t()): {"oneOf": [{"type": "string", "title": (t()), "description": (t())}, {"type": "array", "items": {}}, {"type": "object", "title": (t()), "properties": {(t()): {}}}]},
                (other): (reference("schemas", &list)),
            },
            "patternProperties": {(t()): {"type": "string"}},
            "additionalProperties": {"type": "object", "properties": {(t()): {"type": "string"}}},
            "externalDocs": {"url": (t()), "description": (t())},
            "xml": {"name": (t()), "namespace": (t()), "prefix": (t())},
            "x-hostile": (t()), "example": {(t()): (t())},
            "$comment": (t()), "$anchor": (t()),
            "$defs": {(t()): {"type": "object", "description": (t()), "properties": {(t()): {"type": "integer"}}}},
        },
        (list): {"type": "array", "description": (t()), "items": (reference("schemas", &word))},
        (word): {"type": "string", "description": (t()), "enum": [(t()), (t()), (t()), (t()), (t()), (t())]},
        (number.clone()): {"type": "number", "description": (t()), "default": 0.5, "enum": [1, 2.5]},
        (alike): {"type": "object", "x-type-name": (t()), "properties": {(t()): {"type": "object", "x-type-name": (t()), "properties": {(t()): {"type": "string"}}}}},
        (base.clone()): {
            "description": (t()), "oneOf": [(reference("schemas", &dog)), (reference("schemas", &cat))],
            "discriminator": {"propertyName": (kind.clone()), "mapping": {(t()): (format!("#/components/schemas/{}", escaped(&dog))), (t()): (cat.clone()), (t()): (t())}},
        },
        (dog): {"type": "object", "required": [(kind.clone())], "properties": {(kind.clone()): {"type": "string", "enum": [(t())]}, (t()): {"type": "string", "format": "byte"}}},
        (cat): {"allOf": [(reference("schemas", &object)), {"type": "object", "required": [(kind.clone())], "properties": {(kind): {"const": (t())}}}], "description": (t())},
        (t()): {"type": (t())},
        (t()): {"$ref": (t())},
    });
    let content = json!({
        "application/json": {"schema": (reference("schemas", &object)), "examples": {(t()): {"summary": (t()), "value": (t())}}},
        (t()): {"schema": (reference("schemas", &base))},
        (format!("text/{}", t())): {"schema": {"type": "string"}},
        (format!("application/{}+json", t())): {"schema": {"type": "object", "properties": {(t()): {"type": "string"}}}},
    });
    let responses = json!({
        "200": {"description": (t()), "content": (content.clone()), "headers": {(t()): {"description": (t()), "schema": {"type": "string"}}, (t()): (reference("headers", &header))}, "links": {(t()): {"operationId": (operation.clone()), "parameters": {(t()): (t())}, "description": (t())}, (t()): (reference("links", &link))}},
        "201": {"description": (t()), "content": {"application/json": {"schema": {"type": "object", "properties": {(t()): {"enum": [(t()), (t())]}}}}}},
        "404": {"description": (t()), "content": {"text/plain": {}}},
        "4XX": (reference("responses", &response)),
        "default": {"description": (t()), "content": {"application/problem+json": {"schema": (reference("schemas", &base))}}},
        (t()): {"description": (t())},
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": (t()), "version": (t()), "description": (t()), "summary": (t()), "termsOfService": (t()),
            "contact": {"name": (t()), "url": (t()), "email": (t())}, "license": {"name": (t()), "identifier": (t())}, "x-hostile": {(t()): (t())},
        },
        "jsonSchemaDialect": (t()),
        "servers": [
            {"url": (format!("https://{}", t())), "description": (t())},
            {"url": (t()), "description": (t())},
            {"url": (format!("https://example.com/{{{}}}", path_parameter)), "variables": {(path_parameter.clone()): {"default": (t()), "enum": [(t())], "description": (t())}}},
        ],
        "tags": [{"name": (tag.clone()), "description": (t()), "externalDocs": {"url": (t())}}],
        "externalDocs": {"url": (t()), "description": (t())},
        "security": [{(key.clone()): [], (oauth.clone()): [(t())]}],
        "paths": {
            (format!("/{}/{{{path_parameter}}}", t())): {
                "summary": (t()), "description": (t()),
                "parameters": [{"name": (path_parameter), "in": "path", "required": true, "description": (t()), "schema": {"type": "string", "pattern": (t())}}],
                "get": {
                    "operationId": (operation), "tags": [(tag.clone()), (t())], "summary": (t()), "description": (t()), "externalDocs": {"url": (t())},
                    "parameters": [
                        {"name": (t()), "in": "query", "required": true, "description": (t()), "schema": {"type": "string", "enum": [(t()), (t())], "default": (t())}},
                        {"name": (t()), "in": "query", "schema": {"type": "array", "items": {"type": "string", "enum": [(t())]}}, "style": "pipeDelimited"},
                        {"name": (t()), "in": "header", "description": (t()), "schema": {"type": "string", "format": "date"}, "example": (t())},
                        {"name": (t()), "in": "cookie", "schema": (reference("schemas", &number))},
                        {"name": (t()), "in": "query", "content": {(t()): {"schema": {"type": "object", "properties": {(t()): {"type": "string"}}}}}},
                        (reference("parameters", &parameter)),
                    ],
                    "responses": (responses.clone()),
                    "security": [{(basic.clone()): []}, {(cookie.clone()): []}, {(t()): [(t())]}],
                    "servers": [{"url": (t())}],
                    "callbacks": {(t()): {(t()): {"post": {
                        "operationId": (t()), "summary": (t()),
                        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {(t()): {"type": "string"}}}}}},
                        "responses": {"200": {"description": (t())}},
                    }}}},
                    "x-pagination": {"style": "cursor", "cursor": (t()), "items": (t()), "next": (t())},
                },
                "post": {"tags": [(t())], "requestBody": {"required": true, "description": (t()), "content": (content)}, "responses": (responses)},
                "put": {
                    "operationId": (t()),
                    "requestBody": {"required": true, "content": {"multipart/form-data": {
                        "schema": {"type": "object", "required": [(property.clone())], "properties": {(property): {"type": "string", "format": "binary"}, (t()): {"type": "string", "description": (t())}, (t()): {"type": "array", "items": {"type": "string", "format": "binary"}}}},
                        "encoding": {(t()): {"contentType": (t()), "headers": {(t()): {"schema": {"type": "string"}}}}},
                    }}},
                    "responses": {"204": {"description": (t())}},
                },
                "patch": {
                    "operationId": (t()), "deprecated": true,
                    "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {(t()): {"type": "string"}}}}, (t()): {"schema": {"type": "string"}}}},
                    "responses": {(t()): {"description": (t())}, "200": {"description": (t()), "content": {(t()): {"schema": {"type": "string"}}}}},
                },
                "delete": {"operationId": (t()), "requestBody": (reference("requestBodies", &body)), "responses": {}},
                (t()): (t()),
            },
            (format!("/{}", t())): {"get": {"operationId": (t()), "tags": [(t())], "responses": {}}, "trace": {"responses": {"200": {"$ref": (t())}}}},
            (t()): {"get": {"parameters": [{"$ref": (t())}]}},
            (t()): {"$ref": (t())},
        },
        "webhooks": {(t()): {"post": {
            "operationId": (t()), "summary": (t()), "description": (t()),
            "parameters": [{"name": (t()), "in": "header", "schema": {"type": "string"}}],
            "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {(t()): {"type": "string"}}}}}},
            "responses": {"200": {"description": (t())}},
            "x-webhook-signature": {"header": "X-Signature", "algorithm": "hmac-sha256", "encoding": "hex", "prefix": (t())},
        }}},
        "components": {
            "schemas": (schemas),
            "parameters": {(parameter): {"name": (t()), "in": "query", "description": (t()), "schema": {"type": "object", "properties": {(t()): {"type": "string"}}}, "style": "deepObject"}},
            "requestBodies": {(body): {"description": (t()), "content": {(t()): {"schema": {"type": "object", "properties": {(t()): {"type": "string"}}}}}}},
            "responses": {(response): {"description": (t()), "content": {"application/json": {"schema": {"oneOf": [{"type": "object", "properties": {(t()): {"const": (t())}}}, {"type": "string", "enum": [(t())]}]}}}}},
            "headers": {(header): {"description": (t()), "schema": {"type": "string", "description": (t())}}},
            "examples": {(example): {"summary": (t()), "description": (t()), "value": (t())}},
            "links": {(link): {"operationRef": (t()), "description": (t())}},
            "callbacks": {(t()): {(t()): {}}},
            "pathItems": {(t()): {"get": {"operationId": (t())}}},
            "securitySchemes": {
                (key): {"type": "apiKey", "in": "header", "name": (t()), "description": (t())},
                (cookie): {"type": "apiKey", "in": "cookie", "name": (t())},
                (query): {"type": "apiKey", "in": "query", "name": (t())},
                (basic): {"type": "http", "scheme": "basic", "description": (t())},
                (http): {"type": "http", "scheme": (t()), "bearerFormat": (t())},
                (oauth): {"type": "oauth2", "description": (t()), "flows": {"clientCredentials": {"tokenUrl": (t()), "scopes": {(t()): (t())}}}},
                (oidc): {"type": "openIdConnect", "openIdConnectUrl": (t())},
            },
        },
        (t()): (t()),
    })
}

/// Swagger 2.0.
pub(crate) fn older(texts: &mut Texts<'_>) -> Value {
    let mut t = || texts.next();
    let (definition, parameter, response, path_parameter) = (t(), t(), t(), in_path(&t()));
    json!({
        "swagger": "2.0",
        "info": {"title": (t()), "version": (t()), "description": (t())},
        "host": (t()), "basePath": (t()), "schemes": [(t()), "https"],
        "consumes": ["application/json", (t())], "produces": ["application/json", (t())],
        "tags": [{"name": (t()), "description": (t())}],
        "paths": {
            (format!("/{}/{{{path_parameter}}}", t())): {
                "parameters": [{"name": (path_parameter), "in": "path", "required": true, "type": "string", "description": (t()), "pattern": (t())}],
                "post": {
                    "operationId": (t()), "tags": [(t())], "summary": (t()), "description": (t()), "consumes": [(t())],
                    "parameters": [
                        {"name": (t()), "in": "body", "description": (t()), "schema": {"$ref": (format!("#/definitions/{}", escaped(&definition)))}},
                        {"name": (t()), "in": "query", "type": "array", "items": {"type": "string", "enum": [(t())]}, "collectionFormat": (t())},
                        {"name": (t()), "in": "header", "type": "string", "default": (t())},
                        {"$ref": (format!("#/parameters/{}", escaped(&parameter)))},
                    ],
                    "responses": {"200": {"description": (t()), "schema": {"$ref": (format!("#/definitions/{}", escaped(&definition)))}, "headers": {(t()): {"type": "string", "description": (t())}}, "examples": {(t()): (t())}}, "default": {"$ref": (format!("#/responses/{}", escaped(&response)))}},
                    "security": [{(t()): [(t())]}],
                },
                "put": {
                    "operationId": (t()),
                    "parameters": [{"name": (t()), "in": "formData", "type": "file", "description": (t())}, {"name": (t()), "in": "formData", "type": "string", "required": true, "enum": [(t())]}],
                    "responses": {"200": {"description": (t()), "schema": {"type": "file"}}},
                },
                "get": {"parameters": [{"name": (t()), "in": (t()), "type": (t())}], "responses": {"200": {"description": (t())}}},
            },
        },
        "definitions": {
            (definition): {"type": "object", "description": (t()), "discriminator": (t()), "required": [(t())], "properties": {(t()): {"type": "string", "enum": [(t()), (t())], "x-nullable": true}, (t()): {"type": "object", "additionalProperties": {"type": "string"}}}},
        },
        "parameters": {(parameter): {"name": (t()), "in": "query", "type": "string", "description": (t())}},
        "responses": {(response): {"description": (t()), "schema": {"type": "object", "properties": {(t()): {"type": "string"}}}}},
        "securityDefinitions": {
            (t()): {"type": "basic", "description": (t())},
            (t()): {"type": "apiKey", "in": "header", "name": (t())},
            (t()): {"type": "oauth2", "flow": (t()), "tokenUrl": (t()), "authorizationUrl": (t()), "scopes": {(t()): (t())}},
        },
    })
}
