//! Applications as the API shows them. A property without a value is left out where the contract does not
//! allow null for it.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::carrier::{Carrier, Documents};
use super::lifecycle::State;
use super::record::Application;
use super::refusals::ErrorDetail;
use crate::random::mix_text;

/// An `ApplicationResponse`.
pub(super) fn application(application: &Application) -> Value {
    let facts = &application.facts;
    let body = application.body();
    let mut view = Map::new();
    put(&mut view, "application_id", application.id());
    put_some(&mut view, "external_id", facts.external_id.as_deref());
    put_some(&mut view, "tpa_slug", facts.tpa_slug.as_deref());
    put(&mut view, "policy_status", application.state.as_str());
    put(&mut view, "document_status", application.proof.as_str());
    put(&mut view, "sep_reason", facts.event.as_deref());
    put(&mut view, "created_at", application.created_at.to_string());
    put(&mut view, "updated_at", application.updated_at.to_string());
    put(&mut view, "submitted_at", application.submitted_at.map(|at| at.to_string()));
    put_some(&mut view, "desired_effective_date", facts.desired_effective_date.as_deref());
    put(&mut view, "plan_hios_id", facts.plan_hios_id.as_str());
    put(&mut view, "plan_year", facts.plan_year);
    put(&mut view, "issuer_hios_id", facts.issuer());
    put(&mut view, "payment_instructions", payment_instructions(facts.carrier));
    if application.submitted_at.is_some() {
        put(&mut view, "payment", payment(application));
    }
    let policies = if application.state.has_policy() { vec![policy(application, &body)] } else { Vec::new() };
    put(&mut view, "policies", policies);
    let errors = application.errors();
    put(&mut view, "next_actions", next_actions(application, errors.is_empty()));
    put(&mut view, "errors", errors.iter().map(ErrorDetail::to_json).collect::<Vec<_>>());
    put(&mut view, "application", body);
    Value::Object(view)
}

/// A `SubmitResponse`.
pub(super) fn submission(application: &Application) -> Value {
    let facts = &application.facts;
    let mut view = Map::new();
    put(&mut view, "application_id", application.id());
    put_some(&mut view, "external_id", facts.external_id.as_deref());
    put(&mut view, "plan_year", facts.plan_year);
    put(&mut view, "plan_hios_id", facts.plan_hios_id.as_str());
    put(&mut view, "policy_status", application.state.as_str());
    put(&mut view, "payment_instructions", payment_instructions(facts.carrier));
    put_some(&mut view, "submitted_at", application.submitted_at.map(|at| at.to_string()).as_deref());
    Value::Object(view)
}

/// A `StatusChangeResponse`.
pub(super) fn status_change(application: &Application) -> Value {
    json!({
        "application_id": application.id(),
        "policy_status": application.state.as_str(),
        "effective_date": application.ended_on.map(|on| on.to_string()),
        "updated_at": application.updated_at.to_string(),
    })
}

fn payment_instructions(carrier: &Carrier) -> Value {
    json!({
        "payment_required_with_submission": carrier.payment_with_submission,
        "payment_redirect_supported": carrier.payment_redirect,
        "pay_by_phone_supported": carrier.payment_phone.is_some(),
        "payment_phone_number": carrier.payment_phone,
    })
}

/// What the carrier reported about payment: nothing before it effectuated the policy.
fn payment(application: &Application) -> Option<Value> {
    let status = match application.state {
        State::Effectuated => "paid",
        State::Terminated => "closed",
        _ => return None,
    };
    let through = application.ended_on.unwrap_or_else(|| application.effective_date().last_of_month());
    Some(json!({
        "payment_status": status,
        "payment_status_updated_date": application.effective_date().to_string(),
        "grace_period_start_date": null,
        "paid_through_date": through.to_string(),
        "past_due_member_responsibility_balance_due": "0.00",
        "current_member_responsibility_balance_due": "0.00",
        "autopay_indicator": mix_text(&application.id()).is_multiple_of(2),
    }))
}

/// A `PolicyDetail`. Its payment may not be null as a whole, so unknown values are null one by one.
fn policy(application: &Application, body: &Value) -> Value {
    let begins = application.effective_date();
    let ends = Date::new(begins.year(), 12, 31).unwrap_or(begins);
    let status = application.state.as_str();
    let unknown = || {
        json!({
            "payment_status": null,
            "payment_status_updated_date": null,
            "grace_period_start_date": null,
            "paid_through_date": null,
            "past_due_member_responsibility_balance_due": null,
            "current_member_responsibility_balance_due": null,
            "autopay_indicator": null,
        })
    };
    let members = members(application, body, begins);
    let cents = 24_000 + mix_text(&application.facts.plan_hios_id) % 30_000 + 15_050 * members.len() as u64;
    let mut view = Map::new();
    put(&mut view, "policy_id", format!("{}-P1", application.id()));
    put(&mut view, "effective_date", begins.to_string());
    put(&mut view, "expiration_date", application.ended_on.unwrap_or(ends).to_string());
    put(&mut view, "status", status);
    put(&mut view, "plan_hios_id", application.facts.plan_hios_id.as_str());
    put(&mut view, "gross_premium", cents as f64 / 100.0);
    put(&mut view, "members", members);
    put(&mut view, "agent_of_record", agent(body));
    put(&mut view, "payment", payment(application).unwrap_or_else(unknown));
    Value::Object(view)
}

/// The primary applicant and the dependents, under the identifiers that the caller gave them if it gave any.
fn members(application: &Application, body: &Value, begins: Date) -> Vec<Value> {
    let dependents = body.pointer("/applicants/dependents").and_then(Value::as_array).map(Vec::as_slice);
    let people = body.pointer("/applicants/primary").into_iter().chain(dependents.unwrap_or_default());
    people
        .enumerate()
        .map(|(at, person)| {
            let given = person.get("external_id").and_then(Value::as_str);
            let id = given.map_or_else(|| format!("{}-M{}", application.id(), at + 1), str::to_owned);
            json!({
                "member_id": id,
                "effective_date": begins.to_string(),
                "removed_date": application.ended_on.map(|on| on.to_string()),
            })
        })
        .collect()
}

fn agent(body: &Value) -> Value {
    let names = [
        ("npn", "national_producer_number"),
        ("first_name", "first_name"),
        ("last_name", "last_name"),
        ("state_license_number", "state_license_number"),
        ("email", "email"),
    ];
    let mut view = Map::new();
    for (shown, sent) in names {
        let value = body.get("agent_of_record").and_then(|agent| agent.get(sent)).and_then(Value::as_str);
        put_some(&mut view, shown, value);
    }
    Value::Object(view)
}

/// What can be done next. `validate`, which the contract names among the relations, has no operation, so it
/// is never offered.
fn next_actions(application: &Application, ready: bool) -> Vec<Value> {
    let state = application.state;
    let carrier = application.facts.carrier;
    let href = format!("/api/v1/applications/{}", application.id());
    let mut actions = vec![json!({"rel": "self", "href": href, "method": "GET"})];
    let mut offer = |rel: &str, method: &str, tail: &str| {
        actions.push(json!({"rel": rel, "href": format!("{href}{tail}"), "method": method}));
    };
    if state.is_draft() {
        offer("update", "PUT", "");
        if ready {
            offer("submit", "POST", "/submit");
        }
    }
    if state == State::PendingEffectuation && carrier.cancels {
        offer("cancel", "POST", "/cancel");
    }
    if state == State::Effectuated {
        offer("terminate", "POST", "/terminate");
    }
    if state.takes_payment() && carrier.payment_redirect {
        offer("payment_redirect", "GET", "/payment_redirect");
    }
    if state.takes_documents() && application.proof.is_owed() {
        let href = format!("{href}/supporting_documentation");
        let mut action = json!({"rel": "upload_supporting_documentation", "href": href, "method": "POST"});
        if state.is_draft()
            && carrier.documents == Documents::BeforeSubmission
            && let Some(action) = action.as_object_mut()
        {
            put(action, "required", true);
        }
        actions.push(action);
    }
    actions
}

fn put(object: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    object.insert(name.to_owned(), value.into());
}

fn put_some(object: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        put(object, name, value);
    }
}
