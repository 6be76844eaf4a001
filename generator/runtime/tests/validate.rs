//! Constraints are reported with their place and what was expected, and never with a value.

use driftline_runtime::rules::{self, Rules};
use driftline_runtime::{
    AdditionalProperties, Number, Sensitive, Unrecognized, UnrecognizedValue, Validate, object, open_enum,
    union,
};

#[derive(Debug, Clone, PartialEq)]
enum Status {
    Draft,
    Unrecognized(Unrecognized),
}
open_enum! { Status { Draft = "draft" } }

#[derive(Debug, Clone, PartialEq)]
struct Node {
    name: Sensitive<String>,
    code: Option<String>,
    price: Option<Number>,
    count: Option<i64>,
    status: Option<Status>,
    children: Option<Vec<Node>>,
    pay: Option<Pay>,
    secret: Option<String>,
    additional_properties: AdditionalProperties<i64>,
}
object! {
    Node {
        required name = "name",
        optional code = "code",
        optional price = "price",
        optional_integers count = "count",
        optional status = "status",
        optional children = "children",
        optional pay = "pay",
        optional secret = "secret",
    }
    where {
        rules::MaxProperties(7),
        rules::Required(&["secret"]),
        rules::Property("name", &[rules::MinLength(1), rules::MaxLength(3)]),
        rules::Property("code", &[rules::Pattern("^[A-Z]{2}$")]),
        rules::Property("price", &[rules::ExclusiveMinimum("0"), rules::MultipleOf("0.01")]),
        rules::Property("count", &[rules::Minimum("1"), rules::Maximum("9007199254740992")]),
        rules::Property("children", &[
            rules::MaxItems(2),
            rules::UniqueItems,
            rules::Items(&[rules::Type(<Node as rules::Validate>::rules)]),
        ]),
        rules::Property("pay", &[rules::Type(<Pay as rules::Validate>::rules)]),
        rules::Others(&["name", "code", "price", "count", "status", "children", "pay", "secret"], &[
            rules::ExclusiveMaximum("10"),
        ]),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Pay {
    Cash(String),
    Cheque(Vec<String>),
    Unrecognized(UnrecognizedValue),
}
union! {
    Pay { Cash: string [] [], Cheque: array [] [] }
    where {
        rules::Variants(&[("Cash", &[rules::MinLength(2)]), ("Cheque", &[rules::MinItems(1)])]),
    }
}

fn node(name: &str) -> Node {
    Node {
        name: name.into(),
        code: None,
        price: None,
        count: None,
        status: None,
        children: None,
        pay: None,
        secret: Some("S".to_owned()),
        additional_properties: AdditionalProperties::default(),
    }
}

fn found(value: &impl Validate) -> Vec<(String, &'static str)> {
    match value.validate() {
        Ok(()) => Vec::new(),
        Err(invalid) => invalid.violations().iter().map(|it| (it.path.clone(), it.keyword)).collect(),
    }
}

fn one(path: &str, keyword: &'static str) -> Vec<(String, &'static str)> {
    vec![(path.to_owned(), keyword)]
}

#[test]
fn each_constraint_is_reported_where_it_is_violated() {
    assert_eq!(found(&node("äöü")), []);
    assert_eq!(found(&node("")), one("/name", "minLength"));
    assert_eq!(found(&node("long")), one("/name", "maxLength"));
    let with = |change: fn(&mut Node)| {
        let mut node = node("N");
        change(&mut node);
        found(&node)
    };
    assert_eq!(with(|it| it.code = Some("AB".to_owned())), []);
    assert_eq!(with(|it| it.code = Some("AB1".to_owned())), one("/code", "pattern"));
    assert_eq!(with(|it| it.price = Some(19.99.into())), []);
    assert_eq!(with(|it| it.price = Some(19.995.into())), one("/price", "multipleOf"));
    assert_eq!(with(|it| it.price = Some(0.0.into())), one("/price", "exclusiveMinimum"));
    assert_eq!(with(|it| it.count = Some(0)), one("/count", "minimum"));
    assert_eq!(with(|it| it.count = Some(9_007_199_254_740_992)), []);
    assert_eq!(with(|it| it.count = Some(9_007_199_254_740_993)), one("/count", "maximum"));
    assert_eq!(with(|it| it.status = Some(Status::Draft)), []);
    assert_eq!(with(|it| it.status = Some(Status::from("lost"))), one("/status", "enum"));
    assert_eq!(with(|it| it.secret = None), one("", "required"));
    assert_eq!(with(|it| it.pay = Some(Pay::Cash("C".to_owned()))), one("/pay", "minLength"));
    assert_eq!(with(|it| it.pay = Some(Pay::Cheque(vec!["C".to_owned()]))), []);
    assert_eq!(with(|it| it.pay = Some(Pay::Cheque(vec![]))), one("/pay", "minItems"));
    assert_eq!(with(|it| it.pay = serde_json::from_str("true").unwrap()), one("/pay", "enum"));
    assert_eq!(
        with(|it| it.additional_properties.extend([("a/b".to_owned(), 9), ("c~".to_owned(), 10)])),
        one("/c~0", "exclusiveMaximum")
    );
    assert_eq!(
        with(|it| it.additional_properties.extend((0..6).map(|at| (at.to_string(), at)))),
        one("", "maxProperties")
    );
}

#[test]
fn everything_is_reported_at_once_below_types_that_hold_themselves() {
    let mut root = node("R");
    root.children = Some(vec![node("long"), node("N"), node("N")]);
    let invalid = root.validate().unwrap_err();
    assert_eq!(
        invalid.to_string(),
        "expected at most 2 items at /children (`maxItems`); expected no two equal items at /children (`uniqueItems`); \
         expected at most 3 characters at /children/0/name (`maxLength`)"
    );
    assert!(!format!("{invalid:?}").contains("long"));
    assert_eq!(found(&vec![node("N"), node("")]), one("/1/name", "minLength"));
}

#[test]
fn marks_are_written_for_validation_only() {
    let mut root = node("R");
    (root.status, root.pay) = (Some(Status::from("lost")), Some(Pay::Cash("cash".to_owned())));
    let before = serde_json::to_string(&root).unwrap();
    assert_eq!(found(&root), one("/status", "enum"));
    assert_eq!(serde_json::to_string(&root).unwrap(), before);
    assert_eq!(before, r#"{"name":"R","status":"lost","pay":"cash","secret":"S"}"#);
}

#[test]
fn a_type_without_constraints_has_no_rules() {
    let rules: Rules = Status::rules();
    assert!(rules.is_empty() && Status::Draft.validate().is_ok());
}

#[cfg(feature = "client")]
#[tokio::test]
async fn a_client_that_validates_sends_nothing_that_violates_its_schema() {
    use driftline_runtime::{Call, HttpClient, TransportError, http::Method};

    const CALL: &Call =
        &Call { operation: "add", method: Method::POST, path: "/nodes", security: &[], repeatable: false };
    // Nobody listens there: what is sent ends as another error.
    for (validates, name, is_refused) in [(true, "long", true), (true, "N", false), (false, "long", false)] {
        let builder = HttpClient::builder("http://127.0.0.1:1", "test").validate_requests(validates);
        let client = builder.build().expect("builds");
        let mut request = client.request(CALL);
        request.json("application/json", &node(name));
        let error = request.send().await.expect_err("nobody listens");
        assert_eq!(matches!(error, TransportError::Invalid(_)), is_refused, "{error}");
    }
}
