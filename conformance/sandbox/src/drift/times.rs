//! Times and identifiers that do not tell what they should: when something was made or changed, and what it is.

use serde_json::json;

use super::edit::{edit, object_at};
use super::{Change, Drift, DriftKind, Severity};

pub(super) static DRIFTS: [Drift; 4] = [
    Drift {
        kind: DriftKind {
            id: "onboarding-created-at-moves",
            api: "onboarding",
            operation_id: "getGroup",
            location: "#/components/schemas/Group/properties/created_at",
            check: "creation_time_kept",
            severity: Severity::Behavioural,
            summary: "a group's time of creation is that of its last change",
        },
        change: Change::Answer(|_, answer| {
            if let Some(group) = object_at(answer, "")
                && let Some(updated) = group.get("updated_at").cloned()
            {
                group.insert("created_at".to_owned(), updated);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-updated-at-stuck",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/components/schemas/ApplicationResponse/properties/updated_at",
            check: "change_time_moves",
            severity: Severity::Behavioural,
            summary: "an application's time of the last change is always that of its creation",
        },
        change: Change::Answer(|_, answer| {
            if let Some(application) = object_at(answer, "")
                && let Some(created) = application.get("created_at").cloned()
            {
                application.insert("updated_at".to_owned(), created);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-id-other",
            api: "clasp",
            operation_id: "retrieveConnection",
            location: "#/components/schemas/Connection/properties/id",
            check: "identifiers_agree",
            severity: Severity::Behavioural,
            summary: "a connection is read with an identifier in capitals, which it is not known by",
        },
        change: Change::Answer(|_, answer| {
            if let Some(connection) = object_at(answer, "") {
                edit(connection, "id", |id| *id = json!(id.as_str().unwrap_or_default().to_uppercase()));
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-document-id-reused",
            api: "enrollconnect",
            operation_id: "uploadSupportingDocumentation",
            location: "#/components/schemas/SupportingDocumentResponse/properties/document_id",
            check: "identifiers_are_new",
            severity: Severity::Behavioural,
            summary: "every document of an application has the same identifier",
        },
        change: Change::Answer(|_, answer| {
            if let Some(document) = object_at(answer, "") {
                let id = document.get("application_id").and_then(|id| id.as_str()).unwrap_or_default();
                document.insert("document_id".to_owned(), json!(format!("{id}-D001")));
            }
        }),
    },
];
