//! Walking through lists against a server that pages in every style, and in some wrong ways.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use driftline_runtime::http::Method;
use driftline_runtime::private::{Paging, Walk, text_of};
use driftline_runtime::serde_json::{Value, json};
use driftline_runtime::{
    Answer, Body, Call, Error, HttpClient, PageToken, Pages, PaginationError, Request, Response, Style,
};
use futures_util::FutureExt as _;

/// How many items the list has.
const ALL: u64 = 7;

type Seen = Arc<Mutex<Vec<String>>>;
type Parameters = HashMap<String, String>;

fn number(parameters: &Parameters, name: &str, otherwise: u64) -> u64 {
    parameters.get(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn slice(skip: u64, limit: u64) -> Vec<Value> {
    (skip.min(ALL)..(skip + limit).min(ALL)).map(|id| json!({ "id": id })).collect()
}

async fn offset(State(seen): State<Seen>, Query(parameters): Query<Parameters>) -> Json<Value> {
    let skip = number(&parameters, "offset", 0);
    seen.lock().unwrap().push(format!("offset {skip}"));
    // It gives no more than three, whatever it is asked for, and its total counts the page.
    let items = slice(skip, number(&parameters, "limit", 3).min(3));
    let total = match parameters.get("total").map(String::as_str) {
        Some("true") => Some(ALL),
        Some("page") => Some(items.len() as u64),
        _ => None,
    };
    Json(json!({ "items": items, "total": total }))
}

async fn numbered(State(seen): State<Seen>, Query(parameters): Query<Parameters>) -> Json<Value> {
    let page = number(&parameters, "page", 1);
    seen.lock().unwrap().push(format!("page {page}"));
    Json(json!({ "items": slice((page - 1) * 3, 3) }))
}

async fn cursor(Query(parameters): Query<Parameters>) -> Json<Value> {
    let skip = number(&parameters, "cursor", 0);
    let next = match parameters.get("kind").map(String::as_str) {
        Some("loop") => json!(if skip == 0 { "3" } else { "0" }),
        Some("url") if skip + 3 < ALL => {
            json!(format!("https://elsewhere.example/?kind=url&cursor={}", skip + 3))
        }
        Some("text") if skip + 3 < ALL => json!((skip + 3).to_string()),
        Some("number") if skip + 3 < ALL => json!(skip + 3),
        Some("empty") => json!(""),
        _ => Value::Null,
    };
    Json(json!({ "items": slice(skip, 3), "next": next }))
}

async fn url(headers: HeaderMap, Query(parameters): Query<Parameters>) -> Json<Value> {
    assert_eq!(headers["x-mine"], "1");
    let skip = number(&parameters, "skip", 0);
    let next = match parameters.get("to").map(String::as_str) {
        Some("elsewhere") => json!("http://elsewhere.example/url?skip=3"),
        Some("malformed") => json!("http://[oops"),
        _ if skip + 3 < ALL => json!(format!("/url?skip={}", skip + 3)),
        _ => Value::Null,
    };
    Json(json!({ "items": slice(skip, 3), "next": next }))
}

async fn link(Query(parameters): Query<Parameters>) -> (HeaderMap, Json<Value>) {
    let skip = number(&parameters, "skip", 0);
    let mut headers = HeaderMap::new();
    if skip + 3 < ALL {
        let field = format!("</link>; rel=\"first\", </link?skip={}>; rel=\"next\"", skip + 3);
        headers.insert("link", field.parse().unwrap());
    }
    (headers, Json(json!({ "items": slice(skip, 3) })))
}

/// It has one page, and gives it for ever.
async fn stuck() -> Json<Value> {
    Json(json!({ "items": slice(0, 3) }))
}

async fn serve() -> (HttpClient, Seen) {
    let seen = Seen::default();
    let app = Router::new()
        .route("/offset", get(offset))
        .route("/page", get(numbered))
        .route("/cursor", get(cursor))
        .route("/url", get(url))
        .route("/link", get(link))
        .route("/stuck", get(stuck))
        .with_state(Arc::clone(&seen));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (HttpClient::builder(base_url, "test").build().unwrap(), seen)
}

fn request<'a>(
    client: &'a HttpClient,
    path: &'static str,
    parameters: &[(&'static str, &str)],
) -> Request<'a> {
    let call = Call { operation: "list", method: Method::GET, path, security: &[], repeatable: true };
    let mut request = client.request(Box::leak(Box::new(call)));
    for (name, value) in parameters {
        request.query(name, Style::FormExploded, value);
    }
    request
}

fn read(answer: Answer) -> Result<Response<Value>, Error<Body>> {
    match answer.status() {
        200 => answer.json(),
        _ => Err(answer.undocumented()),
    }
}

fn pages(request: Request<'_>, paging: Paging) -> Pages<'_, Value, Value, Body> {
    Pages::new(
        request,
        Walk {
            paging,
            read,
            items: |page| page.get_mut("items")?.as_array_mut(),
            next: |page| page.get("next").and_then(text_of),
            total: |page| page.get("total").and_then(text_of),
        },
    )
}

/// The identifiers of all items, and what the walk ended with.
async fn walk(pages: Pages<'_, Value, Value, Body>) -> (Vec<u64>, Option<Error<Body>>) {
    let mut items = pages.items();
    let mut found = Vec::new();
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => found.push(item["id"].as_u64().unwrap()),
            Err(error) => {
                assert!(items.next().await.is_none(), "an error is the last thing");
                return (found, Some(error));
            }
        }
    }
    (found, None)
}

fn everything() -> Vec<u64> {
    (0..ALL).collect()
}

const OFFSET: Paging = Paging::Offset("offset", Some("limit"), Some(3));

#[tokio::test]
async fn a_list_by_offset_ends_on_a_short_page() {
    let (client, seen) = serve().await;
    let (found, error) = walk(pages(request(&client, "/offset", &[]), OFFSET)).await;
    assert_eq!(found, everything());
    assert!(error.is_none());
    assert_eq!(*seen.lock().unwrap(), ["offset 0", "offset 3", "offset 6"]);
}

#[tokio::test]
async fn a_total_that_counts_the_page_hides_nothing() {
    let (client, _) = serve().await;
    let (found, _) = walk(pages(request(&client, "/offset", &[("total", "page")]), OFFSET)).await;
    assert_eq!(found, everything());
}

#[tokio::test]
async fn a_server_that_gives_less_than_it_is_asked_for_is_asked_on_while_the_total_says_so() {
    let (client, _) = serve().await;
    let asked = [("limit", "100"), ("total", "true")];
    let (found, _) = walk(pages(request(&client, "/offset", &asked), OFFSET)).await;
    assert_eq!(found, everything());
}

#[tokio::test]
async fn a_list_starts_where_the_request_says() {
    let (client, seen) = serve().await;
    let (found, _) = walk(pages(request(&client, "/offset", &[("offset", "4")]), OFFSET)).await;
    assert_eq!(found, [4, 5, 6]);
    assert_eq!(*seen.lock().unwrap(), ["offset 4", "offset 7"]);
}

#[tokio::test]
async fn a_list_by_number_ends_on_an_empty_page_where_the_size_is_not_known() {
    let (client, seen) = serve().await;
    let (found, _) = walk(pages(request(&client, "/page", &[]), Paging::Page("page", 1, None, None))).await;
    assert_eq!(found, everything());
    assert_eq!(*seen.lock().unwrap(), ["page 1", "page 2", "page 3", "page 4"]);
}

#[tokio::test]
async fn a_cursor_may_be_a_text_a_number_or_a_part_of_a_url() {
    let (client, _) = serve().await;
    for kind in ["text", "number", "url"] {
        let (found, error) =
            walk(pages(request(&client, "/cursor", &[("kind", kind)]), Paging::Cursor("cursor"))).await;
        assert_eq!(found, everything(), "{kind}");
        assert!(error.is_none());
    }
    for kind in ["empty", "none"] {
        let (found, _) =
            walk(pages(request(&client, "/cursor", &[("kind", kind)]), Paging::Cursor("cursor"))).await;
        assert_eq!(found, [0, 1, 2], "{kind}");
    }
}

#[tokio::test]
async fn a_cursor_that_comes_again_is_an_error() {
    let (client, _) = serve().await;
    let (found, error) =
        walk(pages(request(&client, "/cursor", &[("kind", "loop")]), Paging::Cursor("cursor"))).await;
    assert!(found.len() < 12, "{found:?}");
    assert!(matches!(error, Some(Error::Pagination(PaginationError::Repeated))), "{error:?}");
}

#[tokio::test]
async fn a_page_that_comes_again_is_an_error() {
    let (client, _) = serve().await;
    let (found, error) = walk(pages(request(&client, "/stuck", &[]), OFFSET)).await;
    assert_eq!(found, [0, 1, 2]);
    assert!(matches!(error, Some(Error::Pagination(PaginationError::Repeated))), "{error:?}");
}

#[tokio::test]
async fn links_are_followed_on_the_own_host_only() {
    let (client, _) = serve().await;
    let mine = |parameters| {
        let mut request = request(&client, "/url", parameters);
        request.header("x-mine", Style::Simple, &1);
        pages(request, Paging::Url)
    };
    assert_eq!(walk(mine(&[])).await.0, everything());
    let (found, error) = walk(mine(&[("to", "elsewhere")])).await;
    assert_eq!(found, [] as [u64; 0]);
    let expected = PaginationError::OtherHost { host: "elsewhere.example".to_owned() };
    assert!(matches!(error, Some(Error::Pagination(error)) if error == expected));
    let (_, error) = walk(mine(&[("to", "malformed")])).await;
    assert!(matches!(error, Some(Error::Pagination(PaginationError::Url))), "{error:?}");
    let (found, _) = walk(pages(request(&client, "/link", &[]), Paging::Link)).await;
    assert_eq!(found, everything());
}

#[tokio::test]
async fn a_list_goes_on_from_a_token() {
    let (client, _) = serve().await;
    for (path, paging) in
        [("/offset", OFFSET), ("/page", Paging::Page("page", 1, None, None)), ("/link", Paging::Link)]
    {
        let mut first = pages(request(&client, path, &[]), paging).max_pages(1);
        let token = first.next().await.unwrap().unwrap().next.unwrap().to_string();
        assert!(first.next().await.is_none());
        let token: PageToken = token.parse().unwrap();
        let (found, error) = walk(pages(request(&client, path, &[]), paging).resume(token)).await;
        assert_eq!(found, [3, 4, 5, 6], "{path}");
        assert!(error.is_none());
    }
    for wrong in ["", "offset", "offset:-1", "page:x", "place:1"] {
        assert_eq!(wrong.parse::<PageToken>(), Err(PaginationError::Token), "{wrong}");
    }
    let foreign: PageToken = "cursor:3".parse().unwrap();
    let (_, error) = walk(pages(request(&client, "/offset", &[]), OFFSET).resume(foreign)).await;
    assert!(matches!(error, Some(Error::Pagination(PaginationError::Token))), "{error:?}");
    let foreign: PageToken = "url:http://elsewhere.example/".parse().unwrap();
    let (_, error) = walk(pages(request(&client, "/link", &[]), Paging::Link).resume(foreign)).await;
    assert!(matches!(error, Some(Error::Pagination(PaginationError::OtherHost { .. }))), "{error:?}");
}

#[tokio::test]
async fn waiting_for_an_item_can_be_given_up_and_taken_up_again() {
    let (client, seen) = serve().await;
    let mut items = pages(request(&client, "/offset", &[]), OFFSET).items();
    // Polled once, so that the request is under way, and dropped. The server runs on the same thread
    // and cannot have answered.
    assert!(items.next().now_or_never().is_none());
    let mut found = Vec::new();
    while let Some(item) = items.next().await {
        found.push(item.unwrap()["id"].as_u64().unwrap());
    }
    assert_eq!(found, everything());
    assert_eq!(*seen.lock().unwrap(), ["offset 0", "offset 3", "offset 6"]);
}
