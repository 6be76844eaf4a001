//! Values of component schemas through types and back: what is lost is found, made small, and named.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use driftline_conformance::DecodeFailure;
use driftline_conformance::round_trip::{Again, Codec, Options, SchemaTrips, round_trips};
use driftline_specs::Contract;
use serde_json::{Value, json};

/// Types made of a function.
struct Types<F>(F);

impl<F: FnMut(&str, Value) -> Option<Result<Again, DecodeFailure>>> Codec for Types<F> {
    fn again(&mut self, schema: &str, value: &Value) -> Option<Result<Again, DecodeFailure>> {
        (self.0)(schema, value.clone())
    }
}

fn same(value: Value) -> Option<Result<Again, DecodeFailure>> {
    Some(Ok(Again { value, unrecognized: false, violations: Vec::new() }))
}

fn contract() -> Contract {
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let content = |name: &str| json!({ "application/json": { "schema": schema(name) } });
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "1" },
        "paths": { "/pets": { "post": {
            "operationId": "addPet",
            "requestBody": { "content": content("NewPet") },
            "responses": { "201": { "description": "Made.", "content": content("Pet") } }
        } } },
        "components": { "schemas": {
            "NewPet": { "type": "object", "required": ["id", "name"], "properties": {
                "id": { "type": "integer", "readOnly": true },
                "name": { "type": "string" },
                "pass": { "type": "string", "writeOnly": true } } },
            "Pet": { "type": "object", "required": ["id", "owner", "pass"], "properties": {
                "id": { "type": "integer", "readOnly": true },
                "pass": { "type": "string", "writeOnly": true },
                "owner": schema("Owner"),
                "tags": { "type": "array", "items": { "type": "string" } } } },
            "Owner": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string", "nullable": true },
                "town": { "type": "string" } } },
            "Endless": { "type": "object", "required": ["next"], "properties": { "next": schema("Endless") } },
            "Either": { "oneOf": [
                { "type": "object", "properties": { "a": { "type": "string" } } },
                { "type": "object", "properties": { "b": { "type": "string" } } }] },
            "Never": { "type": "string", "enum": ["long"], "maxLength": 2 }
        } }
    });
    Contract::from_text("pets.json", &document.to_string()).unwrap()
}

/// What became of the values of each schema.
struct Tried(Vec<SchemaTrips>);

impl Tried {
    fn of(&self, name: &str) -> &SchemaTrips {
        self.0.iter().find(|it| it.schema.ends_with(&format!("/{name}"))).unwrap()
    }
}

fn tried(codec: impl FnMut(&str, Value) -> Option<Result<Again, DecodeFailure>>) -> Tried {
    let options = Options { values: 8, seed: 1, drifted: false };
    let mut told = 0;
    let trips = round_trips(&contract(), &mut Types(codec), options, &mut |_| told += 1);
    assert_eq!(told, trips.len());
    Tried(trips)
}

#[test]
fn types_that_lose_nothing_have_no_miss_and_what_has_no_value_is_named() {
    let mut seen: Vec<(String, Value)> = Vec::new();
    let trips = tried(|schema, value| {
        seen.push((schema.to_owned(), value.clone()));
        same(value)
    });
    for name in ["NewPet", "Pet", "Owner"] {
        let trips = trips.of(name);
        assert_eq!((trips.values, trips.same), (8, 8), "{name}: {trips:?}");
        assert!(trips.misses.is_empty() && trips.untried.is_none());
    }
    assert_eq!(trips.of("Endless").values, 0);
    assert!(trips.of("Endless").untried.as_ref().unwrap().contains("no finite value"));
    let either = trips.of("Either");
    assert!(either.ambiguous && either.values > 0 && either.same == either.values, "{either:?}");
    assert!(!trips.of("Pet").ambiguous);
    assert!(trips.of("Never").untried.as_ref().unwrap().contains("maxLength"), "{:?}", trips.of("Never"));
    let has = |schema: &str, property: &str| {
        let mut of = seen.iter().filter(|(it, _)| it.ends_with(&format!("/{schema}")));
        of.any(|(_, value)| value.get(property).is_some())
    };
    // What travels one way only is in the values of that way.
    assert!(has("NewPet", "pass") && !has("NewPet", "id"));
    assert!(has("Pet", "id") && !has("Pet", "pass"));
    assert!(has("Pet", "undeclared property"));
    assert!(
        seen.iter().any(|(_, value)| value.get("name") == Some(&Value::Null)),
        "null where it is allowed"
    );
}

#[test]
fn a_lost_null_is_found_with_its_place_and_the_smallest_value_that_shows_it() {
    let trips = tried(|schema, mut value| {
        let owner = if schema.ends_with("/Owner") { Some(&mut value) } else { value.get_mut("owner") };
        if let Some(owner) = owner.and_then(Value::as_object_mut)
            && owner["name"].is_null()
        {
            owner.remove("name");
        }
        same(value)
    });
    let owner = trips.of("Owner");
    assert!(owner.same < owner.values && owner.same > 0);
    let [miss] = owner.misses.as_slice() else { panic!("one miss: {owner:?}") };
    assert_eq!(miss.value, json!({ "name": null }));
    assert_eq!(miss.location, "/name");
    assert_eq!(miss.place, "#/components/schemas/Owner/properties/name");
    assert!(miss.reason.contains("lacks it") && !miss.harmless, "{miss:?}");
    // The same cause inside another schema leads to the same place.
    let inside = &trips.of("Pet").misses;
    assert!(inside.iter().all(|it| it.place == miss.place && it.location == "/owner/name"), "{inside:?}");
}

#[test]
fn a_refused_value_and_an_unrecognised_one_are_different_things() {
    let trips = tried(|schema, value| {
        if schema.ends_with("/Pet") && value.get("tags").is_some_and(|tags| tags != &json!([])) {
            let failure =
                DecodeFailure { path: "/tags/0".to_owned(), message: "expected a number".to_owned() };
            return Some(Err(failure));
        }
        let unrecognized = schema.ends_with("/Owner");
        Some(Ok(Again { value, unrecognized, violations: Vec::new() }))
    });
    let pet = trips.of("Pet");
    assert!(pet.same < pet.values);
    assert_eq!(pet.misses.len(), 1, "{pet:?}");
    assert_eq!(pet.misses[0].place, "#/components/schemas/Pet/properties/tags/items");
    assert_eq!(pet.misses[0].value["tags"], json!([""]));
    assert!(pet.misses[0].reason.contains("expected a number"));
    let owner = trips.of("Owner");
    assert_eq!((owner.same, owner.unrecognized), (owner.values, owner.values));
    assert!(owner.misses[0].harmless);
}

#[test]
fn numbers_are_compared_by_value_and_the_same_seed_gives_the_same_values() {
    let values = || {
        let mut seen = Vec::new();
        let trips = tried(|_, mut value| {
            seen.push(value.clone());
            if let Some(id) = value.get("id").and_then(Value::as_f64) {
                value["id"] = json!(id);
            }
            same(value)
        });
        assert!(trips.of("Pet").misses.is_empty(), "{:?}", trips.of("Pet"));
        seen
    };
    assert_eq!(values(), values());
}

#[test]
fn a_schema_without_a_type_is_named() {
    let trips = tried(|schema, value| if schema.ends_with("/Owner") { None } else { same(value) });
    assert_eq!(trips.of("Owner").values, 0);
    assert!(trips.of("Owner").untried.as_ref().unwrap().contains("no type"));
}
