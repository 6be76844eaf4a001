//! JSON texts: to a value, and from a JSON Pointer to a place.
//!
//! The place is found by scanning the text along the pointer, without building anything, so that a message about a
//! document of many megabytes costs milliseconds.

use std::path::Path;

use serde::de::DeserializeSeed as _;
use serde_json::Value;

use super::node::{Node, Rules};
use super::{MAX_DEPTH, line_and_column};
use crate::error::{Error, Fault, Place};
use crate::pointer;

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

/// Returns the 1-based line and column of the value at `tokens`, or of the closest place around it.
pub(super) fn position(text: &str, tokens: &[String]) -> Option<(usize, usize)> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.skip_space();
    let mut best = scanner.at;
    for token in tokens {
        match scanner.enter(token) {
            Some(found) => best = found,
            None => break,
        }
    }
    (best < text.len()).then(|| line_and_column(text, best))
}

/// Walks over a JSON text that is known to be valid.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Moves from the start of a value to the start of its child; returns where the child's key or item starts.
    fn enter(&mut self, token: &str) -> Option<usize> {
        match self.peek()? {
            b'{' => self.enter_object(token),
            b'[' => self.enter_array(pointer::index(token)?),
            _ => None,
        }
    }

    fn enter_object(&mut self, wanted: &str) -> Option<usize> {
        self.at += 1;
        loop {
            self.skip_space();
            if self.peek()? != b'"' {
                return None;
            }
            let start = self.at;
            self.skip_string();
            let key: String = serde_json::from_str(self.text.get(start..self.at)?).ok()?;
            self.skip_space();
            self.at += 1; // the colon
            self.skip_space();
            if key == wanted {
                return Some(start);
            }
            self.skip_value();
            self.skip_space();
            if self.peek()? != b',' {
                return None;
            }
            self.at += 1;
        }
    }

    fn enter_array(&mut self, wanted: usize) -> Option<usize> {
        self.at += 1;
        self.skip_space();
        if self.peek()? == b']' {
            return None;
        }
        for _ in 0..wanted {
            self.skip_value();
            self.skip_space();
            if self.peek()? != b',' {
                return None;
            }
            self.at += 1;
            self.skip_space();
        }
        Some(self.at)
    }

    /// Moves past a string, from its opening quote.
    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
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

    /// Moves past a value by counting brackets, without recursion.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' if depth == 0 => return,
                _ => self.at += 1,
            }
            if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
                return;
            }
        }
    }
}
