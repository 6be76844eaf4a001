//! A `pattern` that is no regular expression.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::survey::{Finding, Survey, short};
use super::{Rule, Severity};
use crate::{Contract, Direction, pointer};

pub(super) const RULE: Rule = Rule {
    id: "invalid_pattern",
    severity: Severity::Error,
    what: "`pattern` cannot be read as a regular expression of ECMA-262, or is one of a language that writes `/…/` around it",
    why: "a validator refuses the whole schema, or matches the slashes and so refuses every value",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for schema in survey.schemas() {
        if let Some(pattern) = schema.member("pattern").and_then(Value::as_str) {
            places.entry(pattern).or_default().push(schema.under("pattern"));
        }
    }
    let patterns: Vec<&str> = places.keys().copied().collect();
    let Some(alone) = alone(&patterns) else { return Vec::new() };
    let mut findings = Vec::new();
    for (index, pattern) in patterns.iter().enumerate() {
        let at = pointer::from_tokens(["components", "schemas", &format!("P{index}")]);
        let message = if alone.validator(&at, Direction::Request).is_err() {
            format!("`{}` is no regular expression", short(pattern))
        } else if is_delimited(pattern) {
            format!(
                "the slashes around `{}` are part of the expression, and match slashes only",
                short(pattern)
            )
        } else {
            continue;
        };
        let places = places.get(pattern).into_iter().flatten();
        findings.extend(places.map(|place| Finding::new(place.clone(), message.clone())));
    }
    findings
}

/// A contract that has nothing but the patterns, so that nothing else can be at fault.
fn alone(patterns: &[&str]) -> Option<Contract> {
    let schemas: Map<String, Value> = patterns
        .iter()
        .enumerate()
        .map(|(index, pattern)| (format!("P{index}"), json!({"type": "string", "pattern": pattern})))
        .collect();
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Patterns", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    });
    Contract::from_text("patterns.json", &document.to_string()).ok()
}

/// Whether a pattern is written `/^…$/`, perhaps with flags.
fn is_delimited(pattern: &str) -> bool {
    let Some((body, flags)) = pattern.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) else {
        return false;
    };
    body.starts_with('^') && body.ends_with('$') && flags.chars().all(|flag| "gimsuy".contains(flag))
}
