//! `unknown_enum_value`: a string is one of those that its enum lists.
//!
//! Generated enums are open, so the client keeps the value and can write it back; but no `match` in an
//! application expects it, so its owner should know.

use serde_json::Value;

use super::body_schema::is_unknown_enum_value;
use super::{Check, Evidence, Observation, Severity};

/// The longest value that is shown.
const SHOWN: usize = 40;

/// See the module.
pub(super) struct UnknownEnumValue;

impl Check for UnknownEnumValue {
    fn id(&self) -> &'static str {
        "unknown_enum_value"
    }

    fn summary(&self) -> &'static str {
        "a string is one of those that its enum lists"
    }

    fn reason(&self) -> &'static str {
        "a client keeps the new value, but nothing in the application that uses it expects one"
    }

    fn severity(&self) -> Severity {
        Severity::Additive
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        if evidence.may_echo_a_flaw() {
            return;
        }
        for violation in evidence.violations().iter().filter(|it| is_unknown_enum_value(evidence, it)) {
            let value = evidence.at(&violation.instance).and_then(Value::as_str).unwrap_or_default();
            let sensitive = evidence
                .contract
                .resolve(&violation.schema)
                .is_some_and(|(_, schema)| schema.get("x-sensitive") == Some(&Value::Bool(true)));
            let short = value.chars().count() <= SHOWN && !value.chars().any(char::is_control);
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: violation.instance.clone(),
                contract: violation.schema.clone(),
                rule: "enum".to_owned(),
                expected: violation.expected.clone(),
                observed: if short && !sensitive {
                    format!("{value:?}")
                } else {
                    format!("another string of {} characters", value.chars().count())
                },
                note: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{json, locations, observed};

    #[test]
    fn accepts_listed_values() {
        let body = json(r#"{"id":"a","state":"open"}"#);
        assert_eq!(locations("unknown_enum_value", 200, &body), [""; 0]);
    }

    #[test]
    fn rejects_others_and_shows_them() {
        let body = json(r#"{"id":"a","state":"paused"}"#);
        assert_eq!(locations("unknown_enum_value", 200, &body), ["/state"]);
        assert_eq!(observed("unknown_enum_value", 200, &body), ["\"paused\""]);
    }

    #[test]
    fn does_not_show_sensitive_values() {
        let body = json(r#"{"id":"a","secret":"gamma"}"#);
        assert_eq!(observed("unknown_enum_value", 200, &body), ["another string of 5 characters"]);
    }
}
