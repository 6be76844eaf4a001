//! What a mock remembers: resources and documents, each as the properties that all its forms are shown from. It forgets
//! the oldest when there are too many.

use std::collections::HashSet;

use serde_json::Value;

use crate::options::Capacity;
use crate::shelf::{Shelf, Weigh};

/// The most collections that are filled with seeds; `/things/{id}/parts` is one for each thing.
const MOST_SEEDED: usize = 10_000;

/// One resource or document.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// The collection's place, or the document's.
    pub(super) place: String,
    /// The values of the path parameters in it.
    pub(super) scope: Vec<String>,
    /// The text of the identifier; empty for a document.
    pub(super) key: String,
    pub(super) facts: Value,
    pub(super) seed: u64,
    weight: usize,
}

impl Record {
    pub(super) fn new(place: &str, scope: &[String], key: &str, facts: Value, seed: u64) -> Record {
        let mut record = Record {
            place: place.to_owned(),
            scope: scope.to_vec(),
            key: key.to_owned(),
            facts: Value::Null,
            seed,
            weight: 0,
        };
        record.say(facts);
        record
    }

    /// Has other facts from now on.
    pub(super) fn say(&mut self, facts: Value) {
        let texts = self.place.len() + self.key.len() + self.scope.iter().map(String::len).sum::<usize>();
        self.weight = 256 + texts + facts.to_string().len();
        self.facts = facts;
    }

    fn is_at(&self, place: &str, scope: &[String]) -> bool {
        self.place == place && self.scope == scope
    }
}

impl Weigh for Record {
    fn weight(&self) -> usize {
        self.weight
    }
}

/// Everything that is remembered.
pub(super) struct Store {
    records: Shelf<Record>,
    seeded: HashSet<(usize, Vec<String>)>,
}

impl Store {
    pub(super) fn new(capacity: Capacity) -> Store {
        Store { records: Shelf::new(capacity), seeded: HashSet::new() }
    }

    /// Whether a collection has to be filled with seeds now.
    pub(super) fn is_new(&mut self, collection: usize, scope: &[String]) -> bool {
        self.seeded.len() < MOST_SEEDED && self.seeded.insert((collection, scope.to_vec()))
    }

    pub(super) fn next_number(&self) -> u64 {
        self.records.next_number()
    }

    pub(super) fn find(&self, place: &str, scope: &[String], key: &str) -> Option<u64> {
        let mut records = self.records.numbered();
        records.find(|(_, it)| it.key == key && it.is_at(place, scope)).map(|(number, _)| number)
    }

    pub(super) fn get(&self, number: u64) -> Option<&Record> {
        self.records.get(number)
    }

    /// The records of a collection, oldest first.
    pub(super) fn list<'s>(
        &'s self,
        place: &'s str,
        scope: &'s [String],
    ) -> impl Iterator<Item = &'s Record> {
        self.records.iter().filter(move |it| it.is_at(place, scope))
    }

    pub(super) fn add(&mut self, record: Record) {
        self.records.add(record);
    }

    pub(super) fn say(&mut self, number: u64, facts: Value) {
        self.records.change(number, |record| record.say(facts));
    }

    pub(super) fn remove(&mut self, number: u64) {
        self.records.remove(number);
    }
}
