//! A union whose branches cannot be told apart.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::survey::{Finding, Survey, plain, reference};
use super::{Rule, Severity};
use crate::pointer;

pub(super) const RULE: Rule = Rule {
    id: "ambiguous_union",
    severity: Severity::Warning,
    what: "`oneOf` or `anyOf` has no discriminator, and two of its object branches are the same or cannot be told apart",
    why: "a value fits several branches, so that a client has to guess which type it is",
    find,
};

/// How many branches are compared with each other.
const MAX_BRANCHES: usize = 60;

/// How many values of an `enum` are compared.
const MAX_VALUES: usize = 200;

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for schema in survey.schemas() {
        for keyword in ["oneOf", "anyOf"] {
            let Some(values) = schema.member(keyword).and_then(Value::as_array) else { continue };
            if schema.member("discriminator").is_some() {
                continue;
            }
            let branches: Vec<Branch<'_>> = values
                .iter()
                .take(MAX_BRANCHES)
                .enumerate()
                .filter_map(|(index, value)| Branch::of(survey, value, index))
                .collect();
            let pairs = branches
                .iter()
                .enumerate()
                .flat_map(|(index, one)| branches.iter().skip(index + 1).map(move |other| (one, other)));
            let mut alike = pairs.filter(|(one, other)| !one.differs(other));
            if let Some((one, other)) = alike.next() {
                let more = match alike.count() {
                    0 => String::new(),
                    1 => " (and another pair)".to_owned(),
                    count => format!(" (and {count} other pairs)"),
                };
                let message = if one.target.is_some() && one.target == other.target {
                    format!("{} is here twice{more}", one.name)
                } else {
                    format!(
                        "nothing tells {} from {}{more}, and there is no discriminator",
                        one.name, other.name
                    )
                };
                findings.push(Finding::new(schema.under(keyword), message));
            }
        }
    }
    findings
}

/// What is known of a branch that is an object.
struct Branch<'c> {
    name: String,
    target: Option<&'c str>,
    declared: BTreeSet<&'c str>,
    required: BTreeSet<&'c str>,
    constants: Constants<'c>,
    /// By property that is an object, the constants in it.
    inner: BTreeMap<&'c str, Constants<'c>>,
    /// The types and formats of required properties.
    types: BTreeMap<&'c str, (&'c str, Option<&'c str>)>,
}

/// Properties that have one of certain values.
type Constants<'c> = BTreeMap<&'c str, Vec<String>>;

impl<'c> Branch<'c> {
    fn of(survey: &Survey<'c>, value: &'c Value, index: usize) -> Option<Self> {
        // A branch that only states a condition (`required`) is not an alternative type.
        let properties = survey.properties(value);
        if properties.is_empty() {
            return None;
        }
        let required = survey.required(value);
        let mut inner = BTreeMap::new();
        let mut types = BTreeMap::new();
        for (&name, &schema) in &properties {
            let Some(kind) = survey.type_of(schema) else { continue };
            if required.contains(name) {
                let format = survey.keyword(schema, "format").and_then(Value::as_str);
                types.insert(name, (kind, format));
                if kind == "object" {
                    inner.insert(name, constants(survey, &survey.properties(schema)));
                }
            }
        }
        let target = reference(value);
        let name = target
            .and_then(pointer::last_token)
            .map_or_else(|| format!("branch {index}"), |name| format!("`{name}`"));
        let constants = constants(survey, &properties);
        Some(Self {
            name,
            target,
            declared: properties.into_keys().collect(),
            required,
            constants,
            inner,
            types,
        })
    }

    /// Whether a value that is of one branch can be seen not to be of the other, in practice if not in theory: a
    /// value that is always there in fact often is not required.
    fn differs(&self, other: &Self) -> bool {
        let by_inner = |(name, constants): (&&str, &Constants<'_>)| {
            other.inner.get(*name).is_some_and(|others| apart(constants, others))
        };
        let by_type = |(name, (kind, format)): (&&str, &(&str, Option<&str>))| {
            other.types.get(*name).is_some_and(|(other_kind, other_format)| {
                kind != other_kind || format.is_some() && other_format.is_some() && format != other_format
            })
        };
        let beyond = |one: &Self, two: &Self| one.required.iter().any(|name| !two.declared.contains(name));
        apart(&self.constants, &other.constants)
            || self.inner.iter().any(by_inner)
            || self.types.iter().any(by_type)
            || beyond(self, other)
            || beyond(other, self)
            || self.declared.is_disjoint(&other.declared)
    }
}

fn constants<'c>(survey: &Survey<'c>, properties: &BTreeMap<&'c str, &'c Value>) -> Constants<'c> {
    let values = |schema| survey.keyword(schema, "enum").and_then(Value::as_array);
    let listed = properties.iter().filter_map(|(&name, &schema)| Some((name, values(schema)?)));
    listed.map(|(name, values)| (name, values.iter().take(MAX_VALUES).map(plain).collect())).collect()
}

/// Whether some property can have no value that is of both.
fn apart(one: &Constants<'_>, other: &Constants<'_>) -> bool {
    one.iter().any(|(name, values)| {
        other.get(name).is_some_and(|others| !values.iter().any(|value| others.contains(value)))
    })
}
