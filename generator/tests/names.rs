//! Names: each trap has a small contract, and no name moves when something unrelated is added.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::collections::BTreeMap;

use driftline_generator::ir::{Crate, TypeKind};
use driftline_generator::{Settings, generate};
use driftline_specs::Contract;

fn lowered(text: &str) -> Crate {
    let contract = Contract::from_text("t.yaml", text).unwrap();
    generate(&contract, &Settings::new("t", "t", "t.yaml")).unwrap().krate
}

/// A contract of these paths and components, in YAML's flow style.
fn contract(paths: &str, schemas: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{{paths}}}\ncomponents: {{schemas: {{{schemas}}}}}\n"
    )
}

/// Every name by the place of what has it.
fn names(krate: &Crate) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for definition in &krate.types {
        names.insert(
            format!("type {}", definition.pointer),
            format!("{}::{}", definition.module, definition.name),
        );
        match &definition.kind {
            TypeKind::Struct(object) | TypeKind::Form(object) => {
                for field in &object.fields {
                    names.insert(format!("field {} {}", definition.name, field.property), field.name.clone());
                }
            }
            TypeKind::Enum(variants) => {
                for variant in variants {
                    names.insert(
                        format!("variant {} {}", definition.name, variant.value),
                        variant.name.clone(),
                    );
                }
            }
            TypeKind::Values(variants) => {
                for variant in variants {
                    names.insert(
                        format!("variant {} {}", definition.name, variant.value),
                        variant.name.clone(),
                    );
                }
            }
            TypeKind::Union(union) => {
                for (index, variant) in union.variants.iter().enumerate() {
                    names.insert(format!("variant {} {index}", definition.name), variant.name.clone());
                }
            }
            TypeKind::Alias(_) => {}
        }
    }
    for operation in &krate.operations {
        let place = &operation.pointer;
        names.insert(format!("operation {place}"), format!("{}::{}", operation.module, operation.method));
        names.insert(format!("request {place}"), operation.name.clone());
        for parameter in &operation.parameters {
            names.insert(format!("parameter {}", parameter.pointer), parameter.name.clone());
        }
    }
    names
}

fn fields(krate: &Crate, name: &str) -> Vec<String> {
    let definition = krate.types.iter().find(|definition| definition.name == name).unwrap();
    let TypeKind::Struct(object) = &definition.kind else { panic!("{definition:?}") };
    object.fields.iter().map(|field| field.name.clone()).collect()
}

fn variants(values: &str) -> Vec<String> {
    let krate = lowered(&contract("", &format!("E: {{type: string, enum: [{values}]}}")));
    let TypeKind::Enum(variants) = &krate.types[0].kind else { panic!("{:?}", krate.types) };
    variants.iter().map(|variant| variant.name.clone()).collect()
}

fn properties(names: &[&str]) -> Vec<String> {
    let list: Vec<_> = names.iter().map(|name| format!("{name}: {{type: string}}")).collect();
    let krate = lowered(&contract("", &format!("O: {{type: object, properties: {{{}}}}}", list.join(", "))));
    fields(&krate, "O")
}

fn type_names(schemas: &str) -> Vec<String> {
    lowered(&contract("", schemas)).types.into_iter().map(|definition| definition.name).collect()
}

#[test]
fn keywords_are_raw_or_get_an_underscore() {
    assert_eq!(
        properties(&["type", "self", "Self", "crate", "super", "async", "gen", "try", "match", "_"]),
        ["r#type", "self_", "self2", "crate_", "super_", "r#async", "r#gen", "r#try", "r#match", "empty"]
    );
    assert_eq!(variants("self, Self, super, fn"), ["SelfValue", "SelfValue2", "Super", "Fn"]);
}

#[test]
fn leading_digits_and_signs_get_a_word() {
    assert_eq!(
        properties(&["1st", "'+1'", "'-1'", "'100%'", "'$ref'"]),
        ["n1st", "plus_1", "minus_1", "n100_percent", "r#ref"]
    );
    assert_eq!(
        variants("'1', '+1', '-1', '1.5', '15', '2024-01-31', '>=', '<'"),
        ["N1", "Plus1", "Minus1", "N1_5", "N15", "N2024_01_31", "GreaterEquals", "Less"]
    );
    assert_eq!(type_names("2fa: {type: string}, '-Dash': {type: string}"), ["N2fa", "MinusDash"]);
}

#[test]
fn letters_of_every_script_stay_and_what_is_no_letter_gets_a_word() {
    assert_eq!(properties(&["名前", "größe", "'🦀'", "'🦀🦀'"]), ["名前", "größe", "empty", "empty2"]);
    assert_eq!(variants("'Ünï', '🦀', '', ' ', '*'"), ["Ünï", "Symbol", "Empty", "Symbol2", "Star"]);
    assert_eq!(
        type_names("日本: {type: string}, '🦀': {type: string}, '': {type: string}"),
        ["日本", "Empty", "Empty2"]
    );
}

#[test]
fn names_that_differ_in_case_or_punctuation_only_are_numbered() {
    assert_eq!(
        properties(&["camelCase", "camel_case", "CamelCase", "'camel-case'", "a1", "a_1"]),
        ["camel_case", "camel_case2", "camel_case3", "camel_case4", "a1", "a_1"]
    );
    assert_eq!(variants("a b, a-b, a_b, A B"), ["AB", "AB2", "AB3", "AB4"]);
    // Files differ where case does not count, too.
    let krate = lowered(&contract("", "Pet: {type: string}, pet: {type: string}, PET: {type: string}"));
    let names: Vec<_> = krate.types.iter().map(|it| (it.name.as_str(), it.module.as_str())).collect();
    assert_eq!(names, [("Pet", "pet"), ("Pet2", "pet2"), ("Pet3", "pet3")]);
}

#[test]
fn a_component_may_have_the_name_of_something_that_generated_code_uses() {
    let names = [
        "Vec", "Option", "Result", "Error", "String", "Box", "Some", "Default", "Nullable", "Tuple", "Value",
    ];
    let schemas: Vec<_> = names.iter().map(|name| format!("{name}: {{type: string}}")).collect();
    let expected: Vec<_> = names.iter().map(|name| format!("{name}Model")).collect();
    assert_eq!(type_names(&schemas.join(", ")), expected);
}

#[test]
fn an_operation_without_an_id_is_named_after_its_path() {
    let krate = lowered(&contract(
        "'/pets/{id}/toys': {get: {responses: {'200': {description: ok}}}, delete: {responses: {'200': {description: ok}}}}, \
         '/': {get: {responses: {'200': {description: ok}}}}",
        "",
    ));
    let methods: Vec<_> = krate.operations.iter().map(|it| (it.method.as_str(), it.name.as_str())).collect();
    assert_eq!(
        methods,
        [
            ("get_pets_by_id_toys", "GetPetsByIdToys"),
            ("delete_pets_by_id_toys", "DeletePetsByIdToys"),
            ("get_root", "GetRoot")
        ]
    );
}

#[test]
fn ids_that_collide_across_tags_stay_apart() {
    let operation = |tag: &str, id: &str| {
        format!("{{operationId: {id}, tags: [{tag}], responses: {{'200': {{description: ok}}}}}}")
    };
    let krate = lowered(&contract(
        &format!(
            "/a: {{get: {}, put: {}}}, /b: {{get: {}, put: {}, post: {}}}",
            operation("cats", "list_all"),
            operation("cats", "list"),
            operation("dogs", "listAll"),
            operation("dogs", "List"),
            operation("dogs", "listError")
        ),
        "",
    ));
    let methods: Vec<_> = krate.operations.iter().map(|it| (it.method.as_str(), it.name.as_str())).collect();
    assert_eq!(
        methods,
        [
            ("list_all", "ListAll"),
            ("list", "List"),
            ("list_all2", "ListAll2"),
            ("list2", "List2"),
            ("list_error", "ListError2")
        ]
    );
}

#[test]
fn parameters_that_collide_with_each_other_or_with_the_methods_own_stay_apart() {
    let parameter = |name: &str, location: &str| {
        format!(
            "{{name: {name}, in: {location}, required: {}, schema: {{type: string}}}}",
            location == "path"
        )
    };
    let parameters = [
        parameter("id", "path"),
        parameter("id", "query"),
        parameter("Id", "header"),
        parameter("self", "query"),
        parameter("send", "query"),
        parameter("body", "query"),
        parameter("request", "query"),
        parameter("client", "query"),
        parameter("'filter[name]'", "query"),
        parameter("filter_name", "query"),
        parameter("X-Request-ID", "header"),
    ];
    let krate = lowered(&contract(
        &format!(
            "'/a/{{id}}': {{post: {{operationId: a, parameters: [{}], requestBody: {{content: {{application/json: {{}}}}}}, \
             responses: {{'200': {{description: ok}}}}}}}}",
            parameters.join(", ")
        ),
        "",
    ));
    let names: Vec<_> =
        krate.operations[0].parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "id",
            "id2",
            "id3",
            "self2",
            "send2",
            "body2",
            "request2",
            "client2",
            "filter_name",
            "filter_name2",
            "x_request_id"
        ]
    );
}

#[test]
fn an_inline_schema_is_named_after_the_places_around_it() {
    let krate = lowered(&contract(
        "/orders: {post: {operationId: createOrder, \
           parameters: [{name: mode, in: query, schema: {type: string, enum: [a]}}], \
           requestBody: {content: {application/json: {schema: {type: object, properties: {lines: {type: array, items: {type: object, properties: {unit: {type: object, properties: {k: {type: string}}}}}}}}}}}, \
           responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}, '404': {description: no, content: {application/json: {schema: {type: object, properties: {code: {type: string, enum: [x]}}}}}}}}}",
        "Policies: {type: array, items: {type: object, properties: {status: {type: string, enum: [on]}}}}",
    ));
    let names: Vec<_> = krate.types.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "PolicyStatus",
            "Policy",
            "Policies",
            "CreateOrderMode",
            "CreateOrderBodyLineUnit",
            "CreateOrderBodyLine",
            "CreateOrderBody",
            "CreateOrderResponse",
            "CreateOrderNotFoundResponseCode",
            "CreateOrderNotFoundResponse"
        ]
    );
}

/// The same inline shape at two places has two names, unless the overlay gives it one.
#[test]
fn an_inline_shape_used_twice_is_named_after_both_places_or_once_by_the_overlay() {
    let shape = "{type: object, properties: {x: {type: string}}NAME}";
    let schemas = format!(
        "A: {{type: object, properties: {{s: {shape}}}}}, B: {{type: object, properties: {{s: {shape}}}}}"
    );
    assert_eq!(type_names(&schemas.replace("NAME", "")), ["AS", "A", "BS", "B"]);
    assert_eq!(type_names(&schemas.replace("NAME", ", x-type-name: Shape")), ["Shape", "A", "B"]);
}

#[test]
fn no_name_moves_when_something_unrelated_is_added() {
    let specimens = [
        include_str!("specimens/petstore.yaml"),
        include_str!("specimens/names.yaml"),
        include_str!("specimens/unions.yaml"),
        include_str!("specimens/schemas.yaml"),
    ];
    let operation = "  /unrelated/{thing}:\n    get:\n      operationId: getUnrelatedThing\n      tags: [unrelated]\n      \
                     parameters: [{name: thing, in: path, required: true, schema: {type: string, enum: [a]}}]\n      \
                     responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/UnrelatedThing'}}}}}\n";
    let component = "    UnrelatedThing: {type: object, properties: {own: {type: object, properties: {x: {type: string, enum: [y]}}}}}\n";
    for text in specimens {
        let before = names(&lowered(text));
        let first = text.replacen("paths:\n", &format!("paths:\n{operation}"), 1);
        let first = first.replacen("  schemas:\n", &format!("  schemas:\n{component}"), 1);
        assert_eq!(first.len(), text.len() + operation.len() + component.len());
        let after = names(&lowered(&first));
        for (place, name) in &before {
            assert_eq!(after.get(place), Some(name), "{place}");
        }
        assert!(after.len() > before.len() + 5);
    }
}
