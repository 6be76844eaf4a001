//! A value of `enum` that the schema's `type` refuses.

use serde_json::Value;

use super::survey::{Finding, Survey, plain, quoted};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "enum_value_violates_schema",
    severity: Severity::Error,
    what: "`enum` has values that are not of the schema's `type`",
    why: "such a value can be neither sent nor read: whatever allows it by `enum` refuses it by `type`",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for schema in survey.schemas() {
        let Some(values) = schema.member("enum").and_then(Value::as_array) else { continue };
        let Some(kind) = schema.member("type").and_then(Value::as_str) else { continue };
        let wrong: Vec<String> =
            values.iter().filter(|value| !value.is_null() && !is(value, kind)).map(plain).collect();
        if !wrong.is_empty() {
            // YAML reads yes, no, on, off and 1 as something else than text.
            let advice = if kind == "string" { "; quote them if they are meant as text" } else { "" };
            let message = format!("`enum` has {}, not of `type` `{kind}`{advice}", quoted(&wrong));
            findings.push(Finding::new(schema.under("enum"), message));
        }
    }
    findings
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}
