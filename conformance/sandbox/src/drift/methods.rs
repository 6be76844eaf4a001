//! Methods that the contract does not document: one that works, and what is said about those that do.

use http::header::ALLOW;
use serde_json::json;

use super::{Change, Drift, DriftKind, Severity};
use crate::answer::Answer;

pub(super) static DRIFTS: [Drift; 4] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-application-patched",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/paths/~1api~1v1~1applications~1{id}",
            check: "undocumented_method_refused",
            severity: Severity::Additive,
            summary: "an application can be patched, which nobody documents",
        },
        change: Change::Method("PATCH", || Answer::json(200, json!({}))),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-group-deleted",
            api: "onboarding",
            operation_id: "getGroup",
            location: "#/paths/~1groups~1{group_id}",
            check: "undocumented_method_refused",
            severity: Severity::Additive,
            summary: "a group can be deleted, which nobody documents",
        },
        change: Change::Method("DELETE", || Answer::empty(204)),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-connection-allow-missing",
            api: "clasp",
            operation_id: "retrieveConnection",
            location: "#/paths/~1connections~1{public_id}",
            check: "allow_lists_methods",
            severity: Severity::Notice,
            summary: "a connection refuses a method without saying which ones it takes",
        },
        change: Change::Refusal(|answer| answer.headers.retain(|(name, _)| *name != ALLOW)),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-allow-without-put",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/paths/~1api~1v1~1applications~1{id}",
            check: "allow_lists_methods",
            severity: Severity::Notice,
            summary: "an application says that it cannot be replaced, which the contract documents",
        },
        change: Change::Refusal(|answer| {
            answer.headers.iter_mut().filter(|(name, _)| *name == ALLOW).for_each(|(_, value)| {
                *value = "GET".to_owned();
            });
        }),
    },
];
