//! Two operations with one id.

use std::collections::HashMap;

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::grammar::Kind;

pub(super) const RULE: Rule = Rule {
    id: "duplicate_operation_id",
    severity: Severity::Error,
    what: "two operations have the same `operationId`",
    why: "a client has one method where there are two operations, and links do not say which they mean",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    let mut findings = Vec::new();
    for operation in survey.of_kind(Kind::Operation) {
        let Some(id) = operation.member("operationId").and_then(Value::as_str).filter(|id| !id.is_empty())
        else {
            continue;
        };
        if let Some(first) = first.get(id) {
            let message = format!("the id `{id}` is that of {first} already");
            findings.push(Finding::new(operation.under("operationId"), message));
        } else {
            first.insert(id, &operation.pointer);
        }
    }
    findings
}
