//! A description states a rule that the schema does not have at all.

use super::prose::{Moment, lengths, listing, moment, plain_text, range};
use super::survey::{Field, Finding, Survey, quoted};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "constraint_only_in_prose",
    severity: Severity::Hint,
    what: "a description lists values, a length, a range or a date's form, and the schema has no such keyword",
    why: "generated code cannot know it: a client sends what the endpoint refuses, and reads dates as bare strings",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for field in &survey.fields {
        let Some(description) = field.description else { continue };
        let text = plain_text(description);
        let message = match survey.type_of(field.schema) {
            Some("string") => in_string(survey, field, &text),
            Some("integer" | "number") => {
                let lacks = |keyword| survey.number(field.schema, keyword).is_none();
                range(&text).filter(|_| survey.enum_of(field.schema).is_none()).and_then(|said| {
                    let most = said.most.filter(|_| lacks("maximum")).map(|most| format!("`maximum` {most}"));
                    let least =
                        said.least.filter(|_| lacks("minimum")).map(|least| format!("`minimum` {least}"));
                    most.or(least)
                })
            }
            _ => None,
        };
        if let Some(keyword) = message {
            let message = format!("the description asks for {keyword}, and the schema does not");
            findings.push(Finding::new(field.described_at(), message));
        }
    }
    findings
}

fn in_string(survey: &Survey<'_>, field: &Field<'_>, text: &str) -> Option<String> {
    let has = |keyword| survey.keyword(field.schema, keyword).is_some();
    if has("enum") || has("pattern") || has("oneOf") || has("anyOf") {
        return None;
    }
    if let Some(listing) = listing(text).filter(|listing| listing.introduced && listing.complete)
        && !has("format")
    {
        return Some(format!("`enum` {}", quoted(&listing.values)));
    }
    if !has("format") {
        match moment(text) {
            Some(Moment::Date) => return Some("`format: date`".to_owned()),
            Some(Moment::DateTime) => return Some("`format: date-time`".to_owned()),
            _ => {}
        }
    }
    let said = lengths(text)?;
    match (said.least, said.most) {
        (_, Some(most)) if !has("maxLength") => Some(format!("`maxLength` {most}")),
        (Some(least), _) if !has("minLength") && said.most.is_none() => Some(format!("`minLength` {least}")),
        _ => None,
    }
}
