//! Bodies of another shape: other JSON types, properties that are missing, properties that are new.

use serde_json::{Value, json};

use super::edit::{edit, object_at, objects_in, to_object, to_text};
use super::{Change, Drift, DriftKind, Severity};

pub(super) static DRIFTS: [Drift; 10] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-premium-string",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/components/schemas/PolicyDetail/properties/gross_premium",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "a policy's gross premium is a string instead of a number",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/policies").for_each(|policy| edit(policy, "gross_premium", to_text));
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-plan-year-string",
            api: "enrollconnect",
            operation_id: "createApplication",
            location: "#/components/schemas/ApplicationResponse/properties/plan_year",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "the plan year of a new application is a string instead of an integer",
        },
        change: Change::Answer(|_, answer| {
            if let Some(application) = object_at(answer, "") {
                edit(application, "plan_year", to_text);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-errors-object",
            api: "enrollconnect",
            operation_id: "updateApplication",
            location: "#/components/schemas/ApplicationResponse/properties/errors",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "the readiness errors of an updated application are an object instead of an array",
        },
        change: Change::Answer(|_, answer| {
            if let Some(application) = object_at(answer, "") {
                edit(application, "errors", to_object);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-action-without-href",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/components/schemas/NextAction",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "the next actions have no `href`, which is required",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/next_actions").for_each(|action| {
                action.shift_remove("href");
            });
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-redirect-fields-object",
            api: "enrollconnect",
            operation_id: "getPaymentRedirect",
            location: "#/components/schemas/PaymentRedirectResponse/properties/fields",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "the fields of the payment form are an object instead of an array",
        },
        change: Change::Answer(|_, answer| {
            if let Some(redirect) = object_at(answer, "") {
                edit(redirect, "fields", to_object);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-new-property",
            api: "enrollconnect",
            operation_id: "getApplication",
            location: "#/components/schemas/ApplicationResponse",
            check: "undocumented_property",
            severity: Severity::Additive,
            summary: "an application has a property `renewal` that the contract does not know",
        },
        change: Change::Answer(|_, answer| {
            if let Some(application) = object_at(answer, "") {
                application.insert("renewal".to_owned(), json!({"eligible": false}));
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-employer-missing",
            api: "clasp",
            operation_id: "retrieveConnection",
            location: "#/components/schemas/Connection",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "a connection has no `employer`, which is required",
        },
        change: Change::Answer(|_, answer| {
            if let Some(connection) = object_at(answer, "") {
                connection.shift_remove("employer");
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-carriers-object",
            api: "clasp",
            operation_id: "listConnections",
            location: "#/components/schemas/Connection/properties/group_connections",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "the connections to carriers are an object instead of an array",
        },
        change: Change::Answer(|_, answer| {
            objects_in(answer, "/results").for_each(|one| edit(one, "group_connections", to_object));
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-complete-string",
            api: "onboarding",
            operation_id: "getIntegrationStatus",
            location: "#/components/schemas/IntegrationStatus/properties/complete",
            check: "body_schema",
            severity: Severity::Breaking,
            summary: "whether the onboarding is complete is a string instead of a boolean",
        },
        change: Change::Answer(|_, answer| {
            if let Some(status) = object_at(answer, "") {
                edit(status, "complete", |complete| {
                    *complete = Value::from(if *complete == Value::Bool(true) { "yes" } else { "no" });
                });
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-new-property",
            api: "onboarding",
            operation_id: "getGroup",
            location: "#/components/schemas/Group",
            check: "undocumented_property",
            severity: Severity::Additive,
            summary: "a group has a property `segment` that the contract does not know",
        },
        change: Change::Answer(|_, answer| {
            if let Some(group) = object_at(answer, "") {
                group.insert("segment".to_owned(), json!("small"));
            }
        }),
    },
];
