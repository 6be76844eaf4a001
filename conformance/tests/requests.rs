//! Protocol tests: given these values, exactly this request, and a `curl` line that sends it again.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use driftline_conformance::request::{PathValues, Request, assemble, curl};
use driftline_conformance::target::Credential;
use driftline_specs::Contract;
use serde_json::{Value, json};

/// Assembles a request of `POST /a/{p}` with these parameters and request body.
fn request(mut parameters: Value, content: Value, case: Value) -> Request {
    let list = parameters.as_array_mut().unwrap();
    if !list.iter().any(|it| it["in"] == "path") {
        list.push(json!({ "name": "p", "in": "path", "required": true, "schema": {} }));
    }
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1" },
        "paths": { "/a/{p}": { "post": {
            "operationId": "go", "parameters": parameters,
            "requestBody": { "content": content },
            "responses": { "200": { "description": "ok" } } } } }
    });
    let contract = Contract::from_text("t.json", &document.to_string()).unwrap();
    let operation = contract.operation("go").unwrap();
    let case = if case.get("path").is_some() { case } else { with_path(case) };
    assemble(&contract, operation, Some(0), &case, &PathValues::new())
}

fn with_path(mut case: Value) -> Value {
    case["path"] = json!({ "p": "x" });
    case
}

fn parameter(location: &str, rest: Value, value: Value) -> Request {
    let mut parameter = json!({ "name": "p", "in": location, "required": true, "schema": {} });
    parameter.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    request(json!([parameter]), json!({}), json!({ location: { "p": value } }))
}

#[test]
fn query_styles() {
    for (rest, value, query) in [
        (json!({}), json!("a b&c=d/é"), "p=a%20b%26c%3Dd%2F%C3%A9"),
        (json!({}), json!(true), "p=true"),
        (json!({}), json!(["a", "b,c"]), "p=a&p=b%2Cc"),
        (json!({ "explode": false }), json!(["a", "b,c"]), "p=a,b%2Cc"),
        (json!({ "style": "spaceDelimited", "explode": false }), json!(["a", "b"]), "p=a%20b"),
        (json!({ "style": "pipeDelimited", "explode": false }), json!(["a", "b"]), "p=a%7Cb"),
        (
            json!({ "style": "deepObject", "explode": true }),
            json!({ "x": 1, "y": "z" }),
            "p%5Bx%5D=1&p%5By%5D=z",
        ),
        (json!({}), json!({ "x": 1, "y": "z" }), "x=1&y=z"),
        (json!({ "explode": false }), json!({ "x": 1, "y": "z" }), "p=x,1,y,z"),
        (json!({}), json!([]), ""),
    ] {
        assert_eq!(parameter("query", rest.clone(), value.clone()).query, query, "{rest} {value}");
    }
}

#[test]
fn path_styles() {
    for (rest, value, path) in [
        (json!({}), json!("a/b c"), "/a/a%2Fb%20c"),
        (json!({}), json!(["a", "b"]), "/a/a,b"),
        (json!({}), json!({ "x": 1 }), "/a/x,1"),
        (json!({ "explode": true }), json!({ "x": 1 }), "/a/x=1"),
        (json!({ "style": "label" }), json!("v"), "/a/.v"),
        (json!({ "style": "label", "explode": true }), json!(["a", "b"]), "/a/.a.b"),
        (json!({ "style": "matrix" }), json!("v"), "/a/;p=v"),
        (json!({ "style": "matrix" }), json!(["a", "b"]), "/a/;p=a,b"),
        (json!({ "style": "matrix", "explode": true }), json!(["a", "b"]), "/a/;p=a;p=b"),
    ] {
        assert_eq!(parameter("path", rest.clone(), value.clone()).path, path, "{rest} {value}");
    }
}

#[test]
fn headers_and_cookies() {
    let header = parameter("header", json!({}), json!(["a", "b"]));
    assert!(header.headers.contains(&("p".to_owned(), "a,b".to_owned())));
    let cookie = parameter("cookie", json!({}), json!("a b"));
    assert!(cookie.headers.contains(&("Cookie".to_owned(), "p=a%20b".to_owned())));
}

#[test]
fn bodies_by_media_type() {
    let body = |media_type: &str, schema: Value, value: Value| {
        let content = json!({ media_type: { "schema": schema } });
        request(json!([]), content, json!({ "body": value })).body.unwrap()
    };
    let json_body = body("application/json", json!({}), json!({ "a": [1, null] }));
    assert_eq!(
        (json_body.media_type.as_str(), json_body.content.as_str()),
        ("application/json", r#"{"a":[1,null]}"#)
    );
    let form = body("application/x-www-form-urlencoded", json!({}), json!({ "a": "x y", "b": [1, 2] }));
    assert_eq!(form.content, "a=x%20y&b=1&b=2");
    assert_eq!(body("text/plain", json!({}), json!("plain")).content, "plain");
    let schema = json!({ "type": "object", "properties": {
        "file": { "type": "string", "format": "binary" }, "note": { "type": "string" } } });
    let multipart = body("multipart/form-data", schema, json!({ "file": "%PDF-1.4", "note": "n" }));
    let boundary = multipart.media_type.split("boundary=").nth(1).unwrap();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"document.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n%PDF-1.4\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nn\r\n--{boundary}--\r\n"
    );
    assert_eq!(multipart.content, expected);
}

#[test]
fn curl_sends_the_same_and_hides_the_credential() {
    let content = json!({ "application/json": { "schema": {} } });
    let case = json!({ "path": { "p": "x" }, "body": { "it's": "a \"quote\"" } });
    let parameters = json!([{ "name": "p", "in": "path", "required": true, "schema": {} }]);
    let request = request(parameters, content, case);
    let headers = vec![("X-Tenant".to_owned(), "secret-tenant".to_owned())];
    let credentials = [Credential::header("Authorization", "Bearer secret-token")];
    let line = curl("https://api.example.com/v1/", &request, &headers, &credentials);
    assert!(!line.contains("secret"), "{line}");
    assert!(line.contains("'Authorization: Bearer <credential>'"), "{line}");
    assert!(line.ends_with(" https://api.example.com/v1/a/x"), "{line}");
    // The shell is the judge of quoting.
    let printed = std::process::Command::new("sh")
        .arg("-c")
        .arg(line.replacen("curl", "printf '%s\\n'", 1))
        .output()
        .unwrap();
    let words = String::from_utf8(printed.stdout).unwrap();
    assert!(words.lines().any(|word| word == r#"{"it's":"a \"quote\""}"#), "{words}");
    assert!(words.lines().any(|word| word == "Content-Type: application/json"), "{words}");
}

#[test]
fn credentials_do_not_print() {
    let credential = Credential::header("x-api-key", "hunter2");
    assert_eq!(format!("{credential:?}"), "Header(x-api-key: <credential>)");
    let wrong = Credential::header("Authorization", "Bearer hunter2").wrong();
    let Credential::Header { value, .. } = &wrong else { panic!("it is a header") };
    assert!(value.starts_with("Bearer ") && !value.contains("hunter2"));
}
