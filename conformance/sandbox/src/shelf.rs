//! Memory with a floor and a ceiling: records in the order of their creation, of which those that the world was seeded
//! with stay, and the oldest others go when there are too many. However long a run is, it does not grow
//! beyond the capacity.

use std::collections::BTreeMap;

use crate::options::Capacity;

/// Something that takes up memory.
pub(crate) trait Weigh {
    /// Roughly how many bytes it takes.
    fn weight(&self) -> usize;
}

/// Numbered records with bounded memory.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    records: BTreeMap<u64, T>,
    capacity: Capacity,
    last: u64,
    seeded: u64,
    weight: usize,
}

impl<T: Weigh> Shelf<T> {
    pub(crate) fn new(capacity: Capacity) -> Shelf<T> {
        Shelf { records: BTreeMap::new(), capacity, last: 0, seeded: 0, weight: 0 }
    }

    /// The number that the next record gets.
    pub(crate) fn next_number(&self) -> u64 {
        self.last + 1
    }

    /// Adds a record, and forgets the oldest ones that are not seeds if there are too many now.
    pub(crate) fn add(&mut self, record: T) -> u64 {
        self.last += 1;
        self.weight += record.weight();
        self.records.insert(self.last, record);
        self.trim();
        self.last
    }

    /// Declares that everything so far belongs to the seeded world.
    pub(crate) fn seal(&mut self) {
        self.seeded = self.last;
    }

    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        self.records.get(&number)
    }

    /// Changes a record, keeping account of its weight.
    pub(crate) fn change<R>(&mut self, number: u64, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let record = self.records.get_mut(&number)?;
        let before = record.weight();
        let result = change(record);
        self.weight = (self.weight + record.weight()).saturating_sub(before);
        self.trim();
        Some(result)
    }

    /// Takes a record away.
    pub(crate) fn remove(&mut self, number: u64) -> Option<T> {
        let record = self.records.remove(&number)?;
        self.weight = self.weight.saturating_sub(record.weight());
        Some(record)
    }

    /// All records with their numbers, oldest first.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u64, &T)> {
        self.records.iter().map(|(number, record)| (*number, record))
    }

    /// All records, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.records.values()
    }

    fn trim(&mut self) {
        while self.records.len() > self.capacity.records || self.weight > self.capacity.bytes {
            // The newest record stays, so that whoever created it can read it.
            let oldest = self.records.range(self.seeded + 1..).next().map(|(number, _)| *number);
            let Some(number) = oldest.filter(|number| *number < self.last) else { return };
            let Some(record) = self.records.remove(&number) else { return };
            self.weight = self.weight.saturating_sub(record.weight());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weigh for String {
        fn weight(&self) -> usize {
            self.len()
        }
    }

    #[test]
    fn the_oldest_record_that_is_not_a_seed_goes_first() {
        let mut shelf = Shelf::new(Capacity { records: 3, bytes: 1000 });
        shelf.add("seed".to_owned());
        shelf.seal();
        for name in ["a", "b", "c"] {
            shelf.add(name.to_owned());
        }
        assert_eq!(shelf.iter().map(String::as_str).collect::<Vec<_>>(), ["seed", "b", "c"]);
        assert_eq!(shelf.next_number(), 5);
    }

    #[test]
    fn seeds_alone_may_be_more_than_the_capacity() {
        let mut shelf = Shelf::new(Capacity { records: 1, bytes: 1 });
        for name in ["seed", "other seed"] {
            shelf.add(name.to_owned());
            shelf.seal();
        }
        assert_eq!(shelf.iter().count(), 2);
    }

    #[test]
    fn bytes_count_as_well_as_records_also_after_a_change() {
        let mut shelf = Shelf::new(Capacity { records: 100, bytes: 10 });
        let first = shelf.add("aaaa".to_owned());
        let second = shelf.add("bbbb".to_owned());
        shelf.change(second, |text| text.push_str("bbbb"));
        assert!(shelf.get(first).is_none());
        assert_eq!(shelf.get(second).map(String::len), Some(8));
    }
}
