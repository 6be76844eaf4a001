//! What descriptions say, in English: statements that a schema could make as well.
//!
//! Each file here recognises one kind of statement. They know nothing of schemas, and return nothing rather than
//! something doubtful: an alarm that is wrong costs more than one that is missing.

mod dates;
mod defaults;
mod lengths;
mod null;
mod presence;
mod values;

use std::sync::LazyLock;

use regex::Regex;

pub(super) use dates::{Moment, moment};
pub(super) use defaults::default_value;
pub(super) use lengths::{Bounds, lengths, range};
pub(super) use null::{Null, null};
pub(super) use presence::{Presence, presence};
pub(super) use values::{listing, same_word};

/// How much of a description is read.
const MAX_LENGTH: usize = 20_000;

/// A pattern that is compiled once.
type Pattern = LazyLock<Regex>;

/// Compiles a pattern of this program.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this program are right, as its tests show")
}

/// Returns a description without markup: HTML and emphasis are gone, code of any notation is in backticks.
pub(super) fn plain_text(description: &str) -> String {
    static CODE: Pattern = LazyLock::new(|| pattern(r"(?i)</?(?:code|tt|kbd)>"));
    static ITEM: Pattern = LazyLock::new(|| pattern(r"(?i)<li[^<>]*>"));
    static BREAK: Pattern = LazyLock::new(|| pattern(r"(?i)</?(?:br|p|ul|ol|li|div|tr|h\d)\b[^<>]*>"));
    static TAG: Pattern = LazyLock::new(|| pattern(r"</?[A-Za-z][^<>]{0,200}>"));
    static LINK: Pattern = LazyLock::new(|| pattern(r"\[([^\[\]\n]{1,200})\]\([^()\n]{0,500}\)"));
    static EMPHASIS: Pattern = LazyLock::new(|| pattern(r"\*\*|\B__|__\B|```"));
    let cut = description.char_indices().nth(MAX_LENGTH).map_or(description.len(), |(at, _)| at);
    let text = description.get(..cut).unwrap_or(description);
    let text = CODE.replace_all(text, "`");
    let text = ITEM.replace_all(&text, "\n- ");
    let text = BREAK.replace_all(&text, "\n");
    let text = TAG.replace_all(&text, "");
    let text = LINK.replace_all(&text, "$1");
    let text = EMPHASIS.replace_all(&text, "");
    text.replace("&nbsp;", " ").replace("&quot;", "\"").replace("\\_", "_").replace("``", "`")
}

/// Splits plain text into sentences and items of lists, trimmed.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    static END: Pattern = LazyLock::new(|| pattern(r"[.!?;](?:\s+|$)|\n\s*\n|\n\s*[-*•]\s+|\n"));
    END.split(text).map(str::trim).filter(|sentence| !sentence.is_empty())
}

/// The words in backticks, in the order of the text.
pub(super) fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    static SPAN: Pattern = LazyLock::new(|| pattern(r"`([^`\n]{1,80})`"));
    SPAN.captures_iter(text).filter_map(|found| found.get(1)).map(|found| found.as_str())
}
