//! Credentials that are taken though they are not as they should be: any, an empty one, the right one by another way.

use super::{Change, Drift, DriftKind, Severity};
use crate::CREDENTIAL;

pub(super) static DRIFTS: [Drift; 4] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-get-any-key",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/paths/~1api~1v1~1applications~1{id}/get",
            check: "credential_required",
            severity: Severity::Behavioural,
            summary: "an application is shown to callers with any key",
        },
        change: Change::Admit(|shown| shown.header("x-api-key").is_some_and(|key| !key.is_empty())),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-list-empty-token",
            api: "clasp",
            operation_id: "listConnections",
            location: "#/paths/~1connections/get",
            check: "credential_required",
            severity: Severity::Behavioural,
            summary: "connections are listed for callers whose token is empty",
        },
        change: Change::Admit(|shown| {
            shown.header("authorization").is_some_and(|it| it.trim().eq_ignore_ascii_case("bearer"))
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-summary-any-scheme",
            api: "onboarding",
            operation_id: "getGroupSummary",
            location: "#/paths/~1groups~1{group_id}~1summary/get",
            check: "credential_required",
            severity: Severity::Notice,
            summary: "the summary of a group is shown by whatever scheme the token comes",
        },
        change: Change::Admit(|shown| {
            let token = shown.header("authorization").and_then(|it| it.split_once(' '));
            token.is_some_and(|(_, token)| token == CREDENTIAL)
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-list-key-in-query",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/paths/~1api~1v1~1applications/get",
            check: "credential_required",
            severity: Severity::Notice,
            summary: "applications are listed for callers with the key in the query",
        },
        change: Change::Admit(|shown| {
            shown.query.iter().any(|(name, value)| name == "x-api-key" && value == CREDENTIAL)
        }),
    },
];
