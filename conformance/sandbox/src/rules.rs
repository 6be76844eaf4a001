//! What the contract demands of each operation's requests, compiled once when a sandbox starts. It finds
//! violations; it decides nothing about them.

use std::collections::HashMap;
use std::sync::Arc;

use driftline_specs::{Contract, Direction, Operation, ParameterLocation, Validator, Violation};
use serde_json::{Number, Value};

use crate::call::{ParameterViolation, Payload};
use crate::error::Error;
use crate::service::Route;

/// The most violations that an answer lists.
const MOST_VIOLATIONS: usize = 100;

/// The rules of one operation.
pub(crate) struct Rules {
    json: Option<Arc<Validator>>,
    parameters: Vec<ParameterRule>,
}

struct ParameterRule {
    name: String,
    location: ParameterLocation,
    required: bool,
    schema: Option<(Kind, Arc<Validator>)>,
}

/// How the text of a parameter becomes a JSON value.
#[derive(Clone, Copy)]
enum Kind {
    Integer,
    Number,
    Boolean,
    String,
}

/// The rules of every route, by operation ID.
pub(crate) fn compile(
    api: &str,
    contract: &Contract,
    routes: &[Route],
) -> Result<HashMap<String, Rules>, Error> {
    let unusable = |source| Error::Contract { api: api.to_owned(), source: Box::new(source) };
    let mut rules = HashMap::new();
    for route in routes {
        let operation = contract.operation(&route.operation).ok_or_else(|| Error::NoSuchOperation {
            api: api.to_owned(),
            operation: route.operation.to_string(),
        })?;
        rules.insert(route.operation.to_string(), Rules::of(contract, operation).map_err(unusable)?);
    }
    Ok(rules)
}

impl Rules {
    fn of(contract: &Contract, operation: &Operation) -> Result<Rules, driftline_specs::Error> {
        let body = operation.request_body.as_ref();
        let media = body.and_then(|body| body.content.iter().find(|media| media.is_json()));
        let json = media
            .and_then(|media| media.schema.as_ref())
            .map(|schema| contract.validator(&schema.pointer, Direction::Request))
            .transpose()?;
        let mut parameters = Vec::new();
        for parameter in &operation.parameters {
            let schema = match &parameter.schema {
                Some(schema) => match kind(contract, &schema.pointer) {
                    Some(kind) => Some((kind, contract.validator(&schema.pointer, Direction::Request)?)),
                    None => None,
                },
                None => None,
            };
            parameters.push(ParameterRule {
                name: parameter.name.clone(),
                location: parameter.location,
                required: parameter.required,
                schema,
            });
        }
        Ok(Rules { json, parameters })
    }

    /// What the contract has against a body; the first hundred violations, if there are more.
    pub(crate) fn body_violations(&self, payload: &Payload) -> Vec<Violation> {
        match (payload, &self.json) {
            // Asking is quicker than listing, and most bodies have no violation.
            (Payload::Json(value), Some(validator)) if !validator.is_valid(value) => {
                let mut violations = validator.violations(value);
                violations.truncate(MOST_VIOLATIONS);
                violations
            }
            _ => Vec::new(),
        }
    }

    /// What the contract has against the parameters in the path and the query.
    pub(crate) fn parameter_violations(
        &self,
        path: &[(String, String)],
        query: &[(String, String)],
    ) -> Vec<ParameterViolation> {
        let mut violations = Vec::new();
        for rule in &self.parameters {
            let given = match rule.location {
                ParameterLocation::Path => path.iter().find(|(name, _)| *name == rule.name).map(|(_, v)| v),
                ParameterLocation::Query => {
                    query.iter().rev().find(|(name, _)| *name == rule.name).map(|(_, value)| value)
                }
                _ => continue,
            };
            match given {
                None if rule.required => violations.push(rule.violation("required", "a value")),
                None => {}
                Some(text) => violations.extend(rule.violations(text)),
            }
        }
        violations
    }
}

impl ParameterRule {
    fn violations(&self, text: &str) -> Vec<ParameterViolation> {
        let Some((kind, validator)) = &self.schema else { return Vec::new() };
        match kind.read(text) {
            Some(value) => {
                let violations = validator.violations(&value).into_iter();
                violations.map(|it| self.violation(&it.keyword, &it.expected)).collect()
            }
            None => vec![self.violation("type", kind.expected())],
        }
    }

    fn violation(&self, keyword: &str, expected: &str) -> ParameterViolation {
        let (name, keyword, expected) = (self.name.clone(), keyword.to_owned(), expected.to_owned());
        ParameterViolation { name, keyword, expected }
    }
}

fn kind(contract: &Contract, pointer: &str) -> Option<Kind> {
    let (_, schema) = contract.resolve(pointer)?;
    match schema.get("type").and_then(Value::as_str) {
        Some("integer") => Some(Kind::Integer),
        Some("number") => Some(Kind::Number),
        Some("boolean") => Some(Kind::Boolean),
        Some("string") => Some(Kind::String),
        // No parameter of these APIs is an array or an object.
        _ => None,
    }
}

impl Kind {
    fn read(self, text: &str) -> Option<Value> {
        match self {
            Kind::Integer => text.parse::<i64>().ok().map(Value::from),
            Kind::Number => text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number),
            Kind::Boolean => text.parse::<bool>().ok().map(Value::Bool),
            Kind::String => Some(Value::String(text.to_owned())),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Kind::Integer => "a whole number",
            Kind::Number => "a number",
            Kind::Boolean => "`true` or `false`",
            Kind::String => "text",
        }
    }
}
