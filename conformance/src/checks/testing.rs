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

pub(super) const CONTRACT: &str = r##"{
  "openapi": "3.0.0",
  "info": { "title": "Things", "version": "1" },
  "security": [{ "Key": [] }],
  "paths": { "/things": { "post": {
    "operationId": "addThing",
    "responses": {
      "200": { "description": "ok" }, "400": { "description": "no" }, "404": { "description": "no" },
      "422": { "description": "no" } } } },
  "/things/{id}": { "get": {
    "operationId": "getThing",
    "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
    "responses": {
      "200": { "description": "ok", "content": { "application/json": {
        "schema": { "$ref": "#/components/schemas/Thing" } } },
        "headers": {
          "X-Count": { "schema": { "type": "integer", "minimum": 0 } },
          "X-Share": { "schema": { "type": "number" } },
          "X-Whole": { "schema": { "type": "boolean" } },
          "X-Numbers": { "schema": { "type": "array", "items": { "type": "integer" } } },
          "X-Pair": { "schema": { "type": "object", "properties": {
            "left": { "type": "integer" }, "right": { "type": "integer" } } } },
          "X-Until": { "schema": { "type": "string", "format": "date-time" } },
          "X-Any": { "schema": {} },
          "X-Json": { "content": { "application/json": { "schema": { "type": "object" } } } }
        } },
      "201": { "description": "made", "headers": {
        "Location": { "required": true, "schema": { "type": "string" } },
        "Sunset": { "schema": { "type": "string" } } } },
      "203": { "description": "of a range", "content": {
        "application/*": { "schema": { "$ref": "#/components/schemas/Thing" } },
        "text/*": {} } },
      "307": { "description": "elsewhere" },
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
        "asked": { "type": "object", "required": ["known", "other"], "properties": { "known": { "type": "integer" } } },
        "open": { "type": "object", "additionalProperties": true, "properties": { "known": { "type": "integer" } } },
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
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Given {
    /// The same with one more header field.
    pub(super) fn with(mut self, name: &str, value: &str) -> Given {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

pub(super) fn json(body: &str) -> Given {
    answer("application/json", body)
}

pub(super) fn answer(content_type: &str, body: impl AsRef<[u8]>) -> Given {
    let given = Given { headers: Vec::new(), body: Bytes::copy_from_slice(body.as_ref()) };
    if content_type.is_empty() { given } else { given.with("content-type", content_type) }
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
    let contract = contract();
    let operation = contract.operation("getThing").unwrap().clone();
    let found = Judge::new(contract, models).judge(&operation, &exchange(status, given, intent));
    found.into_iter().filter(|it| check.is_empty() || it.check == check).collect()
}

/// What a check finds by another contract, and in what a target at this place answers.
pub(super) fn judged_by(
    contract: &str,
    base_url: &str,
    check: &str,
    status: u16,
    given: &Given,
) -> Vec<Observation> {
    let contract = Contract::from_text("things.json", contract).unwrap();
    let operation = contract.operation("getThing").unwrap().clone();
    let judge = Judge::new(contract, None).at(&base_url.parse().unwrap(), None);
    let found = judge.judge(&operation, &exchange(status, given, Intent::Valid));
    found.into_iter().filter(|it| it.check == check).collect()
}

pub(super) fn judged_at(base_url: &str, check: &str, status: u16, given: &Given) -> Vec<String> {
    judged_by(CONTRACT, base_url, check, status, given).into_iter().map(|it| it.rule).collect()
}

/// The rules that a right answer breaks which took so long.
pub(super) fn rules_after(elapsed: Duration, most: Option<Duration>, intent: Intent) -> Vec<String> {
    let contract = Contract::from_text("things.json", CONTRACT).unwrap();
    let operation = contract.operation("getThing").unwrap().clone();
    let mut exchange = exchange(200, &json(r#"{"id":"a"}"#), intent);
    exchange.answer.elapsed = elapsed;
    let judge = Judge::new(contract, None).at(&"http://127.0.0.1:1".parse().unwrap(), most);
    let found = judge.judge(&operation, &exchange).into_iter();
    found.filter(|it| it.check == "latency_within_budget").map(|it| it.rule).collect()
}

pub(super) fn contract() -> Contract {
    Contract::from_text("things.json", CONTRACT).unwrap()
}

pub(super) fn exchange(status: u16, given: &Given, intent: Intent) -> Exchange {
    Exchange {
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
            headers: given.headers.clone(),
            body: given.body.clone(),
            elapsed: Duration::from_millis(1),
        },
    }
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
