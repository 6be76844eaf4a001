//! `undocumented_property`: an object has only the properties that its schema declares.
//!
//! A schema that declares properties and does not speak of others allows them to a validator, but a client
//! that is generated from it has no name for them. Objects that are maps, that allow anything, or that are
//! closed (then `body_schema` speaks) are not judged. Under alternatives the properties of all of them count.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Check, Evidence, Observation, Severity};
use crate::pointer::escape;
use crate::strategy::{Additional, Node, Shape};

/// How deep alternatives inside alternatives are followed.
const ALTERNATIVES: usize = 8;

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
        if let (Some(value), Some(schema)) = (&evidence.json, evidence.schema()) {
            let node = Node::at(schema);
            walk(evidence, value, &[node], "", &mut |location, name, owner| {
                found.push(Observation {
                    check: self.id(),
                    severity: self.severity(),
                    location: format!("{location}/{}", escape(name)),
                    contract: owner,
                    rule: format!("properties {name}"),
                    expected: "no such property".to_owned(),
                    observed: "present".to_owned(),
                    note: None,
                });
            });
        }
    }
}

/// What an object may hold, over all alternatives.
#[derive(Default)]
struct Declared {
    properties: HashMap<String, Vec<Node>>,
    items: Vec<Node>,
    others: Vec<Node>,
    /// Something says what other properties may be.
    stated: bool,
}

fn walk(
    evidence: &Evidence<'_>,
    value: &Value,
    nodes: &[Node],
    location: &str,
    report: &mut dyn FnMut(&str, &str, String),
) {
    if !value.is_object() && !value.is_array() {
        return;
    }
    let mut declared = Declared::default();
    for node in nodes {
        let shape = evidence.shape(node);
        collect(evidence, &shape, &mut declared, 0);
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(evidence, item, &declared.items, &format!("{location}/{index}"), report);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let inner = declared.properties.get(name).unwrap_or(&declared.others);
                if !inner.is_empty() {
                    walk(evidence, member, inner, &format!("{location}/{}", escape(name)), report);
                } else if !declared.properties.is_empty() && !declared.stated {
                    report(location, name, owner(nodes, evidence));
                }
            }
        }
        _ => {}
    }
}

fn collect(evidence: &Evidence<'_>, shape: &Arc<Shape>, declared: &mut Declared, depth: usize) {
    for (name, node) in &shape.object.properties {
        declared.properties.entry(name.clone()).or_default().push(node.clone());
    }
    declared.items.extend(shape.array.items.clone());
    match &shape.object.additional {
        Additional::Unstated => {}
        Additional::Any | Additional::Closed => declared.stated = true,
        Additional::Schema(node) => {
            declared.stated = true;
            declared.others.push(node.clone());
        }
    }
    if depth < ALTERNATIVES {
        for branch in &shape.branches {
            let whole = evidence.branch(shape, branch);
            // An alternative that is an object of any kind states that anything goes.
            let anything = whole.object.properties.is_empty() && whole.branches.is_empty();
            declared.stated |= anything && !whole.kinds.iter().any(|kind| kind.is_scalar());
            collect(evidence, &whole, declared, depth + 1);
        }
    }
}

/// Returns the place in the contract that declares the object.
fn owner(nodes: &[Node], evidence: &Evidence<'_>) -> String {
    let place = nodes.iter().find_map(|node| match node {
        Node::Places(places) => places.first(),
        Node::Fixed(_) | Node::Shape(_) => None,
    });
    let place = place.map_or("#", String::as_str);
    evidence.contract.resolve(place).map_or_else(|| place.to_owned(), |(pointer, _)| pointer)
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
    fn all_members_of_all_of_and_one_of_count() {
        let body = json(r#"{"id":"a","both":{"left":1,"right":2},"either":{"cat":1,"dog":2}}"#);
        assert_eq!(locations("undocumented_property", 200, &body), [""; 0]);
        let body = json(r#"{"id":"a","both":{"up":1},"either":{"cow":1}}"#);
        assert_eq!(locations("undocumented_property", 200, &body), ["/both/up", "/either/cow"]);
    }
}
