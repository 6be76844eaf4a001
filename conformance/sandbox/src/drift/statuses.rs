//! Answers with a status that the contract does not state for the operation.

use super::{Asked, Change, Drift, DriftKind, Severity};
use crate::answer::Answer;

pub(super) static DRIFTS: [Drift; 8] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-create-200",
            api: "enrollconnect",
            operation_id: "createApplication",
            location: "#/paths/~1api~1v1~1applications/post/responses",
            check: "status_documented",
            severity: Severity::Breaking,
            summary: "creating an application answers 200 instead of 201",
        },
        change: Change::Answer(|_, answer| restate(answer, 201, 200)),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-update-202",
            api: "enrollconnect",
            operation_id: "updateApplication",
            location: "#/paths/~1api~1v1~1applications~1{id}/put/responses",
            check: "status_documented",
            severity: Severity::Breaking,
            summary: "replacing an application answers 202 instead of 200",
        },
        change: Change::Answer(|_, answer| restate(answer, 200, 202)),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-submit-refused-409",
            api: "enrollconnect",
            operation_id: "submitApplication",
            location: "#/paths/~1api~1v1~1applications~1{id}~1submit/post/responses",
            check: "status_documented",
            severity: Severity::Behavioural,
            summary: "an application that is not ready is refused with 409 instead of 422",
        },
        change: Change::Answer(|_, answer| restate(answer, 422, 409)),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-cancel-refused-409",
            api: "enrollconnect",
            operation_id: "cancelApplication",
            location: "#/paths/~1api~1v1~1applications~1{id}~1cancel/post/responses",
            check: "status_documented",
            severity: Severity::Behavioural,
            summary: "a cancellation that the state does not allow is refused with 409 instead of 400",
        },
        change: Change::Answer(|_, answer| restate(answer, 400, 409)),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-list-crash",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/paths/~1api~1v1~1applications/get",
            check: "no_server_error",
            severity: Severity::Behavioural,
            summary: "listing applications updated since a time answers 500",
        },
        change: Change::Answer(|asked, answer| {
            if answer.is_success() && is_given(asked, "updated_since") {
                *answer = Answer::text(500, "internal error\n");
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-review-201",
            api: "clasp",
            operation_id: "submitReview",
            location: "#/paths/~1connections~1{public_id}~1submit_review/post/responses",
            check: "status_documented",
            severity: Severity::Breaking,
            summary: "submitting a review answers 201 instead of 200",
        },
        change: Change::Answer(|_, answer| restate(answer, 200, 201)),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-register-202",
            api: "onboarding",
            operation_id: "registerGroup",
            location: "#/paths/~1groups/post/responses",
            check: "status_documented",
            severity: Severity::Breaking,
            summary: "registering a group answers 202 instead of 201",
        },
        change: Change::Answer(|_, answer| restate(answer, 201, 202)),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-summary-crash",
            api: "onboarding",
            operation_id: "getGroupSummary",
            location: "#/paths/~1groups~1{group_id}~1summary/get",
            check: "no_server_error",
            severity: Severity::Behavioural,
            summary: "the summary of a group that exists answers 500",
        },
        change: Change::Answer(|_, answer| {
            if answer.is_success() {
                *answer = Answer::text(500, "internal error\n");
            }
        }),
    },
];

fn restate(answer: &mut Answer, from: u16, to: u16) {
    if answer.status == from {
        answer.status = to;
    }
}

fn is_given(asked: &Asked<'_>, parameter: &str) -> bool {
    asked.query.iter().any(|(name, _)| name == parameter)
}
