//! Null: "may be null", "null if there is none", "never null".

use std::sync::LazyLock;

use super::{Pattern, pattern, sentences};

/// Whether a description says that a field can be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Null {
    /// It says so.
    Possible,
    /// It says the opposite.
    Impossible,
}

/// Returns what a plain text says about null.
pub(in super::super) fn null(text: &str) -> Option<Null> {
    const SUBJECT: &str = r"(?:(?:this|the)(?: (?:field|value|property|attribute|parameter|object|key))?(?: itself)?|it|value|and|but|which)?";
    static POSSIBLE: LazyLock<[regex::Regex; 3]> = LazyLock::new(|| {
        [
            pattern(&format!(
                r"(?i)(?:^|, |\(){SUBJECT} ?(?:can|may|might|could|will|is|would)(?: also| either)? (?:be )?[`']?null[`']?(?:$|[,):]| (?:if|when|for|until|unless|otherwise|in case))"
            )),
            pattern(r"(?i)^[`']?null[`']? (?:if|when|until|unless|otherwise|in case|on|while|for)\b"),
            pattern(
                r"(?i)(?:,| -| –|\(|:) ?(?:or )?[`']?null[`']? (?:if|when|until|unless|otherwise|in case)\b|^nullable$|\(nullable\)|\bor [`']?null[`']?$",
            ),
        ]
    });
    static IMPOSSIBLE: Pattern = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:^|, ){SUBJECT} ?(?:cannot|can not|can't|must not|will never|may not|can never|should not|is never|never) (?:be )?[`']?null[`']?(?: or empty)?(?:$|[,)])|^(?:non-null|non-nullable|not null|not nullable)$"
        ))
    });
    static OTHER_SUBJECT: Pattern = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:items?|elements?|entries|fields|properties|values|keys|attributes|set to|pass|use|send|specify|provide|both|all|either|input|deprecated|members?|passing|omitted|unset|clear|remove)\b",
        )
    });
    let mut said = Vec::new();
    for sentence in sentences(text) {
        let sentence = sentence.trim_end_matches(['.', '*']);
        if OTHER_SUBJECT.is_match(sentence) {
            continue;
        }
        if IMPOSSIBLE.is_match(sentence) {
            said.push(Null::Impossible);
        } else if let Some(found) = POSSIBLE.iter().find_map(|it| it.find(sentence)) {
            // What is in backticks before may be another field, whose value this is about.
            let before = sentence.get(..found.start()).unwrap_or_default();
            let about = before.contains('`') && before.contains(" is ");
            if !about {
                said.push(Null::Possible);
            }
        }
    }
    said.dedup();
    match said.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}
