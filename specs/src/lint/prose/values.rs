//! Lists of values: "one of `a`, `b` or `c`", "Possible values: a, b", or a bulleted list of them.

use std::sync::LazyLock;

use regex::Regex;

use super::{Pattern, pattern};

/// Values that a description lists.
#[derive(Debug, Default)]
pub(in super::super) struct Listing {
    pub(in super::super) values: Vec<String>,
    /// Whether the words say that there are no others.
    pub(in super::super) complete: bool,
    /// Whether a phrase such as "one of" introduces the list, or it merely looks like one.
    pub(in super::super) introduced: bool,
}

static TRIGGER: Pattern = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:one of(?: the following| these)?(?: (?:values|options|strings|types))?",
        r"|(?:possible|allowed|valid|available|supported|accepted|permitted|acceptable) ",
        r"(?:enum )?(?:values|options|statuses|states|types|choices)(?: (?:is|are))?(?: the following)?",
        r"|(?:value )?(?:must|can|may|should|will) be either)\s*(?:[:=]|[-–]\s)?\s*",
    ))
});
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"^(?:`["']?([^`"'\n]{1,60})["']?`|"([^"\n]{1,60})"|'([^'\n]{1,60})'|“([^”\n]{1,60})”"#,
        r"|([A-Za-z0-9_][A-Za-z0-9_.\-]{0,50}))",
    ))
});
static SEPARATOR: Pattern = LazyLock::new(|| {
    pattern(
        r"(?i)^[ \t]*(?:\([^()\n]{0,120}\)[ \t]*)?(?:,\s*(?:or|and)\s+|,\s*|\s+(?:or|and)\s+|[ \t]*\|\s*|[ \t]*/[ \t]*)",
    )
});
static END: Pattern =
    LazyLock::new(|| pattern(r#"^[ \t]*(?:\([^()\n]{0,120}\)[ \t]*)?(?:\.(?:\s|$)|[;)\]\n]|$)"#));
static BULLET: Pattern = LazyLock::new(|| {
    pattern(concat!(
        r#"^\s*(?:[-*•+]|\d+\.)\s+(?:`["']?([^`"'\n]{1,60})["']?`|"([^"\n]{1,60})"|'([^'\n]{1,60})'"#,
        r"|([A-Za-z0-9_][A-Za-z0-9_.\-]{0,50})\s*(?:$|:\s|\s[-–—=]\s))",
    ))
});

/// Returns the values that a plain text lists, when it lists two or more.
pub(in super::super) fn listing(text: &str) -> Option<Listing> {
    let mut listing = Listing::default();
    let mut lists = 0;
    for trigger in TRIGGER.find_iter(text) {
        let before = text.get(..trigger.start()).unwrap_or_default();
        let rest = text.get(trigger.end()..).unwrap_or_default();
        let (values, open) = match inline(rest) {
            Some((values, open)) => (values, open),
            None => (bullets(rest, true), false),
        };
        if values.len() < 2 || is_about_something_else(before) {
            continue;
        }
        lists += 1;
        listing.introduced = true;
        listing.complete = lists == 1 && !open && !example(before);
        add(&mut listing.values, values);
    }
    if listing.values.is_empty() {
        let values = bullets(text, false);
        if values.len() >= 2 {
            add(&mut listing.values, values);
        }
    }
    (listing.values.len() >= 2).then_some(listing)
}

/// Whether two words are the same value but for case and punctuation.
pub(in super::super) fn same_word(one: &str, other: &str) -> bool {
    let letters = |text: &str| {
        text.chars().filter(|next| next.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let (folded, others) = (letters(one), letters(other));
    if folded.is_empty() { one == other } else { folded == others }
}

fn add(values: &mut Vec<String>, more: Vec<String>) {
    for value in more {
        if !values.contains(&value) {
            values.push(value);
        }
    }
}

/// A list within a sentence, and whether it goes on after its last item.
fn inline(text: &str) -> Option<(Vec<String>, bool)> {
    let mut values = Vec::new();
    let mut rest = text;
    let mut bare = false;
    loop {
        let item = ITEM.captures(rest)?;
        let quoted = item.iter().skip(1).take(4).flatten().next();
        let value = quoted.or_else(|| item.get(5))?;
        let word = value.as_str().trim();
        // A full stop ends the sentence, and is no part of its last word.
        let ends_sentence = quoted.is_none() && word.ends_with('.');
        let word = if quoted.is_none() { word.trim_end_matches('.') } else { word };
        let continues = quoted.is_none()
            && matches!(word.to_ascii_lowercase().as_str(), "etc" | "others" | "other" | "more");
        if continues && !values.is_empty() {
            return Some((values, true));
        }
        bare |= quoted.is_none();
        values.push(word.to_owned());
        rest = rest.get(item.get(0)?.end()..).unwrap_or_default();
        if ends_sentence {
            return Some((values, false));
        }
        if let Some(separator) = SEPARATOR.find(rest) {
            let after = rest.get(separator.end()..).unwrap_or_default();
            let ends = after.is_empty() || (!ITEM.is_match(after));
            // Words in quotes may be followed by prose; bare words may not, they would be prose themselves.
            if !bare && (ends || ITEM.captures(after).is_some_and(|next| next.get(5).is_some())) {
                return Some((values, !ends && is_open(after)));
            }
            rest = after;
            continue;
        }
        return if !bare || END.is_match(rest) {
            let open = rest.trim_start().starts_with("...") || rest.trim_start().starts_with('…');
            Some((values, open))
        } else {
            None
        };
    }
}

fn is_open(after: &str) -> bool {
    let after = after.to_ascii_lowercase();
    ["etc", "other", "more", "any "].iter().any(|word| after.starts_with(word))
}

/// A bulleted list: directly here, or anywhere in the text.
fn bullets(text: &str, here: bool) -> Vec<String> {
    let mut values = Vec::new();
    for line in text.lines() {
        if let Some(item) = BULLET.captures(line) {
            let value = item.iter().skip(1).flatten().next().map(|found| found.as_str().trim().to_owned());
            values.extend(value);
        } else if line.trim_start().starts_with(['-', '*', '•', '+']) && line.trim().len() > 1 {
            // One item that is prose: the others are not values either.
            return Vec::new();
        } else if !line.trim().is_empty() {
            // A list that has begun goes on with indented lines only; one that is awaited has to begin at once.
            let ends = if values.is_empty() { here } else { !line.starts_with(' ') };
            if ends {
                break;
            }
        }
    }
    values
}

fn example(before: &str) -> bool {
    let tail: String = before.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
    let tail = tail.to_ascii_lowercase();
    ["e.g.", "i.e.", "for example", "such as", "like"].iter().any(|word| tail.contains(word))
}

/// Whether the sentence before "one of" speaks of another field, or of a condition.
fn is_about_something_else(before: &str) -> bool {
    let sentence = before.rsplit(['\n', '.', ';']).next().unwrap_or_default().to_ascii_lowercase();
    let words =
        ["if ", "when ", "unless ", "`", " only ", "at least ", "except", "not ", "where ", "contain"];
    words.iter().any(|word| sentence.contains(word)) || sentence.trim_end().ends_with("any")
}
