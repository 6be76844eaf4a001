//! Masking: nothing of a person is left anywhere, what fitted the contract still does, and what led on still leads on.

#[path = "support/person.rs"]
mod person;

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use driftline_conformance::masking::Masker;
use driftline_sandbox::Double;
use driftline_specs::recording::{Answer, Ask, Origin, Parts, Respects};
use driftline_specs::{Api, Contract, Direction, Recording};
use person::{Person, bare, encoded, people};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

const CONTRACT: &str = r##"
openapi: 3.0.3
info: {title: People, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /login:
    post:
      operationId: login
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {login_name: {type: string, x-sensitive: true}, password: {type: string, format: password}}}
      responses:
        '200':
          description: In.
          content: {application/json: {schema: {$ref: '#/components/schemas/Session'}}}
  /people:
    post:
      operationId: createPerson
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}
      responses:
        '201':
          description: Made.
          content: {application/json: {schema: {$ref: '#/components/schemas/Created'}}}
  /people/{ssn}:
    get:
      operationId: getPerson
      parameters:
        - {name: ssn, in: path, required: true, schema: {type: string, pattern: '^\d{9}$'}}
        - {name: contact, in: query, schema: {type: string}}
        - {name: X-Person, in: header, schema: {type: string, x-sensitive: true}}
      responses:
        '200':
          description: Found.
          content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}
        default: {description: Wrong., content: {text/plain: {schema: {type: string}}}}
  /people/{id}/documents:
    post:
      operationId: uploadDocument
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties: {last_name: {type: string}, about: {type: object}, file: {type: string, format: binary}}
      responses: {'204': {description: Kept.}}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: k}
    header: {type: apiKey, in: header, name: X-Access}
  schemas:
    Session:
      type: object
      required: [access_token]
      properties: {access_token: {type: string, minLength: 20}, token_type: {type: string}}
    Person:
      type: object
      required: [first_name, last_name, ssn, date_of_birth]
      properties:
        first_name: {type: string, pattern: '^[A-Za-z]+$', maxLength: 12}
        last_name: {type: string, pattern: "^[A-Za-z' -]+$", maxLength: 40}
        ssn: {type: string, pattern: '^\d{3}-\d{2}-\d{4}$'}
        itin: {type: string, pattern: '^9\d{8}$', minLength: 9, maxLength: 9}
        date_of_birth: {type: string, format: date}
        email: {type: string, format: email}
        phone: {type: string, pattern: '^\d{10}$'}
        kind: {type: string, enum: [Smoker, Other]}
        income: {type: integer, minimum: 100, maximum: 99999999, x-sensitive: true}
        code: {type: string, pattern: '^[A-F]{4}-[0-9]{3}$', x-sensitive: true}
        address:
          type: object
          properties: {line1: {type: string}, city: {type: string}, state: {type: string}, zip: {type: string, pattern: '^\d{5}(-\d{4})?$'}}
        notes: {type: object}
        document: {type: string, format: byte}
    Created:
      type: object
      required: [id]
      properties:
        id: {type: string, format: uuid}
        application: {type: object, x-sensitive: true}
        message: {type: string}
"##;

const ID: &str = "0b3a9c1e-8d2f-4f6a-9b1c-2d3e4f5a6b7c";

/// Compiled once: most of the time goes into that.
fn contract() -> &'static Contract {
    static LOADED: LazyLock<Contract> =
        LazyLock::new(|| Contract::from_text("people.yaml", CONTRACT).expect("loads"));
    &LOADED
}

fn header(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn exchange(
    method: &str,
    url: String,
    request: (Vec<(String, String)>, Option<Vec<u8>>),
    answer: (u16, Vec<(String, String)>, Vec<u8>),
) -> Parts {
    let (headers, body) = request;
    let ask = Ask { method: method.to_owned(), url, headers, body };
    let (status, headers, body) = answer;
    Parts {
        workflow: Some("w".to_owned()),
        step: Some("s".to_owned()),
        started: "2025-03-01T10:00:00Z".to_owned(),
        elapsed: Duration::from_millis(3),
        ask,
        answer: Answer { status, headers, body },
    }
}

fn json_type() -> (String, String) {
    header("Content-Type", "application/json")
}

/// A person's day: logs in, is created, found, and sends a document.
fn day(person: &Person) -> Vec<(&'static str, Parts)> {
    let form = format!("login_name={}&password={}", encoded(&person.email), encoded(&person.password));
    let session = json!({"access_token": person.token, "token_type": "bearer"}).to_string();
    let cookie = format!("sid={}; Path=/; HttpOnly", person.token.to_lowercase());
    let created = json!({
        "id": ID,
        "application": person.body(),
        "message": format!("{} is in use by {}, born {}", bare(&person.ssn), person.email, person.us_birth()),
    });
    let body = person.body().to_string();
    let url = |rest: String| format!("https://api.example.com/v1{rest}");
    let document = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"last_name\"\r\n\r\n{}\r\n--cut\r\nContent-Disposition: form-data; name=\"about\"\r\nContent-Type: application/json\r\n\r\n{}\r\n--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}-tax.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\n{} {}\r\n--cut--\r\n",
        person.last,
        person.notes(),
        person.last,
        person.ssn,
        person.first
    );
    vec![
        (
            "login",
            exchange(
                "POST",
                url(format!(
                    "/login?k={}&redirect=%2Fpeople%3Femail%3D{}",
                    person.token,
                    encoded(&person.email)
                )),
                (
                    vec![
                        header("Content-Type", "application/x-www-form-urlencoded"),
                        header("Content-Length", form.len().to_string()),
                    ],
                    Some(form.into_bytes()),
                ),
                (200, vec![json_type(), header("Set-Cookie", cookie)], session.into_bytes()),
            ),
        ),
        (
            "createPerson",
            exchange(
                "POST",
                url("/people".to_owned()),
                (
                    vec![
                        json_type(),
                        header("Authorization", format!("Bearer {}", person.token)),
                        header("Cookie", format!("sid={}; lang=en", person.token.to_lowercase())),
                        header("X-Access", person.password.clone()),
                        header("X-Forwarded-For", format!("{}, 10.0.0.1", person.address)),
                        header("Forwarded", format!("for=\"{}:443\";proto=https", person.address)),
                    ],
                    Some(body.into_bytes()),
                ),
                (
                    201,
                    vec![
                        json_type(),
                        header("Location", format!("/v1/people/{}", bare(&person.ssn))),
                        header(
                            "Link",
                            format!(
                                "</v1/people/{}?contact={}>; rel=self",
                                bare(&person.ssn),
                                encoded(&person.email)
                            ),
                        ),
                        header("Digest", format!("sha-256={}", STANDARD.encode(&person.ssn))),
                    ],
                    created.to_string().into_bytes(),
                ),
            ),
        ),
        (
            "getPerson",
            exchange(
                "GET",
                url(format!("/people/{}?contact={}", bare(&person.ssn), encoded(&person.email))),
                (
                    vec![
                        header("Authorization", format!("Bearer {}", person.token)),
                        header("X-Person", format!("{} {}", person.first, person.last)),
                    ],
                    None,
                ),
                (200, vec![json_type()], person.body().to_string().into_bytes()),
            ),
        ),
        (
            "uploadDocument",
            exchange(
                "POST",
                url(format!("/people/{ID}/documents")),
                (
                    vec![header("Content-Type", "multipart/form-data; boundary=cut")],
                    Some(document.into_bytes()),
                ),
                (
                    400,
                    vec![header("Content-Type", "text/plain")],
                    format!(
                        "{}: no place for {} {}, password={}",
                        person.ssn, person.first, person.last, person.password
                    )
                    .into_bytes(),
                ),
            ),
        ),
    ]
}

fn masked(contract: &Contract, exchanges: &[(&'static str, Parts)]) -> Vec<Parts> {
    let given = exchanges.iter().map(|(id, parts)| (contract.operation(id), parts.clone())).collect();
    Masker::new(contract).mask_all(given)
}

fn har(parts: &[Parts]) -> String {
    let origin = Origin { target: "test".to_owned(), contract: "0123456789ab".to_owned() };
    let mut recording = Recording::new(&origin);
    for parts in parts {
        recording.push(parts).expect("can be recorded");
    }
    let text = recording.to_text();
    Recording::from_text(Path::new("masked.har"), &text).expect("can be read again");
    text
}

/// The text with what is base64 in it decoded, so that nothing hides there.
fn revealed(text: &str) -> String {
    let mut revealed = text.to_owned();
    let sign = |it: char| !(it.is_ascii_alphanumeric() || matches!(it, '+' | '/' | '='));
    for run in text.split(sign).filter(|it| it.len() >= 12) {
        if let Ok(bytes) = STANDARD.decode(run) {
            revealed.push('\n');
            revealed.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    revealed.to_lowercase()
}

fn left(text: &str, person: &Person) -> Vec<String> {
    let text = revealed(text);
    let forms = |secret: &String| {
        let escaped = Value::String(secret.clone()).to_string();
        vec![
            secret.clone(),
            encoded(secret),
            secret.replace('@', "%40"),
            escaped.trim_matches('"').to_owned(),
            STANDARD.encode(secret).trim_end_matches('=').to_owned(),
        ]
    };
    let all = person.secrets().into_iter();
    all.filter(|secret| forms(secret).iter().any(|it| text.contains(&it.to_lowercase()))).collect()
}

fn body(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("is JSON")
}

fn value<'p>(parts: &'p Parts, name: &str) -> &'p str {
    parts.ask.header(name).expect("is sent")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_a_person_is_left_anywhere(person in people()) {
        let contract = contract();
        let masked = masked(contract, &day(&person));
        let text = har(&masked);
        prop_assert_eq!(left(&text, &person), Vec::<String>::new(), "{}", text);
    }

    #[test]
    fn what_fitted_the_contract_still_does(person in people()) {
        let contract = contract();
        let day = day(&person);
        let masked = masked(contract, &day);
        let schema = |pointer: &str, direction| contract.validator(pointer, direction).expect("compiles");
        let person = schema("#/components/schemas/Person", Direction::Request);
        prop_assert!(person.is_valid(&body(day[1].1.ask.body.as_deref().expect("has one"))));
        let request = body(masked[1].ask.body.as_deref().expect("has one"));
        prop_assert!(person.is_valid(&request), "{:?} {request}", person.violations(&request));
        let read = body(&masked[2].answer.body);
        prop_assert!(schema("#/components/schemas/Person", Direction::Response).is_valid(&read));
        let created = body(&masked[1].answer.body);
        prop_assert!(schema("#/components/schemas/Created", Direction::Response).is_valid(&created));
        let session = body(&masked[0].answer.body);
        prop_assert!(schema("#/components/schemas/Session", Direction::Response).is_valid(&session));
        let ssn = masked[2].ask.url.split('/').next_back().and_then(|it| it.split('?').next()).expect("has a path");
        prop_assert!(ssn.len() == 9 && ssn.bytes().all(|it| it.is_ascii_digit()), "{}", masked[2].ask.url);
        prop_assert_eq!(&request["kind"], "Smoker");
        prop_assert_eq!(&request["address"]["state"], "TX");
        prop_assert_eq!(&session["token_type"], "bearer");
    }

    #[test]
    fn what_led_on_still_leads_on(person in people()) {
        let contract = contract();
        let masked = masked(contract, &day(&person));
        let token = body(&masked[0].answer.body)["access_token"].as_str().expect("is text").to_owned();
        let bearer = format!("Bearer {token}");
        prop_assert_eq!(value(&masked[1], "authorization"), &bearer);
        prop_assert_eq!(value(&masked[2], "authorization"), &bearer);
        let set = masked[0].answer.header("set-cookie").expect("is set").to_owned();
        let cookie = set.split(';').next().expect("has a value");
        prop_assert!(value(&masked[1], "cookie").starts_with(cookie), "{} {}", set, value(&masked[1], "cookie"));
        prop_assert!(set.ends_with("; Path=/; HttpOnly"));
        let location = masked[1].answer.header("location").expect("is there");
        prop_assert!(masked[2].ask.url.contains(location), "{} {}", location, masked[2].ask.url);
        let request = body(masked[1].ask.body.as_deref().expect("has one"));
        let ssn = bare(request["ssn"].as_str().expect("is text"));
        prop_assert!(location.ends_with(&ssn), "{} {}", location, ssn);
        let created = body(&masked[1].answer.body);
        prop_assert_eq!(&created["application"], &request);
        prop_assert_eq!(&created["id"], ID);
        prop_assert!(masked[3].ask.url.contains(ID));
        let mail = request["email"].as_str().expect("is text");
        prop_assert!(masked[2].ask.url.ends_with(&format!("contact={}", mail.replace('@', "%40"))), "{}", masked[2].ask.url);
    }

    #[test]
    fn two_people_stay_two_and_one_recording_is_masked_as_before(one in people(), two in people()) {
        prop_assume!(one.ssn != two.ssn && one.email != two.email && one.last != two.last && one.birth != two.birth);
        let contract = contract();
        let both: Vec<_> = day(&one).into_iter().chain(day(&two)).collect();
        let masked = masked(contract, &both);
        prop_assert_eq!(har(&masked), har(&self::masked(contract, &both)));
        let (first, second) = (body(masked[1].ask.body.as_deref().expect("has one")), body(masked[5].ask.body.as_deref().expect("has one")));
        for name in ["ssn", "email", "last_name", "date_of_birth"] {
            prop_assert_ne!(&first[name], &second[name], "{}", name);
        }
        let text = har(&masked);
        prop_assert!(left(&text, &one).is_empty() && left(&text, &two).is_empty());
    }
}

/// A person who is the same in every run.
fn somebody() -> Person {
    let tree = people().new_tree(&mut TestRunner::deterministic());
    tree.expect("people are made").current()
}

#[tokio::test]
async fn what_was_masked_is_asked_and_answered_again() {
    let masked = masked(contract(), &day(&somebody()));
    let recording = Recording::from_text(Path::new("masked.har"), &har(&masked)).expect("can be read");
    let double = Double::answering(&recording, Respects::default()).await.expect("starts");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    for parts in &masked {
        let ask = &parts.ask;
        let (_, place) = ask.url.split_once("https://api.example.com").expect("is the API's");
        let method = reqwest::Method::from_bytes(ask.method.as_bytes()).expect("is one");
        let mut request = client.request(method, format!("{}{place}", double.url()));
        for (name, value) in
            ask.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
        {
            request = request.header(name, value);
        }
        if let Some(body) = &ask.body {
            request = request.body(body.clone());
        }
        let answer = request.send().await.expect("is answered");
        let (status, read) = (answer.status().as_u16(), answer.bytes().await.expect("is read"));
        assert_eq!((status, read.as_ref()), (parts.answer.status, parts.answer.body.as_slice()), "{place}");
    }
    double.verify().expect("everything was recorded, and everything recorded was asked");
}

/// Masks one exchange with a JSON answer and returns that.
fn answered(answer: &Value) -> Value {
    let parts = exchange(
        "GET",
        "https://api.example.com/v1/people/x".to_owned(),
        (Vec::new(), None),
        (200, vec![json_type()], answer.to_string().into_bytes()),
    );
    let masked = masked(contract(), &[("getPerson", parts)]);
    body(&masked[0].answer.body)
}

#[test]
fn what_is_nobodys_already_stays() {
    let person = json!({
        "first_name": "Alex", "last_name": "Example", "ssn": "900-10-0001", "itin": "900930001",
        "email": "alex.example@example.com", "phone": "5125550110", "kind": "Other",
        "address": {"line1": "12 Example Street", "city": "Springfield", "state": "TX", "zip": "78701"},
        "notes": {"ip": "192.0.2.7", "text": "Call 512-555-0110 or write to a@b.example, not 000-12-3456 or 666-12-3456.",
            "id": ID, "count": 12, "rate": 0.123456789, "moment": "2025-03-01T10:00:00.123456789Z", "epoch": 1_700_000_000_u64},
    });
    assert_eq!(answered(&person), person);
}

#[test]
fn a_placeholder_that_stands_there_is_given_to_nobody_else() {
    let people = json!({"notes": {"people": [{"first_name": "Ulrike"}, {"first_name": "Alex"}, {"first_name": "Ottokar"}]}});
    let masked = answered(&people);
    let names: Vec<&str> = masked["notes"]["people"]
        .as_array()
        .expect("is one")
        .iter()
        .filter_map(|it| it["first_name"].as_str())
        .collect();
    assert_eq!(names, ["Blair", "Alex", "Casey"]);
}

#[test]
fn numbers_stay_numbers_and_dates_keep_their_year() {
    let given = json!({"income": 52_700, "notes": {"ssn": 523_456_789, "born": "x", "dob": "07/04/1976", "date_of_birth": "1976-07-04T00:00:00Z"}});
    let masked = answered(&given);
    assert_eq!(masked["income"], 10_001);
    assert_eq!(masked["notes"]["ssn"], 900_100_001);
    assert_eq!(masked["notes"]["dob"], "01/01/1976");
    assert_eq!(masked["notes"]["date_of_birth"], "1976-01-01T00:00:00Z");
}

#[test]
fn the_content_of_a_file_is_as_long_and_begins_alike() {
    let file = b"%PDF-1.7\nJohn Doe 523-45-6789 and so on";
    let parts = exchange(
        "GET",
        "https://api.example.com/v1/people/900100001".to_owned(),
        (Vec::new(), None),
        (200, vec![header("content-type", "application/pdf"), header("content-length", "1")], file.to_vec()),
    );
    let masked = masked(contract(), &[("getPerson", parts)]);
    let content = &masked[0].answer.body;
    assert_eq!(content.len(), file.len());
    assert!(content.starts_with(b"%PDF-1.7\nmasked file"), "{content:?}");
    assert_eq!(masked[0].answer.header("content-length"), Some(content.len().to_string().as_str()));
}

#[test]
fn what_an_operation_is_not_known_of_is_masked_all_the_same() {
    let parts = exchange(
        "PUT",
        "https://user:pa55word@elsewhere.example.com/a/523-45-6789".to_owned(),
        (
            vec![header("content-type", "text/xml")],
            Some(b"<p dob='1976-07-04'>jan.kowalski@mail.pl, +48 22 123 45 67</p>".to_vec()),
        ),
        (500, Vec::new(), b"token=ab12cd34ef56 and \xff\xfe".to_vec()),
    );
    let masked = Masker::new(contract()).mask(None, parts);
    assert_eq!(masked.ask.url, "https://masked:masked@elsewhere.example.com/a/900-10-0001");
    let request = String::from_utf8(masked.ask.body.expect("has one")).expect("is text");
    assert!(!request.contains("kowalski") && !request.contains("123 45 67"), "{request}");
    assert!(masked.answer.body.starts_with(b"masked file"), "no text is a file");
}

#[test]
fn names_beside_values_count_in_what_is_not_json_as_well() {
    let text = |media_type: &str, body: &str| {
        let answer = (200, vec![header("content-type", media_type)], body.as_bytes().to_vec());
        let parts =
            exchange("GET", "https://api.example.com/v1/people/x".to_owned(), (Vec::new(), None), answer);
        let masked = masked(contract(), &[("getPerson", parts)]);
        String::from_utf8(masked[0].answer.body.clone()).expect("is text")
    };
    assert_eq!(
        text(
            "application/xml",
            "<p dob='1976-07-04'><n:last_name>Kowalski</n:last_name><first_name x='1'>Otto</first_name></p>"
        ),
        "<p dob='1976-01-01'><n:last_name>Example</n:last_name><first_name x='1'>Alex</first_name></p>"
    );
    assert_eq!(
        text("application/json", "{\"last_name\": \"Kowalski\", \"ssn\": 523456789, \"first_name\": \"Ott"),
        "{\"last_name\": \"Example\", \"ssn\": 900100001, \"first_name\": \"Alex"
    );
    assert_eq!(
        text("application/x-ndjson", "{\"last_name\":\"Kowalski\"}\n{\"last_name\":\"Zeman\"}\n"),
        "{\"last_name\":\"Example\"}\n{\"last_name\":\"Sample\"}\n"
    );
    assert_eq!(
        text("text/event-stream", "event: made\ndata: {\"last_name\":\"Kowalski\"}\n\n"),
        "event: made\ndata: {\"last_name\":\"Example\"}\n\n"
    );
}

#[test]
fn hostile_texts_end() {
    let nested =
        (0..2_000).fold("x=523-45-6789".to_owned(), |inner, _| format!("https://a.example/?u={inner}"));
    let digits = "1".repeat(50_000);
    let json = (0..12).fold("\"523-45-6789\"".to_owned(), |inner, _| {
        Value::String(format!("[{inner}]")).to_string().chars().take(100_000).collect()
    });
    let mut masker = Masker::new(contract());
    for text in [nested, digits, json, "%25".repeat(20_000), "@".repeat(50_000), "a@".repeat(20_000)] {
        let masked = masker.mask_text(&text);
        // Percent-encoding makes three characters of one.
        assert!(masked.len() <= text.len() * 4);
    }
}

/// The places of two values that differ.
fn differing(one: &Value, other: &Value, at: &str, into: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(key, value)| differing(value, &b[key], &format!("{at}/{key}"), into));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| differing(a, b, at, into));
        }
        _ if one == other => {}
        _ => into.push(at.to_owned()),
    }
}

#[test]
fn synthetic_bodies_of_our_own_contracts_stay_and_still_fit() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let mut seen = 0;
    for name in Api::list(&specs).expect("is there") {
        let api = Api::load(&specs, &name).expect("loads");
        for (id, bodies) in api.fixtures().expect("fit") {
            let operation = api.contract.operation(&id).expect("is there");
            for fixture in bodies {
                let text = fixture.to_string().into_bytes();
                let request = (vec![json_type()], Some(text));
                let parts = exchange(
                    "POST",
                    format!("https://example.com{}", operation.path),
                    request,
                    (204, Vec::new(), Vec::new()),
                );
                let masked = Masker::new(&api.contract).mask(Some(operation), parts);
                let masked = body(masked.ask.body.as_deref().expect("has one"));
                let mut changed = Vec::new();
                differing(&fixture, &masked, "", &mut changed);
                // Neither dates of birth nor counties nor incomes nor files have values that are nobody's.
                let open = ["/date_of_birth", "/fips_code", "/annual_household_income", "/content_base64"];
                changed.retain(|at| !open.iter().any(|it| at.ends_with(it)));
                assert_eq!(changed, Vec::<String>::new(), "{name} {id}");
                let content = operation.request_body.iter().flat_map(|it| &it.content);
                let json = content.filter(|it| it.is_json()).filter_map(|it| it.schema.as_ref());
                let schema = json.into_iter().next().expect("has one");
                let validator =
                    api.contract.validator(&schema.pointer, Direction::Request).expect("compiles");
                assert!(validator.is_valid(&masked), "{name} {id}: {:?}", validator.violations(&masked));
                seen += 1;
            }
        }
    }
    assert!(seen >= 5, "the fixtures are found");
}
