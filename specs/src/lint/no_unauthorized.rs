//! An operation that needs a credential and does not say what comes without one.

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::{Operation, StatusSpec};

pub(super) const RULE: Rule = Rule {
    id: "no_unauthorized",
    severity: Severity::Hint,
    what: "an operation requires a credential and documents no 401, 403 or default response",
    why: "a client has no type for the answer to a credential that has expired, which every client meets",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let guarded = |operation: &&Operation| {
        !operation.security.is_empty() && operation.security.iter().all(|schemes| !schemes.is_empty())
    };
    let documented = |operation: &Operation| {
        operation.responses.iter().any(|response| match response.status {
            StatusSpec::Code(code) => code == 401 || code == 403,
            StatusSpec::Range(class) => class == 4,
            StatusSpec::Default => true,
        })
    };
    let all: Vec<&Operation> = survey.contract.operations().iter().filter(guarded).collect();
    let silent: Vec<&&Operation> = all.iter().filter(|operation| !documented(operation)).collect();
    if silent.len() > 1 && silent.len() == all.len() {
        let message =
            format!("none of the {} operations that need a credential documents a 401", silent.len());
        return vec![Finding::new("#/paths", message)];
    }
    let message =
        |operation: &Operation| format!("`{}` needs a credential and documents no 401", operation.id);
    silent.iter().map(|operation| Finding::new(operation.pointer.clone(), message(operation))).collect()
}
