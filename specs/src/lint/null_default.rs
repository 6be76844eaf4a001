//! A default of null where null is not allowed.

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "null_default",
    severity: Severity::Warning,
    what: "`default` is null, and the schema does not allow null",
    why: "answers are likely to hold null, which a client that follows the schema cannot read",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    survey
        .schemas()
        .filter(|schema| schema.member("default") == Some(&Value::Null) && !survey.takes_null(schema.value))
        .map(|schema| {
            Finding::new(schema.under("default"), "the default is null, and the schema does not allow null")
        })
        .collect()
}
