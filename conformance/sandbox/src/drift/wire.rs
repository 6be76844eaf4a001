//! How an answer is written, whatever it says: JSON that is not well formed, and headers.

use http::header::{HeaderName, LOCATION};

use super::{Change, Drift, DriftKind, Severity};
use crate::answer::{Answer, AnswerBody};

pub(super) static DRIFTS: [Drift; 5] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-id-twice",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/components/schemas/ApplicationResponse",
            check: "body_well_formed",
            severity: Severity::Behavioural,
            summary: "an application is read with its identifier twice",
        },
        change: Change::Answer(|_, answer| rewrite(answer, twice)),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-retrieve-marked",
            api: "clasp",
            operation_id: "retrieveConnection",
            location: "#/paths/~1connections~1{public_id}/get/responses/200/content/application~1json",
            check: "body_well_formed",
            severity: Severity::Breaking,
            summary: "a connection begins with a byte order mark",
        },
        change: Change::Answer(|_, answer| rewrite(answer, |text| format!("\u{feff}{text}"))),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-summary-trailing",
            api: "onboarding",
            operation_id: "getGroupSummary",
            location: "#/paths/~1groups~1{group_id}~1summary/get/responses/200/content/application~1json",
            check: "body_well_formed",
            severity: Severity::Breaking,
            summary: "the summary of a group is followed by a second one",
        },
        change: Change::Answer(|_, answer| rewrite(answer, |text| format!("{text}\n{text}"))),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-register-placeless",
            api: "onboarding",
            operation_id: "registerGroup",
            location: "#/paths/~1groups/post/responses/201/headers/Location",
            check: "header_schema",
            severity: Severity::Behavioural,
            summary: "a new group comes without the place where it is",
        },
        change: Change::Answer(|_, answer| answer.headers.retain(|(name, _)| *name != LOCATION)),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-list-sunset",
            api: "clasp",
            operation_id: "listConnections",
            location: "#/paths/~1connections/get",
            check: "deprecation_documented",
            severity: Severity::Notice,
            summary: "the list of connections says when it will be gone",
        },
        change: Change::Answer(|_, answer| {
            answer
                .headers
                .push((HeaderName::from_static("sunset"), "Sat, 31 Dec 2033 23:59:59 GMT".to_owned()));
        }),
    },
];

/// Writes the JSON of a success in another way.
fn rewrite(answer: &mut Answer, write: impl FnOnce(&str) -> String) {
    if answer.is_success()
        && let AnswerBody::Json(value) = &answer.body
    {
        answer.body = AnswerBody::Text(write(&value.to_string()));
    }
}

/// Repeats the first member of an object.
fn twice(text: &str) -> String {
    match text.split_once(',') {
        Some((first, rest)) => format!("{first},{},{rest}", first.trim_start_matches('{')),
        None => text.to_owned(),
    }
}
