//! `credential_required`: without a credential, or with a wrong one, an operation refuses.
//!
//! An operation that answers anybody gives away what it protects. The contract's security schemes say which
//! operations need a credential; the refusal is 401 or 403, or 404 from one who hides what is there. Another
//! refusal means that the request was looked at before its sender was.

use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct CredentialRequired;

impl Check for CredentialRequired {
    fn id(&self) -> &'static str {
        "credential_required"
    }

    fn summary(&self) -> &'static str {
        "without a credential, or with a wrong one, an operation refuses with 401 or 403"
    }

    fn reason(&self) -> &'static str {
        "an operation that answers anybody gives away what the credential protects"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        if evidence.exchange.intent.is_authorised() {
            return;
        }
        let status = evidence.status();
        // 404 hides what is there, and redirects and server errors are other checks' business.
        if matches!(status, 401 | 403 | 404 | 300..=399 | 500..) {
            return;
        }
        let accepted = (200..300).contains(&status);
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: evidence.operation.pointer.clone(),
            rule: if accepted { "accepted" } else { "not refused" }.to_owned(),
            expected: "401 or 403".to_owned(),
            observed: format!("status {status}"),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::Severity;
    use crate::checks::testing::{json, judged};
    use crate::exchange::Intent;

    fn rules(status: u16, intent: Intent) -> Vec<(String, Severity)> {
        let found = judged("credential_required", status, &json(r#"{"id":"a"}"#), intent, None);
        found.into_iter().map(|it| (it.rule, it.severity)).collect()
    }

    #[test]
    fn accepts_a_refusal_and_says_nothing_of_authorised_requests() {
        assert_eq!(rules(401, Intent::WithoutCredential), []);
        assert_eq!(rules(403, Intent::WrongCredential), []);
        assert_eq!(rules(404, Intent::WrongCredential), []);
        assert_eq!(rules(200, Intent::Valid), []);
    }

    #[test]
    fn rejects_an_answer_to_anybody() {
        let accepted = [("accepted".to_owned(), Severity::Behavioural)];
        assert_eq!(rules(200, Intent::WithoutCredential), accepted);
        assert_eq!(rules(201, Intent::WrongCredential), accepted);
        assert_eq!(
            rules(422, Intent::WithoutCredential),
            [("not refused".to_owned(), Severity::Behavioural)]
        );
    }
}
