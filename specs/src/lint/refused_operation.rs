//! An operation that cannot be used, and is left out.

use super::survey::{Finding, Survey};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "refused_operation",
    severity: Severity::Error,
    what: "an operation is so wrong that it is left out: a reference leads nowhere, a parameter is in no known place",
    why: "no client can be built that calls it",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let refusals = survey.contract.refusals().iter();
    refusals
        .map(|refusal| {
            let message = format!("the operation `{}` cannot be used: {}", refusal.operation, refusal.reason);
            Finding::new(refusal.pointer.clone(), message)
        })
        .collect()
}
