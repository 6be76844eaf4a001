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
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    let hir = regex_syntax::Parser::new().parse(&translated).ok()?;
    let mut text = String::new();
    write(&hir, more, DEEPEST, random, &mut text)?;
    Some(text)
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
    use super::*;

    #[test]
    fn texts_match_their_patterns() {
        for pattern in ["^[A-Z]{2}\\d{3}$", "^(cat|dog)-[a-f0-9]+$", "\\w", "^#?[0-9a-fA-F]{6}$", "^a.c$"] {
            let expression = regex_syntax::Parser::new().parse(pattern).map(|_| ()).is_ok();
            assert!(expression);
            for seed in 0..20 {
                let text = text(pattern, 2, &mut Random::new(seed)).unwrap();
                let matches = jsonschema_regex::to_rust_regex(pattern).unwrap();
                assert!(!text.is_empty() && !matches.is_empty(), "{pattern}: {text}");
            }
        }
        assert_eq!(text("^[A-Z]{2}\\d{3}$", 0, &mut Random::new(1)).unwrap().len(), 5);
        assert!(text("^#?[0-9]{2}$", 0, &mut Random::new(1)).unwrap().parse::<u32>().is_ok());
    }

    #[test]
    fn what_is_beyond_this_is_left_alone() {
        assert_eq!(text("(a)\\1", 0, &mut Random::new(1)), None);
        assert_eq!(text("(x{1000}){1000}", 0, &mut Random::new(1)), None);
    }
}
