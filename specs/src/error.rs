//! The one error type of this crate.
//!
//! Every error is a [`Fault`] in a variant that says which step failed. A fault knows where (file, line, column,
//! JSON Pointer, as far as the format allows), what is wrong, what was expected, and what to do about it, so that
//! a command can print one line or show the source around it.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a contract, an overlay, an API's settings, an import or a recording could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read: missing, too large, not UTF-8, not writable.
    #[error("{0}")]
    Read(Box<Fault>),
    /// The text is not the JSON, YAML or TOML that it should be.
    #[error("{0}")]
    Syntax(Box<Fault>),
    /// The document's version is not one that is supported.
    #[error("{0}")]
    Version(Box<Fault>),
    /// An overlay document is malformed, or one of its actions cannot be applied.
    #[error("{0}")]
    Overlay(Box<Fault>),
    /// A `$ref` leads nowhere, in a circle, or outside the contract's folder.
    #[error("{0}")]
    Reference(Box<Fault>),
    /// The document does not fit the OpenAPI Specification.
    #[error("{0}")]
    Structure(Box<Fault>),
    /// A schema cannot be compiled for validation.
    #[error("{0}")]
    Schema(Box<Fault>),
    /// An `api.toml` does not say what it should.
    #[error("{0}")]
    Settings(Box<Fault>),
    /// A scenario is not as Arazzo says, or speaks of what is not there.
    #[error("{0}")]
    Scenario(Box<Fault>),
    /// There is no API of that name.
    #[error("{0}")]
    UnknownApi(Box<Fault>),
    /// A page or document cannot be imported.
    #[error("{0}")]
    Import(Box<Fault>),
    /// A recording contradicts itself or its form, or cannot be written.
    #[error("{0}")]
    Recording(Box<Fault>),
}

impl Error {
    /// Returns what is known about the failure.
    pub fn fault(&self) -> &Fault {
        match self {
            Self::Read(fault)
            | Self::Syntax(fault)
            | Self::Version(fault)
            | Self::Overlay(fault)
            | Self::Reference(fault)
            | Self::Structure(fault)
            | Self::Schema(fault)
            | Self::Settings(fault)
            | Self::Scenario(fault)
            | Self::UnknownApi(fault)
            | Self::Import(fault)
            | Self::Recording(fault) => fault,
        }
    }

    /// Returns the file at fault, or the name that the caller gave to a text.
    pub fn file(&self) -> Option<&Path> {
        self.fault().place.file.as_deref()
    }

    /// Returns the 1-based line.
    pub fn line(&self) -> Option<usize> {
        self.fault().place.line
    }

    /// Returns the 1-based column, in characters.
    pub fn column(&self) -> Option<usize> {
        self.fault().place.column
    }

    /// Returns the JSON Pointer, as a URI fragment, of the place in the document.
    pub fn pointer(&self) -> Option<&str> {
        self.fault().place.pointer.as_deref()
    }

    /// Returns what is wrong, without the place.
    pub fn problem(&self) -> &str {
        &self.fault().problem
    }

    /// Returns what was expected instead.
    pub fn expected(&self) -> Option<&str> {
        self.fault().expected.as_deref()
    }

    /// Returns what to do.
    pub fn advice(&self) -> Option<&str> {
        self.fault().advice.as_deref()
    }
}

/// What is known about a failure; see [`Error`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Where it is.
    pub place: Place,
    /// What is wrong: a lower-case fragment.
    pub problem: String,
    /// What was expected instead.
    pub expected: Option<String>,
    /// What to do.
    pub advice: Option<String>,
}

impl Fault {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { place: Place::default(), problem: problem.into(), expected: None, advice: None }
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    pub(crate) fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    pub(crate) fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Puts the fault into the variant of the step that failed.
    pub(crate) fn into(self, variant: fn(Box<Self>) -> Error) -> Error {
        variant(Box::new(self))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.to_string();
        if !place.is_empty() {
            write!(formatter, "{place}: ")?;
        }
        formatter.write_str(&self.problem)?;
        if let Some(expected) = &self.expected {
            write!(formatter, " (expected {expected})")?;
        }
        if let Some(advice) = &self.advice {
            write!(formatter, "; {advice}")?;
        }
        Ok(())
    }
}

/// A place in a document, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file, or the name that the caller gave to a text.
    pub file: Option<PathBuf>,
    /// The 1-based line.
    pub line: Option<usize>,
    /// The 1-based column, in characters.
    pub column: Option<usize>,
    /// The JSON Pointer as a URI fragment.
    pub pointer: Option<String>,
}

impl Place {
    pub(crate) fn file(file: &Path) -> Self {
        Self { file: Some(file.to_owned()), ..Self::default() }
    }

    pub(crate) fn line(mut self, line: usize, column: usize) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    pub(crate) fn pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    pub(crate) fn position(position: Option<Position>, file: &Path) -> Self {
        match position {
            Some(Position { file, line, column }) => Self::file(&file).line(line, column),
            None => Self::file(file),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(formatter, "{}", file.display())?;
            if let Some(line) = self.line {
                write!(formatter, ":{line}")?;
                if let Some(column) = self.column {
                    write!(formatter, ":{column}")?;
                }
            }
            if self.pointer.is_some() {
                formatter.write_str(": ")?;
            }
        }
        if let Some(pointer) = &self.pointer {
            formatter.write_str(pointer)?;
        }
        Ok(())
    }
}

/// Where a part of a contract is written down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The vendor's document, a neighbouring file that it refers to, or the overlay.
    pub file: PathBuf,
    /// The 1-based line.
    pub line: usize,
    /// The 1-based column, in characters.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file.display(), self.line, self.column)
    }
}
