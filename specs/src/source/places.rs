//! Where every value of a text starts: a tree in one list, small enough to be kept for a text of many megabytes.
//!
//! The readers of JSON and YAML say what opens and closes; a JSON Pointer is then followed without looking at the
//! text again. A key is stored once, however often it occurs.

use std::collections::{HashMap, HashSet};

use crate::pointer;

/// The place of one value, `At` in the text. What is in it follows in the list.
#[derive(Debug, Clone, Copy)]
struct Place<At> {
    at: At,
    /// The key of a member of an object; [`NO_KEY`] for an item of an array.
    key: u32,
    /// The place in the list behind everything that is in this value.
    end: u32,
}

const NO_KEY: u32 = u32::MAX;

/// How many values in one value are looked through to find one; in a larger one it is looked up.
const NARROW: usize = 32;

/// The places of a text.
#[derive(Debug)]
pub(super) struct Places<At> {
    places: Vec<Place<At>>,
    keys: HashMap<Box<str>, u32>,
    open: Vec<usize>,
    key: u32,
    /// What is in large objects and arrays, by the place of those and the key or number in them.
    wide: HashMap<(u32, u32), u32>,
}

impl<At: Copy> Places<At> {
    pub(super) fn new() -> Self {
        Self { places: Vec::new(), keys: HashMap::new(), open: Vec::new(), key: NO_KEY, wide: HashMap::new() }
    }

    /// Says that the next value is the member with this key; returns a number that stands for the key.
    pub(super) fn key(&mut self, key: &str) -> u32 {
        self.key = match self.keys.get(key) {
            Some(&known) => known,
            None => {
                let new = u32::try_from(self.keys.len()).unwrap_or(NO_KEY);
                self.keys.insert(key.into(), new);
                new
            }
        };
        self.key
    }

    /// Starts a value, which what comes until [`close`](Self::close) is in.
    pub(super) fn open(&mut self, at: At) {
        self.open.push(self.places.len());
        self.places.push(Place { at, key: std::mem::replace(&mut self.key, NO_KEY), end: 0 });
    }

    /// Ends the value that was started last.
    pub(super) fn close(&mut self) {
        let end = self.end();
        let Some(index) = self.open.pop() else { return };
        if let Some(place) = self.places.get_mut(index) {
            place.end = end;
        }
        if self.children(index).nth(NARROW).is_some() {
            let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let children: Vec<(u32, u32)> = (self.children(index).enumerate())
                .map(|(at, (child, place))| {
                    (if place.key == NO_KEY { number(at) } else { place.key }, number(child))
                })
                .collect();
            for (key, child) in children {
                self.wide.entry((number(index), key)).or_insert(child);
            }
        }
    }

    /// Adds a value with nothing in it.
    pub(super) fn leaf(&mut self, at: At) {
        self.open(at);
        self.close();
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    fn end(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    /// The values of an object or array, given as a place in the list.
    fn children(&self, of: usize) -> impl Iterator<Item = (usize, &Place<At>)> {
        let end = self.places.get(of).map_or(0, |place| place.end as usize);
        let mut next = of + 1;
        std::iter::from_fn(move || {
            let index = Some(next).filter(|next| *next < end)?;
            let place = self.places.get(index)?;
            // What is still open has no end yet.
            next = (place.end as usize).max(index + 1);
            Some((index, place))
        })
    }

    /// Where the value at `tokens` is, or the closest place around it that is there.
    pub(super) fn find(&self, tokens: &[String]) -> Option<At> {
        let mut here = 0;
        for token in tokens {
            match self.child(here, token) {
                Some(child) => here = child,
                None => break,
            }
        }
        self.places.get(here).map(|place| place.at)
    }

    /// The member or item of a value that a token names.
    fn child(&self, of: usize, token: &str) -> Option<usize> {
        let number = pointer::index(token).and_then(|number| u32::try_from(number).ok());
        let wanted = if self.has_members(of) { self.keys.get(token).copied() } else { number }?;
        let looked_up = u32::try_from(of).ok().and_then(|of| self.wide.get(&(of, wanted)));
        if let Some(child) = looked_up {
            return usize::try_from(*child).ok();
        }
        // Also what aliases brought in, of which nothing is looked up.
        let is_wanted = |at: u32, key: u32| if key == NO_KEY { at == wanted } else { key == wanted };
        let mut children = self.children(of).zip(0..);
        children.find(|((_, place), at)| is_wanted(*at, place.key)).map(|((child, _), _)| child)
    }

    /// Copies what is in the value at `from` into the value that is open, but for the members whose keys are taken.
    /// Their keys are taken then.
    pub(super) fn copy_children(&mut self, from: usize, taken: &mut HashSet<u32>) {
        let ranges: Vec<(usize, usize)> = self
            .children(from)
            .filter(|(_, place)| place.key == NO_KEY || taken.insert(place.key))
            .map(|(index, place)| (index, (place.end as usize).max(index + 1)))
            .collect();
        for (start, end) in ranges {
            let moved = self.places.len();
            self.places.extend_from_within(start..end.min(moved));
            for place in self.places.iter_mut().skip(moved) {
                place.end = u32::try_from(place.end as usize + moved - start).unwrap_or(u32::MAX);
            }
        }
    }

    /// The items of an array or the values of an object, by their places in the list.
    pub(super) fn items(&self, of: usize) -> Vec<usize> {
        self.children(of).map(|(index, _)| index).collect()
    }

    /// Whether a value is an object with something in it.
    pub(super) fn has_members(&self, of: usize) -> bool {
        self.children(of).next().is_some_and(|(_, place)| place.key != NO_KEY)
    }

    /// How many values are in the one at a place in the list, itself included.
    pub(super) fn size(&self, of: usize) -> usize {
        self.places.get(of).map_or(0, |place| (place.end as usize).saturating_sub(of))
    }
}
