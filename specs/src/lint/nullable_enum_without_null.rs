//! A nullable enum that does not list null.

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::pointer;

pub(super) const RULE: Rule = Rule {
    id: "nullable_enum_without_null",
    severity: Severity::Warning,
    what: "`nullable` is true beside an `enum` that does not list null",
    why: "OpenAPI 3.0.3 reads this as \"never null\": some clients accept the null that was meant, others refuse it",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    survey
        .schemas()
        .filter(|schema| {
            let lists_null = |keyword| {
                let values = schema.member(keyword).and_then(Value::as_array);
                values.is_some_and(|values| values.is_empty() || values.contains(&Value::Null))
            };
            schema.member("nullable") == Some(&Value::Bool(true))
                && schema.member("enum").is_some()
                // Normalising takes null out of the values, and says it otherwise.
                && !lists_null("enum")
                && !lists_null("x-original-enum")
                && is_written(survey, &schema.pointer)
        })
        .map(|schema| Finding::new(schema.under("enum"), "`nullable` is true, and `enum` does not list null"))
        .collect()
}

/// Whether the vendor wrote `nullable`: what normalising adds has the place of what is around it.
fn is_written(survey: &Survey<'_>, schema: &str) -> bool {
    survey.contract.position(&pointer::join(schema, "nullable")) != survey.contract.position(schema)
}
