//! Documents with faults: each is told with what, where, and what to do. What cannot be read at all is an error at
//! once; what can be read around is one for those who refuse faults.

use driftline_specs::{Contract, Error};

fn refusal(text: &str) -> Error {
    match Contract::from_text("api.yaml", text) {
        Err(error) => error,
        Ok(contract) => contract.refuse_faults().expect_err("the document is wrong"),
    }
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

#[test]
fn broken_syntax_has_line_and_column() {
    let error = refusal("openapi: 3.0.3\ninfo: {title: [}\n");
    assert!(matches!(error, Error::Syntax(_)), "{error}");
    assert_eq!(error.line(), Some(2));
    let error = refusal("{\"openapi\": \"3.0.3\",\n  \"info\": }");
    assert_eq!((error.line(), error.column()), (Some(2), Some(11)), "{error}");
}

#[test]
fn a_key_that_occurs_twice_is_refused_in_both_formats() {
    for text in [
        "openapi: 3.0.3\ninfo:\n  title: a\n  title: b\n",
        "{\"openapi\": \"3.0.3\",\n\"info\": {\"title\": \"a\",\n\n\"title\": \"b\"}}",
    ] {
        let error = refusal(text);
        assert!(error.to_string().contains("\"title\" occurs twice"), "{error}");
        assert_eq!(error.line(), Some(4), "{error}");
    }
}

#[test]
fn deep_nesting_is_an_error_in_every_notation() {
    let levels = 100_000;
    for text in [
        "{\"a\":".repeat(levels),
        "[".repeat(levels) + &"]".repeat(levels),
        format!("a: {}", "[".repeat(levels)),
        format!("a: {}", "{a: ".repeat(levels)),
        "- ".repeat(levels),
        format!("info: {{title: a, title: b}}\na:\n {}", "- ".repeat(1_000)),
    ] {
        let error = refusal(&text);
        assert!(error.to_string().contains("nests too deeply"), "{error}");
        assert_eq!(error.expected(), Some("at most 128 levels"));
    }
}

#[test]
fn the_deepest_document_that_is_read_can_be_used_on_a_small_stack() {
    use driftline_specs::Direction;
    let mut schema = serde_json::json!({"type": "string"});
    for _ in 0..55 {
        schema = serde_json::json!({"type": "object", "properties": {"a": schema}});
    }
    let document = serde_json::json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {},
        "components": {"schemas": {"Deep": schema}}});
    let contract = Contract::from_text("deep.json", &document.to_string()).expect("within the limit");
    let mut value = serde_json::json!(1);
    for _ in 0..55 {
        value = serde_json::json!({"a": value});
    }
    let validator = contract.validator("#/components/schemas/Deep", Direction::Response).expect("compiles");
    assert_eq!(validator.violations(&value).len(), 1);
}

#[test]
fn aliases_that_expand_without_end_are_refused() {
    let mut text = String::from("openapi: 3.0.3\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert!(refusal(&text).to_string().contains("aliases expand to too much"));
}

#[test]
fn other_versions_are_named_with_what_is_supported() {
    for (text, said) in [
        ("swagger: '1.2'\n", "Swagger 1.2"),
        ("openapi: 3.10.0\n", "OpenAPI 3.10.0"),
        ("openapi: 4.0.0\n", "OpenAPI 4.0.0"),
        ("title: something\n", "no OpenAPI version"),
        ("just text", "not an object"),
    ] {
        let error = refusal(text);
        assert!(matches!(error, Error::Version(_)), "{error}");
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(error.expected(), Some("Swagger 2.0, or OpenAPI 3.0.x, 3.1.x or 3.2.x"));
    }
}

#[test]
fn a_reference_that_leads_nowhere_names_who_refers_and_what_was_meant() {
    let error = refusal(&format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    Pet: {{type: string}}\n    Owner:\n      properties:\n        pet: {{$ref: '#/components/schemas/pet'}}\n"
    ));
    assert_eq!(error.pointer(), Some("#/components/schemas/Owner/properties/pet/$ref"));
    assert_eq!(error.line(), Some(9));
    assert!(error.to_string().contains("did you mean \"#/components/schemas/Pet\"?"), "{error}");
}

#[test]
fn references_in_a_circle_are_listed() {
    let error = refusal(&format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    A: {{$ref: '#/components/schemas/B'}}\n    B: {{$ref: '#/components/schemas/A'}}\n"
    ));
    let message = error.to_string();
    assert!(
        message.contains("#/components/schemas/A -> #/components/schemas/B -> #/components/schemas/A"),
        "{message}"
    );
}

#[test]
fn what_looks_like_a_reference_inside_data_is_none() {
    let text = format!(
        "{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    A:\n      type: object\n      properties:\n        $ref: {{type: string}}\n      example: {{$ref: '#/nowhere'}}\n      default: {{$ref: '#/nowhere'}}\n      x-note: {{$ref: '#/nowhere'}}\n"
    );
    assert!(Contract::from_text("api.yaml", &text).is_ok());
}

#[test]
fn operations_are_checked() {
    let path = "paths:\n  /a/{id}:\n    get:\n      operationId: one\n      responses: {}\n";
    let error = refusal(&format!("{HEAD}{path}"));
    assert!(error.to_string().contains("the path has {id}, which no parameter declares"), "{error}");
    assert_eq!(error.line(), Some(5));

    let error = refusal(&format!(
        "{HEAD}paths:\n  /a: {{get: {{operationId: one, responses: {{}}}}}}\n  /b: {{get: {{operationId: one, responses: {{}}}}}}\n"
    ));
    assert_eq!(error.line(), Some(5));
    assert!(error.to_string().contains("\"one\" is also that of another operation"), "{error}");

    let error =
        refusal(&format!("{HEAD}security: [{{Nope: []}}]\npaths:\n  /a: {{get: {{responses: {{}}}}}}\n"));
    assert_eq!(error.pointer(), Some("#/security/0/Nope"));
}

#[test]
fn what_openapi_does_not_allow_is_named_at_its_place() {
    let error = refusal(&format!(
        "{HEAD}paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: ok\n          content:\n            application/json:\n              schema:\n                type: object\n                properties:\n                  a: {{type: string, minLength: few}}\n"
    ));
    assert!(matches!(error, Error::Structure(_)), "{error}");
    assert_eq!(error.line(), Some(14), "{error}");
    assert!(error.pointer().is_some_and(|pointer| pointer.contains("/schema/properties/a")), "{error}");
}

#[test]
fn a_text_has_no_neighbours_and_no_contract_has_urls() {
    for (reference, said) in
        [("other.yaml#/A", "without a folder"), ("https://example.com/a.yaml", "is a URL")]
    {
        let error = refusal(&format!(
            "{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{properties: {{a: {{$ref: '{reference}'}}}}}}}}}}\n"
        ));
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn what_stands_beside_the_reference_of_a_path_is_read_with_what_it_refers_to() {
    let contract = Contract::from_text(
        "t.yaml",
        "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a: {$ref: '#/paths/~1b', get: {operationId: own, responses: {}}}
  /b:
    get: {operationId: other, responses: {}}
    post: {operationId: add, responses: {}}
  /c: {$ref: '#/paths/~1nowhere', get: {operationId: alone, responses: {}}}
",
    )
    .expect("loads");
    let ids: Vec<_> = contract.operations().iter().map(|it| (it.id.as_str(), it.path.as_str())).collect();
    assert_eq!(ids, [("own", "/a"), ("postA", "/a"), ("other", "/b"), ("add", "/b"), ("alone", "/c")]);
    assert_eq!(contract.position("#/paths/~1a/post").expect("known").line, 7);
    let [loss] = contract.losses() else { panic!("{:?}", contract.losses()) };
    assert_eq!(loss.pointer, "#/paths/~1c/$ref");
}

#[test]
fn a_body_among_the_parameters_of_openapi_3_costs_its_operation_only() {
    let contract = Contract::from_text(
        "t.yaml",
        "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get: {operationId: fine, responses: {}}
    post:
      operationId: old
      parameters: [{name: pet, in: body, schema: {type: object}}]
      responses: {}
",
    )
    .expect("loads");
    assert_eq!(contract.operations().len(), 1);
    let [refusal] = contract.refusals() else { panic!("{:?}", contract.refusals()) };
    assert_eq!(
        (refusal.operation.as_str(), refusal.pointer.as_str()),
        ("old", "#/paths/~1a/post/parameters/0")
    );
}
