//! A description says that a field is required or optional, and the contract says the opposite.

use super::prose::{Presence, plain_text, presence};
use super::survey::{Finding, Survey};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "required_contradicts_prose",
    severity: Severity::Warning,
    what: "a description says \"required\" of a property or parameter that is not, or \"optional\" of one that is",
    why: "a client leaves out what the endpoint insists on, or cannot be built without what nobody needs",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for field in &survey.fields {
        let (Some(description), Some(required)) = (field.description, field.required) else { continue };
        let said = presence(&plain_text(description));
        let message = match (said, required) {
            (Some(Presence::Required), false) if survey.keyword(field.schema, "default").is_none() => {
                "the description calls this required, and the contract does not require it"
            }
            // What is always there but may be null is optional in its own way.
            (Some(Presence::Optional), true) if !survey.takes_null(field.schema) => {
                "the description calls this optional, and the contract requires it"
            }
            _ => continue,
        };
        findings.push(Finding::new(field.described_at(), message));
    }
    findings
}
