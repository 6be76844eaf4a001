//! What moves an application from state to state at a caller's wish, and the way to its payment.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::lifecycle::State;
use super::record::Application;
use super::refusals::{no_application, refuse, refuse_with};
use super::store::Store;
use super::view;
use crate::answer::Answer;
use crate::call::Call;
use crate::clock::date_of;
use crate::random::mix_text;

/// `POST /api/v1/applications/{id}/submit`.
pub(super) fn submit(store: &mut Store, call: &Call<'_>, id: &str) -> Result<Answer, Answer> {
    let application = store.get(id).ok_or_else(|| no_application(id))?;
    if !application.state.is_draft() {
        let message = format!("an application that is {} cannot be submitted", application.state.as_str());
        return Err(refuse_with(422, "invalid_field_value", message));
    }
    let errors = application.errors();
    if !errors.is_empty() {
        return Err(refuse(422, &errors));
    }
    store.submit(id, call.now);
    let application = store.get(id).ok_or_else(|| no_application(id))?;
    Ok(Answer::json(200, view::submission(application)))
}

/// `POST /api/v1/applications/{id}/cancel`.
pub(super) fn cancel(store: &mut Store, call: &Call<'_>, id: &str) -> Result<Answer, Answer> {
    let application = store.get(id).ok_or_else(|| no_application(id))?;
    if application.state != State::PendingEffectuation {
        return Err(not_allowed(application, "cancelled"));
    }
    if !application.facts.carrier.cancels {
        let message = format!("{} does not support cancellation", application.facts.carrier.name);
        return Err(refuse_with(400, "forbidden", message));
    }
    let never_began = application.effective_date();
    end(store, call, id, State::Cancelled, never_began)
}

/// `POST /api/v1/applications/{id}/terminate`. Coverage ends with the month of the call.
pub(super) fn terminate(store: &mut Store, call: &Call<'_>, id: &str) -> Result<Answer, Answer> {
    let application = store.get(id).ok_or_else(|| no_application(id))?;
    if application.state != State::Effectuated {
        return Err(not_allowed(application, "terminated"));
    }
    end(store, call, id, State::Terminated, date_of(call.now).last_of_month())
}

/// `GET /api/v1/applications/{id}/payment_redirect`. The contract makes it depend on the carrier alone, so
/// the application's state plays no part.
pub(super) fn payment_redirect(store: &Store, id: &str) -> Result<Answer, Answer> {
    let application = store.get(id).ok_or_else(|| no_application(id))?;
    let carrier = application.facts.carrier;
    if !carrier.payment_redirect {
        let message = format!("{} does not support payment redirect", carrier.name);
        return Err(refuse_with(422, "invalid_field_value", message));
    }
    let token = format!("{:016x}", mix_text(id));
    let fields: Vec<Value> = [("enrollment_ref", id), ("session_token", token.as_str()), ("locale", "en-US")]
        .into_iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    let body = json!({
        "application_id": id,
        "method": "POST",
        "endpoint": "https://payments.example.com/first-premium",
        "fields": fields,
    });
    Ok(Answer::json(200, body))
}

fn not_allowed(application: &Application, done: &str) -> Answer {
    let message = format!("an application that is {} cannot be {done}", application.state.as_str());
    refuse_with(400, "invalid_field_value", message)
}

fn end(store: &mut Store, call: &Call<'_>, id: &str, state: State, on: Date) -> Result<Answer, Answer> {
    store
        .change(id, |application| {
            application.state = state;
            application.ended_on = Some(on);
            application.updated_at = call.now;
            Answer::json(202, view::status_change(application))
        })
        .ok_or_else(|| no_application(id))
}
