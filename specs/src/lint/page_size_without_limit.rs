//! A page size without a largest one.

use super::prose::{plain_text, range};
use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::grammar::Kind;

pub(super) const RULE: Rule = Rule {
    id: "page_size_without_limit",
    severity: Severity::Hint,
    what: "a query parameter that sets the size of a page has no `maximum`, and no number in its description",
    why: "a client cannot ask for as much as it may at once, and does not notice when it gets less than it asked for",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let names = ["limit", "pagesize", "perpage", "maxresults", "maxitems", "pagelimit"];
    for parameter in survey.of_kind(Kind::Parameter) {
        let text = |member: &str| parameter.member(member).and_then(|value| value.as_str());
        let name: String =
            text("name").unwrap_or_default().chars().filter(|next| next.is_alphanumeric()).collect();
        if text("in") != Some("query") || !names.contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        let Some(schema) = parameter.member("schema") else { continue };
        let bounded = ["maximum", "enum"].iter().any(|keyword| survey.keyword(schema, keyword).is_some());
        let described = text("description").map(plain_text).unwrap_or_default();
        let told =
            range(&described).is_some_and(|range| range.most.is_some()) || has_limit_in_words(&described);
        if survey.type_of(schema) == Some("integer") && !bounded && !told {
            findings.push(Finding::new(parameter.pointer.clone(), "the size of a page has no `maximum`"));
        }
    }
    findings
}

/// Whether a description has a number and a word for a limit, in whatever order.
fn has_limit_in_words(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains(|next: char| next.is_ascii_digit())
        && ["max", "up to", "between", "no more", "at most", "limit", "exceed", "range", "largest"]
            .iter()
            .any(|word| lower.contains(word))
}
