//! Where each part of an effective contract was written: in the vendor's document, in an overlay, or in a
//! neighbouring file.
//!
//! Every step that changes the document records what it did as an [`Edit`]. A pointer into the result is traced
//! back through the edits, last first, to a pointer into one of the texts. Nothing is looked up before a message
//! asks for it.

use crate::error::{Place, Position};
use crate::pointer;
use crate::source::Source;

/// One change to the document.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// What stands at `at` came from `from` in the text with the index `source`.
    Set { at: Vec<String>, source: usize, from: Vec<String> },
    /// The item `index` left the array at `array`; those behind it moved up.
    Removed { array: Vec<String>, index: usize },
    /// The `$ref` at `at` moved into item `index` of its `allOf`.
    Wrapped { at: Vec<String>, index: usize },
}

/// The texts and the edits of a contract. The text with the index 0 is the vendor's document.
#[derive(Debug, Default)]
pub(crate) struct Lineage {
    sources: Vec<Source>,
    edits: Vec<Edit>,
}

impl Lineage {
    pub(crate) fn new(root: Source) -> Self {
        Self { sources: vec![root], edits: Vec::new() }
    }

    /// Adds a text and returns its index.
    pub(crate) fn add(&mut self, source: Source) -> usize {
        self.sources.push(source);
        self.sources.len() - 1
    }

    pub(crate) fn record(&mut self, edit: Edit) {
        self.edits.push(edit);
    }

    pub(crate) fn extend(&mut self, edits: impl IntoIterator<Item = Edit>) {
        self.edits.extend(edits);
    }

    /// Returns where the value at a pointer into the document as it is now was written.
    pub(crate) fn position(&self, pointer: &str) -> Option<Position> {
        let mut tokens = pointer::tokens(pointer)?;
        let mut origin = 0;
        for edit in self.edits.iter().rev() {
            match edit {
                Edit::Set { at, source, from } => {
                    if let Some(rest) = tokens.strip_prefix(at.as_slice()) {
                        tokens = from.iter().chain(rest).cloned().collect();
                        origin = *source;
                        break;
                    }
                }
                Edit::Removed { array, index } => {
                    if let Some([item, ..]) = tokens.strip_prefix(array.as_slice())
                        && let Some(now) = pointer::index(item)
                        && now >= *index
                        && let Some(token) = tokens.get_mut(array.len())
                    {
                        *token = (now + 1).to_string();
                    }
                }
                Edit::Wrapped { at, index } => {
                    if let Some([all_of, item, ..]) = tokens.strip_prefix(at.as_slice())
                        && all_of == "allOf"
                        && pointer::index(item) == Some(*index)
                    {
                        tokens.drain(at.len()..at.len() + 2);
                    }
                }
            }
        }
        self.sources.get(origin)?.position(&tokens)
    }

    /// Returns the place of a pointer, for a message.
    pub(crate) fn place(&self, pointer: &str) -> Place {
        let place = match (self.position(pointer), self.sources.first()) {
            (Some(position), _) => Place::file(&position.file).line(position.line, position.column),
            (None, Some(root)) => Place::file(root.name()),
            (None, None) => Place::default(),
        };
        place.pointer(pointer)
    }
}
