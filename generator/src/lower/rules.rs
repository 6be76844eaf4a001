//! The constraints of schemas, as the types carry them for `validate`.
//!
//! They follow the types: what Rust rules out already is not checked again, values of enums and variants of unions are
//! told by the types themselves, and a type refers to the types that it holds. A type that no constraint can be reached
//! from carries nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use driftline_specs::{Contract, pointer};
use serde_json::Value;

use super::schema::MAX_DEPTH;
use crate::ir::{Access, Notice, Rule, Struct, Type, TypeDef, TypeKind};

/// Finds the rules of every type; a pattern that cannot be checked is noticed.
pub(super) fn find(contract: &Contract, types: &mut [TypeDef], notices: &mut Vec<Notice>) {
    let aliases = types.iter().filter_map(|definition| match &definition.kind {
        TypeKind::Alias(ty) => Some((definition.name.clone(), (ty.clone(), definition.pointer.clone()))),
        _ => None,
    });
    let aliases = aliases.collect();
    let enums = types.iter().filter(|definition| matches!(definition.kind, TypeKind::Enum(_)));
    let enums = enums.map(|definition| definition.name.clone()).collect();
    let mut finder = Finder { contract, aliases, enums, notices, noticed: HashSet::new() };
    for definition in types.iter_mut() {
        definition.rules = match &definition.kind {
            TypeKind::Struct(object) => finder.structure(object, &definition.pointer, definition.in_request),
            TypeKind::Union(union) => {
                let variants = union.variants.iter().filter_map(|variant| {
                    // What is made of several alternatives has no place but the union's.
                    let place =
                        if variant.pointer.is_empty() { &definition.pointer } else { &variant.pointer };
                    let rules = finder.of(&variant.ty, place, 0);
                    (!rules.is_empty()).then(|| (variant.name.clone(), rules))
                });
                let variants: Vec<_> = variants.collect();
                if variants.is_empty() { Vec::new() } else { vec![Rule::Variants(variants)] }
            }
            TypeKind::Enum(_) if finder.allows_unlisted(&definition.pointer) => vec![Rule::Unlisted],
            TypeKind::Enum(_) | TypeKind::Values(_) | TypeKind::Alias(_) | TypeKind::Form(_) => Vec::new(),
        };
    }
    prune(types);
}

/// Leaves references out that lead to no constraint.
fn prune(types: &mut [TypeDef]) {
    let mut holders: HashMap<String, Vec<String>> = HashMap::new();
    let mut open = Vec::new();
    for definition in types.iter() {
        let mut referred = BTreeSet::new();
        let constrains = definition.rules.iter().filter(|rule| constrains(rule, &mut referred)).count() > 0;
        if constrains {
            open.push(definition.name.clone());
        }
        for name in referred {
            holders.entry(name).or_default().push(definition.name.clone());
        }
    }
    let mut constrained = HashSet::new();
    while let Some(name) = open.pop() {
        if let Some(holders) = holders.get(&name).filter(|_| !constrained.contains(&name)) {
            open.extend(holders.iter().cloned());
        }
        constrained.insert(name);
    }
    types.iter_mut().for_each(|definition| keep(&mut definition.rules, &constrained));
}

/// Tells whether a rule says something itself; adds the types that it refers to.
fn constrains(rule: &Rule, referred: &mut BTreeSet<String>) -> bool {
    let inner: Vec<&Rule> = match rule {
        Rule::Type(name) => {
            referred.insert(name.clone());
            return false;
        }
        Rule::Property(_, rules) | Rule::Others(_, rules) | Rule::Items(rules) | Rule::Item(_, rules) => {
            rules.iter().collect()
        }
        Rule::Variants(variants) => variants.iter().flat_map(|(_, rules)| rules).collect(),
        _ => return true,
    };
    // Every one is looked at, for what it refers to.
    inner.into_iter().filter(|rule| constrains(rule, referred)).count() > 0
}

fn keep(rules: &mut Vec<Rule>, constrained: &HashSet<String>) {
    rules.retain_mut(|rule| match rule {
        Rule::Type(name) => constrained.contains(name),
        Rule::Property(_, rules) | Rule::Others(_, rules) | Rule::Items(rules) | Rule::Item(_, rules) => {
            keep(rules, constrained);
            !rules.is_empty()
        }
        Rule::Variants(variants) => {
            variants.retain_mut(|(_, rules)| {
                keep(rules, constrained);
                !rules.is_empty()
            });
            !variants.is_empty()
        }
        _ => true,
    });
}

/// What the schema at a place and the members of its `allOf` say together.
#[derive(Default)]
struct Said<'a> {
    schemas: Vec<(String, &'a Value)>,
    visited: HashSet<String>,
}

impl<'a> Said<'a> {
    /// The strictest count under a keyword.
    fn count(&self, keyword: &str, strictest: fn(u64, u64) -> u64) -> Option<u64> {
        self.schemas.iter().filter_map(|(_, schema)| schema.get(keyword)?.as_u64()).reduce(strictest)
    }

    fn limits(&self, least: (&'static str, &str), most: (&'static str, &str), rules: &mut Vec<Rule>) {
        if let Some(count) = self.count(least.1, u64::max).filter(|count| *count > 0) {
            rules.push(Rule::Limit(least.0, count));
        }
        if let Some(count) = self.count(most.1, u64::min) {
            rules.push(Rule::Limit(most.0, count));
        }
    }

    /// The place below the first schema that has something there.
    fn below(&self, keyword: &str) -> Option<String> {
        let holds =
            |schema: &Value| schema.get(keyword).is_some_and(|inner| inner.is_object() || inner.is_array());
        let (pointer, _) = self.schemas.iter().find(|(_, schema)| holds(schema))?;
        Some(pointer::join(pointer, keyword))
    }
}

struct Finder<'a> {
    contract: &'a Contract,
    aliases: HashMap<String, (Type, String)>,
    enums: HashSet<String>,
    notices: &'a mut Vec<Notice>,
    noticed: HashSet<String>,
}

impl<'a> Finder<'a> {
    fn structure(&mut self, object: &Struct, pointer: &str, in_request: bool) -> Vec<Rule> {
        let mut rules = Vec::new();
        let said = self.said(pointer);
        said.limits(("MinProperties", "minProperties"), ("MaxProperties", "maxProperties"), &mut rules);
        let demanded = object
            .fields
            .iter()
            .filter(|field| in_request && field.demanded && field.access == Access::WriteOnly);
        let demanded: Vec<_> = demanded.map(|field| field.property.clone()).collect();
        if !demanded.is_empty() {
            rules.push(Rule::Required(demanded));
        }
        for field in &object.fields {
            let inner = self.of(&field.ty, &field.pointer, 0);
            if !inner.is_empty() {
                rules.push(Rule::Property(field.property.clone(), inner));
            }
        }
        if let Some(additional) = &object.additional {
            let place = said.below("additionalProperties");
            let inner = place.map(|place| self.of(additional, &place, 0)).unwrap_or_default();
            if !inner.is_empty() {
                let declared = object.fields.iter().map(|field| field.property.clone()).collect();
                rules.push(Rule::Others(declared, inner));
            }
        }
        rules
    }

    /// What holds for a value of a type, whose schema is at a place.
    fn of(&mut self, ty: &Type, pointer: &str, depth: usize) -> Vec<Rule> {
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        let mut rules = Vec::new();
        match ty {
            Type::Nullable(inner) | Type::Sensitive(inner) | Type::Boxed(inner) => {
                return self.of(inner, pointer, depth + 1);
            }
            Type::Named(name) => match self.aliases.get(name).cloned() {
                // What stands at the place of use may say more than the alias does.
                Some((ty, place)) => {
                    let place = if self.contract.at(pointer).is_some() { pointer.to_owned() } else { place };
                    return self.of(&ty, &place, depth + 1);
                }
                None => {
                    rules.push(Rule::Type(name.clone()));
                    let is_open = self.enums.contains(name) && self.allows_unlisted(pointer);
                    rules.extend(is_open.then_some(Rule::Unlisted));
                }
            },
            Type::String | Type::Date | Type::DateTime | Type::Uuid | Type::Base64 => {
                let said = self.said(pointer);
                said.limits(("MinLength", "minLength"), ("MaxLength", "maxLength"), &mut rules);
                self.patterns(&said, &mut rules);
            }
            Type::Integer | Type::Unsigned | Type::Number | Type::Float => {
                numbers(&self.said(pointer), *ty == Type::Unsigned, &mut rules);
            }
            Type::Array(inner) => {
                let said = self.said(pointer);
                said.limits(("MinItems", "minItems"), ("MaxItems", "maxItems"), &mut rules);
                if said
                    .schemas
                    .iter()
                    .any(|(_, schema)| schema.get("uniqueItems") == Some(&Value::Bool(true)))
                {
                    rules.push(Rule::UniqueItems);
                }
                if let Some(place) = said.below("items") {
                    let items = self.of(inner, &place, depth + 1);
                    rules.extend((!items.is_empty()).then_some(Rule::Items(items)));
                }
            }
            Type::Tuple(items) => {
                if let Some(place) = self.said(pointer).below("x-prefix-items") {
                    for (index, item) in items.iter().enumerate() {
                        let item = self.of(item, &format!("{place}/{index}"), depth + 1);
                        rules.extend((!item.is_empty()).then_some(Rule::Item(index, item)));
                    }
                }
            }
            Type::Map(inner) => {
                let said = self.said(pointer);
                said.limits(
                    ("MinProperties", "minProperties"),
                    ("MaxProperties", "maxProperties"),
                    &mut rules,
                );
                if let Some(place) = said.below("additionalProperties") {
                    let values = self.of(inner, &place, depth + 1);
                    rules.extend((!values.is_empty()).then_some(Rule::Others(Vec::new(), values)));
                }
            }
            Type::AnyObject => {
                let said = self.said(pointer);
                said.limits(
                    ("MinProperties", "minProperties"),
                    ("MaxProperties", "maxProperties"),
                    &mut rules,
                );
            }
            Type::Boolean | Type::File | Type::Any => {}
        }
        rules
    }

    /// Tells whether the schema at a place has an alternative that takes any text.
    fn allows_unlisted(&self, pointer: &str) -> bool {
        self.said(pointer).schemas.iter().any(|(place, schema)| {
            ["oneOf", "anyOf"].into_iter().any(|keyword| {
                let count = schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
                (0..count).any(|index| {
                    let branch = self.contract.resolve(&format!("{place}/{keyword}/{index}"));
                    branch.is_some_and(|(_, branch)| {
                        branch.get("type").and_then(Value::as_str) == Some("string")
                            && branch.get("enum").is_none()
                    })
                })
            })
        })
    }

    fn patterns(&mut self, said: &Said<'_>, rules: &mut Vec<Rule>) {
        for (pointer, schema) in &said.schemas {
            let Some(pattern) = schema.get("pattern").and_then(Value::as_str) else { continue };
            match checkable(pattern) {
                Some(pattern) => rules.push(Rule::Pattern(pattern)),
                None if self.noticed.insert(pointer.clone()) => self.notices.push(Notice {
                    pointer: pointer.clone(),
                    message:
                        "has a pattern that `validate` does not check: it looks around or back, or is none"
                            .to_owned(),
                }),
                None => {}
            }
        }
    }

    fn said(&self, pointer: &str) -> Said<'a> {
        let mut said = Said::default();
        self.gather(pointer, &mut said, 0);
        said
    }

    /// Adds the schema at a place, the members of its `allOf`, and an only alternative.
    fn gather(&self, pointer: &str, said: &mut Said<'a>, depth: usize) {
        let Some((pointer, schema)) = self.contract.resolve(pointer) else { return };
        if !said.visited.insert(pointer.clone()) {
            return;
        }
        said.schemas.push((pointer.clone(), schema));
        let list = |keyword| schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        if depth >= MAX_DEPTH {
            return;
        }
        for index in 0..list("allOf") {
            self.gather(&format!("{pointer}/allOf/{index}"), said, depth + 1);
        }
        for keyword in ["oneOf", "anyOf"].into_iter().filter(|keyword| list(keyword) == 1) {
            self.gather(&format!("{pointer}/{keyword}/0"), said, depth + 1);
        }
    }
}

fn numbers(said: &Said<'_>, is_unsigned: bool, rules: &mut Vec<Rule>) {
    let mut seen = BTreeSet::new();
    for (_, schema) in &said.schemas {
        let flag = |keyword: &str| schema.get(keyword) == Some(&Value::Bool(true));
        let bounds = [
            ("minimum", flag("exclusiveMinimum"), "Minimum", "ExclusiveMinimum"),
            ("maximum", flag("exclusiveMaximum"), "Maximum", "ExclusiveMaximum"),
            ("multipleOf", false, "MultipleOf", "MultipleOf"),
        ];
        for (keyword, is_exclusive, inclusive, exclusive) in bounds {
            let Some(Value::Number(bound)) = schema.get(keyword) else { continue };
            // The type says so already.
            let is_given =
                is_unsigned && keyword == "minimum" && !is_exclusive && bound.as_f64() == Some(0.0);
            let rule = if is_exclusive { exclusive } else { inclusive };
            if !is_given && seen.insert((rule, bound.to_string())) {
                rules.push(Rule::Bound(rule, bound.to_string()));
            }
        }
    }
}

/// A pattern in the syntax that the runtime checks; none for what it cannot say.
fn checkable(pattern: &str) -> Option<String> {
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?.into_owned();
    regex_lite::Regex::new(&translated).is_ok().then_some(translated)
}
