//! One status with different error bodies.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::{StatusSpec, pointer};

pub(super) const RULE: Rule = Rule {
    id: "error_body_differs",
    severity: Severity::Hint,
    what: "an error status has another body here than in most other operations",
    why: "a client that handles the error once for all operations misreads this one",
    find,
};

/// Of how many operations at least a body is called usual.
const USUAL: usize = 3;

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    // By status, by what the body is made of: where it is used.
    let mut bodies: BTreeMap<u16, Vec<(String, String)>> = BTreeMap::new();
    let mut shapes: HashMap<String, String> = HashMap::new();
    for operation in survey.contract.operations() {
        for response in &operation.responses {
            let StatusSpec::Code(status @ 400..=599) = response.status else { continue };
            let json = response.content.iter().find(|media| media.is_json());
            let Some(schema) = json.and_then(|media| media.schema.as_ref()) else { continue };
            let shape = shapes
                .entry(schema.pointer.clone())
                .or_insert_with(|| survey.contract.at(&schema.pointer).map(bare).unwrap_or_default())
                .clone();
            bodies.entry(status).or_default().push((shape, schema.pointer.clone()));
        }
    }
    let mut findings = Vec::new();
    for (status, uses) in bodies {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (shape, _) in &uses {
            *counts.entry(shape).or_default() += 1;
        }
        let Some((&usual, &count)) = counts.iter().max_by_key(|(_, count)| **count) else { continue };
        if count < USUAL || count * 4 < uses.len() * 3 {
            continue;
        }
        let Some((_, usual_at)) = uses.iter().find(|(shape, _)| shape == usual) else { continue };
        for (_, place) in uses.iter().filter(|(shape, _)| shape != usual) {
            let message = format!(
                "{status} has this body here, and {} in {count} of {} operations",
                named(usual_at),
                uses.len()
            );
            findings.push(Finding::new(place.clone(), message));
        }
    }
    findings
}

fn named(schema: &str) -> String {
    let name = pointer::last_token(schema).filter(|_| super::survey::is_component(schema));
    name.map_or_else(|| "another one".to_owned(), |name| format!("`{name}`"))
}

/// A schema's text without what says nothing about values, so that two that mean the same are equal.
fn bare(schema: &Value) -> String {
    fn strip(value: &Value) -> Value {
        match value {
            Value::Object(members) => members
                .iter()
                .filter(|(key, value)| {
                    let words =
                        ["description", "title", "example", "examples", "summary"].contains(&key.as_str());
                    !key.starts_with("x-") && (!words || value.get("type").is_some_and(Value::is_string))
                })
                .map(|(key, value)| (key.clone(), strip(value)))
                .collect::<BTreeMap<_, _>>()
                .into_iter()
                .collect(),
            Value::Array(items) => items.iter().map(strip).collect(),
            other => other.clone(),
        }
    }
    strip(schema).to_string()
}
