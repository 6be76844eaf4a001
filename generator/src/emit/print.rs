//! Files: a header, items that `prettyplease` prints, and macro calls, which it would not lay out.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};

use crate::Error;
use crate::text::printable;

/// A source file in the making.
pub(super) struct Source {
    text: String,
}

impl Source {
    /// Starts with the header that names the contract and forbids editing, then the module's documentation.
    pub(super) fn new(header: &str, docs: &[String]) -> Self {
        let mut text = header.to_owned();
        for line in docs.iter().flat_map(|line| wrap_docs(line)) {
            text.push_str(if line.is_empty() { "//!" } else { "//! " });
            text.push_str(&line);
            text.push('\n');
        }
        text.push('\n');
        Self { text }
    }

    /// Imports names from a path, sorted.
    pub(super) fn import<'n>(&mut self, path: &str, names: impl IntoIterator<Item = &'n str>) {
        let names: BTreeSet<&str> = names.into_iter().collect();
        match names.len() {
            0 => {}
            1 => names.iter().for_each(|name| self.text.push_str(&format!("use {path}::{name};\n"))),
            _ => {
                let names: Vec<_> = names.into_iter().collect();
                let line = format!("use {path}::{{{}}};\n", names.join(", "));
                if line.len() <= LINE {
                    self.text.push_str(&line);
                } else {
                    let lines = wrap(&names.join(", "), LINE - 4);
                    self.text.push_str(&format!("use {path}::{{\n    {},\n}};\n", lines.join("\n    ")));
                }
            }
        }
    }

    /// Adds items.
    pub(super) fn items(&mut self, items: TokenStream) -> Result<(), Error> {
        let file = syn::parse2(items).map_err(|error| Error::Emit(error.to_string()))?;
        self.separate();
        self.text.push_str(&spaced(&prettyplease::unparse(&file)));
        Ok(())
    }

    /// Adds a call of a runtime macro with one entry a line. Names in entries are identifiers, and values have
    /// become literals (see [`literal`]).
    pub(super) fn call(&mut self, name: &str, subject: &str, entries: impl IntoIterator<Item = String>) {
        self.separate();
        self.text.push_str(&format!("driftline_runtime::{name}! {{\n    {subject} {{\n"));
        for entry in entries {
            self.text.push_str(&format!("        {entry},\n"));
        }
        self.text.push_str("    }\n}\n");
    }

    /// Adds text as it is.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn separate(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// The width of generated text that is not laid out by `prettyplease`.
const LINE: usize = 100;

/// Breaks text into lines at spaces outside of code spans: a line that begins inside of one could be anything.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0;
    for word in words(text) {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length < room => {
                line.push(' ');
                line.push_str(word);
                room -= length + 1;
            }
            _ => {
                lines.push(word.to_owned());
                room = width.saturating_sub(length);
            }
        }
    }
    lines
}

/// The words of a line of documentation; a code span is one word.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let (mut in_code, mut escaped) = (false, false);
    text.split(move |character| {
        let ends = character == ' ' && !in_code;
        if character == '`' && !escaped {
            in_code = !in_code;
        }
        escaped = character == '\\' && !escaped && !in_code;
        ends
    })
    .filter(|word| !word.is_empty())
}

/// Breaks a line of documentation, unless it is one whose line breaks mean something: a table's row, code, or
/// an item of a list.
pub(super) fn wrap_docs(line: &str) -> Vec<String> {
    let line: String = line.chars().map(printable).collect();
    let laid_out =
        line.starts_with('|') || line.starts_with(' ') || line.starts_with("- ") || line.starts_with('`');
    if laid_out || line.chars().count() <= LINE { vec![line] } else { wrap(&line, LINE) }
}

/// Puts an empty line after every item and every method, which `prettyplease` leaves out.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 32);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        spaced.push_str(line);
        spaced.push('\n');
        let ends = matches!(line, "}" | "    }");
        if ends && lines.peek().is_some_and(|next| !next.is_empty() && !next.trim_start().starts_with('}')) {
            spaced.push('\n');
        }
    }
    spaced
}

/// Text as a string literal of Rust.
pub(super) fn literal(text: &str) -> String {
    Literal::string(text).to_string()
}
