//! What pages say about themselves, as far as a single page shows it.

use serde_json::{Value, json};

use super::edit::{at, edit, object_at, to_text};
use super::{Change, Drift, DriftKind, Severity};

pub(super) static DRIFTS: [Drift; 3] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-total-string",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/components/schemas/ApplicationListResponse/properties/pagination/properties/total",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "the total of the list of applications is a string instead of an integer",
        },
        change: Change::Answer(|_, answer| {
            if let Some(pagination) = object_at(answer, "/pagination") {
                edit(pagination, "total", to_text);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-next-path",
            api: "clasp",
            operation_id: "listConnections",
            location: "#/components/schemas/ConnectionPage/properties/next",
            check: "body_schema",
            severity: Severity::Behavioural,
            summary: "the address of the next page is a bare path instead of a URL",
        },
        change: Change::Answer(|_, answer| {
            if let Some(next) = at(answer, "/next") {
                let path = next.as_str().and_then(|url| url.split_once("/connections"));
                let path = path.map(|(_, query)| json!(format!("/connections{query}")));
                *next = path.unwrap_or(Value::Null);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-pagination-missing",
            api: "onboarding",
            operation_id: "listGroups",
            location: "#/components/schemas/GroupList",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "the list of groups does not say where its page lies, which is required",
        },
        change: Change::Answer(|_, answer| {
            if let Some(list) = object_at(answer, "") {
                list.shift_remove("pagination");
            }
        }),
    },
];
