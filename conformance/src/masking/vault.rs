//! Which original has which placeholder, for one recording.
//!
//! Originals are numbered in the order in which they are met, kind by kind: a placeholder says which value it was the
//! first, second or third of, and nothing of the value itself. Nobody who has the recording can find out a number by
//! trying all, as with a hash.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::detect::is_apart;
use super::kind::{Kind, digits};
use super::placeholder::{alternatives, canonical, nth, render, spellings};

/// The originals that were met.
#[derive(Default)]
pub(super) struct Vault {
    /// What is told apart, in its canonical form.
    known: HashMap<String, Known>,
    counts: HashMap<Kind, u32>,
    /// Placeholders that stood there from the start, or are given out.
    taken: HashSet<String>,
    /// Texts to look for, by their first bytes in small letters.
    index: HashMap<[u8; 3], Vec<String>>,
    /// Texts that are never looked for, since they stand everywhere.
    common: HashSet<String>,
}

struct Known {
    kind: Kind,
    given: Option<Given>,
}

#[derive(Clone)]
struct Given {
    number: u32,
    /// In canonical form; what a place needs otherwise stands in `text`.
    placeholder: String,
    /// What the first place took, when it did not take the usual.
    text: Option<String>,
}

/// The shortest text that is looked for inside others.
const SHORTEST: usize = 3;

impl Vault {
    /// Makes one that never looks for these texts.
    pub(super) fn new(common: HashSet<String>) -> Vault {
        Vault { common, ..Vault::default() }
    }

    /// Whether a text stands everywhere.
    pub(super) fn is_common(&self, text: &str) -> bool {
        self.common.contains(text)
    }

    /// Remembers an original.
    pub(super) fn learn(&mut self, kind: Kind, value: &str) {
        let key = canonical(kind, value);
        if key.is_empty() || self.known.contains_key(&key) {
            return;
        }
        for text in spelt(kind, value, &key) {
            if self.is_telling(kind, &text)
                && let Some(start) = start(&text)
            {
                let list = self.index.entry(start).or_default();
                if !list.contains(&text) {
                    list.push(text);
                }
            }
        }
        self.known.insert(key, Known { kind, given: None });
    }

    /// Remembers that a placeholder stands there already, so that it is given to nobody else.
    pub(super) fn keep(&mut self, kind: Kind, value: &str) {
        self.taken.insert(canonical(kind, value));
    }

    /// Returns the placeholder of an original, as a place takes it: the one that it has elsewhere, if that is possible.
    pub(super) fn replace(
        &mut self,
        kind: Kind,
        value: &str,
        mut accepts: impl FnMut(&str) -> bool,
    ) -> String {
        self.learn(kind, value);
        let key = canonical(kind, value);
        let (kind, given) = self.given(kind, &key);
        let usual = render(kind, &given.placeholder, value);
        if let Some(text) = given.text.filter(|it| accepts(it)) {
            return text;
        }
        if accepts(&usual) {
            return usual;
        }
        let found =
            alternatives(given.number, &usual, value).into_iter().find(|it| it != value && accepts(it));
        let Some(text) = found else { return usual };
        self.settle(kind, value, &text);
        text
    }

    /// Remembers what a place took that no usual placeholder fits. What is written in several ways is not remembered in
    /// one of them.
    pub(super) fn settle(&mut self, kind: Kind, value: &str, text: &str) {
        if let Some(Known { kind, given: Some(given) }) = self.known.get_mut(&canonical(kind, value))
            && !kind.is_digits()
            && *kind != Kind::BirthDate
        {
            given.text.get_or_insert_with(|| text.to_owned());
        }
    }

    /// Returns which of its kind an original is.
    pub(super) fn number(&mut self, kind: Kind, value: &str) -> u32 {
        self.learn(kind, value);
        self.given(kind, &canonical(kind, value)).1.number
    }

    fn given(&mut self, kind: Kind, key: &str) -> (Kind, Given) {
        let known = self.known.get(key);
        let kind = known.map_or(kind, |it| it.kind);
        if let Some(given) = known.and_then(|it| it.given.clone()) {
            return (kind, given);
        }
        let count = self.counts.entry(kind).or_default();
        let given = loop {
            let number = *count;
            *count += 1;
            let placeholder = nth(kind, number, key);
            let form = canonical(kind, &placeholder);
            let free = !self.known.contains_key(&form) && !self.taken.contains(&form);
            // A kind has a million placeholders or more; dates have as many as a year has days, then they are shared.
            if free || number > 1_000_000 || (kind == Kind::BirthDate && number % 1_000 == 999) {
                self.taken.insert(form);
                break Given { number, placeholder, text: None };
            }
        };
        self.known.insert(key.to_owned(), Known { kind, given: Some(given.clone()) });
        (kind, given)
    }

    /// Returns what an original is, when the whole text is one.
    pub(super) fn whole(&self, text: &str) -> Option<Kind> {
        let trimmed = text.trim();
        if self.common.contains(trimmed) || trimmed.chars().count() < SHORTEST {
            return None;
        }
        let digits = digits(trimmed);
        let plain =
            trimmed.chars().all(|it| it.is_ascii_digit() || matches!(it, '-' | ' ' | '(' | ')' | '.' | '+'));
        let of =
            |key: &str, fits: fn(Kind) -> bool| self.known.get(key).map(|it| it.kind).filter(|it| fits(*it));
        let number = if plain && digits.len() >= 7 { of(&digits, Kind::is_digits) } else { None };
        // A short number is one of many things.
        if number.is_none() && trimmed.len() < 5 && digits.len() == trimmed.len() {
            return None;
        }
        // What is short and not a name is more often something else.
        let long = trimmed.chars().count() >= 6;
        let exact = of(trimmed, |_| true).filter(|it| {
            long || !matches!(it, Kind::Credential | Kind::Sensitive | Kind::FullName | Kind::Street)
        });
        number
            .or(exact)
            .or_else(|| of(&trimmed.to_lowercase(), Kind::ignores_case))
            .or_else(|| of(&canonical(Kind::BirthDate, trimmed), |kind| kind == Kind::BirthDate))
    }

    /// Returns where originals stand in a text.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
        if self.index.is_empty() {
            return found;
        }
        let mut end = 0;
        for (at, _) in text.char_indices() {
            if at < end {
                continue;
            }
            let Some(rest) = text.get(at..) else { continue };
            let Some(list) = start(rest).and_then(|it| self.index.get(&it)) else { continue };
            let longest = list
                .iter()
                .filter(|it| begins(rest, it) && stands_alone(text, &(at..at + it.len()), it))
                .max_by_key(|it| it.len());
            if let Some(original) = longest
                && let Some(kind) = self.kind_of(original)
            {
                end = at + original.len();
                found.push((at..end, kind));
            }
        }
        found
    }

    /// Whether bytes hold an original somewhere.
    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        !self.find(&String::from_utf8_lossy(bytes)).is_empty()
    }

    fn kind_of(&self, original: &str) -> Option<Kind> {
        let kinds = [Kind::SocialSecurityNumber, Kind::Phone, Kind::BirthDate, Kind::Email, Kind::Sensitive];
        kinds.into_iter().find_map(|kind| self.known.get(&canonical(kind, original)).map(|it| it.kind))
    }

    /// Whether a text says enough to be looked for inside others.
    fn is_telling(&self, kind: Kind, text: &str) -> bool {
        let (length, digits) = (text.chars().count(), digits(text).len());
        let long = match kind {
            Kind::FirstName | Kind::LastName | Kind::City => length >= SHORTEST,
            _ => length >= 5,
        };
        let number = text.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'.' | b'-'));
        long && (!number || digits >= 7) && !self.common.contains(text)
    }
}

/// How an original may be written elsewhere.
fn spelt(kind: Kind, value: &str, key: &str) -> Vec<String> {
    let mut texts = vec![value.trim().to_owned()];
    if kind == Kind::BirthDate {
        texts.extend(spellings(key));
    } else if kind.is_digits() {
        texts.push(key.to_owned());
    }
    texts
}

fn start(text: &str) -> Option<[u8; 3]> {
    let mut first = *text.as_bytes().first_chunk::<3>()?;
    first.make_ascii_lowercase();
    Some(first)
}

/// Whether a text begins with an original; short ones keep their case, so that `Will` is not `will`.
fn begins(text: &str, original: &str) -> bool {
    match text.get(..original.len()) {
        Some(head) if original.len() < 5 => head == original,
        Some(head) => head.eq_ignore_ascii_case(original),
        None => false,
    }
}

/// Whether what was found is not the middle of something else. Long numbers need only end where digits end.
fn stands_alone(text: &str, range: &Range<usize>, original: &str) -> bool {
    if digits(original).len() >= 9 || original.len() >= 24 {
        let digit = |it: Option<char>| it.is_some_and(|it| it.is_ascii_digit());
        let before = text.get(..range.start).and_then(|it| it.chars().next_back());
        let after = text.get(range.end..).and_then(|it| it.chars().next());
        return !digit(before) && !digit(after);
    }
    is_apart(text, range)
}
