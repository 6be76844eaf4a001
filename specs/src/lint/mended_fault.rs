//! A place that does not fit the OpenAPI Specification, and was read as it is most likely meant.

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::loss::LossKind;

pub(super) const RULE: Rule = Rule {
    id: "mended_fault",
    severity: Severity::Warning,
    what: "a place does not fit the OpenAPI Specification, and is read as it is most likely meant",
    why: "every reader of the contract makes something else of it, or refuses the contract",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    // Ids that are taken have a rule of their own.
    let faults = survey
        .contract
        .losses()
        .iter()
        .filter(|loss| loss.kind == LossKind::Fault && !loss.pointer.ends_with("/operationId"));
    faults
        .map(|loss| Finding {
            position: survey.contract.position_of_loss(loss),
            ..Finding::new(loss.pointer.clone(), loss.message.clone())
        })
        .collect()
}
