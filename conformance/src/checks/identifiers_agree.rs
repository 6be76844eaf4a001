//! `identifiers_agree`: what was created or listed under an identifier is read with the same one.
//!
//! The identifier is the one that the resource is read by: the property whose value is a segment of the path.

use super::items::{identifiers, text};
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{SeriesKind, Trial, telling};
use crate::pointer::escape;

/// See the module.
pub(super) struct IdentifiersAgree;

impl Check for IdentifiersAgree {
    fn id(&self) -> &'static str {
        "identifiers_agree"
    }

    fn summary(&self) -> &'static str {
        "what was created or listed under an identifier is read with the same one"
    }

    fn reason(&self) -> &'static str {
        "a client that keeps what it reads files it under another name, and looks for it in vain"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if evidence.series.trial != Trial::Last {
            return;
        }
        let known = match evidence.series.kind {
            SeriesKind::WriteThenRead { .. } => evidence.body(0),
            SeriesKind::ListThenRead { rank, .. } => evidence.items(0).get(telling(evidence.items(0), rank)),
            _ => return,
        };
        let (Some(known), Some(read), Some(exchange)) = (known, evidence.body(1), evidence.exchange(1))
        else {
            return;
        };
        let segments: Vec<String> = exchange.request.path.split('/').map(decoded).collect();
        for name in identifiers(known) {
            let own = known.get(name).and_then(text);
            let (Some(own), Some(other)) = (own, read.get(name).and_then(text)) else { continue };
            let location = format!("/{}", escape(name));
            if segments.contains(&own) && own != other && evidence.declares(1, &location) {
                found.push(Observation {
                    check: self.id(),
                    severity: self.severity(),
                    contract: evidence.place(1, &location),
                    rule: "identified alike".to_owned(),
                    location,
                    expected: "the identifier that it was asked for by".to_owned(),
                    observed: "another one".to_owned(),
                    note: None,
                });
            }
        }
    }
}

fn decoded(segment: &str) -> String {
    // A plus is a plus in a path.
    let pair = format!("_={}", segment.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_series::{compared, listed_and_read, told};
    use crate::exchange::Trial;

    const FOUND: [&str; 1] = ["identified alike | /id | another one"];

    #[test]
    fn accepts_the_same_identifier() {
        let one = json!({ "id": "a" });
        assert_eq!(told("identifiers_agree", &compared(Trial::Last, &one, &one)), [""; 0]);
        assert_eq!(
            told("identifiers_agree", &listed_and_read(Trial::Last, std::slice::from_ref(&one), &one)),
            [""; 0]
        );
    }

    #[test]
    fn rejects_another_one_after_a_creation_and_a_list() {
        let (one, other) = (json!({ "id": "a" }), json!({ "id": "A" }));
        assert_eq!(told("identifiers_agree", &compared(Trial::Last, &one, &other)), FOUND);
        assert_eq!(
            told("identifiers_agree", &listed_and_read(Trial::Last, std::slice::from_ref(&one), &other)),
            FOUND
        );
        assert_eq!(told("identifiers_agree", &compared(Trial::First, &one, &other)), [""; 0]);
    }

    #[test]
    fn only_what_it_is_read_by_counts() {
        let (one, other) = (json!({ "id": "b" }), json!({ "id": "c" }));
        assert_eq!(told("identifiers_agree", &compared(Trial::Last, &one, &other)), [""; 0]);
        assert_eq!(
            told("identifiers_agree", &compared(Trial::Last, &json!({ "id": "a" }), &json!({}))),
            [""; 0]
        );
    }
}
