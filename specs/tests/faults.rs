//! Documents with faults that are read around: what is left, and what is told.

use driftline_specs::{Contract, Direction, LossKind};
use serde_json::json;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

fn load(text: &str) -> Contract {
    Contract::from_text("api.yaml", &format!("{HEAD}{text}")).expect("loads")
}

fn ids(contract: &Contract) -> Vec<&str> {
    contract.operations().iter().map(|operation| operation.id.as_str()).collect()
}

/// The places of what was mended.
fn faults(contract: &Contract) -> Vec<&str> {
    let losses = contract.losses().iter().filter(|loss| loss.kind == LossKind::Fault);
    losses.map(|loss| loss.pointer.as_str()).collect()
}

#[test]
fn the_second_operation_of_one_id_gets_another() {
    let contract = load(
        "paths:\n  /a: {get: {operationId: one, responses: {}}}\n  /b: {post: {operationId: one, responses: {}}}\n",
    );
    assert_eq!(ids(&contract), ["one", "postB"]);
    assert_eq!(faults(&contract), ["#/paths/~1b/post/operationId"]);
    assert_eq!(contract.position_of_loss(&contract.losses()[0]).expect("known").line, 5);
}

#[test]
fn a_parameter_of_the_path_that_nobody_declares_is_text() {
    let contract = load("paths:\n  /a/{id}: {get: {operationId: one, responses: {}}}\n");
    let parameter = &contract.operation("one").expect("used").parameters[0];
    assert_eq!((parameter.name.as_str(), parameter.required), ("id", true));
    assert_eq!(
        contract.at(&parameter.schema.as_ref().expect("has one").pointer),
        Some(&json!({"type": "string"}))
    );
    assert_eq!(faults(&contract), ["#/paths/~1a~1{id}/get"]);
}

#[test]
fn one_operation_that_cannot_be_called_does_not_cost_the_others() {
    let contract = load(
        "paths:\n  /a:\n    get: {operationId: good, responses: {}}\n    post:\n      operationId: bad\n      parameters: [{name: x, in: nowhere}]\n      responses: {}\n    put:\n      parameters: [{$ref: '#/components/parameters/None'}]\n      responses: {}\n    patch:\n      operationId: body\n      requestBody: {$ref: '#/components/requestBodies/None'}\n      responses: {}\n  /b: {$ref: '#/paths/~1none'}\n",
    );
    assert_eq!(ids(&contract), ["good"]);
    let refused: Vec<(&str, Option<usize>)> = contract
        .refusals()
        .iter()
        .map(|refusal| (refusal.operation.as_str(), contract.position(&refusal.pointer).map(|it| it.line)))
        .collect();
    assert_eq!(refused, [("bad", Some(8)), ("PUT /a", Some(11)), ("body", Some(15)), ("/b", Some(17))]);
    assert!(contract.refusals()[0].reason.contains("has no location that OpenAPI knows"));
    let left = contract.at("#/paths/~1a").and_then(|it| it.as_object()).expect("stays");
    assert_eq!(left.keys().filter(|key| !key.starts_with("x-refused-")).collect::<Vec<_>>(), ["get"]);
}

#[test]
fn an_operation_that_another_takes_for_a_parameter_stays() {
    let contract = load(
        "paths:\n  /a:\n    get:\n      operationId: bad\n      parameters: [{$ref: '#/paths/~1b/get'}]\n      responses: {}\n  /b:\n    get: {operationId: good, responses: {}}\n",
    );
    assert_eq!(ids(&contract), ["good"]);
    assert!(contract.at(&contract.operations()[0].pointer).is_some());
    assert_eq!(contract.refusals()[0].operation, "bad");
    assert!(contract.at("#/paths/~1a/x-refused-get").is_some());
}

#[test]
fn schemas_and_responses_that_nobody_defines_are_open() {
    let contract = load(
        "paths:\n  /a:\n    get:\n      operationId: one\n      responses:\n        '200': {$ref: '#/components/responses/None'}\n        '404':\n          description: d\n          content: {application/json: {schema: {$ref: '#/components/schemas/None'}}}\n",
    );
    let one = contract.operation("one").expect("used");
    assert_eq!(one.responses.len(), 2);
    let schema = one.responses[1].content[0].schema.as_ref().expect("has one");
    let validator = contract.validator(&schema.pointer, Direction::Response).expect("compiles");
    assert!(validator.is_valid(&json!({"any": "thing"})));
    assert_eq!(faults(&contract).len(), 2);
}

#[test]
fn values_of_the_wrong_kind_are_read_as_they_are_meant_or_set_aside() {
    let contract = load(
        "paths:\n  /a:\n    get:\n      operationId: one\n      tags: pets\n      responses:\n        success: {description: d}\n        2xx: {description: d}\ncomponents:\n  schemas:\n    A: {type: String, maxLength: '20', minLength: few, required: true, nullable: 'true', description: 5, format: null}\n    B: {type: object, properties: [], required: [a, 1]}\n    C: just text\n",
    );
    assert_eq!(contract.operation("one").expect("used").responses.len(), 1);
    let schema = contract.at("#/components/schemas/A").expect("there");
    assert_eq!(
        (&schema["type"], &schema["maxLength"], &schema["nullable"]),
        (&json!("string"), &json!(20), &json!(true))
    );
    assert_eq!(
        (&schema["x-original-minLength"], &schema["x-original-required"]),
        (&json!("few"), &json!(true))
    );
    assert_eq!(schema.get("minLength"), None);
    assert_eq!(
        contract.at("#/components/schemas/B"),
        Some(&json!({"type": "object", "properties": {}, "required": ["a", "1"]}))
    );
    let faults = faults(&contract);
    for place in [
        "#/components/schemas/A/minLength",
        "#/components/schemas/A/type",
        "#/components/schemas/C",
        "#/paths/~1a/get/responses/success",
    ] {
        assert!(faults.contains(&place), "{place} in {faults:?}");
    }
}

#[test]
fn a_scheme_that_nobody_defines_is_not_demanded() {
    let contract = load("security: [{Nope: []}]\npaths:\n  /a: {get: {operationId: one, responses: {}}}\n");
    assert_eq!(contract.operation("one").expect("used").security, [Vec::new()]);
    assert_eq!(faults(&contract), ["#/security/0/Nope"]);
}

#[test]
fn what_is_right_has_no_faults() {
    let contract = load("paths:\n  /a: {get: {operationId: one, responses: {}}}\n");
    assert_eq!(contract.losses(), []);
    contract.refuse_faults().expect("nothing is wrong");
}
