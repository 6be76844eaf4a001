//! What generated clients send: a table of calls and of the exact requests that arrive.
//!
//! Every operation of every API has a row, which a test sees to.
#![cfg(feature = "endpoints")]
#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use driftline_apis::{Content, FormField, Outcome, Parts};
use driftline_specs::{Contract, Operation};

/// Requests as they arrived: a line with method and target, a line a header, an empty line, the body.
type Arrived = Arc<Mutex<Vec<String>>>;

/// Headers that say nothing of the operation.
const USUAL: [&str; 4] = ["accept", "content-length", "host", "user-agent"];

async fn note(
    State(arrived): State<Arrived>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let mut text = format!("{method} {uri}\n");
    let mut headers: Vec<_> = headers.iter().filter(|(name, _)| !USUAL.contains(&name.as_str())).collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
    }
    if !body.is_empty() {
        text.push_str(&format!("\n{}", String::from_utf8_lossy(&body)));
    }
    // The boundary of parts is random.
    if let Some((_, boundary)) = text.clone().split_once("boundary=") {
        let boundary = boundary.split('\n').next().unwrap_or_default();
        text = text.replace(boundary, "BOUNDARY").replace("\r\n", "\n");
    }
    arrived.lock().unwrap().push(text.trim_end().to_owned());
    StatusCode::IM_A_TEAPOT
}

async fn server() -> (String, Arrived) {
    let arrived = Arrived::default();
    let router = Router::new().fallback(note).with_state(Arc::clone(&arrived));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, arrived)
}

/// Sends each request, and compares what arrives with what is written beside it.
macro_rules! requests {
    ($arrived:ident; $($call:expr => $expected:expr;)*) => {{
        $(
            let error = $call.send().await.expect_err("a teapot is documented nowhere");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(418), "{error}");
            let arrived = $arrived.lock().unwrap().last().cloned().unwrap();
            assert_eq!(arrived, $expected.trim(), "{}", stringify!($call));
        )*
        let arrived = $arrived.lock().unwrap().clone();
        assert_eq!(arrived.len(), [$(stringify!($call)),*].len(), "each call is one request");
        arrived
    }};
}

fn contract(api: &str) -> Contract {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs").join(api);
    Contract::load(&folder.join("openapi.yaml"), &[folder.join("overlay.yaml")]).unwrap()
}

/// The operation of a contract that a request is for.
fn operation_of<'c>(contract: &'c Contract, request: &str) -> Option<&'c Operation> {
    let is_of = |template: &str, path: &str| {
        let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        template.len() == path.len()
            && template.iter().zip(&path).all(|(part, own)| part.starts_with('{') || part == own)
    };
    let (method, rest) = request.split_once(' ')?;
    let path = rest.split(['?', '\n']).next()?;
    let own = contract.operations().iter().filter(|it| it.method.as_str() == method && is_of(&it.path, path));
    // A path without parameters goes before one with them.
    own.min_by_key(|it| it.path.matches('{').count())
}

/// Fails when an operation of a contract is not among the requests.
fn every_operation(api: &str, arrived: &[String]) {
    let contract = contract(api);
    let sent = arrived.iter().filter_map(|request| operation_of(&contract, request));
    let sent: BTreeSet<&str> = sent.map(|operation| operation.id.as_str()).collect();
    let all: BTreeSet<&str> = contract.operations().iter().map(|it| it.id.as_str()).collect();
    assert_eq!(sent, all);
}

/// Takes every request apart and makes it again through the registry: the same arrives, but for the credential.
async fn the_same_by_its_parts(api: &str, url: &str, requests: &[String], arrived: &Arrived) {
    let caller = (driftline_apis::calls(api).unwrap().connect)(url).unwrap();
    let contract = contract(api);
    for request in requests {
        let operation = operation_of(&contract, request).unwrap();
        let outcome = caller.call(&operation.id, parts(&operation.path, request)).unwrap().await;
        assert_eq!(outcome, Outcome::Undocumented { status: 418 });
        let again = arrived.lock().unwrap().last().cloned().unwrap();
        let without_credential: Vec<_> = request
            .split('\n')
            .filter(|line| !line.starts_with("authorization: ") && !line.starts_with("x-api-key: "))
            .collect();
        assert_eq!(again, without_credential.join("\n"));
    }
}

/// What a request that arrived is made of.
fn parts(template: &str, request: &str) -> Parts {
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let target = head.lines().next().unwrap().split_once(' ').unwrap().1;
    let url = url::Url::parse(&format!("http://it{target}")).unwrap();
    let segments = template.split('/').zip(url.path().split('/'));
    let path = segments.filter_map(|(name, value)| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        Some((
            name.to_owned(),
            percent_encoding::percent_decode_str(value).decode_utf8().unwrap().into_owned(),
        ))
    });
    let media_type = head.lines().find_map(|line| line.strip_prefix("content-type: "));
    let body = media_type.map(|media_type| match media_type.split_once("boundary=") {
        None => Content::Octets { media_type: media_type.to_owned(), bytes: body.as_bytes().to_vec() },
        Some(_) => Content::Form { media_type: media_type.to_owned(), fields: fields(body) },
    });
    Parts { path: path.collect(), query: url.query_pairs().into_owned().collect(), body, ..Parts::default() }
}

/// The fields of a form whose boundary and line breaks were made readable.
fn fields(body: &str) -> Vec<FormField> {
    let parts = body.split("--BOUNDARY").filter(|part| part.starts_with('\n'));
    parts
        .map(|part| {
            let (head, content) = part.trim_start().split_once("\n\n").unwrap();
            let named = |name: &str| {
                let rest = head.split_once(&format!("{name}=\""))?.1.replace("\\\"", "\u{0}");
                Some(rest.split('"').next()?.replace('\u{0}', "\""))
            };
            FormField {
                name: named(" name").unwrap(),
                file_name: named("filename"),
                media_type: head.split_once("Content-Type: ").map(|(_, it)| it.to_owned()),
                content: content.trim_end().as_bytes().to_vec(),
            }
        })
        .collect()
}

#[tokio::test]
async fn clasp() {
    use clasp::models::{GroupConnectionReview, SubmitReviewRequest};
    let (url, noted) = server().await;
    let client = clasp::Client::builder(&url).bearer_token("t-1").build().unwrap();
    let review = SubmitReviewRequest::new().broker_url("https://broker.example.com/?a=1&b=ü");
    let arrived = requests! { noted;
        client.list_connections() => "GET /connections\nauthorization: Bearer t-1";
        client.list_connections().cursor("a b+c/d?e&f=ü%").page_size(50) =>
            "GET /connections?cursor=a%20b%2Bc%2Fd%3Fe%26f%3D%C3%BC%25&page_size=50\nauthorization: Bearer t-1";
        client.list_connections().page_size(50).page_size(7) =>
            "GET /connections?page_size=7\nauthorization: Bearer t-1";
        client.retrieve_connection("con/../1 ü") =>
            "GET /connections/con%2F..%2F1%20%C3%BC\nauthorization: Bearer t-1";
        client.submit_review("con_1") => "POST /connections/con_1/submit_review\nauthorization: Bearer t-1";
        client.submit_review("con_1").body(&review) => concat!(
            "POST /connections/con_1/submit_review\nauthorization: Bearer t-1\ncontent-type: application/json\n\n",
            r#"{"broker_url":"https://broker.example.com/?a=1&b=ü"}"#
        );
        client.submit_review("con_1").body(&SubmitReviewRequest::new().group_connections(vec![GroupConnectionReview::new()])) => concat!(
            "POST /connections/con_1/submit_review\nauthorization: Bearer t-1\ncontent-type: application/json\n\n",
            r#"{"group_connections":[{}]}"#
        );
    };
    every_operation("clasp", &arrived);
    the_same_by_its_parts("clasp", &url, &arrived, &noted).await;
}

#[tokio::test]
async fn onboarding() {
    use onboarding::models::{Broker, GroupRegistration, GroupUpdate, RegistrationState};
    let (url, noted) = server().await;
    let client = onboarding::Client::builder(&url).bearer_token("t-1").build().unwrap();
    let registration = GroupRegistration::new("Ünion \"Co\"", Broker::new("B").email("b@example.com"));
    let arrived = requests! { noted;
        client.register_group(&registration) => concat!(
            "POST /groups\nauthorization: Bearer t-1\ncontent-type: application/json\n\n",
            r#"{"name":"Ünion \"Co\"","broker":{"name":"B","email":"b@example.com"}}"#
        );
        client.list_groups().registration_status(RegistrationState::AwaitingFinalSteps).pending_action("x&y").limit(10).offset(20) =>
            "GET /groups?registration_status=awaiting_final_steps&pending_action=x%26y&limit=10&offset=20\nauthorization: Bearer t-1";
        client.get_group("g1") => "GET /groups/g1\nauthorization: Bearer t-1";
        client.update_group("g1", &GroupUpdate::new().fein("123456789")) =>
            "PATCH /groups/g1\nauthorization: Bearer t-1\ncontent-type: application/json\n\n{\"fein\":\"123456789\"}";
        client.get_registration_status("g1") => "GET /groups/g1/registration_status\nauthorization: Bearer t-1";
        client.get_group_summary("g1") => "GET /groups/g1/summary\nauthorization: Bearer t-1";
        client.get_integration_status("g1") => "GET /groups/g1/integration_status\nauthorization: Bearer t-1";
    };
    every_operation("onboarding", &arrived);
    the_same_by_its_parts("onboarding", &url, &arrived, &noted).await;
}

#[tokio::test]
async fn enrollconnect() {
    use enrollconnect::models::{
        Address, Applicants, ApplicationCreateRequest, Gender, PolicyStatus, PrimaryApplicant,
        UploadSupportingDocumentationForm,
    };
    use enrollconnect::{Date, DateTime, FilePart, Sensitive};
    let (url, noted) = server().await;
    let client = enrollconnect::Client::builder(&url).api_key("k-1").build().unwrap();
    let birth: Date = "1990-02-28".parse().unwrap();
    let primary = PrimaryApplicant::new("Ada", "Example", Sensitive::new(birth), Gender::Female);
    let application = ApplicationCreateRequest::new(
        "12345TX0010001",
        2026,
        Applicants::new(primary),
        Address::new("1 Main St", "Austin", "TX", "78701"),
    );
    let written = concat!(
        r#"{"plan_hios_id":"12345TX0010001","plan_year":2026,"applicants":{"primary":{"first_name":"Ada","#,
        r#""last_name":"Example","date_of_birth":"1990-02-28","gender":"female"}},"residential_address":"#,
        r#"{"street_address_1":"1 Main St","city":"Austin","state":"TX","zip_code":"78701"}}"#
    );
    let since: DateTime = "2026-01-31T23:59:59.5+01:00".parse().unwrap();
    let document = UploadSupportingDocumentationForm::new(
        FilePart::new("%PDF-1").file_name("proof \"1\".pdf").content_type("application/pdf"),
    );
    let arrived = requests! { noted;
        client.create_application(&application) =>
            format!("POST /api/v1/applications\ncontent-type: application/json\nx-api-key: k-1\n\n{written}");
        client.list_applications().policy_status(PolicyStatus::Draft).external_id("a,b").plan_year(2026)
            .issuer_hios_id("12345").plan_hios_id("12345TX0010001").employer_external_id("e 1")
            .updated_since(since).limit(50).offset(100) => concat!(
            "GET /api/v1/applications?policy_status=draft&external_id=a%2Cb&plan_year=2026&issuer_hios_id=12345",
            "&plan_hios_id=12345TX0010001&employer_external_id=e%201",
            "&updated_since=2026-01-31T23%3A59%3A59.5%2B01%3A00&limit=50&offset=100\nx-api-key: k-1"
        );
        client.get_application("app_1") => "GET /api/v1/applications/app_1\nx-api-key: k-1";
        client.update_application("app_1", &application) =>
            format!("PUT /api/v1/applications/app_1\ncontent-type: application/json\nx-api-key: k-1\n\n{written}");
        client.submit_application("app_1") => "POST /api/v1/applications/app_1/submit\nx-api-key: k-1";
        client.cancel_application("app_1") => "POST /api/v1/applications/app_1/cancel\nx-api-key: k-1";
        client.terminate_application("app_1") => "POST /api/v1/applications/app_1/terminate\nx-api-key: k-1";
        client.get_payment_redirect("app_1") => "GET /api/v1/applications/app_1/payment_redirect\nx-api-key: k-1";
        client.upload_supporting_documentation("app_1", document) => concat!(
            "POST /api/v1/applications/app_1/supporting_documentation\n",
            "content-type: multipart/form-data; boundary=BOUNDARY\nx-api-key: k-1\n\n",
            "--BOUNDARY\nContent-Disposition: form-data; name=\"file\"; filename=\"proof \\\"1\\\".pdf\"\n",
            "Content-Type: application/pdf\n\n%PDF-1\n",
            "--BOUNDARY\nContent-Disposition: form-data; name=\"document_type\"\n\nsep\n--BOUNDARY--"
        );
    };
    every_operation("enrollconnect", &arrived);
    the_same_by_its_parts("enrollconnect", &url, &arrived, &noted).await;
}
