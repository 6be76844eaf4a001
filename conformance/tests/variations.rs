//! Variations: what the contract allows in one thing beside what is accepted, and an endpoint that is narrower is told of.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod support;

use std::collections::BTreeSet;

use driftline_conformance::checks::Severity;
use driftline_conformance::report::{Finding, FindingStatus, terminal};
use driftline_conformance::strategy::{FREEDOMS, Freedom, Node, Reader, open, taken};
use driftline_conformance::target::TargetKind;
use driftline_conformance::{Report, RunOptions, Variation};
use driftline_specs::{Contract, Direction};
use serde_json::{Value, json};
use support::{Reply, Server, report, target};

/// Kettles, which are only made.
fn contract() -> Contract {
    let kettle = json!({ "type": "object", "required": ["name", "kind", "litres"], "properties": {
        "name": { "type": "string", "minLength": 3, "maxLength": 40 },
        "kind": { "type": "string", "enum": ["plain", "painted", "copper"] },
        "litres": { "type": "integer", "minimum": 1, "maximum": 90 },
        "colour": { "type": "string", "nullable": true },
        "whistles": { "type": "boolean" },
        "lid": { "type": "object", "properties": { "material": { "type": "string" } } },
        "marks": { "type": "array", "minItems": 1, "maxItems": 9, "items": { "type": "string" } },
        "description": { "type": "string" },
        "price": { "type": "number", "minimum": 1, "maximum": 900 },
        "code": { "type": "string", "pattern": "^[1-9]\\d{0,3}$" },
        "model": { "type": "string", "pattern": "^([A-Z]{2}|[a-z]{2})\\d{4}$" },
        "balance": { "type": "number" },
        "stamp": { "type": "string", "pattern": "^\\d{5}$" },
        "extras": { "type": "array", "items": { "type": "string" } },
        "maker_birth_date": { "type": "string", "format": "date" },
    } });
    let text = json!({
        "openapi": "3.0.3",
        "info": { "title": "Kettles", "version": "1" },
        "paths": { "/kettles": { "post": {
            "operationId": "makeKettle",
            "parameters": [{ "name": "dry", "in": "query", "schema": { "type": "boolean" } }],
            "requestBody": { "required": true, "content": {
                "application/json": { "schema": { "$ref": "#/components/schemas/Kettle" } },
                "application/vnd.kettle+json": { "schema": { "$ref": "#/components/schemas/Kettle" } } } },
            "responses": { "201": { "description": "made" }, "400": { "description": "bad" },
                "409": { "description": "not now" }, "415": { "description": "not so" } },
        } } },
        "components": { "schemas": { "Kettle": kettle } },
    });
    Contract::from_text("kettles.json", &text.to_string()).unwrap()
}

/// What a kettle that is made has to be, beside what the contract says: nothing, or else the status of the refusal.
async fn probed(rule: fn(&Value, &str) -> Option<u16>) -> Report {
    let contract = contract();
    let validator = contract.validator("#/components/schemas/Kettle", Direction::Request).unwrap();
    let server = Server::start(move |asked| {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let how = format!("{} {}", asked.content_type.unwrap_or_default(), asked.query);
        let known = how.starts_with("application/json") || how.starts_with("application/vnd.kettle+json");
        let dry = asked.query.strip_prefix("dry=").is_none_or(|it| matches!(it, "true" | "false"));
        let status = match (validator.is_valid(&body) && dry, known) {
            (false, _) => 400,
            (_, false) => 415,
            _ => rule(&body, &how).unwrap_or(201),
        };
        async move { Reply::empty(status) }
    })
    .await;
    let mut target = target(&server.url);
    target.credentials.clear();
    target.unmetered = true;
    let mut options = RunOptions::new("kettles", contract, target);
    options.requests_per_operation = 24;
    report(options).await
}

fn only(report: &Report) -> &Finding {
    assert_eq!(report.apis[0].findings.len(), 1, "{}", terminal(report, false));
    &report.apis[0].findings[0]
}

fn text<'v>(kettle: &'v Value, name: &str) -> &'v str {
    kettle[name].as_str().unwrap_or_default()
}

#[tokio::test]
async fn what_is_narrower_than_documented_is_found_by_place_and_constraint() {
    type Rule = fn(&Value, &str) -> Option<u16>;
    let kettle = "#/components/schemas/Kettle/properties";
    let rules: [(Rule, String, &str, Severity); 9] = [
        (
            |it, _| (text(it, "name").chars().count() > 20).then_some(400),
            format!("{kettle}/name"),
            "maxLength",
            Severity::Breaking,
        ),
        (
            |it, _| (text(it, "name").chars().count() < 4).then_some(400),
            format!("{kettle}/name"),
            "minLength",
            Severity::Breaking,
        ),
        (
            |it, _| (it["litres"] == 1).then_some(400),
            format!("{kettle}/litres"),
            "minimum",
            Severity::Breaking,
        ),
        (
            |it, _| (it["litres"] == 90).then_some(400),
            format!("{kettle}/litres"),
            "maximum",
            Severity::Breaking,
        ),
        (
            |it, _| (it["kind"] == "copper").then_some(400),
            format!("{kettle}/kind"),
            "enum",
            Severity::Behavioural,
        ),
        (
            |it, _| it.get("whistles").is_none().then_some(400),
            format!("{kettle}/whistles"),
            "optional",
            Severity::Breaking,
        ),
        (
            |it, _| it.get("lid").is_some_and(|lid| lid.get("material").is_none()).then_some(400),
            format!("{kettle}/lid/properties/material"),
            "optional",
            Severity::Breaking,
        ),
        (
            |_, how| (!how.contains("dry=")).then_some(400),
            "#/paths/~1kettles/post/parameters/0".to_owned(),
            "optional",
            Severity::Breaking,
        ),
        (
            |_, how| how.starts_with("application/vnd").then_some(415),
            "#/paths/~1kettles/post/requestBody/content/application~1vnd.kettle+json".to_owned(),
            "content",
            Severity::Breaking,
        ),
    ];
    for (rule, contract, keyword, severity) in rules {
        let report = probed(rule).await;
        let finding = only(&report);
        assert_eq!(finding.check, "valid_request_accepted", "{keyword}");
        assert_eq!((finding.contract.as_str(), finding.severity), (contract.as_str(), severity), "{keyword}");
        assert_eq!((finding.status, finding.confirmations.as_str()), (FindingStatus::Confirmed, "3/3"));
        assert!(finding.message.starts_with("POST /kettles refused a "), "{}", finding.message);
        assert!(finding.message.contains(&format!("(`{keyword}`)")), "{}", finding.message);
    }
}

#[tokio::test]
async fn what_depends_on_something_else_is_not_told() {
    type Rule = fn(&Value, &str) -> Option<u16>;
    let rules: [Rule; 4] = [
        // A painted kettle has a colour.
        |it, _| (it["kind"] == "painted" && it.get("colour").is_none()).then_some(422),
        // A lid is for large ones.
        |it, _| (it.get("lid").is_some() && it["litres"].as_i64() < Some(5)).then_some(400),
        // Some of what is right is refused because of the state that things are in.
        |it, _| (it["kind"] == "copper").then_some(409),
        |_, _| None,
    ];
    for (index, rule) in rules.into_iter().enumerate() {
        let report = probed(rule).await;
        let told: Vec<_> =
            report.apis[0].findings.iter().filter(|it| it.check == "valid_request_accepted").collect();
        assert!(told.is_empty(), "{index}: {}", terminal(&report, false));
    }
}

#[tokio::test]
async fn production_is_not_asked_to_write() {
    let server = Server::start(|_| async { Reply::empty(201) }).await;
    let mut target = target(&server.url);
    target.kind = TargetKind::Production;
    report(RunOptions::new("kettles", contract(), target)).await;
    assert_eq!(server.asked(), []);
}

/// Applies each open freedom of a value to it, and returns those that the contract allows.
fn allowed(value: &Value) -> Vec<(Freedom, Value)> {
    let contract = contract();
    let node = Node::at("#/components/schemas/Kettle");
    let validator = contract.validator("#/components/schemas/Kettle", Direction::Request).unwrap();
    let freedoms = open(&mut Reader::new(contract.clone()), &node, value);
    let changed = freedoms.into_iter().map(|freedom| {
        let mut value = value.clone();
        let (parent, name) = freedom.location.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).unwrap();
        match (&freedom.value, parent) {
            (Some(value), parent) => parent[name] = value.clone(),
            (None, parent) => drop(parent.as_object_mut().unwrap().shift_remove(name)),
        }
        assert!(contract.at(&freedom.contract).is_some(), "{} leads nowhere", freedom.contract);
        (freedom, value)
    });
    changed.filter(|(_, value)| validator.is_valid(value)).collect()
}

#[test]
fn every_freedom_that_is_open_is_one_that_is_taken_afterwards() {
    let full = json!({ "name": "kettle", "kind": "plain", "litres": 7, "colour": "red", "whistles": true,
        "lid": { "material": "tin" }, "marks": ["a", "b"], "description": "shiny", "price": 30, "code": "77", "stamp": "77001",
        "model": "KX2000", "balance": 7,
        "extras": ["cosy"], "maker_birth_date": "1985-04-12" });
    let node = Node::at("#/components/schemas/Kettle");
    let mut reader = Reader::new(contract());
    let all = allowed(&full);
    for (freedom, value) in &all {
        let taken = taken(&mut reader, &node, value);
        let is = |it: &Freedom| it.keyword == freedom.keyword && it.location == freedom.location;
        assert!(taken.iter().any(is), "{freedom:?} in {value}");
    }
    let keywords: BTreeSet<&str> = all.iter().map(|(freedom, _)| freedom.keyword).collect();
    assert_eq!(keywords, BTreeSet::from(FREEDOMS));
    let enums = all.iter().filter(|(freedom, _)| freedom.keyword == "enum");
    assert_eq!(enums.count(), 2, "what it is already is not another one");
}

#[test]
fn a_value_without_freedoms_has_none() {
    let contract = contract();
    let mut reader = Reader::new(contract);
    for value in [json!(null), json!(7), json!([]), json!("x")] {
        let node = Node::at("#/components/schemas/Kettle/properties/litres");
        let open = open(&mut reader, &node, &value);
        assert!(open.iter().all(|it| it.location.is_empty()), "{value}: {open:?}");
    }
}

#[tokio::test]
async fn what_no_keyword_limits_is_tried_as_well() {
    type Rule = fn(&Value, &str) -> Option<u16>;
    let rules: [(&str, Rule); 15] = [
        (Freedom::LETTERS, |it, _| it["name"].as_str().is_some_and(|it| !it.is_ascii()).then_some(400)),
        (Freedom::LENGTH, |it, _| it["description"].as_str().is_some_and(|it| it.len() > 30).then_some(400)),
        (Freedom::FRACTION, |it, _| it["price"].as_f64().is_some_and(|it| it.fract() != 0.0).then_some(400)),
        (Freedom::EMPTY, |it, _| (it["extras"] == json!([])).then_some(400)),
        (Freedom::LEAP_DAY, |it, _| {
            it["maker_birth_date"].as_str().is_some_and(|it| it.ends_with("02-29")).then_some(400)
        }),
        (Freedom::ZERO, |it, _| it["stamp"].as_str().is_some_and(|it| it.starts_with('0')).then_some(400)),
        (Freedom::LOWER_CASE, |it, _| {
            it["model"].as_str().is_some_and(|it| it.starts_with(char::is_lowercase)).then_some(400)
        }),
        (Freedom::NONE, |it, _| (it["balance"] == 0).then_some(400)),
        (Freedom::NEGATIVE, |it, _| it["balance"].as_f64().is_some_and(|it| it < 0.0).then_some(400)),
        (Freedom::MANY, |it, _| it["extras"].as_array().is_some_and(|it| it.len() > 6).then_some(400)),
        (Freedom::BLANK, |it, _| (it["description"] == "").then_some(400)),
        (Freedom::LONG_AGO, |it, _| {
            it["maker_birth_date"].as_str().is_some_and(|it| it < "1930").then_some(400)
        }),
        (Variation::CHARSET, |_, how| how.contains("charset").then_some(415)),
        (Variation::UNDECLARED, |it, _| it.get("undeclaredProperty").is_some().then_some(400)),
        ("pattern", |it, _| (it["code"].as_str().map(str::len) == Some(4)).then_some(400)),
    ];
    for (keyword, rule) in rules {
        let report = probed(rule).await;
        let told: Vec<_> =
            report.apis[0].findings.iter().filter(|it| it.check == "valid_request_accepted").collect();
        assert_eq!(told.len(), 1, "{keyword}: {}", terminal(&report, false));
        assert!(told[0].message.contains(&format!("`{keyword}`")), "{}", told[0].message);
    }
}

#[test]
fn no_number_of_a_person_is_made_up() {
    let schema = |name: &str| {
        json!({ "type": "object", "properties": {
            name: { "type": "string", "pattern": "^\\d{3}-?\\d{2}-?\\d{4}$" } } })
    };
    for (name, expected) in [("ssn", 0), ("shelf", 1)] {
        let text = json!({ "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {},
            "components": { "schemas": { "It": schema(name) } } });
        let contract = Contract::from_text("t.json", &text.to_string()).unwrap();
        let node = Node::at("#/components/schemas/It");
        let freedoms = open(&mut Reader::new(contract), &node, &json!({ name: "900100001" }));
        let of_pattern = freedoms.iter().filter(|it| it.keyword == "pattern");
        assert_eq!(of_pattern.count(), expected, "{name}");
        assert!(
            freedoms.iter().all(|it| it.keyword != Freedom::ZERO),
            "nine digits, whatever they are called"
        );
    }
}
