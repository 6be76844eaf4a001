//! Answers from a recording: the recorded ones to the recorded requests, a reason to every other one.

use std::path::{Path, PathBuf};

use driftline_sandbox::{Double, Error};
use driftline_specs::Recording;
use driftline_specs::recording::Respects;
use reqwest::Method;
use serde_json::{Value, json};

use super::support::client;

fn specimen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specimens/clasp.har")
}

async fn double() -> Double {
    Double::from_recording(specimen()).await.unwrap()
}

/// Sends a request and returns status, headers and body.
async fn send(
    double: &Double,
    method: Method,
    target: &str,
    body: Option<(&str, &str)>,
) -> (u16, reqwest::header::HeaderMap, Value) {
    let mut request = client().request(method, format!("{}{target}", double.url()));
    if let Some((media_type, body)) = body {
        request = request.header("content-type", media_type).body(body.to_owned());
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, headers, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
}

async fn get(double: &Double, target: &str) -> (u16, reqwest::header::HeaderMap, Value) {
    send(double, Method::GET, target, None).await
}

const LIST: &str = "/connections?page_size=2";
const LOOK: &str = "/connections/conn_e220a8397b1d";
const SUBMIT: &str = "/connections/conn_e220a8397b1d/submit_review";
const JSON: &str = "application/json";

#[tokio::test]
async fn recorded_requests_get_the_recorded_answers() {
    let double = double().await;
    let (status, headers, list) = get(&double, LIST).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, JSON));
    assert_eq!(list["results"].as_array().unwrap().len(), 2);
    // The next page is where this one came from.
    let next = list["next"].as_str().unwrap().strip_prefix(double.url()).unwrap();
    assert_eq!(get(&double, next).await.0, 200);
    assert_eq!(get(&double, "/connections/con_none").await.0, 404);
    assert_eq!(get(&double, "/connections?page_size=many").await.0, 400);
}

#[tokio::test]
async fn the_same_request_gets_its_answers_in_their_order_and_then_the_last_one() {
    let double = double().await;
    let mut events = Vec::new();
    for _ in 0..3 {
        events.push(get(&double, LOOK).await.2["events"].as_array().unwrap().len());
    }
    assert_eq!(events, [1, 2, 2]);
}

#[tokio::test]
async fn what_only_looks_different_is_the_recorded_request() {
    let double = double().await;
    let body = r#" { "broker_url" : "https:\/\/broker.example.com\/offer" } "#;
    assert_eq!(
        send(&double, Method::POST, SUBMIT, Some(("application/json; charset=utf-8", body))).await.0,
        200
    );
    let list = get(&double, LIST).await.2;
    let next = list["next"].as_str().unwrap().split_once('?').unwrap().1.to_owned();
    let (cursor, size) = next.split_once('&').unwrap();
    assert_eq!(get(&double, &format!("/connections?{size}&{cursor}")).await.0, 200);
    assert_eq!(double.unknown(), []);
}

#[tokio::test]
async fn what_was_not_recorded_gets_a_problem_that_says_how_it_differs() {
    let double = double().await;
    let cases = [
        (
            Method::GET,
            "/connections?page_size=3&secret=s3cret",
            None,
            0,
            "query parameter `page_size` is another one, query parameter `secret` is there in addition",
        ),
        (
            Method::POST,
            SUBMIT,
            Some((JSON, r#"{"broker_url":"s3cret","more":1}"#)),
            3,
            "body at `/broker_url` is another one, body at `/more` is there in addition",
        ),
        (Method::POST, SUBMIT, Some(("text/plain", "s3cret")), 3, "media type is another one"),
        (Method::POST, SUBMIT, None, 3, "body is missing"),
        (Method::DELETE, LOOK, None, 2, "method is another one"),
    ];
    for (method, target, body, nearest, differences) in cases {
        let (status, headers, problem) = send(&double, method.clone(), target, body).await;
        assert_eq!((status, headers["content-type"].to_str().unwrap()), (501, "application/problem+json"));
        assert_eq!(problem["status"], 501);
        assert_eq!(problem["nearest"]["entry"], nearest, "{problem}");
        let path = target.split('?').next().unwrap();
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.starts_with(&format!(
                "{method} {path} was not recorded; the nearest recorded request is entry {nearest} (`"
            )),
            "{detail}"
        );
        assert!(detail.ends_with(&format!(": {differences}")), "{detail}");
        assert!(!problem.to_string().contains("s3cret"), "{problem}");
    }
    let unknown = double.unknown();
    assert_eq!(unknown.len(), 5);
    assert_eq!((unknown[0].method.as_str(), unknown[0].path.as_str()), ("GET", "/connections"));
}

#[tokio::test]
async fn a_double_is_verified_when_everything_recorded_was_asked_for_and_nothing_else() {
    let double = double().await;
    let unasked: Vec<_> = double.unasked().into_iter().filter_map(|entry| entry.step).collect();
    assert_eq!(unasked, ["list", "next_page", "look", "submit", "look_again", "look_elsewhere", "too_many"]);
    let list = get(&double, LIST).await.2;
    get(&double, list["next"].as_str().unwrap().strip_prefix(double.url()).unwrap()).await;
    get(&double, LOOK).await;
    let offer = json!({"broker_url": "https://broker.example.com/offer"}).to_string();
    send(&double, Method::POST, SUBMIT, Some((JSON, &offer))).await;
    get(&double, "/connections/con_none").await;
    get(&double, "/connections?page_size=many").await;
    let error = double.verify().unwrap_err();
    assert_eq!(format!("{error:?}"), format!("nobody has asked for entry 4 (`look_again`), GET {LOOK}"));
    get(&double, LOOK).await;
    double.verify().unwrap();
    get(&double, "/elsewhere").await;
    let error = double.verify().unwrap_err();
    assert!(error.to_string().starts_with("GET /elsewhere was not recorded; the nearest"), "{error}");
}

#[tokio::test]
async fn what_counts_besides_is_up_to_the_caller() {
    let recording = Recording::load(&specimen()).unwrap();
    let respects = Respects {
        headers: vec!["accept".to_owned()],
        besides: vec!["key".to_owned()],
        ..Respects::default()
    };
    let double = Double::answering(&recording, respects).await.unwrap();
    let url = format!("{}{LIST}&key=anything", double.url());
    let ask = |accept: &str| client().get(&url).header("accept", accept).send();
    assert_eq!(ask("text/html").await.unwrap().status(), 501);
    assert_eq!(ask(JSON).await.unwrap().status(), 200);
    let unknown = double.unknown();
    let nearest = unknown[0].nearest.as_ref().unwrap();
    assert_eq!(nearest.differences[0].to_string(), "header `accept` is another one");
}

#[tokio::test]
async fn requests_are_kept_as_they_arrived() {
    let double = double().await;
    send(&double, Method::PUT, "/a%20b?c=d", Some(("text/plain", "e"))).await;
    let requests = double.take_requests();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].method.as_str(), requests[0].url.as_str()), ("PUT", "/a%20b?c=d"));
    assert_eq!(
        (requests[0].header("Content-Type"), requests[0].body.as_deref()),
        (Some("text/plain"), Some(&b"e"[..]))
    );
    assert!(double.take_requests().is_empty());
}

#[tokio::test]
async fn what_is_no_recording_is_refused_by_name() {
    let error = Double::from_recording("tests/specimens/shelter.yaml").await.unwrap_err();
    assert!(matches!(error, Error::Recording { .. }), "{error}");
    assert!(error.to_string().contains("shelter.yaml"), "{error}");
}

#[tokio::test]
async fn nothing_answers_after_a_double_is_dropped() {
    let double = double().await;
    let url = double.url().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"));
    drop(double);
    // The listener goes when its task notices.
    for _ in 0..1_000 {
        if client().get(&url).send().await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it still answers");
}
