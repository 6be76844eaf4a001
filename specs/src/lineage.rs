//! Where each part of an effective contract was written (in the vendor's document, in an overlay, or in a
//! neighbouring file), and what was lost on the way.
//!
//! Every step that changes the document records what it did as an [`Edit`]. A pointer into the result is traced
//! back through the edits, last first, to a pointer into one of the texts. Nothing is looked up before a message
//! asks for it.

use std::collections::HashMap;

use crate::error::{Place, Position};
use crate::loss::{Loss, LossKind, Note};
use crate::pointer;
use crate::source::Source;

/// How many losses are kept; a document with more of them says so once.
const MAX_LOSSES: usize = 100_000;

/// How many bytes the pointers and messages of losses may have, and how many the places of edits; what is beyond is
/// counted, or has the place of what is around it.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// One change to the document.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// What stands at `at` came from `from` in the text with the index `source`.
    Set { at: Vec<String>, source: usize, from: Vec<String> },
    /// The item `index` left the array at `array`; those behind it moved up.
    Removed { array: Vec<String>, index: usize },
    /// What stands at `at` stood at `from` before.
    Moved { at: Vec<String>, from: Vec<String> },
}

/// The texts, the edits and the losses of a contract. The text with the index 0 is the vendor's document.
#[derive(Debug, Default)]
pub(crate) struct Lineage {
    sources: Vec<Source>,
    edits: Vec<Edit>,
    /// The edits by the pointer of what they changed.
    by_place: HashMap<String, Vec<usize>>,
    notes: Vec<Note>,
    unkept: usize,
    bytes_of_notes: usize,
    bytes_of_edits: usize,
}

impl Lineage {
    pub(crate) fn new(root: Source) -> Self {
        Self { sources: vec![root], ..Self::default() }
    }

    /// Adds a text and returns its index.
    pub(crate) fn add(&mut self, source: Source) -> usize {
        self.sources.push(source);
        self.sources.len() - 1
    }

    pub(crate) fn record(&mut self, edit: Edit) {
        let (Edit::Set { at, .. } | Edit::Moved { at, .. } | Edit::Removed { array: at, .. }) = &edit;
        let place = pointer::from_tokens(at);
        // Each edit has its place twice, and that of its origin.
        self.bytes_of_edits = self.bytes_of_edits.saturating_add(3 * place.len());
        if self.bytes_of_edits > MAX_BYTES {
            return;
        }
        self.by_place.entry(place).or_default().push(self.edits.len());
        self.edits.push(edit);
    }

    pub(crate) fn extend(&mut self, edits: impl IntoIterator<Item = Edit>) {
        edits.into_iter().for_each(|edit| self.record(edit));
    }

    /// Records that what stood at `from` stands at `at` now; both are pointers.
    pub(crate) fn moved(&mut self, at: &str, from: &str) {
        if let (Some(at), Some(from)) = (pointer::tokens(at), pointer::tokens(from)) {
            self.record(Edit::Moved { at, from });
        }
    }

    /// Notes that OpenAPI 3.0 cannot say what stands at a pointer into the document as it is now.
    pub(crate) fn lose(&mut self, pointer: &str, message: impl Into<String>) {
        self.note(pointer, message.into(), LossKind::Form);
    }

    /// Notes that what stands at a pointer is wrong, and how it is read.
    pub(crate) fn mend(&mut self, pointer: &str, message: impl Into<String>) {
        self.note(pointer, message.into(), LossKind::Fault);
    }

    fn note(&mut self, pointer: &str, message: String, kind: LossKind) {
        self.bytes_of_notes = self.bytes_of_notes.saturating_add(pointer.len() + message.len());
        if self.notes.len() < MAX_LOSSES && self.bytes_of_notes <= MAX_BYTES {
            self.notes.push(Note { pointer: pointer.to_owned(), message, kind, edits: self.edits.len() });
        } else {
            self.unkept += 1;
        }
    }

    /// Returns what was lost, at its places in the texts.
    pub(crate) fn losses(&self) -> Vec<Loss> {
        let mut losses: Vec<Loss> = self.notes.iter().map(|note| self.loss(note)).collect();
        if self.unkept > 0 {
            let message = format!("{} more losses are not listed", self.unkept);
            losses.push(Loss { pointer: "#".to_owned(), message, kind: LossKind::Form, source: 0 });
        }
        losses
    }

    /// Returns the first loss that is due to a fault of the document.
    pub(crate) fn first_fault(&self) -> Option<Loss> {
        self.notes.iter().find(|note| note.kind == LossKind::Fault).map(|note| self.loss(note))
    }

    fn loss(&self, note: &Note) -> Loss {
        let traced = pointer::tokens(&note.pointer).map(|tokens| self.trace(tokens, note.edits));
        let (source, tokens) = traced.unwrap_or_default();
        let pointer = pointer::from_tokens(&tokens);
        Loss { pointer, message: note.message.clone(), kind: note.kind, source }
    }

    /// Returns where a loss is written.
    pub(crate) fn position_of_loss(&self, loss: &Loss) -> Option<Position> {
        self.sources.get(loss.source)?.position(&pointer::tokens(&loss.pointer)?)
    }

    /// Returns the place of a loss, for a message.
    pub(crate) fn place_of_loss(&self, loss: &Loss) -> Place {
        let place = match (self.position_of_loss(loss), self.sources.get(loss.source)) {
            (Some(position), _) => Place::file(&position.file).line(position.line, position.column),
            (None, Some(source)) => Place::file(source.name()),
            (None, None) => Place::default(),
        };
        place.pointer(&loss.pointer)
    }

    /// Returns where the value at a pointer into the document as it is now was written.
    pub(crate) fn position(&self, pointer: &str) -> Option<Position> {
        let (origin, tokens) = self.trace(pointer::tokens(pointer)?, self.edits.len());
        self.sources.get(origin)?.position(&tokens)
    }

    /// Traces a place in the document as it was after `edits` edits to a text and a place in it.
    fn trace(&self, mut tokens: Vec<String>, edits: usize) -> (usize, Vec<String>) {
        let mut limit = edits;
        while let Some(edit) = self.last_before(limit, &tokens).and_then(|index| {
            limit = index;
            self.edits.get(index)
        }) {
            match edit {
                Edit::Set { at, source, from } => {
                    let rest = tokens.split_off(at.len().min(tokens.len()));
                    return (*source, from.iter().cloned().chain(rest).collect());
                }
                Edit::Moved { at, from } => {
                    let rest = tokens.split_off(at.len().min(tokens.len()));
                    tokens = from.iter().cloned().chain(rest).collect();
                }
                Edit::Removed { array, index } => {
                    if let Some(token) = tokens.get_mut(array.len())
                        && let Some(now) = pointer::index(token)
                        && now >= *index
                    {
                        *token = (now + 1).to_string();
                    }
                }
            }
        }
        (0, tokens)
    }

    /// The last edit before `limit` of a place or of what is around it.
    fn last_before(&self, limit: usize, tokens: &[String]) -> Option<usize> {
        let mut place = String::from("#");
        let mut last = None;
        for token in [None].into_iter().chain(tokens.iter().map(Some)) {
            if let Some(token) = token {
                pointer::push(&mut place, token);
            }
            if let Some(edits) = self.by_place.get(&place) {
                let before = edits.partition_point(|&edit| edit < limit);
                last = last.max(before.checked_sub(1).and_then(|index| edits.get(index)).copied());
            }
        }
        last
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
