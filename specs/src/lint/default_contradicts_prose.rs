//! A description names another default than `default`.

use serde_json::Value;

use super::prose::{default_value, plain_text, same_word};
use super::survey::{Finding, Survey, plain, short};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "default_contradicts_prose",
    severity: Severity::Warning,
    what: "a description names another default than `default`",
    why: "a client that leaves the field out gets something else than it counts on",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for field in &survey.fields {
        let stated = survey.keyword(field.schema, "default").filter(|value| !value.is_null());
        let (Some(description), Some(stated)) = (field.description, stated) else { continue };
        if stated.is_array() || stated.is_object() {
            continue;
        }
        let Some(said) = default_value(&plain_text(description)) else { continue };
        if !same(&said, stated) {
            let message = format!(
                "the description has `{}` as default, and `default` is `{}`",
                short(&said),
                short(&plain(stated))
            );
            findings.push(Finding::new(field.described_at(), message));
        }
    }
    findings
}

fn same(said: &str, stated: &Value) -> bool {
    let number = |text: &str| text.replace(',', "").parse::<f64>().ok();
    let stated = plain(stated);
    number(said)
        .zip(number(&stated))
        .map_or_else(|| same_word(said, &stated), |(said, stated)| said == stated)
}
