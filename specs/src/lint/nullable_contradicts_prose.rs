//! A description says that a field can be null, and `nullable` says otherwise.

use super::prose::{Null, null, plain_text};
use super::survey::{Finding, Survey};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "nullable_contradicts_prose",
    severity: Severity::Warning,
    what: "a description says that a field can be null, which `nullable` does not allow, or the other way round",
    why: "a client that follows the schema fails on the first null",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for field in survey.fields.iter().filter(|field| field.name.is_some()) {
        let Some(said) = field.description.and_then(|description| null(&plain_text(description))) else {
            continue;
        };
        let message = match (said, survey.takes_null(field.schema)) {
            (Null::Possible, false) => {
                "the description says that this can be null, and the schema does not allow null"
            }
            (Null::Impossible, true) if survey.keyword(field.schema, "nullable").is_some() => {
                "the description says that this is never null, and the schema allows null"
            }
            _ => continue,
        };
        findings.push(Finding::new(field.described_at(), message));
    }
    findings
}
