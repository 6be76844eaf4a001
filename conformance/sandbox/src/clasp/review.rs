//! The review: what the employer found right or put right, kept in the connection, with an event that says
//! so. The page does not say how a reviewed connection to a carrier finds the one it is about; here the
//! carrier's name does it, and a carrier that is new is added.

use serde_json::Value;

use super::connections::{Connection, GroupConnection};
use super::refusals::{InputError, invalid, unreadable};
use crate::answer::Answer;
use crate::call::{Call, Payload};

/// The most connections to carriers that one connection holds.
const MOST_CARRIERS: usize = 50;

/// The longest name of a carrier that is stored; what is longer is refused.
const LONGEST: usize = 1000;

/// `POST /connections/{public_id}/submit_review`.
pub(super) fn submit(connection: &mut Connection, call: &Call<'_>) -> Result<Answer, Answer> {
    let empty = Value::Null;
    let body = match &call.payload {
        Payload::Json(body) => body,
        // The contract does not demand a body.
        Payload::Absent => &empty,
        Payload::Malformed(reason) => return Err(unreadable(reason)),
        Payload::Multipart(_) | Payload::OtherType(_) => return Err(unreadable("the body must be JSON")),
    };
    if !call.violations.is_empty() {
        let inputs: Vec<InputError> = call
            .violations
            .iter()
            .map(|violation| {
                let message = format!("expected {}", violation.expected);
                InputError::at(&violation.instance, violation.property.as_deref(), message)
            })
            .collect();
        return Err(invalid(&inputs));
    }
    let reviewed = list(body, "group_connections");
    if let Some(at) =
        reviewed.iter().position(|group| text(group, "carrier").is_some_and(|c| c.len() > LONGEST))
    {
        let at = at.to_string();
        return Err(invalid(&[InputError::new(
            &["group_connections", &at, "carrier"],
            "this name is too long",
        )]));
    }
    if let Some(url) = body.get("broker_url") {
        connection.broker_url = url.as_str().map(str::to_owned);
    }
    for group in reviewed {
        apply(connection, group);
    }
    for event in list(body, "events") {
        let category = text(event, "category").unwrap_or("review_submitted");
        connection.record(category, text(event, "status").unwrap_or("review"), call.now);
    }
    connection.record("review_submitted", "completed", call.now);
    connection.status = "completed".to_owned();
    Ok(Answer::json(200, connection.to_json()))
}

fn apply(connection: &mut Connection, reviewed: &Value) {
    let Some(carrier) = text(reviewed, "carrier") else { return };
    let number = connection.group_connections.len();
    let known = connection.group_connections.iter_mut().position(|group| group.carrier == carrier);
    if known.is_none() && number < MOST_CARRIERS {
        connection.group_connections.push(GroupConnection {
            id: format!("grp_{}_{}", connection.id.trim_start_matches("conn_"), number + 1),
            carrier: carrier.to_owned(),
            status: "pending",
            broker_federal_ein: None,
            group_id: None,
            initiated_at: None,
            completed_at: None,
        });
    }
    let Some(group) = connection.group_connections.get_mut(known.unwrap_or(number)) else { return };
    let updates = [("broker_federal_ein", &mut group.broker_federal_ein), ("group_id", &mut group.group_id)];
    for (name, place) in updates {
        if let Some(value) = text(reviewed, name) {
            *place = Some(value.to_owned());
        }
    }
}

fn list<'v>(body: &'v Value, name: &str) -> &'v [Value] {
    body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'v>(object: &'v Value, name: &str) -> Option<&'v str> {
    object.get(name).and_then(Value::as_str)
}
