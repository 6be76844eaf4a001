//! `credential_accepted`: an operation accepts the credential that others with the same requirement accept.
//!
//! Status 401 says that there is no valid credential (RFC 9110 section 15.5.2). Where the contract wants the same one for two
//! operations, and one of them accepts it right before and right after, the other one is wrong. Status 403 is another matter: who
//! may do what is in no contract.

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;

/// See the module.
pub(super) struct CredentialAccepted;

impl Check for CredentialAccepted {
    fn id(&self) -> &'static str {
        "credential_accepted"
    }

    fn summary(&self) -> &'static str {
        "an operation accepts the credential that others with the same requirement accept"
    }

    fn reason(&self) -> &'static str {
        "a client whose credential is refused takes it for expired, and gives up or asks its user for another one"
    }

    fn severity(&self) -> Severity {
        Severity::Breaking
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Admitted { beside } = &evidence.series.kind else { return };
        let Some(asked) = evidence.exchange(1).filter(|it| it.answer.status == 401) else { return };
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: String::new(),
            contract: evidence.operation.pointer.clone(),
            rule: "refused".to_owned(),
            expected: format!("the credential is accepted, as by {beside}"),
            observed: format!("status {}", asked.answer.status),
            note: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing_series::{admitted, told};

    #[test]
    fn rejects_what_refuses_the_credential_of_others() {
        assert_eq!(told("credential_accepted", &admitted(401)), ["refused |  | status 401"]);
    }

    #[test]
    fn accepts_who_may_not_do_it_and_who_may() {
        for status in [200, 403, 404] {
            assert_eq!(told("credential_accepted", &admitted(status)), [""; 0], "{status}");
        }
    }
}
