//! A property that is only read and only ever sent.

use std::collections::HashSet;

use serde_json::Value;

use super::survey::{Finding, Survey, strings};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "read_only_in_request",
    severity: Severity::Warning,
    what: "a property is `readOnly` and required in a schema that only requests use, or `readOnly` and `writeOnly` at once",
    why: "the contract asks for what must not be sent; clients disagree whether to send it",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for schema in survey.schemas() {
        let flag = |value: &Value, name: &str| value.get(name) == Some(&Value::Bool(true));
        let travel = survey.reach.travel(&schema.pointer);
        let properties = schema.member("properties").and_then(Value::as_object);
        let required: HashSet<&str> = strings(schema.member("required")).collect();
        for (name, property) in properties.into_iter().flatten() {
            let place = || crate::pointer::join(&schema.under("properties"), name);
            if flag(property, "readOnly") && flag(property, "writeOnly") {
                findings
                    .push(Finding::new(place(), "this is `readOnly` and `writeOnly`: nobody may send it"));
            } else if flag(property, "readOnly")
                && travel.request
                && !travel.response
                && required.contains(name.as_str())
            {
                let message = "this is `readOnly` and required, and only requests have it";
                findings.push(Finding::new(place(), message));
            }
        }
    }
    findings
}
