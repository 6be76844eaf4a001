//! Writes a document as YAML that every reader understands alike.
//!
//! The emitters at hand write `yes`, `12:30` and `2024-01-01` without quotes; a reader of YAML 1.1 takes them for a
//! boolean, a number of seconds and a date, and an enum changes its values. Here a text goes unquoted only when it
//! cannot be anything else.

use serde_json::{Map, Number, Value};

/// The first line of every document that is written.
const HEADER: &str = "# Written by `cargo xtask import`. Facts are the vendor's, words are ours; corrections belong in overlay.yaml.";

/// Words that some version of YAML reads as a boolean or as null, in lower case.
const RESERVED: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"];

/// Returns the document as YAML: block style, texts of several lines as block scalars, two spaces a level, and a
/// first line that says where the file comes from.
pub fn to_yaml(document: &Value) -> String {
    let mut emitter = Emitter { text: format!("{HEADER}\n") };
    match document {
        Value::Object(members) if !members.is_empty() => emitter.members(members, 0, false),
        Value::Array(items) if !items.is_empty() => emitter.items(items, 0, false),
        other => {
            emitter.scalar(other, 0);
            emitter.text.push('\n');
        }
    }
    emitter.text
}

struct Emitter {
    text: String,
}

impl Emitter {
    /// Writes the members of an object; the first goes on the line that has been begun when `begun`.
    fn members(&mut self, members: &Map<String, Value>, indent: usize, begun: bool) {
        for (index, (key, value)) in members.iter().enumerate() {
            if index > 0 || !begun {
                self.indent(indent);
            }
            self.text.push_str(&one_line(key));
            self.text.push(':');
            self.below(value, indent);
        }
    }

    fn items(&mut self, items: &[Value], indent: usize, begun: bool) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 || !begun {
                self.indent(indent);
            }
            self.text.push('-');
            match item {
                Value::Object(members) if !members.is_empty() => {
                    self.text.push(' ');
                    self.members(members, indent + 2, true);
                }
                Value::Array(items) if !items.is_empty() => {
                    self.text.push(' ');
                    self.items(items, indent + 2, true);
                }
                other => self.below(other, indent),
            }
        }
    }

    /// Writes a value behind its key or dash, with the end of the line.
    fn below(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                self.text.push('\n');
                self.members(members, indent + 2, false);
            }
            Value::Array(items) if !items.is_empty() => {
                self.text.push('\n');
                self.items(items, indent + 2, false);
            }
            other => {
                self.text.push(' ');
                self.scalar(other, indent);
                self.text.push('\n');
            }
        }
    }

    fn scalar(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Value::Number(value) => self.text.push_str(&number(value)),
            Value::String(text) if is_block(text) => self.block(text, indent + 2),
            Value::String(text) => self.text.push_str(&one_line(text)),
            Value::Array(_) => self.text.push_str("[]"),
            Value::Object(_) => self.text.push_str("{}"),
        }
    }

    /// Writes a literal block scalar, without the end of its last line.
    fn block(&mut self, text: &str, indent: usize) {
        let (content, chomping) = match text.strip_suffix('\n') {
            Some(content) => (content, ""),
            None => (text, "-"),
        };
        self.text.push('|');
        self.text.push_str(chomping);
        for line in content.split('\n') {
            self.text.push('\n');
            if !line.is_empty() {
                self.indent(indent);
                self.text.push_str(line);
            }
        }
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }
}

/// Whether a text can be a block scalar: several lines of printable text, without anything that a block scalar would
/// need an indicator for.
fn is_block(text: &str) -> bool {
    let content = text.strip_suffix('\n').unwrap_or(text);
    content.contains('\n')
        && !content.ends_with('\n')
        && !content.starts_with([' ', '\n'])
        && content.chars().all(|character| character == '\n' || is_printable(character))
        && content.split('\n').all(|line| !line.ends_with(' '))
}

/// Writes a text on one line: plain, in single quotes, or in double quotes.
fn one_line(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    if text.chars().all(is_printable) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            printable if is_printable(printable) => quoted.push(printable),
            other => quoted.push_str(&format!("\\U{:08X}", u32::from(other))),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character may stand as it is in every version of YAML; U+0085, U+2028 and U+2029 are line breaks in
/// some, and U+FEFF is a byte-order mark.
fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text needs no quotes: it starts with a letter, a slash, a dollar sign or an underscore, has no character with a meaning
/// in YAML, and is no reserved word.
fn is_plain(text: &str) -> bool {
    let starts =
        text.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '_' | '$'));
    let harmless = |character: char| {
        character.is_alphanumeric()
            || matches!(
                character,
                ' ' | '_'
                    | '-'
                    | ':'
                    | '.'
                    | '/'
                    | '('
                    | ')'
                    | '+'
                    | '{'
                    | '}'
                    | ','
                    | ';'
                    | '\''
                    | '$'
                    | '^'
                    | '='
            )
    };
    starts
        && text.chars().all(harmless)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
}

/// Writes a number so that YAML 1.1 takes it for one too: a mantissa with a point and a signed exponent.
fn number(number: &Number) -> String {
    let text = number.to_string();
    match text.split_once(['e', 'E']) {
        None => text,
        Some((mantissa, exponent)) => {
            let point = if mantissa.contains('.') { "" } else { ".0" };
            let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
            format!("{mantissa}{point}e{sign}{exponent}")
        }
    }
}
