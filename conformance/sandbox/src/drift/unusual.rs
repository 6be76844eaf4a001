//! What a contract allows and an API has never done: nothing that is required is missing, no value is of another type, no
//! status is undocumented. Only whoever knows what is usual can tell.

use serde_json::{Value, json};

use super::edit::{edit, object_at, objects_in};
use super::{Change, Drift, DriftKind, Severity};

pub(super) static DRIFTS: [Drift; 5] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-exchange-type-vanished",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/components/schemas/ApplicationListResponse/properties/applications/items/properties/exchange_type",
            check: "norm_property_absent",
            severity: Severity::Behavioural,
            summary: "listed applications no longer say their type of exchange, which only the list says",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/applications").for_each(|application| {
                application.shift_remove("exchange_type");
            });
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-initiated-null",
            api: "clasp",
            operation_id: "submitReview",
            location: "#/components/schemas/GroupConnection/properties/initiated_at",
            check: "norm_always_null",
            severity: Severity::Behavioural,
            summary: "after a review no connection to a carrier says when it was initiated",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/group_connections").for_each(|group| {
                edit(group, "initiated_at", |initiated| *initiated = Value::Null);
            });
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-employer-placeholder",
            api: "clasp",
            operation_id: "submitReview",
            location: "#/components/schemas/Connection/properties/employer",
            check: "norm_one_value",
            severity: Severity::Behavioural,
            summary: "after a review every connection has the same employer",
        },
        change: Change::Answer(|_, answer| {
            if let Some(connection) = object_at(answer, "") {
                edit(connection, "employer", |employer| *employer = json!("Employer"));
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-event-numbered",
            api: "clasp",
            operation_id: "submitReview",
            location: "#/components/schemas/ConnectionEvent/properties/id",
            check: "norm_form_changed",
            severity: Severity::Behavioural,
            summary: "after a review the identifiers of events are made of digits only",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/events").for_each(|event| {
                edit(event, "id", |id| {
                    let digits = id.as_str().unwrap_or_default().chars().filter(char::is_ascii_digit);
                    *id = json!(digits.collect::<String>());
                });
            });
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-create-refused-400",
            api: "enrollconnect",
            operation_id: "createApplication",
            location: "#/paths/~1api~1v1~1applications/post/responses/422",
            check: "norm_status_rare",
            severity: Severity::Behavioural,
            summary: "an application with a wrong value is refused with 400, as one that cannot be read, instead of 422",
        },
        change: Change::Answer(|_, answer| {
            if answer.status == 422 {
                answer.status = 400;
            }
        }),
    },
];
