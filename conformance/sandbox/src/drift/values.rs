//! Values of the right type that are not allowed: new enum values, nulls, other formats, too much text.

use serde_json::{Value, json};

use super::edit::{at, edit, object_at, objects_in};
use super::{Change, Drift, DriftKind, Severity};

pub(super) static DRIFTS: [Drift; 10] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-status-new",
            api: "enrollconnect",
            operation_id: "createApplication",
            location: "#/components/schemas/ApplicationResponse/properties/policy_status",
            check: "unknown_enum_value",
            severity: Severity::Additive,
            summary: "a new application has the policy status `in_review`, which the contract does not know",
        },
        change: Change::Answer(|_, answer| {
            if let Some(status) = at(answer, "/policy_status") {
                *status = json!("in_review");
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-error-code-new",
            api: "enrollconnect",
            operation_id: "createApplication",
            location: "#/components/schemas/ErrorDetail/properties/code",
            check: "unknown_enum_value",
            severity: Severity::Additive,
            summary: "what a new application lacks is told with the code `not_ready`, which the contract does not know",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/errors")
                .for_each(|error| edit(error, "code", |code| *code = json!("not_ready")));
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-external-id-null",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/components/schemas/ApplicationListResponse/properties/applications/items/properties/external_id",
            check: "body_schema",
            severity: Severity::Behavioural,
            summary: "a listed application's external ID is null, which is not allowed",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/applications").for_each(|one| {
                one.insert("external_id".to_owned(), Value::Null);
            });
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-instructions-null",
            api: "enrollconnect",
            operation_id: "updateApplication",
            location: "#/components/schemas/PaymentInstructions",
            check: "body_schema",
            severity: Severity::Behavioural,
            summary: "the payment instructions of an updated application are null, which is not allowed",
        },
        change: Change::Answer(|_, answer| {
            if let Some(application) = object_at(answer, "") {
                edit(application, "payment_instructions", |instructions| *instructions = Value::Null);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-created-at-format",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/components/schemas/ApplicationResponse/properties/created_at",
            check: "body_schema",
            severity: Severity::Behavioural,
            summary: "the time of creation is written as a date of the United States, not as RFC 3339 has it",
        },
        change: Change::Answer(|_, answer| {
            if let Some(created) = at(answer, "/created_at") {
                *created = json!("01/15/2026 02:00 PM");
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-uploaded-at-number",
            api: "enrollconnect",
            operation_id: "uploadSupportingDocumentation",
            location: "#/components/schemas/SupportingDocumentResponse/properties/uploaded_at",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "the time of an upload is a number of seconds instead of a date and time",
        },
        change: Change::Answer(|_, answer| {
            if let Some(uploaded) = at(answer, "/uploaded_at") {
                *uploaded = json!(1_768_485_600);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-event-new",
            api: "clasp",
            operation_id: "submitReview",
            location: "#/components/schemas/EventCategory",
            check: "unknown_enum_value",
            severity: Severity::Additive,
            summary: "a review leaves events of the category `review_received`, which the contract does not know",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/events")
                .for_each(|event| edit(event, "category", |category| *category = json!("review_received")));
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-broker-url-long",
            api: "clasp",
            operation_id: "retrieveConnection",
            location: "#/components/schemas/Connection/properties/broker_url",
            check: "body_schema",
            severity: Severity::Behavioural,
            summary: "a connection's broker URL is longer than 255 characters",
        },
        change: Change::Answer(|_, answer| {
            if let Some(url) = at(answer, "/broker_url") {
                *url = json!(format!("https://broker.example.com/links/{}", "a".repeat(300)));
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-status-new",
            api: "onboarding",
            operation_id: "getRegistrationStatus",
            location: "#/components/schemas/RegistrationState",
            check: "unknown_enum_value",
            severity: Severity::Additive,
            summary: "a registration has the status `on_hold`, which the contract does not know",
        },
        change: Change::Answer(|_, answer| {
            if let Some(status) = at(answer, "/status") {
                *status = json!("on_hold");
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-fein-dashed",
            api: "onboarding",
            operation_id: "registerGroup",
            location: "#/components/schemas/Group/properties/fein",
            check: "body_schema",
            severity: Severity::Behavioural,
            summary: "a new group's employer number is written with a dash, not as nine digits",
        },
        change: Change::Answer(|_, answer| {
            if let Some(group) = object_at(answer, "") {
                group.insert("fein".to_owned(), json!("00-1234567"));
            }
        }),
    },
];
