//! Every edge of the lifecycle, allowed and refused.

use serde_json::{Value, json};

use super::{act, create, get, status, submitted, with};
use crate::support::{Bench, Send};
use crate::tour::{document, ready};

const ACTIONS: [&str; 3] = ["submitApplication", "cancelApplication", "terminateApplication"];

/// Longer than the sandbox lets carriers take.
const LONG: u64 = 1000;

/// An application in a state, made by way of the API.
async fn in_state(bench: &Bench, state: &str) -> String {
    let id = match state {
        "draft" => create(bench, ready()).await,
        "submission_failed" => submitted(bench, with("/external_id", json!("fail-submission-1"))).await,
        _ => submitted(bench, ready()).await,
    };
    if state == "cancelled" {
        act(bench, "cancelApplication", &id).await;
    }
    if matches!(state, "effectuated" | "terminated" | "submission_failed") {
        bench.advance(LONG);
    }
    if state == "terminated" {
        act(bench, "terminateApplication", &id).await;
    }
    assert_eq!(status(bench, &id).await, state);
    id
}

#[tokio::test]
async fn each_state_allows_what_the_page_says_and_nothing_else() {
    let bench = Bench::of("enrollconnect").await;
    let table = [
        ("draft", [(200, "pending_effectuation"), (400, "draft"), (400, "draft")]),
        (
            "pending_effectuation",
            [(422, "pending_effectuation"), (202, "cancelled"), (400, "pending_effectuation")],
        ),
        ("effectuated", [(422, "effectuated"), (400, "effectuated"), (202, "terminated")]),
        (
            "submission_failed",
            [(422, "submission_failed"), (400, "submission_failed"), (400, "submission_failed")],
        ),
        ("cancelled", [(422, "cancelled"), (400, "cancelled"), (400, "cancelled")]),
        ("terminated", [(422, "terminated"), (400, "terminated"), (400, "terminated")]),
    ];
    for (state, outcomes) in table {
        for (action, (code, after)) in ACTIONS.into_iter().zip(outcomes) {
            let id = in_state(&bench, state).await;
            let before = get(&bench, &id).await;
            let reply = act(&bench, action, &id).await;
            assert_eq!(reply.status, code, "{action} of {state}: {}", reply.text);
            assert_eq!(status(&bench, &id).await, after, "{action} of {state}");
            if code >= 400 {
                assert_eq!(get(&bench, &id).await.json, before.json, "a refused {action} of {state}");
            } else {
                assert_eq!(reply.text_at("/policy_status"), after);
                assert_eq!(reply.text_at("/application_id"), id);
            }
        }
    }
}

#[tokio::test]
async fn next_actions_follow_the_state() {
    let bench = Bench::of("enrollconnect").await;
    let table: [(&str, &[&str]); 6] = [
        ("draft", &["self", "update", "submit"]),
        ("pending_effectuation", &["self", "cancel", "payment_redirect"]),
        ("effectuated", &["self", "terminate", "payment_redirect"]),
        ("submission_failed", &["self"]),
        ("cancelled", &["self"]),
        ("terminated", &["self"]),
    ];
    for (state, actions) in table {
        let id = in_state(&bench, state).await;
        assert_eq!(get(&bench, &id).await.each("/next_actions", "/rel"), actions, "{state}");
    }
}

#[tokio::test]
async fn every_next_action_leads_somewhere() {
    let bench = Bench::of("enrollconnect").await;
    let list = bench.call("listApplications", &[], &[], Send::Nothing).await;
    for id in list.each("/applications", "/application_id") {
        for action in get(&bench, id).await.at("/next_actions").as_array().unwrap() {
            bench.sandbox.reset();
            let method = reqwest::Method::from_bytes(action["method"].as_str().unwrap().as_bytes()).unwrap();
            let url = format!("{}{}", bench.base_url, action["href"].as_str().unwrap());
            let mut request = bench.authenticated(bench.client.request(method, url));
            request = match action["rel"].as_str().unwrap() {
                "update" => request.header("content-type", "application/json").body(ready().to_string()),
                "upload_supporting_documentation" => {
                    request.header("content-type", "application/json").body(document("proof.pdf").to_string())
                }
                _ => request,
            };
            let reply = request.send().await.unwrap();
            assert!(reply.status().is_success(), "{action} of {id}: {}", reply.status());
        }
    }
}

#[tokio::test]
async fn submission_shows_in_the_application() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, with("/desired_effective_date", json!("2026-03-01"))).await;
    let receipt = act(&bench, "submitApplication", &id).await;
    assert_eq!(receipt.text_at("/external_id"), "ext-1");
    assert_eq!(receipt.at("/plan_year"), &json!(2026));
    let read = get(&bench, &id).await;
    assert_eq!(read.at("/submitted_at"), receipt.at("/submitted_at"));
    assert_eq!(read.at("/payment"), &Value::Null);
    assert!(read.json.get("payment").is_some());
    assert_eq!(read.at("/policies").as_array().unwrap().len(), 1);
    assert_eq!(read.text_at("/policies/0/status"), "pending_effectuation");
    assert_eq!(read.text_at("/policies/0/effective_date"), "2026-03-01");
    assert_eq!(read.text_at("/policies/0/expiration_date"), "2026-12-31");
    assert!(read.at("/policies/0/gross_premium").is_number());
    assert_eq!(read.at("/policies/0/members").as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn effectuation_takes_its_time() {
    let bench = Bench::of("enrollconnect").await;
    let id = submitted(&bench, ready()).await;
    let submitted_at = get(&bench, &id).await.text_at("/submitted_at").to_owned();
    bench.advance(100);
    assert_eq!(status(&bench, &id).await, "pending_effectuation");
    bench.advance(LONG);
    let read = get(&bench, &id).await;
    assert_eq!(read.text_at("/policy_status"), "effectuated");
    assert_eq!(read.text_at("/policies/0/status"), "effectuated");
    assert_eq!(read.text_at("/payment/payment_status"), "paid");
    // It happened when it was due, not when it was looked at.
    assert_eq!(
        (submitted_at.as_str(), read.text_at("/updated_at")),
        ("2026-01-15T14:00:02Z", "2026-01-15T14:02:02Z")
    );
}

#[tokio::test]
async fn polling_alone_brings_effectuation() {
    let bench = Bench::of("enrollconnect").await;
    let id = submitted(&bench, ready()).await;
    for _ in 0..130 {
        if status(&bench, &id).await == "effectuated" {
            return;
        }
    }
    panic!("130 polls did not move the clock past the carrier's decision");
}

#[tokio::test]
async fn a_failed_submission_tells_why() {
    let bench = Bench::of("enrollconnect").await;
    let id = in_state(&bench, "submission_failed").await;
    let read = get(&bench, &id).await;
    assert_eq!(read.text_at("/errors/0/code"), "plan_not_available");
    assert_eq!(read.at("/policies"), &json!([]));
    assert_eq!(bench.call("updateApplication", &[&id], &[], ready()).await.status, 409);
}

#[tokio::test]
async fn ends_have_dates() {
    let bench = Bench::of("enrollconnect").await;
    let id = in_state(&bench, "effectuated").await;
    let receipt = act(&bench, "terminateApplication", &id).await;
    assert_eq!(receipt.text_at("/effective_date"), "2026-01-31");
    let read = get(&bench, &id).await;
    assert_eq!(read.text_at("/policies/0/expiration_date"), "2026-01-31");
    assert_eq!(read.text_at("/policies/0/members/0/removed_date"), "2026-01-31");
    let id = in_state(&bench, "pending_effectuation").await;
    let receipt = act(&bench, "cancelApplication", &id).await;
    assert_eq!(receipt.at("/effective_date"), get(&bench, &id).await.at("/policies/0/effective_date"));
}

#[tokio::test]
async fn a_cancelled_application_stays_cancelled() {
    let bench = Bench::of("enrollconnect").await;
    let id = in_state(&bench, "cancelled").await;
    bench.advance(LONG);
    assert_eq!(status(&bench, &id).await, "cancelled");
}

#[tokio::test]
async fn a_carrier_may_support_neither_cancellation_nor_redirect() {
    let bench = Bench::of("enrollconnect").await;
    let id = submitted(&bench, with("/plan_hios_id", json!("00020TX0010001"))).await;
    let read = get(&bench, &id).await;
    assert_eq!(read.each("/next_actions", "/rel"), ["self"]);
    assert_eq!(read.at("/payment_instructions/payment_redirect_supported"), &json!(false));
    assert_eq!(read.text_at("/payment_instructions/payment_phone_number"), "8005550120");
    assert_eq!(act(&bench, "cancelApplication", &id).await.status, 400);
    assert_eq!(act(&bench, "getPaymentRedirect", &id).await.status, 422);
    assert_eq!(status(&bench, &id).await, "pending_effectuation");
}

#[tokio::test]
async fn a_payment_redirect_is_a_form_to_post() {
    let bench = Bench::of("enrollconnect").await;
    let id = submitted(&bench, ready()).await;
    let redirect = act(&bench, "getPaymentRedirect", &id).await;
    assert_eq!((redirect.status, redirect.text_at("/method")), (200, "POST"));
    assert!(redirect.text_at("/endpoint").starts_with("https://payments.example.com/"));
    assert!(!redirect.at("/fields").as_array().unwrap().is_empty());
    assert_eq!(act(&bench, "getPaymentRedirect", &id).await.json, redirect.json);
}
