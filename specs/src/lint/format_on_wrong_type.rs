//! A `format` that says nothing about values of the schema's `type`.

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "format_on_wrong_type",
    severity: Severity::Warning,
    what: "`format` is for another `type` than the schema's: `date-time` on an integer, `int32` on a string",
    why: "one of the two is wrong, and generators choose differently which one they believe",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for schema in survey.schemas() {
        let text = |keyword| schema.member(keyword).and_then(Value::as_str);
        let (Some(kind), Some(format)) = (text("type"), text("format")) else { continue };
        let expected = match format {
            "date" | "date-time" | "time" | "duration" | "email" | "hostname" | "ipv4" | "ipv6" | "uri"
            | "uri-reference" | "uuid" | "byte" | "binary" | "password" => "string",
            "int32" => "integer",
            "int64" | "float" | "double" => "number",
            _ => continue,
        };
        let fits = match (kind, format) {
            // Numbers that are too exact for JSON travel as text, under the format that they would have.
            ("string", "int64" | "float" | "double") => true,
            ("integer" | "number", "int32" | "int64") => true,
            _ => kind == expected,
        };
        if !fits {
            let message = format!("the format `{format}` is for `{expected}`, and `type` is `{kind}`");
            findings.push(Finding::new(schema.under("format"), message));
        }
    }
    findings
}
