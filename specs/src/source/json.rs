//! JSON texts: to a value, and from a JSON Pointer to a place.
//!
//! The places of all values are found in one pass over the text, when a message asks for the first of them.

use std::path::Path;

use serde::de::DeserializeSeed as _;
use serde_json::Value;

use super::MAX_DEPTH;
use super::node::{Node, Rules};
use super::places::Places;
use crate::error::{Error, Fault, Place};

/// Parses a JSON text. Nesting beyond the limit is refused by `serde_json` itself.
pub(super) fn parse(name: &Path, text: &str) -> Result<Value, Error> {
    let rules = Rules { stop_at_repetition: true, ..Rules::default() };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Node(&rules)
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| fault(name, &error).into(Error::Syntax))
}

fn fault(name: &Path, error: &serde_json::Error) -> Fault {
    let place = Place::file(name).line(error.line(), error.column().max(1));
    let message = error.to_string();
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&suffix).unwrap_or(&message);
    if message == "recursion limit exceeded" {
        return Fault::new("the JSON nests too deeply")
            .at(place)
            .expecting(format!("at most {MAX_DEPTH} levels"));
    }
    if message.ends_with("occurs twice in one object") {
        return Fault::new(message).at(place).advise("remove or rename one of the two");
    }
    Fault::new(format!("not valid JSON: {message}")).at(place).advise("correct the syntax there")
}

/// Returns the byte offsets of the values of a text that is known to be valid.
pub(super) fn places(text: &str) -> Places<u32> {
    let mut scanner = Scanner { text, at: 0, places: Places::new() };
    scanner.scan();
    scanner.places
}

/// Walks over a JSON text that is known to be valid, without recursion.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    places: Places<u32>,
}

impl Scanner<'_> {
    fn scan(&mut self) {
        // Where the key of the next value starts, and whether each open collection is an object.
        let mut key: Option<u32> = None;
        let mut objects: Vec<bool> = Vec::new();
        let mut expects_key = false;
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            let at = key.unwrap_or_else(|| u32::try_from(self.at).unwrap_or(u32::MAX));
            match byte {
                b'"' if expects_key => {
                    self.key();
                    key = Some(at);
                    expects_key = false;
                    continue;
                }
                b'{' | b'[' => {
                    self.places.open(at);
                    objects.push(byte == b'{');
                    (key, expects_key) = (None, byte == b'{');
                    self.at += 1;
                }
                b'}' | b']' => {
                    self.places.close();
                    objects.pop();
                    expects_key = false;
                    self.at += 1;
                }
                b',' => {
                    expects_key = objects.last() == Some(&true);
                    self.at += 1;
                }
                b'"' => {
                    self.places.leaf(at);
                    key = None;
                    self.skip_string();
                }
                b':' | b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                _ => {
                    self.places.leaf(at);
                    key = None;
                    let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
                    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
                    self.at += rest.iter().position(ends).unwrap_or(rest.len());
                }
            }
        }
    }

    fn key(&mut self) {
        let start = self.at;
        self.skip_string();
        let written = self.text.get(start..self.at).unwrap_or_default();
        match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(plain) if !plain.contains('\\') => self.places.key(plain),
            _ => self.places.key(&serde_json::from_str::<String>(written).unwrap_or_default()),
        };
    }

    /// Moves past a string, from its opening quote.
    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            self.at += match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => 2,
                _ => 1,
            };
        }
    }
}
