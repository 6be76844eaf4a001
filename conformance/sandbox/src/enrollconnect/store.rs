//! All applications and what is still to happen to them: carriers decide and reviewers verify some time
//! after they are asked, in the order in which they were asked, at the very instant that is due, whoever
//! looks and whenever.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::lifecycle::{Proof, State};
use super::record::{Application, number_of};
use crate::clock::after;
use crate::options::Capacity;
use crate::shelf::Shelf;

/// The applications of a world.
#[derive(Debug)]
pub(super) struct Store {
    shelf: Shelf<Application>,
    due: BTreeMap<(Timestamp, u64), (u64, Due)>,
    scheduled: u64,
    settle_after: Duration,
    capacity: Capacity,
}

/// What somebody else does with an application.
#[derive(Clone, Copy, Debug)]
enum Due {
    /// The carrier effectuates or refuses it.
    Decision,
    /// A reviewer looks at its last document.
    Review { denied: bool },
}

impl Store {
    pub(super) fn new(capacity: Capacity, settle_after: Duration) -> Store {
        Store { shelf: Shelf::new(capacity), due: BTreeMap::new(), scheduled: 0, settle_after, capacity }
    }

    /// From now on others take this long.
    pub(super) fn settling_after(&mut self, settle_after: Duration) {
        self.settle_after = settle_after;
    }

    /// Declares that everything so far belongs to the seeded world.
    pub(super) fn seal(&mut self) {
        self.shelf.seal();
    }

    /// All applications, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Application> {
        self.shelf.iter()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Application> {
        self.shelf.get(number_of(id)?)
    }

    /// Adds an application that `make` builds for the number it is given, and returns the number.
    pub(super) fn add(&mut self, make: impl FnOnce(u64) -> Application) -> u64 {
        let application = make(self.shelf.next_number());
        self.shelf.add(application)
    }

    pub(super) fn change<R>(&mut self, id: &str, change: impl FnOnce(&mut Application) -> R) -> Option<R> {
        self.shelf.change(number_of(id)?, change)
    }

    /// Submits an application; the carrier decides later.
    pub(super) fn submit(&mut self, id: &str, now: Timestamp) {
        let submitted = self.change(id, |application| {
            application.state = State::PendingEffectuation;
            application.submitted_at = Some(now);
            application.updated_at = now;
            application.number
        });
        if let Some(number) = submitted {
            self.schedule(now, number, Due::Decision);
        }
    }

    /// Takes a document; a reviewer looks at it later, at the last one only.
    pub(super) fn upload(&mut self, id: &str, denied: bool, now: Timestamp) -> Option<u64> {
        let (number, document, replaced) = self.change(id, |application| {
            application.proof = Proof::Uploaded;
            application.documents += 1;
            application.updated_at = now;
            (application.number, application.documents, application.review.take())
        })?;
        if let Some(replaced) = replaced {
            self.due.remove(&replaced);
        }
        let review = self.schedule(now, number, Due::Review { denied });
        self.shelf.change(number, |application| application.review = Some(review));
        Some(document)
    }

    /// Lets everything happen that is due by now.
    pub(super) fn settle(&mut self, now: Timestamp) {
        while let Some(entry) = self.due.first_entry() {
            if entry.key().0 > now {
                return;
            }
            let ((at, _), (number, due)) = entry.remove_entry();
            match due {
                Due::Decision => self.decide(number, at),
                Due::Review { denied } => self.review(number, denied, at),
            }
        }
    }

    fn decide(&mut self, number: u64, at: Timestamp) {
        self.shelf.change(number, |application| {
            if application.state != State::PendingEffectuation {
                return;
            }
            if application.is_to_fail() {
                application.state = State::SubmissionFailed;
                application.updated_at = at;
            } else if !application.facts.carrier.holds_back(application.proof) {
                application.state = State::Effectuated;
                application.updated_at = at;
            }
        });
    }

    fn review(&mut self, number: u64, denied: bool, at: Timestamp) {
        let pending = self.shelf.change(number, |application| {
            application.review = None;
            application.proof = if denied { Proof::Denied } else { Proof::Verified };
            application.updated_at = at;
            application.state == State::PendingEffectuation && !denied
        });
        if pending == Some(true) {
            self.schedule(at, number, Due::Decision);
        }
    }

    fn schedule(&mut self, now: Timestamp, number: u64, due: Due) -> (Timestamp, u64) {
        // A clock that never moves would otherwise collect what is due to applications long forgotten.
        if self.due.len() > self.capacity.records.saturating_mul(3) {
            let shelf = &self.shelf;
            self.due.retain(|_, (number, _)| shelf.get(*number).is_some());
        }
        self.scheduled += 1;
        let key = (after(now, self.settle_after), self.scheduled);
        self.due.insert(key, (number, due));
        key
    }
}
