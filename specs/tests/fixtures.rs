//! Fixtures against the contract whose operations they are for.

use std::fs;

use driftline_specs::{Contract, Error, Fixtures, fixtures};

const CONTRACT: &str = "
openapi: 3.0.3
info: {title: Orders, version: '1'}
paths:
  /orders:
    post:
      operationId: order.create
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [items]
              additionalProperties: false
              properties:
                id: {type: string, readOnly: true}
                items: {type: array, items: {type: object, properties: {count: {type: integer, maximum: 9}}}}
      responses: {'201': {description: Done.}}
    get: {operationId: listOrders, responses: {'200': {description: All.}}}
";

/// Reads a folder with these files.
fn load(files: &[(&str, &str)]) -> Result<Fixtures, Error> {
    let folder = tempfile::tempdir().expect("created");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    let contract = Contract::from_text("orders.yaml", CONTRACT).expect("loads");
    fixtures(folder.path(), &contract)
}

#[test]
fn fixtures_are_named_after_their_operations_and_read_in_order() {
    let files = [
        ("order.create.two.json", r#"{"items": [{}, {}]}"#),
        ("order.create.json", r#"{"items": []}"#),
        ("order.create.a.label.json", r#"{"items": [{"count": 1}]}"#),
        ("notes.txt", "no fixture"),
    ];
    let read = load(&files).expect("all fit");
    let bodies = &read["order.create"];
    let counts: Vec<usize> = bodies.iter().map(|it| it["items"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!((read.len(), counts), (1, vec![1, 0, 2]));
}

#[test]
fn a_body_that_the_contract_does_not_allow_is_an_error_with_its_place() {
    let text = "{\n  \"items\": [\n    {\"count\": 1},\n    {\n      \"count\": 10\n    }\n  ]\n}\n";
    let error = load(&[("order.create.json", text)]).expect_err("10 is beyond");
    assert_eq!(error.file().and_then(|it| it.file_name()).expect("named"), "order.create.json");
    assert_eq!((error.line(), error.pointer()), (Some(5), Some("#/items/1/count")));
    assert_eq!(error.expected(), Some("at most 9"));
    assert!(error.advice().is_some_and(|it| it.contains("/count")), "{error}");

    let error =
        load(&[("order.create.json", "{\"items\": [],\n\"colour\": \"crimson\"}")]).expect_err("undeclared");
    assert_eq!((error.line(), error.pointer()), (Some(2), Some("#/colour")));
    assert!(!error.to_string().contains("crimson"), "values are not shown: {error}");

    let error = load(&[("order.create.json", "{}")]).expect_err("incomplete");
    assert_eq!((error.pointer(), error.expected()), (Some("#"), Some("the property \"items\"")));
}

#[test]
fn a_file_that_is_for_nothing_is_an_error() {
    for (name, text, problem) in [
        ("order.json", "{}", "no operation \"order\""),
        ("listOrders.json", "{}", "takes no JSON body"),
        ("order.create.json", "{\"items\": [", "order.create.json"),
    ] {
        let error = load(&[(name, text)]).expect_err(name);
        assert!(error.to_string().contains(problem), "{error}");
    }
}
