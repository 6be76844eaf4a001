//! Dates and times: `YYYY-MM-DD`, RFC 3339, seconds since the epoch.

use std::sync::LazyLock;

use super::{Pattern, pattern};

/// How a description says that a moment is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Moment {
    /// `YYYY-MM-DD`.
    Date,
    /// A date with a time, as RFC 3339 has it.
    DateTime,
    /// ISO 8601, which has both.
    Iso,
    /// A date in another order or with other separators, as it is written in the text.
    Other(String),
    /// A number of seconds or milliseconds.
    Epoch,
}

/// Returns how a plain text says that a moment is written; nothing when it says more than one way.
pub(in super::super) fn moment(text: &str) -> Option<Moment> {
    static YEAR_FIRST: Pattern = LazyLock::new(|| pattern(r"(?i)\byyyy([-/.]?)mm([-/.]?)dd"));
    static YEAR_LAST: Pattern = LazyLock::new(|| pattern(r"(?i)\b(?:mm|dd)([-/.])(?:dd|mm)[-/.]yy(?:yy)?\b"));
    static CLOCK: Pattern =
        LazyLock::new(|| pattern(r"(?i)h{1,2}:?mm|hh:ii|\d{4}-\d\d-\d\d[t ]\d\d|dd['`]?t['`]?h"));
    static CLOCK_IN_WORDS: Pattern =
        LazyLock::new(|| pattern(r"(?i)\bhour|\btime ?zone|\boffset\b|date[- ]?(?:and )?time|timestamp"));
    static RFC: Pattern = LazyLock::new(|| pattern(r"(?i)\brfc[ -]?3339\b"));
    static ISO: Pattern = LazyLock::new(|| pattern(r"(?i)\biso[ -]?8601\b"));
    static EPOCH: Pattern = LazyLock::new(|| {
        pattern(
            r"(?i)\bunix(?: epoch)? (?:time)?stamp|\bunix time\b|\b(?:milli)?seconds since (?:the )?(?:unix )?epoch|\bepoch (?:milli)?seconds|\bunix epoch\b",
        )
    });
    static DURATION: Pattern =
        LazyLock::new(|| pattern(r"(?i)\bduration|\binterval|\bperiod|\bor\b[^.\n]{0,40}\bdate"));
    if DURATION.is_match(text) {
        return None;
    }
    let clock = CLOCK.is_match(text);
    let words = CLOCK_IN_WORDS.is_match(text);
    let mut found = Vec::new();
    let mut year_first = YEAR_FIRST.captures_iter(text).peekable();
    if year_first.peek().is_some() {
        let dashed = |group: Option<regex::Match<'_>>| group.is_some_and(|it| it.as_str() == "-");
        let other = year_first.find(|it| !dashed(it.get(1)) || !dashed(it.get(2)));
        found.push(match (other.and_then(|it| it.get(0)), clock) {
            (Some(other), false) => Moment::Other(other.as_str().to_owned()),
            (Some(_), true) => return None,
            (None, true) => Moment::DateTime,
            // Whether a time comes with the date is not clear then.
            (None, false) if words => return None,
            (None, false) => Moment::Date,
        });
    }
    if let Some(other) = YEAR_LAST.find(text) {
        found.push(Moment::Other(other.as_str().to_owned()));
    }
    if EPOCH.is_match(text) {
        found.push(Moment::Epoch);
    }
    if found.is_empty() && RFC.is_match(text) {
        found.push(if clock || words { Moment::DateTime } else { Moment::Iso });
    }
    if found.is_empty() && ISO.is_match(text) {
        found.push(Moment::Iso);
    }
    match found.len() {
        1 => found.pop(),
        _ => None,
    }
}
