//! Links between operations: from `operationId` or `operationRef` to the operation of the table.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::table::{Reader, text};
use crate::operation::{Link, Operation};
use crate::pointer;

/// A link whose operation is not looked up yet, because the table is still being filled.
#[derive(Debug)]
pub(super) struct RawLink {
    name: String,
    pointer: String,
}

impl RawLink {
    pub(super) fn new(name: &str, pointer: String) -> Self {
        Self { name: name.to_owned(), pointer }
    }
}

/// Puts the links into the responses. `raw` has, for each operation, the links of each response.
pub(super) fn resolve(reader: &Reader<'_>, operations: &mut [Operation], raw: Vec<Vec<Vec<RawLink>>>) {
    if raw.iter().flatten().all(Vec::is_empty) {
        return;
    }
    let names = Names {
        ids: operations.iter().map(|operation| operation.id.clone()).collect(),
        by_pointer: operations
            .iter()
            .map(|operation| (operation.pointer.clone(), operation.id.clone()))
            .collect(),
    };
    let mut known: HashMap<String, Option<Link>> = HashMap::new();
    for (operation, responses) in operations.iter_mut().zip(raw) {
        for (response, links) in operation.responses.iter_mut().zip(responses) {
            // A response that many operations share has the same links for each.
            response.links = links
                .iter()
                .filter_map(|link| {
                    known.entry(link.pointer.clone()).or_insert_with(|| names.link(reader, link)).clone()
                })
                .collect();
        }
    }
}

struct Names {
    ids: HashSet<String>,
    by_pointer: HashMap<String, String>,
}

impl Names {
    /// Reads a link; one that leads to no operation is left out.
    fn link(&self, reader: &Reader<'_>, raw: &RawLink) -> Option<Link> {
        let (pointer, members) = reader.object(&raw.pointer)?;
        let operation_id = match (text(members, "operationId"), text(members, "operationRef")) {
            (Some(id), _) if self.ids.contains(&id) => id,
            (Some(id), _) => return self.unknown(reader, &pointer, "operationId", &id),
            (None, Some(target)) => {
                let known = pointer::canonical(&target).and_then(|target| self.by_pointer.get(&target));
                match known {
                    Some(id) => id.clone(),
                    None => return self.unknown(reader, &pointer, "operationRef", &target),
                }
            }
            (None, None) => {
                let message = format!(
                    "the link {:?} names no operation, and is left out (expected `operationId` or `operationRef`)",
                    raw.name
                );
                reader.mend(&pointer, message);
                return None;
            }
        };
        let parameters = members
            .get("parameters")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, value)| {
                (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            })
            .collect();
        Some(Link {
            name: raw.name.clone(),
            operation_id,
            parameters,
            request_body: members.get("requestBody").cloned(),
            description: text(members, "description"),
            pointer,
        })
    }

    fn unknown(&self, reader: &Reader<'_>, link: &str, member: &str, named: &str) -> Option<Link> {
        reader.mend(
            &pointer::join(link, member),
            format!("the link names {named:?}, and there is no such operation; the link is left out"),
        );
        None
    }
}
