//! The list of groups: two filters, and pages by offset, oldest group first.

use serde_json::{Value, json};

use super::group::Group;
use super::refusals::bad_parameters;
use crate::answer::Answer;
use crate::call::Call;
use crate::shelf::Shelf;

const DEFAULT_LIMIT: u64 = 25;

/// `GET /groups`.
pub(super) fn list(groups: &Shelf<Group>, call: &Call<'_>) -> Result<Answer, Answer> {
    if !call.parameter_violations.is_empty() {
        return Err(bad_parameters(&call.parameter_violations));
    }
    let number = |name: &str| call.query_value(name).and_then(|text| text.parse::<u64>().ok());
    let limit = number("limit").unwrap_or(DEFAULT_LIMIT);
    let offset = number("offset").unwrap_or(0);
    let status = call.query_value("registration_status");
    let action = call.query_value("pending_action");
    let wanted = groups.iter().filter(|group| {
        status.is_none_or(|status| group.state(call.now) == status)
            && action.is_none_or(|action| group.steps.awaits(action, call.now))
    });
    let mut total: u64 = 0;
    let mut page: Vec<Value> = Vec::new();
    for group in wanted {
        if total >= offset && total - offset < limit {
            page.push(group.to_json(call.now));
        }
        total += 1;
    }
    let pagination = json!({"limit": limit, "offset": offset, "total": total});
    Ok(Answer::json(200, json!({"groups": page, "pagination": pagination})))
}
