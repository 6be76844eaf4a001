//! A tag that the list of tags does not have.

use std::collections::HashSet;

use serde_json::Value;

use super::survey::{Finding, Survey, strings};
use super::{Rule, Severity};
use crate::grammar::Kind;
use crate::pointer;

pub(super) const RULE: Rule = Rule {
    id: "undeclared_tag",
    severity: Severity::Hint,
    what: "an operation has a tag that the document's list of `tags` does not have, though there is such a list",
    why: "clients that group operations by tag get a group for what may be a slip of the pen",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let declared = survey.contract.document().get("tags").and_then(Value::as_array);
    let declared: HashSet<&str> =
        declared.into_iter().flatten().filter_map(|tag| tag.get("name").and_then(Value::as_str)).collect();
    if declared.is_empty() {
        return Vec::new();
    }
    let mut told = HashSet::new();
    let mut findings = Vec::new();
    for operation in survey.of_kind(Kind::Operation) {
        for (index, tag) in strings(operation.member("tags")).enumerate() {
            if !declared.contains(tag) && told.insert(tag) {
                let at = pointer::join(&operation.under("tags"), &index.to_string());
                findings.push(Finding::new(at, format!("the tag `{tag}` is not in the document's `tags`")));
            }
        }
    }
    findings
}
