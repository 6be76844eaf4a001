//! OAuth 2.0 client credentials.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use driftline_runtime::{ClientCredentials, Credential, HttpClient, TokenError, TransportError};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Arrived, GET, POST, Server};

/// An API with a token endpoint. `token` makes what the endpoint answers of the number of the token request; the
/// API refuses tokens that are in `revoked`.
async fn api(
    token: impl Fn(usize) -> Response + Clone + Send + Sync + 'static,
    revoked: Arc<Mutex<Vec<&'static str>>>,
) -> Server {
    let asked = Arc::new(AtomicUsize::new(0));
    Server::start(move |_, arrived: Arrived| {
        let answer = if arrived.target == "/token" {
            token(asked.fetch_add(1, Ordering::SeqCst))
        } else {
            let authorization = arrived.header("authorization");
            let refused = !authorization.starts_with("Bearer t")
                || revoked.lock().unwrap().contains(&&authorization[7..]);
            if refused { StatusCode::UNAUTHORIZED.into_response() } else { "{}".into_response() }
        };
        async move { answer }
    })
    .await
}

fn granted(number: usize, expires_in: &Value) -> Response {
    let token =
        json!({"access_token": format!("t{number}"), "token_type": "bearer", "expires_in": expires_in});
    token.to_string().into_response()
}

fn client(server: &Server) -> HttpClient {
    let credentials = ClientCredentials::new("/token", "i d", "s&cret").scopes(["read", "write"]);
    server.client().client_credentials("key", credentials).build().unwrap()
}

fn targets(server: &Server) -> Vec<String> {
    server.arrived().into_iter().map(|arrived| arrived.target).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_asked_for_once_and_kept_by_all_clones() {
    let server = api(|number| granted(number, &json!(3600)), Arc::default()).await;
    let client = client(&server);
    let calls = (0..8).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.request(POST).send().await.unwrap().status() })
    });
    assert!(join_all(calls).await.into_iter().all(|status| status.unwrap() == 200));
    let arrived = server.arrived();
    let asked: Vec<_> = arrived.iter().filter(|arrived| arrived.target == "/token").collect();
    assert_eq!((asked.len(), arrived.len()), (1, 9));
    // Id and secret are encoded before they are joined: i+d:s%26cret.
    assert_eq!(asked[0].header("authorization"), "Basic aStkOnMlMjZjcmV0");
    assert_eq!(asked[0].header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(asked[0].body, "grant_type=client_credentials&scope=read+write");
    assert!(
        arrived
            .iter()
            .filter(|one| one.target != "/token")
            .all(|one| one.header("authorization") == "Bearer t0")
    );
}

#[tokio::test]
async fn a_token_at_its_end_is_replaced_before_it_is_used() {
    for (expires_in, tokens) in [(json!(0), 3), (json!("0"), 3), (json!(3600), 1), (Value::Null, 1)] {
        let server = {
            let expires_in = expires_in.clone();
            api(move |number| granted(number, &expires_in), Arc::default()).await
        };
        let client = client(&server);
        for _ in 0..3 {
            assert_eq!(client.request(GET).send().await.unwrap().status(), 200);
        }
        let asked = targets(&server).iter().filter(|target| *target == "/token").count();
        assert_eq!(asked, tokens, "{expires_in}");
    }
    // One that lives for a second is used for nine tenths of it.
    let server = api(|number| granted(number, &json!(1)), Arc::default()).await;
    let client = client(&server);
    client.request(GET).send().await.unwrap();
    client.request(GET).send().await.unwrap();
    tokio::time::sleep(Duration::from_millis(950)).await;
    client.request(GET).send().await.unwrap();
    assert_eq!(server.arrived().last().unwrap().header("authorization"), "Bearer t1");
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once() {
    let revoked = Arc::default();
    let server = api(|number| granted(number, &json!(3600)), Arc::clone(&revoked)).await;
    let client = client(&server);
    assert_eq!(client.request(POST).send().await.unwrap().status(), 200);
    revoked.lock().unwrap().push("t0");
    let mut request = client.request(POST);
    request.json("application/json", &"body");
    assert_eq!(
        request.send().await.unwrap().status(),
        200,
        "nothing was done with a token that is not taken"
    );
    assert_eq!(targets(&server), ["/token", "/things", "/things", "/token", "/things"]);
    assert_eq!(server.arrived()[4].body, "\"body\"");

    revoked.lock().unwrap().extend(["t1", "t2", "t3"]);
    assert_eq!(client.request(GET).send().await.unwrap().status(), 401, "once is enough");
    assert_eq!(targets(&server)[5..], ["/thing", "/token", "/thing"]);
    // The next call does not begin with a token that was refused.
    assert_eq!(client.request(GET).send().await.unwrap().status(), 200);
    assert_eq!(targets(&server)[8..], ["/token", "/thing", "/token", "/thing"]);
}

#[tokio::test]
async fn a_token_endpoint_that_recovers_is_asked_again_whatever_the_operation() {
    let token = |number: usize| match number {
        0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        number => granted(number, &json!(3600)),
    };
    let server = api(token, Arc::default()).await;
    assert_eq!(client(&server).request(POST).send().await.unwrap().status(), 200);
    assert_eq!(targets(&server), ["/token", "/token", "/things"]);
}

#[tokio::test]
async fn what_the_token_endpoint_says_is_told_without_secrets() {
    type Case = (u16, &'static str, &'static str);
    let cases: [Case; 6] = [
        (
            401,
            r#"{"error":"invalid_client","error_description":"no such client"}"#,
            ": invalid_client (no such client)",
        ),
        (400, r#"{"error":"invalid_scope"}"#, ": invalid_scope"),
        (
            400,
            r#"{"error":"bad","error_description":"the secret s&cret of i d is wrong"}"#,
            "answered 400 Bad Request: bad",
        ),
        (500, "<html>s&cret</html>", "answered 500 Internal Server Error"),
        (200, "<html>s&cret</html>", "no token"),
        (200, r#"{"access_token":"t1","token_type":"mac"}"#, "expected token_type `Bearer`"),
    ];
    for (status, body, expected) in cases {
        let token = move |_| (StatusCode::from_u16(status).unwrap(), body).into_response();
        let server = api(token, Arc::default()).await;
        let error = client(&server).request(GET).send().await.unwrap_err();
        assert!(matches!(error, TransportError::Token(_)), "{error:?}");
        let shown = format!("{error} {error:?}");
        assert!(error.to_string().contains(expected), "{expected} in {error}");
        assert!(!shown.contains("cret") && !shown.contains("i d"), "{shown}");
        assert_eq!(targets(&server), ["/token"], "the call was not made, and the token not asked for again");
    }
}

#[tokio::test]
async fn a_token_url_is_checked_and_id_and_secret_go_where_they_are_wanted() {
    let server = api(|number| granted(number, &json!(3600)), Arc::default()).await;
    let absolute = format!("{}/token", server.url);
    let secret = Credential::from("s");
    let credentials = ClientCredentials::new(absolute, "id", secret.clone()).secret_in_body();
    assert!(!format!("{credentials:?}").contains("\"s\""), "{credentials:?}");
    let client = crate::support::client(&format!("{}/base/", server.url));
    let client = client.client_credentials("key", credentials).build().unwrap();
    secret.rotate("rotated");
    assert_eq!(client.request(GET).send().await.unwrap().status(), 200);
    assert_eq!(targets(&server), ["/token", "/base/thing"]);
    let asked = &server.arrived()[0];
    assert_eq!(asked.body, "grant_type=client_credentials&client_id=id&client_secret=rotated");
    assert_eq!(asked.header("authorization"), "");

    let none = ClientCredentials::new("mailto:a@example.com", "id", "s");
    let error = server.client().client_credentials("key", none).build().unwrap_err();
    assert!(error.to_string().contains("token URL"), "{error}");
    let nobody = ClientCredentials::new("http://127.0.0.1:1/token", "id", "s");
    let client = server.client().client_credentials("key", nobody).build().unwrap();
    let error = client.request(GET).send().await.unwrap_err();
    let TransportError::Token(TokenError::Unanswered(source)) = &error else { panic!("{error:?}") };
    assert!(matches!(**source, TransportError::Connect(_)), "{error:?}");
}
