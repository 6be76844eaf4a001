//! Whose words a document speaks: `description` and `summary` anywhere, `title` in `info`.
//!
//! Only where the standard has such a text: a property that is called `description` is a property, and nothing in
//! an example, a default, an enum or an extension is touched. Items of a list are matched by what identifies them
//! (a parameter by name and place, a tag by name, a server by URL), so that a new one does not move the words of
//! the others. The order of members, too, is that of the existing document.

use serde_json::{Map, Value, json};

use crate::operation::StatusSpec;
use crate::pointer;
use crate::status;

/// What an object's members are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Members {
    /// Fields of the standard.
    Fields,
    /// Names that the vendor chose, or paths, statuses and media types.
    Names,
}

/// Replaces the vendor's words by those of an existing document, and leaves out those that it has none for. Returns
/// a notice for each text that was left out.
pub(super) fn ours(document: &mut Value, existing: Option<&Value>) -> Vec<String> {
    let mut run = Run { drop: true, notices: Vec::new() };
    run.value(document, existing, Members::Fields, "#", "");
    run.notices
}

/// Puts the words of an existing document in, and leaves the vendor's where it has none.
pub(super) fn keep(document: &mut Value, existing: &Value) {
    Run { drop: false, notices: Vec::new() }.value(document, Some(existing), Members::Fields, "#", "");
}

struct Run {
    drop: bool,
    notices: Vec<String>,
}

impl Run {
    /// The depth is bounded by that of the document. `section` is the key of the map or list around the value.
    fn value(
        &mut self,
        value: &mut Value,
        existing: Option<&Value>,
        members: Members,
        here: &str,
        section: &str,
    ) {
        match value {
            Value::Object(fields) => {
                let existing = existing.and_then(Value::as_object);
                if members == Members::Fields {
                    self.texts(fields, existing, here, section);
                }
                if let Some(existing) = existing {
                    reorder(fields, existing);
                }
                for (key, child) in fields.iter_mut() {
                    let is_field = members == Members::Fields;
                    if key.starts_with("x-") && (is_field || section == "paths") || is_field && is_opaque(key)
                    {
                        continue;
                    }
                    let kind = if is_field && is_map(key) { Members::Names } else { Members::Fields };
                    let inner = if is_field { key.as_str() } else { section };
                    let existing = existing.and_then(|existing| existing.get(key));
                    self.value(child, existing, kind, &pointer::join(here, key), inner);
                }
            }
            Value::Array(items) => {
                let existing = existing.and_then(Value::as_array);
                for (index, item) in items.iter_mut().enumerate() {
                    let same = existing.and_then(|existing| counterpart(item, index, existing));
                    self.value(
                        item,
                        same,
                        Members::Fields,
                        &pointer::join(here, &index.to_string()),
                        section,
                    );
                }
            }
            _ => {}
        }
    }

    fn texts(
        &mut self,
        fields: &mut Map<String, Value>,
        old: Option<&Map<String, Value>>,
        here: &str,
        section: &str,
    ) {
        let text = |key: &str| old.and_then(|old| old.get(key)).filter(|text| text.is_string()).cloned();
        if here == "#/info"
            && let Some(title) = text("title")
        {
            fields.insert("title".to_owned(), title);
        }
        for key in ["summary", "description"] {
            let has = fields.get(key).is_some_and(Value::is_string);
            match text(key) {
                Some(text) => put(fields, key, text, section),
                None if has && self.drop => {
                    fields.shift_remove(key);
                    self.notices.push(format!("left out the vendor's {key} at {}", pointer::join(here, key)));
                }
                None => {}
            }
        }
        let is_response = section == "responses" && !fields.contains_key("$ref");
        if is_response && !fields.contains_key("description") {
            let key = pointer::last_token(here).unwrap_or_default();
            let neutral = match StatusSpec::from_key(&key) {
                Some(status) => status::phrase(status).to_owned(),
                None => spoken(&key),
            };
            put(fields, "description", json!(neutral), section);
        }
    }
}

/// Sets a text; a new description of a response comes first, as it does in most documents.
fn put(fields: &mut Map<String, Value>, key: &str, text: Value, section: &str) {
    if section == "responses" && !fields.contains_key(key) {
        let rest = std::mem::take(fields);
        fields.insert(key.to_owned(), text);
        fields.extend(rest);
    } else {
        fields.insert(key.to_owned(), text);
    }
}

/// Puts members in the order of the existing document, new ones last, so that a new import changes few lines.
fn reorder(fields: &mut Map<String, Value>, existing: &Map<String, Value>) {
    let mut rest = std::mem::take(fields);
    for key in existing.keys() {
        if let Some((key, value)) = rest.shift_remove_entry(key) {
            fields.insert(key, value);
        }
    }
    fields.extend(rest);
}

/// Fields whose content is data, not part of the description.
fn is_opaque(key: &str) -> bool {
    matches!(
        key,
        "example" | "default" | "enum" | "const" | "value" | "security" | "mapping" | "scopes" | "required"
    )
}

/// Fields whose members have names that the vendor chose.
fn is_map(key: &str) -> bool {
    matches!(
        key,
        "paths"
            | "properties"
            | "schemas"
            | "responses"
            | "parameters"
            | "examples"
            | "requestBodies"
            | "headers"
            | "securitySchemes"
            | "links"
            | "callbacks"
            | "content"
            | "encoding"
            | "variables"
            | "patternProperties"
            | "definitions"
    )
}

/// Finds what an item of a list was before.
fn counterpart<'v>(item: &Value, index: usize, existing: &'v [Value]) -> Option<&'v Value> {
    let identity = |value: &Value| {
        ["$ref", "url", "name"]
            .into_iter()
            .find_map(|key| Some((key, value.get(key)?.as_str()?.to_owned(), value.get("in").cloned())))
    };
    match identity(item) {
        Some(wanted) => existing.iter().find(|other| identity(other).as_ref() == Some(&wanted)),
        None => existing.get(index),
    }
}

/// `NotFound` and `not_found` give `Not found`.
fn spoken(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for character in name.chars() {
        if !character.is_alphanumeric() {
            words.push(' ');
        } else if words.is_empty() {
            words.extend(character.to_uppercase());
        } else if character.is_uppercase() && before.is_lowercase() {
            words.push(' ');
            words.extend(character.to_lowercase());
        } else {
            words.push(character);
        }
        before = character;
    }
    words
}
