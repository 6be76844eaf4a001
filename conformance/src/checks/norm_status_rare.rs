//! `norm_status_rare`: a status that requests of one kind were answered with still comes.
//!
//! A contract that documents several refusals does not say which one is for what, and one that documents a success does not
//! say how often. Requests that are valid and requests that break a constraint are told apart. Operations on a resource are
//! not judged: which resources a run meets, and in which states, is another matter every day.

use super::norms::runs;
use super::{Check, NormEvidence, Observation, Severity};
use crate::norms::{Share, Sign, improbable};

/// A status is rare when it comes so many times less often than in the run that had the least of it.
const RARER: u64 = 4;

/// See the module.
pub(super) struct NormStatusRare;

impl Check for NormStatusRare {
    fn id(&self) -> &'static str {
        "norm_status_rare"
    }

    fn summary(&self) -> &'static str {
        "a status that requests of one kind were answered with still comes"
    }

    fn reason(&self) -> &'static str {
        "a client that acts on one documented status does something else when another one takes its place"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_norms(&self, evidence: &NormEvidence<'_>, found: &mut Vec<(Observation, Sign)>) {
        if evidence.operation.path.contains('{') {
            return;
        }
        for (asked, learned) in &evidence.learned.statuses {
            let Some(seen) = evidence.seen.statuses.get(asked) else { continue };
            for (status, known) in &learned.of {
                let (was, now) = (
                    Share::new(known.answers, learned.answers),
                    Share::new(seen.of.get(status).map_or(0, |count| count.answers), seen.answers),
                );
                let always = known.runs == learned.runs;
                let share = now.with.saturating_mul(100) / now.of.max(1);
                if !always
                    || share.saturating_mul(RARER) >= known.least_percent
                    || !improbable(was.a_run(learned.runs), now)
                {
                    continue;
                }
                let instead: Vec<String> =
                    seen.of.keys().filter(|other| *other != status).map(u16::to_string).collect();
                let observation = Observation {
                    check: self.id(),
                    severity: self.severity(),
                    location: String::new(),
                    contract: evidence.response(*status),
                    rule: format!("{} {status}", asked.words()),
                    expected: format!(
                        "status {status} for {} of {} {} ({})",
                        was.with,
                        was.of,
                        asked.words(),
                        runs(learned.runs)
                    ),
                    observed: format!(
                        "status {status} for {} of {} {}, otherwise {}",
                        now.with,
                        now.of,
                        asked.words(),
                        instead.join(", ")
                    ),
                    note: None,
                };
                found.push((observation, Sign::Status { asked: *asked, status: *status }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing_norms::{told_of_a_resource, told_of_statuses};
    use crate::norms::Asked;

    #[test]
    fn leaves_operations_on_resources_alone() {
        assert_eq!(told_of_a_resource(Asked::Valid, &[(200, 40)], &[(400, 40)]), [""; 0]);
        assert_eq!(told_of_statuses(Asked::Valid, &[(200, 40)], &[(400, 40)]).len(), 1);
    }

    #[test]
    fn accepts_the_same_mixture_and_what_was_rare() {
        let learned = [(200, 30), (404, 10)];
        assert_eq!(told_of_statuses(Asked::Valid, &learned, &[(200, 28), (404, 12)]), [""; 0]);
        assert_eq!(told_of_statuses(Asked::Valid, &learned, &[(200, 3)]), [""; 0]);
        assert_eq!(told_of_statuses(Asked::Valid, &[(200, 38), (404, 2)], &[(200, 40)]), [""; 0]);
    }

    #[test]
    fn rejects_a_status_that_another_one_has_taken_the_place_of() {
        assert_eq!(
            told_of_statuses(Asked::NearMiss, &[(422, 40)], &[(400, 39), (422, 1)]),
            [
                "status 422 for 40 of 40 requests that break one constraint (1 run), status 422 for 1 of 40 requests that \
              break one constraint, otherwise 400"
            ]
        );
    }
}
