//! Sets of the resources of one population, which are numbered as they come.

/// How many resources of a population are counted; those beyond say nothing new.
pub(super) const MOST: usize = 1024;

/// A set of numbers below [`MOST`].
#[derive(Debug, Clone, Default)]
pub(super) struct Units(Vec<u64>);

impl Units {
    /// Adds a number; returns whether it was not there.
    pub(super) fn add(&mut self, unit: usize) -> bool {
        let (word, bit) = (unit / 64, 1_u64 << (unit % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let Some(word) = self.0.get_mut(word) else { return false };
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Units;

    #[test]
    fn counts_each_once() {
        let mut units = Units::default();
        assert!(units.add(3) && units.add(1000) && !units.add(3));
        assert_eq!(units.count(), 2);
    }
}
