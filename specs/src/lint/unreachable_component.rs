//! A component that nothing refers to.

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::pointer;

pub(super) const RULE: Rule = Rule {
    id: "unreachable_component",
    severity: Severity::Hint,
    what: "no operation leads to a component",
    why: "what it describes never comes, or comes where the contract does not say so",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let kinds = survey.contract.at("#/components").and_then(Value::as_object);
    for (kind, members) in kinds.into_iter().flatten() {
        // Security schemes are named, not referred to.
        if kind == "securitySchemes" || kind.starts_with("x-") {
            continue;
        }
        for name in members.as_object().into_iter().flat_map(|members| members.keys()) {
            let at = pointer::from_tokens(["components", kind, name]);
            if !survey.reach.travel(&at).is_used() {
                findings.push(Finding::new(at, format!("no operation leads to `{name}`")));
            }
        }
    }
    findings
}
