//! Import of traffic: what a browser captured of an API is kept once, masked, and the rest is counted.

use std::path::Path;

use driftline_conformance::recording::{Hosts, Imported, import};
use driftline_specs::{Contract, Recording};
use serde_json::{Value, json};

const CONTRACT: &str = "
openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}
    post:
      operationId: createPet
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: Made.}, '400': {description: Wrong.}}
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /pets/mine:
    get: {operationId: myPets, responses: {'200': {description: Mine.}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}, owner_email: {type: string, format: email}, tag: {type: string, nullable: true}}}
";

/// An entry as a browser writes it.
fn entry(method: &str, url: &str, body: Option<Value>, status: u16, answer: &Value) -> Value {
    let text = answer.to_string();
    let mut request = json!({
        "method": method, "url": url, "httpVersion": "http/2.0", "cookies": [], "queryString": [],
        "headers": [
            {"name": ":authority", "value": "api.example.com"}, {"name": "authorization", "value": "Bearer s3cr3t-t0ken-value"},
            {"name": "user-agent", "value": "Mozilla/5.0"}, {"name": "sec-ch-ua", "value": "\"Chromium\""},
            {"name": "content-type", "value": "application/json"}, {"name": "cookie", "value": "sid=0123456789abcdef"},
        ],
        "headersSize": -1, "bodySize": 0,
    });
    if let Some(body) = body {
        request["postData"] = json!({"mimeType": "application/json", "text": body.to_string()});
    }
    json!({
        "_initiator": {"type": "script"}, "_priority": "High", "_resourceType": "fetch",
        "startedDateTime": "2025-03-01T10:00:00.123Z", "time": 12.25, "request": request, "cache": {},
        "response": {
            "status": status, "statusText": "", "httpVersion": "http/2.0", "cookies": [],
            "headers": [{"name": "content-type", "value": "application/json"}, {"name": "content-encoding", "value": "br"}],
            "content": {"size": text.len() + 100, "mimeType": "application/json", "text": text, "compression": 5},
            "redirectURL": "", "headersSize": -1, "bodySize": -1, "_transferSize": 300, "_error": null,
        },
        "timings": {"blocked": 1.5, "dns": -1, "ssl": -1, "connect": -1, "send": 0.1, "wait": 10, "receive": 0.6, "_blocked_queueing": 1.2},
        "serverIPAddress": "203.0.113.9", "connection": "443",
    })
}

fn imported(entries: Vec<Value>, host: Option<&str>) -> Imported {
    let contract = Contract::from_text("pets.yaml", CONTRACT).expect("loads");
    let capture = json!({"log": {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [], "entries": entries}});
    let capture =
        Recording::capture_from_text(Path::new("capture.har"), &capture.to_string()).expect("is read");
    let mut hosts = Hosts::of(&contract);
    host.into_iter().for_each(|it| hosts.add(it));
    import(&contract, &hosts, "traffic", &capture)
}

fn pet(name: &str, email: &str) -> Value {
    json!({"name": name, "owner_email": email})
}

const BASE: &str = "https://api.example.com/v1";

/// An address that may be somebody's, put together so that none stands here.
fn mail(name: &str) -> String {
    [name, "mail.pl"].join("@")
}

#[test]
fn what_is_an_operations_is_kept_once_and_masked() {
    let (jan, eva) = (mail("jan"), mail("eva"));
    let tagged = json!({"name": "Rex", "owner_email": eva, "tag": null});
    let all = imported(
        vec![
            entry("GET", &format!("{BASE}/pets?owner={jan}"), None, 200, &json!([pet("Rex", &jan)])),
            entry("GET", &format!("{BASE}/pets"), None, 200, &json!([pet("Mia", &eva), pet("Ada", &jan)])),
            entry("GET", &format!("{BASE}/pets/mine"), None, 200, &json!([])),
            entry("GET", &format!("{BASE}/pets/7"), None, 200, &pet("Rex", &jan)),
            entry("GET", &format!("{BASE}/pets/8"), None, 200, &tagged),
            entry("POST", &format!("{BASE}/pets"), Some(pet("Rex", &jan)), 201, &json!({})),
            entry("POST", &format!("{BASE}/pets"), Some(json!({"name": "Rex"})), 201, &json!({})),
            entry("POST", &format!("{BASE}/pets"), Some(pet("Mia", &eva)), 201, &json!({})),
            entry("POST", &format!("{BASE}/pets"), Some(pet("Mia", &eva)), 400, &json!({})),
        ],
        None,
    );
    let kept: Vec<(&str, usize)> = all.kept.iter().map(|(id, count)| (id.as_str(), *count)).collect();
    // A list of one and a list of two have one shape; a pet with a tag has another than one without.
    assert_eq!(kept, [("createPet", 3), ("getPet", 2), ("listPets", 1), ("myPets", 1)]);
    assert_eq!((all.duplicates, all.elsewhere, all.unmatched.len(), all.skipped.len()), (2, 0, 0, 0));
    let text = all.recording.to_text();
    for value in [
        &jan,
        &eva,
        "s3cr3t",
        "0123456789abcdef",
        "Mozilla",
        "sec-ch-ua",
        "WebInspector",
        "_initiator",
        "203.0.113.9",
    ] {
        assert!(!text.contains(value), "{value}: {text}");
    }
    let read = Recording::from_text(Path::new("traffic.har"), &text).expect("is a recording of ours");
    assert_eq!(read.origin().expect("is ours").target, "traffic");
    let first = read.entries().next().expect("has one");
    assert_eq!((first.step(), first.workflow(), first.status()), (Some("listPets"), None, 200));
    assert_eq!(first.response_header("content-encoding"), None, "the body is decoded");
    assert!(first.url().ends_with("?owner=person-1%40example.com"), "{}", first.url());
    assert_eq!(&*first.response_body(), br#"[{"name":"Rex","owner_email":"person-1@example.com"}]"#);
}

#[test]
fn the_rest_is_counted_and_paths_are_shown_without_values() {
    let nothing = json!({});
    let mut aborted = entry("GET", &format!("{BASE}/pets"), None, 200, &nothing);
    aborted["response"]["status"] = json!(0);
    let all = imported(
        vec![
            entry("GET", "https://cdn.example.net/v1/pets", None, 200, &nothing),
            entry("GET", "https://api.example.com:8443/v1/pets", None, 200, &nothing),
            entry("DELETE", &format!("{BASE}/pets/7"), None, 204, &nothing),
            entry("GET", &format!("{BASE}/owners/Jan%20Kowalski/523456789"), None, 200, &nothing),
            entry("GET", &format!("{BASE}/owners/Eva/523456780"), None, 200, &nothing),
            aborted,
        ],
        None,
    );
    assert!(all.kept.is_empty());
    assert_eq!((all.elsewhere, all.duplicates), (2, 0));
    let unmatched: Vec<_> =
        all.unmatched.iter().map(|(it, count)| (it.method.as_str(), it.path.as_str(), *count)).collect();
    assert_eq!(unmatched, [("DELETE", "/v1/pets/{}", 1), ("GET", "/v1/owners/{}/{}", 2)]);
    assert_eq!(all.skipped.iter().map(|it| it.entry).collect::<Vec<_>>(), [5]);
}

#[test]
fn a_host_may_be_added() {
    let url = "http://localhost:8080/pets";
    let of = |host| imported(vec![entry("GET", url, None, 200, &json!([]))], host);
    assert_eq!(of(None).elsewhere, 1);
    assert_eq!(of(Some("LOCALHOST:8080")).kept.len(), 1);
}
