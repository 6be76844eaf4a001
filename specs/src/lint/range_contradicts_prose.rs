//! A description states another range than `minimum` and `maximum`.

use super::prose::{plain_text, range};
use super::survey::{Finding, Survey};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "range_contradicts_prose",
    severity: Severity::Warning,
    what: "a description states another range than `minimum` and `maximum`",
    why: "a client refuses what the endpoint takes, or sends what it refuses",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for field in &survey.fields {
        let Some(description) = field.description else { continue };
        if !matches!(survey.type_of(field.schema), Some("integer" | "number")) {
            continue;
        }
        let Some(said) = range(&plain_text(description)) else { continue };
        for (said, keyword, exclusive) in
            [(said.least, "minimum", "exclusiveMinimum"), (said.most, "maximum", "exclusiveMaximum")]
        {
            let stated = survey.number(field.schema, keyword);
            let open = survey.keyword(field.schema, exclusive) == Some(&serde_json::Value::Bool(true));
            if let (Some(said), Some(stated), false) = (said, stated, open)
                && said != stated
            {
                let message = format!("the description has {said} as {keyword}, and `{keyword}` is {stated}");
                findings.push(Finding::new(field.described_at(), message));
            }
        }
    }
    findings
}
