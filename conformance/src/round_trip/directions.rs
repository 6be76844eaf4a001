//! Which way the values of each component schema travel.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use driftline_specs::{Contract, Direction, pointer};
use serde_json::Value;

/// Returns the directions in which operations use each component schema, in the contract's order.
///
/// A schema that no operation uses is read, like every other: its direction is that of a response.
pub(super) fn directions(contract: &Contract) -> Vec<(String, BTreeSet<Direction>)> {
    let mut used: BTreeMap<Direction, HashSet<String>> = BTreeMap::new();
    for operation in contract.operations() {
        let sent = operation.parameters.iter().filter_map(|parameter| parameter.schema.as_ref());
        let sent = sent.chain(
            operation.request_body.iter().flat_map(|body| &body.content).filter_map(|it| it.schema.as_ref()),
        );
        let received = operation.responses.iter().flat_map(|response| &response.content);
        let received = received.filter_map(|media_type| media_type.schema.as_ref());
        for schema in sent {
            follow(contract, &schema.pointer, used.entry(Direction::Request).or_default());
        }
        for schema in received {
            follow(contract, &schema.pointer, used.entry(Direction::Response).or_default());
        }
    }
    let components = contract.at("#/components/schemas").and_then(Value::as_object);
    let names = components.into_iter().flat_map(|components| components.keys());
    names
        .map(|name| {
            let place = pointer::join("#/components/schemas", name);
            let mut directions: BTreeSet<Direction> = used
                .iter()
                .filter(|(_, places)| places.contains(&place))
                .map(|(direction, _)| *direction)
                .collect();
            if directions.is_empty() {
                directions.insert(Direction::Response);
            }
            (place, directions)
        })
        .collect()
}

/// Adds a place and every place that references lead to from there.
fn follow(contract: &Contract, place: &str, seen: &mut HashSet<String>) {
    let mut open = vec![place.to_owned()];
    while let Some(place) = open.pop() {
        if !seen.insert(place.clone()) {
            continue;
        }
        // A component that is nothing but a reference is used as much as what it leads to.
        if let Some(value) = contract.at(&place) {
            references(value, &mut open);
        }
    }
}

fn references(value: &Value, found: &mut Vec<String>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let mapping = members.get("mapping").and_then(Value::as_object);
                let named =
                    members.get("$ref").into_iter().chain(mapping.into_iter().flat_map(|it| it.values()));
                found.extend(named.filter_map(Value::as_str).filter_map(pointer::canonical));
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}
