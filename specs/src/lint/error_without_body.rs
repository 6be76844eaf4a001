//! An error response without a body where others of the operation have one.

use std::collections::HashSet;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::StatusSpec;

pub(super) const RULE: Rule = Rule {
    id: "error_without_body",
    severity: Severity::Hint,
    what: "a 4xx or 5xx response has no body, and others of the same class and operation have one",
    why: "a client has no type for what most likely comes there as well",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut told = HashSet::new();
    for operation in survey.contract.operations() {
        for class in [4, 5] {
            let of_class = |status: StatusSpec| match status {
                StatusSpec::Code(code) => code / 100 == class,
                StatusSpec::Range(range) => u16::from(range) == class,
                StatusSpec::Default => false,
            };
            let responses = || operation.responses.iter().filter(|response| of_class(response.status));
            let with = responses()
                .filter(|response| response.content.iter().any(|media| media.schema.is_some()))
                .count();
            if with == 0 {
                continue;
            }
            for response in responses().filter(|response| response.content.is_empty()) {
                let message = format!(
                    "{} has no body, and {with} other {class}xx of `{}` {} one",
                    response.status,
                    operation.id,
                    if with == 1 { "has" } else { "have" }
                );
                // One response may be that of many operations.
                if told.insert(&response.pointer) {
                    findings.push(Finding::new(response.pointer.clone(), message));
                }
            }
        }
    }
    findings
}
