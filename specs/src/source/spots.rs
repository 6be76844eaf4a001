//! Where every value of a YAML text starts, and which key occurs twice.
//!
//! Built from the text's events without recursion. Aliases take the places of what they stand for, merge keys those
//! of what they bring in, both within a budget: past it a place is simply not known.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser};

use super::MAX_DEPTH;
use super::places::Places;

/// How many places aliases may add.
const MAX_ALIASED: usize = 100_000;

/// A 1-based line and column.
type Spot = (u32, u32);

/// The places of a YAML text.
#[derive(Debug)]
pub(super) struct Spots {
    places: Places<Spot>,
    repeated_key: Option<Spot>,
}

/// A collection whose end is not reached yet.
struct Open {
    is_mapping: bool,
    anchor: usize,
    /// Where the collection is in the list of places.
    index: usize,
    /// Where the key stands whose value comes next.
    key: Option<Spot>,
    keys: HashSet<u32>,
    /// The values of merge keys, by their places in the list.
    merged: Vec<usize>,
}

impl Spots {
    /// Reads the places of the first document of a text; `None` when the text is not YAML, nests too deeply, or has
    /// keys that are not scalars.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut builder = Builder::new();
        for event in Parser::new_from_str(text) {
            let (event, span) = event.ok()?;
            let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let spot = (number(span.start.line().max(1)), number(span.start.col() + 1));
            match event {
                Event::SequenceStart(anchor, _) => builder.open(spot, anchor, false)?,
                Event::MappingStart(anchor, _) => builder.open(spot, anchor, true)?,
                Event::SequenceEnd | Event::MappingEnd => builder.close()?,
                Event::Scalar(text, _, anchor, _) => builder.scalar(spot, anchor, &text),
                Event::Alias(anchor) => builder.alias(spot, anchor),
                Event::DocumentEnd => break,
                _ => {}
            }
        }
        (builder.places.len() > 0)
            .then_some(Self { places: builder.places, repeated_key: builder.repeated_key })
    }

    /// Returns where the first key stands that its mapping had before.
    pub(super) fn repeated_key(&self) -> Option<(usize, usize)> {
        self.repeated_key.map(|(line, column)| (line as usize, column as usize))
    }

    /// Returns the 1-based line and column of the value at `tokens`, or of the closest place around it.
    pub(super) fn find(&self, tokens: &[String]) -> Option<(usize, usize)> {
        self.places.find(tokens).map(|(line, column)| (line as usize, column as usize))
    }
}

struct Builder {
    places: Places<Spot>,
    open: Vec<Open>,
    anchors: HashMap<usize, usize>,
    aliased: usize,
    repeated_key: Option<Spot>,
}

impl Builder {
    fn new() -> Self {
        Self {
            places: Places::new(),
            open: Vec::new(),
            anchors: HashMap::new(),
            aliased: 0,
            repeated_key: None,
        }
    }

    fn open(&mut self, spot: Spot, anchor: usize, is_mapping: bool) -> Option<()> {
        if self.open.len() >= MAX_DEPTH || self.expects_key() {
            return None;
        }
        let spot = self.value_at(spot);
        let index = self.places.len();
        self.places.open(spot);
        self.open.push(Open {
            is_mapping,
            anchor,
            index,
            key: None,
            keys: HashSet::new(),
            merged: Vec::new(),
        });
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        let mut open = self.open.pop()?;
        for merged in open.merged {
            let mappings =
                if self.places.has_members(merged) { vec![merged] } else { self.places.items(merged) };
            for mapping in mappings {
                if self.is_affordable(mapping) && self.places.has_members(mapping) {
                    self.places.copy_children(mapping, &mut open.keys);
                }
            }
        }
        self.places.close();
        self.named(open.anchor, open.index);
        Some(())
    }

    fn scalar(&mut self, spot: Spot, anchor: usize, text: &str) {
        if self.expects_key() {
            self.key(spot, text);
            return;
        }
        let spot = self.value_at(spot);
        self.named(anchor, self.places.len());
        self.places.leaf(spot);
    }

    fn alias(&mut self, spot: Spot, anchor: usize) {
        if self.expects_key() {
            // A scalar was meant, whose text is not kept.
            self.key(spot, "");
            return;
        }
        let spot = self.value_at(spot);
        self.places.open(spot);
        if let Some(&target) = self.anchors.get(&anchor)
            && self.is_affordable(target)
        {
            self.places.copy_children(target, &mut HashSet::new());
        }
        self.places.close();
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_mapping && open.key.is_none())
    }

    fn key(&mut self, spot: Spot, text: &str) {
        let key = self.places.key(text);
        if let Some(open) = self.open.last_mut() {
            open.key = Some(spot);
            if text == "<<" {
                open.merged.push(self.places.len());
            } else if !open.keys.insert(key) {
                self.repeated_key.get_or_insert(spot);
            }
        }
    }

    /// Where a value counts as standing: where its key does, if it has one.
    fn value_at(&mut self, spot: Spot) -> Spot {
        self.open.last_mut().and_then(|open| open.key.take()).unwrap_or(spot)
    }

    fn named(&mut self, anchor: usize, index: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, index);
        }
    }

    /// Takes what copying a value costs from the budget.
    fn is_affordable(&mut self, index: usize) -> bool {
        self.aliased = self.aliased.saturating_add(self.places.size(index));
        self.aliased <= MAX_ALIASED
    }
}
