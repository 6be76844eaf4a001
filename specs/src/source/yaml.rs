//! YAML texts: to a value, and from a JSON Pointer to a place.
//!
//! Values come from `serde_yaml`. Places come from a second pass with `saphyr`, made only when a message needs one
//! and only over texts that `serde_yaml` has accepted, because that pass has no limit of depth of its own.

use std::collections::HashMap;
use std::path::Path;

use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, YamlData};
use serde::de::DeserializeSeed as _;
use serde_json::Value;

use super::MAX_DEPTH;
use super::node::{Node, Rules, repetition};
use crate::error::{Error, Fault, Place};
use crate::pointer;

/// Parses a YAML text of one document. Keys that are not strings become strings, merge keys are merged.
pub(super) fn parse(name: &Path, text: &str) -> Result<Value, Error> {
    let rules = Rules { merge_keys: true, ..Rules::default() };
    let value = Node(&rules)
        .deserialize(serde_yaml::Deserializer::from_str(text))
        .map_err(|error| fault(name, &error).into(Error::Syntax))?;
    if let Some(key) = rules.repeated.take() {
        let place = match repeated_key(text) {
            Some((line, column)) => Place::file(name).line(line, column),
            None => Place::file(name),
        };
        let fault = Fault::new(repetition(&key)).at(place).advise("remove or rename one of the two");
        return Err(fault.into(Error::Syntax));
    }
    if rules.not_a_number.get() {
        return Err(Fault::new("the document holds a number that JSON cannot: .nan or .inf")
            .at(Place::file(name))
            .advise("quote it if it is text")
            .into(Error::Syntax));
    }
    Ok(value)
}

fn fault(name: &Path, error: &serde_yaml::Error) -> Fault {
    let place = match error.location() {
        Some(location) => Place::file(name).line(location.line().max(1), location.column().max(1)),
        None => Place::file(name),
    };
    let message = error.to_string();
    let message = match error.location() {
        Some(at) => message.replacen(&format!(" at line {} column {}", at.line(), at.column()), "", 1),
        None => message,
    };
    if message.starts_with("recursion limit exceeded") {
        return Fault::new("the YAML nests too deeply")
            .at(place)
            .expecting(format!("at most {MAX_DEPTH} levels"));
    }
    if message.starts_with("repetition limit exceeded") {
        return Fault::new("the YAML's aliases expand to too much").at(place).advise("use fewer aliases");
    }
    Fault::new(format!("not valid YAML: {message}")).at(place).advise("correct the syntax there")
}

/// Returns where the first repeated key of a text stands.
fn repeated_key(text: &str) -> Option<(usize, usize)> {
    let error = MarkedYaml::load_from_str(text).err()?;
    error.info().contains("duplicated key").then(|| (error.marker().line(), error.marker().col() + 1))
}

/// Where every value of a YAML text starts.
#[derive(Debug)]
pub(super) struct Spots {
    root: Spot,
}

#[derive(Debug)]
struct Spot {
    line: usize,
    column: usize,
    children: Children,
}

#[derive(Debug)]
enum Children {
    None,
    Members(HashMap<String, Spot>),
    Items(Vec<Spot>),
}

impl Spots {
    /// Reads the places of a text; `None` when `saphyr` does not accept it.
    pub(super) fn of(text: &str) -> Option<Self> {
        let documents = MarkedYaml::load_from_str(text).ok()?;
        documents.first().map(|document| Self { root: Spot::of(document, document, 0) })
    }

    /// Returns the 1-based line and column of the value at `tokens`, or of the closest place around it.
    pub(super) fn find(&self, tokens: &[String]) -> (usize, usize) {
        let mut spot = &self.root;
        for token in tokens {
            let child = match &spot.children {
                Children::None => None,
                Children::Members(members) => members.get(token),
                Children::Items(items) => pointer::index(token).and_then(|index| items.get(index)),
            };
            match child {
                Some(child) => spot = child,
                None => break,
            }
        }
        (spot.line, spot.column)
    }
}

impl Spot {
    /// `start` is the node whose place counts: the key of a member, or the value itself.
    fn of(start: &MarkedYaml<'_>, value: &MarkedYaml<'_>, depth: usize) -> Self {
        let children = if depth < MAX_DEPTH { Children::of(value, depth) } else { Children::None };
        Self { line: start.span.start.line().max(1), column: start.span.start.col() + 1, children }
    }
}

impl Children {
    fn of(value: &MarkedYaml<'_>, depth: usize) -> Self {
        match &value.data {
            YamlData::Sequence(items) => {
                Self::Items(items.iter().map(|item| Spot::of(item, item, depth + 1)).collect())
            }
            YamlData::Mapping(mapping) => {
                let mut members = HashMap::new();
                let mut merged = HashMap::new();
                for (key, value) in mapping {
                    let Some(name) = key_text(key) else { continue };
                    if name == "<<" {
                        merge(&mut merged, value, depth);
                    } else {
                        members.insert(name, Spot::of(key, value, depth + 1));
                    }
                }
                for (name, spot) in merged {
                    members.entry(name).or_insert(spot);
                }
                Self::Members(members)
            }
            YamlData::Tagged(_, inner) => Self::of(inner, depth),
            _ => Self::None,
        }
    }
}

/// Adds the places of members that a merge key brings in.
fn merge(members: &mut HashMap<String, Spot>, value: &MarkedYaml<'_>, depth: usize) {
    match &value.data {
        YamlData::Mapping(_) => {
            if let Children::Members(others) = Children::of(value, depth) {
                for (name, spot) in others {
                    members.entry(name).or_insert(spot);
                }
            }
        }
        YamlData::Sequence(others) => {
            for other in others.iter().filter(|other| other.data.is_mapping()) {
                merge(members, other, depth);
            }
        }
        _ => {}
    }
}

/// Returns a key as the string that it becomes.
fn key_text(key: &MarkedYaml<'_>) -> Option<String> {
    match &key.data {
        YamlData::Value(Scalar::String(text)) => Some(text.to_string()),
        YamlData::Value(Scalar::Integer(number)) => Some(number.to_string()),
        YamlData::Value(Scalar::Boolean(value)) => Some(value.to_string()),
        YamlData::Value(Scalar::FloatingPoint(number)) => Some(number.to_string()),
        YamlData::Value(Scalar::Null) => Some("null".to_owned()),
        _ => None,
    }
}
