//! The receiver of EnrollConnect's webhooks, as the example builds it with axum, over the network.

#![cfg(feature = "endpoints")]
#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use enrollconnect::{Credential, Webhooks, http::StatusCode, reqwest};
use receiver::Event;
use tokio::sync::mpsc;

#[path = "../../generated/enrollconnect/examples/webhooks.rs"]
#[expect(
    clippy::print_stdout,
    dead_code,
    unreachable_pub,
    reason = "an example is a program; the test calls what its `main` does"
)]
mod receiver;

const SECRET: &str = "the-secret";
const BODY: &str = r#"{"application_id":"a-1","ssn":"900000001"}"#;
/// HMAC-SHA-256 of the body with the secret, and with `old`, as another implementation has it.
const SIGNATURE: &str = "21f23ef931a0c2aee31b96e3c1bf90be79107800ab4c2e82a552673e222381ac";
const OLD_SIGNATURE: &str = "710edd40e107e3050671cdeec4860290e92c9f30db57981dafd8e6f7c91f1dc1";

/// Starts the receiver; it ends with the test's runtime.
async fn start(webhooks: Webhooks, room: usize) -> (String, mpsc::Receiver<Event>) {
    let (events, news) = mpsc::channel(room);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, receiver::receiver(webhooks, events)).await });
    (base_url, news)
}

async fn post(url: String, signature: Option<&str>, body: &'static str) -> StatusCode {
    let mut request = reqwest::Client::new().post(url).body(body);
    if let Some(signature) = signature {
        request = request.header("X-Webhook-Signature", signature);
    }
    request.send().await.unwrap().status()
}

/// The HTTP client of the crates brings no provider of TLS of its own; a generated client sees to that.
fn install_tls() {
    enrollconnect::Client::builder("http://127.0.0.1:1").api_key("k").build().unwrap();
}

#[tokio::test]
async fn what_is_signed_is_taken_and_read() {
    install_tls();
    let (base_url, mut news) = start(Webhooks::new(SECRET), 8).await;
    let status = post(format!("{base_url}/policy_status"), Some(SIGNATURE), BODY).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let Some(Event::PolicyChanged(event)) = news.recv().await else { panic!("another event") };
    assert_eq!(event.expose()["application_id"], "a-1");
    assert!(!format!("{event:?}").contains("900000001"));
    let status = post(format!("{base_url}/submission_confirmation"), Some(SIGNATURE), BODY).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert!(matches!(news.recv().await, Some(Event::Submitted(_))));
}

#[tokio::test]
async fn what_is_not_signed_or_signed_otherwise_is_refused() {
    install_tls();
    let (base_url, mut news) = start(Webhooks::new(SECRET), 8).await;
    let url = format!("{base_url}/policy_status");
    for (signature, body) in [
        (None, BODY),
        (Some(""), BODY),
        (Some(OLD_SIGNATURE), BODY),
        (Some(SIGNATURE), r#"{"application_id":"a-2","ssn":"900000001"}"#),
        (Some(SIGNATURE), ""),
    ] {
        assert_eq!(
            post(url.clone(), signature, body).await,
            StatusCode::UNAUTHORIZED,
            "{signature:?} {body}"
        );
    }
    // Signed, and not the documented object: HMAC-SHA-256 of this body with the secret.
    let signature = "98a9b0bcb594751788f78d24bed8dfb119eee80d8daff77b6872fac643676f3f";
    assert_eq!(post(url, Some(signature), "[1]").await, StatusCode::BAD_REQUEST);
    assert!(news.try_recv().is_err());
}

#[tokio::test]
async fn a_secret_is_replaced_while_the_receiver_runs() {
    install_tls();
    let secret = Credential::from("old");
    let (base_url, mut news) = start(Webhooks::new(secret.clone()), 8).await;
    let url = format!("{base_url}/policy_status");
    assert_eq!(post(url.clone(), Some(SIGNATURE), BODY).await, StatusCode::UNAUTHORIZED);
    assert_eq!(post(url.clone(), Some(OLD_SIGNATURE), BODY).await, StatusCode::NO_CONTENT);
    secret.rotate(SECRET);
    assert_eq!(post(url.clone(), Some(SIGNATURE), BODY).await, StatusCode::NO_CONTENT);
    assert_eq!(post(url, Some(OLD_SIGNATURE), BODY).await, StatusCode::UNAUTHORIZED);
    assert!(news.recv().await.is_some() && news.recv().await.is_some());
}

#[tokio::test]
async fn what_there_is_no_room_for_is_to_be_sent_again() {
    install_tls();
    let (base_url, mut news) = start(Webhooks::new(SECRET), 1).await;
    let url = format!("{base_url}/policy_status");
    assert_eq!(post(url.clone(), Some(SIGNATURE), BODY).await, StatusCode::NO_CONTENT);
    assert_eq!(post(url.clone(), Some(SIGNATURE), BODY).await, StatusCode::SERVICE_UNAVAILABLE);
    news.recv().await.unwrap();
    assert_eq!(post(url, Some(SIGNATURE), BODY).await, StatusCode::NO_CONTENT);
}
