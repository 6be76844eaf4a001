//! Masks what stands somewhere in a text: what is known already, what looks like a person's data, and what becomes
//! either when it is decoded.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::detect::{self, MASKED_USER};
use super::kind::Kind;
use super::{DEPTH, Masker};

/// What stays as it is when a decoded text is encoded again.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'=')
    .remove(b'&')
    .remove(b',')
    .remove(b';');

/// The shortest text that is taken for base64.
const SHORTEST_BASE64: usize = 12;

impl Masker<'_> {
    /// Masks a text of which nothing is known but what it says.
    pub(super) fn text(&mut self, text: &str) -> String {
        if let Some(kind) = self.vault.whole(text) {
            if self.stays() {
                return text.to_owned();
            }
            return self.vault.replace(kind, text, |_| true);
        }
        if self.depth >= DEPTH {
            return self.spans(text);
        }
        self.depth += 1;
        let masked = self.decoding(text);
        self.depth -= 1;
        masked
    }

    /// Masks a text with what it holds in other forms.
    fn decoding(&mut self, text: &str) -> String {
        let alone = !text.contains(char::is_whitespace);
        if alone && (text.starts_with("http://") || text.starts_with("https://") || text.starts_with('/')) {
            return self.url(None, text);
        }
        if let Some((before, content)) = text.split_once(";base64,")
            && alone
            && before.starts_with("data:")
        {
            return format!("{before};base64,{}", self.encoded_file(content));
        }
        let masked = self.spans(text);
        let masked = self.base64(&masked);
        if masked.contains('%') { self.percent(&masked) } else { masked }
    }

    /// Replaces what is known and what is detected; where the two overlap, what is known and then what is longer.
    fn spans(&mut self, text: &str) -> String {
        let mut spans: Vec<(Range<usize>, Kind)> =
            if self.stays() { Vec::new() } else { self.vault.find(text) };
        for hit in detect::find(text) {
            let overlaps = |range: &Range<usize>| range.start < hit.range.end && hit.range.start < range.end;
            let covers = |range: &Range<usize>| hit.range.start <= range.start && range.end <= hit.range.end;
            // A detected address that has a known name in it is replaced as a whole.
            spans.retain(|(range, _)| !(overlaps(range) && covers(range)));
            if !spans.iter().any(|(range, _)| overlaps(range)) {
                spans.push((hit.range, hit.kind));
            }
        }
        spans.sort_by_key(|(range, _)| range.start);
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for (range, kind) in spans {
            let found = text.get(range.clone()).unwrap_or_default();
            masked.push_str(text.get(at..range.start).unwrap_or_default());
            at = range.end;
            if self.stays() {
                self.learn(kind, found);
                masked.push_str(found);
            } else if kind == Kind::Credential
                && text.get(..range.start).is_some_and(|it| it.ends_with("://"))
            {
                masked.push_str(MASKED_USER);
            } else {
                masked.push_str(&self.vault.replace(kind, found, |_| true));
            }
        }
        masked.push_str(text.get(at..).unwrap_or_default());
        masked
    }

    /// Masks what a text holds as base64, run by run of its signs.
    fn base64(&mut self, text: &str) -> String {
        let sign = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '/' | '-' | '_' | '=');
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(sign) {
            let (before, from) = rest.split_at(start);
            let (run, after) = from.split_at(from.find(|it| !sign(it)).unwrap_or(from.len()));
            masked.push_str(before);
            match self.base64_run(run) {
                Some(run) => masked.push_str(&run),
                None => masked.push_str(run),
            }
            rest = after;
        }
        masked.push_str(rest);
        masked
    }

    fn base64_run(&mut self, text: &str) -> Option<String> {
        if text.len() < SHORTEST_BASE64 {
            return None;
        }
        let engines = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD];
        let (engine, bytes) = engines.into_iter().find_map(|it| Some((it, it.decode(text).ok()?)))?;
        match String::from_utf8(bytes) {
            // Words decode as well, but to nothing that anybody would write.
            Ok(inner) if inner.chars().all(|it| !it.is_control() || it.is_ascii_whitespace()) => {
                let place = self.nowhere();
                let masked = self.json(&place, &inner).unwrap_or_else(|| self.text(&inner));
                (masked != inner).then(|| engine.encode(masked))
            }
            Ok(_) => None,
            Err(error) if !self.stays() && self.vault.is_in(error.as_bytes()) => {
                Some(engine.encode(super::file::content(error.as_bytes())))
            }
            Err(_) => None,
        }
    }

    /// Masks what a text holds percent-encoded, word by word.
    fn percent(&mut self, text: &str) -> String {
        let word =
            |it: char| it.is_whitespace() || matches!(it, '"' | '\'' | '<' | '>' | '&' | '=' | '?' | '/');
        let mut masked = String::with_capacity(text.len());
        for piece in text.split_inclusive(word) {
            let end = piece
                .char_indices()
                .next_back()
                .filter(|(_, it)| word(*it))
                .map_or(piece.len(), |(at, _)| at);
            let (inner, rest) = piece.split_at(end);
            masked.push_str(&self.decoded(inner));
            masked.push_str(rest);
        }
        masked
    }

    fn decoded(&mut self, word: &str) -> String {
        if !word.contains('%') {
            return word.to_owned();
        }
        let Ok(inner) = percent_decode_str(word).decode_utf8() else { return word.to_owned() };
        if inner == word {
            return word.to_owned();
        }
        let masked = self.text(&inner);
        if masked == inner { word.to_owned() } else { utf8_percent_encode(&masked, KEPT).to_string() }
    }
}
