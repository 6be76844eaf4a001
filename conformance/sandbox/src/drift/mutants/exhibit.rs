//! A mutant on show: the only thing that the host knows of mutants. It says when there is an occasion, and counts what it
//! changed.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Asking, Mode, Mutant, Mutation, lists};
use crate::answer::Answer;
use crate::call::Call;
use crate::service::Service;

/// A mutant that a host shows.
pub(crate) struct Exhibit {
    mutant: Mutant,
    seed: u64,
    /// How often there was something to change.
    occasions: AtomicU64,
    /// How many answers are others than they would have been.
    shown: AtomicU64,
}

impl Exhibit {
    pub(crate) fn new(mutant: Mutant, seed: u64) -> Exhibit {
        Exhibit { mutant, seed, occasions: AtomicU64::new(0), shown: AtomicU64::new(0) }
    }

    /// How many answers it changed.
    pub(crate) fn shown(&self) -> u64 {
        self.shown.load(Ordering::Relaxed)
    }

    /// Whether a request is one whose answer it may change.
    pub(crate) fn concerns(&self, asking: &Asking<'_>) -> bool {
        let holds = match &self.mutant.mode {
            Mode::Conditional(condition) => condition.holds(asking),
            Mode::Always | Mode::Intermittent => true,
        };
        self.mutant.operation_id == asking.operation && holds
    }

    /// Whether a stranger is let in.
    pub(crate) fn admits(&self) -> bool {
        self.mutant.mutation == Mutation::Authorisation && self.strikes() && self.count()
    }

    /// Changes what the contract has against a request; returns whether it did.
    pub(crate) fn misjudge(&self, call: &mut Call<'_>) -> bool {
        let mut other = call.clone();
        let decides = self.mutant.misjudge(&mut other) && self.strikes();
        if decides {
            *call = other;
        }
        decides
    }

    /// Notes what came of a request that was misjudged.
    pub(crate) fn note(&self, answer: &Answer) {
        let shows = match self.mutant.mutation {
            Mutation::Loosened { .. } => answer.is_success(),
            _ => matches!(answer.status, 400 | 422),
        };
        if shows {
            self.count();
        }
    }

    /// Answers a call in its own way; nothing where that is the right way.
    pub(crate) fn answer(&self, service: &dyn Service, call: &Call<'_>) -> Option<Answer> {
        match &self.mutant.mutation {
            Mutation::List { fault, pagination } => {
                let honest = service.answer(call);
                let answer = lists::answer(fault, pagination, service, call, &honest);
                // Lists only read, so that nothing was done by asking.
                Some(answer.filter(|_| self.strikes() && self.count()).unwrap_or(honest))
            }
            Mutation::Transition(it) => {
                if !it.is_asked_for(service, call) || !self.strikes() {
                    return None;
                }
                let (answer, shows) = it.answer(service, call);
                if shows {
                    self.count();
                }
                Some(answer)
            }
            _ => None,
        }
    }

    /// Changes an answer.
    pub(crate) fn alter(&self, answer: &mut Answer) {
        let mut other = answer.clone();
        if self.mutant.alter(&mut other) && self.strikes() {
            *answer = other;
            self.count();
        }
    }

    fn strikes(&self) -> bool {
        let occasion = self.occasions.fetch_add(1, Ordering::Relaxed);
        self.mutant.mode.strikes(self.seed, occasion)
    }

    fn count(&self) -> bool {
        self.shown.fetch_add(1, Ordering::Relaxed);
        true
    }
}
