//! The readiness list: what is missing for submission, by name.

use serde_json::{Value, json};

use super::{act, changed, create, get, with, without};
use crate::support::Bench;
use crate::tour::{document, ready};

/// The fields that an application is told to complete.
async fn missing(bench: &Bench, body: Value) -> Vec<String> {
    let created = bench.call("createApplication", &[], &[], body).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let refused = act(bench, "submitApplication", created.text_at("/application_id")).await;
    let fields: Vec<String> = created.each("/errors", "/field").into_iter().map(str::to_owned).collect();
    if fields.is_empty() {
        assert_eq!(refused.status, 200);
    } else {
        assert_eq!(refused.status, 422);
        assert_eq!(refused.at("/errors"), created.at("/errors"));
        assert!(created.each("/errors", "/code").iter().all(|code| *code == "missing_required_field"));
    }
    fields
}

fn of_carrier(issuer: &str, body: Value) -> Value {
    changed(body, "/plan_hios_id", json!(format!("{issuer}TX0010001")))
}

#[tokio::test]
async fn what_every_carrier_needs_is_named() {
    let bench = Bench::of("enrollconnect").await;
    assert!(missing(&bench, ready()).await.is_empty());
    for field in [
        "applicants.primary.ssn",
        "applicants.primary.signature",
        "signatures.signature_date",
        "special_enrollment_period.event_type",
        "special_enrollment_period.event_date",
    ] {
        let body = without(&format!("/{}", field.replace('.', "/")));
        assert_eq!(missing(&bench, body).await, [field]);
    }
    assert_eq!(missing(&bench, without("/signatures")).await, ["signatures.signature_date"]);
    assert_eq!(
        missing(&bench, with("/applicants/primary/signature", json!(" "))).await,
        ["applicants.primary.signature"]
    );
}

#[tokio::test]
async fn an_itin_stands_in_for_an_ssn_where_the_carrier_takes_it() {
    let bench = Bench::of("enrollconnect").await;
    let body = changed(without("/applicants/primary/ssn"), "/applicants/primary/itin", json!("900700001"));
    assert!(missing(&bench, body.clone()).await.is_empty());
    assert_eq!(missing(&bench, of_carrier("00020", body)).await, ["applicants.primary.ssn"]);
}

#[tokio::test]
async fn a_minor_needs_a_guardian_and_with_some_carriers_a_responsible_party() {
    let bench = Bench::of("enrollconnect").await;
    // Sandbox time is 15 January 2026.
    let born = |date: &str| with("/applicants/primary/date_of_birth", json!(date));
    assert!(missing(&bench, born("2008-01-15")).await.is_empty());
    assert_eq!(missing(&bench, born("2008-01-16")).await, ["applicants.primary.guardian"]);
    let by_then = changed(born("2008-01-16"), "/desired_effective_date", json!("2026-02-01"));
    assert!(missing(&bench, by_then).await.is_empty());
    let minor = of_carrier("00050", born("2015-01-01"));
    assert_eq!(
        missing(&bench, minor.clone()).await,
        ["applicants.primary.guardian", "applicants.primary.responsible_party"]
    );
    let guardian = json!({"first_name": "Blake", "last_name": "Testwell", "relationship": "other"});
    let minor = changed(minor, "/applicants/primary/guardian", guardian);
    let minor = changed(minor, "/applicants/primary/responsible_party", json!({"first_name": "Blake"}));
    assert_eq!(missing(&bench, minor).await, ["applicants.primary.guardian.relationship_other"]);
}

#[tokio::test]
async fn fields_that_depend_on_others_are_named_for_every_person() {
    let bench = Bench::of("enrollconnect").await;
    let dependent = json!({
        "first_name": "Casey", "last_name": "Testwell", "date_of_birth": "2010-01-01", "gender": "male",
        "relationship": "child", "full_time_student": true, "hispanic_origin": "yes",
    });
    let body = with("/applicants/dependents", json!([dependent]));
    assert_eq!(
        missing(&bench, body).await,
        ["applicants.dependents.0.graduation_date", "applicants.dependents.0.hispanic_origin_description"]
    );
    let body = with("/applicants/primary/full_time_student", json!(true));
    assert_eq!(missing(&bench, body).await, ["applicants.primary.graduation_date"]);
}

#[tokio::test]
async fn some_states_have_a_form_to_sign() {
    let bench = Bench::of("enrollconnect").await;
    let of_state = |state: &str| with("/residential_address/state", json!(state));
    let primary = "signatures.state_supplement_primary_signature";
    assert_eq!(missing(&bench, of_state("NJ")).await, [primary]);
    assert_eq!(
        missing(&bench, of_state("CO")).await,
        [primary, "signatures.state_supplement_disclosures_signature"]
    );
    let spouse = json!({
        "first_name": "Casey", "last_name": "Testwell", "date_of_birth": "1981-01-01", "gender": "male",
        "relationship": "spouse",
    });
    let married = changed(of_state("UT"), "/applicants/dependents", json!([spouse]));
    assert_eq!(missing(&bench, of_state("UT")).await, [primary]);
    assert_eq!(missing(&bench, married).await, [primary, "signatures.state_supplement_spouse_signature"]);
}

#[tokio::test]
async fn a_carrier_may_want_payment_or_a_document_first() {
    let bench = Bench::of("enrollconnect").await;
    let cedar = of_carrier("00030", ready());
    assert_eq!(missing(&bench, cedar.clone()).await, ["payment_method"]);
    assert!(missing(&bench, changed(cedar, "/payment_method", json!({"type": "card"}))).await.is_empty());

    let id = create(&bench, of_carrier("00040", ready())).await;
    let draft = get(&bench, &id).await;
    assert_eq!(draft.text_at("/document_status"), "required");
    assert_eq!(draft.at("/errors").as_array().unwrap().len(), 1);
    assert_eq!(draft.each("/next_actions", "/rel"), ["self", "update", "upload_supporting_documentation"]);
    assert_eq!(draft.at("/next_actions/2/required"), &json!(true));
    assert_eq!(act(&bench, "submitApplication", &id).await.status, 422);
    bench.call("uploadSupportingDocumentation", &[&id], &[], document("proof.pdf")).await;
    assert_eq!(act(&bench, "submitApplication", &id).await.status, 200);
}

#[tokio::test]
async fn completing_what_is_missing_makes_an_application_ready() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, without("/signatures")).await;
    assert_eq!(act(&bench, "submitApplication", &id).await.status, 422);
    let updated = bench.call("updateApplication", &[&id], &[], ready()).await;
    assert_eq!(updated.at("/errors"), &json!([]));
    assert!(updated.each("/next_actions", "/rel").contains(&"submit"));
    assert_eq!(act(&bench, "submitApplication", &id).await.status, 200);
}
