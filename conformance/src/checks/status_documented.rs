//! `status_documented`: the status is one that the contract documents for the operation.
//!
//! The generated client turns any other status into its `Undocumented` error. For a success that means a
//! caller sees an error though the thing was done, which is breaking; for a refusal it means an error
//! without a type. Server errors are `no_server_error`'s, and a refused credential is part of the
//! security scheme whether or not the operation lists it.

use super::{Check, Evidence, Observation, Severity};
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

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let status = evidence.status();
        let intent = &evidence.exchange.intent;
        let refused = !intent.is_valid() && matches!(status, 401 | 403);
        // RFC 9110 section 15.5.16: whatever an operation lists, this is what another media type is answered with, and
        // no generated client sends one.
        let refused =
            refused || status == 415 && intent.flaw().is_some_and(|it| it.keyword == Flaw::MEDIA_TYPE);
        if evidence.documented.is_some() || status >= 500 || refused {
            return;
        }
        let listed: Vec<String> =
            evidence.operation.responses.iter().map(|response| response.status.to_string()).collect();
        let success = (200..300).contains(&status);
        let note = match status {
            200..=299 => Some("the client reports a success as an undocumented answer"),
            300..=399 if evidence.leaves_host() => {
                Some("it leads to another host; no client follows it there")
            }
            _ => None,
        };
        found.push(Observation {
            check: self.id(),
            severity: if success { Severity::Breaking } else { Severity::Behavioural },
            location: String::new(),
            contract: driftline_specs::pointer::join(&evidence.operation.pointer, "responses"),
            rule: status.to_string(),
            expected: if listed.is_empty() { "no status".to_owned() } else { listed.join(", ") },
            observed: format!("status {status}"),
            note: note.map(str::to_owned),
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::Severity;
    use crate::checks::testing::{CONTRACT, answer, found, json, judged_by, severity};

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
