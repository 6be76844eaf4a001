//! What an API does not keep: values that were written and are not read, properties that one operation leaves out, and
//! answers that change by themselves.

use serde_json::{Value, json};

use super::edit::{edit, object_at, objects_in};
use super::{Change, Drift, DriftKind, Severity};

pub(super) static DRIFTS: [Drift; 7] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-external-id-forgotten",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/components/schemas/ApplicationResponse/properties/external_id",
            check: "written_is_read_back",
            severity: Severity::Behavioural,
            summary: "an application is read without the external ID that it was created with",
        },
        change: Change::Answer(|_, answer| {
            if let Some(application) = object_at(answer, "") {
                application.shift_remove("external_id");
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-name-cut",
            api: "onboarding",
            operation_id: "getGroup",
            location: "#/components/schemas/Group/properties/name",
            check: "written_is_read_back",
            severity: Severity::Behavioural,
            summary: "the name of a group is cut off after its first character",
        },
        change: Change::Answer(|_, answer| {
            if let Some(group) = object_at(answer, "") {
                edit(group, "name", |name| {
                    *name = json!(name.as_str().unwrap_or_default().chars().take(1).collect::<String>());
                });
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-read-restless",
            api: "clasp",
            operation_id: "retrieveConnection",
            location: "#/components/schemas/Connection/properties/group_connections",
            check: "reads_repeat",
            severity: Severity::Behavioural,
            summary: "a connection is read with its groups every other time, and without them in between",
        },
        change: Change::Answer(|asked, answer| {
            if let Some(connection) = object_at(answer, "").filter(|_| asked.number % 2 == 1) {
                edit(connection, "group_connections", |groups| *groups = Value::Array(Vec::new()));
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-next-actions-vanished",
            api: "enrollconnect",
            operation_id: "createApplication",
            location: "#/components/schemas/ApplicationResponse/properties/next_actions",
            check: "answers_agree",
            severity: Severity::Behavioural,
            summary: "a new application does not say what can be done next, as reading it does",
        },
        change: Change::Answer(|_, answer| {
            if let Some(application) = object_at(answer, "") {
                application.shift_remove("next_actions");
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-listed-plan-vanished",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/components/schemas/ApplicationListResponse/properties/applications/items/properties/plan_hios_id",
            check: "answers_agree",
            severity: Severity::Behavioural,
            summary: "a listed application does not say its plan, as reading it does",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/applications").for_each(|application| {
                application.shift_remove("plan_hios_id");
            });
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-broker-url-vanished",
            api: "clasp",
            operation_id: "retrieveConnection",
            location: "#/components/schemas/Connection/properties/broker_url",
            check: "answers_agree",
            severity: Severity::Behavioural,
            summary: "a connection is read without its broker's address, which the list has",
        },
        change: Change::Answer(|_, answer| {
            if let Some(connection) = object_at(answer, "") {
                connection.shift_remove("broker_url");
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-replacement-merged",
            api: "enrollconnect",
            operation_id: "updateApplication",
            location: "#/components/schemas/ApplicationCreateRequest/properties/external_id",
            check: "replacement_is_whole",
            severity: Severity::Behavioural,
            summary: "an application keeps its external ID when a replacement leaves it out",
        },
        change: Change::Keep { name: "external_id", reader: "getApplication", at: "/external_id" },
    },
];
