//! Enums: schemas that list their values.
//!
//! Texts become an enum of texts; numbers, and values of several types, an enum of values. Both stay open. Flags
//! stay flags: there is nothing else that one could be.

use std::collections::BTreeSet;

use serde_json::{Number, Value};

use super::docs;
use super::name::{self, Scope};
use super::schema::{Lowering, Place};
use super::view::View;
use crate::ir::{TypeKind, ValueVariant, Variant};

/// The names and words that vendors put beside the values, by the keys that they use.
const NAMES: &[&str] = &["x-enum-varnames", "x-enumNames", "x-enum-names", "x-enum-keys"];
const WORDS: &[&str] = &["x-enum-descriptions", "x-enumDescriptions", "x-enum-descriptor"];

/// Tells whether a schema lists texts.
pub(super) fn is_enum(view: &View<'_>) -> bool {
    kind_of_values(view) == Some("string")
}

/// The JSON type of the values that a schema lists, `any` for several; none when it lists none that would make an
/// enum.
pub(super) fn kind_of_values(view: &View<'_>) -> Option<&'static str> {
    let declared = view.type_name();
    if matches!(declared, Some("array" | "object" | "boolean")) || !view.lists_values() {
        return None;
    }
    let values = view.listed();
    if values.iter().any(|value| value.is_object() || value.is_array()) {
        return None;
    }
    let kinds: BTreeSet<&'static str> =
        values.iter().filter_map(|value| fitting(value, declared)).map(|value| kind_of(&value)).collect();
    match kinds.into_iter().collect::<Vec<_>>().as_slice() {
        [] => None,
        [only] => Some(only),
        ["integer", "number"] => Some("number"),
        _ => Some("any"),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "string",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Bool(_) => "boolean",
        _ => "any",
    }
}

/// A listed value as the declared type has it: documents write texts without quotes, and numbers with them.
fn fitting(value: &Value, declared: Option<&str>) -> Option<Value> {
    match (declared, value) {
        (_, Value::Null) => None,
        (Some("string"), Value::Number(_) | Value::Bool(_)) => Some(Value::String(value.to_string())),
        (Some("integer" | "number"), Value::String(text)) => {
            text.trim().parse::<Number>().ok().map(Value::Number)
        }
        (Some("integer" | "number"), Value::Bool(_)) => None,
        _ => Some(value.clone()),
    }
}

/// The texts that an enum lists.
pub(super) fn values(view: &View<'_>) -> Vec<String> {
    let declared = view.type_name();
    let listed = view.listed();
    let texts = listed.iter().filter_map(|value| fitting(value, declared));
    texts.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// A listed value with what the vendor says of it.
pub(super) struct Listed {
    pub(super) value: Value,
    pub(super) name: Option<String>,
    pub(super) docs: Vec<String>,
}

impl Listed {
    fn variant_name(&self) -> String {
        match (&self.name, &self.value) {
            (Some(name), _) => name::variant_name(name),
            (None, Value::String(text)) => name::variant_name(text),
            (None, Value::Bool(true)) => "True".to_owned(),
            (None, Value::Bool(false)) => "False".to_owned(),
            (None, number) => name::number_name(&number.to_string()),
        }
    }
}

/// Takes every value once, and its name.
fn named(listed: Vec<Listed>) -> impl Iterator<Item = (String, Listed)> {
    let mut names = Scope::with(&["unrecognized", "self"]);
    let mut seen = Vec::<Value>::new();
    let mut texts = BTreeSet::new();
    listed.into_iter().filter_map(move |listed| {
        let new = match &listed.value {
            Value::String(text) => texts.insert(text.clone()),
            // One number is listed once, however it is written.
            value if seen.iter().any(|known| same(known, value)) => false,
            value => {
                seen.push(value.clone());
                true
            }
        };
        new.then(|| (names.claim(&listed.variant_name()), listed))
    })
}

fn same(one: &Value, other: &Value) -> bool {
    one == other || one.is_number() && other.is_number() && one.as_f64() == other.as_f64()
}

fn texts(listed: Vec<Listed>) -> Vec<Variant> {
    named(listed)
        .filter_map(|(name, listed)| match listed.value {
            Value::String(value) => Some(Variant { name, value, docs: listed.docs }),
            _ => None,
        })
        .collect()
}

/// The enum of listed values, which are of this JSON type.
pub(super) fn enumeration(kind: &'static str, listed: Vec<Listed>) -> TypeKind {
    if kind == "string" {
        return TypeKind::Enum(texts(listed));
    }
    let variants = named(listed);
    let variants =
        variants.map(|(name, listed)| ValueVariant { name, value: listed.value, docs: listed.docs });
    TypeKind::Values(variants.collect())
}

impl<'a> Lowering<'a> {
    /// The values that the schema at a place lists, as they are written there.
    pub(super) fn listed(&mut self, view: &View<'a>, place: &Place) -> Vec<Listed> {
        let declared = view.type_name();
        // The typed model has lost whether a number was written with a fraction.
        let written = self.contract.at(&place.pointer).and_then(|schema| schema.get("enum")?.as_array());
        let values = written.cloned().unwrap_or_else(|| view.listed());
        let mut misfits = Vec::new();
        let mut all = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            let Some(fit) = fitting(value, declared) else {
                if !value.is_null() {
                    misfits.push(value);
                }
                continue;
            };
            if fit != *value {
                misfits.push(value);
            }
            let (name, docs) = beside(view, &values, index);
            all.push(Listed { value: fit, name, docs });
        }
        if let (Some(misfit), Some(declared)) = (misfits.first(), declared) {
            let message = format!(
                "lists `{misfit}` and is of the type {declared}; values are read as that type has them"
            );
            self.notice(place, &message);
        }
        all
    }
}

/// The name and the words that stand beside the value at an index, where they are sound for all values.
fn beside(view: &View<'_>, values: &[Value], index: usize) -> (Option<String>, Vec<String>) {
    let name = NAMES.iter().find_map(|key| {
        let names = aligned(view, view.extension(key)?, values.len())?;
        let different: BTreeSet<_> = names.iter().filter_map(|name| name.as_str()).map(name_key).collect();
        let sound = different.len() == names.len() && !different.contains("");
        names.get(index).filter(|_| sound)?.as_str().map(str::to_owned)
    });
    let words = WORDS.iter().find_map(|key| match view.extension(key)? {
        Value::Object(words) => words.get(&plain(values.get(index)?))?.as_str(),
        words => aligned(view, words, values.len())?.get(index)?.as_str(),
    });
    // AutoRest's form has an object for each value.
    let entry = view.extension("x-ms-enum").and_then(|it| it.get("values")?.as_array()).and_then(|entries| {
        let value = plain(values.get(index)?);
        entries.iter().find(|entry| entry.get("value").is_some_and(|it| plain(it) == value))
    });
    let text = |key: &str| entry.and_then(|entry| entry.get(key)?.as_str());
    (name.or_else(|| text("name").map(str::to_owned)), docs::lines(words.or_else(|| text("description"))))
}

fn name_key(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A value as text, by which it is found.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A list beside the values that has an entry for each; `null` among the values may have one of its own.
fn aligned<'v>(view: &View<'v>, list: &'v Value, count: usize) -> Option<Vec<&'v Value>> {
    let list = list.as_array()?;
    if list.len() == count {
        return Some(list.iter().collect());
    }
    let original = view.extension("x-original-enum")?.as_array()?;
    let kept = list.iter().zip(original).filter(|(_, value)| !value.is_null());
    let kept: Vec<_> = kept.map(|(entry, _)| entry).collect();
    (list.len() == original.len() && kept.len() == count).then_some(kept)
}
