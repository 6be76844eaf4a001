//! What a body may lack. [`lacking`] is the readiness list: an application without these can be stored, not
//! submitted. [`unacceptable`] is what is refused at once, beyond what the contract already says.
//!
//! What else a plan's carrier demands is not published; here the invented carriers' terms stand in for it.

use jiff::civil::Date;
use serde_json::Value;

use super::carrier::{Carrier, NO_ISSUER, WITHDRAWN_ISSUER, issuer_of};
use super::refusals::ErrorDetail;

/// What a body lacks for submission to a carrier.
pub(super) fn lacking(body: &Value, carrier: &Carrier, today: Date) -> Vec<ErrorDetail> {
    let mut list = List { body, missing: Vec::new() };
    let itin_will_do = carrier.accepts_itin && list.has("applicants.primary.itin");
    if !itin_will_do {
        list.need("applicants.primary.ssn");
    }
    list.need("applicants.primary.signature");
    list.need("signatures.signature_date");
    list.need("special_enrollment_period.event_type");
    list.need("special_enrollment_period.event_date");
    if carrier.payment_with_submission && !body.get("payment_method").is_some_and(Value::is_object) {
        list.miss("payment_method");
    }
    minor(&mut list, carrier, today);
    person(&mut list, "applicants.primary");
    let dependents = body.pointer("/applicants/dependents").and_then(Value::as_array).map_or(0, Vec::len);
    for at in 0..dependents {
        person(&mut list, &format!("applicants.dependents.{at}"));
    }
    state_supplement(&mut list);
    list.missing
}

/// What about a body is refused although the contract allows it.
pub(super) fn unacceptable(body: &Value, carrier: &Carrier, today: Date) -> Vec<ErrorDetail> {
    let mut errors = Vec::new();
    match issuer_of(body.get("plan_hios_id").and_then(Value::as_str).unwrap_or("")) {
        NO_ISSUER => {
            errors.push(ErrorDetail::of_field("plan_not_found", "plan_hios_id", "there is no such plan"));
        }
        WITHDRAWN_ISSUER => {
            errors.push(ErrorDetail::of_field(
                "plan_not_available",
                "plan_hios_id",
                "this plan is not for sale",
            ));
        }
        _ => {}
    }
    let year = body.get("plan_year").and_then(Value::as_i64);
    if year.is_none() {
        let message = "a plan year is a whole number of an ordinary size";
        errors.push(ErrorDetail::of_field("invalid_field_value", "plan_year", message));
    }
    if carrier.strict {
        let this_year = i64::from(today.year());
        if year.is_some_and(|year| !(this_year - 1..=this_year + 1).contains(&year)) {
            let message = "this carrier sells plans of the last, this and the next year";
            errors.push(ErrorDetail::of_field("plan_not_available", "plan_year", message));
        }
        if date(body, "/applicants/primary/date_of_birth").is_some_and(|born| born > today) {
            let message = "this date is still to come";
            errors.push(ErrorDetail::of_field(
                "invalid_field_value",
                "applicants.primary.date_of_birth",
                message,
            ));
        }
        errors.extend(effective_date(body, carrier, today));
    }
    errors
}

/// A carrier that lets the applicant choose accepts the first day of one of the next three months.
fn effective_date(body: &Value, carrier: &Carrier, today: Date) -> Option<ErrorDetail> {
    let desired = date(body, "/desired_effective_date")?;
    let wrong = |message: String| {
        Some(ErrorDetail::of_field("invalid_field_value", "desired_effective_date", message))
    };
    if !carrier.selects_effective_date {
        return wrong("this carrier does not let the effective date be chosen".to_owned());
    }
    let mut valid = vec![crate::clock::first_of_next_month(today)];
    while let Some(last) = valid.last().filter(|_| valid.len() < 3) {
        valid.push(crate::clock::first_of_next_month(*last));
    }
    if valid.contains(&desired) {
        return None;
    }
    let valid: Vec<String> = valid.iter().map(Date::to_string).collect();
    wrong(format!("valid dates are {}", valid.join(", ")))
}

/// A primary applicant under 18 needs a guardian, with some carriers also a responsible party.
fn minor(list: &mut List<'_>, carrier: &Carrier, today: Date) {
    let Some(born) = date(list.body, "/applicants/primary/date_of_birth") else { return };
    let on = date(list.body, "/desired_effective_date").unwrap_or(today);
    let eighteenth = (i32::from(born.year()) + 18, born.month(), born.day());
    if eighteenth <= (i32::from(on.year()), on.month(), on.day()) {
        return;
    }
    for name in ["guardian", "responsible_party"] {
        let field = format!("applicants.primary.{name}");
        let needed = name == "guardian" || carrier.responsible_party;
        if needed && !list.at(&field).is_some_and(Value::is_object) {
            list.miss(&field);
        }
    }
}

/// What the contract's descriptions make depend on another field of the same person.
fn person(list: &mut List<'_>, at: &str) {
    if list.at(&format!("{at}.full_time_student")).and_then(Value::as_bool) == Some(true) {
        list.need(&format!("{at}.graduation_date"));
    }
    if list.at(&format!("{at}.hispanic_origin")).and_then(Value::as_str) == Some("yes") {
        list.need(&format!("{at}.hispanic_origin_description"));
    }
    if list.at(&format!("{at}.guardian.relationship")).and_then(Value::as_str) == Some("other") {
        list.need(&format!("{at}.guardian.relationship_other"));
    }
}

/// Three states have a supplemental form to sign.
fn state_supplement(list: &mut List<'_>) {
    let state = list.at("residential_address.state").and_then(Value::as_str).unwrap_or("").to_owned();
    if matches!(state.as_str(), "CO" | "UT" | "NJ") {
        list.need("signatures.state_supplement_primary_signature");
    }
    if state == "CO" {
        list.need("signatures.state_supplement_disclosures_signature");
    }
    let dependents = list.at("applicants.dependents").and_then(Value::as_array);
    let spouse = dependents.is_some_and(|dependents| {
        dependents.iter().any(|one| one.get("relationship").and_then(Value::as_str) == Some("spouse"))
    });
    if state == "UT" && spouse {
        list.need("signatures.state_supplement_spouse_signature");
    }
}

struct List<'a> {
    body: &'a Value,
    missing: Vec<ErrorDetail>,
}

impl<'a> List<'a> {
    fn at(&self, field: &str) -> Option<&'a Value> {
        self.body.pointer(&format!("/{}", field.replace('.', "/")))
    }

    fn has(&self, field: &str) -> bool {
        self.at(field).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
    }

    fn need(&mut self, field: &str) {
        if !self.has(field) {
            self.miss(field);
        }
    }

    fn miss(&mut self, field: &str) {
        let message = "this field is required for submission";
        self.missing.push(ErrorDetail::of_field("missing_required_field", field, message));
    }
}

fn date(body: &Value, pointer: &str) -> Option<Date> {
    body.pointer(pointer)?.as_str()?.parse().ok()
}
