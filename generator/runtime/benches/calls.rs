//! What a generated client adds to a call: the same call with the client and with `reqwest` alone, over a connection
//! that is there already, to a server on loopback that answers at once.
//!
//! Client and server share one thread, so that a call takes the work of both and no waiting for a processor. What the
//! server does is the same for all; the difference is the client's. The generated client does more: a turn, two time
//! limits, a span, a credential whose memory is cleared, a limit of the answer's size, headers and status kept.

use axum::routing::get;
use divan::Bencher;
use onboarding::Client;
use onboarding::models::Group;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::Runtime;

const GROUP: &str = r#"{"group_id":"grp_000001","external_id":"EXT-000001","name":"Example Bakery","fein":"123456789","broker":{"name":"Avery Example","email":"avery@example.com","phone":"555-0100"},"registration_status":"onboarded","pending_actions":[],"created_at":"2026-01-31T09:30:00.120Z","updated_at":"2026-02-01T09:30:00.120Z"}"#;

fn main() {
    divan::main();
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("starts")
}

/// Starts a server in `runtime` that answers every request for a group; returns its base URL.
fn server(runtime: &Runtime) -> String {
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("is bound"));
        let json = [("content-type", "application/json")];
        let app = axum::Router::new().route("/groups/{id}", get(move || async move { (json, GROUP) }));
        tokio::spawn(async move { axum::serve(listener, app).await });
        url
    })
}

#[divan::bench(sample_count = 200, sample_size = 20)]
fn generated(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let client = Client::builder(server(&runtime)).bearer_token("token").build().expect("builds");
    bencher.bench_local(|| {
        runtime.block_on(async { client.get_group("grp_000001").send().await.expect("answers") }).body
    });
}

#[divan::bench(sample_count = 200, sample_size = 20)]
fn reqwest_and_the_type(bencher: Bencher<'_, '_>) {
    alone::<Group>(bencher);
}

#[divan::bench(sample_count = 200, sample_size = 20)]
fn reqwest_and_a_value(bencher: Bencher<'_, '_>) {
    alone::<Value>(bencher);
}

/// The same request, with the same headers, as one writes it with `reqwest`.
fn alone<T: DeserializeOwned>(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let base_url = server(&runtime);
    // The generated client's builder has set up TLS for the process, which `reqwest` asks for even over plain HTTP.
    let _ = Client::builder(&base_url).build().expect("builds");
    let client = reqwest::Client::builder().user_agent("onboarding/0.1.0").build().expect("builds");
    bencher.bench_local(|| {
        runtime.block_on(async {
            let request = client.get(format!("{base_url}/groups/{}", "grp_000001"));
            let request = request.bearer_auth("token").header("accept", "application/json, */*;q=0.5");
            let answer = request.send().await.expect("answers").error_for_status().expect("is a success");
            serde_json::from_slice::<T>(&answer.bytes().await.expect("is whole")).expect("fits")
        })
    });
}
