//! What a run has shown as a whole, beside what was learned before, and by itself.

use super::{Engine, How, NormRecipe};
use crate::checks::Observation;
use crate::finding::Fingerprint;
use crate::norms::{Norms, Sign};

impl Engine {
    /// Notes where all that was seen departs from what was learned.
    pub(crate) fn judge_by(&mut self, learned: &Norms, seen: &Norms) {
        for (id, now) in &seen.operations {
            let (Some(known), Some(plan)) = (learned.operations.get(id), self.plan(id)) else { continue };
            for (observation, sign) in self.judge.judge_norms(&plan.operation, known, now) {
                self.shown(id, &observation, sign);
            }
        }
    }

    /// Notes what all that was seen shows together.
    pub(crate) fn judge_whole(&mut self, seen: &Norms) {
        for (id, observation, sign) in self.judge.judge_whole(&seen.operations) {
            self.shown(&id, &observation, sign);
        }
    }

    /// Notes what is shown by all that was seen of an operation, with an exchange that shows it.
    fn shown(&mut self, id: &str, observation: &Observation, sign: Sign) {
        if !self.own.contains(id) {
            return;
        }
        let Some(sample) = self.survey.sample(id, &sign).cloned() else { return };
        let fingerprint = Fingerprint::of(&self.api, id, observation);
        let exchange = sample.exchange.clone();
        let how = How::Norm(NormRecipe { sample, sign });
        if self.book.sight(fingerprint, observation, &how, std::slice::from_ref(&exchange)) {
            self.progress.deviated(observation.check, id, &observation.location, observation.severity);
        }
    }
}
