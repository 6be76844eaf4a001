//! A description says that a date or time is written otherwise than `format` and `type` have it.

use super::prose::{Moment, moment, plain_text};
use super::survey::{Finding, Survey};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "format_contradicts_prose",
    severity: Severity::Warning,
    what: "a description writes a date or time in another way than `format` or `type` does",
    why: "a client cannot read what comes, and what it sends is refused or taken for another day",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for field in &survey.fields {
        let Some(description) = field.description else { continue };
        let keyword = |keyword| survey.keyword(field.schema, keyword).and_then(|value| value.as_str());
        let (Some(kind), format) = (keyword("type"), keyword("format")) else { continue };
        let numeric = matches!(kind, "integer" | "number");
        let dated = kind == "string" && matches!(format, Some("date" | "date-time"));
        if !numeric && !dated {
            continue;
        }
        let Some(said) = moment(&plain_text(description)) else { continue };
        let said = match (&said, format) {
            (Moment::Date, _) if numeric => "`YYYY-MM-DD`",
            (Moment::DateTime | Moment::Iso, _) if numeric => "a date with a time in words of ISO 8601",
            (_, _) if numeric => continue,
            (Moment::Date, Some("date-time")) => "`YYYY-MM-DD`",
            (Moment::DateTime, Some("date")) => "a date with a time",
            (Moment::Other(pattern), _) => &format!("`{pattern}`"),
            (Moment::Epoch, _) => "a number of seconds",
            _ => continue,
        };
        let stated = match format {
            Some(format) if dated => format!("`format` is `{format}`"),
            _ => format!("`type` is `{kind}`"),
        };
        findings.push(Finding::new(
            field.described_at(),
            format!("the description speaks of {said}, and {stated}"),
        ));
    }
    findings
}
