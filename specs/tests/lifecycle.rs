//! Lifecycles against the contract that they speak of.

use std::path::Path;

use driftline_specs::{Contract, Lifecycle};
use serde_json::json;

const CONTRACT: &str = "
openapi: 3.0.3
info: {title: Orders, version: '1'}
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getOrder
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
    delete: {operationId: cancelOrder, responses: {'204': {description: Done.}}}
components:
  schemas:
    Order: {type: object, properties: {status: {$ref: '#/components/schemas/Status'}, note: {type: string}}}
    Status: {type: string, enum: [open, shipped, cancelled]}
";

const LIFECYCLE: &str = r#"
lifecycle: 1.0.0
resources:
  - name: order
    read: getOrder
    parameter: id
    state: /status
    initial: [open]
    transitions:
      - {from: [open], to: [shipped]}
      - {operation: cancelOrder, from: [open], to: [cancelled], offered: "$.links[?@.rel == 'cancel']"}
    waits:
      - {name: shipped, until: [shipped], fails: [cancelled], every: 1, at_most: 2, within: 3}
"#;

fn load(text: &str) -> Result<Lifecycle, driftline_specs::Error> {
    let contract = Contract::from_text("orders.yaml", CONTRACT).expect("loads");
    Lifecycle::from_text(Path::new("lifecycle.yaml"), text, &contract)
}

#[test]
fn a_lifecycle_is_read() {
    let lifecycle = load(LIFECYCLE).expect("fits the contract");
    let order = &lifecycle.resources[0];
    assert_eq!((order.read.as_str(), order.transitions.len(), order.waits[0].within), ("getOrder", 2, 3));
    assert_eq!(order.transitions[0].operation, None);
}

#[test]
fn what_a_resource_offers_is_what_it_says() {
    let lifecycle = load(LIFECYCLE).expect("fits the contract");
    let [ships, cancels] = &lifecycle.resources[0].transitions[..] else { panic!("there are two") };
    for (read, is_offered) in [
        (json!({ "links": [{ "rel": "self" }, { "rel": "cancel" }] }), true),
        (json!({ "links": [{ "rel": "self" }] }), false),
        (json!({ "links": [] }), false),
        // Who offers nothing at all does not speak of it.
        (json!({ "links": null }), true),
        (json!({}), true),
        (json!("open"), true),
    ] {
        assert_eq!(cancels.is_offered(&read), is_offered, "{read}");
        assert!(ships.is_offered(&read), "the state alone decides");
    }
}

#[test]
fn what_the_contract_does_not_have_is_named_with_its_line() {
    for (right, wrong, line, problem) in [
        ("1.0.0", "2.0.0", 2, "version \"2.0.0\" of the form is not known"),
        ("read: getOrder", "read: order", 5, "no operation \"order\""),
        ("parameter: id", "parameter: key", 6, "\"key\" is not the one parameter in the path"),
        ("state: /status", "state: /note", 7, "declares no list of values there"),
        ("state: /status", "state: /nowhere", 7, "declares no list of values there"),
        ("initial: [open]", "initial: [new]", 8, "\"new\" is no state"),
        ("to: [shipped]", "to: [gone]", 10, "\"gone\" is no state"),
        ("cancelOrder", "dropOrder", 11, "no operation \"dropOrder\""),
        ("'cancel']", "'cancel'", 11, "this is no JSONPath (RFC 9535)"),
        ("$.links", "$[0]", 11, "does not say what of the resource offers the operation"),
        ("operation: cancelOrder, ", "", 11, "does not say what of the resource offers the operation"),
        ("fails: [cancelled]", "fails: [lost]", 13, "\"lost\" is no state"),
        ("every: 1", "every: 0", 13, "these times do not follow one another"),
        ("within: 3", "within: 0", 13, "these times do not follow one another"),
        ("name: order", "title: order", 1, "this is no lifecycle: unknown field `title`"),
    ] {
        let error = load(&LIFECYCLE.replace(right, wrong)).expect_err(wrong);
        assert!(error.to_string().contains(problem), "{wrong}: {error}");
        assert!(error.line().is_some_and(|found| line == 1 || found == line), "{wrong}: {error}");
        assert!(error.advice().is_some_and(|advice| advice.contains("specs/README.md")));
    }
}
