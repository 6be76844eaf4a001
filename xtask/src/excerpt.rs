//! The lines around a place in a contract, for a terminal: few, short, and without anything that the terminal would
//! take for a command.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::workspace;

/// How many lines are shown before and behind the one that is meant.
const AROUND: usize = 1;

/// The longest line that is shown whole, in characters; of a longer one, the part around the place is. Contracts
/// without line breaks are one line of many megabytes.
const MAX_LINE: usize = 160;

/// How much of a longer line is shown before the place.
const BEFORE: usize = 40;

/// How much of a line is marked.
const MAX_MARKED: usize = 60;

/// Texts that excerpts are taken from, each read once.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    files: RefCell<HashMap<PathBuf, Option<Rc<Lines>>>>,
}

#[derive(Debug)]
struct Lines {
    text: String,
    starts: Vec<usize>,
}

/// A part of a text that knows where in the text it is.
#[derive(Debug)]
pub(crate) struct Excerpt {
    name: String,
    text: String,
    /// The 0-based line that the part starts with.
    first_line: usize,
    /// The 0-based column of the place in its whole line.
    column: usize,
    span: SourceSpan,
}

impl Texts {
    /// Returns the lines around a 1-based line and column of a file; `None` when it cannot be read.
    pub(crate) fn excerpt(&self, file: &Path, line: usize, column: usize) -> Option<Excerpt> {
        let lines = self.lines(file)?;
        let line = line.checked_sub(1).filter(|line| *line < lines.starts.len())?;
        let column = column.saturating_sub(1);
        let first_line = line.saturating_sub(AROUND);
        let (mut text, mut span) = (String::new(), SourceSpan::from((0, 0)));
        for index in first_line..=line + AROUND {
            let Some(written) = lines.line(index) else { break };
            // A tab is one column here, and a mark of the byte order is none.
            let written: String = written
                .trim_start_matches('\u{feff}')
                .chars()
                .map(|character| if character.is_control() { ' ' } else { character })
                .collect();
            let is_long = written.chars().count() > MAX_LINE;
            let skipped = if is_long && index == line { column.saturating_sub(BEFORE) } else { 0 };
            if skipped > 0 {
                text.push('…');
            }
            let start = text.len();
            let shown: String = written.chars().skip(skipped).take(MAX_LINE).collect();
            if index == line {
                let before: String = shown.chars().take(column - skipped).collect();
                let marked: String = shown.chars().skip(column - skipped).take(MAX_MARKED).collect();
                span = (start + before.len(), marked.trim_end().len().max(1)).into();
            }
            text.push_str(&shown);
            if is_long {
                text.push('…');
            }
            text.push('\n');
        }
        Some(Excerpt { name: workspace::shown(file), text, first_line, column, span })
    }

    fn lines(&self, file: &Path) -> Option<Rc<Lines>> {
        let mut files = self.files.borrow_mut();
        let lines = files.entry(file.to_owned()).or_insert_with(|| {
            let text = std::fs::read_to_string(file).ok()?;
            let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
            Some(Rc::new(Lines { text, starts }))
        });
        lines.clone()
    }
}

impl Lines {
    fn line(&self, index: usize) -> Option<&str> {
        let start = *self.starts.get(index)?;
        self.text.get(start..)?.lines().next().or(Some(""))
    }
}

impl Excerpt {
    /// What is marked in the excerpt.
    pub(crate) fn span(&self) -> SourceSpan {
        self.span
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let part = self.text.as_str().read_span(span, context_lines_before, context_lines_after)?;
        // Read without context, the place itself is asked for.
        let column = if context_lines_before == 0 { self.column } else { part.column() };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            part.data(),
            *part.span(),
            self.first_line + part.line(),
            column,
            part.line_count(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, line: usize, column: usize) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("contract.json");
        std::fs::write(&file, text).unwrap();
        let excerpt = Texts::default().excerpt(&file, line, column).unwrap();
        let (start, end) = (excerpt.span.offset(), excerpt.span.offset() + excerpt.span.len());
        (excerpt.text.clone(), excerpt.text[start..end].to_owned())
    }

    #[test]
    fn a_place_is_shown_with_the_lines_around_it() {
        let (text, marked) = shown("a\nb\n  \"cé\": 1,\nd\ne\n", 3, 3);
        assert_eq!(text, "b\n  \"cé\": 1,\nd\n");
        assert_eq!(marked, "\"cé\": 1,");
        assert_eq!(shown("a", 1, 9), ("a\n".to_owned(), "\n".to_owned()));
    }

    #[test]
    fn of_a_contract_in_one_line_the_part_around_the_place_is_shown() {
        let line = format!("{}{}{}", "é".repeat(500_000), "HERE", "x".repeat(500_000));
        let (text, marked) = shown(&line, 1, 500_001);
        assert!(text.chars().count() < 170, "{text}");
        assert!(marked.starts_with("HERExx"), "{marked}");
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_shown() {
        let (text, _) = shown("a: \"\u{1b}[31m\u{9b}1m\u{7}\"", 1, 1);
        assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
    }
}
