//! Presence: a description that begins or ends with "Required" or "Optional", or says so in a sentence.

use std::sync::LazyLock;

use regex::Regex;

use super::{Pattern, pattern, sentences};

/// Whether a description says that a field has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Presence {
    /// It must be there.
    Required,
    /// It may be absent.
    Optional,
}

/// Returns what a plain text says about presence; nothing when that depends on something.
pub(in super::super) fn presence(text: &str) -> Option<Presence> {
    static MARKER: LazyLock<[Regex; 4]> = LazyLock::new(|| {
        [
            pattern(
                r"(?i)^[\[(]?(required|optional)(?: (?:field|parameter|property|attribute|string|integer|value))?[\])]?\s*(?:$|[.,:;-]\s*$|[.:;,]\s|[-–] )",
            ),
            pattern(r"(?i)^[\[(](required|optional)[\])]"),
            pattern(r"(?i)[\[(](required|optional)[\])]\s*[.:]?\s*$"),
            pattern(
                r"(?i)^(?:this|the) (?:field|parameter|property|attribute|value) is (required|optional)\s*$",
            ),
        ]
    });
    static CONDITION: Pattern = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:required|optional|mandatory|needed)\W{0,3}\s*(?:if|when|for|unless|only|in|on|with|by|to|at|after|depending|except|where|while|but|as|and)\b|\b(?:conditionally|not|at least one|either|one of|exactly one|otherwise|both|becomes?|if)\b|\b(?:unless|when|exclusive)\b",
        )
    });
    let text = text.trim();
    if CONDITION.is_match(text) {
        return None;
    }
    let first = sentences(text).next().unwrap_or_default();
    let whole = [text, first];
    let mut said: Vec<Presence> = whole
        .iter()
        .copied()
        .chain(sentences(text))
        .filter_map(|part| MARKER.iter().find_map(|marker| marker.captures(part)))
        .filter_map(|found| found.get(1))
        .map(|word| match word.as_str().to_ascii_lowercase().as_str() {
            "required" => Presence::Required,
            _ => Presence::Optional,
        })
        .collect();
    said.dedup();
    match said.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}
