//! Where every value of a YAML text starts, and which key occurs twice.
//!
//! Built from the text's events without recursion. Aliases take the places of what they stand for, merge keys those
//! of what they bring in, both within a budget: past it a place is simply not known.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};

use super::MAX_DEPTH;
use crate::pointer;

/// How many places aliases may add.
const MAX_ALIASED: usize = 100_000;

/// The places of a YAML text.
#[derive(Debug)]
pub(super) struct Spots {
    root: Spot,
    repeated_key: Option<(usize, usize)>,
}

#[derive(Debug, Clone)]
struct Spot {
    line: usize,
    column: usize,
    children: Children,
}

#[derive(Debug, Clone)]
enum Children {
    None,
    Members(HashMap<String, Spot>),
    Items(Vec<Spot>),
}

/// A collection whose end is not reached yet.
struct Open {
    spot: Spot,
    anchor: usize,
    /// The key whose value comes next, and where it stands.
    key: Option<(String, usize, usize)>,
    /// What merge keys bring in.
    merged: Vec<Spot>,
}

impl Spots {
    /// Reads the places of the first document of a text; `None` when the text is not YAML, or nests too deeply.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut builder = Builder::default();
        for event in Parser::new_from_str(text) {
            let (event, span) = event.ok()?;
            let (line, column) = (span.start.line().max(1), span.start.col() + 1);
            match event {
                Event::SequenceStart(anchor, _) => {
                    builder.open(Spot { line, column, children: Children::Items(Vec::new()) }, anchor)?;
                }
                Event::MappingStart(anchor, _) => {
                    builder
                        .open(Spot { line, column, children: Children::Members(HashMap::new()) }, anchor)?;
                }
                Event::SequenceEnd | Event::MappingEnd => builder.close()?,
                Event::Scalar(text, _, anchor, _) => {
                    let spot = Spot { line, column, children: Children::None };
                    builder.value(spot, anchor, Some(&text));
                }
                Event::Alias(anchor) => {
                    let spot = builder.aliased(anchor, line, column);
                    builder.value(spot, 0, None);
                }
                Event::DocumentEnd => break,
                _ => {}
            }
        }
        builder.root.map(|root| Self { root, repeated_key: builder.repeated_key })
    }

    /// Returns where the first key stands that its mapping had before.
    pub(super) fn repeated_key(&self) -> Option<(usize, usize)> {
        self.repeated_key
    }

    /// Returns the 1-based line and column of the value at `tokens`, or of the closest place around it.
    pub(super) fn find(&self, tokens: &[String]) -> (usize, usize) {
        let mut spot = &self.root;
        for token in tokens {
            let child = match &spot.children {
                Children::None => None,
                Children::Members(members) => members.get(token),
                Children::Items(items) => pointer::index(token).and_then(|index| items.get(index)),
            };
            match child {
                Some(child) => spot = child,
                None => break,
            }
        }
        (spot.line, spot.column)
    }
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Spot>,
    anchors: HashMap<usize, Spot>,
    aliased: usize,
    repeated_key: Option<(usize, usize)>,
}

impl Builder {
    fn open(&mut self, spot: Spot, anchor: usize) -> Option<()> {
        if self.open.len() >= MAX_DEPTH {
            return None;
        }
        self.open.push(Open { spot, anchor, key: None, merged: Vec::new() });
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        let mut open = self.open.pop()?;
        if let Children::Members(members) = &mut open.spot.children {
            for merged in open.merged {
                merge(members, merged);
            }
        }
        self.value(open.spot, open.anchor, None);
        Some(())
    }

    /// Puts a finished value where it belongs; `text` is that of a scalar, which may be a key.
    fn value(&mut self, spot: Spot, anchor: usize, text: Option<&str>) {
        if anchor > 0 {
            self.anchors.insert(anchor, spot.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(spot);
            return;
        };
        match (&mut open.spot.children, open.key.take()) {
            (Children::Items(items), _) => items.push(spot),
            (Children::Members(members), None) => {
                let key = text.unwrap_or_default().to_owned();
                if members.contains_key(&key) {
                    self.repeated_key.get_or_insert((spot.line, spot.column));
                }
                open.key = Some((key, spot.line, spot.column));
            }
            (Children::Members(_), Some((key, ..))) if key == "<<" => open.merged.push(spot),
            (Children::Members(members), Some((key, line, column))) => {
                members.insert(key, Spot { line, column, children: spot.children });
            }
            (Children::None, _) => {}
        }
    }

    fn aliased(&mut self, anchor: usize, line: usize, column: usize) -> Spot {
        let children = match self.anchors.get(&anchor) {
            Some(spot) => {
                self.aliased = self.aliased.saturating_add(spot.count());
                if self.aliased <= MAX_ALIASED { spot.children.clone() } else { Children::None }
            }
            None => Children::None,
        };
        Spot { line, column, children }
    }
}

impl Spot {
    /// Counts the places in this one, itself included; the depth is that of the text.
    fn count(&self) -> usize {
        1 + match &self.children {
            Children::None => 0_usize,
            Children::Members(members) => members.values().map(Self::count).sum(),
            Children::Items(items) => items.iter().map(Self::count).sum(),
        }
    }
}

/// Adds the places of members that a merge key brings in; keys that are there already win.
fn merge(members: &mut HashMap<String, Spot>, merged: Spot) {
    match merged.children {
        Children::Members(others) => {
            for (key, spot) in others {
                members.entry(key).or_insert(spot);
            }
        }
        Children::Items(mappings) => {
            for mapping in mappings {
                if let Children::Members(_) = &mapping.children {
                    merge(members, mapping);
                }
            }
        }
        Children::None => {}
    }
}
