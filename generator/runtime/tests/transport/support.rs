//! A server on a port of its own that answers as it is told, and notes what arrives.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method as ServerMethod, Uri};
use axum::response::{IntoResponse, Response};
use driftline_runtime::http::Method;
use driftline_runtime::{Call, HttpClient, HttpClientBuilder, Retry};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Arrived {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// An answer as it is told: status, headers, body.
pub(crate) type Told = (u16, Vec<(&'static str, &'static str)>, &'static str);

/// A server. It dies with the test's runtime.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) url: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Server {
    /// Starts a server whose answers are made of the number of the request, from 0, and of the request.
    pub(crate) async fn start<F, R>(
        answer: impl Fn(usize, Arrived) -> F + Clone + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = R> + Send + 'static,
        R: IntoResponse,
    {
        let arrived: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let note = move |State(seen): State<Arc<Mutex<Vec<Arrived>>>>,
                         method: ServerMethod,
                         uri: Uri,
                         headers: HeaderMap,
                         body: Bytes| {
            let body = String::from_utf8_lossy(&body).into_owned();
            let one = Arrived { method: method.to_string(), target: uri.to_string(), headers, body };
            let number = {
                let mut seen = seen.lock().unwrap();
                seen.push(one.clone());
                seen.len() - 1
            };
            let answer = answer(number, one);
            async move { answer.await.into_response() }
        };
        let router = Router::new().fallback(note).with_state(Arc::clone(&arrived));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, arrived }
    }

    /// Starts a server that gives these answers one after another, the last one again and again.
    pub(crate) async fn answering(answers: Vec<Told>) -> Self {
        Self::start(move |number, _| {
            let (status, headers, body) = answers[number.min(answers.len() - 1)].clone();
            async move {
                let mut answer = Response::new(body.to_owned());
                *answer.status_mut() = status.try_into().unwrap();
                for (name, value) in headers {
                    answer.headers_mut().insert(name, value.parse().unwrap());
                }
                answer
            }
        })
        .await
    }

    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    /// A builder whose waits are short, so that a test is.
    pub(crate) fn client(&self) -> HttpClientBuilder {
        client(&self.url)
    }
}

pub(crate) fn client(url: &str) -> HttpClientBuilder {
    HttpClient::builder(url, "test/1")
        .timeout(Duration::from_secs(20))
        .retry(Retry::new(2).least_delay(Duration::from_millis(2)))
}

/// Starts a server that answers each connection with raw bytes and closes it, the last ones again and again; where
/// there are none it says nothing and keeps the connection.
pub(crate) async fn raw(answers: Vec<Option<&'static str>>) -> (String, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections: Arc<Mutex<usize>> = Arc::default();
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        let mut kept = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let number = {
                let mut counted = counted.lock().unwrap();
                *counted += 1;
                *counted - 1
            };
            let Some(answer) = answers[number.min(answers.len() - 1)] else {
                kept.push(stream);
                continue;
            };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (url, connections)
}

pub(crate) const GET: &Call = &Call {
    operation: "getThing",
    method: Method::GET,
    path: "/thing",
    security: &[&["key"]],
    repeatable: true,
};
pub(crate) const PUT: &Call = &Call {
    operation: "putThing",
    method: Method::PUT,
    path: "/thing",
    security: &[&["key"]],
    repeatable: true,
};
pub(crate) const POST: &Call = &Call {
    operation: "addThing",
    method: Method::POST,
    path: "/things",
    security: &[&["key"]],
    repeatable: false,
};
