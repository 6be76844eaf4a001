//! Constraints of requests that are not enforced any more: what is missing, too large or unknown is taken.
//!
//! Each is of a part that no answer repeats, so that it shows in what is accepted and nowhere else.

use super::{Change, Drift, DriftKind, Severity};

pub(super) static DRIFTS: [Drift; 3] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-upload-untyped",
            api: "enrollconnect",
            operation_id: "uploadSupportingDocumentation",
            location: "#/components/schemas/SupportingDocumentRequest/properties/document_type",
            check: "invalid_request_refused",
            severity: Severity::Behavioural,
            summary: "a document in JSON is stored without its type, which is required",
        },
        change: Change::Overlook { keyword: "required", at: "/document_type" },
    },
    Drift {
        kind: DriftKind {
            id: "clasp-page-size-unlimited",
            api: "clasp",
            operation_id: "listConnections",
            location: "#/paths/~1connections/get/parameters/1/schema",
            check: "invalid_request_refused",
            severity: Severity::Behavioural,
            summary: "the list of connections takes a page size beyond the greatest that the contract allows",
        },
        change: Change::Overlook { keyword: "maximum", at: "page_size" },
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-unknown-status-taken",
            api: "onboarding",
            operation_id: "listGroups",
            location: "#/components/schemas/RegistrationState",
            check: "invalid_request_refused",
            severity: Severity::Behavioural,
            summary: "groups can be asked for by a registration status that the contract does not know",
        },
        change: Change::Overlook { keyword: "enum", at: "registration_status" },
    },
];
