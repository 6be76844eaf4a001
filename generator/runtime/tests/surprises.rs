//! What a partner writes otherwise than promised is read, and goes back as it came.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::collections::BTreeMap;

use driftline_runtime::{
    AdditionalProperties, Base64, Date, DateTime, Nullable, Number, Sensitive, Tuple, Unrecognized,
    UnrecognizedValue, Uuid, decode, object, open_enum, union,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq)]
enum Status {
    Draft,
    Unrecognized(Unrecognized),
}
open_enum! { Status { Draft = "draft" } }

#[derive(Debug, Clone, PartialEq)]
enum Pay {
    Codes(Vec<i64>),
    Card(Card),
    Unrecognized(UnrecognizedValue),
}
union! { Pay { Codes: array [] [], Card: object ["digits"] ["digits"] } }

#[derive(Debug, Clone, PartialEq)]
struct Card {
    digits: u64,
    additional_properties: AdditionalProperties,
}
object! { Card { required_integers digits = "digits" } }

#[derive(Debug, Clone, PartialEq)]
struct All {
    status: Status,
    since: Date,
    at: DateTime,
    id: Uuid,
    file: Base64,
    premium: Number,
    count: i64,
    size: Option<u64>,
    age: Option<Nullable<i64>>,
    ranks: Vec<Sensitive<i64>>,
    names: Vec<String>,
    sums: BTreeMap<String, u64>,
    pay: Pay,
    pair: Tuple<(i64, String)>,
    additional_properties: AdditionalProperties,
}
object! {
    All {
        required status = "status",
        required since = "since",
        required at = "at",
        required id = "id",
        required file = "file",
        required premium = "premium",
        required_integers count = "count",
        optional_integers size = "size",
        nullable_integers age = "age",
        list_integers ranks = "ranks",
        list names = "names",
        list_integers sums = "sums",
        required pay = "pay",
        required pair = "pair",
    }
}

fn promised() -> Value {
    json!({
        "status": "draft", "since": "2026-01-31", "at": "2026-01-31T09:30:00+05:30",
        "id": "67E55044-10B1-426F-9247-BB680E5FE0C8", "file": "JVBERg==", "premium": 42.5, "count": 1, "size": 2,
        "age": 3, "ranks": [1], "names": ["N"], "sums": {"a": 1}, "pay": [4, 1, 0], "pair": [1, "x"],
    })
}

/// Reads a value in every way in which it can be read, and writes it again.
fn again<T: DeserializeOwned + Serialize>(value: &Value) -> Value {
    let text = value.to_string();
    let read: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let written = serde_json::to_value(&read).unwrap();
    let other = serde_json::to_value(serde_json::from_value::<T>(value.clone()).unwrap()).unwrap();
    assert_eq!(written, other);
    written
}

fn with(name: &str, value: Value) -> Value {
    let mut whole = promised();
    whole[name] = value;
    whole
}

#[test]
fn a_null_comes_back_wherever_a_value_need_not_be_invented() {
    let nullable = [
        "status", "since", "at", "id", "file", "premium", "size", "age", "ranks", "names", "sums", "pay",
        "pair",
    ];
    for name in nullable {
        let drifted = with(name, Value::Null);
        assert_eq!(again::<All>(&drifted), drifted, "{name}");
    }
    let read: All = serde_json::from_value(with("names", Value::Null)).unwrap();
    assert!(read.names.is_empty() && read.additional_properties.was_null("names"));
    assert!(!read.additional_properties.was_null("ranks"));
    assert!(serde_json::from_value::<All>(with("id", Value::Null)).unwrap().id.to_uuid().is_err());
    // An integer would have to be invented.
    let refused = decode::from_slice::<All>(with("count", Value::Null).to_string().as_bytes()).unwrap_err();
    assert_eq!(refused.to_string(), "expected an integer, found null at /count");
}

#[test]
fn a_list_that_has_to_be_there_and_is_not_is_empty_until_something_is_put_in() {
    let mut drifted = promised();
    drifted.as_object_mut().unwrap().remove("names");
    assert_eq!(again::<All>(&drifted), drifted);
    let mut read: All = serde_json::from_value(drifted).unwrap();
    read.names.push("N".to_owned());
    assert_eq!(serde_json::to_value(&read).unwrap()["names"], json!(["N"]));
    let mut drifted = promised();
    drifted.as_object_mut().unwrap().remove("count");
    let refused = decode::from_slice::<All>(drifted.to_string().as_bytes()).unwrap_err();
    assert_eq!(refused.to_string(), "missing property `count` at the root");
}

#[test]
fn an_integer_is_one_however_it_is_written() {
    for (name, drifted, meant) in [
        ("count", json!(42.0), json!(42)),
        ("count", json!(4.2e1), json!(42)),
        ("count", json!(-9007199254740992.0), json!(-9007199254740992_i64)),
        ("size", json!(1e19), json!(10_000_000_000_000_000_000_u64)),
        ("age", json!(7.0), json!(7)),
        ("ranks", json!([1.0, 2]), json!([1, 2])),
        ("sums", json!({"a": 3.0}), json!({"a": 3})),
        ("pay", json!([4.0]), json!([4])),
        ("pay", json!({"digits": 12.0}), json!({"digits": 12})),
        ("pair", json!([1.0, "x"]), json!([1, "x"])),
    ] {
        assert_eq!(again::<All>(&with(name, drifted)), with(name, meant), "{name}");
    }
    assert_eq!(decode::from_slice::<Vec<i64>>(b"[1.0,2]").unwrap(), [1, 2]);
    for (name, drifted) in
        [("count", json!(1.5)), ("count", json!(1.8446744073709552e19)), ("size", json!(-1.0))]
    {
        let refused = decode::from_slice::<All>(with(name, drifted).to_string().as_bytes()).unwrap_err();
        assert_eq!(refused.path(), format!("/{name}"));
    }
}

#[test]
fn what_is_promised_as_an_enum_may_be_anything() {
    for drifted in
        [json!("lost"), json!(3), json!(1.5), json!(true), json!(["draft"]), json!({"is": "draft"})]
    {
        assert_eq!(again::<All>(&with("status", drifted.clone())), with("status", drifted));
    }
    let statuses: Vec<Status> = serde_json::from_value(json!(["lost", 3, null])).unwrap();
    assert_eq!(statuses.iter().map(Status::as_str).collect::<Vec<_>>(), ["lost", "3", "null"]);
    assert_eq!(size_of::<Status>(), 8);
}

#[test]
fn text_and_large_numbers_survive_to_the_letter() {
    for (name, value) in [
        ("at", json!("2026-01-31t09:30:00.1200-00:00")),
        ("at", json!("yesterday")),
        ("id", json!("A-17")),
        ("since", json!("31.1.2026")),
        ("premium", json!(9_007_199_254_740_993_u64)),
        ("premium", json!(1.8446744073709552e19)),
        ("count", json!(9_007_199_254_740_993_i64)),
        ("size", json!(u64::MAX)),
    ] {
        assert_eq!(again::<All>(&with(name, value.clone())), with(name, value));
    }
}

#[derive(Debug, PartialEq)]
struct Lean {
    id: String,
    parts: Vec<i64>,
}
object! { Lean only { required id = "id", list_integers parts = "parts" } }

#[test]
fn a_type_that_keeps_nothing_drops_what_is_undeclared() {
    let read: Lean = serde_json::from_str(r#"{"id":"1","new":{"deep":[1]},"parts":null}"#).unwrap();
    assert_eq!(read, Lean { id: "1".to_owned(), parts: vec![] });
    assert_eq!(serde_json::to_string(&read).unwrap(), r#"{"id":"1","parts":[]}"#);
    assert!(serde_json::from_str::<Lean>(r#"{"parts":[]}"#).is_err());
    assert_eq!(size_of::<AdditionalProperties>(), size_of::<usize>());
}
