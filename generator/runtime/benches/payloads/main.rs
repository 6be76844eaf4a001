//! Reading and writing payloads of EnrollConnect: as the generated types, as types by hand with serde's derive, and as
//! `serde_json::Value`. And one call over loopback: with the generated client, and with `reqwest` alone.

mod by_hand;

use std::hint::black_box;

use axum::routing::get;
use divan::Bencher;
use divan::counter::BytesCount;
use enrollconnect::models::{ApplicationCreateRequest, ApplicationListResponse};
use enrollconnect::{Client, Validate};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const APPLICATION: &str = include_str!("application.json");

fn main() {
    divan::main();
}

/// A full application, without the spaces of the file.
fn application() -> String {
    serde_json::from_str::<Value>(APPLICATION).expect("is JSON").to_string()
}

/// A page of 500 applications.
fn page() -> String {
    let one = json!({
        "application_id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "external_id": "EXT-000001",
        "employer_external_id": "EMP-000001", "plan_year": "2026", "plan_hios_id": "12345TX0010001",
        "exchange_type": "off_exchange", "policy_status": "pending_effectuation",
        "created_at": "2026-01-31T09:30:00.120Z", "updated_at": "2026-02-01T09:30:00.120Z",
    });
    let applications = vec![one; 500];
    json!({"applications": applications, "pagination": {"limit": 500, "offset": 0, "total": 5000}})
        .to_string()
}

fn read<T: DeserializeOwned>(bencher: Bencher<'_, '_>, text: &str) {
    bencher
        .counter(BytesCount::of_str(text))
        .bench_local(|| serde_json::from_slice::<T>(black_box(text.as_bytes())).expect("fits"));
}

fn write<T: DeserializeOwned + Serialize>(bencher: Bencher<'_, '_>, text: &str) {
    let value: T = serde_json::from_str(text).expect("fits");
    bencher
        .counter(BytesCount::of_str(text))
        .bench_local(|| serde_json::to_vec(black_box(&value)).expect("can be written"));
}

#[divan::bench(types = [ApplicationListResponse, by_hand::ApplicationListResponse, Value])]
fn read_page<T: DeserializeOwned>(bencher: Bencher<'_, '_>) {
    read::<T>(bencher, &page());
}

#[divan::bench(types = [ApplicationListResponse, by_hand::ApplicationListResponse, Value])]
fn write_page<T: DeserializeOwned + Serialize>(bencher: Bencher<'_, '_>) {
    write::<T>(bencher, &page());
}

#[divan::bench(types = [ApplicationCreateRequest, by_hand::ApplicationCreateRequest, Value])]
fn read_application<T: DeserializeOwned>(bencher: Bencher<'_, '_>) {
    read::<T>(bencher, &application());
}

#[divan::bench(types = [ApplicationCreateRequest, by_hand::ApplicationCreateRequest, Value])]
fn write_application<T: DeserializeOwned + Serialize>(bencher: Bencher<'_, '_>) {
    write::<T>(bencher, &application());
}

/// Checking every constraint of a full application.
#[divan::bench]
fn validate_application(bencher: Bencher<'_, '_>) {
    let value: ApplicationCreateRequest = serde_json::from_str(&application()).expect("fits");
    bencher.bench_local(|| black_box(&value).validate());
}

/// Starts a server that answers every request with a small page; returns its base URL.
fn server(runtime: &tokio::runtime::Runtime) -> String {
    const BODY: &str = r#"{"applications":[],"pagination":{"limit":50,"offset":0,"total":0}}"#;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("is bound"));
        let json = [("content-type", "application/json")];
        let app = axum::Router::new().route("/api/v1/applications", get(move || async move { (json, BODY) }));
        tokio::spawn(async move { axum::serve(listener, app).await });
        url
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("starts")
}

/// A call of the generated client, over a connection that is there already.
#[divan::bench(sample_count = 200, sample_size = 50)]
fn call_client(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let url = server(&runtime);
    let client = Client::builder(url).api_key("key".to_owned()).build().expect("builds");
    bencher.bench_local(|| {
        runtime.block_on(async { client.list_applications().limit(50).send().await.expect("answers").body })
    });
}

/// The same call with `reqwest` alone: the same headers, and the body as types by hand.
#[divan::bench(sample_count = 200, sample_size = 50)]
fn call_reqwest(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let url = format!("{}/api/v1/applications?limit=50", server(&runtime));
    // The generated client's builder has set up TLS for the process, which `reqwest` asks for even over plain HTTP.
    let _ = Client::builder("http://127.0.0.1").build().expect("builds");
    let client = reqwest::Client::new();
    bencher.bench_local(|| {
        runtime.block_on(async {
            let request = client.get(&url).header("x-api-key", "key").header("accept", "application/json");
            let bytes = request.send().await.expect("answers").bytes().await.expect("is whole");
            serde_json::from_slice::<by_hand::ApplicationListResponse>(&bytes).expect("fits")
        })
    });
}
