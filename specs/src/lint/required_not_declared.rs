//! A property that is required and not declared.

use std::collections::HashSet;

use serde_json::Value;

use super::survey::{Finding, Survey, quoted, strings};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "required_not_declared",
    severity: Severity::Error,
    what: "`required` names a property that neither the schema nor what it is composed of declares",
    why: "a typed client has no place for it: it cannot be sent, and what comes is of unknown type",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for schema in survey.schemas() {
        let required: Vec<&str> = strings(schema.member("required")).collect();
        // Below `not`, and where a branch only tells alternatives apart, names stand for themselves.
        if required.is_empty() || schema.pointer.contains("/not") {
            continue;
        }
        // Where the values of any property are described, so are those of this one.
        if schema.member("additionalProperties").is_some_and(Value::is_object) {
            continue;
        }
        let wholes = survey.with_wholes(&schema.pointer);
        let declared: HashSet<&str> = wholes
            .iter()
            .filter_map(|pointer| survey.contract.at(pointer))
            .flat_map(|whole| survey.properties(whole).into_keys())
            .collect();
        let missing: Vec<&str> = required.into_iter().filter(|name| !declared.contains(name)).collect();
        if !missing.is_empty() {
            let verb = if missing.len() == 1 {
                "is required and not declared"
            } else {
                "are required and not declared"
            };
            findings.push(Finding::new(schema.under("required"), format!("{} {verb}", quoted(&missing))));
        }
    }
    findings
}
