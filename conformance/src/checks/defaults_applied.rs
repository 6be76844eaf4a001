//! `defaults_applied`: what is left out counts as its documented default.
//!
//! A property that was left out of what was written, and is read afterwards, is read as its default. A request without a
//! parameter is answered as one with the parameter's default; addresses, which repeat what was asked, are not compared.

use std::collections::BTreeSet;

use driftline_specs::Method;
use serde_json::Value;

use super::copies::{roots, sent};
use super::items::Identity;
use super::volatile::forget;
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::difference::difference;
use crate::exchange::{SeriesKind, Trial};
use crate::pointer::{escape, generalise};

/// See the module.
pub(super) struct DefaultsApplied;

impl Check for DefaultsApplied {
    fn id(&self) -> &'static str {
        "defaults_applied"
    }

    fn summary(&self) -> &'static str {
        "what is left out counts as its documented default"
    }

    fn reason(&self) -> &'static str {
        "a client leaves out what it takes for granted, and gets something else"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        match &evidence.series.kind {
            SeriesKind::Default { parameter } => {
                let (steady, same) = (is_same(evidence, 0, 2), is_same(evidence, 0, 1));
                let parameters = &evidence.operation.parameters;
                let place =
                    parameters.iter().find(|it| it.name == *parameter && it.location.as_str() == "query");
                if steady && !same {
                    found.push(Observation {
                        check: self.id(),
                        severity: self.severity(),
                        location: String::new(),
                        contract: place.map_or_else(
                            || evidence.operation.pointer.clone(),
                            |place| place.pointer.clone(),
                        ),
                        rule: format!("default {parameter}"),
                        expected: format!("the same answer without `{parameter}` as with its default"),
                        observed: "another answer".to_owned(),
                        note: None,
                    });
                }
            }
            SeriesKind::WriteThenRead { .. } if evidence.series.trial == Trial::Last => {
                let writes = evidence
                    .operation_of(0)
                    .is_some_and(|it| matches!(it.method, Method::Post | Method::Put));
                let (Some((schema, sent)), Some(read)) =
                    (sent(evidence, 0).filter(|_| writes), evidence.body(1))
                else {
                    return;
                };
                for root in roots(evidence, &schema, &sent, 1) {
                    let Some(read) = read.pointer(&root) else { continue };
                    for (location, place) in departures(evidence, &schema, &sent, read) {
                        found.push(Observation {
                            check: self.id(),
                            severity: self.severity(),
                            contract: place,
                            rule: format!("default {}", generalise(&location)),
                            location: format!("{root}{location}"),
                            expected: "the default of what was left out".to_owned(),
                            observed: "another value".to_owned(),
                            note: None,
                        });
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether two answers say the same; a third one that was not needed says what the first did.
fn is_same(evidence: &SeriesEvidence<'_>, one: usize, other: usize) -> bool {
    let Some(other) = evidence.exchange(other).map(|_| other) else { return true };
    let (Some(first), Some(second)) = (evidence.body(one), evidence.body(other)) else { return true };
    if evidence.pagination(one).is_some() {
        let (items, others) = (evidence.items(one), evidence.items(other));
        let identity = Identity::of(if items.len() < others.len() { others } else { items });
        let names = |items: &[Value]| items.iter().map(|item| identity.name(item)).collect::<BTreeSet<_>>();
        return items.len() == others.len() && (names(items) == names(others) || !identity.tells_apart());
    }
    let (mut first, mut second) = (first.clone(), second.clone());
    forget(&mut first, &mut second);
    difference(&first, &second).is_none()
}

/// How deep objects are followed.
const DEPTH: usize = 6;

/// The places, in what is read, of properties that were left out and are not read as their defaults, each with the
/// place of its schema.
fn departures(
    evidence: &SeriesEvidence<'_>,
    schema: &str,
    sent: &Value,
    read: &Value,
) -> Vec<(String, String)> {
    let mut departures = Vec::new();
    let mut open = vec![(Vec::<String>::new(), String::new())];
    while let Some((path, location)) = open.pop() {
        let Some(Value::Object(own)) = sent.pointer(&location) else { continue };
        for (name, place) in evidence.properties(schema, &path) {
            let below = format!("{location}/{}", escape(&name));
            if own.contains_key(&name) {
                if path.len() < DEPTH {
                    open.push((path.iter().cloned().chain([name]).collect(), below));
                }
                continue;
            }
            let stated = evidence.contract.resolve(&place);
            let default = stated.as_ref().and_then(|(_, schema)| schema.get("default"));
            let value = read.pointer(&below).filter(|value| !value.is_null());
            if let (Some(default), Some(value)) = (default, value)
                && !default.is_null()
                && difference(default, value).is_some()
            {
                departures.push((below, stated.map_or(place, |(place, _)| place)));
            }
        }
    }
    departures
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{defaulted, judged, page, parcels, told, written};

    fn read(sent: &Value, read: &Value) -> Vec<String> {
        told("defaults_applied", &written("getParcel", sent, read))
    }

    #[test]
    fn accepts_the_default_of_what_was_left_out_and_nothing_at_all() {
        for answered in [json!({ "size": "small" }), json!({}), json!({ "size": null })] {
            assert_eq!(read(&json!({ "name": "n" }), &answered), [""; 0]);
        }
        assert_eq!(read(&json!({ "name": "n", "size": "large" }), &json!({ "size": "large" })), [""; 0]);
    }

    #[test]
    fn rejects_another_value_in_its_place() {
        let series = written("getParcel", &json!({ "name": "n" }), &json!({ "name": "n", "size": "large" }));
        let found = judged("defaults_applied", &series);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].location.as_str(), found[0].rule.as_str()), ("/size", "default /size"));
        assert_eq!(found[0].contract, "#/components/schemas/NewParcel/properties/size");
    }

    #[test]
    fn accepts_the_same_list_with_the_default_and_without() {
        let list = page(&parcels(&["a", "b"]), None);
        assert_eq!(told("defaults_applied", &defaulted("limit", &[&list, &list])), [""; 0]);
        let turned = page(&parcels(&["b", "a"]), None);
        assert_eq!(told("defaults_applied", &defaulted("limit", &[&list, &turned, &list])), [""; 0]);
    }

    #[test]
    fn rejects_another_list() {
        let (list, shorter) = (page(&parcels(&["a", "b"]), None), page(&parcels(&["a"]), None));
        let found = judged("defaults_applied", &defaulted("limit", &[&list, &shorter, &list]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rule, "default limit");
        assert_eq!(found[0].contract, "#/paths/~1parcels/get/parameters/0");
    }

    #[test]
    fn a_list_that_changes_by_itself_proves_nothing() {
        let (list, more) = (page(&parcels(&["a"]), None), page(&parcels(&["a", "b"]), None));
        assert_eq!(told("defaults_applied", &defaulted("limit", &[&list, &more, &more])), [""; 0]);
    }
}
