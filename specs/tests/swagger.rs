//! Swagger 2.0: the same contract as its author would have written in 3.0.

use driftline_specs::{
    Contract, LossKind, ParameterLocation, ParameterStyle, SecuritySchemeKind, StatusSpec,
};
use serde_json::json;

const SHOP: &str = include_str!("specimens/swagger.yaml");

fn shop() -> Contract {
    let contract = Contract::from_text("swagger.yaml", SHOP).expect("the specimen loads");
    assert_eq!(contract.refusals(), []);
    contract
}

fn line(contract: &Contract, pointer: &str) -> String {
    let position = contract.position(pointer).expect("known");
    SHOP.lines().nth(position.line - 1).expect("there").trim().to_owned()
}

#[test]
fn host_and_schemes_are_servers() {
    let urls: Vec<String> = shop().servers().into_iter().map(|server| server.url).collect();
    assert_eq!(urls, ["https://shop.example.com/v1", "http://shop.example.com/v1"]);
}

#[test]
fn a_body_is_a_request_body_in_what_the_operation_consumes() {
    let shop = shop();
    let create = shop.operation("createOrder").expect("declared");
    let body = create.request_body.as_ref().expect("has one");
    assert!(body.required);
    let names: Vec<&str> = body.content.iter().map(|media_type| media_type.name.as_str()).collect();
    assert_eq!(names, ["application/json", "application/xml"]);
    assert_eq!(body.content[0].schema.as_ref().expect("has one").pointer, "#/components/schemas/Order");
    assert_eq!(
        line(&shop, "#/paths/~1orders/post/requestBody/content/application~1json/schema/$ref"),
        "schema: {$ref: '#/definitions/Order'}"
    );
    assert_eq!(create.parameters.len(), 1, "that of the path");
    assert_eq!(create.parameters[0].pointer, "#/components/parameters/Trace");
    let shared = shop.operation("replaceOrder").and_then(|it| it.request_body.clone()).expect("has one");
    assert_eq!(
        shared.content[0].schema.as_ref().expect("has one").pointer,
        "#/components/requestBodies/Note/content/application~1json/schema"
    );
}

#[test]
fn fields_of_a_form_are_one_body() {
    let shop = shop();
    let upload = shop.operation("upload").and_then(|it| it.request_body.clone()).expect("has one");
    assert_eq!(upload.content.len(), 1);
    assert_eq!(upload.content[0].name, "multipart/form-data");
    let schema = shop.at(&upload.content[0].schema.as_ref().expect("has one").pointer).expect("there");
    assert_eq!(schema.pointer("/properties/file"), Some(&json!({"type": "string", "format": "binary"})));
    assert_eq!(schema.get("required"), Some(&json!(["file"])));
    assert_eq!(
        shop.at(&format!("{}/encoding/tags", upload.content[0].pointer)),
        Some(&json!({"style": "form", "explode": true}))
    );
    let login = shop.operation("login").and_then(|it| it.request_body.clone()).expect("has one");
    assert_eq!(login.content[0].name, "application/x-www-form-urlencoded");
}

#[test]
fn lists_are_written_as_their_collection_format_says() {
    let shop = shop();
    let list = shop.operation("listOrders").expect("declared");
    let style = |name: &str| {
        let parameter = list.parameters.iter().find(|it| it.name == name).expect("declared");
        (parameter.style, parameter.explode)
    };
    assert_eq!(style("csv"), (ParameterStyle::Form, false));
    assert_eq!(style("plain"), (ParameterStyle::Form, false), "commas are the default of 2.0");
    assert_eq!(style("multi"), (ParameterStyle::Form, true));
    assert_eq!(style("ssv"), (ParameterStyle::SpaceDelimited, false));
    assert_eq!(style("pipes"), (ParameterStyle::PipeDelimited, false));
    let losses: Vec<&str> = shop.losses().iter().map(|loss| loss.pointer.as_str()).collect();
    assert_eq!(losses, ["#/paths/~1orders/get/parameters/5/collectionFormat"]);
    assert_eq!(shop.losses()[0].kind, LossKind::Form);
    let limit = list.parameters.iter().find(|it| it.name == "limit").expect("declared");
    assert_eq!(limit.location, ParameterLocation::Query);
    let schema = shop.at(&limit.schema.as_ref().expect("has one").pointer).expect("there");
    assert_eq!(schema, &json!({"type": "integer", "format": "int32", "default": 20, "maximum": 100}));
    assert_eq!(
        line(&shop, &format!("{}/maximum", limit.schema.as_ref().expect("has one").pointer)),
        "maximum: 100"
    );
}

#[test]
fn responses_have_the_media_types_that_are_produced() {
    let shop = shop();
    let list = shop.operation("listOrders").expect("declared");
    let ok = list.response_for(200).expect("declared");
    assert_eq!(ok.content[0].name, "application/json");
    assert_eq!(shop.at(&format!("{}/example", ok.content[0].pointer)), Some(&json!([])));
    assert_eq!(ok.headers[0].name, "X-Total");
    assert!(ok.headers[0].schema.is_some());
    assert_eq!(list.response_for(500).expect("default").status, StatusSpec::Default);
    assert_eq!(list.response_for(500).expect("default").pointer, "#/components/responses/Failed");
    let picture = shop.operation("picture").and_then(|it| it.response_for(200)).expect("declared");
    assert_eq!(picture.content[0].name, "image/png");
    let schema = shop.at(&picture.content[0].schema.as_ref().expect("has one").pointer).expect("there");
    assert_eq!(schema, &json!({"type": "string", "format": "binary"}));
}

#[test]
fn security_and_schemas_are_those_of_the_newer_version() {
    let shop = shop();
    let kinds: Vec<SecuritySchemeKind> =
        shop.security_schemes().into_iter().map(|scheme| scheme.kind).collect();
    assert_eq!(kinds[0], SecuritySchemeKind::Http { scheme: "basic".to_owned() });
    assert_eq!(kinds[1], SecuritySchemeKind::OAuth2);
    assert_eq!(
        shop.at("#/components/securitySchemes/oauth/flows"),
        Some(
            &json!({"clientCredentials": {"tokenUrl": "https://shop.example.com/token", "scopes": {"read": "Read."}}})
        )
    );
    let order = shop.at("#/components/schemas/Order").expect("there");
    assert_eq!(order.get("discriminator"), Some(&json!({"propertyName": "kind"})));
    assert_eq!(order.pointer("/properties/note/nullable"), Some(&json!(true)));
    assert_eq!(order.pointer("/properties/parent/$ref"), Some(&json!("#/components/schemas/Order")));
    assert_eq!(
        line(&shop, "#/components/schemas/Order/properties/note/type"),
        "note: {type: string, x-nullable: true}"
    );
}
