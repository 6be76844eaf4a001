//! Loading a contract and asking it questions.

use driftline_specs::{Contract, Direction, Method, PaginationStyle, ParameterLocation, StatusSpec};
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

#[test]
fn security_is_the_operations_own_or_the_documents() {
    let shop = shop();
    let schemes = |id: &str| -> Vec<Vec<String>> {
        let alternatives = shop.operation(id).expect("declared").security.iter();
        alternatives.map(|all| all.iter().map(|one| one.scheme.clone()).collect()).collect()
    };
    assert_eq!(schemes("listOrders"), [["Key".to_owned()]]);
    assert_eq!(schemes("createOrder"), [Vec::<String>::new()], "an empty list allows anonymous requests");
    assert_eq!(shop.security_schemes()[0].name, "Key");
}

#[test]
fn links_name_operations_by_id_or_by_reference() {
    let shop = shop();
    let created = shop.operation("createOrder").and_then(|it| it.response_for(201)).expect("declared");
    assert_eq!(created.description, "Created", "a missing description is filled in");
    let links: Vec<(&str, &str)> =
        created.links.iter().map(|link| (link.name.as_str(), link.operation_id.as_str())).collect();
    assert_eq!(links, [("read", "getOrder"), ("drop", "deleteOrdersByOrderId")]);
    assert_eq!(created.links[1].parameters, [("path.order_id".to_owned(), "$response.body#/id".to_owned())]);
}

#[test]
fn siblings_of_a_reference_are_kept() {
    let shop = shop();
    let parent = "#/components/schemas/Order/properties/parent";
    let expected = json!({"nullable": true, "description": "The order that this one corrects.",
        "allOf": [{"$ref": "#/components/schemas/Order"}]});
    assert_eq!(shop.at(parent), Some(&expected));
    let position = shop.position(&format!("{parent}/allOf/0/$ref")).expect("known");
    assert_eq!(
        position,
        shop.position(&format!("{parent}/$ref")).expect("known"),
        "the place is that of the reference"
    );
    let line = SHOP.lines().position(|line| line.contains("parent:")).expect("there") + 1;
    assert_eq!(position.line, line + 1);
}

#[test]
fn pagination_is_read_and_checked() {
    let shop = shop();
    let pagination = shop.operation("listOrders").and_then(|it| it.pagination.clone()).expect("declared");
    assert_eq!((pagination.items.as_str(), pagination.total.as_deref()), ("/orders", Some("/total")));
    let wrong = Contract::from_text("t", &SHOP.replace("offset: offset", "offset: skip")).expect("loads");
    assert_eq!(wrong.operation("listOrders").and_then(|it| it.pagination.clone()), None);
    let error = wrong.refuse_faults().expect_err("no such parameter");
    assert!(error.to_string().contains("\"skip\" is not a query parameter"), "{error}");
    let written = "style: offset, limit: limit, offset: offset, items: /orders, total: /total";
    for (good, style) in [
        ("style: page, page: offset, first: 0, items: ''", PaginationStyle::Page),
        ("style: cursor, cursor: offset, items: /orders, next: /total", PaginationStyle::Cursor),
        ("style: url, items: /orders, next: /total", PaginationStyle::Url),
        ("style: link, items: /orders", PaginationStyle::Link),
    ] {
        let shop = Contract::from_text("t", &SHOP.replace(written, good)).expect("loads");
        shop.refuse_faults().expect("fits");
        let pagination = shop.operation("listOrders").and_then(|it| it.pagination.clone()).expect(good);
        assert_eq!((pagination.style, pagination.first), (style, u64::from(style != PaginationStyle::Page)));
    }
    for (wrong, problem) in [
        ("style: page, items: ''", "needs `page`, the name of a query parameter"),
        ("style: cursor, cursor: offset, items: /orders", "needs `next`, the place in the body"),
        ("style: link, items: orders", "not a JSON Pointer"),
    ] {
        let shop = Contract::from_text("t", &SHOP.replace(written, wrong)).expect("loads");
        let error = shop.refuse_faults().expect_err(wrong);
        assert!(error.to_string().contains(problem), "{error}");
    }
    let foreign = SHOP.replace(
        "style: offset, limit: limit, offset: offset, items: /orders, total: /total",
        "limitParam: limit",
    );
    let foreign = Contract::from_text("t", &foreign).expect("another vendor's extension of the same name");
    assert_eq!(foreign.operation("listOrders").and_then(|it| it.pagination.clone()), None);
}

#[test]
fn the_document_is_what_openapiv3_takes() {
    let shop = shop();
    let model: driftline_specs::openapiv3::OpenAPI =
        serde_json::from_value(shop.document().clone()).expect("fits");
    assert_eq!(model.paths.paths.len(), 2);
    let schemas = model.components.expect("has some").schemas;
    for (name, schema) in &schemas {
        let typed = shop.schema(&format!("#/components/schemas/{name}"));
        assert_eq!(typed.as_ref(), schema.as_item(), "{name}");
    }
    assert_eq!((shop.title(), shop.version()), ("Shop", "1.0"));
    assert_eq!(shop.servers()[0].url, "https://eu.shop.example.com");
}

#[test]
fn json_and_yaml_give_the_same_contract_and_places() {
    let yaml = shop();
    let text = serde_json::to_string_pretty(&serde_yaml::from_str::<serde_json::Value>(SHOP).expect("valid"))
        .expect("writes");
    let json = Contract::from_text("shop.json", &text).expect("loads");
    assert_eq!(json.document(), yaml.document());
    let position = json.position("#/paths/~1orders/get/parameters/1/name").expect("known");
    let line = text.lines().nth(position.line - 1).expect("there");
    assert_eq!(line.trim(), "\"name\": \"offset\",");
    assert_eq!(position.column, line.find('"').expect("there") + 1);
}

#[test]
fn yaml_anchors_and_merge_keys_are_followed() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\nx-base: &base\n  type: object\n  required: [a]\ncomponents:\n  schemas:\n    A:\n      <<: *base\n      required: [b]\n    B: *base\n";
    let contract = Contract::from_text("t.yaml", text).expect("loads");
    assert_eq!(contract.at("#/components/schemas/A"), Some(&json!({"required": ["b"], "type": "object"})));
    assert_eq!(contract.at("#/components/schemas/B"), Some(&json!({"required": ["a"], "type": "object"})));
    assert_eq!(contract.position("#/components/schemas/A/type").expect("known").line, 5);
}

#[test]
fn harmless_slips_of_vendors_are_mended() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: 1.5}\nservers:\n  - url: http://a:{port}\n    variables: {port: {default: 80, enum: [80, 8080]}}\ncomponents:\n  responses:\n    Gone: {}\n";
    let contract = Contract::from_text("t.yaml", text).expect("loads");
    assert_eq!(contract.version(), "1.5");
    assert_eq!(contract.at("#/info/x-original-version"), Some(&json!(1.5)));
    assert_eq!(contract.servers()[0].url, "http://a:80");
    assert_eq!(contract.operations(), []);
}

#[test]
fn operations_without_an_id_get_one_that_no_other_has() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a-b: {get: {responses: {}}}\n  /a_b: {get: {responses: {}}}\n  /c: {get: {operationId: getAB2, responses: {}}}\n  /d: {$ref: '#/paths/~1c'}\n";
    let contract = Contract::from_text("t.yaml", text).expect("loads");
    let ids: Vec<&str> = contract.operations().iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["getAB", "getAB3", "getAB2", "getD"]);
}
