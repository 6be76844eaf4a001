//! Loading a contract and asking it questions.

use driftline_specs::{Contract, Direction, Method, ParameterLocation, StatusSpec};
use serde_json::json;

const SHOP: &str = include_str!("specimens/shop.yaml");

fn shop() -> Contract {
    Contract::from_text("shop.yaml", SHOP).expect("the specimen loads")
}

#[test]
fn operations_come_in_the_documents_order_with_references_followed() {
    let shop = shop();
    let ids: Vec<&str> = shop.operations().iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["listOrders", "createOrder", "getOrder", "deleteOrdersByOrderId"]);
    let get = shop.operation("getOrder").expect("declared");
    assert_eq!((get.method, get.path.as_str()), (Method::Get, "/orders/{order_id}"));
    assert_eq!(get.parameters.len(), 1);
    assert_eq!(get.parameters[0].location, ParameterLocation::Path);
    assert_eq!(get.parameters[0].pointer, "#/components/parameters/OrderId");
    let missing = get.response_for(404).expect("declared");
    assert_eq!(missing.pointer, "#/components/responses/NotFound");
    assert_eq!(missing.content[0].schema.as_ref().expect("has one").pointer, "#/components/schemas/Problem");
    assert_eq!(get.response_for(503).expect("default").status, StatusSpec::Default);
}

#[test]
fn a_violation_names_the_place_in_the_value_and_in_the_contract() {
    let shop = shop();
    let validator = shop.validator("#/components/schemas/Order", Direction::Response).expect("compiles");
    assert!(validator.is_valid(&json!({"id": "o1", "lines": [{"sku": "a", "count": 1}], "note": null})));
    let violations = validator.violations(&json!({"id": 7, "lines": [{"sku": "a", "count": 0}]}));
    let places: Vec<(&str, &str, &str)> = violations
        .iter()
        .map(|violation| (violation.instance.as_str(), violation.schema.as_str(), violation.keyword.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("/id", "#/components/schemas/Order/properties/id", "type"),
            ("/lines/0/count", "#/components/schemas/Line/properties/count", "minimum"),
        ]
    );
    assert_eq!(violations[0].expected, "string");
    assert_eq!(violations[0].observed, "integer");
}
