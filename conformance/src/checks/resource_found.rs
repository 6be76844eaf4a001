//! `resource_found`: what one operation reads, another one at its path does not call missing.
//!
//! Where two operations document the same answer to an unknown identifier, and its description is of the thing itself, it
//! means the same from both. So an operation may not give it of something that was read right before and is read right after:
//! what it meant is another refusal, which the contract has another answer for. Where the contract has 401 for who comes without
//! a credential, that is so for him too: a notice, because there are reasons to hide what is there.

use driftline_specs::{Operation, Response, StatusSpec};

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Intent, SeriesKind};

/// See the module.
pub(super) struct ResourceFound;

impl Check for ResourceFound {
    fn id(&self) -> &'static str {
        "resource_found"
    }

    fn summary(&self) -> &'static str {
        "what one operation reads, another one at its path does not call missing"
    }

    fn reason(&self) -> &'static str {
        "a client that is told that a thing is gone gives it up, or makes another one"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        match &evidence.series.kind {
            SeriesKind::Missed { .. } => {}
            // What should have been accepted is told by that.
            SeriesKind::Transition { to, .. } if to.is_empty() => {}
            _ => return,
        }
        let (Some(asked), Some(reader)) = (evidence.exchange(1), evidence.operation_of(0)) else { return };
        let status = asked.answer.status;
        let Some(response) = means_missing(evidence.operation, reader, status) else { return };
        let others: Vec<String> =
            evidence.operation.responses.iter().map(|it| it.status.to_string()).collect();
        let is_stranger = asked.intent == Intent::WithoutCredential;
        let refuses_strangers =
            evidence.operation.responses.iter().any(|it| it.status == StatusSpec::Code(401));
        if is_stranger && !refuses_strangers {
            return;
        }
        found.push(Observation {
            check: self.id(),
            severity: if is_stranger { Severity::Notice } else { self.severity() },
            location: String::new(),
            contract: response.pointer.clone(),
            rule: if is_stranger { format!("{status} without a credential") } else { status.to_string() },
            expected: format!(
                "another one of {}: {} reads it, before and after",
                others.join(", "),
                reader.id
            ),
            observed: format!("status {status}"),
            note: None,
        });
    }
}

/// The answer with which both operations say that the thing at their path does not exist; `None` where a status does not mean
/// that.
pub(crate) fn means_missing<'o>(
    operation: &'o Operation,
    reader: &Operation,
    status: u16,
) -> Option<&'o Response> {
    let response = operation.response_for(status).filter(|_| matches!(status, 404 | 410))?;
    let read = reader.response_for(status)?;
    let is_same = response.pointer == read.pointer || response.description == read.description;
    (is_same && is_of_the_thing(&response.description, &reader.path)).then_some(response)
}

/// Whether a description is of what a path ends in, rather than of anything that was not found.
fn is_of_the_thing(description: &str, path: &str) -> bool {
    let mut segments = path.split('/').rev().filter(|it| !it.is_empty());
    let Some(plural) = segments.next().filter(|it| it.starts_with('{')).and_then(|_| segments.next()) else {
        return false;
    };
    let plural = plural.to_lowercase().replace(['-', '_'], " ");
    let singular = plural.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let singular = singular.unwrap_or_else(|| plural.trim_end_matches('s').to_owned());
    let description = description.to_lowercase();
    let mut words = description.split(|it: char| !it.is_alphanumeric());
    !singular.is_empty() && description.contains(&singular)
        || words.any(|word| matches!(word, "id" | "identifier"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing_series::{judged, missed, sent, told};

    #[test]
    fn accepts_other_refusals_and_a_not_found_of_something_else() {
        assert_eq!(told("resource_found", &missed("sendParcel", 409)), [""; 0]);
        assert_eq!(told("resource_found", &sent(&[], 409, "open")), [""; 0]);
        assert_eq!(
            told("resource_found", &missed("getRecord", 404)),
            [""; 0],
            "there may be no record of it"
        );
    }

    #[test]
    fn rejects_what_is_called_missing_and_is_read() {
        let expected = ["404 |  | status 404"];
        assert_eq!(told("resource_found", &missed("sendParcel", 404)), expected);
        assert_eq!(told("resource_found", &sent(&[], 404, "open")), expected);
        assert_eq!(told("resource_found", &sent(&["sent"], 404, "open")), [""; 0], "it is allowed there");
    }

    #[test]
    fn who_comes_without_a_credential_is_told_so_where_the_contract_says_it() {
        let stranger = |operation: &str| {
            let mut series = missed(operation, 404);
            series.exchanges[1].intent = Intent::WithoutCredential;
            judged("resource_found", &series)
        };
        let found = stranger("sendParcel");
        assert_eq!(
            found.iter().map(|it| (it.rule.as_str(), it.severity)).collect::<Vec<_>>(),
            [("404 without a credential", Severity::Notice)]
        );
        assert!(stranger("getParcel").is_empty(), "nothing is said of 401");
    }

    #[test]
    fn a_description_names_the_thing_or_its_identifier() {
        for (description, path) in [
            ("There is no application with this ID.", "/api/v1/applications/{id}"),
            ("Policy not found", "/policies/{policy_id}"),
            ("No line item", "/orders/{order}/line-items/{item}"),
            ("Unknown identifier", "/things/{id}"),
        ] {
            assert!(is_of_the_thing(description, path), "{description}");
        }
        for (description, path) in [
            ("Not found", "/things/{id}"),
            ("Resource not found", "/repos/{id}"),
            ("No thing", "/things"),
            ("None", "/s/{id}"),
        ] {
            assert!(!is_of_the_thing(description, path), "{description}");
        }
    }
}
