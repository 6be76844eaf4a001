//! Strings: personal values by name, formats, patterns, lengths, and plain text.
//!
//! Everything is printable. Where several sources could serve (a name that says "ssn" and a pattern), each
//! is asked in turn and the first whose values the schema accepts is taken.

use std::sync::Arc;

use proptest::strategy::{SBoxedStrategy, Strategy, Union};
use serde_json::Value;

use super::shape::TextLimits;
use super::{format, pattern, personal, tagged};
use crate::run_tag::RunTag;

/// The longest string that is sent to meet a `maxLength`.
const LONGEST: usize = 4096;

/// How many strings of a source are looked at before it is trusted.
const SAMPLES: usize = 16;

/// How much longer than its least length a string without `maxLength` gets.
const SLACK: usize = 20;

/// Judges whether the schema accepts a string.
pub(super) type Accepts = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Returns a strategy for the strings of a schema; `None` when no source gives a valid one.
pub(super) fn strategy(
    name: &str,
    limits: &TextLimits,
    samples: &[Value],
    accepts: &Accepts,
    tag: Option<&RunTag>,
) -> Option<SBoxedStrategy<String>> {
    let mut sources = personal::strategies(name);
    if sources.is_empty() {
        sources.extend(tag.into_iter().flat_map(|tag| tagged::strategies(tag, name, limits)));
    }
    sources.extend(limits.format.as_deref().and_then(format::strategy));
    for pattern in &limits.patterns {
        sources.extend(pattern::strategy(pattern, limits));
    }
    if limits.patterns.is_empty() {
        sources.push(plain(limits));
    }
    let share = |source: &SBoxedStrategy<String>| {
        let samples = super::samples(source, SAMPLES);
        samples.iter().filter(|text| accepts(text)).count()
    };
    let good = sources.iter().map(|it| (it, share(it))).find(|(_, share)| share * 4 >= SAMPLES * 3);
    let good = good.or_else(|| sources.iter().map(|it| (it, share(it))).find(|(_, share)| *share > 0));
    if let Some((strategy, share)) = good {
        if share == SAMPLES {
            return Some(strategy.clone());
        }
        let accepts = Arc::clone(accepts);
        let strategy = strategy.clone();
        return Some(strategy.prop_filter("the schema refuses it", move |text| accepts(text)).sboxed());
    }
    // A pattern with look-around: the contract's own examples, then whatever a pattern lets guess.
    let witnesses = limits.patterns.iter().filter_map(|it| jsonschema_regex::pattern_witness(it));
    let known: Vec<String> = samples
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .chain(witnesses)
        .filter(|text| accepts(text))
        .collect();
    if known.is_empty() { None } else { Some(proptest::sample::select(known).sboxed()) }
}

/// Returns strings at and just inside each limit of the length, and the format's awkward values.
pub(super) fn boundaries(limits: &TextLimits) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    if let Some(format) = &limits.format {
        texts.extend(format::boundaries(format).iter().map(|it| (*it).to_owned()));
    }
    if limits.patterns.is_empty() && limits.format.is_none() {
        let mut lengths = vec![limits.min];
        if limits.min > 0 {
            lengths.push(limits.min + 1);
        }
        if let Some(max) = limits.max.filter(|max| *max <= LONGEST) {
            lengths.extend([max, max.saturating_sub(1)]);
        }
        lengths.retain(|length| limits.max.is_none_or(|max| *length <= max));
        texts.extend(lengths.into_iter().map(of_length));
        let unicode = "Zoë Łukasz 日本 ñ".to_owned();
        if limits.max.is_none_or(|max| unicode.chars().count() <= max)
            && limits.min <= unicode.chars().count()
        {
            texts.push(unicode);
        }
    }
    texts.dedup();
    texts
}

/// Returns readable text of exactly this length.
fn of_length(length: usize) -> String {
    "boundary ".chars().cycle().take(length.saturating_sub(1)).chain((length > 0).then_some('x')).collect()
}

fn plain(limits: &TextLimits) -> SBoxedStrategy<String> {
    let least = limits.min.min(LONGEST);
    let most = limits.max.unwrap_or(least + SLACK).min(LONGEST).max(least);
    // Short ends are the most usual strings; a large `maxLength` is met by the boundary values.
    let usual = most.min(least + SLACK);
    let inner = |class: &str| {
        let expression = format!("{class}{{{},{}}}", least.max(1).min(usual), usual);
        proptest::string::string_regex(&expression).ok().map(Strategy::sboxed)
    };
    let weighted: Vec<_> = [(8, "[A-Za-z0-9]"), (1, "[ -~]"), (1, "[a-zA-Zéüñßøκλд日本語]")]
        .into_iter()
        .filter_map(|(weight, class)| Some((weight, inner(class)?)))
        .collect();
    if usual == 0 || weighted.is_empty() {
        return proptest::strategy::Just(String::new()).sboxed();
    }
    Union::new_weighted(weighted).sboxed()
}
