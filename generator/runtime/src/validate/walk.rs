//! A value held against rules.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::sync::{PoisonError, RwLock};

use regex_lite::Regex;
use serde_json::{Map, Number, Value};

use super::Violation;
use super::decimal::Decimal;
use super::mark::{self, Marked};
use crate::rules::{Rule, Rules};

/// How far types lead to types without a value between.
const MAX_STEPS: usize = 64;

/// Returns everything in which a marked value departs from rules.
pub(super) fn violations(value: &Value, rules: Rules) -> Vec<Violation> {
    let mut walk = Walk { path: String::new(), found: Vec::new() };
    walk.value(value, &[rules]);
    walk.found
}

struct Walk {
    path: String,
    found: Vec<Violation>,
}

/// A pattern, compiled once for all values; none for what is no pattern. There are as many as the generated code has.
fn compiled(pattern: &'static str) -> Option<Regex> {
    static PATTERNS: RwLock<BTreeMap<&'static str, Option<Regex>>> = RwLock::new(BTreeMap::new());
    let known = PATTERNS.read().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned();
    known.unwrap_or_else(|| {
        let compiled = Regex::new(pattern).ok();
        PATTERNS.write().unwrap_or_else(PoisonError::into_inner).insert(pattern, compiled.clone());
        compiled
    })
}

/// The rules behind rules: those of types are theirs.
fn spread(rules: &[Rules]) -> Vec<&'static Rule> {
    let mut all = Vec::new();
    let mut open: Vec<(Rules, usize)> = rules.iter().map(|rules| (*rules, 0)).collect();
    while let Some((rules, steps)) = open.pop() {
        for rule in rules {
            match rule {
                Rule::Type(rules) if steps < MAX_STEPS => open.push((rules(), steps + 1)),
                rule => all.push(rule),
            }
        }
    }
    all
}

impl Walk {
    fn value(&mut self, value: &Value, rules: &[Rules]) {
        match mark::read(value) {
            Marked::Unrecognized if spread(rules).iter().any(|rule| matches!(rule, Rule::Unlisted)) => {}
            Marked::Unrecognized => self.violated("enum", "a value that the contract lists"),
            Marked::Variant(name, value) => {
                let variants = spread(rules).into_iter().filter_map(|rule| match rule {
                    Rule::Variants(variants) => Some(*variants),
                    _ => None,
                });
                let own = variants.flatten().filter(|(known, _)| *known == name).map(|(_, rules)| *rules);
                let rules: Vec<Rules> = own.chain(rules.iter().copied()).collect();
                self.value(value, &rules);
            }
            Marked::Plain(value) => {
                let rules = spread(rules);
                match value {
                    Value::String(text) => self.text(text, &rules),
                    Value::Number(number) => self.number(number, &rules),
                    Value::Array(items) => self.list(items, &rules),
                    Value::Object(properties) => self.object(properties, &rules),
                    Value::Null | Value::Bool(_) => {}
                }
            }
        }
    }

    fn violated(&mut self, keyword: &'static str, expected: impl Into<String>) {
        self.found.push(Violation { path: self.path.clone(), keyword, expected: expected.into() });
    }

    fn at_least(&mut self, keyword: &'static str, count: usize, least: u64, what: &str) {
        if (count as u64) < least {
            self.violated(keyword, format!("at least {least} {what}"));
        }
    }

    fn at_most(&mut self, keyword: &'static str, count: usize, most: u64, what: &str) {
        if count as u64 > most {
            self.violated(keyword, format!("at most {most} {what}"));
        }
    }

    fn text(&mut self, text: &str, rules: &[&'static Rule]) {
        for rule in rules {
            match rule {
                Rule::MinLength(least) => {
                    self.at_least("minLength", text.chars().count(), *least, "characters");
                }
                Rule::MaxLength(most) => self.at_most("maxLength", text.chars().count(), *most, "characters"),
                Rule::Pattern(pattern)
                    if compiled(pattern).is_some_and(|pattern| !pattern.is_match(text)) =>
                {
                    self.violated("pattern", format!("a match of `{pattern}`"));
                }
                _ => {}
            }
        }
    }

    fn number(&mut self, number: &Number, rules: &[&'static Rule]) {
        let Some(value) = Decimal::parse(&number.to_string()) else { return };
        for rule in rules {
            let (keyword, words, bound, allowed): (_, _, _, &[Ordering]) = match rule {
                Rule::Minimum(bound) => ("minimum", "at least", bound, &[Ordering::Greater, Ordering::Equal]),
                Rule::ExclusiveMinimum(bound) => {
                    ("exclusiveMinimum", "more than", bound, &[Ordering::Greater])
                }
                Rule::Maximum(bound) => ("maximum", "at most", bound, &[Ordering::Less, Ordering::Equal]),
                Rule::ExclusiveMaximum(bound) => ("exclusiveMaximum", "less than", bound, &[Ordering::Less]),
                Rule::MultipleOf(divisor) => {
                    if Decimal::parse(divisor).is_some_and(|divisor| !value.is_multiple_of(divisor)) {
                        self.violated("multipleOf", format!("a multiple of {divisor}"));
                    }
                    continue;
                }
                _ => continue,
            };
            if Decimal::parse(bound).is_some_and(|bound| !allowed.contains(&value.compare(bound))) {
                self.violated(keyword, format!("{words} {bound}"));
            }
        }
    }

    fn list(&mut self, items: &[Value], rules: &[&'static Rule]) {
        for rule in rules {
            match rule {
                Rule::MinItems(least) => self.at_least("minItems", items.len(), *least, "items"),
                Rule::MaxItems(most) => self.at_most("maxItems", items.len(), *most, "items"),
                Rule::UniqueItems => {
                    let mut seen = HashSet::new();
                    if !items.iter().all(|item| seen.insert(canonical(item))) {
                        self.violated("uniqueItems", "no two equal items");
                    }
                }
                _ => {}
            }
        }
        for (index, item) in items.iter().enumerate() {
            let own = rules.iter().filter_map(|rule| match rule {
                Rule::Items(rules) => Some(*rules),
                Rule::Item(at, rules) if *at == index => Some(*rules),
                _ => None,
            });
            let own: Vec<Rules> = own.collect();
            self.below(&index.to_string(), item, &own);
        }
    }

    fn object(&mut self, properties: &Map<String, Value>, rules: &[&'static Rule]) {
        for rule in rules {
            match rule {
                Rule::MinProperties(least) => {
                    self.at_least("minProperties", properties.len(), *least, "properties");
                }
                Rule::MaxProperties(most) => {
                    self.at_most("maxProperties", properties.len(), *most, "properties");
                }
                Rule::Required(names) => {
                    for name in names.iter().filter(|name| !properties.contains_key(**name)) {
                        self.violated("required", format!("the property `{name}`"));
                    }
                }
                _ => {}
            }
        }
        for (name, value) in properties {
            let own = rules.iter().filter_map(|rule| match rule {
                Rule::Property(known, rules) if known == name => Some(*rules),
                Rule::Others(known, rules) if !known.contains(&name.as_str()) => Some(*rules),
                _ => None,
            });
            let own: Vec<Rules> = own.collect();
            self.below(name, value, &own);
        }
    }

    fn below(&mut self, step: &str, value: &Value, rules: &[Rules]) {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(&step.replace('~', "~0").replace('/', "~1"));
        self.value(value, rules);
        self.path.truncate(length);
    }
}

/// Text that is the same for equal values, and only for them: the order of properties and how a number is written
/// say nothing.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(properties) => {
            let sorted: BTreeMap<_, _> = properties.iter().collect();
            let members = sorted
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        Value::Number(number) => match crate::integers::with_integers(value) {
            Some(integer) => integer.to_string(),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}
