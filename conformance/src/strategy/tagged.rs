//! Texts that carry the run tag: those whose names say that the caller chooses them, where the schema leaves them free.

use driftline_specs::pointer;
use proptest::strategy::{Just, SBoxedStrategy, Strategy};
use serde_json::Value;

use super::near_miss::alternatives;
use super::reader::Reader;
use super::shape::{Kind, Node, Shape, TextLimits};
use super::words::words;
use crate::run_tag::RunTag;

/// Names of texts that are for people.
const PROSE: [&str; 8] = ["description", "note", "notes", "comment", "comments", "memo", "remark", "remarks"];

/// Words that say whose identifier it is: the caller's own.
const OURS: [&str; 4] = ["external", "partner", "correlation", "caller"];

/// How many places of a value are looked at.
const PLACES: usize = 4000;

/// Whether a text of this name is the caller's to choose.
fn is_ours(name: &str) -> bool {
    let words = words(name);
    let last = words.last().map(String::as_str).unwrap_or_default();
    PROSE.contains(&last)
        || matches!(last, "reference" | "ref")
        || OURS.iter().any(|ours| words.iter().any(|it| it == ours))
            && matches!(last, "id" | "identifier" | "key" | "number" | "uid")
}

fn is_free(limits: &TextLimits) -> bool {
    limits.format.is_none() && limits.patterns.is_empty()
}

/// Returns texts that begin with the tag, for a name that the caller chooses; no two are likely to be the same where
/// there is room for that.
pub(super) fn strategies(tag: &RunTag, name: &str, limits: &TextLimits) -> Vec<SBoxedStrategy<String>> {
    if !is_ours(name) || !is_free(limits) {
        return Vec::new();
    }
    let (numbered, alone) = (tag.to_string(), tag.to_string());
    vec![
        (0..1_000_000u32).prop_map(move |serial| format!("{numbered}-{serial:06}")).sboxed(),
        Just(alone).sboxed(),
    ]
}

/// Puts the tag before the texts of a value that the caller chooses, as far as they have room for it.
pub(crate) fn tagged(reader: &mut Reader, tag: &RunTag, node: &Node, value: &Value) -> Value {
    let mut tagged = value.clone();
    let mut open = vec![(String::new(), String::new(), node.clone())];
    for _ in 0..PLACES {
        let Some((at, name, node)) = open.pop() else { break };
        let Some(current) = tagged.pointer_mut(&at) else { continue };
        let whole = reader.shape(&node);
        match current {
            Value::String(text) if is_ours(&name) && takes(&whole, text, tag) => {
                *text = format!("{tag}-{text}")
            }
            Value::Object(members) => {
                for shape in alternatives(reader, &whole, 2) {
                    for (name, node) in &shape.object.properties {
                        if members.contains_key(name) {
                            open.push((pointer::join(&at, name), name.clone(), node.clone()));
                        }
                    }
                }
            }
            Value::Array(items) => {
                for index in 0..items.len() {
                    let item = whole.array.item(index).cloned();
                    open.extend(
                        item.map(|node| (pointer::join(&at, &index.to_string()), name.clone(), node)),
                    );
                }
            }
            _ => {}
        }
    }
    tagged
}

/// Whether a text has room for the tag, and does not have it yet.
fn takes(shape: &Shape, text: &str, tag: &RunTag) -> bool {
    let length = text.chars().count() + tag.as_str().len() + 1;
    shape.kind() == Some(Kind::Text)
        && shape.choices.is_none()
        && is_free(&shape.text)
        && shape.text.max.is_none_or(|most| length <= most)
        && !text.starts_with(tag.as_str())
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn names_tell_what_the_caller_chooses() {
        for name in
            ["external_id", "externalId", "partner-id", "reference", "orderReference", "notes", "description"]
        {
            assert!(is_ours(name), "{name}");
        }
        for name in ["id", "group_id", "name", "notes_count", "external_url", "tpa_slug", "account_number"] {
            assert!(!is_ours(name), "{name}");
        }
    }
}
