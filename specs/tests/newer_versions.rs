//! OpenAPI 3.1 and 3.2: what becomes of what 3.0 does not know.

use driftline_specs::{Contract, Direction, LossKind};
use serde_json::{Value, json};

fn contract(schemas: &Value) -> Contract {
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "components": {"schemas": schemas}});
    Contract::from_text("t.json", &document.to_string()).expect("loads")
}

fn schema(written: Value) -> Value {
    contract(&json!({"A": written})).at("#/components/schemas/A").expect("there").clone()
}

/// The members without those that only keep what was written.
fn plain(written: Value) -> Value {
    let mut schema = schema(written);
    schema.as_object_mut().expect("an object").retain(|key, _| !key.starts_with("x-"));
    schema
}

/// The places and messages of what OpenAPI 3.0 cannot say.
fn losses(contract: &Contract) -> Vec<(String, String)> {
    contract
        .losses()
        .iter()
        .filter(|loss| loss.kind == LossKind::Form)
        .map(|loss| (loss.pointer.clone(), loss.message.clone()))
        .collect()
}

fn accepts(contract: &Contract, value: &Value) -> bool {
    contract.validator("#/components/schemas/A", Direction::Response).expect("compiles").is_valid(value)
}

#[test]
fn a_type_and_null_is_nullable() {
    assert_eq!(plain(json!({"type": ["string", "null"]})), json!({"nullable": true, "type": "string"}));
    assert_eq!(plain(json!({"type": ["string"]})), json!({"type": "string"}));
    let null = contract(&json!({"A": {"type": "null"}}));
    assert!(accepts(&null, &json!(null)));
    assert!(!accepts(&null, &json!(1)));
}

#[test]
fn several_types_are_alternatives_with_the_keywords_of_each() {
    let written =
        json!({"type": ["string", "array", "null"], "maxLength": 3, "items": {"type": ["integer", "null"]}});
    let contract = contract(&json!({"A": written}));
    let schema = contract.at("#/components/schemas/A").expect("there");
    assert_eq!(schema.pointer("/anyOf/0"), Some(&json!({"type": "string", "maxLength": 3})));
    assert_eq!(schema.pointer("/anyOf/1/items/nullable"), Some(&json!(true)));
    for (value, valid) in [
        (json!("abc"), true),
        (json!("abcd"), false),
        (json!([1, null]), true),
        (json!(null), true),
        (json!({}), false),
    ] {
        assert_eq!(accepts(&contract, &value), valid, "{value}");
    }
    assert_eq!(contract.losses(), []);
}

#[test]
fn an_enum_of_several_types_says_enough() {
    assert_eq!(
        plain(json!({"type": ["string", "integer"], "enum": ["a", 1, true]})),
        json!({"enum": ["a", 1]})
    );
    assert_eq!(plain(json!({"type": ["integer", "number"]})), json!({"type": "number"}));
}

#[test]
fn constants_examples_and_bounds_take_their_older_forms() {
    assert_eq!(plain(json!({"const": "card"})), json!({"type": "string", "enum": ["card"]}));
    assert_eq!(plain(json!({"examples": [1, 2]})), json!({"example": 1}));
    assert_eq!(
        plain(json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 10, "maximum": 5})),
        json!({"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 5})
    );
    assert_eq!(plain(json!({"enum": ["a", null]})), json!({"enum": ["a"], "nullable": true}));
}

#[test]
fn an_alternative_that_is_null_makes_the_rest_nullable() {
    let contract = contract(&json!({
        "A": {"anyOf": [{"$ref": "#/components/schemas/B"}, {"type": "null"}], "description": "d"},
        "B": {"title": "B", "oneOf": [{"type": "null"}, {"type": "string", "maxLength": 2}]},
        "C": {"oneOf": [{"type": "null"}, {"type": "string"}, {"type": "integer"}]},
        "D": {"anyOf": [{"$ref": "#/components/schemas/B"}, {"nullable": true, "description": "or null"}]},
        "E": {"anyOf": [{"nullable": true}]},
    }));
    assert_eq!(
        contract.at("#/components/schemas/A"),
        Some(&json!({"description": "d", "nullable": true, "allOf": [{"$ref": "#/components/schemas/B"}]}))
    );
    assert_eq!(
        contract.at("#/components/schemas/B"),
        Some(&json!({"title": "B", "nullable": true, "type": "string", "maxLength": 2}))
    );
    assert_eq!(
        contract.at("#/components/schemas/C"),
        Some(&json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}))
    );
    assert_eq!(
        contract.at("#/components/schemas/D"),
        Some(&json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/B"}]}))
    );
    assert_eq!(contract.at("#/components/schemas/E"), Some(&json!({"anyOf": [{"nullable": true}]})));
}

#[test]
fn places_lead_to_what_was_written() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\ncomponents:\n  schemas:\n    A:\n      oneOf:\n        - type: 'null'\n        - type: string\n          maxLength: 2\n    B:\n      type: [string, array]\n      items:\n        type: string\n    C:\n      $defs:\n        D:\n          type: string\n      $ref: '#/components/schemas/C/$defs/D'\n";
    let contract = Contract::from_text("t.yaml", text).expect("loads");
    let line = |pointer: &str| contract.position(pointer).map(|position| position.line);
    assert_eq!(line("#/components/schemas/A/maxLength"), Some(9));
    assert_eq!(line("#/components/schemas/B/anyOf/1/items/type"), Some(13));
    assert_eq!(line("#/components/schemas/C_D/type"), Some(17));
    assert_eq!(line("#/components/schemas/C/$ref"), Some(18));
}

#[test]
fn encodings_are_formats() {
    assert_eq!(
        plain(json!({"type": "string", "contentEncoding": "base64"})),
        json!({"type": "string", "format": "byte"})
    );
    assert_eq!(
        plain(json!({"type": "string", "contentMediaType": "application/octet-stream"})),
        json!({"type": "string", "format": "binary"})
    );
    let odd = contract(&json!({"A": {"type": "string", "contentEncoding": "base32"}}));
    assert_eq!(losses(&odd)[0].0, "#/components/schemas/A/contentEncoding");
}

#[test]
fn booleans_are_schemas() {
    let contract = contract(&json!({"A": {"type": "object", "properties": {"any": true, "none": false},
        "additionalProperties": false}}));
    assert_eq!(contract.at("#/components/schemas/A/properties/any"), Some(&json!({})));
    assert!(accepts(&contract, &json!({"any": 1})));
    assert!(!accepts(&contract, &json!({"none": 1})));
    assert!(!accepts(&contract, &json!({"other": 1})));
}

#[test]
fn a_tuple_is_a_list_of_any_of_its_items_that_knows_their_places() {
    let tuple = contract(
        &json!({"A": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}], "items": false}}),
    );
    let schema = tuple.at("#/components/schemas/A").expect("there");
    assert_eq!(schema.get("maxItems"), Some(&json!(2)));
    assert_eq!(schema.pointer("/x-prefix-items/1/type"), Some(&json!("string")));
    assert!(accepts(&tuple, &json!([1, "a"])));
    assert!(!accepts(&tuple, &json!([1, "a", 2])));
    assert!(!accepts(&tuple, &json!(["a", 1])));
    assert_eq!(tuple.losses(), []);
    let rest = contract(
        &json!({"A": {"type": "array", "prefixItems": [{"type": "number"}], "items": {"type": "string"}}}),
    );
    assert!(accepts(&rest, &json!([1, "a", "b"])));
    assert!(!accepts(&rest, &json!(["a"])));
    assert_eq!(losses(&rest)[0].0, "#/components/schemas/A/items");
    let pair = contract(
        &json!({"A": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "number"}], "maxItems": 2}}),
    );
    assert_eq!(pair.at("#/components/schemas/A/items"), Some(&json!({"type": "number"})));
    let open = contract(&json!({"A": {"type": "array", "prefixItems": [{"type": "number"}]}}));
    assert!(accepts(&open, &json!([1, "what follows is not said"])));
}

#[test]
fn maps_by_pattern_are_maps() {
    let all = contract(&json!({"A": {"type": "object", "patternProperties": {"^.*$": {"type": "integer"}}}}));
    assert_eq!(all.at("#/components/schemas/A/additionalProperties"), Some(&json!({"type": "integer"})));
    assert_eq!(all.losses(), []);
    let closed = contract(
        &json!({"A": {"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": false}}),
    );
    assert_eq!(closed.at("#/components/schemas/A/additionalProperties"), Some(&json!({"type": "integer"})));
    assert_eq!(losses(&closed).len(), 1);
    let open = contract(&json!({"A": {"patternProperties": {"^a": {"type": "integer"}}}}));
    assert_eq!(open.at("#/components/schemas/A/additionalProperties"), None);
    assert_eq!(losses(&open)[0].0, "#/components/schemas/A/patternProperties");
}

#[test]
fn each_keyword_that_has_no_word_is_a_loss_at_its_place_and_kept() {
    for (keyword, value) in [
        ("if", json!({"required": ["a"]})),
        ("dependentSchemas", json!({"a": {}})),
        ("dependentRequired", json!({"a": ["b"]})),
        ("propertyNames", json!({"maxLength": 3})),
        ("contains", json!({"type": "string"})),
        ("unevaluatedProperties", json!(false)),
        ("$dynamicRef", json!("#nobody")),
    ] {
        let contract = contract(&json!({"A": {"allOf": [{"type": "object"}], keyword: value}}));
        let losses = losses(&contract);
        assert_eq!(losses.len(), 1, "{keyword}: {losses:?}");
        assert_eq!(losses[0].0, format!("#/components/schemas/A/{keyword}"));
        let kept = contract.at("#/components/schemas/A").and_then(Value::as_object).expect("an object");
        assert!(kept.iter().any(|(key, kept)| key.starts_with("x-") && *kept == value), "{kept:?}");
    }
    assert_eq!(
        plain(json!({"type": "object", "unevaluatedProperties": false}))["additionalProperties"],
        json!(false)
    );
}

#[test]
fn definitions_become_components_and_references_follow() {
    let contract = contract(&json!({
        "A": {"properties": {"b": {"$ref": "#/$defs/B"}, "c": {"$ref": "#/components/schemas/A/$defs/C"}, "d": {"$ref": "#d"}},
            "$defs": {"B": {"type": "string"}, "C": {"items": {"$ref": "#/components/schemas/A/$defs/B"}}}},
        "D": {"$anchor": "d", "type": "integer"},
        "E": {"$id": "https://example.com/e", "type": "boolean"},
        "F": {"items": {"$ref": "https://example.com/e"}},
    }));
    let leads = |pointer: &str| contract.resolve(pointer).expect("leads somewhere").0;
    assert_eq!(leads("#/components/schemas/A/properties/b"), "#/components/schemas/A_B");
    assert_eq!(leads("#/components/schemas/A/properties/c"), "#/components/schemas/A_C");
    assert_eq!(leads("#/components/schemas/A_C/items"), "#/components/schemas/A_B");
    assert_eq!(leads("#/components/schemas/A/properties/d"), "#/components/schemas/D");
    assert_eq!(leads("#/components/schemas/F/items"), "#/components/schemas/E");
    assert_eq!(contract.losses(), []);
}

#[test]
fn what_only_newer_documents_have_is_kept_and_told() {
    let text = "openapi: 3.2.0
$self: https://example.com/api
info: {title: T, version: '1', summary: s, license: {name: MIT, identifier: MIT}}
jsonSchemaDialect: https://example.com/dialect
webhooks:
  done: {post: {responses: {'200': {description: ok}}}}
security: [{cert: []}]
paths:
  /a:
    $ref: '#/components/pathItems/A'
  /b:
    query: {operationId: ask, responses: {}}
    additionalOperations:
      COPY: {responses: {}}
    get:
      parameters: [{name: q, in: querystring, content: {application/json: {}}}]
      responses: {}
    post:
      responses:
        '200':
          description: ok
          content: {application/jsonl: {itemSchema: {type: object}}}
components:
  pathItems:
    A: {get: {operationId: getA, responses: {}}}
  securitySchemes:
    cert: {type: mutualTLS}
";
    let contract = Contract::from_text("t.yaml", text).expect("loads");
    let ids: Vec<&str> = contract.operations().iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["getA", "postB"]);
    assert_eq!(contract.position("#/paths/~1a/get/operationId").expect("known").line, 25);
    let refused: Vec<&str> = contract.refusals().iter().map(|refusal| refusal.operation.as_str()).collect();
    assert_eq!(refused, ["ask", "COPY /b", "GET /b"]);
    let lost: Vec<String> = losses(&contract).into_iter().map(|(pointer, _)| pointer).collect();
    for place in [
        "#/jsonSchemaDialect",
        "#/paths/~1b/post/responses/200/content/application~1jsonl/itemSchema",
        "#/components/securitySchemes/cert",
    ] {
        assert!(lost.iter().any(|lost| lost == place), "{place} in {lost:?}");
    }
    assert!(contract.at("#/x-webhooks/done/post").is_some());
}

#[test]
fn a_list_under_items_is_a_tuple_whose_references_are_followed() {
    let swagger = Contract::from_text(
        "tuple.json",
        &json!({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {}, "definitions": {
            "A": {"type": "array", "items": [{"$ref": "#/definitions/B"}, {"type": "object", "properties": {"b": {"$ref": "#/definitions/B"}}}]},
            "B": {"type": "string"},
        }})
        .to_string(),
    )
    .expect("loads");
    assert_eq!(swagger.losses(), []);
    let items = swagger.at("#/components/schemas/A/x-prefix-items").expect("is kept");
    assert_eq!(items.pointer("/0/$ref"), Some(&json!("#/components/schemas/B")));
    assert_eq!(items.pointer("/1/properties/b/$ref"), Some(&json!("#/components/schemas/B")));
}
