//! Near misses: each breaks one constraint at one place, and an endpoint that takes it is told of.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use driftline_conformance::checks::Severity;
use driftline_conformance::report::{Finding, terminal};
use driftline_conformance::strategy::{
    Generator, KEYWORDS, NearMiss, Node, Reader, Stream, Valid, Written, candidates,
};
use driftline_conformance::target::TargetKind;
use driftline_specs::{Api, Contract, Direction};
use serde_json::{Value, json};
use support::{Asked, Reply, notes, options, report};

/// Returns the near misses of valid values of a schema, after proving that they are what they should be.
fn proven(contract: &Contract, pointer: &str, written: Written) -> Vec<NearMiss> {
    let validator = contract.validator(pointer, Direction::Request).unwrap();
    let mut generator = Generator::new(contract.clone());
    let mut reader = Reader::new(contract.clone());
    let valid = Valid::of(&mut generator, pointer, &validator, 6, &Stream::new(4, &[pointer]));
    let mut misses = Vec::new();
    for base in valid.values.iter().filter(|value| validator.is_valid(value)) {
        for candidate in candidates(&mut reader, &Node::at(pointer), base, written) {
            let Some(miss) = candidate.judge(contract, &validator, base) else { continue };
            let violations = validator.violations(&miss.value);
            assert!(!violations.is_empty(), "{pointer}: {miss:?} is valid");
            for violation in violations {
                let property =
                    violation.property.map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1")));
                let at = format!("{}{}", violation.instance, property.unwrap_or_default());
                let union = ["oneOf", "anyOf"].contains(&violation.keyword.as_str());
                let near = at == miss.location || union && miss.location.starts_with(&at);
                assert!(near, "{pointer}: {} is broken at {at}, not at {}", violation.keyword, miss.location);
            }
            assert!(contract.at(&miss.contract).is_some(), "{} leads nowhere", miss.contract);
            assert_eq!(
                &mended(miss.value.clone(), base, &miss.location),
                base,
                "{pointer}: {}",
                miss.location
            );
            misses.push(miss);
        }
    }
    misses
}

/// Puts back what a valid value has at a place.
fn mended(mut broken: Value, base: &Value, location: &str) -> Value {
    let Some((parent, name)) = location.rsplit_once('/') else { return base.clone() };
    let name = name.replace("~1", "/").replace("~0", "~");
    match (broken.pointer_mut(parent).unwrap(), base.pointer(parent).unwrap()) {
        (Value::Object(object), Value::Object(right)) => match right.get(&name) {
            Some(value) => drop(object.insert(name, value.clone())),
            None => drop(object.shift_remove(&name)),
        },
        (Value::Array(items), Value::Array(right)) => items.clone_from(right),
        _ => {}
    }
    broken
}

fn schema(schema: Value) -> Contract {
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {},
        "components": { "schemas": {
            "It": schema,
            "Cat": { "type": "object", "required": ["lives"], "additionalProperties": false,
                "properties": { "lives": { "type": "integer", "maximum": 9 } } },
            "Dog": { "type": "object", "required": ["tricks"], "additionalProperties": false,
                "properties": { "tricks": { "type": "array", "items": { "type": "string" } } } } } }
    });
    Contract::from_text("t.json", &document.to_string()).unwrap()
}

fn keywords(of: Value, written: Written) -> BTreeSet<String> {
    let misses = proven(&schema(of), "#/components/schemas/It", written);
    misses.into_iter().map(|miss| miss.keyword).collect()
}

#[test]
fn every_keyword_is_broken_by_itself() {
    for (of, wanted) in [
        (json!({ "type": "string" }), vec!["type", "nullable"]),
        (json!({ "type": "string", "nullable": true }), vec!["type"]),
        (json!({ "type": "string", "minLength": 2, "maxLength": 4 }), vec!["minLength", "maxLength"]),
        (json!({ "type": "string", "pattern": "^\\d{9}$" }), vec!["pattern"]),
        (
            json!({ "type": "string", "pattern": "^[A-Z]{2}$", "minLength": 2, "maxLength": 2 }),
            vec!["pattern"],
        ),
        (json!({ "type": "string", "enum": ["a", "b"] }), vec!["enum", "type"]),
        (json!({ "type": "integer", "enum": [1, 2] }), vec!["enum"]),
        (json!({ "type": "string", "format": "date" }), vec!["format"]),
        (json!({ "type": "string", "format": "date-time" }), vec!["format"]),
        (json!({ "type": "string", "format": "uuid" }), vec!["format"]),
        (json!({ "type": "string", "format": "email" }), vec!["format"]),
        (json!({ "type": "string", "format": "uri" }), vec!["format"]),
        (json!({ "type": "string", "format": "ipv4" }), vec!["format"]),
        (json!({ "type": "string", "format": "byte" }), vec!["format"]),
        (json!({ "type": "integer", "format": "int32" }), vec!["format", "type"]),
        (json!({ "type": "integer", "minimum": 1, "maximum": 5 }), vec!["minimum", "maximum"]),
        (
            json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1, "exclusiveMaximum": true }),
            vec!["exclusiveMinimum", "exclusiveMaximum"],
        ),
        (
            json!({ "type": "number", "multipleOf": 0.25, "minimum": 0, "maximum": 10 }),
            vec!["multipleOf", "maximum"],
        ),
        (
            json!({ "type": "array", "items": { "type": "boolean" }, "minItems": 1, "maxItems": 3 }),
            vec!["minItems", "maxItems", "type"],
        ),
        (
            json!({ "type": "array", "items": { "type": "integer" }, "uniqueItems": true, "minItems": 1 }),
            vec!["uniqueItems"],
        ),
        (
            json!({ "type": "object", "required": ["a"], "additionalProperties": false,
                "properties": { "a": { "type": "string" } } }),
            vec!["required", "additionalProperties", "type"],
        ),
        (
            json!({ "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }] }),
            vec!["oneOf"],
        ),
    ] {
        let found = keywords(of.clone(), Written::Json);
        for keyword in wanted {
            assert!(found.contains(keyword), "{of}: no {keyword} in {found:?}");
        }
    }
}

#[test]
fn what_text_cannot_show_is_not_broken_in_text() {
    assert_eq!(keywords(json!({ "type": "string" }), Written::Text), BTreeSet::new());
    assert_eq!(keywords(json!({ "type": "string", "minLength": 1 }), Written::Text), BTreeSet::new());
    let found = keywords(json!({ "type": "integer", "maximum": 100 }), Written::Text);
    assert_eq!(found, BTreeSet::from(["maximum".to_owned(), "type".to_owned()]));
    let form = json!({ "type": "object", "required": ["a"], "properties": {
        "a": { "type": "string", "enum": ["x"] }, "b": { "type": "object", "required": ["c"], "properties": {
            "c": { "type": "string" } } } } });
    let found = keywords(form, Written::Form);
    assert_eq!(found, BTreeSet::from(["enum".to_owned(), "required".to_owned()]));
}

#[test]
fn properties_that_travel_the_other_way_are_left_alone() {
    let of = json!({ "type": "object", "required": ["id"], "properties": {
        "id": { "type": "string", "readOnly": true, "maxLength": 3 } } });
    let contract = schema(of);
    let misses = proven(&contract, "#/components/schemas/It", Written::Json);
    assert!(misses.iter().all(|miss| miss.location.is_empty()), "{misses:?}");
}

#[test]
fn those_of_the_three_apis_break_one_place_each() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    for name in Api::list(&specs).unwrap() {
        let contract = Api::load(&specs, &name).unwrap().contract;
        let schemas = contract.at("#/components/schemas").and_then(Value::as_object).unwrap();
        let mut found = 0;
        for schema in schemas.keys() {
            found += proven(&contract, &format!("#/components/schemas/{schema}"), Written::Json).len();
        }
        println!("{name}: {found} near misses of {} schemas", schemas.len());
        assert!(found > schemas.len() * 5, "{name}: {found}");
    }
}

/// Probes notes that take what some requests should be refused for.
async fn lenient(takes: impl Fn(&Asked, &Value) -> bool + Send + Sync + 'static) -> Vec<Finding> {
    let server = notes(move |asked, reply| {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        if asked.path == "/notes" && reply.status == 422 && takes(asked, &body) {
            let id = "00000000-0000-4000-8000-999999999999";
            let mut note = json!({ "note_id": id, "state": "open" });
            // What is wrong comes back, as it does from an endpoint that keeps it.
            for (name, value) in body.as_object().into_iter().flatten() {
                note[name] = value.clone();
            }
            return Reply::json(201, &note);
        }
        reply
    })
    .await;
    let report = report(options(server.target())).await;
    report.apis[0].findings.clone()
}

#[tokio::test]
async fn a_text_that_is_too_long_and_taken_is_told_once_with_a_way_to_see_it() {
    let findings = lenient(|_, body| body["text"].as_str().is_some_and(|it| it.len() > 80)).await;
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(
        (finding.check.as_str(), finding.severity),
        ("invalid_request_refused", Severity::Behavioural)
    );
    assert_eq!(finding.contract, "#/components/schemas/NewNote/properties/text");
    assert_eq!((finding.expected.as_str(), finding.observed.as_str()), ("a refusal (422)", "status 201"));
    assert_eq!(finding.confirmations, "3/3");
    let words = "POST /notes, with a body whose /text is too long (`maxLength`), was answered with 201 \
                 (application/json). The contract says: a refusal (422). It asks for at most 80 characters there.";
    assert!(finding.message.starts_with(words), "{}", finding.message);
    assert!(finding.curl.contains("--data-raw") && finding.curl.contains("Content-Type: application/json"));
}

#[tokio::test]
async fn each_constraint_that_is_not_enforced_is_told_by_itself() {
    let findings = lenient(|asked, body| {
        let json =
            asked.content_type.as_deref().is_some_and(|it| it.split(';').next() == Some("application/json"));
        !json
            || body.is_null()
            || body["kind"] == "unlisted"
            || body.get("text").is_none()
            || body["author"] == "text"
    })
    .await;
    let told: BTreeSet<(&str, &str)> = findings
        .iter()
        .map(|it| (it.contract.rsplit('/').next().unwrap(), it.message.split('`').nth(1).unwrap()))
        .collect();
    let wanted = [
        ("content", "content"),
        ("application~1json", "syntax"),
        ("application~1json", "trailing"),
        // No body at all, and one of another type.
        ("requestBody", "required"),
        ("NewNote", "nullable"),
        ("NewNote", "type"),
        ("kind", "enum"),
        ("text", "required"),
        ("author", "type"),
    ];
    assert_eq!(told, BTreeSet::from(wanted));
    let media_type = findings.iter().find(|it| it.message.contains("(`content`)")).unwrap();
    assert!(media_type.curl.contains("Content-Type: text/plain"), "{}", media_type.curl);
    let syntax = findings.iter().find(|it| it.message.contains("(`syntax`)")).unwrap();
    assert!(syntax.message.contains("with a body that is not JSON"), "{}", syntax.message);
}

#[tokio::test]
async fn a_refusal_is_judged_as_any_other_answer() {
    let spoiled = |status: u16| {
        notes(move |asked, reply| match asked.path == "/notes" && reply.status == 422 {
            true if status == 422 => Reply::json(422, &json!({ "error": 1 })),
            true => Reply::json(status, &json!({ "reason": "x" })),
            false => reply,
        })
    };
    for (status, check) in [(422, "error_body"), (406, "status_documented"), (500, "no_server_error")] {
        let server = spoiled(status).await;
        let report = report(options(server.target())).await;
        let [finding] = report.apis[0].findings.as_slice() else { panic!("{}", terminal(&report, false)) };
        assert_eq!((finding.check.as_str(), finding.confirmations.as_str()), (check, "3/3"));
    }
    // A guard that takes it for an attack says nothing about the contract.
    let server = spoiled(403).await;
    let report = report(options(server.target())).await;
    assert_eq!(report.exit_status(), 0, "{}", terminal(&report, false));
}

#[tokio::test]
async fn they_are_counted_and_bounded_and_go_where_a_refusal_is_documented() {
    let server = notes(|_, reply| reply).await;
    let mut few = options(server.target());
    few.requests_per_operation = 6;
    let report = report(few).await;
    assert_eq!(report.apis[0].findings, [], "{}", terminal(&report, false));
    for operation in &report.apis[0].operations {
        let wanted = if operation.operation_id == "createNote" { 12 } else { 0 };
        assert_eq!(operation.near_misses, wanted, "{}", operation.operation_id);
    }
}

#[tokio::test]
async fn production_gets_none() {
    let server = notes(|_, reply| reply).await;
    let mut options = options(server.target());
    options.target.kind = TargetKind::Production;
    let report = report(options).await;
    assert!(report.apis[0].operations.iter().all(|it| it.near_misses == 0));
}

#[test]
fn keywords_are_listed_once() {
    assert_eq!(KEYWORDS.iter().collect::<BTreeSet<_>>().len(), KEYWORDS.len());
}
