//! The cases of a plan, in the order of sending.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Case, FRUITLESS, Plan};

/// The cases of a plan, one after another.
pub(crate) struct Cases<'p> {
    plan: &'p Plan,
    enumerated: usize,
    fixture: usize,
    variation: usize,
    coverage: usize,
    varied: usize,
    taken: usize,
    random: u64,
    seen: HashSet<u64>,
    /// How many generated cases the contract does not allow.
    pub(crate) dropped: u64,
}

impl Iterator for Cases<'_> {
    type Item = Case;

    fn next(&mut self) -> Option<Case> {
        while let Some(case) = self.plan.fixture(self.fixture) {
            self.fixture += 1;
            if self.is_new(&case) {
                return Some(case);
            }
        }
        // A known-good body that is changed is at least as likely to be accepted as one that is made up: each has its turn.
        if self.varied * 2 <= self.taken
            && let Some(case) = self.varied()
        {
            return Some(case);
        }
        while self.taken < self.enumerated {
            let Some(case) = self.plan.covered(self.coverage) else { break };
            self.coverage += 1;
            if let Some(case) = case
                && self.is_new(&case)
            {
                self.taken += 1;
                return Some(case);
            }
        }
        if let Some(case) = self.varied() {
            return Some(case);
        }
        for _ in 0..FRUITLESS {
            let case = self.plan.drawn(self.random);
            self.random += 1;
            if let Some(case) = case
                && self.is_new(&case)
            {
                return Some(case);
            }
        }
        None
    }
}

impl<'p> Cases<'p> {
    /// Returns the cases of a plan; at most `enumerated` of them come from the enumeration.
    pub(super) fn new(plan: &'p Plan, enumerated: usize) -> Cases<'p> {
        Cases {
            plan,
            enumerated,
            fixture: 0,
            variation: 0,
            coverage: 0,
            varied: 0,
            taken: 0,
            random: 0,
            seen: HashSet::new(),
            dropped: 0,
        }
    }

    /// Returns the next variation; there are half as many of them as of the enumeration.
    fn varied(&mut self) -> Option<Case> {
        while self.varied < self.enumerated.div_ceil(2) {
            let case = self.plan.varied(self.variation)?;
            self.variation += 1;
            if let Some(case) = case
                && self.is_new(&case)
            {
                self.varied += 1;
                return Some(case);
            }
        }
        None
    }

    /// Whether a case is allowed and was not offered before.
    fn is_new(&mut self, case: &Case) -> bool {
        let allowed = self.plan.variants.get(case.variant).is_some_and(|it| (it.allowed)(&case.value));
        if !allowed {
            self.dropped += 1;
            return false;
        }
        let mut hasher = DefaultHasher::new();
        (case.variant, &case.value).hash(&mut hasher);
        self.seen.insert(hasher.finish())
    }
}
