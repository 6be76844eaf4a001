//! `valid_request_accepted`: what differs from an accepted request in one thing that the contract allows is accepted.
//!
//! A request may be refused for reasons that no schema states. So only what says that the request itself is bad counts
//! (400, 422; 415 for a media type), it has to be refused in two different surroundings, and one of them has to be
//! accepted without the one thing; where that is a limit, with another value that keeps away from it, so that what is
//! refused is not the value. Where there is only one, what is listed or left out may depend on something else in
//! it, which is worth knowing and no more. What is refused and then accepted, when it is sent again at once or to a resource
//! that is made in the same way, is not bad at all.

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::engine::refuses_as_bad;
use crate::exchange::SeriesKind;
use crate::variation::Variation;

/// See the module.
pub(super) struct ValidRequestAccepted;

impl Check for ValidRequestAccepted {
    fn id(&self) -> &'static str {
        "valid_request_accepted"
    }

    fn summary(&self) -> &'static str {
        "what differs from an accepted request in one thing that the contract allows is accepted"
    }

    fn reason(&self) -> &'static str {
        "the endpoint is narrower than its contract: a client that keeps to the contract is refused"
    }

    fn severity(&self) -> Severity {
        Severity::Breaking
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if evidence.series.kind == SeriesKind::Retry {
            found.extend(self.wavers(evidence));
            return;
        }
        let SeriesKind::Variation(variation) = &evidence.series.kind else { return };
        let Some((accepted, refused)) = evidence.series.exchanges.split_last() else { return };
        let all = !refused.is_empty() && refused.iter().all(|it| variation.is_refused_by(it.answer.status));
        if !all || !(200..300).contains(&accepted.answer.status) {
            return;
        }
        let depends = variation.is_listed()
            || matches!(variation.keyword.as_str(), "optional" | Variation::PRESENT | Variation::VALUE);
        let severity = match refused.len() {
            1 if depends => Severity::Notice,
            // Nobody promises to take what nobody declares, and what makes little sense.
            _ if variation.is_far_fetched() => Severity::Notice,
            // Which of the listed values are for this use is often said in prose only.
            _ if variation.is_listed() => Severity::Behavioural,
            1 if !variation.is_of_media_type() => Severity::Behavioural,
            _ => self.severity(),
        };
        let status = refused.first().map_or(0, |it| it.answer.status);
        found.push(Observation {
            check: self.id(),
            severity,
            location: String::new(),
            contract: variation.contract.clone(),
            rule: variation.keyword.clone(),
            expected: variation.expected.clone(),
            observed: format!("status {status}"),
            note: (severity == Severity::Notice).then(|| match variation.keyword.as_str() {
                Variation::UNDECLARED => {
                    "a client that is newer than the endpoint cannot say more".to_owned()
                }
                _ if variation.is_far_fetched() => "the contract could say so".to_owned(),
                _ => "it may depend on something else there".to_owned(),
            }),
        });
    }
}

impl ValidRequestAccepted {
    /// Tells of a request that was refused as a bad one, and accepted when it was sent again at once.
    fn wavers(&self, evidence: &SeriesEvidence<'_>) -> Option<Observation> {
        let [refused, accepted] = evidence.series.exchanges.as_slice() else { return None };
        let status = refused.answer.status;
        let wavers = refuses_as_bad(status) && (200..300).contains(&accepted.answer.status);
        wavers.then(|| Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: evidence.operation.pointer.clone(),
            rule: "again".to_owned(),
            expected: "a request that is accepted is a good one whenever it is sent".to_owned(),
            observed: format!("status {status}"),
            note: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::Severity;
    use crate::checks::testing_series::{judged, retried, varied};

    #[test]
    fn rejects_what_is_refused_and_accepted_right_after() {
        let found = judged("valid_request_accepted", &retried(&[422, 201]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rule.as_str(), found[0].severity), ("again", Severity::Breaking));
        assert_eq!(found[0].contract, "#/paths/~1parcels/post");
    }

    #[test]
    fn accepts_what_is_always_accepted_and_what_is_refused_for_another_reason() {
        for statuses in [&[201][..], &[422, 422], &[409, 201], &[201, 422], &[429, 201]] {
            assert_eq!(judged("valid_request_accepted", &retried(statuses)), [], "{statuses:?}");
        }
    }

    #[test]
    fn rejects_what_is_refused_in_every_surrounding() {
        for status in [400, 422] {
            let found = judged("valid_request_accepted", &varied("maxLength", &[status, status, 201]));
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].rule.as_str(), found[0].severity), ("maxLength", Severity::Breaking));
            assert_eq!(found[0].contract, "#/components/schemas/NewParcel/properties/name");
            assert_eq!(found[0].observed, format!("status {status}"));
        }
    }

    #[test]
    fn what_may_depend_on_something_else_weighs_less() {
        for (keyword, statuses, severity) in [
            ("optional", &[422, 422, 201][..], Severity::Breaking),
            ("optional", &[422, 201], Severity::Notice),
            ("enum", &[422, 422, 201], Severity::Behavioural),
            ("enum", &[422, 201], Severity::Notice),
            ("maximum", &[422, 201], Severity::Behavioural),
        ] {
            let found = judged("valid_request_accepted", &varied(keyword, statuses));
            assert_eq!(found[0].severity, severity, "{keyword} {statuses:?}");
            assert_eq!(found[0].note.is_some(), severity == Severity::Notice);
        }
    }

    #[test]
    fn accepts_what_is_accepted_somewhere_and_what_is_refused_for_another_reason() {
        for statuses in
            [&[201, 201][..], &[422, 201, 201], &[409, 409, 201], &[500, 201], &[415, 201], &[201], &[]]
        {
            assert_eq!(judged("valid_request_accepted", &varied("maxLength", statuses)), [], "{statuses:?}");
        }
    }

    #[test]
    fn where_the_original_is_refused_as_well_nothing_is_known() {
        assert_eq!(judged("valid_request_accepted", &varied("maxLength", &[422, 422, 422])), []);
    }

    #[test]
    fn a_media_type_may_be_refused_as_one() {
        let found = judged("valid_request_accepted", &varied("content", &[415, 201]));
        assert_eq!(found[0].severity, Severity::Breaking);
    }
}
