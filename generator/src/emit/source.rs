//! A file in the making: its header, imports, documentation, and lines at their indentation.
//!
//! Declarations are all of one form, so they are written as text, which is an order of magnitude cheaper than
//! building tokens, parsing and laying them out. Expressions that vary go through `prettyplease`
//! ([`Source::items`]). Whatever comes from a contract is an identifier that lowering has made, a literal
//! ([`literal`]) or a line of documentation ([`Source::docs`]).

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use proc_macro2::{Literal, TokenStream};

use crate::Error;
use crate::text::{begins_item, code, printable};

/// A source file in the making.
pub(super) struct Source {
    text: String,
    depth: usize,
}

impl Source {
    /// Starts with the header that names the contract and forbids editing, then the module's documentation.
    pub(super) fn new(header: &str, docs: &[String]) -> Self {
        let mut source = Self { text: String::with_capacity(4096), depth: 0 };
        source.text.push_str(header);
        source.documentation("//!", docs);
        source.text.push('\n');
        source
    }

    /// Imports names from a path, sorted.
    pub(super) fn import<'n>(&mut self, path: &str, names: impl IntoIterator<Item = &'n str>) {
        let names: BTreeSet<&str> = names.into_iter().collect();
        match names.len() {
            0 => {}
            1 => names.iter().for_each(|name| self.line(format_args!("use {path}::{name};"))),
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

    /// Adds a line.
    pub(super) fn line(&mut self, line: fmt::Arguments<'_>) {
        self.indent();
        let _infallible = self.text.write_fmt(line);
        self.text.push('\n');
    }

    /// Adds a line and indents what follows.
    pub(super) fn open(&mut self, line: fmt::Arguments<'_>) {
        self.line(line);
        self.depth += 1;
    }

    /// Ends what [`open`](Self::open) began.
    pub(super) fn close(&mut self, line: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(format_args!("{line}"));
    }

    /// Ends what [`open`](Self::open) began with a line that begins something else.
    pub(super) fn reopen(&mut self, line: fmt::Arguments<'_>) {
        self.depth = self.depth.saturating_sub(1);
        self.open(line);
    }

    /// Begins a function: on one line, or with one argument a line where that would be too long.
    pub(super) fn function(&mut self, head: &str, arguments: &[String], result: &str) {
        let width = arguments.iter().map(|argument| argument.len() + 2).sum::<usize>();
        if self.depth * 4 + head.len() + width + result.len() + 4 <= LINE {
            self.open(format_args!("{head}({}){result} {{", arguments.join(", ")));
        } else {
            self.open(format_args!("{head}("));
            arguments.iter().for_each(|argument| self.line(format_args!("{argument},")));
            self.depth = self.depth.saturating_sub(1);
            self.open(format_args!("){result} {{"));
        }
    }

    /// Writes a value of a struct: on one line, or with one field a line where that would be too long.
    pub(super) fn value(&mut self, name: &str, fields: &[String]) {
        let width = fields.iter().map(|field| field.len() + 2).sum::<usize>();
        if width <= LINE / 2 {
            self.line(format_args!("{name} {{ {} }}", fields.join(", ")));
        } else {
            self.open(format_args!("{name} {{"));
            fields.iter().for_each(|field| self.line(format_args!("{field},")));
            self.close("}");
        }
    }

    /// Adds lines of documentation.
    pub(super) fn docs(&mut self, lines: &[String]) {
        self.documentation("///", lines);
    }

    /// Adds one sentence of documentation.
    pub(super) fn doc(&mut self, sentence: fmt::Arguments<'_>) {
        self.documentation("///", &[sentence.to_string()]);
    }

    /// Adds documentation, or a sentence that names the thing where the contract says nothing.
    pub(super) fn docs_or(&mut self, lines: &[String], otherwise: fmt::Arguments<'_>) {
        if lines.is_empty() { self.doc(otherwise) } else { self.docs(lines) }
    }

    /// Adds what a thing is called outside of Rust, where its name here is another one.
    pub(super) fn wire_name(&mut self, name: &str, outside: &str, place: &str) {
        if name.trim_start_matches("r#") != outside {
            self.docs(&[String::new(), format!("Called `{}` in {place}.", code(outside))]);
        }
    }

    fn documentation(&mut self, mark: &str, lines: &[String]) {
        for line in lines {
            wrap_docs(line, |line| {
                self.indent();
                self.text.push_str(mark);
                if !line.is_empty() {
                    self.text.push(' ');
                    self.text.push_str(line);
                }
                self.text.push('\n');
            });
        }
    }

    /// Marks what follows as deprecated, if it is.
    pub(super) fn deprecated(&mut self, deprecated: bool) {
        if deprecated {
            self.line(format_args!("#[deprecated]"));
        }
    }

    /// Adds items that `prettyplease` lays out.
    pub(super) fn items(&mut self, items: TokenStream) -> Result<(), Error> {
        let file = syn::parse2(items).map_err(|error| Error::Emit(error.to_string()))?;
        self.separate();
        self.text.push_str(&spaced(&prettyplease::unparse(&file)));
        Ok(())
    }

    /// Adds a call of a runtime macro with one entry a line. Names in entries are identifiers, and values have
    /// become literals (see [`literal`]).
    pub(super) fn call(&mut self, name: &str, subject: &str, entries: impl IntoIterator<Item = String>) {
        self.constrained_call(name, subject, entries, Vec::new());
    }

    /// Adds a call of a runtime macro with one entry a line, then one rule a line.
    pub(super) fn constrained_call(
        &mut self,
        name: &str,
        subject: &str,
        entries: impl IntoIterator<Item = String>,
        rules: Vec<String>,
    ) {
        self.separate();
        self.open(format_args!("driftline_runtime::{name}! {{"));
        self.open(format_args!("{subject} {{"));
        entries.into_iter().for_each(|entry| self.line(format_args!("{entry},")));
        self.close("}");
        if !rules.is_empty() {
            self.open(format_args!("where {{"));
            rules.iter().for_each(|rule| self.line(format_args!("{rule},")));
            self.close("}");
        }
        self.close("}");
    }

    /// Adds text as it is.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Leaves an empty line, unless there is one or something has just begun.
    pub(super) fn separate(&mut self) {
        if !self.text.ends_with("\n\n") && !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    fn indent(&mut self) {
        (0..self.depth).for_each(|_| self.text.push_str("    "));
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
            // Too long a line is better than one that Markdown takes for an item of a list.
            Some(line) if length < room || begins_item(word) => {
                line.push(' ');
                line.push_str(word);
                room = room.saturating_sub(length + 1);
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
pub(super) fn wrap_docs(line: &str, mut add: impl FnMut(&str)) {
    let printed: String;
    let line = if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        line
    } else {
        printed = line.chars().map(printable).collect();
        &printed
    };
    let laid_out =
        line.starts_with('|') || line.starts_with(' ') || line.starts_with("- ") || line.starts_with('`');
    if laid_out || line.len() <= LINE || line.chars().count() <= LINE {
        add(line);
    } else {
        wrap(line, LINE).iter().for_each(|line| add(line));
    }
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
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'));
    if plain { format!("\"{text}\"") } else { Literal::string(text).to_string() }
}
