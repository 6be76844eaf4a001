//! What surrounds a body: the credential that is demanded, the content type, and the shape of refusals.

use serde_json::json;

use super::{Change, Drift, DriftKind, Severity};
use crate::answer::{Answer, AnswerBody};

pub(super) static DRIFTS: [Drift; 8] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-list-anonymous",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/paths/~1api~1v1~1applications/get",
            check: "credential_required",
            severity: Severity::Behavioural,
            summary: "applications are listed for callers without a key",
        },
        change: Change::Admit(|_| true),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-retrieve-anonymous",
            api: "clasp",
            operation_id: "retrieveConnection",
            location: "#/paths/~1connections~1{public_id}/get",
            check: "credential_required",
            severity: Severity::Behavioural,
            summary: "a connection is shown to callers without a key",
        },
        change: Change::Admit(|_| true),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-register-anonymous",
            api: "onboarding",
            operation_id: "registerGroup",
            location: "#/paths/~1groups/post",
            check: "credential_required",
            severity: Severity::Behavioural,
            summary: "groups are registered for callers without a credential",
        },
        change: Change::Admit(|_| true),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-get-html",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/paths/~1api~1v1~1applications~1{id}/get/responses/200",
            check: "content_type_documented",
            severity: Severity::Breaking,
            summary: "reading an application answers with a web page",
        },
        change: Change::Answer(|_, answer| {
            if answer.is_success() {
                answer.content_type = "text/html; charset=utf-8".into();
                answer.body = AnswerBody::Text("<!doctype html><title>Application</title>\n".to_owned());
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-list-text",
            api: "onboarding",
            operation_id: "listGroups",
            location: "#/paths/~1groups/get/responses/200",
            check: "content_type_documented",
            severity: Severity::Breaking,
            summary: "the list of groups calls itself plain text",
        },
        change: Change::Answer(|_, answer| {
            if answer.is_success() {
                answer.content_type = "text/plain; charset=utf-8".into();
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-terminate-error-envelope",
            api: "enrollconnect",
            operation_id: "terminateApplication",
            location: "#/components/schemas/ErrorResponse",
            check: "error_body",
            severity: Severity::Behavioural,
            summary: "refusals of a termination have one `error` object instead of the array `errors`",
        },
        change: Change::Answer(|_, answer| reword(answer, json!({"error": {"code": "refused"}}))),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-retrieve-error-detail",
            api: "clasp",
            operation_id: "retrieveConnection",
            location: "#/components/schemas/Error",
            check: "error_body",
            severity: Severity::Breaking,
            summary: "refusals to show a connection have a `detail` instead of a type and a message",
        },
        change: Change::Answer(|_, answer| reword(answer, json!({"detail": "The request was refused."}))),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-get-error-envelope",
            api: "onboarding",
            operation_id: "getGroup",
            location: "#/components/schemas/Problem",
            check: "error_body",
            severity: Severity::Breaking,
            summary: "refusals to show a group have a `fault` instead of a title and a status",
        },
        change: Change::Answer(|_, answer| reword(answer, json!({"fault": "refused"}))),
    },
];

fn reword(answer: &mut Answer, body: serde_json::Value) {
    if (400..500).contains(&answer.status) {
        answer.body = AnswerBody::Json(body);
    }
}
