//! Where each part of an effective contract was written (in the vendor's document, in an overlay, or in a
//! neighbouring file), and what was lost on the way.
//!
//! Every step that changes the document records what it did as an [`Edit`]. A pointer into the result is traced
//! back through the edits, last first, to a pointer into one of the texts. Nothing is looked up before a message
//! asks for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::error::{Place, Position};
use crate::loss::{Loss, LossKind, Note};
use crate::pointer;
use crate::source::Source;

/// How many losses are kept; a document with more of them says so once.
const MAX_LOSSES: usize = 100_000;

/// How many bytes the pointers and messages of losses may have, and how many the pointers of edits; what is beyond is
/// counted, or has the place of what is around it.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// One change to the document.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// What stands at `at` came from `from` in the text with the index `source`.
    Set { at: Vec<String>, source: usize, from: Vec<String> },
    /// The item `index` left the array at `array`; those behind it moved up.
    Removed { array: Vec<String>, index: usize },
}

/// What an edit did, as it is kept: a large document has millions of edits, and hardly any is ever looked at.
#[derive(Debug, Clone, Copy)]
enum Done {
    /// Came from a place in the text with this index.
    Set { source: u32, from: Text },
    /// One item left the array, and those behind it moved up.
    Removed { index: u32 },
    /// Stood at another place before.
    Moved { from: Text },
}

/// A pointer among those of all edits.
#[derive(Debug, Clone, Copy)]
struct Text {
    start: u32,
    end: u32,
}

/// An edit and the place that it changed.
#[derive(Debug, Clone, Copy)]
struct Kept {
    at: Text,
    done: Done,
}

/// The texts, the edits and the losses of a contract. The text with the index 0 is the vendor's document.
#[derive(Debug, Default)]
pub(crate) struct Lineage {
    sources: Vec<Source>,
    edits: Vec<Kept>,
    /// The pointers of all edits, one after the other.
    pointers: String,
    /// The edits by the pointer of what they changed, as far as one was looked for.
    by_place: Mutex<ByPlace>,
    notes: Vec<Note>,
    unkept: usize,
    bytes_of_notes: usize,
}

#[derive(Debug, Default)]
struct ByPlace {
    edits: HashMap<Box<str>, Vec<u32>>,
    /// How many edits are among them.
    known: usize,
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
        match edit {
            Edit::Set { at, source, from } => {
                let source = u32::try_from(source).unwrap_or(u32::MAX);
                let (at, from) = (pointer::from_tokens(at), pointer::from_tokens(from));
                if let Some((at, from)) = self.text(&at).zip(self.text(&from)) {
                    self.edits.push(Kept { at, done: Done::Set { source, from } });
                }
            }
            Edit::Removed { array, index } => self.removed(&pointer::from_tokens(array), index),
        }
    }

    /// Records that an item left an array, and those behind it moved up.
    pub(crate) fn removed(&mut self, array: &str, index: usize) {
        if let Some(at) = self.text(array) {
            self.edits
                .push(Kept { at, done: Done::Removed { index: u32::try_from(index).unwrap_or(u32::MAX) } });
        }
    }

    pub(crate) fn extend(&mut self, edits: impl IntoIterator<Item = Edit>) {
        edits.into_iter().for_each(|edit| self.record(edit));
    }

    /// Records that what stood at `from` stands at `at` now; both are canonical pointers.
    pub(crate) fn moved(&mut self, at: &str, from: &str) {
        if let Some((at, from)) = self.text(at).zip(self.text(from)) {
            self.edits.push(Kept { at, done: Done::Moved { from } });
        }
    }

    /// Keeps a pointer, unless there are too many.
    fn text(&mut self, pointer: &str) -> Option<Text> {
        if self.pointers.len() + pointer.len() > MAX_BYTES {
            return None;
        }
        let start = u32::try_from(self.pointers.len()).ok()?;
        self.pointers.push_str(pointer);
        Some(Text { start, end: u32::try_from(self.pointers.len()).ok()? })
    }

    fn pointer(&self, text: Text) -> &str {
        self.pointers.get(text.start as usize..text.end as usize).unwrap_or("#")
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
        if self.edits.is_empty() {
            return (0, tokens);
        }
        let mut by_place = self.by_place.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, edit) in self.edits.iter().enumerate().skip(by_place.known) {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            match by_place.edits.get_mut(self.pointer(edit.at)) {
                Some(edits) => edits.push(index),
                None => drop(by_place.edits.insert(self.pointer(edit.at).into(), vec![index])),
            }
        }
        by_place.known = self.edits.len();
        let mut limit = u32::try_from(edits).unwrap_or(u32::MAX);
        while let Some(index) = by_place.last_before(limit, &tokens) {
            limit = index;
            let Some(edit) = self.edits.get(index as usize) else { break };
            // Every token of a canonical pointer starts with the only kind of slash that is in it.
            let depth = self.pointer(edit.at).matches('/').count();
            let replaced = |from: Text, tokens: &mut Vec<String>| {
                let rest = tokens.split_off(depth.min(tokens.len()));
                let from = pointer::tokens(self.pointer(from)).unwrap_or_default();
                from.into_iter().chain(rest).collect()
            };
            match edit.done {
                Done::Set { source, from } => return (source as usize, replaced(from, &mut tokens)),
                Done::Moved { from } => tokens = replaced(from, &mut tokens),
                Done::Removed { index } => {
                    if let Some(token) = tokens.get_mut(depth)
                        && let Some(now) = pointer::index(token)
                        && now >= index as usize
                    {
                        *token = (now + 1).to_string();
                    }
                }
            }
        }
        (0, tokens)
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

impl ByPlace {
    /// The last edit before `limit` of a place or of what is around it.
    fn last_before(&self, limit: u32, tokens: &[String]) -> Option<u32> {
        let mut place = String::from("#");
        let mut last = None;
        for token in [None].into_iter().chain(tokens.iter().map(Some)) {
            if let Some(token) = token {
                pointer::push(&mut place, token);
            }
            if let Some(edits) = self.edits.get(place.as_str()) {
                let before = edits.partition_point(|&edit| edit < limit);
                last = last.max(before.checked_sub(1).and_then(|index| edits.get(index)).copied());
            }
        }
        last
    }
}
