//! From schemas to values: everything that is enumerated or drawn is what the contract allows.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::BTreeSet;

use driftline_conformance::strategy::{Coverage, Generator, Node, Stream, changes, draw};
use driftline_specs::{Contract, Direction};
use serde_json::{Map, Value, json};

/// Returns the enumerated and some drawn values of a schema, and how many of them are valid.
fn values(schema: Value) -> (Vec<Value>, Vec<Value>) {
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "1" },
        "paths": {},
        "components": { "schemas": {
            "It": &schema,
            "Tree": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string" },
                "left": { "$ref": "#/components/schemas/Tree" },
                "rest": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } } } },
            "Cat": { "type": "object", "required": ["kind", "lives"], "properties": {
                "kind": { "type": "string" }, "lives": { "type": "integer", "minimum": 1, "maximum": 9 } } },
            "Round": { "type": "object", "required": ["kind", "r"], "properties": {
                "kind": { "type": "string", "enum": ["circle"] }, "r": { "type": "integer" } } },
            "Shape": { "oneOf": [{ "$ref": "#/components/schemas/Line" }, { "$ref": "#/components/schemas/Point" }] },
            "Line": { "type": "object", "required": ["kind", "to"], "properties": {
                "kind": { "type": "string", "enum": ["line"] }, "to": { "type": "integer" } } },
            "Point": { "type": "object", "required": ["kind", "x"], "properties": {
                "kind": { "type": "string", "enum": ["point"] }, "x": { "type": "integer" } } },
            "Dog": { "type": "object", "required": ["kind", "tricks"], "properties": {
                "kind": { "type": "string" }, "tricks": { "type": "array", "items": { "type": "string" } } } }
        } }
    });
    let contract = Contract::from_text("t.json", &document.to_string()).unwrap();
    let validator = contract.validator("#/components/schemas/It", Direction::Request).unwrap();
    let mut generator = Generator::new(contract.clone());
    let node = Node::at("#/components/schemas/It");
    let mut runner = Stream::new(3, &["test"]).runner();
    let coverage = Coverage::of(&mut generator, &node, &mut runner);
    let coverage = coverage.unwrap_or_else(|| panic!("{schema} has values"));
    let enumerated: Vec<Value> = (0..coverage.len()).filter_map(|index| coverage.value(index)).collect();
    let strategy = generator.strategy("", &node, 0).unwrap_or_else(|| panic!("{schema} has values"));
    let drawn: Vec<Value> = (0..60).filter_map(|_| draw(&strategy, &mut runner)).collect();
    assert!(drawn.len() > 50);
    let valid = |values: Vec<Value>| -> Vec<Value> {
        let (all, shown) = (values.len(), format!("{:?}", values.iter().take(4).collect::<Vec<_>>()));
        let valid: Vec<Value> = values.into_iter().filter(|value| validator.is_valid(value)).collect();
        assert!(valid.len() * 4 >= all * 3, "{schema}: {} of {all} valid: {shown}", valid.len());
        valid
    };
    (valid(enumerated), valid(drawn))
}

fn texts(values: &[Value]) -> Vec<&str> {
    values.iter().filter_map(Value::as_str).collect()
}

#[test]
fn strings_keep_to_pattern_length_and_format_and_are_printable() {
    for schema in [
        json!({ "type": "string", "pattern": "^[A-Z]{2}-\\d{4}$" }),
        json!({ "type": "string", "pattern": "^\\S+$", "minLength": 3, "maxLength": 6 }),
        json!({ "type": "string", "pattern": "b+c" }),
        json!({ "type": "string", "pattern": "^(?:yes|no)$" }),
        json!({ "type": "string", "pattern": "^.{4}$" }),
        json!({ "type": "string", "pattern": "^[^/]+/[^/]+$" }),
        json!({ "type": "string", "minLength": 5, "maxLength": 5 }),
        json!({ "type": "string", "maxLength": 0 }),
        json!({ "type": "string", "format": "date" }),
        json!({ "type": "string", "format": "date-time" }),
        json!({ "type": "string", "format": "email", "maxLength": 40 }),
        json!({ "type": "string", "format": "uri" }),
        json!({ "type": "string", "format": "uuid" }),
        json!({ "type": "string", "format": "byte" }),
        json!({ "type": "string", "format": "ipv4" }),
        json!({ "type": "string", "format": "ipv6" }),
        json!({ "type": "string", "format": "hostname" }),
        json!({ "type": "string", "format": "uri-template" }),
        json!({ "type": "string", "format": "unheard-of" }),
        json!({ "type": "string", "maxLength": 9, "pattern": "^(?![0-9a-f]{8}-(?:[)]|\\))$)[a-z][a-z0-9-]*[a-z0-9]$" }),
        json!({ "type": "string", "pattern": "^(?!a)[ab]$", "example": "b" }),
    ] {
        let (enumerated, drawn) = values(schema.clone());
        assert!(!enumerated.is_empty() && drawn.len() > 30, "{schema}");
        for text in texts(&enumerated).into_iter().chain(texts(&drawn)) {
            assert!(!text.chars().any(char::is_control), "{schema} gave {text:?}");
        }
    }
}

#[test]
fn boundaries_come_first() {
    let (enumerated, _) = values(json!({ "type": "string", "minLength": 2, "maxLength": 30 }));
    let lengths: Vec<usize> = texts(&enumerated).iter().map(|text| text.chars().count()).collect();
    for length in [2, 3, 29, 30] {
        assert!(lengths.contains(&length), "{length} in {lengths:?}");
    }
    let (enumerated, _) = values(json!({ "type": "integer", "minimum": 3, "maximum": 900 }));
    for number in [3, 4, 899, 900] {
        assert!(enumerated.contains(&json!(number)), "{number} in {enumerated:?}");
    }
    let (enumerated, _) = values(json!({ "type": "array", "minItems": 1, "maxItems": 5,
        "items": { "type": "boolean" } }));
    let lengths: Vec<usize> = enumerated.iter().map(|it| it.as_array().unwrap().len()).collect();
    assert!(lengths.contains(&1) && lengths.contains(&5), "{lengths:?}");
}

#[test]
fn numbers_keep_to_their_limits() {
    for schema in [
        json!({ "type": "integer", "minimum": -3, "maximum": 3 }),
        json!({ "type": "integer", "minimum": 5, "exclusiveMinimum": true, "maximum": 7, "exclusiveMaximum": true }),
        json!({ "type": "integer", "multipleOf": 7, "minimum": 1 }),
        json!({ "type": "integer", "format": "int32" }),
        json!({ "type": "integer", "maximum": -10 }),
        json!({ "type": "number", "multipleOf": 0.1 }),
        json!({ "type": "number", "multipleOf": 0.25, "maximum": 2 }),
        json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 0.001 }),
        json!({ "type": "number", "minimum": 1e15 }),
    ] {
        let (enumerated, drawn) = values(schema.clone());
        assert!(!enumerated.is_empty() && drawn.len() > 30, "{schema}");
    }
}

#[test]
fn every_enum_value_boolean_and_null_is_enumerated() {
    let (enumerated, _) = values(json!({ "type": "object", "required": ["a"], "properties": {
        "a": { "type": "string", "enum": ["x", "y", "z"] },
        "b": { "type": "boolean" },
        "c": { "type": "integer", "nullable": true },
        "d": { "type": "string", "nullable": true, "enum": ["p", "q", null] }
    } }));
    let has = |name: &str, value: Value| enumerated.iter().any(|it| it.get(name) == Some(&value));
    for (name, value) in [
        ("a", json!("x")),
        ("a", json!("y")),
        ("a", json!("z")),
        ("b", json!(true)),
        ("b", json!(false)),
        ("c", json!(null)),
        ("d", json!("p")),
        ("d", json!("q")),
        ("d", json!(null)),
    ] {
        assert!(has(name, value.clone()), "{name} = {value}");
    }
    // Each optional property is once absent where the others are there, and once alone.
    for name in ["b", "c", "d"] {
        let absent = |it: &Value| it.get(name).is_none() && it.as_object().unwrap().len() == 3;
        let alone = |it: &Value| it.get(name).is_some() && it.as_object().unwrap().len() == 2;
        assert!(enumerated.iter().any(absent) && enumerated.iter().any(alone), "{name}");
    }
    assert_eq!(enumerated[0].as_object().unwrap().len(), 4, "the fullest value comes first");
    assert_eq!(enumerated[1].as_object().unwrap().len(), 1, "then the least one");
}

#[test]
fn combinators_maps_and_recursion_have_values() {
    for schema in [
        json!({ "allOf": [{ "$ref": "#/components/schemas/Cat" },
            { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }] }),
        json!({ "oneOf": [{ "type": "string", "maxLength": 3 }, { "type": "integer" }] }),
        json!({ "anyOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }] }),
        json!({ "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
            "discriminator": { "propertyName": "kind", "mapping": {
                "cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog" } } }),
        json!({ "type": "string", "not": { "enum": ["never"] } }),
        json!({ "type": "object", "additionalProperties": { "type": "integer" }, "minProperties": 2 }),
        json!({ "type": "object" }),
        json!({}),
        json!({ "$ref": "#/components/schemas/Tree" }),
        json!({ "type": "array", "uniqueItems": true, "minItems": 2, "maxItems": 3,
            "items": { "type": "string", "enum": ["a", "b", "c", "d"] } }),
        json!({ "nullable": true, "allOf": [{ "$ref": "#/components/schemas/Cat" }] }),
    ] {
        let (enumerated, drawn) = values(schema.clone());
        assert!(!enumerated.is_empty() && drawn.len() > 30, "{schema}");
    }
}

#[test]
fn each_item_of_a_tuple_is_what_stands_there() {
    let item = |kind: &str| json!({ "type": kind });
    let closed = json!({ "type": "array", "prefixItems": [item("integer"), item("string"), item("boolean")],
        "items": false, "minItems": 3 });
    let open = json!({ "type": "array", "prefixItems": [item("integer"), item("object")], "minItems": 1 });
    for schema in [closed, open] {
        let (enumerated, drawn) = values(schema.clone());
        for value in enumerated.iter().chain(&drawn) {
            assert!(value.get(0).is_some_and(Value::is_i64), "{schema}: {value}");
        }
        assert!(enumerated.len() > 2 && drawn.iter().any(|value| value.get(1).is_some()));
    }
}

#[test]
fn a_discriminator_names_its_alternative() {
    let (enumerated, drawn) = values(json!({
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        "discriminator": { "propertyName": "kind", "mapping": {
            "cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog" } } }));
    for value in enumerated.iter().chain(&drawn) {
        let wanted = if value.get("lives").is_some() { "cat" } else { "dog" };
        assert_eq!(value["kind"], wanted, "{value}");
    }
}

#[test]
fn an_alternative_that_lists_its_own_tags_keeps_them() {
    // Without a mapping OpenAPI has the schema's name for the tag, but what the schema says itself weighs more.
    let (enumerated, drawn) = values(json!({
        "oneOf": [{ "$ref": "#/components/schemas/Round" }, { "$ref": "#/components/schemas/Shape" }],
        "discriminator": { "propertyName": "kind" } }));
    let tags: BTreeSet<&str> =
        enumerated.iter().chain(&drawn).filter_map(|value| value["kind"].as_str()).collect();
    assert_eq!(tags, BTreeSet::from(["circle", "line", "point"]));
}

#[test]
fn an_alternative_that_is_part_of_its_parent_ends() {
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {},
        "components": { "schemas": {
            "Pet": { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } },
                "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
                "discriminator": { "propertyName": "kind" } },
            "Cat": { "allOf": [{ "$ref": "#/components/schemas/Pet" },
                { "type": "object", "required": ["lives"], "properties": { "lives": { "type": "integer" } } }] },
            "Dog": { "allOf": [{ "$ref": "#/components/schemas/Pet" },
                { "type": "object", "required": ["bark"], "properties": { "bark": { "type": "string" } } }] }
        } }
    });
    let contract = Contract::from_text("t.json", &document.to_string()).unwrap();
    let mut generator = Generator::new(contract);
    let mut runner = Stream::new(1, &[]).runner();
    let strategy = generator.strategy("", &Node::at("#/components/schemas/Pet"), 0).unwrap();
    for _ in 0..20 {
        let pet = draw(&strategy, &mut runner).unwrap();
        let own = if pet["kind"] == "Cat" { "lives" } else { "bark" };
        assert!(pet.get(own).is_some(), "{pet}");
    }
}

#[test]
fn what_is_read_only_is_left_out() {
    let (enumerated, drawn) = values(json!({ "type": "object", "required": ["id", "name"], "properties": {
        "id": { "type": "string", "readOnly": true }, "name": { "type": "string" } } }));
    assert!(enumerated.iter().chain(&drawn).all(|it| it.get("id").is_none() && it.get("name").is_some()));
}

#[test]
fn an_endless_schema_has_no_value_and_does_not_hang() {
    let broad: Map<String, Value> =
        (0..40).map(|n| (format!("p{n}"), json!({ "$ref": "#/components/schemas/Broad" }))).collect();
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {},
        "components": { "schemas": {
            "Endless": { "type": "object", "required": ["next"], "properties": {
                "next": { "$ref": "#/components/schemas/Endless" } } },
            "Wide": { "type": "object", "properties": {
                "a": { "$ref": "#/components/schemas/Wide" }, "b": { "$ref": "#/components/schemas/Wide" },
                "c": { "type": "array", "items": { "$ref": "#/components/schemas/Wide" } },
                "d": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Wide" } } } },
            // Alternatives that lead to each other, members that are the whole, and doubling all the way down.
            "Ping": { "oneOf": vec![json!({ "$ref": "#/components/schemas/Pong" }); 12] },
            "Pong": { "anyOf": vec![json!({ "$ref": "#/components/schemas/Ping" }); 12] },
            "Self": { "allOf": [{ "$ref": "#/components/schemas/Self" }, { "$ref": "#/components/schemas/Self" }] },
            "Broad": { "type": "object", "properties": broad }
        } }
    });
    let contract = Contract::from_text("t.json", &document.to_string()).unwrap();
    let mut generator = Generator::new(contract);
    let mut runner = Stream::new(1, &[]).runner();
    for name in ["Ping", "Pong", "Self"] {
        let node = Node::at(format!("#/components/schemas/{name}"));
        let _ = (generator.strategy("", &node, 0), Coverage::of(&mut generator, &node, &mut runner));
    }
    let endless = Node::at("#/components/schemas/Endless");
    assert!(generator.strategy("", &endless, 0).is_none());
    assert!(Coverage::of(&mut generator, &endless, &mut runner).is_none());
    for name in ["Wide", "Broad"] {
        let node = Node::at(format!("#/components/schemas/{name}"));
        let coverage = Coverage::of(&mut generator, &node, &mut runner).unwrap();
        let strategy = generator.strategy("", &node, 0).unwrap();
        let drawn = (0..10).map(|_| draw(&strategy, &mut runner).unwrap());
        for value in drawn.chain([coverage.value(0).unwrap()]) {
            let size = value.to_string().len();
            assert!(size < 100_000, "{name} {size}");
        }
    }
}

#[test]
fn the_same_stream_draws_the_same_values() {
    let document = json!({ "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {},
        "components": { "schemas": { "It": { "type": "string" } } } });
    let contract = Contract::from_text("t.json", &document.to_string()).unwrap();
    let mut generator = Generator::new(contract);
    let strategy = generator.strategy("", &Node::at("#/components/schemas/It"), 0).unwrap();
    let drawn = |stream: Stream| {
        let mut runner = stream.runner();
        (0..10).map(|_| draw(&strategy, &mut runner).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(drawn(Stream::new(1, &["a"])), drawn(Stream::new(1, &["a"])));
    assert_ne!(drawn(Stream::new(1, &["a"])), drawn(Stream::new(2, &["a"])));
    assert_ne!(drawn(Stream::new(1, &["a"])), drawn(Stream::new(1, &["b"])));
    assert_ne!(drawn(Stream::new(1, &["a"]).nth(0)), drawn(Stream::new(1, &["a"]).nth(1)));
}

#[test]
fn a_known_good_value_is_changed_in_one_property_at_a_time() {
    let schema = json!({ "type": "object", "required": ["name", "size"], "properties": {
        "name": { "type": "string", "minLength": 2, "maxLength": 5 },
        "size": { "type": "integer", "minimum": 1, "maximum": 9 },
        "kind": { "type": "string", "enum": ["a", "b", "c"] },
        "good": { "type": "boolean" },
        "due": { "type": "string", "format": "date", "nullable": true },
        "id": { "type": "string", "readOnly": true },
        "parts": { "type": "array", "items": { "type": "object", "properties": {
            "weight": { "type": "number", "maximum": 2 } } } } } });
    let document = json!({ "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {},
        "components": { "schemas": { "It": schema } } });
    let contract = Contract::from_text("t.json", &document.to_string()).unwrap();
    let validator = contract.validator("#/components/schemas/It", Direction::Request).unwrap();
    let base = json!({ "name": "abc", "size": 4, "kind": "b", "good": true, "parts": [{ "weight": 1 }] });
    let mut generator = Generator::new(contract);
    let node = Node::at("#/components/schemas/It");
    let changes = changes(&mut generator, &node, &base, &mut Stream::new(3, &["test"]).runner());

    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    for change in &changes {
        let value = change.of(&base);
        assert!(validator.is_valid(&value), "{}: {value}", change.location);
        let there = value.pointer(&change.location);
        let written = there.map_or_else(|| "absent".to_owned(), Value::to_string);
        assert!(seen.insert((change.location.clone(), written)), "{value} comes twice");
        // Put back, the value is what it was: nothing else was touched.
        let mut back = value.clone();
        match (there.is_some(), base.pointer(&change.location)) {
            (true, Some(was)) => *back.pointer_mut(&change.location).unwrap() = was.clone(),
            (true, None) => {
                drop(back.as_object_mut().unwrap().shift_remove(change.location.trim_start_matches('/')))
            }
            (false, _) => continue,
        }
        assert_eq!(back, base, "{}", change.location);
    }
    let has = |at: &str, value: &str| seen.contains(&(at.to_owned(), value.to_owned()));
    for (at, value) in [
        ("/kind", "\"a\""),
        ("/kind", "\"c\""),
        ("/kind", "absent"),
        ("/good", "false"),
        ("/good", "absent"),
        ("/size", "1"),
        ("/size", "9"),
        ("/parts", "absent"),
        ("/parts", "[]"),
        ("/parts/0/weight", "absent"),
        ("/parts/0/weight", "2.0"),
    ] {
        assert!(has(at, value), "{at} is never {value}: {seen:?}");
    }
    let lengths: BTreeSet<usize> = changes
        .iter()
        .filter(|it| it.location == "/name")
        .map(|it| it.of(&base)["name"].as_str().unwrap().chars().count())
        .collect();
    assert!(lengths.contains(&2) && lengths.contains(&5), "{lengths:?}");
    assert!(seen.iter().any(|(at, value)| at == "/due" && value != "absent"), "what was not there comes");
    assert!(!seen.iter().any(|(at, value)| (at == "/name" || at == "/size") && value == "absent"));
    assert!(!seen.iter().any(|(at, _)| at == "/id"), "what only the endpoint gives is not sent");
}
