//! `undocumented_property`: an object has only the properties that its schema declares.
//!
//! A schema that declares properties and does not speak of others allows them to a validator, but a client
//! that is generated from it has no name for them. Objects that are maps, that allow anything, or that are
//! closed (then `body_schema` speaks) are not judged. Under alternatives the properties of all of them count. What
//! `required` names is asked for, although `properties` may not declare it.

use std::fmt::Write as _;

use serde_json::Value;

use super::declared::{Declared, Property};
use super::{Check, Evidence, Observation, Severity};
use crate::pointer::{escape, escape_into};
use crate::strategy::UNDECLARED;

/// See the module.
pub(super) struct UndocumentedProperty;

impl Check for UndocumentedProperty {
    fn id(&self) -> &'static str {
        "undocumented_property"
    }

    fn summary(&self) -> &'static str {
        "an object has only the properties that its schema declares"
    }

    fn reason(&self) -> &'static str {
        "a client has no name for a property that the contract does not declare, and its users miss it"
    }

    fn severity(&self) -> Severity {
        Severity::Additive
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        if evidence.may_echo_a_flaw() {
            return;
        }
        if let (Some(value), Some(declared)) = (&evidence.json, evidence.declared()) {
            walk(evidence, value, &declared, &mut String::new(), &mut |location, name, owner| {
                found.push(Observation {
                    check: self.id(),
                    severity: self.severity(),
                    location: format!("{location}/{}", escape(name)),
                    contract: owner.to_owned(),
                    rule: format!("properties {name}"),
                    expected: "no such property".to_owned(),
                    observed: "present".to_owned(),
                    note: None,
                });
            });
        }
    }
}

/// Walks a body along its schema; its depth is bounded by the reader of JSON.
fn walk(
    evidence: &Evidence<'_>,
    value: &Value,
    declared: &Declared,
    location: &mut String,
    report: &mut dyn FnMut(&str, &str, &str),
) {
    let read = |nodes: &[_]| evidence.read(nodes);
    let length = location.len();
    match value {
        Value::Array(items) if items.iter().any(is_container) => {
            let inner = declared.items(&read);
            for (index, item) in items.iter().enumerate() {
                // Writing to a text does not fail.
                let _ = write!(location, "/{index}");
                walk(evidence, item, &inner, location, report);
                location.truncate(length);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                match declared.property(name, &read) {
                    Property::Known(inner) | Property::Value(inner) if is_container(member) => {
                        location.push('/');
                        escape_into(name, location);
                        walk(evidence, member, &inner, location, report);
                        location.truncate(length);
                    }
                    Property::Known(_) | Property::Value(_) | Property::Allowed | Property::Free => {}
                    // What a request had that was to be refused, or may be ignored, somebody may have kept.
                    Property::Undocumented if name == UNDECLARED => {}
                    Property::Undocumented => report(location, name, &declared.owner),
                }
            }
        }
        _ => {}
    }
}

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{json, locations};

    #[test]
    fn accepts_declared_properties_maps_and_free_forms() {
        let body = json(r#"{"id":"a","labels":{"any":{"x":1}},"free":{"y":2},"owner":{"name":"b"}}"#);
        assert_eq!(locations("undocumented_property", 200, &body), [""; 0]);
    }

    #[test]
    fn rejects_others_wherever_they_are() {
        let body = json(r#"{"id":"a","extra":1,"owner":{"name":"b","age":2},"parts":[{"n":1},{"m":2}]}"#);
        let mut places = locations("undocumented_property", 200, &body);
        places.sort();
        assert_eq!(places, ["/extra", "/owner/age", "/parts/1/m"]);
    }

    #[test]
    fn what_is_required_is_asked_for_although_nothing_declares_it() {
        let body = json(r#"{"id":"a","asked":{"known":1,"other":{"x":1}}}"#);
        assert_eq!(locations("undocumented_property", 200, &body), [""; 0]);
        let body = json(r#"{"id":"a","asked":{"known":1,"other":2,"third":3}}"#);
        assert_eq!(locations("undocumented_property", 200, &body), ["/asked/third"]);
    }

    #[test]
    fn all_members_of_all_of_and_one_of_count() {
        let body = json(r#"{"id":"a","both":{"left":1,"right":2},"either":{"cat":1,"dog":2}}"#);
        assert_eq!(locations("undocumented_property", 200, &body), [""; 0]);
        let body = json(r#"{"id":"a","both":{"up":1},"either":{"cow":1}}"#);
        assert_eq!(locations("undocumented_property", 200, &body), ["/both/up", "/either/cow"]);
    }
}
