//! Two parameters of one name and place in one list.

use std::collections::HashSet;

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::grammar::Kind;
use crate::pointer;

pub(super) const RULE: Rule = Rule {
    id: "duplicate_parameter",
    severity: Severity::Error,
    what: "a list of parameters has two of the same name and location",
    why: "the two may differ, and every reader of the contract keeps another one",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let owners = survey.of_kind(Kind::Operation).chain(survey.of_kind(Kind::PathItem));
    for owner in owners {
        let list = owner.under("parameters");
        let count = owner.member("parameters").and_then(Value::as_array).map_or(0, Vec::len);
        let mut seen = HashSet::new();
        for index in 0..count {
            let at = pointer::join(&list, &index.to_string());
            let Some((_, parameter)) = survey.contract.resolve(&at) else { continue };
            let text = |member: &str| parameter.get(member).and_then(Value::as_str);
            let (Some(name), Some(location)) = (text("name"), text("in")) else { continue };
            if !seen.insert((name, location)) {
                findings.push(Finding::new(
                    at,
                    format!("there is a {location} parameter `{name}` in this list already"),
                ));
            }
        }
    }
    findings
}
