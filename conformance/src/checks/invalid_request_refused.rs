//! `invalid_request_refused`: a request that breaks one constraint of the contract is refused.
//!
//! An endpoint that takes what its contract forbids lets a client's mistakes through, and keeps them; and the contract
//! says something that is not so, which is what clients validate by. Only operations that document a refusal of bad
//! requests are judged. Other refusals, failures and redirects are other checks' business.

use super::{Check, Evidence, Observation, Severity};
use crate::flaw::refusals;

/// See the module.
pub(super) struct InvalidRequestRefused;

impl Check for InvalidRequestRefused {
    fn id(&self) -> &'static str {
        "invalid_request_refused"
    }

    fn summary(&self) -> &'static str {
        "a request that breaks one constraint of the contract is refused"
    }

    fn reason(&self) -> &'static str {
        "a client's mistake goes through unnoticed, or the client holds back what the endpoint would take"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(flaw) = evidence.exchange.intent.flaw() else { return };
        let status = evidence.status();
        let redirect = (300..400).contains(&status) && evidence.documented.is_some();
        let refusals = refusals(evidence.operation);
        if refusals.is_empty() || !(200..300).contains(&status) && !redirect {
            return;
        }
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: flaw.contract.clone(),
            rule: flaw.keyword.clone(),
            expected: format!("a refusal ({})", refusals.join(", ")),
            observed: format!("status {status}"),
            note: Some(format!("it asks for {} there", flaw.expected)),
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::checks::Observation;
    use crate::checks::testing::{json, judged};
    use crate::exchange::Intent;
    use crate::flaw::Flaw;

    fn missed(check: &str, status: u16, body: &str) -> Vec<Observation> {
        let flaw = Flaw {
            keyword: "maxLength".to_owned(),
            contract: "#/components/schemas/Thing/properties/id".to_owned(),
            location: "/path/id".to_owned(),
            expected: "at most 8 characters".to_owned(),
        };
        judged(check, status, &json(body), Intent::NearMiss(Arc::new(flaw)), None)
    }

    #[test]
    fn accepts_a_refusal_and_leaves_other_answers_to_others() {
        for status in [400, 401, 403, 404, 409, 422, 429, 500, 302] {
            assert_eq!(missed("invalid_request_refused", status, r#"{"errors":[]}"#), [], "{status}");
        }
        assert_eq!(judged("invalid_request_refused", 200, &json("{}"), Intent::Valid, None), []);
    }

    #[test]
    fn rejects_a_success_and_names_the_constraint() {
        let found = missed("", 200, r#"{"id":7,"state":"new","other":1}"#);
        let [one] = found.as_slice() else { panic!("what is echoed is not told again: {found:?}") };
        assert_eq!((one.check, one.rule.as_str()), ("invalid_request_refused", "maxLength"));
        assert_eq!(one.contract, "#/components/schemas/Thing/properties/id");
        assert_eq!((one.expected.as_str(), one.observed.as_str()), ("a refusal (422, 4XX)", "status 200"));
        assert_eq!(one.note.as_deref(), Some("it asks for at most 8 characters there"));
    }

    #[test]
    fn a_refusal_has_its_documented_status_and_body() {
        let rules = |status, body| missed("", status, body).into_iter().map(|it| it.rule).collect::<Vec<_>>();
        assert_eq!(rules(422, r#"{"error":"x"}"#), ["required errors"]);
        assert_eq!(rules(500, "{}"), ["500"]);
        assert_eq!(rules(302, "{}"), ["302"]);
    }
}
