//! Bounds that no value can keep to.

use serde_json::Value;

use super::survey::{Finding, Located, Survey, strings};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "unsatisfiable_schema",
    severity: Severity::Error,
    what: "a lower bound is above the upper one, in length, range, items or properties",
    why: "no value is right, so that nothing can be sent and no answer can be valid",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for schema in survey.schemas() {
        for (least, most) in [
            ("minLength", "maxLength"),
            ("minimum", "maximum"),
            ("minItems", "maxItems"),
            ("minProperties", "maxProperties"),
        ] {
            let (Some(low), Some(high)) = (number(schema, least), number(schema, most)) else { continue };
            let open = ["exclusiveMinimum", "exclusiveMaximum"]
                .iter()
                .any(|keyword| schema.member(keyword) == Some(&Value::Bool(true)));
            if low > high {
                let message = format!("`{least}` is {low} and `{most}` is {high}, so that no value is right");
                findings.push(Finding::new(schema.under(least), message));
            } else if low == high && least == "minimum" && open {
                let message = format!("a value would have to be above or below {low} and equal to it");
                findings.push(Finding::new(schema.under(least), message));
            }
        }
        let required = strings(schema.member("required")).count();
        if let Some(most) = number(schema, "maxProperties")
            && required as f64 > most
        {
            let message = format!("{required} properties are required and `maxProperties` is {most}");
            findings.push(Finding::new(schema.under("required"), message));
        }
    }
    findings
}

fn number(schema: &Located<'_>, keyword: &str) -> Option<f64> {
    schema.member(keyword).and_then(Value::as_f64)
}
