//! Validation in the OpenAPI 3.0 sense.

use driftline_specs::{Contract, Direction, Violation};
use serde_json::{Value, json};

fn contract(schemas: Value) -> Contract {
    let document = json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {},
        "components": {"schemas": schemas}});
    Contract::from_text("t.json", &document.to_string()).expect("loads")
}

fn check(schemas: &Value, direction: Direction, value: &Value) -> Vec<Violation> {
    let contract = contract(schemas.clone());
    let validator = contract.validator("#/components/schemas/A", direction).expect("compiles");
    let violations = validator.violations(value);
    assert_eq!(validator.is_valid(value), violations.is_empty(), "the two ways agree");
    violations
}

fn response(schema: Value, value: Value) -> Vec<String> {
    let violations = check(&json!({"A": schema}), Direction::Response, &value);
    violations.into_iter().map(|violation| violation.keyword).collect()
}

#[test]
fn nullable_lets_null_in_wherever_it_stands() {
    let none: [&str; 0] = [];
    for schema in [
        json!({"type": "string", "nullable": true}),
        json!({"type": "string", "enum": ["a"], "nullable": true}),
        json!({"enum": ["a"], "nullable": true}),
        json!({"allOf": [{"type": "object"}], "nullable": true}),
        json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
        json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
        json!({"type": "object", "not": {"required": ["x"]}, "nullable": true}),
    ] {
        assert_eq!(response(schema.clone(), json!(null)), none, "{schema}");
        assert_ne!(response(schema.clone(), json!([])), none, "{schema} says something about others");
        let mut strict = schema.clone();
        strict.as_object_mut().expect("an object").remove("nullable");
        assert_ne!(response(strict, json!(null)), none, "{schema} without nullable");
    }
}

#[test]
fn a_nullable_reference_still_checks_what_it_refers_to() {
    let schemas = json!({
        "A": {"properties": {"b": {"$ref": "#/components/schemas/B", "nullable": true}}},
        "B": {"type": "object", "required": ["c"], "properties": {"c": {"type": "integer"}}},
    });
    assert_eq!(check(&schemas, Direction::Response, &json!({"b": null})), []);
    let violations = check(&schemas, Direction::Response, &json!({"b": {"c": "1"}}));
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].instance, "/b/c");
    assert_eq!(violations[0].schema, "#/components/schemas/B/properties/c");
    let violations = check(&schemas, Direction::Response, &json!({"b": {}}));
    assert_eq!(violations[0].schema, "#/components/schemas/B");
    assert_eq!(violations[0].property.as_deref(), Some("c"));
}

#[test]
fn read_only_and_write_only_depend_on_the_direction() {
    let schemas = json!({
        "A": {"type": "object", "required": ["id", "secret", "name", "at"], "properties": {
            "id": {"type": "string", "readOnly": true},
            "secret": {"type": "string", "writeOnly": true},
            "name": {"type": "string"},
            "at": {"$ref": "#/components/schemas/At"},
        }},
        "At": {"type": "string", "readOnly": true},
    });
    let missing = |direction, value: &Value| -> Vec<String> {
        check(&schemas, direction, value).into_iter().filter_map(|violation| violation.property).collect()
    };
    assert_eq!(missing(Direction::Request, &json!({})), ["secret", "name"]);
    assert_eq!(missing(Direction::Response, &json!({})), ["id", "name", "at"]);
}

#[test]
fn required_in_one_part_and_read_only_in_another_is_seen() {
    let schemas = json!({
        "A": {"allOf": [{"$ref": "#/components/schemas/B"}, {"type": "object", "required": ["id"]}]},
        "B": {"type": "object", "properties": {"id": {"type": "string", "readOnly": true}}},
    });
    assert_eq!(check(&schemas, Direction::Request, &json!({})), []);
    assert_eq!(check(&schemas, Direction::Response, &json!({})).len(), 1);
}

#[test]
fn a_name_that_is_required_twice_is_required() {
    let schema =
        json!({"type": "object", "required": ["a", "b", "a"], "properties": {"a": {"type": "string"}}});
    assert_eq!(response(schema.clone(), json!({"b": 1})), ["required"]);
    assert_eq!(response(schema, json!({"a": "x", "b": 1})), [""; 0]);
}

#[test]
fn formats_are_asserted() {
    for (format, right, wrong) in [
        ("date", "2026-02-28", "2026-02-30"),
        ("date-time", "2026-02-28T10:00:00+01:00", "2026-02-28 10:00"),
        ("email", "a@example.com", "example.com"),
        ("uri", "https://example.com/a", "/a"),
        ("uuid", "0193f1b4-5f0b-7c3a-9d55-0b5c8a2f7e11", "0193f1b4"),
        ("byte", "aGk=", "aGk"),
        ("ipv4", "192.0.2.1", "192.0.2.256"),
        ("ipv6", "2001:db8::1", "2001:db8::g"),
        ("hostname", "api.example.com", "-api"),
    ] {
        let schema = json!({"type": "string", "format": format});
        assert_eq!(response(schema.clone(), json!(right)).len(), 0, "{format}");
        assert_eq!(response(schema, json!(wrong)), ["format"], "{format}");
    }
    for format in ["binary", "password", "float", "of-their-own"] {
        assert_eq!(
            response(json!({"type": "string", "format": format}), json!("anything")).len(),
            0,
            "{format}"
        );
    }
}

#[test]
fn integers_have_the_range_of_their_format() {
    let int32 = json!({"type": "integer", "format": "int32"});
    assert_eq!(response(int32.clone(), json!(i32::MAX)).len(), 0);
    assert_eq!(response(int32, json!(i64::from(i32::MAX) + 1)), ["format"]);
    let int64 = json!({"type": "integer", "format": "int64"});
    assert_eq!(response(int64.clone(), json!(i64::MIN)).len(), 0);
    assert_eq!(response(int64, json!(u64::MAX)), ["format"]);
    assert_eq!(response(json!({"type": "string", "format": "int64"}), json!("12")).len(), 0);
}

#[test]
fn exclusive_bounds_are_flags() {
    let schema = json!({"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 10, "exclusiveMaximum": false});
    assert_eq!(response(schema.clone(), json!(0)), ["exclusiveMinimum"]);
    assert_eq!(response(schema.clone(), json!(10)).len(), 0);
    assert_eq!(response(schema, json!(11)), ["maximum"]);
}

#[test]
fn a_union_is_one_violation() {
    let schema = json!({"oneOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}],
        "discriminator": {"propertyName": "kind"}});
    assert_eq!(response(schema.clone(), json!({"a": 1})).len(), 0);
    assert_eq!(response(schema.clone(), json!({})), ["oneOf"]);
    let violations = check(&json!({"A": schema}), Direction::Response, &json!({"a": 1, "b": 2}));
    assert_eq!(violations[0].schema, "#/components/schemas/A");
    assert_eq!(violations[0].expected, "exactly one of 2 alternatives");
    assert_eq!(violations[0].observed, "object of 2 properties, which matches 2");
}

#[test]
fn every_undeclared_property_is_a_violation_of_its_own() {
    let schema = json!({"type": "object", "properties": {"a": {}}, "additionalProperties": false});
    let violations = check(&json!({"A": schema}), Direction::Response, &json!({"a": 1, "b": 2, "c": 3}));
    let names: Vec<Option<&str>> = violations.iter().map(|violation| violation.property.as_deref()).collect();
    assert_eq!(names, [Some("b"), Some("c")]);
    assert_eq!(violations[0].keyword, "additionalProperties");
    assert_eq!(violations[0].schema, "#/components/schemas/A");
}

#[test]
fn names_with_every_special_character_keep_their_pointers() {
    let schema = json!({"properties": {"a/b~c%d e{f}": {"properties": {"else": {"type": "string"}}, "nullable": true, "allOf": [{}]}}});
    let violations = check(&json!({"A": schema}), Direction::Response, &json!({"a/b~c%d e{f}": {"else": 1}}));
    assert_eq!(violations[0].instance, "/a~1b~0c%d e{f}/else");
    assert_eq!(violations[0].schema, "#/components/schemas/A/properties/a~1b~0c%25d e{f}/properties/else");
    let contract = contract(json!({"A": schema}));
    assert_eq!(contract.at(&violations[0].schema), Some(&json!({"type": "string"})));
}

#[test]
fn a_violation_never_holds_the_value() {
    let schema = json!({"type": "object", "properties": {
        "ssn": {"type": "string", "pattern": "^[0-9]{9}$", "maxLength": 9, "format": "date", "enum": ["x"]},
        "n": {"type": "integer", "maximum": 5, "multipleOf": 2},
        "list": {"type": "array", "maxItems": 1, "uniqueItems": true},
        "u": {"anyOf": [{"type": "integer"}, {"enum": ["y"]}]},
    }});
    let value = json!({"ssn": "900-12-4321", "n": 900_124_321, "list": ["900-12-4321", "900-12-4321"], "u": "900-12-4321"});
    let violations = check(&json!({"A": schema}), Direction::Response, &value);
    assert!(violations.len() >= 8, "{violations:?}");
    assert!(!format!("{violations:?}").contains("4321"), "{violations:?}");
}

#[test]
fn an_item_of_a_tuple_has_its_place() {
    let contract = Contract::from_text(
        "tuple.json",
        &json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": {
            "A": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": ["string", "null"]}]}
        }}})
        .to_string(),
    )
    .expect("valid");
    let validator = contract.validator("#/components/schemas/A", Direction::Response).expect("compiles");
    assert_eq!(validator.violations(&json!([1, null, "more"])), []);
    let violations = validator.violations(&json!([1, 2]));
    assert_eq!(violations.len(), 1);
    assert_eq!((violations[0].instance.as_str(), violations[0].keyword.as_str()), ("/1", "type"));
    assert_eq!(violations[0].schema, "#/components/schemas/A/x-prefix-items/1");
}

#[test]
fn recursion_ends_with_the_value() {
    let schemas = json!({
        "A": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/A"}, "k": {"type": "string"}},
            "oneOf": [{"$ref": "#/components/schemas/B"}]},
        "B": {"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object"}]},
    });
    assert_eq!(check(&schemas, Direction::Response, &json!({"next": {"next": {}}})), []);
    let violations = check(&schemas, Direction::Response, &json!({"next": {"k": 1}}));
    assert!(violations.iter().any(|violation| violation.instance == "/next/k"));
}

#[test]
fn a_schema_that_cannot_be_compiled_is_named() {
    let contract = contract(json!({"A": {"properties": {"a": {"type": "string", "pattern": "("}}}}));
    let error =
        contract.validator("#/components/schemas/A", Direction::Request).expect_err("no such pattern");
    assert!(
        error.pointer().is_some_and(|pointer| pointer.starts_with("#/components/schemas/A/properties/a")),
        "{error}"
    );
    let error = contract.validator("#/components/schemas/B", Direction::Request).expect_err("no such schema");
    assert!(error.to_string().contains("no schema at this pointer"), "{error}");
}
