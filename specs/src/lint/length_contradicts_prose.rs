//! A description states another length than `minLength`, `maxLength` or `pattern`.

use std::sync::LazyLock;

use regex::Regex;

use super::prose::{Bounds, lengths, plain_text};
use super::survey::{Finding, Survey};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "length_contradicts_prose",
    severity: Severity::Warning,
    what: "a description states another length than `minLength`, `maxLength` or a pattern of digits",
    why: "a client refuses what the endpoint takes, or sends what it refuses",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for field in &survey.fields {
        let Some(description) = field.description else { continue };
        if survey.type_of(field.schema) != Some("string") {
            continue;
        }
        let Some(said) = lengths(&plain_text(description)) else { continue };
        let number = |keyword| survey.number(field.schema, keyword);
        let pattern = survey.keyword(field.schema, "pattern").and_then(|pattern| pattern.as_str());
        let pattern = pattern.and_then(digits_of);
        let exact = said.least == said.most;
        let messages = [
            said.most.zip(number("maxLength")).and_then(|(said, stated)| {
                // What has a certain length may be written with separators.
                let differs = if exact { stated < said } else { stated != said };
                differs
                    .then(|| format!("the description allows {said} characters, and `maxLength` is {stated}"))
            }),
            said.least.zip(number("minLength")).and_then(|(said, stated)| {
                let differs = if exact { stated > said } else { stated != said };
                differs.then(|| {
                    format!("the description asks for {said} characters, and `minLength` is {stated}")
                })
            }),
            pattern.filter(|_| said.digits).and_then(|pattern| by_pattern(said, pattern)),
        ];
        findings.extend(
            messages.into_iter().flatten().map(|message| Finding::new(field.described_at(), message)),
        );
    }
    findings
}

fn by_pattern(said: Bounds, (least, most): (f64, Option<f64>)) -> Option<String> {
    let too_many = said.most.is_some_and(|said| most.is_some_and(|most| most < said) || said < least);
    let too_few = said.least.is_some_and(|said| said < least || most.is_some_and(|most| most < said));
    (too_many || too_few).then(|| {
        let said = said.most.or(said.least).unwrap_or_default();
        let stated = most.map_or_else(
            || format!("at least {least}"),
            |most| {
                if most == least { format!("{least}") } else { format!("{least} to {most}") }
            },
        );
        format!("the description states {said} digits, and `pattern` has {stated}")
    })
}

/// How many digits a pattern takes, when it takes nothing else.
fn digits_of(pattern: &str) -> Option<(f64, Option<f64>)> {
    static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\^(?:\\d|\[0-9\])\{(\d{1,6})(,(\d{0,6}))?\}\$$").expect("the pattern is right")
    });
    let found = DIGITS.captures(pattern)?;
    let number = |group| found.get(group).and_then(|it| it.as_str().parse::<f64>().ok());
    let least = number(1)?;
    let most = if found.get(2).is_some() { number(3) } else { Some(least) };
    Some((least, most))
}
