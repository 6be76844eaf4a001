//! How likely what a run has shown is, if nothing has changed.

/// The fewest resources, or answers, about which anything is claimed.
pub const FEWEST: u64 = 5;

/// A run that is less likely than this, if nothing has changed, shows that something has.
const CHANCE: f64 = 1e-6;

/// How many standard deviations below what was counted a rate may really lie.
const DOUBT: f64 = 2.0;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How many had it.
    pub with: u64,
    /// Of how many.
    pub of: u64,
}

impl Share {
    /// Returns a share.
    #[must_use]
    pub fn new(with: u64, of: u64) -> Share {
        Share { with, of }
    }

    /// What one of so many runs has shown on the average: a resource that every run meets again is one resource.
    #[must_use]
    pub fn a_run(self, runs: u64) -> Share {
        Share { with: self.with / runs.max(1), of: self.of / runs.max(1) }
    }

    /// The least rate that such counts allow for: the lower end of the Wilson interval.
    #[must_use]
    pub fn at_least(self) -> f64 {
        if self.of == 0 {
            return 0.0;
        }
        let (count, rate) = (self.of as f64, self.with.min(self.of) as f64 / self.of as f64);
        let square = DOUBT * DOUBT;
        let middle = rate + square / (2.0 * count);
        let half = DOUBT * (rate * (1.0 - rate) / count + square / (4.0 * count * count)).sqrt();
        ((middle - half) / (1.0 + square / count)).clamp(0.0, 1.0)
    }
}

/// Whether `seen` is too few to be chance, when things were as `known`.
///
/// Both have to be more than a handful; the rate that is taken for the known one is the least that its counts allow
/// for. Then the binomial distribution says how likely so few, or fewer, are.
#[must_use]
pub fn improbable(known: Share, seen: Share) -> bool {
    if known.of < FEWEST || seen.of < FEWEST {
        return false;
    }
    let rate = known.at_least();
    let expected = rate * seen.of as f64;
    (seen.with as f64) < expected && at_most(seen, rate) < CHANCE
}

/// How likely so many or fewer of so many are, each with a probability of its own.
fn at_most(seen: Share, rate: f64) -> f64 {
    if rate >= 1.0 {
        return if seen.with >= seen.of { 1.0 } else { 0.0 };
    }
    if rate <= 0.0 {
        return 1.0;
    }
    // In logarithms, as the terms are small and there are many of them.
    let (one, other) = (rate.ln(), (-rate).ln_1p());
    let mut ways = 0.0_f64;
    let mut sum = 0.0_f64;
    for with in 0..=seen.with.min(seen.of) {
        if with > 0 {
            ways += ((seen.of - with + 1) as f64).ln() - (with as f64).ln();
        }
        sum += (ways + with as f64 * one + (seen.of - with) as f64 * other).exp();
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::{Share, at_most, improbable};

    fn is_claimed(known: (u64, u64), seen: (u64, u64)) -> bool {
        improbable(Share::new(known.0, known.1), Share::new(seen.0, seen.1))
    }

    #[test]
    fn what_was_always_there_and_never_is_any_more_is_claimed() {
        assert!(is_claimed((400, 400), (0, 5)));
        assert!(is_claimed((11, 11), (0, 11)));
        assert!(is_claimed((200, 400), (0, 40)));
    }

    #[test]
    fn a_handful_proves_nothing_and_neither_does_what_was_rare() {
        assert!(!is_claimed((400, 400), (0, 4)));
        assert!(!is_claimed((4, 4), (0, 400)));
        assert!(!is_claimed((10, 10), (0, 10)));
        assert!(!is_claimed((20, 400), (0, 60)));
        assert!(!is_claimed((400, 400), (390, 400)));
        assert!(!is_claimed((0, 400), (0, 400)));
    }

    #[test]
    fn what_every_run_meets_again_does_not_become_more() {
        let known = Share::new(60, 60);
        assert!(improbable(known, Share::new(0, 8)));
        assert!(!improbable(known.a_run(6), Share::new(0, 8)));
    }

    #[test]
    fn a_tail_is_what_it_should_be() {
        let tail = |with, of, rate| at_most(Share::new(with, of), rate);
        assert!((tail(0, 10, 0.5) - 1.0 / 1024.0).abs() < 1e-12);
        assert!((tail(1, 10, 0.5) - 11.0 / 1024.0).abs() < 1e-12);
        assert!((tail(10, 10, 0.5) - 1.0).abs() < 1e-12);
        assert!(tail(0, 1_000_000, 0.9) < 1e-12);
    }
}
