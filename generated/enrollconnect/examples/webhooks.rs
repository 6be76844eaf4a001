//! Receives EnrollConnect's webhooks with axum: verifies the signature, answers at once, works afterwards.
//!
//! ```text
//! cargo run -p enrollconnect --example webhooks -- 127.0.0.1:4020 the-secret
//! ```

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use enrollconnect::serde_json::{Map, Value};
use enrollconnect::{Sensitive, WebhookError, Webhooks};
use tokio::sync::mpsc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(secret)) = (arguments.next(), arguments.next()) else {
        return Err("give the address to listen on and the secret".into());
    };
    let (events, mut news) = mpsc::channel(100);
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Some(event) = news.recv().await {
            // What a webhook holds is sensitive, and does not print.
            println!("{event:?}");
        }
    });
    axum::serve(listener, receiver(Webhooks::new(secret), events)).await?;
    Ok(())
}

/// What came, for those who work with it. Each is delivered at least once: what was done already is not done again.
#[derive(Debug)]
pub enum Event {
    /// An application was submitted.
    Submitted(Object),
    /// A policy became effective, was cancelled or was terminated.
    PolicyChanged(Object),
}

/// A body of which the contract says no more.
type Object = Sensitive<Map<String, Value>>;

/// Takes webhooks and hands on what they say.
pub fn receiver(webhooks: Webhooks, events: mpsc::Sender<Event>) -> Router {
    Router::new()
        .route("/submission_confirmation", post(submission_confirmation))
        .route("/policy_status", post(policy_status))
        .with_state(Receiver { webhooks, events })
}

#[derive(Clone)]
struct Receiver {
    webhooks: Webhooks,
    events: mpsc::Sender<Event>,
}

// `Bytes` and not `Json`: the signature is over the bytes as they came.
async fn submission_confirmation(
    State(receiver): State<Receiver>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let event = receiver.webhooks.submission_confirmation(&headers, &body);
    receiver.take(event.map(Event::Submitted))
}

async fn policy_status(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let event = receiver.webhooks.policy_status(&headers, &body);
    receiver.take(event.map(Event::PolicyChanged))
}

impl Receiver {
    /// Hands an event on and says what to answer.
    fn take(&self, event: Result<Event, WebhookError>) -> StatusCode {
        match event.map(|event| self.events.try_send(event)) {
            Ok(Ok(())) => StatusCode::NO_CONTENT,
            // Where there is no room for it now, the sender tries again.
            Ok(Err(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Err(error) => error.status(),
        }
    }
}
