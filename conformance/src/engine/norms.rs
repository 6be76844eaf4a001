//! What a run has shown as a whole, beside what was learned before.

use super::{Engine, How, NormRecipe};
use crate::finding::Fingerprint;
use crate::norms::Norms;

impl Engine {
    /// Notes where all that was seen departs from what was learned.
    pub(crate) fn judge_by(&mut self, learned: &Norms, seen: &Norms) {
        for (id, now) in seen.operations.iter().filter(|(id, _)| self.own.contains(*id)) {
            let (Some(known), Some(plan)) = (learned.operations.get(id), self.plan(id)) else { continue };
            for (observation, sign) in self.judge.judge_norms(&plan.operation, known, now) {
                let Some(sample) = self.survey.sample(id, &sign).cloned() else { continue };
                let fingerprint = Fingerprint::of(&self.api, id, &observation);
                let exchange = sample.exchange.clone();
                let how = How::Norm(NormRecipe { sample, sign });
                if self.book.sight(fingerprint, &observation, &how, std::slice::from_ref(&exchange)) {
                    let severity = observation.severity;
                    self.progress.deviated(observation.check, id, &observation.location, severity);
                }
            }
        }
    }
}
