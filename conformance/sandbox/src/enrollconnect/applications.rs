//! Creating, replacing and reading applications.

use super::carrier::carrier_of;
use super::readiness;
use super::record::{Application, id_of};
use super::refusals::{contract_errors, is_malformed, json_body, no_application, refuse};
use super::store::Store;
use super::view;
use crate::answer::Answer;
use crate::call::Call;
use crate::clock::date_of;
use serde_json::Value;

/// `POST /api/v1/applications`. The same body twice makes two applications: `external_id` is not unique.
pub(super) fn create(store: &mut Store, call: &Call<'_>) -> Result<Answer, Answer> {
    let body = readable_body(call)?;
    acceptable(call, body)?;
    let number = store.add(|number| Application::draft(number, body, call.now));
    let application = store.get(&id_of(number)).ok_or_else(|| no_application(&id_of(number)))?;
    Ok(Answer::json(201, view::application(application)))
}

/// `PUT /api/v1/applications/{id}`: what the body leaves out is gone afterwards.
pub(super) fn update(store: &mut Store, call: &Call<'_>, id: &str) -> Result<Answer, Answer> {
    let body = readable_body(call)?;
    let application = store.get(id).ok_or_else(|| no_application(id))?;
    if !application.state.is_draft() {
        // The contract states this status without a body.
        return Err(Answer::empty(409));
    }
    acceptable(call, body)?;
    store
        .change(id, |application| {
            application.replace(body, call.now);
            Answer::json(200, view::application(application))
        })
        .ok_or_else(|| no_application(id))
}

/// `GET /api/v1/applications/{id}`.
pub(super) fn get(store: &Store, id: &str) -> Result<Answer, Answer> {
    let application = store.get(id).ok_or_else(|| no_application(id))?;
    Ok(Answer::json(200, view::application(application)))
}

/// The body, unless it is malformed or lacks a required field (400).
fn readable_body<'c>(call: &'c Call<'_>) -> Result<&'c Value, Answer> {
    let body = json_body(&call.payload).map_err(|error| refuse(400, &[error]))?;
    if call.violations.iter().any(is_malformed) {
        return Err(refuse(400, &contract_errors(&call.violations)));
    }
    Ok(body)
}

/// Refuses what can be read but means nothing acceptable (422).
fn acceptable(call: &Call<'_>, body: &Value) -> Result<(), Answer> {
    let mut errors = contract_errors(&call.violations);
    if errors.is_empty() {
        let carrier = carrier_of(body.get("plan_hios_id").and_then(Value::as_str).unwrap_or(""));
        errors = readiness::unacceptable(body, carrier, date_of(call.now));
    }
    if errors.is_empty() { Ok(()) } else { Err(refuse(422, &errors)) }
}
