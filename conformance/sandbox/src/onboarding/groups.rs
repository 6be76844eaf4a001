//! Registering and changing groups.

use std::time::Duration;

use http::header::LOCATION;
use serde_json::Value;

use super::group::{Group, number_of, stalls};
use super::refusals::{invalid, malformed, no_group};
use super::steps::Steps;
use crate::answer::Answer;
use crate::call::{Call, Payload};
use crate::shelf::Shelf;

/// `POST /groups`. The answer says where the group is.
pub(super) fn register(groups: &mut Shelf<Group>, call: &Call<'_>, each: Duration) -> Result<Answer, Answer> {
    let body = valid_body(call)?;
    let number = groups.next_number();
    let steps = Steps::of_registration(call.now, each, stalls(body));
    let group = Group::new(number, body, steps, call.now);
    let view = group.to_json(call.now);
    let place = format!("{}/groups/{}", call.origin, view["group_id"].as_str().unwrap_or_default());
    groups.add(group);
    Ok(Answer::json(201, view).with_header(LOCATION, place))
}

/// `PATCH /groups/{group_id}`. The change shows in the answer already. Another broker has to confirm.
pub(super) fn update(
    groups: &mut Shelf<Group>,
    call: &Call<'_>,
    id: &str,
    each: Duration,
) -> Result<Answer, Answer> {
    let number = number_of(id).filter(|number| groups.get(*number).is_some()).ok_or_else(|| no_group(id))?;
    let body = valid_body(call)?;
    let changed = groups.change(number, |group| {
        if group.change(body, call.now) {
            group.steps.confirm_broker_again(call.now, each);
        }
        Answer::json(200, group.to_json(call.now))
    });
    changed.ok_or_else(|| no_group(id))
}

fn valid_body<'c>(call: &'c Call<'_>) -> Result<&'c Value, Answer> {
    match &call.payload {
        Payload::Json(_) if !call.violations.is_empty() => Err(invalid(&call.violations)),
        Payload::Json(body) => Ok(body),
        Payload::Absent => Err(malformed("the request has no body")),
        Payload::Malformed(reason) => Err(malformed(reason)),
        Payload::Multipart(_) | Payload::OtherType(_) => {
            Err(malformed("the body must be `application/json`"))
        }
    }
}
