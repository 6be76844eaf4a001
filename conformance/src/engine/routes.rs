//! How an operation comes by a resource to work on: by creating one, or by taking a listed one.
//!
//! Which of several ways leads to a success is not known beforehand: an application has to be submitted
//! before it can be cancelled, and only some listed ones are in a state that can be ended. So every route is
//! scouted, and those that led to a success are taken more often, the others every now and then.

use std::time::Duration;

use super::feeds::Feed;
use crate::request::PathValues;

/// How often each route is tried before one is preferred.
const SCOUTS: u32 = 2;

/// One step of creating a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Step {
    /// The operation that is called.
    pub(crate) operation_id: String,
    /// How its answer gives the next path values; absent when they are the ones that it was called with.
    pub(crate) feed: Option<Feed>,
    /// How long is waited after it, where the endpoint's clock can be moved.
    pub(crate) wait: Option<Duration>,
}

/// One way to a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Route {
    /// Operations that are called one after another; the first one with the n-th body that is known to work.
    Created {
        /// The operations.
        steps: Vec<Step>,
        /// Which body: one of those that were accepted first, and then of those that were mixed.
        body: usize,
    },
    /// An item of a list whose states look like this.
    Listed {
        /// Where it was listed.
        feed: Feed,
        /// The values of its states.
        group: String,
    },
}

impl Route {
    /// Returns the route in words, for messages.
    pub(crate) fn words(&self) -> String {
        match self {
            Route::Created { steps, .. } => {
                let mut names: Vec<&str> = Vec::new();
                for step in steps {
                    names.push(&step.operation_id);
                    names.extend(step.wait.map(|_| "a wait"));
                }
                format!("after {}", names.join(", "))
            }
            Route::Listed { feed, .. } => format!("of what {} lists", feed.producer),
        }
    }
}

/// A route with what came of it, and what it has in store.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// The route.
    pub(crate) route: Route,
    /// Listed items that were not used yet.
    pub(crate) store: Vec<PathValues>,
    /// Resources at hand that can be used again, with how often they were.
    pub(crate) at_hand: Vec<(PathValues, u32)>,
    tries: u32,
    successes: u32,
    dry: bool,
}

/// The routes of one operation.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    options: Vec<Candidate>,
    turn: usize,
}

impl Routes {
    /// Adds a route that is not there yet.
    pub(crate) fn add(&mut self, route: Route, store: Vec<PathValues>) {
        if !self.options.iter().any(|it| it.route == route) {
            let option = Candidate { route, store, at_hand: Vec::new(), tries: 0, successes: 0, dry: false };
            self.options.push(option);
        }
    }

    /// Returns how many requests scout every route.
    pub(crate) fn scouting(&self) -> usize {
        let missing = |it: &Candidate| if it.dry { 0 } else { SCOUTS.saturating_sub(it.tries) };
        self.options.iter().map(missing).sum::<u32>() as usize
    }

    /// Whether some route led to a success.
    pub(crate) fn has_success(&self) -> bool {
        self.options.iter().any(|it| it.successes > 0)
    }

    /// Picks the next route.
    pub(crate) fn pick(&mut self) -> Option<usize> {
        let live: Vec<usize> =
            self.options.iter().enumerate().filter(|(_, it)| !it.dry).map(|(index, _)| index).collect();
        let tries = |index: &usize| self.options.get(*index).map_or(0, |it| it.tries);
        let good: Vec<usize> = live
            .iter()
            .copied()
            .filter(|index| self.options.get(*index).is_some_and(|it| it.successes > 0))
            .collect();
        let others: Vec<usize> = live.iter().copied().filter(|index| !good.contains(index)).collect();
        self.turn += 1;
        if let Some(unscouted) = live.iter().copied().find(|index| tries(index) < SCOUTS) {
            return Some(unscouted);
        }
        let pool = match (good.is_empty(), others.is_empty()) {
            (false, false) if self.turn.is_multiple_of(4) => others,
            (false, _) => good,
            _ => others,
        };
        // The least tried first, so that all take turns.
        pool.into_iter().min_by_key(|index| tries(index))
    }

    /// Returns a picked route.
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut Candidate> {
        self.options.get_mut(index)
    }

    /// Returns the first route that creates what it leads to.
    pub(crate) fn created(&self) -> Option<&Route> {
        self.options.iter().map(|it| &it.route).find(|route| matches!(route, Route::Created { .. }))
    }

    /// Returns the route that led to a success, or the first.
    pub(crate) fn best(&self) -> Option<&Route> {
        let best = self.options.iter().max_by_key(|it| (it.successes > 0, !it.dry))?;
        Some(&best.route)
    }
}

impl Candidate {
    /// Counts a request that goes this way.
    pub(crate) fn tried(&mut self) {
        self.tries += 1;
    }

    /// Counts a request that ended well.
    pub(crate) fn succeeded(&mut self) {
        self.successes += 1;
    }

    /// Gives a route up: nothing is left of it.
    pub(crate) fn run_dry(&mut self) {
        self.dry = true;
    }
}
