//! What an API does to a resource beyond what it says: the operation answers as it should, and a value is left where nobody
//! asked for one.

use serde_json::Value;

use super::{Change, Drift, DriftKind, Severity, Trace};
use crate::call::{Call, PathValues, Payload};

pub(super) static DRIFTS: [Drift; 1] = [Drift {
    kind: DriftKind {
        id: "enrollconnect-update-spills",
        api: "enrollconnect",
        operation_id: "updateApplication",
        location: "#/paths/~1api~1v1~1applications~1{id}/put",
        check: "sequence_keeps_to_model",
        severity: Severity::Behavioural,
        summary: "the application before the one that is updated gets its external ID as well",
    },
    change: Change::Leave(|call, answer| {
        let value = external_id(call).filter(|_| answer.is_success())?;
        Some(Trace { path: before(&call.path)?, name: "external_id", value })
    }),
}];

/// The external ID that a call writes.
fn external_id(call: &Call<'_>) -> Option<Value> {
    match &call.payload {
        Payload::Json(body) => body.get("external_id").filter(|it| it.is_string()).cloned(),
        _ => None,
    }
}

/// The path to the application that was created before the one that a path names.
fn before(path: &PathValues) -> Option<PathValues> {
    let (name, id) = path.first()?;
    let number: u64 = id.strip_prefix("HSA")?.parse().ok()?;
    Some(vec![(name.clone(), format!("HSA{:09}", number.checked_sub(1)?))])
}
