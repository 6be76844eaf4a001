//! `norm_undocumented_appears`: an object that may hold any property holds those that it held.
//!
//! Where a schema declares properties and says that any others may be there, a new one breaks nothing, and
//! `undocumented_property` is silent. That it appears everywhere says that the API has grown.

use super::norms::runs;
use super::{Check, NormEvidence, Observation, Severity};
use crate::norms::{SHARED, Share, Sign, improbable};

/// See the module.
pub(super) struct NormUndocumentedAppears;

impl Check for NormUndocumentedAppears {
    fn id(&self) -> &'static str {
        "norm_undocumented_appears"
    }

    fn summary(&self) -> &'static str {
        "an object that may hold any property holds those that it held"
    }

    fn reason(&self) -> &'static str {
        "the API has something new to say, and the contract, which allows anything there, does not tell"
    }

    fn severity(&self) -> Severity {
        Severity::Additive
    }

    fn judge_norms(&self, evidence: &NormEvidence<'_>, found: &mut Vec<(Observation, Sign)>) {
        for (status, now) in &evidence.seen.answers {
            let Some(learned) = evidence.learned.answers.get(status) else { continue };
            let strangers = now.places.iter().filter(|(_, place)| place.undocumented);
            for (location, _) in strangers.filter(|(location, _)| !learned.places.contains_key(*location)) {
                let (presence, parent) = (now.presence(location), learned.parent_of(location));
                // A name that fewer share is not written down, so it may have been there.
                if !improbable(presence, Share::new(SHARED - 1, parent.resources / parent.runs.max(1))) {
                    continue;
                }
                let outer = location.rsplit_once('/').map_or("", |(outer, _)| outer);
                let observation = Observation {
                    check: self.id(),
                    severity: self.severity(),
                    location: location.clone(),
                    contract: evidence.owner(*status, outer).unwrap_or_else(|| evidence.response(*status)),
                    rule: format!("appears {location}"),
                    expected: format!(
                        "absent in {} of {} ({})",
                        parent.resources,
                        parent.resources,
                        runs(parent.runs)
                    ),
                    observed: format!("present in {} of {}", presence.with, presence.of),
                    note: None,
                };
                found.push((observation, Sign::Present { status: *status, location: location.clone() }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_norms::told;

    #[test]
    fn accepts_what_was_there_and_what_few_have() {
        let plain = |id: usize| json!({ "id": id.to_string(), "open": { "known": 1 } });
        let more = |id: usize| json!({ "id": id.to_string(), "open": { "known": 1, "renewal": true } });
        let few = |id: usize| match id % 10 {
            0 => more(id),
            _ => plain(id),
        };
        assert_eq!(told("norm_undocumented_appears", &more, &more), [""; 0]);
        assert_eq!(told("norm_undocumented_appears", &plain, &few), [""; 0]);
    }

    #[test]
    fn rejects_what_all_have_now() {
        let plain = |id: usize| json!({ "id": id.to_string(), "open": { "known": 1 } });
        let more = |id: usize| json!({ "id": id.to_string(), "open": { "known": 1, "renewal": true } });
        assert_eq!(
            told("norm_undocumented_appears", &plain, &more),
            ["/open/renewal: absent in 40 of 40 (1 run), present in 40 of 40"]
        );
    }
}
