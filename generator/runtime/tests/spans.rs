//! What a call tells `tracing`, and what it never does.
//!
//! This stands alone: what a subscriber of one thread is told depends on what other threads have called before.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, Uri};
use driftline_runtime::http::Method;
use driftline_runtime::{Call, Credential, HttpClient, Placement, Retry, Style};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down everything that is said.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>, Arc<AtomicU64>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Notes {
    fn note(&self, kind: &str, metadata: Option<&Metadata<'_>>, fields: impl FnOnce(&mut Line<'_>)) {
        let mut notes = self.0.lock().unwrap();
        let target = metadata.map_or("", Metadata::target);
        write!(notes, "\n{kind} {target} {}", metadata.map_or("", Metadata::name)).unwrap();
        fields(&mut Line(&mut notes));
    }
}

impl Subscriber for Notes {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.note("span", Some(span.metadata()), |line| span.record(line));
        Id::from_u64(self.1.fetch_add(1, Ordering::SeqCst) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.note("record", None, |line| values.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.note("event", Some(event.metadata()), |line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

const CALL: &Call = &Call {
    operation: "getThing",
    method: Method::PUT,
    path: "/things/{id}",
    security: &[&["header", "query", "cookie"]],
    repeatable: true,
};

#[tokio::test]
async fn a_span_names_the_operation_and_its_end_and_nothing_says_a_value() {
    let notes = Notes::default();
    let _guard = tracing::subscriber::set_default(notes.clone());
    let targets: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = Arc::clone(&targets);
    let router = Router::new().fallback(async move |uri: Uri| {
        let mut seen = seen.lock().unwrap();
        seen.push(uri.to_string());
        let status = if seen.len() == 1 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        (status, "\"secret-answer\"")
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = HttpClient::builder(&url, "test/1")
        .retry(Retry::default().least_delay(Duration::from_millis(2)))
        .credential("header", Placement::Header("x-api-key"), Credential::from("secret-header"))
        .credential("query", Placement::Query("key"), Credential::from("secret-query"))
        .credential("cookie", Placement::Cookie("sid"), Credential::from("secret-cookie"))
        .build()
        .unwrap();
    let mut request = client.request(CALL);
    request.path("id", Style::Simple, &"secret-path");
    request.query("q", Style::Form, &"secret-parameter");
    request.json("application/json", &"secret-body");
    assert_eq!(request.send().await.unwrap().status(), 200);
    assert!(targets.lock().unwrap()[1].contains("secret-query"), "the secrets were sent");

    let notes = notes.0.lock().unwrap().clone();
    let ours: Vec<_> = notes.lines().filter(|line| line.contains("driftline_runtime")).collect();
    assert_eq!(ours.len(), 2, "{notes}");
    for part in [" call ", "operation=\"getThing\"", "method=\"PUT\"", "path=\"/things/{id}\""] {
        assert!(ours[0].starts_with("span") && ours[0].contains(part), "{part} in {}", ours[0]);
    }
    for part in ["reason=\"status\"", "status=503", "retry=1", "wait_ms="] {
        assert!(ours[1].starts_with("event") && ours[1].contains(part), "{part} in {}", ours[1]);
    }
    for record in ["attempt=1", "status=503", "attempt=2", "status=200"] {
        assert!(notes.lines().any(|line| line.starts_with("record") && line.ends_with(record)), "{record}");
    }
    assert!(ours.iter().all(|line| !line.contains("secret")), "{ours:?}");
    let records = notes.lines().filter(|line| line.starts_with("record"));
    assert!(records.into_iter().all(|line| !line.contains("secret")), "{notes}");
}
