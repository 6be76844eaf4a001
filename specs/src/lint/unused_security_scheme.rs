//! A security scheme that no operation uses.

use std::collections::HashSet;

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::grammar::Kind;
use crate::pointer;

pub(super) const RULE: Rule = Rule {
    id: "unused_security_scheme",
    severity: Severity::Hint,
    what: "a security scheme is defined, and no `security` names it",
    why: "either the scheme is gone, or operations need it and do not say so, and a client calls them without a credential",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut used: HashSet<&str> = HashSet::new();
    for owner in survey.objects.iter().filter(|it| matches!(it.kind, Kind::Document | Kind::Operation)) {
        for alternative in owner.member("security").and_then(Value::as_array).into_iter().flatten() {
            used.extend(alternative.as_object().into_iter().flat_map(|it| it.keys()).map(String::as_str));
        }
    }
    let base = "#/components/securitySchemes";
    let schemes = survey.contract.at(base).and_then(Value::as_object);
    schemes
        .into_iter()
        .flat_map(|schemes| schemes.keys())
        .filter(|name| !used.contains(name.as_str()))
        .map(|name| {
            Finding::new(pointer::join(base, name), format!("nothing uses the security scheme `{name}`"))
        })
        .collect()
}
