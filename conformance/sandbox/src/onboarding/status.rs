//! How far a group is: its registration, its integration, and the summary by category.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::group::Group;
use super::steps::{CONFIRM_BROKER, TRANSFER, VERIFY};
use crate::random::mix;

/// The `RegistrationStatus` of the contract.
pub(super) fn registration(group: &Group, now: Timestamp) -> Value {
    json!({
        "group_id": group.id(),
        "status": group.state(now),
        "updated_at": group.steps.changed(now).unwrap_or(group.created_at).to_string(),
    })
}

/// The `IntegrationStatus` of the contract.
pub(super) fn integration(group: &Group, now: Timestamp) -> Value {
    let steps = &group.steps;
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let (validated, transitioned) = (steps.done(VERIFY, now), steps.done(TRANSFER, now));
    let completed = steps.all_done(now);
    json!({
        "group_id": group.id(),
        "validated": validated.is_some(),
        "validated_at": text(validated),
        "transitioned": transitioned.is_some(),
        "transitioned_at": text(transitioned),
        "complete": completed.is_some(),
        "completed_at": text(completed),
        "healthy": steps.is_healthy(),
        "pending_actions": steps.pending(now),
        "flags": {"broker_confirmed": steps.done(CONFIRM_BROKER, now).is_some(), "data_received": true},
    })
}

/// The `GroupSummary` of the contract: the three categories that the overview names.
pub(super) fn summary(group: &Group, now: Timestamp) -> Value {
    let draw = mix(group.number);
    json!({
        "group_id": group.id(),
        "categories": [
            {
                "category": "coverage",
                "indicators": {"active": group.steps.are_done(now), "lines": ["medical", "dental"]},
            },
            {
                "category": "eligibility",
                "indicators": {"eligible_employees": 2 + draw % 48, "waiting_period_days": 30 * (draw % 4)},
            },
            {
                "category": "group_characteristics",
                "indicators": {"size": if draw.is_multiple_of(2) { "small" } else { "large" }, "multi_state": draw.is_multiple_of(3)},
            },
        ],
    })
}
