//! Lists that do not do what they are asked: pages that overlap, end too early or never, totals and filters that are wrong.

use serde_json::{Value, json};

use super::edit::{at, object_at};
use super::{Change, Drift, DriftKind, Severity};

pub(super) static DRIFTS: [Drift; 10] = [
    Drift {
        kind: DriftKind {
            id: "enrollconnect-limit-ignored",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/paths/~1api~1v1~1applications/get",
            check: "limit_honoured",
            severity: Severity::Behavioural,
            summary: "the list of applications has 25 on a page, whatever is asked for",
        },
        change: Change::Query(|query| query.retain(|(name, _)| name != "limit")),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-pages-overlap",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/paths/~1api~1v1~1applications/get",
            check: "pages_are_disjoint",
            severity: Severity::Behavioural,
            summary: "each page of the list of applications begins with the last application of the page before",
        },
        change: Change::Query(|query| move_offset(query, -1)),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-pages-gap",
            api: "onboarding",
            operation_id: "listGroups",
            location: "#/paths/~1groups/get",
            check: "pages_are_complete",
            severity: Severity::Behavioural,
            summary: "a group is lost between two pages of the list",
        },
        change: Change::Query(|query| move_offset(query, 1)),
    },
    Drift {
        kind: DriftKind {
            id: "clasp-cursor-ignored",
            api: "clasp",
            operation_id: "listConnections",
            location: "#/paths/~1connections/get",
            check: "pages_end",
            severity: Severity::Behavioural,
            summary: "every page of the list of connections is the first one",
        },
        change: Change::Query(|query| query.retain(|(name, _)| name != "cursor")),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-total-of-page",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/components/schemas/ApplicationListResponse/properties/pagination/properties/total",
            check: "total_counts_the_list",
            severity: Severity::Behavioural,
            summary: "the total of the list of applications is the number of those on the page",
        },
        change: Change::Answer(|_, answer| {
            let count = at(answer, "/applications").and_then(|it| it.as_array().map(Vec::len));
            if let (Some(count), Some(pagination)) = (count, object_at(answer, "/pagination")) {
                pagination.insert("total".to_owned(), json!(count));
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-filter-ignored",
            api: "onboarding",
            operation_id: "listGroups",
            location: "#/paths/~1groups/get",
            check: "filter_selects",
            severity: Severity::Behavioural,
            summary: "groups are listed whatever registration status is asked for",
        },
        change: Change::Query(|query| query.retain(|(name, _)| name != "registration_status")),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-filter-loses",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/paths/~1api~1v1~1applications/get",
            check: "filter_loses_nothing",
            severity: Severity::Behavioural,
            summary: "the list of the applications of a plan lacks the first of them",
        },
        change: Change::Answer(|asked, answer| {
            let filtered = asked.query.iter().any(|(name, _)| name == "plan_hios_id");
            if let Some(Value::Array(applications)) = at(answer, "/applications").filter(|_| filtered)
                && !applications.is_empty()
            {
                applications.remove(0);
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "onboarding-limit-default",
            api: "onboarding",
            operation_id: "listGroups",
            location: "#/paths/~1groups/get/parameters/2",
            check: "defaults_applied",
            severity: Severity::Behavioural,
            summary: "a page of groups has five of them where no limit is asked for, not twenty-five",
        },
        change: Change::Query(|query| {
            if query.iter().all(|(name, _)| name != "limit") {
                query.push(("limit".to_owned(), "5".to_owned()));
            }
        }),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-issuer-ignored",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/paths/~1api~1v1~1applications/get",
            check: "filter_selects",
            severity: Severity::Behavioural,
            summary: "applications are listed whatever issuer is asked for, which only reading one of them tells",
        },
        change: Change::Query(|query| query.retain(|(name, _)| name != "issuer_hios_id")),
    },
    Drift {
        kind: DriftKind {
            id: "enrollconnect-second-filter-ignored",
            api: "enrollconnect",
            operation_id: "listApplications",
            location: "#/paths/~1api~1v1~1applications/get",
            check: "filter_selects",
            severity: Severity::Behavioural,
            summary: "applications are selected by one filter only, where two are asked for",
        },
        change: Change::Query(|query| {
            let is_other = |name: &str| !matches!(name, "policy_status" | "limit" | "offset");
            if query.iter().any(|(name, _)| is_other(name)) {
                query.retain(|(name, _)| name != "policy_status");
            }
        }),
    },
];

/// Takes an offset beyond the start for another one.
fn move_offset(query: &mut [(String, String)], by: i64) {
    for (_, value) in query.iter_mut().filter(|(name, _)| name == "offset") {
        if let Some(offset) = value.parse::<i64>().ok().filter(|offset| *offset > 0) {
            *value = (offset + by).to_string();
        }
    }
}
