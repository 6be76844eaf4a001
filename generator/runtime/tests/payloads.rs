//! What was read can be written back, and surprises do not stop a payload.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use driftline_runtime::{
    AdditionalProperties, Base64, Date, DateTime, Nullable, Number, Sensitive, Unrecognized, decode, object,
    open_enum,
};
use proptest::prelude::*;
use serde_json::{Value, json};

#[derive(Debug, Clone, PartialEq)]
enum Status {
    Draft,
    Unrecognized(Unrecognized),
}
open_enum! {
    Status {
        Draft = "draft",
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Policy {
    id: String,
    closed: Nullable<DateTime>,
    status: Option<Status>,
    premium: Option<Number>,
    ssn: Option<Sensitive<String>>,
    born: Option<Nullable<Date>>,
    file: Option<Base64>,
    parts: Option<Vec<Policy>>,
    additional_properties: AdditionalProperties,
}
object! {
    Policy {
        required id = "id",
        required closed = "closed at",
        optional status = "status",
        optional premium = "premium",
        optional ssn = "ssn",
        nullable born = "born",
        optional file = "file",
        optional parts = "parts",
    }
}

fn round_trip(value: &Value) -> Result<Value, driftline_runtime::DecodeError> {
    let bytes = decode::round_trip::<Policy>(value.to_string().as_bytes())?;
    Ok(serde_json::from_slice(&bytes).unwrap())
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e12..1e12_f64).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"\\\\\u{e9}]{0,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn policy() -> impl Strategy<Value = Value> {
    let optional = |strategy: BoxedStrategy<Value>| prop::option::of(strategy);
    let fields = (
        optional(
            prop_oneof![Just(json!("draft")), "\\PC{0,8}".prop_map(Value::from), Just(Value::Null)].boxed(),
        ),
        optional(
            prop_oneof![any::<i64>().prop_map(Value::from), (-1e9..1e9_f64).prop_map(Value::from)].boxed(),
        ),
        optional(
            prop_oneof![Just(json!("2026-02-30")), Just(json!("1990-01-01")), Just(Value::Null)].boxed(),
        ),
        optional(json_value().boxed()),
        prop_oneof![
            Just(Value::Null),
            Just(json!("2026-01-31T09:30:00.120+05:30")),
            Just(json!("2026-01-31t09:30:00z"))
        ],
    );
    let one = fields.prop_map(|(status, premium, born, more, closed)| {
        let mut policy = json!({"id": "P", "closed at": closed});
        for (name, value) in
            [("status", status), ("premium", premium), ("born", born), ("more \" to come", more)]
        {
            if let Some(value) = value {
                policy[name] = value;
            }
        }
        policy
    });
    (one.clone(), prop::collection::vec(one, 0..3)).prop_map(|(mut policy, parts)| {
        policy["parts"] = Value::from(parts);
        policy
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documented_and_surprising_payloads_come_back_unchanged(policy in policy()) {
        prop_assert_eq!(round_trip(&policy).unwrap(), policy);
    }

    #[test]
    fn no_input_makes_decoding_panic_and_no_error_shows_a_value(text in "\\PC{0,64}") {
        let _ = decode::from_slice::<Policy>(text.as_bytes());
        let secret = json!({"id": "P", "closed at": null, "premium": format!("{text}900-00-0001")});
        let error = round_trip(&secret).unwrap_err();
        prop_assert!(!error.to_string().contains("900-00"), "{}", error);
        prop_assert_eq!(error.path(), "/premium");
    }
}

#[test]
fn a_failure_names_its_place() {
    let cases = [
        (json!({"closed at": null}), "", "missing property `id`"),
        (json!({"id": 1, "closed at": null}), "/id", "expected a string, found an integer"),
        (
            json!({"id": "P", "closed at": null, "parts": [{"id": "Q", "closed at": []}]}),
            "/parts/0/closed at",
            "found an array",
        ),
        (json!({"id": "P", "closed at": null, "parts": {}}), "/parts", "expected an array, found an object"),
        (json!([]), "", "expected an object (Policy), found an array"),
    ];
    for (body, path, message) in cases {
        let error = round_trip(&body).unwrap_err();
        assert_eq!(error.path(), path, "{error}");
        assert!(error.message().contains(message), "{error}");
    }
    let error = decode::from_slice::<Policy>(b"{\"id\": ").unwrap_err();
    assert!(error.message().contains("not well-formed JSON"), "{error}");
    let error = decode::from_slice::<Policy>(br#"{"id":"P","closed at":null} trailing"#).unwrap_err();
    assert!(error.message().contains("not well-formed JSON"), "{error}");
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let body = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(decode::from_slice::<Value>(body.as_bytes()).is_err());
}

#[test]
fn a_declared_name_is_written_once_whatever_was_inserted() {
    let mut policy: Policy = serde_json::from_value(json!({"id": "P", "closed at": null})).unwrap();
    policy.additional_properties.insert("id", json!("twice"));
    assert_eq!(serde_json::to_string(&policy).unwrap(), r#"{"id":"P","closed at":null}"#);
}

#[test]
fn nothing_sensitive_prints() {
    let policy: Policy = serde_json::from_value(
        json!({"id": "P", "closed at": null, "ssn": "900-00-0001", "dob": "1990-01-01", "file": "c2VjcmV0"}),
    )
    .unwrap();
    let shown = format!("{policy:?}");
    assert!(!shown.contains("900-00") && !shown.contains("1990") && !shown.contains("c2VjcmV0"), "{shown}");
    assert!(shown.contains("dob"), "names of undeclared properties are shown: {shown}");
}
