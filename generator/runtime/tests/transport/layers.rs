//! Middleware around each attempt.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use driftline_runtime::reqwest::{Request, Response};
use driftline_runtime::{HttpService, TransportError};
use futures_util::future::BoxFuture;
use tower::{Layer, Service};

use crate::support::{GET, Server};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Log = Arc<Mutex<Vec<String>>>;

/// Notes each attempt, adds a header, and fails where it is told to.
#[derive(Clone)]
struct Noting {
    name: &'static str,
    log: Log,
    fails: bool,
}

#[derive(Clone)]
struct Noted {
    layer: Noting,
    inner: HttpService,
}

impl Layer<HttpService> for Noting {
    type Service = Noted;

    fn layer(&self, inner: HttpService) -> Noted {
        Noted { layer: self.clone(), inner }
    }
}

impl Service<Request> for Noted {
    type Response = Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let Noting { name, log, fails } = self.layer.clone();
        log.lock().unwrap().push(format!("{name} out"));
        request.headers_mut().append("x-layer", name.parse().unwrap());
        let answer = self.inner.call(request);
        Box::pin(async move {
            if fails {
                return Err("this layer lets nothing through".into());
            }
            let answer = answer.await?;
            log.lock().unwrap().push(format!("{name} {}", answer.status().as_u16()));
            Ok(answer)
        })
    }
}

#[tokio::test]
async fn layers_see_every_attempt_the_first_one_first() {
    let server = Server::answering(vec![(503, vec![], ""), (200, vec![], "{}")]).await;
    let log = Log::default();
    let layer = |name| Noting { name, log: Arc::clone(&log), fails: false };
    let client = server.client().layer(layer("one")).layer(layer("two")).build().unwrap();
    assert_eq!(client.request(GET).send().await.unwrap().status(), 200);
    let attempt = |status: u16| {
        ["one out".to_owned(), "two out".to_owned(), format!("two {status}"), format!("one {status}")]
    };
    assert_eq!(*log.lock().unwrap(), [attempt(503), attempt(200)].concat());
    let arrived = server.arrived();
    let added: Vec<_> = arrived[0].headers.get_all("x-layer").iter().collect();
    assert_eq!(added, ["one", "two"]);
}

#[tokio::test]
async fn what_fails_in_a_layer_is_an_error_of_its_own_and_final() {
    let server = Server::answering(vec![(200, vec![], "{}")]).await;
    let log = Log::default();
    let layer = Noting { name: "one", log: Arc::clone(&log), fails: true };
    let error = server.client().layer(layer).build().unwrap().request(GET).send().await.unwrap_err();
    let TransportError::Layer(source) = &error else { panic!("{error:?}") };
    assert_eq!(source.to_string(), "this layer lets nothing through");
    assert_eq!(log.lock().unwrap().len(), 1);

    // What reqwest says through a layer is what it says without one.
    let layer = Noting { name: "one", log: Log::default(), fails: false };
    let client = crate::support::client("http://127.0.0.1:1").layer(layer).build().unwrap();
    let error = client.request(GET).send().await.unwrap_err();
    assert!(matches!(error, TransportError::Connect(_)), "{error:?}");
}
