//! `no_server_error`: a request is not answered with 500 or its kin, whether the contract allows it or not.
//!
//! A client cannot tell what became of its request, and retrying may do it twice. 502, 503 and 504 are
//! outages and never get here.

use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct NoServerError;

impl Check for NoServerError {
    fn id(&self) -> &'static str {
        "no_server_error"
    }

    fn summary(&self) -> &'static str {
        "a request is never answered with a server error"
    }

    fn reason(&self) -> &'static str {
        "after a 500 a client does not know what became of its request, and retrying may do it twice"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let status = evidence.status();
        if status < 500 || matches!(status, 502..=504) {
            return;
        }
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: evidence.operation.pointer.clone(),
            rule: status.to_string(),
            expected: match evidence.exchange.intent.flaw() {
                Some(_) => "an answer that refuses a bad request".to_owned(),
                None => "an answer to a valid request".to_owned(),
            },
            observed: format!("status {status}"),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{found, json};

    #[test]
    fn accepts_an_answer() {
        assert_eq!(found("no_server_error", 200, &json(r#"{"id":"a"}"#)), [""; 0]);
    }

    #[test]
    fn rejects_a_server_error_once() {
        assert_eq!(found("no_server_error", 500, &json("{}")), ["500"]);
        assert_eq!(found("status_documented", 500, &json("{}")), [""; 0]);
    }
}
