//! Strings from ECMA-262 patterns.
//!
//! A pattern is translated to Rust's syntax, its anchors and boundaries are taken out, and what is left is
//! made printable and bounded, because `proptest` refuses anchors and would otherwise stray into control
//! characters. The result is a good guess: the caller checks it against the contract. Patterns with
//! look-around or back-references have no strategy here.

use proptest::strategy::{SBoxedStrategy, Strategy};
use proptest::string::string_regex_parsed;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};

use super::shape::TextLimits;

/// The most repetitions that an open-ended repetition adds to its least.
const OPEN: u32 = 8;

/// The most repetitions of any part; a pattern that asks for more is not generated from.
const MOST: u32 = 4096;

/// How deeply the groups of a pattern may nest.
const DEPTH: usize = 64;

/// Returns a strategy for printable strings that match `pattern`; `None` when the pattern is beyond it.
///
/// The limits of the length bound open-ended repetitions.
pub(super) fn strategy(pattern: &str, limits: &TextLimits) -> Option<SBoxedStrategy<String>> {
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    let hir = regex_syntax::Parser::new().parse(&translated).ok()?;
    let length = |length: usize| u32::try_from(length).unwrap_or(MOST).min(MOST);
    let open = limits.max.map_or(OPEN, |most| length(most).min(64)).max(length(limits.min));
    let bounded = plain(&hir, open, DEPTH)?;
    Some(string_regex_parsed(&bounded).ok()?.sboxed())
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
