//! One name for properties of different types.

use std::collections::BTreeMap;

use super::survey::{Field, Finding, Survey};
use super::{Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "property_type_differs",
    severity: Severity::Hint,
    what: "a property of several words has another scalar type here than under the same name elsewhere",
    why: "a client that takes the value from one place to another has to convert it, and one of the two may be wrong",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut by_name: BTreeMap<&str, Vec<(&str, &Field<'_>)>> = BTreeMap::new();
    for field in &survey.fields {
        if let Some(name) = field.name.filter(|name| is_compound(name))
            && field.pointer.contains("/properties/")
            && let Some(kind) = scalar(survey.type_of(field.schema))
        {
            by_name.entry(name).or_default().push((kind, field));
        }
    }
    let mut findings = Vec::new();
    for (name, fields) in by_name {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (kind, _) in &fields {
            *counts.entry(kind).or_default() += 1;
        }
        if counts.len() < 2 {
            continue;
        }
        // Of two equally frequent types, the one that comes first in the document counts as the usual one.
        let most = counts.values().copied().max().unwrap_or_default();
        let Some((usual, first)) = fields.iter().find(|(kind, _)| counts.get(kind) == Some(&most)) else {
            continue;
        };
        let rarest = fields.iter().find(|(kind, _)| kind != usual);
        if let Some((kind, field)) = rarest {
            let others =
                counts.iter().filter(|(other, _)| *other != usual).map(|(_, count)| count).sum::<usize>();
            let more = if others > 1 { format!(" (and {} more)", others - 1) } else { String::new() };
            let message = format!(
                "`{name}` is a {kind} here{more}, and a {usual} in {}{}",
                first.pointer,
                if most > 1 { format!(" and {} more", most - 1) } else { String::new() }
            );
            findings.push(Finding::new(field.pointer.clone(), message));
        }
    }
    findings
}

/// Generic names (`id`, `value`) mean different things in different places; a name of several words hardly does.
fn is_compound(name: &str) -> bool {
    let inner = name.trim_matches('_');
    let humps =
        inner.chars().zip(inner.chars().skip(1)).any(|(one, next)| one.is_lowercase() && next.is_uppercase());
    humps || inner.contains(['_', '-'])
}

fn scalar(kind: Option<&str>) -> Option<&'static str> {
    Some(match kind? {
        "string" => "string",
        "boolean" => "boolean",
        // An integer is a number, and which of the two is written says little.
        "integer" | "number" => "number",
        _ => return None,
    })
}
