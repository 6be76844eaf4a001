//! Errors as a person reads them: what is wrong, the lines around it, what to do.

use std::fmt;
use std::path::Path;

use miette::{Diagnostic, LabeledSpan, NamedSource, Report, SourceCode, SourceOffset, SourceSpan};

/// An error with a place in a file.
#[derive(Debug)]
struct Placed {
    message: String,
    help: Option<String>,
    label: String,
    place: Option<(NamedSource<String>, SourceSpan)>,
}

impl fmt::Display for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Placed {}

impl Diagnostic for Placed {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|(source, _)| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, span) = self.place.as_ref()?;
        let label = LabeledSpan::new_with_span(Some(self.label.clone()), *span);
        Some(Box::new(std::iter::once(label)))
    }
}

/// Shows an error of the contract's crate with the lines around it, where they can be read.
pub(crate) fn contract(error: &driftline_specs::Error) -> Report {
    let place = error.file().zip(error.line()).and_then(|(file, line)| excerpt(file, line, error.column()));
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
    Report::new(Placed { message, help: error.advice().map(str::to_owned), label, place })
}

/// Shows an error of the generator with the lines of the contract around it.
pub(crate) fn generator(error: &driftline_generator::Error, contract: &driftline_specs::Contract) -> Report {
    let pointer = match error {
        driftline_generator::Error::Lower(error) => error.pointer(),
        _ => None,
    };
    let place = pointer
        .and_then(|pointer| contract.position(pointer))
        .and_then(|position| excerpt(&position.file, position.line, Some(position.column)));
    Report::new(Placed { message: error.to_string(), help: None, label: "here".to_owned(), place })
}

fn excerpt(file: &Path, line: usize, column: Option<usize>) -> Option<(NamedSource<String>, SourceSpan)> {
    let text = std::fs::read_to_string(file).ok()?;
    let offset = SourceOffset::from_location(&text, line, column.unwrap_or(1));
    let rest = text.get(offset.offset()..)?;
    let length = rest.find(['\n', '\r']).unwrap_or(rest.len()).clamp(1, 60);
    let name = crate::workspace::shown(file);
    Some((NamedSource::new(name, text), SourceSpan::new(offset, length)))
}

/// A message with what to do about it.
pub(crate) fn message(problem: impl Into<String>, help: impl Into<String>) -> Report {
    Report::new(Placed {
        message: problem.into(),
        help: Some(help.into()),
        label: String::new(),
        place: None,
    })
}
