//! One small contract and hand-made answers for the tests of all checks.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use driftline_specs::{Contract, Method};

use super::{Judge, Observation, Severity};
use crate::exchange::{Exchange, Intent};
use crate::models::{DecodeFailure, Models};
use crate::request::Request;
use crate::target::Answer;

const CONTRACT: &str = r##"{
  "openapi": "3.0.0",
  "info": { "title": "Things", "version": "1" },
  "security": [{ "Key": [] }],
  "paths": { "/things/{id}": { "get": {
    "operationId": "getThing",
    "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
    "responses": {
      "200": { "description": "ok", "content": { "application/json": {
        "schema": { "$ref": "#/components/schemas/Thing" } } } },
      "404": { "description": "gone" },
      "422": { "description": "no", "content": { "application/json": { "schema": {
        "type": "object", "required": ["errors"],
        "properties": { "errors": { "type": "array", "items": { "type": "string" } } } } } } },
      "4XX": { "description": "other" }
    } } } },
  "components": {
    "securitySchemes": { "Key": { "type": "apiKey", "in": "header", "name": "x-api-key" } },
    "schemas": {
      "Thing": { "type": "object", "required": ["id"], "properties": {
        "id": { "type": "string" },
        "state": { "type": "string", "enum": ["open", "closed"] },
        "secret": { "type": "string", "enum": ["alpha", "beta"], "x-sensitive": true },
        "note": { "type": "string", "nullable": true },
        "amount": { "type": "number" },
        "tags": { "type": "array", "items": { "type": "string", "maxLength": 8 } },
        "owner": { "$ref": "#/components/schemas/Owner" },
        "parts": { "type": "array", "items": { "type": "object", "properties": { "n": { "type": "integer" } } } },
        "labels": { "type": "object", "additionalProperties": { "type": "object" } },
        "free": { "type": "object" },
        "both": { "allOf": [
          { "type": "object", "properties": { "left": { "type": "integer" } } },
          { "type": "object", "properties": { "right": { "type": "integer" } } } ] },
        "either": { "anyOf": [
          { "type": "object", "properties": { "cat": { "type": "integer" } } },
          { "type": "object", "properties": { "dog": { "type": "integer" } } } ] }
      } },
      "Owner": { "type": "object", "properties": { "name": { "type": "string" } } }
    } }
}"##;

/// An answer without its status.
pub(super) struct Given {
    content_type: String,
    body: String,
}

pub(super) fn json(body: &str) -> Given {
    answer("application/json", body)
}

pub(super) fn answer(content_type: &str, body: &str) -> Given {
    Given { content_type: content_type.to_owned(), body: body.to_owned() }
}

#[derive(Debug)]
struct Fixed(Result<String, DecodeFailure>);

impl Models for Fixed {
    fn round_trip(
        &self,
        _: &str,
        _: Option<u16>,
        _: &str,
        _: &[u8],
    ) -> Option<Result<Vec<u8>, DecodeFailure>> {
        Some(self.0.clone().map(String::into_bytes))
    }

    fn symbol(&self, _: &str) -> Option<&str> {
        None
    }
}

/// Models that make the same of every body.
pub(super) fn round_trip(outcome: Result<&str, (&str, &str)>) -> Option<Arc<dyn Models>> {
    let outcome = outcome
        .map(str::to_owned)
        .map_err(|(path, message)| DecodeFailure { path: path.to_owned(), message: message.to_owned() });
    Some(Arc::new(Fixed(outcome)))
}

pub(super) fn judged(
    check: &str,
    status: u16,
    given: &Given,
    intent: Intent,
    models: Option<Arc<dyn Models>>,
) -> Vec<Observation> {
    let contract = Contract::from_text("things.json", CONTRACT).unwrap();
    let operation = contract.operation("getThing").unwrap().clone();
    let mut headers = Vec::new();
    if !given.content_type.is_empty() {
        headers.push(("content-type".to_owned(), given.content_type.clone()));
    }
    let exchange = Exchange {
        intent,
        request: Request {
            operation_id: "getThing".to_owned(),
            method: Method::Get,
            template: "/things/{id}".to_owned(),
            path: "/things/a".to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: None,
        },
        answer: Answer {
            status,
            headers,
            body: Bytes::from(given.body.clone()),
            elapsed: Duration::from_millis(1),
        },
    };
    let judge = Judge::new(contract, models);
    let found = judge.judge(&operation, &exchange);
    found.into_iter().filter(|it| check.is_empty() || it.check == check).collect()
}

pub(super) fn judged_by_all(status: u16, given: &Given) -> Vec<Observation> {
    judged("", status, given, Intent::Valid, None)
}

pub(super) fn found_with(
    check: &str,
    status: u16,
    given: &Given,
    models: Option<Arc<dyn Models>>,
) -> Vec<String> {
    judged(check, status, given, Intent::Valid, models).into_iter().map(|it| it.rule).collect()
}

pub(super) fn found(check: &str, status: u16, given: &Given) -> Vec<String> {
    found_with(check, status, given, None)
}

pub(super) fn locations(check: &str, status: u16, given: &Given) -> Vec<String> {
    judged(check, status, given, Intent::Valid, None).into_iter().map(|it| it.location).collect()
}

pub(super) fn observed(check: &str, status: u16, given: &Given) -> Vec<String> {
    judged(check, status, given, Intent::Valid, None).into_iter().map(|it| it.observed).collect()
}

pub(super) fn severity(check: &str, status: u16, given: &Given) -> Vec<Severity> {
    judged(check, status, given, Intent::Valid, None).into_iter().map(|it| it.severity).collect()
}
