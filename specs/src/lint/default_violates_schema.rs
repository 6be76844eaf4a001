//! A default that its own schema refuses.

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::Direction;

pub(super) const RULE: Rule = Rule {
    id: "default_violates_schema",
    severity: Severity::Error,
    what: "a default is not valid against its schema: of another type, or not in `enum`",
    why: "a client that fills it in sends what the contract refuses, and generated code has no value to stand for it",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for schema in survey.schemas() {
        // A default of null is another matter.
        let Some(default) = schema.member("default").filter(|default| !default.is_null()) else { continue };
        let Ok(validator) = survey.contract.validator(&schema.pointer, Direction::Request) else { continue };
        if let Some(violation) = validator.violations(default).into_iter().next() {
            let message = format!(
                "the default is not valid: expected {}, is {}",
                violation.expected, violation.observed
            );
            findings.push(Finding::new(schema.under("default"), message));
        }
    }
    findings
}
