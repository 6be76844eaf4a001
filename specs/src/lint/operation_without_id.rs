//! An operation without a name.

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::grammar::Kind;

pub(super) const RULE: Rule = Rule {
    id: "operation_without_id",
    severity: Severity::Hint,
    what: "an operation has no `operationId`",
    why: "every generator makes up another name for its method, which changes when the path does",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let all: Vec<_> = survey
        .of_kind(Kind::Operation)
        .filter(|operation| operation.pointer.starts_with("#/paths/"))
        .collect();
    let nameless = |id: Option<&Value>| id.and_then(Value::as_str).is_none_or(str::is_empty);
    let silent: Vec<_> = all.iter().filter(|operation| nameless(operation.member("operationId"))).collect();
    if silent.len() > 1 && silent.len() == all.len() {
        return vec![Finding::new(
            "#/paths",
            format!("none of the {} operations has an `operationId`", silent.len()),
        )];
    }
    silent
        .iter()
        .map(|operation| Finding::new(operation.pointer.clone(), "there is no `operationId`"))
        .collect()
}
