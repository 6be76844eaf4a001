//! Creating and replacing: what is refused with which status and code, and that nothing is lost.

use serde_json::{Value, json};

use super::{act, changed, create, get, status, submitted, with, without};
use crate::support::{Bench, Send};
use crate::tour::ready;

#[tokio::test]
async fn a_new_application_is_a_draft_that_echoes_its_body() {
    let bench = Bench::of("enrollconnect").await;
    let body = changed(ready(), "/applicants/primary/shoe_size", json!({"eu": 42.5}));
    let created = bench.call("createApplication", &[], &[], body.clone()).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.text_at("/policy_status"), "draft");
    assert_eq!(created.text_at("/document_status"), "none_needed");
    assert_eq!(created.text_at("/issuer_hios_id"), "12345");
    assert_eq!(created.text_at("/sep_reason"), "offered_ichra");
    assert_eq!(created.at("/application"), &body);
    assert_eq!(created.at("/errors"), &json!([]));
    assert_eq!(created.at("/policies"), &json!([]));
    assert!(created.json.get("payment").is_none(), "payment is only there after submission");
    assert_eq!(created.at("/submitted_at"), &Value::Null);
    let read = get(&bench, created.text_at("/application_id")).await;
    assert_eq!(read.json, created.json);
}

#[tokio::test]
async fn the_same_body_twice_makes_two_applications() {
    let bench = Bench::of("enrollconnect").await;
    assert_ne!(create(&bench, ready()).await, create(&bench, ready()).await);
}

#[tokio::test]
async fn a_body_that_is_malformed_or_lacks_a_required_field_is_a_400() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, ready()).await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases: Vec<(Send, &str, Value)> = vec![
        (Send::Nothing, "missing_required_field", Value::Null),
        (Send::Raw("application/json", b"{\"plan_year\":".to_vec()), "invalid_field_format", Value::Null),
        (Send::Raw("application/json", deep.into_bytes()), "invalid_field_format", Value::Null),
        (Send::Raw("application/json", vec![0xff, 0xfe]), "invalid_field_format", Value::Null),
        (Send::Raw("text/plain", b"hello".to_vec()), "invalid_field_format", Value::Null),
        (json!([]).into(), "invalid_field_format", Value::Null),
        (without("/plan_year").into(), "missing_required_field", json!("plan_year")),
        (
            without("/applicants/primary/gender").into(),
            "missing_required_field",
            json!("applicants.primary.gender"),
        ),
        (
            with("/applicants/dependents", json!([{}])).into(),
            "missing_required_field",
            json!("applicants.dependents.0.first_name"),
        ),
        (with("/plan_year", json!("2026")).into(), "invalid_field_format", json!("plan_year")),
    ];
    for (body, code, field) in cases {
        for (operation, path) in [("createApplication", vec![]), ("updateApplication", vec![id.as_str()])] {
            let reply = bench.call(operation, &path, &[], body.clone()).await;
            assert_eq!(reply.status, 400, "{body:?}");
            assert_eq!((reply.text_at("/errors/0/code"), reply.at("/errors/0/field")), (code, &field));
        }
    }
}

#[tokio::test]
async fn a_body_that_is_wrong_in_its_meaning_is_a_422() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, ready()).await;
    let alder =
        |pointer: &str, value: Value| changed(with("/plan_hios_id", json!("00010TX0010001")), pointer, value);
    let birch =
        |pointer: &str, value: Value| changed(with("/plan_hios_id", json!("00020TX0010001")), pointer, value);
    let cases = [
        (
            with("/residential_address/zip_code", json!("1")),
            "invalid_field_format",
            "residential_address.zip_code",
        ),
        (with("/desired_effective_date", json!("soon")), "invalid_field_format", "desired_effective_date"),
        (with("/applicants/primary/gender", json!("x")), "invalid_field_value", "applicants.primary.gender"),
        (
            with("/applicants/primary/ssn", json!("900-01-0001")),
            "invalid_field_format",
            "applicants.primary.ssn",
        ),
        (with("/plan_hios_id", json!("short")), "invalid_field_value", "plan_hios_id"),
        (with("/plan_hios_id", json!("00000TX0010001")), "plan_not_found", "plan_hios_id"),
        (with("/plan_hios_id", json!("00099TX0010001")), "plan_not_available", "plan_hios_id"),
        (with("/plan_year", json!(1e300)), "invalid_field_value", "plan_year"),
        (alder("/plan_year", json!(2020)), "plan_not_available", "plan_year"),
        (
            alder("/applicants/primary/date_of_birth", json!("2030-01-01")),
            "invalid_field_value",
            "applicants.primary.date_of_birth",
        ),
        (
            alder("/desired_effective_date", json!("2026-02-02")),
            "invalid_field_value",
            "desired_effective_date",
        ),
        (
            birch("/desired_effective_date", json!("2026-02-01")),
            "invalid_field_value",
            "desired_effective_date",
        ),
    ];
    for (body, code, field) in cases {
        for (operation, path) in [("createApplication", vec![]), ("updateApplication", vec![id.as_str()])] {
            let reply = bench.call(operation, &path, &[], body.clone()).await;
            assert_eq!(reply.status, 422, "{field}: {}", reply.text);
            assert_eq!((reply.text_at("/errors/0/code"), reply.text_at("/errors/0/field")), (code, field));
        }
    }
    let valid = alder("/desired_effective_date", json!("2026-03-01"));
    assert_eq!(bench.call("createApplication", &[], &[], valid).await.status, 201);
}

#[tokio::test]
async fn an_invalid_effective_date_is_answered_with_the_valid_ones() {
    let bench = Bench::of("enrollconnect").await;
    let body = changed(
        with("/plan_hios_id", json!("00010TX0010001")),
        "/desired_effective_date",
        json!("2026-02-02"),
    );
    let reply = bench.call("createApplication", &[], &[], body).await;
    assert_eq!(reply.text_at("/errors/0/message"), "valid dates are 2026-02-01, 2026-03-01, 2026-04-01");
}

#[tokio::test]
async fn an_update_replaces_everything() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, with("/tpa_slug", json!("old"))).await;
    let created_at = get(&bench, &id).await.at("/created_at").clone();
    let mut body = changed(ready(), "/from_the_future", json!([1, null, {"a": 0.1}]));
    body.as_object_mut().unwrap().remove("external_id");
    let updated = bench.call("updateApplication", &[&id], &[], body.clone()).await;
    assert_eq!(updated.status, 200);
    assert_eq!(updated.at("/application"), &body);
    assert_eq!(updated.at("/created_at"), &created_at);
    assert_ne!(updated.at("/updated_at"), &created_at);
    assert!(updated.json.get("external_id").is_none() && updated.json.get("tpa_slug").is_none());
    assert_eq!(get(&bench, &id).await.json, updated.json);
}

#[tokio::test]
async fn a_body_of_nothing_but_mistakes_gets_a_short_answer() {
    let bench = Bench::of("enrollconnect").await;
    for (dependents, errors) in [(1_000, 100), (300_000, 1)] {
        let body = with("/applicants/dependents", json!(vec![json!({}); dependents]));
        let reply = bench.call("createApplication", &[], &[], body).await;
        assert_eq!(reply.status, 400);
        assert_eq!(reply.at("/errors").as_array().unwrap().len(), errors, "{dependents} dependents");
    }
}

#[tokio::test]
async fn a_refused_update_changes_nothing() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, ready()).await;
    let before = get(&bench, &id).await;
    for body in [json!({}), with("/plan_hios_id", json!("00000TX0010001"))] {
        bench.call("updateApplication", &[&id], &[], body).await;
    }
    assert_eq!(get(&bench, &id).await.json, before.json);
}

#[tokio::test]
async fn only_a_draft_can_be_replaced() {
    let bench = Bench::of("enrollconnect").await;
    let id = submitted(&bench, ready()).await;
    let before = get(&bench, &id).await;
    let refused = bench.call("updateApplication", &[&id], &[], with("/external_id", json!("other"))).await;
    assert_eq!((refused.status, refused.text.as_str()), (409, ""));
    assert_eq!(get(&bench, &id).await.json, before.json);
    let list = bench.call("listApplications", &[], &[], Send::Nothing).await;
    for (id, state) in list
        .each("/applications", "/application_id")
        .into_iter()
        .zip(list.each("/applications", "/policy_status"))
    {
        let reply = bench.call("updateApplication", &[id], &[], ready()).await;
        assert_eq!(reply.status, if state == "draft" { 200 } else { 409 }, "{state}");
    }
}

#[tokio::test]
async fn an_application_that_does_not_exist_is_a_404_everywhere() {
    let bench = Bench::of("enrollconnect").await;
    for id in ["HSA000009999", "HSA1", "HSA+00000001", "nothing", "%00", "HSA99999999999999999999"] {
        for operation in [
            "getApplication",
            "submitApplication",
            "getPaymentRedirect",
            "cancelApplication",
            "terminateApplication",
        ] {
            let reply = act(&bench, operation, id).await;
            assert_eq!(
                (reply.status, reply.text_at("/errors/0/code")),
                (404, "not_found"),
                "{operation} {id}"
            );
        }
        assert_eq!(bench.call("updateApplication", &[id], &[], ready()).await.status, 404);
        let document = crate::tour::document("a.pdf");
        assert_eq!(bench.call("uploadSupportingDocumentation", &[id], &[], document).await.status, 404);
    }
    assert_eq!(status(&bench, "HSA000000001").await, "effectuated");
}
