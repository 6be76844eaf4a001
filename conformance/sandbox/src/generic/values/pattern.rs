//! Texts that match an ECMA-262 pattern. Anchors are taken out, classes are made printable and repetitions bounded; the
//! result is a good guess, which the contract's validator judges.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::random::Random;

/// How deeply groups may nest.
const DEEPEST: usize = 64;

/// The longest text that is made.
const LONGEST: usize = 4096;

/// A text that matches; open repetitions have `more` repetitions beyond their least. Nothing where the pattern is beyond
/// this.
pub(super) fn text(pattern: &str, more: u32, random: &mut Random) -> Option<String> {
    let parse = |pattern: &str| {
        let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
        regex_syntax::Parser::new().parse(&translated).ok()
    };
    let hir = parse(pattern).or_else(|| parse(&without_looks(pattern)))?;
    let mut text = String::new();
    write(&hir, more, DEEPEST, random, &mut text)?;
    Some(text)
}

/// A pattern without the groups that only look ahead or behind.
fn without_looks(pattern: &str) -> String {
    let mut kept = String::with_capacity(pattern.len());
    let mut rest = pattern;
    // How many groups are open since the one that looks; nothing outside of one.
    let mut open: Option<usize> = None;
    let mut in_class = false;
    while let Some(first) = rest.chars().next() {
        let looks = !in_class && ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| rest.starts_with(start));
        let escaped = if first == '\\' { rest.chars().nth(1).map_or(0, char::len_utf8) } else { 0 };
        let (part, after) = rest.split_at(first.len_utf8() + escaped);
        rest = after;
        match first {
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        match open {
            None if looks => open = Some(1),
            None => kept.push_str(part),
            Some(groups) if !in_class && first == '(' => open = Some(groups + 1),
            Some(groups) if !in_class && first == ')' => open = Some(groups - 1).filter(|left| *left > 0),
            Some(_) => {}
        }
    }
    kept
}

fn write(hir: &Hir, more: u32, depth: usize, random: &mut Random, text: &mut String) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    if text.len() > LONGEST {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(character(class, random)?),
        HirKind::Repetition(repetition) => {
            let least = repetition.min;
            let most = repetition.max.unwrap_or(u32::MAX);
            for _ in 0..least.saturating_add(more).min(most) {
                write(&repetition.sub, more, depth, random, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, depth, random, text)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, more, depth, random, text)?;
            }
        }
        HirKind::Alternation(parts) => {
            let at = usize::try_from(random.below(parts.len() as u64)).unwrap_or(0);
            write(parts.get(at)?, more, depth, random, text)?;
        }
    }
    Some(())
}

/// A letter or a digit of a class where it has some, else another printable character, else any.
fn character(class: &Class, random: &mut Random) -> Option<char> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(class) => {
            class.ranges().iter().map(|it| (it.start() as u32, it.end() as u32)).collect()
        }
        Class::Bytes(class) => class.ranges().iter().map(|it| (it.start().into(), it.end().into())).collect(),
    };
    let plain = [('a', 'z'), ('0', '9'), ('A', 'Z'), ('!', '~'), (' ', ' ')];
    for (first, last) in plain {
        let inside: Vec<(u32, u32)> = ranges
            .iter()
            .map(|(from, to)| ((*from).max(first as u32), (*to).min(last as u32)))
            .filter(|(from, to)| from <= to)
            .collect();
        if !inside.is_empty() {
            let at = usize::try_from(random.below(inside.len() as u64)).unwrap_or(0);
            let (from, to) = inside.get(at)?;
            let step = u32::try_from(random.below(u64::from(to - from) + 1)).unwrap_or(0);
            return char::from_u32(from + step);
        }
    }
    ranges.first().and_then(|(from, _)| char::from_u32(*from))
}

#[cfg(test)]
mod tests {
    use driftline_specs::{Contract, Direction};

    use super::*;

    #[test]
    fn texts_match_their_patterns() {
        let patterns = [
            "^[A-Z]{2}\\d{3}$",
            "^(cat|dog)-[a-f0-9]+$",
            "^#?[0-9a-fA-F]{6}$",
            "^a.c$",
            "^(?![0-9]{8}$)^[a-z][a-z0-9-]*[a-zA-Z0-9]$",
        ];
        for pattern in patterns {
            let document = serde_json::json!({
                "openapi": "3.0.3",
                "info": {"title": "Texts", "version": "1"},
                "paths": {},
                "components": {"schemas": {"Text": {"type": "string", "pattern": pattern}}},
            });
            let contract = Contract::from_text("texts.json", &document.to_string()).unwrap();
            let validator = contract.validator("#/components/schemas/Text", Direction::Response).unwrap();
            let mut texts = (0..20).filter_map(|seed| text(pattern, 2, &mut Random::new(seed)));
            assert!(texts.any(|text| validator.is_valid(&text.into())), "{pattern}");
        }
        assert_eq!(without_looks("^(?=.*[)(])(a(?!b(c)d)|\\(?=)$"), "^(a|\\(?=)$");
        assert_eq!(text("^[A-Z]{2}\\d{3}$", 0, &mut Random::new(1)).unwrap().len(), 5);
    }

    #[test]
    fn what_is_beyond_this_is_left_alone() {
        assert_eq!(text("(a)\\1", 0, &mut Random::new(1)), None);
        assert_eq!(text("(x{1000}){1000}", 0, &mut Random::new(1)), None);
    }
}
