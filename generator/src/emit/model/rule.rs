//! The constraints of a type, as constants of the runtime.

use crate::emit::source::literal;
use crate::ir::Rule;

/// Writes rules, one a line.
pub(super) fn rules(rules: &[Rule]) -> Vec<String> {
    rules.iter().map(rule).collect()
}

fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Limit(name, count) => format!("rules::{name}({count})"),
        Rule::Bound(name, number) => format!("rules::{name}({})", literal(number)),
        Rule::Pattern(pattern) => format!("rules::Pattern({})", literal(pattern)),
        Rule::UniqueItems => "rules::UniqueItems".to_owned(),
        Rule::Unlisted => "rules::Unlisted".to_owned(),
        Rule::Required(names) => format!("rules::Required(&[{}])", literals(names)),
        Rule::Property(name, inner) => format!("rules::Property({}, {})", literal(name), slice(inner)),
        Rule::Others(names, inner) => format!("rules::Others(&[{}], {})", literals(names), slice(inner)),
        Rule::Items(inner) => format!("rules::Items({})", slice(inner)),
        Rule::Item(index, inner) => format!("rules::Item({index}, {})", slice(inner)),
        Rule::Variants(variants) => {
            let variants = variants.iter().map(|(name, inner)| {
                format!("({}, {})", literal(name.trim_start_matches("r#")), slice(inner))
            });
            format!("rules::Variants(&[{}])", variants.collect::<Vec<_>>().join(", "))
        }
        Rule::Type(name) => format!("rules::Type(<{name} as rules::Validate>::rules)"),
    }
}

fn slice(inner: &[Rule]) -> String {
    format!("&[{}]", rules(inner).join(", "))
}

fn literals(names: &[String]) -> String {
    names.iter().map(|name| literal(name)).collect::<Vec<_>>().join(", ")
}
