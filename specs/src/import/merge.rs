//! Merges fragments into one document.
//!
//! Fragments of one page repeat what they share. Equal repetitions become one; two different definitions of one
//! thing are an error that names both fragments, because choosing one would hide that the page contradicts itself.
//! The order is fixed: members of the root and of `components` as in [`ROOT`] and [`COMPONENTS`], paths, methods
//! and components of a section as they first appear.

use serde_json::{Map, Value};

use super::fault_at;
use super::page::Fragment;
use crate::error::Error;
use crate::operation::Method;
use crate::pointer;

/// The order of the root's members; others follow as they first appear.
const ROOT: [&str; 8] = ["openapi", "swagger", "info", "servers", "security", "tags", "paths", "components"];

/// The order of the sections of `components`; others follow as they first appear.
const COMPONENTS: [&str; 4] = ["securitySchemes", "parameters", "responses", "schemas"];

/// Merges fragments, of which there is at least one.
pub(super) fn merge(fragments: &[Fragment]) -> Result<Value, Error> {
    let mut merged = Merged::default();
    for (index, fragment) in fragments.iter().enumerate() {
        let Some(members) = fragment.value.as_object() else { continue };
        for (key, value) in members {
            let at = [key.as_str()];
            match (key.as_str(), value) {
                ("paths", Value::Object(paths)) => {
                    for (path, item) in paths {
                        merged.path(fragments, index, path, item)?;
                    }
                }
                ("components", Value::Object(sections)) => {
                    for (section, components) in sections {
                        for (name, value) in components.as_object().into_iter().flatten() {
                            merged.put(fragments, index, &["components", section, name], value)?;
                        }
                    }
                }
                ("tags", Value::Array(tags)) => {
                    for tag in tags {
                        merged.tag(fragments, index, tag)?;
                    }
                }
                _ => merged.put(fragments, index, &at, value)?,
            }
        }
    }
    merged.refuse_partial_security(fragments)?;
    Ok(merged.document())
}

/// Puts a member of the root in its place in the order.
pub(super) fn insert_root(document: &mut Value, key: &str, value: Value) {
    if let Some(members) = document.as_object_mut() {
        members.insert(key.to_owned(), value);
        *members = ordered(std::mem::take(members), &ROOT);
    }
}

#[derive(Default)]
struct Merged {
    root: Map<String, Value>,
    /// The fragment that each value came from, by its pointer.
    owners: std::collections::HashMap<String, usize>,
}

impl Merged {
    /// Sets the value at `at`, or compares it with the one that is there.
    fn put(&mut self, fragments: &[Fragment], index: usize, at: &[&str], value: &Value) -> Result<(), Error> {
        let here = pointer::from_tokens(at);
        let Some((last, parents)) = at.split_last() else { return Ok(()) };
        let mut members = &mut self.root;
        for parent in parents {
            let child = members.entry(*parent).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(child) = child else { return Ok(()) };
            members = child;
        }
        match members.get(*last) {
            None => {
                members.insert((*last).to_owned(), value.clone());
                self.owners.insert(here, index);
                Ok(())
            }
            Some(first) => match first_difference(first, value, here.clone()) {
                None => Ok(()),
                Some(place) => {
                    let owner = self.owners.get(&here).copied().unwrap_or_default();
                    Err(conflict(fragments, owner, index, &here, place))
                }
            },
        }
    }

    /// Merges a path member by member: methods and what stands beside them.
    fn path(&mut self, fragments: &[Fragment], index: usize, path: &str, item: &Value) -> Result<(), Error> {
        let Some(members) = item.as_object() else {
            return self.put(fragments, index, &["paths", path], item);
        };
        let has_own_parameters =
            |members: &Map<String, Value>| members.keys().any(|key| Method::from_key(key).is_none());
        // What stands beside the methods holds for all of them, so that it must not come from one fragment alone.
        if let Some(Value::Object(known)) = self.root.get("paths").and_then(|paths| paths.get(path))
            && has_own_parameters(known) != has_own_parameters(members)
        {
            let here = pointer::from_tokens(["paths", path]);
            let key = known.keys().chain(members.keys()).find(|key| Method::from_key(key).is_none());
            let place = key.map_or(here.clone(), |key| pointer::join(&here, key));
            let owner = self.first_owner(&here);
            return Err(conflict(fragments, owner, index, &here, place));
        }
        members.iter().try_for_each(|(key, value)| self.put(fragments, index, &["paths", path, key], value))
    }

    /// Merges tags by their names.
    fn tag(&mut self, fragments: &[Fragment], index: usize, tag: &Value) -> Result<(), Error> {
        let name = tag.get("name").and_then(Value::as_str).unwrap_or_default();
        let tags = self.root.entry("tags").or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(tags) = tags else { return Ok(()) };
        let here = format!("#/tags ({name})");
        match tags.iter().find(|other| other.get("name").and_then(Value::as_str) == Some(name)) {
            None => {
                tags.push(tag.clone());
                self.owners.insert(here, index);
                Ok(())
            }
            Some(other) => match first_difference(other, tag, here.clone()) {
                None => Ok(()),
                Some(place) => {
                    let owner = self.owners.get(&here).copied().unwrap_or_default();
                    Err(conflict(fragments, owner, index, &here, place))
                }
            },
        }
    }

    /// Security and servers of the root hold for every operation; a fragment with operations that leaves them out
    /// would get those of another.
    fn refuse_partial_security(&self, fragments: &[Fragment]) -> Result<(), Error> {
        for key in ["security", "servers"] {
            let Some(&owner) = self.owners.get(&pointer::from_tokens([key])) else { continue };
            let lacking = fragments.iter().position(|fragment| {
                !fragment.origin.operations.is_empty() && fragment.value.get(key).is_none()
            });
            if let Some(lacking) = lacking {
                let here = pointer::from_tokens([key]);
                return Err(conflict(fragments, owner, lacking, &here, here.clone()));
            }
        }
        Ok(())
    }

    fn first_owner(&self, prefix: &str) -> usize {
        let inside = self.owners.iter().filter(|(pointer, _)| pointer.starts_with(prefix));
        inside.map(|(_, owner)| *owner).min().unwrap_or_default()
    }

    fn document(mut self) -> Value {
        if let Some(Value::Object(components)) = self.root.get_mut("components") {
            *components = ordered(std::mem::take(components), &COMPONENTS);
        }
        Value::Object(ordered(self.root, &ROOT))
    }
}

/// Says that two fragments define one thing differently.
fn conflict(fragments: &[Fragment], first: usize, second: usize, what: &str, place: String) -> Error {
    let name = |index: usize| {
        fragments.get(index).map_or_else(String::new, |fragment| {
            let origin = &fragment.origin;
            let heading =
                origin.heading.as_ref().map(|heading| format!(", under {heading:?}")).unwrap_or_default();
            format!("fragment {} ({}:{}{heading})", origin.number, origin.source, origin.line)
        })
    };
    let (source, line) = fragments
        .get(second)
        .map_or((String::new(), 1), |fragment| (fragment.origin.source.clone(), fragment.origin.line));
    let mut fault = fault_at(
        &source,
        line,
        1,
        format!("{} and {} differ in {what}, first at {place}", name(first), name(second)),
    );
    fault.place.pointer = Some(place);
    fault
        .expecting("the same definition in both")
        .advise("ask the vendor which one holds, and correct the other in a copy of the page")
        .into(Error::Import)
}

/// Returns the pointer at which two values first differ, in the order of the first.
fn first_difference(first: &Value, second: &Value, here: String) -> Option<String> {
    match (first, second) {
        (Value::Object(left), Value::Object(right)) => {
            let of_left = left.iter().find_map(|(key, value)| {
                let place = pointer::join(&here, key);
                match right.get(key) {
                    Some(other) => first_difference(value, other, place),
                    None => Some(place),
                }
            });
            of_left.or_else(|| {
                let added = right.keys().find(|key| !left.contains_key(*key))?;
                Some(pointer::join(&here, added))
            })
        }
        (Value::Array(left), Value::Array(right)) => {
            let both = left.iter().zip(right).enumerate();
            let differing = both.into_iter().find_map(|(index, (value, other))| {
                first_difference(value, other, pointer::join(&here, &index.to_string()))
            });
            let shorter = left.len().min(right.len());
            differing
                .or_else(|| (left.len() != right.len()).then(|| pointer::join(&here, &shorter.to_string())))
        }
        _ => (first != second).then_some(here),
    }
}

/// Puts the named members first, in that order.
fn ordered(mut members: Map<String, Value>, order: &[&str]) -> Map<String, Value> {
    let mut result: Map<String, Value> = order
        .iter()
        .filter_map(|key| members.shift_remove(*key).map(|value| ((*key).to_owned(), value)))
        .collect();
    result.extend(members);
    result
}
