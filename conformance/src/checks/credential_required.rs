//! `credential_required`: without a credential, or with one that is not as it should be, an operation refuses.
//!
//! An operation that answers anybody gives away what it protects: to who has no credential, a wrong one or an empty one. One
//! that takes the right secret in other letters, by another scheme or in another place gives nothing away, which is worth a
//! notice. The contract's security schemes say which
//! operations need a credential; the refusal is 401 or 403, or 404 from one who hides what is there. Another
//! refusal means that the request was looked at before its sender was.

use super::{Check, Evidence, Observation, Severity};
use crate::exchange::Intent;

/// See the module.
pub(super) struct CredentialRequired;

impl Check for CredentialRequired {
    fn id(&self) -> &'static str {
        "credential_required"
    }

    fn summary(&self) -> &'static str {
        "without its credential as the contract has it, an operation refuses with 401 or 403"
    }

    fn reason(&self) -> &'static str {
        "an operation that answers anybody gives away what the credential protects"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(kind) = kind(&evidence.exchange.intent) else { return };
        let status = evidence.status();
        // 404 hides what is there, and redirects and server errors are other checks' business.
        if matches!(status, 401 | 403 | 404 | 300..=399 | 500..) {
            return;
        }
        let accepted = (200..300).contains(&status);
        if !accepted && !kind.gives_away {
            return;
        }
        found.push(Observation {
            check: self.id(),
            severity: if kind.gives_away { self.severity() } else { Severity::Notice },
            location: String::new(),
            contract: evidence.operation.pointer.clone(),
            rule: match accepted {
                true => format!("accepted{}", kind.rule),
                false => format!("not refused{}", kind.rule),
            },
            expected: "401 or 403".to_owned(),
            observed: format!("status {status}"),
            note: kind.note.map(str::to_owned),
        });
    }
}

/// A kind of stranger.
struct Kind {
    /// What it adds to the rule; the first kind, which stands for all, adds nothing.
    rule: &'static str,
    /// Whether who is answered knows no secret.
    gives_away: bool,
    note: Option<&'static str>,
}

fn kind(intent: &Intent) -> Option<Kind> {
    let (rule, gives_away, note) = match intent {
        Intent::WithoutCredential => ("", true, None),
        Intent::WrongCredential => (" wrong", true, Some("any credential will do, as long as there is one")),
        Intent::EmptyCredential => (" empty", true, Some("a credential without content will do")),
        Intent::OtherCase => {
            (" other case", false, Some("a secret whose letters may be small or capital is easier to guess"))
        }
        Intent::OtherScheme => (
            " other scheme",
            false,
            Some("whoever knows the secret may use it in a way that nobody documents"),
        ),
        Intent::OtherPlace => (
            " other place",
            false,
            Some("whoever knows the secret may put it where it is easily logged or lost"),
        ),
        Intent::Scripted | Intent::Valid | Intent::SetUp | Intent::NearMiss(_) | Intent::OtherMethod(_) => {
            return None;
        }
    };
    Some(Kind { rule, gives_away, note })
}

#[cfg(test)]
mod tests {
    use crate::checks::Severity;
    use crate::checks::testing::{json, judged};
    use crate::exchange::Intent;

    const STRANGERS: [Intent; 6] = [
        Intent::WithoutCredential,
        Intent::WrongCredential,
        Intent::EmptyCredential,
        Intent::OtherCase,
        Intent::OtherScheme,
        Intent::OtherPlace,
    ];

    fn rules(status: u16, intent: Intent) -> Vec<(String, Severity)> {
        let found = judged("credential_required", status, &json(r#"{"id":"a"}"#), intent, None);
        found.into_iter().map(|it| (it.rule, it.severity)).collect()
    }

    #[test]
    fn accepts_a_refusal_and_says_nothing_of_authorised_requests() {
        for intent in STRANGERS {
            for status in [401, 403, 404] {
                assert_eq!(rules(status, intent.clone()), [], "{intent:?}: {status}");
            }
        }
        assert_eq!(rules(200, Intent::Valid), []);
        assert_eq!(rules(400, Intent::OtherPlace), [], "it may well be called a bad request");
    }

    #[test]
    fn rejects_an_answer_to_anybody_and_says_to_whom() {
        let rule = |status, intent: &Intent| rules(status, intent.clone()).remove(0);
        let accepted = STRANGERS.map(|intent| rule(200, &intent));
        assert_eq!(
            accepted.each_ref().map(|(rule, severity)| (rule.as_str(), *severity)),
            [
                ("accepted", Severity::Behavioural),
                ("accepted wrong", Severity::Behavioural),
                ("accepted empty", Severity::Behavioural),
                ("accepted other case", Severity::Notice),
                ("accepted other scheme", Severity::Notice),
                ("accepted other place", Severity::Notice),
            ]
        );
        assert_eq!(
            rules(422, Intent::WithoutCredential),
            [("not refused".to_owned(), Severity::Behavioural)]
        );
    }
}
