//! `status_documented`: the status is one that the contract documents for the operation.
//!
//! The generated client turns any other status into its `Undocumented` error. For a success that means a
//! caller sees an error though the thing was done, which is breaking; for a refusal it means an error
//! without a type. Server errors are `no_server_error`'s, and a refused credential is part of the
//! security scheme whether or not the operation lists it; one that lists 401 says how it refuses, and 403 is another answer.

use driftline_specs::{Operation, StatusSpec, pointer};

use super::{Check, Evidence, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;
use crate::flaw::Flaw;

/// See the module.
pub(super) struct StatusDocumented;

impl Check for StatusDocumented {
    fn id(&self) -> &'static str {
        "status_documented"
    }

    fn summary(&self) -> &'static str {
        "the status is one that the contract documents for the operation"
    }

    fn reason(&self) -> &'static str {
        "a client takes an undocumented status for an error of unknown kind, even when the request succeeded"
    }

    fn severity(&self) -> Severity {
        Severity::Breaking
    }

    // What refuses a credential says nothing of the contract, unless the same credential reads right before and right after.
    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Transition { to, .. } = &evidence.series.kind else { return };
        let status = evidence.exchange(1).map_or(0, |asked| asked.answer.status);
        if status == 403 && to.is_empty() && evidence.operation.response_for(status).is_none() {
            found.push(undocumented(evidence.operation, status, None));
        }
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let status = evidence.status();
        let intent = &evidence.exchange.intent;
        let mut responses = evidence.operation.responses.iter();
        let says_how = responses.any(|it| it.status == StatusSpec::Code(401));
        // A guard that takes what is sent for an attack says nothing of the contract.
        let is_guarded = intent.flaw().is_some() || intent.other_method().is_some();
        let refused = !intent.is_valid() && (status == 401 || status == 403 && (is_guarded || !says_how));
        // RFC 9110 section 15.5.16: whatever an operation lists, this is what another media type is answered with, or none
        // where there is no body; and no generated client sends either.
        let is_media_type = |it: &Flaw| {
            it.keyword == Flaw::MEDIA_TYPE
                || (it.keyword.as_str(), it.location.as_str()) == ("required", "/body")
        };
        let refused = refused || status == 415 && intent.flaw().is_some_and(is_media_type);
        if evidence.documented.is_some() || status >= 500 || refused {
            return;
        }
        let note = match status {
            200..=299 => Some("the client reports a success as an undocumented answer"),
            300..=399 if evidence.leaves_host() => {
                Some("it leads to another host; no client follows it there")
            }
            _ => None,
        };
        found.push(undocumented(evidence.operation, status, note));
    }
}

fn undocumented(operation: &Operation, status: u16, note: Option<&str>) -> Observation {
    let listed: Vec<String> =
        operation.responses.iter().map(|response| response.status.to_string()).collect();
    let success = (200..300).contains(&status);
    Observation {
        check: StatusDocumented.id(),
        severity: if success { Severity::Breaking } else { Severity::Behavioural },
        location: String::new(),
        contract: pointer::join(&operation.pointer, "responses"),
        rule: status.to_string(),
        expected: if listed.is_empty() { "no status".to_owned() } else { listed.join(", ") },
        observed: format!("status {status}"),
        note: note.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use driftline_specs::Contract;

    use crate::checks::testing::{CONTRACT, answer, exchange, found, json, judged_by, severity};
    use crate::checks::testing_series::{sent, told};
    use crate::checks::{Judge, Severity};
    use crate::exchange::Intent;

    #[test]
    fn accepts_documented_statuses_and_ranges() {
        for status in [200, 404, 422, 499] {
            assert_eq!(found("status_documented", status, &json("{}")), [""; 0], "{status}");
        }
    }

    #[test]
    fn rejects_others_and_tells_success_from_refusal() {
        assert_eq!(found("status_documented", 202, &json("{}")), ["202"]);
        assert_eq!(severity("status_documented", 202, &json("{}")), [Severity::Breaking]);
        assert_eq!(severity("status_documented", 302, &json("{}")), [Severity::Behavioural]);
    }

    #[test]
    fn default_is_for_every_status_without_a_response_of_its_own() {
        let with_default = |status| {
            let contract = CONTRACT.replace("\"4XX\"", "\"default\"");
            judged_by(&contract, "http://127.0.0.1:1", "status_documented", status, &json("{}"))
        };
        for status in [200, 202, 302, 404, 422, 499] {
            assert_eq!(with_default(status).len(), 0, "{status}");
        }
    }

    #[test]
    fn a_refused_credential_needs_no_listing_but_where_401_is_listed_it_is_that() {
        let found = |listed: &str, status, intent: Intent| {
            let contract = Contract::from_text("things.json", &CONTRACT.replace("\"4XX\"", listed)).unwrap();
            let operation = contract.operation("getThing").unwrap().clone();
            let exchange = exchange(status, &json("{}"), intent);
            let found = Judge::new(contract, None).judge(&operation, &exchange).into_iter();
            found.filter(|it| it.check == "status_documented").count()
        };
        for status in [401, 403] {
            assert_eq!(found("\"410\"", status, Intent::WrongCredential), 0, "{status}");
            assert_eq!(found("\"410\"", status, Intent::Valid), 1, "{status}: the credential is right");
        }
        assert_eq!(found("\"403\"", 401, Intent::WrongCredential), 0, "who may do what is another matter");
        assert_eq!(found("\"401\"", 403, Intent::WrongCredential), 1);
    }

    #[test]
    fn what_is_forbidden_between_two_reads_is_not_the_credential() {
        assert_eq!(told("status_documented", &sent(&[], 403, "open")), ["403 |  | status 403"]);
        assert_eq!(told("status_documented", &sent(&["sent"], 403, "open")), [""; 0], "told by that");
        assert_eq!(told("status_documented", &sent(&[], 409, "open")), [""; 0]);
    }

    #[test]
    fn a_redirect_to_another_host_is_called_so() {
        let note = |location: &str| {
            let given = answer("", "").with("location", location);
            let found = judged_by(CONTRACT, "https://api.example.com/v1", "status_documented", 302, &given);
            found.into_iter().next().unwrap().note
        };
        assert_eq!(note("/v2/things"), None);
        assert_eq!(note("https://api.example.com:8443/things"), None);
        assert!(note("https://login.example.com/").unwrap().contains("another host"));
    }
}
