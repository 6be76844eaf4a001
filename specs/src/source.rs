//! Texts that contracts and overlays are read from: JSON or YAML, decided by content.
//!
//! A [`Source`] keeps its text, so that a JSON Pointer can be turned into a line and a column when a message needs
//! it, and only then: the places of all values are found in one pass when the first is asked for. It knows nothing of OpenAPI.
//!
//! Limits: a text has at most [`MAX_BYTES`] bytes and nests at most [`MAX_DEPTH`] levels; what is beyond is an
//! error. The readers below refuse deeper input themselves, before a value is built.

mod json;
mod lines;
mod node;
mod places;
mod spots;
mod yaml;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::error::{Error, Fault, Place, Position};

/// The largest text that is read, in bytes.
pub(crate) const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The deepest nesting of arrays and objects that is read.
pub(crate) const MAX_DEPTH: usize = 128;

/// A text with a name, and where things are in it.
#[derive(Debug)]
pub(crate) struct Source {
    name: PathBuf,
    text: Arc<str>,
    format: Format,
    index: OnceLock<Option<Index>>,
}

/// Where things are in a text, by its format.
#[derive(Debug)]
enum Index {
    Json(places::Places<u32>, lines::Lines),
    Yaml(spots::Spots),
}

/// The two formats of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Yaml,
}

impl Source {
    /// Reads and parses a file.
    pub(crate) fn read(path: &Path) -> Result<(Self, Value), Error> {
        Self::parse(path, read_text(path)?)
    }

    /// Parses a text; `name` stands for it in messages.
    pub(crate) fn parse(name: &Path, text: impl Into<Arc<str>>) -> Result<(Self, Value), Error> {
        let text: Arc<str> = text.into();
        if u64::try_from(text.len()).is_ok_and(|length| length > MAX_BYTES) {
            return Err(too_large(name));
        }
        let content = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (format, value) = match Format::of(content) {
            Format::Json => (Format::Json, json::parse(name, content)?),
            Format::Yaml => (Format::Yaml, yaml::parse(name, content)?),
        };
        let source = Self { name: name.to_owned(), text, format, index: OnceLock::new() };
        Ok((source, value))
    }

    /// Parses a text of a format that knows JSON only.
    pub(crate) fn parse_json(name: &Path, text: impl Into<Arc<str>>) -> Result<(Self, Value), Error> {
        let text: Arc<str> = text.into();
        if u64::try_from(text.len()).is_ok_and(|length| length > MAX_BYTES) {
            return Err(too_large(name));
        }
        let value = json::parse(name, text.strip_prefix('\u{feff}').unwrap_or(&text))?;
        let source = Self { name: name.to_owned(), text, format: Format::Json, index: OnceLock::new() };
        Ok((source, value))
    }

    /// The name of the text: a path when it was read from a file.
    pub(crate) fn name(&self) -> &Path {
        &self.name
    }

    /// Returns where the value at `tokens` starts; for a member of an object, where its key does.
    ///
    /// A place that is not in the text stands for the closest place around it that is.
    pub(crate) fn position(&self, tokens: &[String]) -> Option<Position> {
        let content = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        let index = self.index.get_or_init(|| match self.format {
            Format::Json => Some(Index::Json(json::places(content), lines::Lines::of(content))),
            Format::Yaml => spots::Spots::of(content).map(Index::Yaml),
        });
        let (line, column) = match index.as_ref()? {
            Index::Json(places, lines) => lines.at(content, places.find(tokens)?),
            Index::Yaml(spots) => spots.find(tokens)?,
        };
        Some(Position { file: self.name.clone(), line, column })
    }
}

impl Format {
    /// Decides by content: JSON starts with a brace or bracket; flow-style YAML may too, but then its first key is
    /// hardly ever quoted.
    fn of(text: &str) -> Self {
        let mut significant = text.chars().filter(|character| !character.is_whitespace());
        match (significant.next(), significant.next()) {
            (Some('{'), Some('"' | '}')) | (Some('['), _) => Self::Json,
            _ => Self::Yaml,
        }
    }
}

/// Reads a file as UTF-8, within the size limit.
pub(crate) fn read_text(path: &Path) -> Result<String, Error> {
    let unreadable = |error: std::io::Error| {
        let advice = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "check the file's permissions",
            _ => "check that the path names a readable file",
        };
        Fault::new(format!("cannot read the file: {error}"))
            .at(Place::file(path))
            .advise(advice)
            .into(Error::Read)
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(too_large(path));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let valid = error.as_bytes().get(..offset).unwrap_or_default();
        let (line, column) = line_and_column(&String::from_utf8_lossy(valid), offset);
        Fault::new(format!("the file is not UTF-8: the byte at offset {offset} does not belong"))
            .at(Place::file(path).line(line, column))
            .advise("save the file as UTF-8")
            .into(Error::Read)
    })
}

fn too_large(name: &Path) -> Error {
    Fault::new("the text is too large")
        .at(Place::file(name))
        .expecting(format!("at most {} MiB", MAX_BYTES / (1024 * 1024)))
        .advise("split the document")
        .into(Error::Read)
}

/// Turns a byte offset into a 1-based line and column; columns count characters.
pub(crate) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    (line, before.get(line_start..).unwrap_or_default().chars().count() + 1)
}
