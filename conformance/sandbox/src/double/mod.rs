//! A double: a server that answers what a recording holds and nothing else.
//!
//! Tests of a program that calls an API run against what the API once said. A request that was not recorded is told
//! apart by what is different, so that a test which fails says why.

mod answer;
mod ledger;
mod problem;

use std::fmt;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use driftline_specs::Recording;
use driftline_specs::recording::{Ask, Respects};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::error::Error;
use ledger::Ledger;
pub use ledger::{Nearest, RecordedEntry, Unknown, Unverified};

/// The largest body that is read.
const MOST_BYTES: usize = 16 << 20;

/// How long a request's body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server on loopback that answers from a recording until the value is dropped.
///
/// A recorded exchange answers every request that equals the recorded one: the same method, path and query, and a body
/// of the same media type and value. Headers do not count, credentials among them, and nor do hosts. Recorded more than
/// once, a request gets the recorded answers in their order, and then the last one again. Any other request gets a 501
/// with a problem (RFC 9457) that names the nearest recorded request and how it differs.
///
/// What is recorded keeps its path: a client of `https://api.example.com/v1` is built with `double.url()` and `/v1`.
/// Addresses of the recorded host in `Location`, `Link` and JSON bodies become addresses of the double.
///
/// ```
/// use driftline_sandbox::Double;
///
/// /// What the program under test does: it counts the connections of a list.
/// async fn connections(base_url: &str) -> Result<usize, Box<dyn std::error::Error>> {
///     let list = reqwest::get(format!("{base_url}/connections?page_size=2")).await?.error_for_status()?;
///     let list: serde_json::Value = serde_json::from_str(&list.text().await?)?;
///     Ok(list["results"].as_array().map_or(0, Vec::len))
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let _ = rustls::crypto::ring::default_provider().install_default();
/// # tokio::runtime::Runtime::new()?.block_on(connections_are_counted())
/// # }
/// // #[tokio::test]
/// async fn connections_are_counted() -> Result<(), Box<dyn std::error::Error>> {
///     # const RECORDING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/specimens/clasp.har");
///     # /*
///     const RECORDING: &str = "tests/recordings/clasp.har";
///     # */
///     let double = Double::from_recording(RECORDING).await?;
///     assert_eq!(connections(double.url()).await?, 2);
///
///     // The recording holds more than the program has asked for.
///     assert!(double.unknown().is_empty());
///     assert_eq!(double.unasked().len(), 6);
///     assert!(double.verify().is_err());
///     Ok(())
/// }
/// ```
pub struct Double {
    url: String,
    ledger: Arc<Mutex<Ledger>>,
    closing: watch::Sender<bool>,
}

impl Double {
    /// Starts a double that answers from a file. Must be called within a Tokio runtime, which also runs it.
    ///
    /// # Errors
    ///
    /// Fails when the file is no recording (HAR 1.2) that can be read, or when nothing can listen on loopback.
    pub async fn from_recording(path: impl AsRef<Path>) -> Result<Double, Error> {
        let recording = Recording::load(path.as_ref());
        let recording = recording.map_err(|source| Error::Recording { source: Box::new(source) })?;
        Double::answering(&recording, Respects::default()).await
    }

    /// Starts a double that answers from a recording. Headers and cookies that `respects` names count as well, and
    /// parameters of the query that it leaves out do not. Must be called within a Tokio runtime, which also runs it.
    ///
    /// # Errors
    ///
    /// Fails when nothing can listen on loopback.
    pub async fn answering(recording: &Recording, respects: Respects) -> Result<Double, Error> {
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let refused = |source| Error::Listen { api: "a recording".to_owned(), address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let url = format!("http://{}", listener.local_addr().map_err(refused)?);
        let ledger = Arc::new(Mutex::new(Ledger::new(recording, respects, &url)));
        let (closing, mut closed) = watch::channel(false);
        let router = Router::new().fallback(respond).with_state(Arc::clone(&ledger));
        tokio::spawn(async move {
            let closed = async move {
                // An error means that the double was dropped, which is the signal too.
                let _ = closed.wait_for(|closing| *closing).await;
            };
            let _ = axum::serve(listener, router).with_graceful_shutdown(closed).await;
        });
        Ok(Double { url, ledger, closing })
    }

    /// Scheme, host and port, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Takes the requests that have arrived since this was last asked, in their order; of very many the last ones.
    pub fn take_requests(&self) -> Vec<Ask> {
        self.ledger().take_requests()
    }

    /// The requests that were not recorded, in their order; of very many the first ones.
    pub fn unknown(&self) -> Vec<Unknown> {
        self.ledger().unknown().to_vec()
    }

    /// The recorded exchanges that nobody has asked for, in their order.
    pub fn unasked(&self) -> Vec<RecordedEntry> {
        self.ledger().unasked()
    }

    /// Makes sure that every request was a recorded one and that every recorded one was asked for.
    ///
    /// # Errors
    ///
    /// Fails with what was unknown and what was never asked for.
    pub fn verify(&self) -> Result<(), Unverified> {
        let ledger = self.ledger();
        let (unknown, unasked) = (ledger.unknown().to_vec(), ledger.unasked());
        if unknown.is_empty() && unasked.is_empty() { Ok(()) } else { Err(Unverified { unknown, unasked }) }
    }

    fn ledger(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.closing.send_replace(true);
    }
}

impl fmt::Debug for Double {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Double").field("url", &self.url).finish_non_exhaustive()
    }
}

async fn respond(State(ledger): State<Arc<Mutex<Ledger>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, MOST_BYTES)).await {
        Ok(Ok(body)) => body,
        _ => return problem::unreadable(MOST_BYTES),
    };
    let headers = parts.headers.iter().filter_map(|(name, value)| {
        // What is no text is no parameter of anything.
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    let ask = Ask {
        method: parts.method.to_string(),
        url: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        headers: headers.collect(),
        body: (!body.is_empty()).then(|| body.to_vec()),
    };
    ledger.lock().unwrap_or_else(PoisonError::into_inner).answer(ask)
}
