//! Operations that do what their resource's state forbids, or refuse what it allows.

use serde_json::json;

use super::{Change, Drift, DriftKind, Severity};
use crate::answer::{Answer, AnswerBody};

pub(super) static DRIFTS: [Drift; 2] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-cancel-draft",
            api: "enrollconnect",
            operation_id: "cancelApplication",
            location: "#/paths/~1api~1v1~1applications~1{id}~1cancel/post",
            check: "transition_refused",
            severity: Severity::Behavioural,
            summary: "a draft can be cancelled, which only what is pending can",
        },
        change: Change::Answer(|_, answer| {
            if answer.status == 400 && says(answer, "that is draft") {
                answer.status = 202;
                answer.body = AnswerBody::Json(json!({"policy_status": "draft", "effective_date": null}));
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-terminate-refused",
            api: "enrollconnect",
            operation_id: "terminateApplication",
            location: "#/paths/~1api~1v1~1applications~1{id}~1terminate/post",
            check: "transition_allowed",
            severity: Severity::Behavioural,
            summary: "what is effectuated cannot be terminated",
        },
        change: Change::Answer(|_, answer| {
            if answer.is_success() {
                answer.status = 400;
                let error = json!({"code": "forbidden", "message": "this cannot be terminated"});
                answer.body = AnswerBody::Json(json!({"errors": [error]}));
            }
        }),
    },
];

/// Whether a refusal has these words in it.
fn says(answer: &mut Answer, words: &str) -> bool {
    answer.json_mut().is_some_and(|body| body.to_string().contains(words))
}
