//! Errors as a person reads them: what is wrong, the lines around it, what to do.

use std::fmt;

use driftline_specs::Position;
use miette::{Diagnostic, LabeledSpan, Report, Severity, SourceCode};

use crate::excerpt::{Excerpt, Texts};

/// A message with a place in a file.
#[derive(Debug)]
struct Placed {
    severity: Severity,
    message: String,
    help: Option<String>,
    label: String,
    place: Option<Excerpt>,
}

impl fmt::Display for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Placed {}

impl Diagnostic for Placed {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| place as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.place.as_ref()?.span();
        let label = LabeledSpan::new_with_span(Some(self.label.clone()), span);
        Some(Box::new(std::iter::once(label)))
    }
}

/// Shows an error of the contract's crate with the lines around it, where they can be read.
pub(crate) fn contract(error: &driftline_specs::Error) -> Report {
    let place = error.file().zip(error.line());
    let place =
        place.and_then(|(file, line)| Texts::default().excerpt(file, line, error.column().unwrap_or(1)));
    let mut message = error.problem().to_owned();
    if place.is_none() {
        // Nothing shows the place, so the message has to name it.
        let place = error.fault().place.to_string();
        if !place.is_empty() {
            message = format!("{place}: {message}");
        }
    } else if let Some(pointer) = error.pointer() {
        message = format!("{message} (at {pointer})");
    }
    let label = error.expected().map_or_else(|| "here".to_owned(), |expected| format!("expected {expected}"));
    if place.is_none()
        && let Some(expected) = error.expected()
    {
        message = format!("{message} (expected {expected})");
    }
    let help = error.advice().map(str::to_owned);
    Report::new(Placed { severity: Severity::Error, message, help, label, place })
}

/// Shows an error of the generator with the lines of the contract around it.
pub(crate) fn generator(error: &driftline_generator::Error, contract: &driftline_specs::Contract) -> Report {
    let pointer = match error {
        driftline_generator::Error::Lower(error) => error.pointer(),
        _ => None,
    };
    let place = pointer
        .and_then(|pointer| contract.position(pointer))
        .and_then(|at| Texts::default().excerpt(&at.file, at.line, at.column));
    let label = "here".to_owned();
    Report::new(Placed { severity: Severity::Error, message: error.to_string(), help: None, label, place })
}

/// Shows something about a contract with the lines around its place.
pub(crate) fn remark(texts: &Texts, severity: Severity, message: String, at: Option<&Position>) -> Report {
    let place = at.and_then(|at| texts.excerpt(&at.file, at.line, at.column));
    let message = match (&place, at) {
        (None, Some(at)) => format!("{at}: {message}"),
        _ => message,
    };
    Report::new(Placed {
        severity,
        message: printable(&message),
        help: None,
        label: "here".to_owned(),
        place,
    })
}

/// A contract's words, without anything that a terminal would take for a command.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// A message with what to do about it.
pub(crate) fn message(problem: impl Into<String>, help: impl Into<String>) -> Report {
    Report::new(Placed {
        severity: Severity::Error,
        message: problem.into(),
        help: Some(help.into()),
        label: String::new(),
        place: None,
    })
}
