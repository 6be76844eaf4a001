//! Security that nothing defines.

use serde_json::Value;

use super::survey::{Finding, Survey};
use super::{Rule, Severity};
use crate::grammar::Kind;
use crate::pointer;

pub(super) const RULE: Rule = Rule {
    id: "undefined_security",
    severity: Severity::Error,
    what: "`security` names a scheme that `components.securitySchemes` does not define",
    why: "a client cannot know which credential to send, or where",
    find,
};

fn find(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for owner in survey.objects.iter().filter(|it| matches!(it.kind, Kind::Document | Kind::Operation)) {
        let alternatives = owner.member("security").and_then(Value::as_array);
        for (index, alternative) in alternatives.into_iter().flatten().enumerate() {
            for name in alternative.as_object().into_iter().flat_map(|schemes| schemes.keys()) {
                let scheme = pointer::from_tokens(["components", "securitySchemes", name]);
                if survey.contract.resolve(&scheme).is_none() {
                    let at =
                        pointer::join(&pointer::join(&owner.under("security"), &index.to_string()), name);
                    findings.push(Finding::new(at, format!("there is no security scheme `{name}`")));
                }
            }
        }
    }
    findings
}
