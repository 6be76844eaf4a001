//! Strings from ECMA-262 patterns.
//!
//! A pattern is translated to Rust's syntax, its anchors and boundaries are taken out, and what is left is
//! made printable and bounded, because `proptest` refuses anchors and would otherwise stray into control
//! characters. Look-around goes as well. The result is a good guess: the caller checks it against the contract.
//! Patterns with back-references have no strategy here.

use proptest::strategy::{SBoxedStrategy, Strategy};
use proptest::string::string_regex_parsed;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition};

use super::shape::TextLimits;

/// The most repetitions that an open-ended repetition adds to its least.
const OPEN: u32 = 8;

/// The most repetitions of any part; a pattern that asks for more is not generated from.
const MOST: u32 = 4096;

/// The longest text that is made to reach the end of a pattern.
const LONGEST: usize = 256;

/// How deeply the groups of a pattern may nest.
const DEPTH: usize = 64;

/// Returns a strategy for printable strings that match `pattern`; `None` when the pattern is beyond it.
///
/// The limits of the length bound open-ended repetitions.
pub(super) fn strategy(pattern: &str, limits: &TextLimits) -> Option<SBoxedStrategy<String>> {
    let parse = |pattern: &str| {
        let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
        regex_syntax::Parser::new().parse(&translated).ok()
    };
    let hir = parse(pattern).or_else(|| parse(&without_look_around(pattern)?))?;
    let length = |length: usize| u32::try_from(length).unwrap_or(MOST).min(MOST);
    let open = limits.max.map_or(OPEN, |most| length(most).min(64)).max(length(limits.min));
    let bounded = plain(&hir, open, DEPTH)?;
    Some(string_regex_parsed(&bounded).ok()?.sboxed())
}

/// Returns the shortest and the longest text that a pattern describes, where it bounds their length and they differ; none where
/// it is beyond this.
pub(super) fn extremes(pattern: &str) -> Vec<String> {
    let parse = || {
        let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
        regex_syntax::Parser::new().parse(&translated).ok()
    };
    let Some(hir) = parse() else { return Vec::new() };
    let properties = hir.properties();
    // Without both anchors anything may come before or after it.
    let is_whole = properties.look_set_prefix().contains(Look::Start)
        && properties.look_set_suffix().contains(Look::End);
    if !is_whole || properties.minimum_len() == properties.maximum_len() || properties.maximum_len().is_none()
    {
        return Vec::new();
    }
    [End::Least, End::Most].into_iter().filter_map(|end| written(&hir, end, DEPTH)).collect()
}

/// Which of the texts that a pattern describes is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Least,
    Most,
}

/// One text at an end of the lengths that an expression allows.
fn written(hir: &Hir, end: End, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => String::new(),
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_vec()).ok()?,
        HirKind::Class(Class::Unicode(class)) => usual(&printable(class))?.to_string(),
        HirKind::Class(_) => return None,
        HirKind::Repetition(repetition) => {
            let count = if end == End::Least { repetition.min } else { repetition.max? };
            let count = usize::try_from(count).ok().filter(|count| *count <= LONGEST)?;
            written(&repetition.sub, end, depth)?.repeat(count)
        }
        HirKind::Capture(capture) => written(&capture.sub, end, depth)?,
        HirKind::Concat(parts) => {
            parts.iter().map(|part| written(part, end, depth)).collect::<Option<String>>()?
        }
        HirKind::Alternation(branches) => {
            let all = branches.iter().map(|it| written(it, end, depth)).collect::<Option<Vec<_>>>()?;
            let length = |it: &String| it.chars().count();
            let wanted = if end == End::Least {
                all.into_iter().min_by_key(length)
            } else {
                all.into_iter().max_by_key(length)
            };
            wanted?
        }
    })
    .filter(|text| text.len() <= LONGEST)
}

/// A character of a class, rather a digit or a letter than anything else.
fn usual(class: &ClassUnicode) -> Option<char> {
    let has = |wanted: &char| class.ranges().iter().any(|it| (it.start()..=it.end()).contains(wanted));
    ['1', 'A', 'a'].into_iter().find(has).or_else(|| class.ranges().first().map(ClassUnicodeRange::start))
}

/// Takes the groups out that only look ahead or behind; `None` when there are none.
fn without_look_around(pattern: &str) -> Option<String> {
    let mut kept = String::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut found = false;
    while let Some(first) = rest.chars().next() {
        if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| rest.starts_with(start)) {
            rest = rest.get(group(rest)?..)?;
            found = true;
            continue;
        }
        // An escape keeps the character after it from meaning anything.
        let length = match first {
            '\\' => first.len_utf8() + rest.chars().nth(1).map_or(0, char::len_utf8),
            '[' => class(rest)?,
            _ => first.len_utf8(),
        };
        kept.push_str(rest.get(..length)?);
        rest = rest.get(length..)?;
    }
    found.then_some(kept)
}

/// Returns the length of the group that a text starts with.
fn group(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let first = rest.chars().next()?;
        match first {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        at += match first {
            '\\' => first.len_utf8() + rest.chars().nth(1).map_or(0, char::len_utf8),
            '[' => class(rest)?,
            _ => first.len_utf8(),
        };
        if open == 0 {
            return Some(at);
        }
    }
}

/// Returns the length of the character class that a text starts with.
fn class(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Rebuilds an expression without look nodes, with printable classes and bounded repetitions.
fn plain(hir: &Hir, open: u32, depth: usize) -> Option<Hir> {
    let depth = depth.checked_sub(1)?;
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0.clone()),
        HirKind::Class(Class::Unicode(class)) => Hir::class(Class::Unicode(printable(class))),
        HirKind::Class(class) => Hir::class(class.clone()),
        HirKind::Repetition(repetition) => {
            let min = repetition.min;
            let max = repetition.max.unwrap_or_else(|| min.saturating_add(open));
            if min > MOST {
                return None;
            }
            Hir::repetition(Repetition {
                min,
                max: Some(max.clamp(min, MOST)),
                greedy: true,
                sub: Box::new(plain(&repetition.sub, open, depth)?),
            })
        }
        HirKind::Capture(capture) => plain(&capture.sub, open, depth)?,
        HirKind::Concat(parts) => {
            Hir::concat(parts.iter().map(|part| plain(part, open, depth)).collect::<Option<Vec<_>>>()?)
        }
        HirKind::Alternation(branches) => {
            Hir::alternation(branches.iter().map(|it| plain(it, open, depth)).collect::<Option<Vec<_>>>()?)
        }
    })
}

/// Keeps the printable ASCII of a class, or all of a class that has none.
fn printable(class: &ClassUnicode) -> ClassUnicode {
    let mut kept = class.clone();
    kept.intersect(&ClassUnicode::new([ClassUnicodeRange::new(' ', '~')]));
    if kept.ranges().is_empty() { class.clone() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::extremes;

    #[test]
    fn the_ends_of_a_pattern_are_where_it_bounds_the_length() {
        assert_eq!(extremes(r"^[1-9]\d{0,9}$"), ["1", "1111111111"]);
        assert_eq!(extremes("^(?:ab|[A-Z]{2,3}-x?)$"), ["ab", "AAA-x"]);
        for unbounded in [r"^\d{9}$", r"^\d+$", r"\d{1,3}", "^a{1,3}", "^(", r"^(?=a)\d{1,3}$", "^a{1,9999}$"]
        {
            let ends = extremes(unbounded);
            assert!(ends.iter().all(|end| end.len() < 2), "{unbounded}: {ends:?}");
        }
    }
}
