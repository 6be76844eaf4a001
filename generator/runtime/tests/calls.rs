//! Requests as they arrive at a server, and answers as they arrive at the caller.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method as ServerMethod, StatusCode as ServerStatus, Uri};
use axum::response::{IntoResponse, Response as ServerResponse};
use driftline_runtime::http::Method;
use driftline_runtime::{
    Call, Credential, Error, FilePart, Form, HttpClient, HttpClientBuilder, Placement, Style, TransportError,
};
use serde_json::{Value, json};

/// What arrived.
#[derive(Debug, Clone, Default)]
struct Arrived {
    method: String,
    target: String,
    headers: HeaderMap,
    body: String,
}

type Seen = Arc<Mutex<Vec<Arrived>>>;

/// Starts a server that notes every request and gives one answer. It dies with the test's runtime.
async fn server(answer: impl Fn() -> ServerResponse + Clone + Send + Sync + 'static) -> (String, Seen) {
    let seen = Seen::default();
    let note =
        move |State(seen): State<Seen>, method: ServerMethod, uri: Uri, headers: HeaderMap, body: Bytes| {
            let answer = answer.clone();
            async move {
                let body = String::from_utf8_lossy(&body).into_owned();
                let target = uri.to_string();
                seen.lock().unwrap().push(Arrived { method: method.to_string(), target, headers, body });
                answer()
            }
        };
    let router = Router::new().fallback(note).with_state(Arc::clone(&seen));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/base", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, seen)
}

async fn echo() -> (HttpClient, Seen) {
    let (url, seen) = server(|| "{}".into_response()).await;
    (builder(&url).build().unwrap(), seen)
}

fn builder(url: &str) -> HttpClientBuilder {
    HttpClient::builder(url, "test/1").timeout(Duration::from_secs(10))
}

fn call(method: Method, path: &'static str, security: &'static [&'static [&'static str]]) -> &'static Call {
    Box::leak(Box::new(Call { operation: "test", method, path, security, repeatable: true }))
}

fn last(seen: &Seen) -> Arrived {
    seen.lock().unwrap().last().cloned().expect("a request has arrived")
}

#[tokio::test]
async fn every_style_is_written_as_the_standard_says() {
    let (client, seen) = echo().await;
    let (list, object) = (json!(["blue", "black", "a b&c"]), json!({"R": 100, "G": 200}));
    // OpenAPI 3.0.4, "Style Examples"; what a delimiter is not is percent-encoded.
    let deep = json!({"a": {"b": [1, {"c": true}]}, "d": null});
    let queries: [(Style, &Value, &str); 13] = [
        (Style::Form, &list, "color=blue%2Cblack%2Ca%20b%26c"),
        (Style::FormExploded, &list, "color=blue&color=black&color=a%20b%26c"),
        (Style::Form, &object, "color=R%2C100%2CG%2C200"),
        (Style::FormExploded, &object, "R=100&G=200"),
        (Style::SpaceDelimited, &list, "color=blue%20black%20a%20b%26c"),
        (Style::PipeDelimited, &list, "color=blue%7Cblack%7Ca%20b%26c"),
        (Style::DeepObject, &object, "color%5BR%5D=100&color%5BG%5D=200"),
        (
            Style::DeepObject,
            &deep,
            "color%5Ba%5D%5Bb%5D%5B0%5D=1&color%5Ba%5D%5Bb%5D%5B1%5D%5Bc%5D=true&color%5Bd%5D=",
        ),
        (Style::DeepObject, &json!(["x", "y"]), "color%5B0%5D=x&color%5B1%5D=y"),
        (Style::Json, &object, "color=%7B%22R%22%3A100%2C%22G%22%3A200%7D"),
        (Style::FormExploded, &json!("x=1&y"), "color=x%3D1%26y"),
        (Style::FormExploded, &json!(true), "color=true"),
        (Style::FormExploded, &json!(""), "color="),
    ];
    for (style, value, expected) in queries {
        let mut request = client.request(call(Method::GET, "/things", &[]));
        request.query("color", style, value);
        request.send().await.unwrap();
        assert_eq!(last(&seen).target, format!("/base/things?{expected}"), "{style:?}");
    }
    let paths: [(Style, &Value, &str); 8] = [
        (Style::Simple, &json!("a/b?c#d%"), "a%2Fb%3Fc%23d%25"),
        (Style::Simple, &list, "blue,black,a%20b%26c"),
        (Style::Simple, &object, "R,100,G,200"),
        (Style::SimpleExploded, &object, "R=100,G=200"),
        (Style::Label, &list, ".blue,black,a%20b%26c"),
        (Style::LabelExploded, &object, ".R=100.G=200"),
        (Style::Matrix, &json!("blue"), ";color=blue"),
        (Style::MatrixExploded, &list, ";color=blue;color=black;color=a%20b%26c"),
    ];
    for (style, value, expected) in paths {
        let mut request = client.request(call(Method::GET, "/things/{color}/x", &[]));
        request.path("color", style, value);
        request.send().await.unwrap();
        assert_eq!(last(&seen).target, format!("/base/things/{expected}/x"), "{style:?}");
    }
}

#[tokio::test]
async fn parts_of_a_form_are_written_in_their_style_or_as_their_media_type() {
    let (client, seen) = echo().await;
    let form = || {
        Form::new()
            .styled_field("card", Style::DeepObject, Some(&json!({"n": "1", "l": [2]})))
            .styled_field("tags", Style::Form, Some(&["a", "b"]))
            .styled_field("none", Style::Form, None::<&i64>)
            .typed_field("about", "application/json", Some(&["x"]))
            .typed_field("note", "text/markdown", Some(&"# n"))
            .typed_field("none", "text/plain", None::<&i64>)
    };
    let mut request = client.request(call(Method::POST, "/forms", &[]));
    request.urlencoded(form());
    request.send().await.unwrap();
    assert_eq!(
        last(&seen).body,
        "card%5Bn%5D=1&card%5Bl%5D%5B0%5D=2&tags=a%2Cb&about=%5B%22x%22%5D&note=%23+n"
    );
    let mut request = client.request(call(Method::POST, "/forms", &[]));
    let file = |part: FilePart| part.or_content_type("image/png");
    request.multipart(
        form()
            .file("a", file(FilePart::new("a")))
            .file("b", file(FilePart::new("b").content_type("image/gif"))),
    );
    request.send().await.unwrap();
    let body = last(&seen).body.replace("\r\n", "\n").to_ascii_lowercase();
    for part in [
        "name=\"card[l][0]\"\n\n2\n",
        "name=\"about\"\ncontent-type: application/json\n\n[\"x\"]\n",
        "name=\"note\"\ncontent-type: text/markdown\n\n# n\n",
        "name=\"a\"\ncontent-type: image/png\n",
        "name=\"b\"\ncontent-type: image/gif\n",
    ] {
        assert!(body.contains(part), "{part} in {body}");
    }
}

#[tokio::test]
async fn headers_cookies_and_bodies_arrive() {
    let (client, seen) = echo().await;
    let mut request = client.request(call(Method::POST, "/things", &[]));
    request.header("X-Trace", Style::Simple, &json!(["a", "b"]));
    request.cookie("session", Style::FormExploded, &"s 1");
    request.query("n", Style::FormExploded, &1);
    request.query("n", Style::FormExploded, &2);
    request.json("application/vnd.thing+json", &json!({"a": 1}));
    request.send().await.unwrap();
    let arrived = last(&seen);
    assert_eq!((arrived.method.as_str(), arrived.target.as_str()), ("POST", "/base/things?n=2"));
    assert_eq!(arrived.headers["x-trace"], "a,b");
    assert_eq!(arrived.headers["cookie"], "session=s%201");
    assert_eq!(arrived.headers["content-type"], "application/vnd.thing+json");
    assert_eq!(arrived.headers["user-agent"], "test/1");
    assert_eq!(arrived.body, r#"{"a":1}"#);

    let form = || {
        Form::new()
            .field("kind", &"a&b")
            .field("tags", &["x", "y"])
            .field("crop", &json!({"x": 1}))
            .optional_field::<String>("none", None)
    };
    let mut request = client.request(call(Method::POST, "/things", &[]));
    request.urlencoded(form());
    request.send().await.unwrap();
    assert_eq!(last(&seen).body, "kind=a%26b&tags=x&tags=y&crop=%7B%22x%22%3A1%7D");

    let mut request = client.request(call(Method::POST, "/things", &[]));
    let file = FilePart::new(&b"%PDF"[..]).file_name("o\"f.pdf").content_type("application/pdf");
    request.multipart(form().file("file", file));
    request.send().await.unwrap();
    let arrived = last(&seen);
    assert!(arrived.headers["content-type"].to_str().unwrap().starts_with("multipart/form-data; boundary="));
    for part in [
        "name=\"kind\"\r\n\r\na&b",
        "name=\"tags\"\r\n\r\nx",
        "name=\"tags\"\r\n\r\ny",
        "application/json",
        "application/pdf",
        "%PDF",
    ] {
        assert!(arrived.body.contains(part), "{part:?} in {}", arrived.body);
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_it_is() {
    let (client, seen) = echo().await;
    for value in ["", ".", ".."] {
        let mut request = client.request(call(Method::GET, "/things/{id}", &[]));
        request.path("id", Style::Simple, &value);
        let error = request.send().await.unwrap_err();
        assert!(matches!(error, TransportError::Request(_)), "{value:?}: {error}");
    }
    let mut request = client.request(call(Method::GET, "/things", &[]));
    request.header("X-Trace", Style::Simple, &"line\r\nX-Injected: yes");
    assert!(matches!(request.send().await, Err(TransportError::Request(_))));
    let mut request = client.request(call(Method::POST, "/things", &[]));
    request.multipart(Form::new().file("file", FilePart::new(&b""[..]).content_type("nonsense")));
    assert!(matches!(request.send().await, Err(TransportError::Request(_))));
    assert!(matches!(
        client.request(call(Method::GET, "/{unset}", &[])).send().await,
        Err(TransportError::Request(_))
    ));
    assert!(seen.lock().unwrap().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn credentials_go_where_the_scheme_says_and_only_where_asked() {
    let (url, seen) = server(|| "{}".into_response()).await;
    let client = builder(&url)
        .credential("key", Placement::Header("x-api-key"), Credential::from("k"))
        .credential("query", Placement::Query("key"), Credential::from("q&"))
        .credential("cookie", Placement::Cookie("sid"), Credential::from("c"))
        .credential("bearer", Placement::Bearer, Credential::from("t"))
        .basic("basic", "user".into(), "password".into())
        .build()
        .unwrap();
    let send = async |security: &'static [&'static [&'static str]]| {
        client.request(call(Method::GET, "/", security)).send().await.unwrap();
        last(&seen)
    };
    assert_eq!(send(&[&["key"]]).await.headers["x-api-key"], "k");
    assert_eq!(send(&[&["query"]]).await.target, "/base/?key=q%26");
    assert_eq!(send(&[&["cookie"]]).await.headers["cookie"], "sid=c");
    assert_eq!(send(&[&["bearer"]]).await.headers["authorization"], "Bearer t");
    assert_eq!(send(&[&["basic"]]).await.headers["authorization"], "Basic dXNlcjpwYXNzd29yZA==");
    let both = send(&[&["unknown"], &["key", "bearer"]]).await;
    assert!(both.headers.contains_key("x-api-key") && both.headers.contains_key("authorization"));
    let none = send(&[]).await;
    assert!(!none.headers.contains_key("x-api-key") && !none.headers.contains_key("authorization"));
    let shown = format!("{client:?} {:?}", client.request(call(Method::GET, "/", &[&["key"]])));
    assert!(!shown.contains("password") && !shown.contains("q&"), "{shown}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (elsewhere, other) = server(|| "{}".into_response()).await;
    let (url, _) =
        server(move || (ServerStatus::FOUND, [("location", elsewhere.clone())]).into_response()).await;
    let client = builder(&url).credential("key", Placement::Bearer, Credential::from("t")).build().unwrap();
    let answer = client.request(call(Method::GET, "/", &[&["key"]])).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    assert!(other.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_an_error() {
    let (url, _) = server(|| "x".repeat(5000).into_response()).await;
    let client = builder(&url).max_response_bytes(4999).build().unwrap();
    let error = client.request(call(Method::GET, "/", &[])).send().await.unwrap_err();
    assert!(matches!(error, TransportError::TooLarge { limit: 4999 }), "{error}");
    let client = builder(&url).max_response_bytes(5000).build().unwrap();
    assert!(client.request(call(Method::GET, "/", &[])).send().await.is_ok());
}

#[tokio::test]
async fn a_hung_server_times_out_and_a_closed_port_does_not_connect() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = HttpClient::builder(&url, "test").timeout(Duration::from_millis(100)).build().unwrap();
    let error = client.request(call(Method::GET, "/", &[])).send().await.unwrap_err();
    assert!(matches!(error, TransportError::Timeout(_)), "{error}");
    drop(listener);
    let client = builder(&url).build().unwrap();
    let error = client.request(call(Method::GET, "/", &[])).send().await.unwrap_err();
    assert!(matches!(error, TransportError::Connect(_)), "{error}");
}

#[tokio::test]
async fn errors_show_status_and_place_and_never_the_body() {
    let (url, _) = server(|| (ServerStatus::OK, r#"{"ssn":"900-00-0001"}"#).into_response()).await;
    let client = builder(&url).build().unwrap();
    let answer = async || client.request(call(Method::GET, "/", &[])).send().await.unwrap();
    let error: Error<String> = answer().await.undocumented();
    assert!(!format!("{error} {error:?}").contains("900-00"), "{error:?}");
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Person {
        ssn: i64,
    }
    let error: Error<String> = answer().await.json::<Person, _>().unwrap_err();
    assert_eq!(error.status().unwrap(), 200);
    assert!(format!("{error}").contains("expected an integer, found a string at /ssn"), "{error}");
    assert!(!format!("{error} {error:?}").contains("900-00"), "{error:?}");

    let (url, _) =
        server(|| (ServerStatus::OK, [("content-type", "text/html")], "<html>").into_response()).await;
    let client = builder(&url).build().unwrap();
    let error: Error<String> =
        client.request(call(Method::GET, "/", &[])).send().await.unwrap().json::<Value, _>().unwrap_err();
    assert!(format!("{error}").contains("text/html"), "{error}");
}

#[test]
fn a_base_url_that_is_none_is_refused_without_its_password() {
    for url in [
        "",
        "example.com",
        "ftp://example.com",
        "https://user:secret@example.com",
        "https://example.com/?a=1",
    ] {
        let error = HttpClient::builder(url, "test").build().unwrap_err().to_string();
        assert!(error.contains("base URL") && !error.contains("secret"), "{url}: {error}");
    }
    let error =
        builder("https://example.com").credential("key", Placement::Bearer, Credential::from("a\nb")).build();
    assert!(error.unwrap_err().to_string().contains("`key`"));
}
