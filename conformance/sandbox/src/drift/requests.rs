//! Constraints of requests that are not enforced any more, so that what is missing, too large or unknown is taken; and
//! such that are narrower than the contract says.
//!
//! Those that are not enforced are of parts that no answer repeats, so that it shows in what is accepted and nowhere else.

use serde_json::Value;

use super::{Change, Drift, DriftKind, Severity};

pub(super) static DRIFTS: [Drift; 8] = [
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
    Drift {
        kind: DriftKind {
            id: "onboarding-name-short",
            api: "onboarding",
            operation_id: "registerGroup",
            location: "#/components/schemas/GroupRegistration/properties/name",
            check: "valid_request_accepted",
            severity: Severity::Breaking,
            summary: "a group's name has half as many characters at most as the contract allows",
        },
        change: Change::Demand {
            keyword: "maxLength",
            at: "/name",
            takes: |name| name.and_then(Value::as_str).is_none_or(|name| name.chars().count() <= 127),
        },
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-external-id-demanded",
            api: "onboarding",
            operation_id: "registerGroup",
            location: "#/components/schemas/GroupRegistration/properties/external_id",
            check: "valid_request_accepted",
            severity: Severity::Breaking,
            summary: "a group is not registered without an external ID, which is optional",
        },
        change: Change::Demand { keyword: "required", at: "/external_id", takes: |id| id.is_some() },
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-broker-phone-beside-email",
            api: "onboarding",
            operation_id: "registerGroup",
            location: "#/components/schemas/Broker/properties/phone",
            check: "norm_known_good_refused",
            severity: Severity::Breaking,
            summary: "a broker with an e-mail address has to have a telephone number as well, which is optional",
        },
        change: Change::Demand {
            keyword: "required",
            at: "/broker",
            takes: |broker| {
                let has = |name: &str| broker.is_some_and(|broker| broker.get(name).is_some());
                has("phone") || !has("email")
            },
        },
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-event-refused",
            api: "enrollconnect",
            operation_id: "createApplication",
            location: "#/components/schemas/SpecialEnrollmentPeriod/properties/event_type",
            check: "valid_request_accepted",
            severity: Severity::Behavioural,
            summary: "an application for a special enrollment period after an adoption is refused",
        },
        change: Change::Demand {
            keyword: "enum",
            at: "/special_enrollment_period/event_type",
            takes: |event| event.and_then(Value::as_str) != Some("adoption"),
        },
    },
    Drift {
        kind: DriftKind {
            id: "clasp-page-size-lowered",
            api: "clasp",
            operation_id: "listConnections",
            location: "#/paths/~1connections/get/parameters/1/schema",
            check: "valid_request_accepted",
            severity: Severity::Breaking,
            summary: "the list of connections takes a page size of 50 at most, where the contract allows 100",
        },
        change: Change::Demand {
            keyword: "maximum",
            at: "page_size",
            takes: |size| {
                let size = size.and_then(Value::as_str).and_then(|size| size.parse::<u64>().ok());
                size.is_none_or(|size| size <= 50)
            },
        },
    },
];
