//! What the contract says about an exchange, worked out once for all checks.

use std::sync::{Arc, Mutex, PoisonError};

use driftline_specs::{Contract, Direction, MediaType, Operation, Response, Violation};
use serde_json::Value;

use super::{Observation, all, causes};
use crate::exchange::Exchange;
use crate::models::{DecodeFailure, Models};
use crate::strategy::{Node, Reader, Shape};

/// An exchange with everything that checks need to judge it.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// The operation that was asked for.
    pub operation: &'a Operation,
    /// The exchange.
    pub exchange: &'a Exchange,
    /// The response that the contract documents for this status.
    pub documented: Option<&'a Response>,
    /// The documented media type that the answer's `Content-Type` is.
    pub media_type: Option<&'a MediaType>,
    /// The body, when its media type is JSON and it can be read.
    pub json: Option<Value>,
    /// Where the body departs from the documented schema.
    pub violations: Vec<Violation>,
    /// What the generated type made of the body: the same body again, or why not.
    pub round_trip: Option<Result<Value, DecodeFailure>>,
    shapes: &'a Mutex<Reader>,
}

impl Evidence<'_> {
    /// Returns the status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.exchange.answer.status
    }

    /// Whether an answer to this request has a body at all (RFC 9110 section 6.4.1).
    #[must_use]
    pub fn may_have_body(&self) -> bool {
        let status = self.status();
        self.exchange.request.method.as_str() != "HEAD" && !matches!(status, 100..=199 | 204 | 205 | 304)
    }

    /// Returns the pointer of the documented schema of the body.
    #[must_use]
    pub fn schema(&self) -> Option<&str> {
        Some(self.media_type?.schema.as_ref()?.pointer.as_str())
    }

    /// Returns the shape of a node of the contract.
    #[must_use]
    pub fn shape(&self, node: &Node) -> Arc<Shape> {
        self.shapes.lock().unwrap_or_else(PoisonError::into_inner).shape(node)
    }

    /// Returns the shape of one alternative of a shape.
    #[must_use]
    pub fn branch(&self, shape: &Shape, branch: &Node) -> Arc<Shape> {
        self.shapes.lock().unwrap_or_else(PoisonError::into_inner).branch(shape, branch)
    }

    /// Returns the value at an instance location of the body.
    #[must_use]
    pub fn at(&self, location: &str) -> Option<&Value> {
        self.json.as_ref()?.pointer(location)
    }
}

/// Judges the exchanges of one API.
#[derive(Debug)]
pub struct Judge {
    contract: Contract,
    models: Option<Arc<dyn Models>>,
    shapes: Mutex<Reader>,
}

impl Judge {
    /// Returns a judge; without models the client's side is guessed from the schema alone.
    #[must_use]
    pub fn new(contract: Contract, models: Option<Arc<dyn Models>>) -> Judge {
        let shapes = Mutex::new(Reader::new(contract.clone()));
        Judge { contract, models, shapes }
    }

    /// Returns the Rust symbol of a place in the contract.
    #[must_use]
    pub fn symbol(&self, pointer: &str) -> Option<String> {
        self.models.as_ref()?.symbol(pointer).map(str::to_owned)
    }

    /// Returns what all checks find in an exchange.
    #[must_use]
    pub fn judge(&self, operation: &Operation, exchange: &Exchange) -> Vec<Observation> {
        let evidence = self.evidence(operation, exchange);
        let mut found = Vec::new();
        for check in all() {
            check.judge(&evidence, &mut found);
        }
        causes::merge(found)
    }

    /// Works out what the contract says about an exchange.
    #[must_use]
    pub fn evidence<'a>(&'a self, operation: &'a Operation, exchange: &'a Exchange) -> Evidence<'a> {
        let answer = &exchange.answer;
        let documented = operation.response_for(answer.status);
        let media_type = documented.and_then(|response| {
            let given = answer.header("content-type")?;
            response
                .content
                .iter()
                .max_by_key(|it| affinity(&it.name, given))
                .filter(|it| affinity(&it.name, given) > 0)
        });
        let given = answer.header("content-type").unwrap_or_default();
        let json = media_type.is_some_and(|it| it.is_json() || is_json(given));
        let json = if json { serde_json::from_slice::<Value>(&answer.body).ok() } else { None };
        let mut evidence = Evidence {
            contract: &self.contract,
            operation,
            exchange,
            documented,
            media_type,
            json,
            violations: Vec::new(),
            round_trip: None,
            shapes: &self.shapes,
        };
        if let Some(value) = &evidence.json
            && let Some(schema) = evidence.schema()
            && let Ok(validator) = self.contract.validator(schema, Direction::Response)
        {
            evidence.violations = distinct(validator.violations(value));
        }
        if evidence.json.is_some()
            && let Some(media_type) = media_type
            && let Some(models) = &self.models
        {
            let outcome =
                models.round_trip(&operation.id, Some(answer.status), &media_type.name, &answer.body);
            evidence.round_trip = outcome.map(|outcome| {
                outcome.and_then(|bytes| {
                    serde_json::from_slice(&bytes).map_err(|_| DecodeFailure {
                        path: String::new(),
                        message: "what was written back is not JSON".to_owned(),
                    })
                })
            });
        }
        evidence
    }
}

/// Leaves out what follows from a wrong type at the same place: one cause is told once.
fn distinct(violations: Vec<Violation>) -> Vec<Violation> {
    let mistyped: Vec<String> =
        violations.iter().filter(|it| it.keyword == "type").map(|it| it.instance.clone()).collect();
    let mut violations = violations;
    violations.retain(|it| it.keyword == "type" || !mistyped.contains(&it.instance));
    violations
}

/// Returns how well a documented media type, which may be a range, fits a `Content-Type`; 0 for not at all.
pub(super) fn affinity(documented: &str, given: &str) -> u8 {
    let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (documented, given) = (essence(documented), essence(given));
    if given.is_empty() {
        return 0;
    }
    if documented == given {
        return 3;
    }
    match documented.split_once('/') {
        Some(("*", "*")) => 1,
        Some((kind, "*")) if given.split_once('/').is_some_and(|(it, _)| it == kind) => 2,
        _ => 0,
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}
