//! The reserved paths and the clock.

use std::time::Duration;

use driftline_sandbox::{ClockOptions, Options};

use super::support::{Bench, Reply, Send};
use super::tour::ready;

async fn reserved(bench: &Bench, method: &str, path: &str, body: &'static str) -> Reply {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let request = bench.client.request(method, format!("{}/__sandbox__{path}", bench.base_url)).body(body);
    Reply::of(bench.authenticated(request).send().await.unwrap()).await
}

#[tokio::test]
async fn the_clock_starts_at_a_fixed_time_and_moves_with_requests() {
    let bench = Bench::of("clasp").await;
    assert_eq!(reserved(&bench, "GET", "/clock", "").await.text_at("/now"), "2026-01-15T14:00:00Z");
    bench.call("listConnections", &[], &[], Send::Nothing).await;
    bench.send("listConnections", &[], &[], Send::Nothing, false).await;
    assert_eq!(reserved(&bench, "GET", "/clock", "").await.text_at("/now"), "2026-01-15T14:00:01Z");
    let moved = reserved(&bench, "POST", "/clock/advance", r#"{"seconds": 3599}"#).await;
    assert_eq!(moved.text_at("/now"), "2026-01-15T15:00:00Z");
}

#[tokio::test]
async fn a_clock_without_ticks_stands_still() {
    let clock = ClockOptions { tick: Duration::ZERO, ..ClockOptions::default() };
    let bench = Bench::with("enrollconnect", Options { clock, ..Options::default() }).await;
    let first = bench.call("createApplication", &[], &[], ready()).await;
    let second = bench.call("createApplication", &[], &[], ready()).await;
    assert_eq!(first.at("/created_at"), second.at("/created_at"));
}

#[tokio::test]
async fn time_that_is_moved_too_far_stays_within_what_can_be_written() {
    let bench = Bench::of("enrollconnect").await;
    bench.sandbox.advance(Duration::MAX);
    let created = bench.call("createApplication", &[], &[], ready()).await;
    assert_eq!(created.status, 201);
    let id = created.text_at("/application_id");
    assert_eq!(bench.call("submitApplication", &[id], &[], Send::Nothing).await.status, 200);
    assert_eq!(bench.call("getApplication", &[id], &[], Send::Nothing).await.status, 200);
}

#[tokio::test]
async fn a_reset_goes_back_to_the_seeded_world() {
    let bench = Bench::of("enrollconnect").await;
    let before = bench.call("listApplications", &[], &[], Send::Nothing).await;
    let created = bench.call("createApplication", &[], &[], ready()).await;
    let id = created.text_at("/application_id").to_owned();
    bench.call("terminateApplication", &["HSA000000001"], &[], Send::Nothing).await;
    assert_eq!(reserved(&bench, "POST", "/reset", "").await.text_at("/now"), "2026-01-15T14:00:00Z");
    assert_eq!(bench.call("listApplications", &[], &[], Send::Nothing).await.json, before.json);
    assert_eq!(bench.call("createApplication", &[], &[], ready()).await.text_at("/application_id"), id);
    bench.sandbox.reset();
    assert_eq!(bench.call("listApplications", &[], &[], Send::Nothing).await.json, before.json);
}

#[tokio::test]
async fn reserved_paths_want_the_credential_and_sense() {
    let bench = Bench::of("onboarding").await;
    let url = format!("{}/__sandbox__/clock", bench.base_url);
    assert_eq!(bench.client.get(url).send().await.unwrap().status(), 401);
    for body in ["", "{}", r#"{"seconds": -1}"#, r#"{"seconds": 1.5}"#, r#"{"seconds": 99999999999}"#] {
        assert_eq!(reserved(&bench, "POST", "/clock/advance", body).await.status, 400, "{body}");
    }
    assert_eq!(reserved(&bench, "GET", "/reset", "").await.status, 404);
    assert_eq!(reserved(&bench, "GET", "/other", "").await.status, 404);
}
