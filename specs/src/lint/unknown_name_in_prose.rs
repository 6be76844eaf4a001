//! A description names a field that does not exist, and a very similar one does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::prose::code_spans;
use super::survey::{Finding, Survey, plain, strings};
use super::{Rule, Severity};
use crate::grammar::Kind;

pub(super) const RULE: Rule = Rule {
    id: "unknown_name_in_prose",
    severity: Severity::Warning,
    what: "a description names in backticks a field that the contract does not have, but for a small difference",
    why: "a client looks for a field that never comes, or sends one that is ignored",
    find,
};

/// How many comparisons of names are made; a contract with more of them is not compared in full.
const MAX_COMPARISONS: usize = 20_000_000;

/// The longest name that is compared.
const MAX_NAME: usize = 60;

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let (fields, others) = names(survey);
    let mut by_words: BTreeMap<Vec<String>, &str> = BTreeMap::new();
    for name in &fields {
        by_words.entry(words(name)).or_insert(name);
    }
    let mut comparisons = 0_usize;
    let mut known: HashMap<String, Option<String>> = HashMap::new();
    let mut findings = Vec::new();
    for (pointer, description) in survey.descriptions() {
        for span in code_spans(description) {
            let span = span.trim();
            if !is_compound(span) || fields.contains(span) || others.contains(span) {
                continue;
            }
            let similar = known.entry(span.to_owned()).or_insert_with(|| {
                comparisons = comparisons.saturating_add(by_words.len());
                let own = words(span);
                let mut close =
                    by_words.iter().filter(|(words, _)| comparisons < MAX_COMPARISONS && alike(&own, words));
                // Two names that are as similar leave open which one is meant.
                close.next().filter(|_| close.next().is_none()).map(|(_, name)| (*name).to_owned())
            });
            if let Some(name) = similar {
                findings.push(Finding::new(
                    pointer.clone(),
                    format!("there is no `{span}` in the contract; `{name}` is very similar"),
                ));
            }
        }
    }
    findings
}

/// The names of properties and parameters, and whatever else a word in backticks may stand for.
fn names<'c>(survey: &'c Survey<'_>) -> (BTreeSet<&'c str>, BTreeSet<String>) {
    let mut fields = BTreeSet::new();
    let mut others = BTreeSet::new();
    for object in &survey.objects {
        match object.kind {
            Kind::Schema => {
                let properties = object.member("properties").and_then(Value::as_object);
                fields.extend(properties.into_iter().flat_map(|it| it.keys()).map(String::as_str));
                others
                    .extend(object.member("enum").and_then(Value::as_array).into_iter().flatten().map(plain));
                others.extend(strings(object.member("required")).map(str::to_owned));
            }
            Kind::Parameter => fields.extend(object.member("name").and_then(Value::as_str)),
            Kind::Operation => {
                let id = object.member("operationId").and_then(Value::as_str);
                others.extend(id.into_iter().chain(strings(object.member("tags"))).map(str::to_owned));
            }
            Kind::Response | Kind::Components => {
                for member in ["headers", "schemas", "securitySchemes", "parameters", "responses"] {
                    let members = object.member(member).and_then(Value::as_object);
                    others.extend(members.into_iter().flat_map(|it| it.keys()).cloned());
                }
            }
            _ => {}
        }
        if let Some(name) = object.member("name").and_then(Value::as_str) {
            // `filter[created_at]` and `Filter.CreatedAt` name what is in them as well.
            let inner = name.split(|next: char| !next.is_alphanumeric() && next != '_');
            others.extend(inner.map(str::to_owned));
        }
        for example in ["example", "examples", "default"].iter().filter_map(|member| object.member(member)) {
            written(example, &mut others);
        }
    }
    (fields, others)
}

/// The keys and short texts of an example. The depth is bounded by that of the document.
fn written(example: &Value, names: &mut BTreeSet<String>) {
    match example {
        Value::String(text) if text.len() <= MAX_NAME => {
            names.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| written(item, names)),
        Value::Object(members) => {
            for (name, value) in members {
                names.insert(name.clone());
                written(value, names);
            }
        }
        _ => {}
    }
}

/// Whether a text is a name of several words, as fields have them: `a_name`, `aName`.
fn is_compound(text: &str) -> bool {
    let plain = text.chars().all(|next| next.is_ascii_alphanumeric() || next == '_');
    // Constants are values.
    let lower = text.starts_with(|first: char| first.is_ascii_lowercase());
    // Clients' callbacks are named so, in code that calls the API.
    let callback =
        text.strip_prefix("on").is_some_and(|rest| rest.starts_with(|next: char| next.is_uppercase()));
    plain && !callback && lower && text.len() >= 8 && text.len() <= MAX_NAME && words(text).len() >= 2
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for next in name.chars() {
        if !next.is_alphanumeric() || (next.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        if next.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(next.to_lowercase());
        }
        after_lower = next.is_lowercase() || next.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether two names, that of the prose first, differ so little that one was meant for the other: in case and punctuation, in a word more or
/// less of four, in a letter of a long word.
fn alike(one: &[String], other: &[String]) -> bool {
    if one == other {
        return true;
    }
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    match long.len() - short.len() {
        0 => {
            let differing: Vec<_> = one.iter().zip(other).filter(|(one, other)| one != other).collect();
            matches!(differing.as_slice(), [(one, other)] if is_slip(one, other))
        }
        1 if short.len() >= 3 => (0..long.len()).any(|skipped| {
            let rest = long.iter().enumerate().filter(|(index, _)| *index != skipped).map(|(_, word)| word);
            rest.eq(short)
        }),
        _ => false,
    }
}

/// Whether a word is another with one letter changed, added, left out or exchanged with the next.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().min(other.len()) < 4 || one.iter().chain(&other).any(|next| next.is_numeric()) {
        return false;
    }
    let start = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let (one, other) = (one.get(start..).unwrap_or_default(), other.get(start..).unwrap_or_default());
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
    let (one, other) = (one.get(..one.len() - end), other.get(..other.len() - end));
    if one == Some(&['s']) && end == 0 {
        // A plural in prose speaks of several.
        return false;
    }
    match (one.unwrap_or_default(), other.unwrap_or_default()) {
        ([], [_]) | ([_], []) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}
