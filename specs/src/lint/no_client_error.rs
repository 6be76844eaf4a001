//! An operation that can refuse a request and does not say how.

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::{Method, Operation, StatusSpec};

pub(super) const RULE: Rule = Rule {
    id: "no_client_error",
    severity: Severity::Hint,
    what: "an operation that takes a body, or a list with parameters, documents no 4xx and no default response",
    why: "a client has no type for the answer to a request that is refused, and every endpoint refuses some",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let operations = survey.contract.operations();
    let refusable = |operation: &&Operation| match operation.method {
        Method::Post | Method::Put | Method::Patch => operation.request_body.is_some(),
        Method::Get => operation.pagination.is_some(),
        _ => false,
    };
    let documented = |operation: &Operation| {
        operation.responses.iter().any(|response| match response.status {
            StatusSpec::Code(code) => (400..500).contains(&code),
            StatusSpec::Range(class) => class == 4,
            StatusSpec::Default => true,
        })
    };
    let all: Vec<&Operation> = operations.iter().filter(refusable).collect();
    let silent: Vec<&&Operation> = all.iter().filter(|operation| !documented(operation)).collect();
    if silent.len() > 1 && silent.len() == all.len() {
        let message = format!("none of the {} operations that can refuse a request says how", silent.len());
        return vec![Finding::new("#/paths", message)];
    }
    let message =
        |operation: &Operation| format!("`{}` documents no 4xx and no default response", operation.id);
    silent.iter().map(|operation| Finding::new(operation.pointer.clone(), message(operation))).collect()
}
