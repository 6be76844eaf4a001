//! Contracts that are spread over files.

use std::fs;
use std::path::Path;

use driftline_specs::Contract;

fn write(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().expect("has one")).expect("created");
    fs::write(path, text).expect("written");
}

const ROOT: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /pets:
    $ref: paths/pets.yaml
components:
  schemas:
    Pet:
      $ref: schemas/pet.yaml
    Name: {type: string, maxLength: 3}
";

#[test]
fn neighbouring_files_become_components_with_stable_names() {
    let dir = tempfile::tempdir().expect("created");
    write(dir.path(), "openapi.yaml", ROOT);
    write(
        dir.path(),
        "paths/pets.yaml",
        "get:\n  operationId: listPets\n  responses:\n    '200':\n      description: ok\n      content:\n        application/json:\n          schema: {type: array, items: {$ref: ../schemas/pet.yaml}}\n    default: {$ref: '../common.yaml#/responses/Oops'}\n",
    );
    write(
        dir.path(),
        "schemas/pet.yaml",
        "type: object\nproperties:\n  name: {$ref: '../openapi.yaml#/components/schemas/Name'}\n  parent: {$ref: '#'}\n  owner: {$ref: '../common.yaml#/schemas/Name'}\n",
    );
    write(
        dir.path(),
        "common.yaml",
        "responses:\n  Oops: {description: oops}\nschemas:\n  Name: {type: string, minLength: 1}\n",
    );
    let contract = Contract::load(&dir.path().join("openapi.yaml"), &[]).expect("loads");
    let operation = contract.operation("listPets").expect("from the neighbour");
    assert_eq!(operation.path, "/pets");
    assert_eq!(operation.responses[1].pointer, "#/components/responses/Oops");
    let items = contract
        .resolve("#/paths/~1pets/get/responses/200/content/application~1json/schema/items")
        .expect("leads somewhere");
    assert_eq!(items.0, "#/components/schemas/Pet");
    let property = |name: &str| {
        contract.resolve(&format!("#/components/schemas/Pet/properties/{name}")).expect("leads somewhere").0
    };
    assert_eq!(property("name"), "#/components/schemas/Name");
    assert_eq!(property("parent"), "#/components/schemas/Pet");
    assert_eq!(property("owner"), "#/components/schemas/common_Name", "the plain name is taken");
    let place = contract.position("#/components/schemas/common_Name").expect("known");
    assert!(place.file.ends_with("common.yaml"));
    assert_eq!(place.line, 4);
}

#[test]
fn nothing_outside_the_folder_is_read() {
    let outer = tempfile::tempdir().expect("created");
    write(outer.path(), "secret.yaml", "type: string\n");
    let text = |reference: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{A: {{items: {{$ref: '{reference}'}}}}}}}}\n"
        )
    };
    let absolute = outer.path().join("secret.yaml").display().to_string();
    for reference in ["../secret.yaml", "sub/../../secret.yaml", absolute.as_str(), "%2e%2e/secret.yaml"] {
        write(outer.path(), "api/openapi.yaml", &text(reference));
        fs::create_dir_all(outer.path().join("api/sub")).expect("created");
        let contract = Contract::load(&outer.path().join("api/openapi.yaml"), &[]).expect("the rest is read");
        assert_eq!(contract.at("#/components/schemas/A/items/type"), None, "nothing came in");
        let error = contract.refuse_faults().expect_err("outside");
        assert!(error.to_string().contains("outside the folder"), "{error}");
    }
    write(outer.path(), "api/openapi.yaml", &text("missing.yaml"));
    let contract = Contract::load(&outer.path().join("api/openapi.yaml"), &[]).expect("the rest is read");
    let error = contract.refuse_faults().expect_err("missing");
    assert!(error.to_string().contains("cannot be found"), "{error}");
    assert_eq!(error.line(), Some(4));
}

#[test]
fn a_file_that_is_missing_or_not_utf8_is_named() {
    let dir = tempfile::tempdir().expect("created");
    let error = Contract::load(&dir.path().join("none.yaml"), &[]).expect_err("missing");
    assert!(error.to_string().contains("none.yaml: cannot read the file"), "{error}");
    fs::write(dir.path().join("latin.yaml"), b"openapi: 3.0.3\ninfo: caf\xe9\n").expect("written");
    let error = Contract::load(&dir.path().join("latin.yaml"), &[]).expect_err("not UTF-8");
    assert_eq!((error.line(), error.column()), (Some(2), Some(10)), "{error}");
    assert!(error.to_string().contains("offset 24"), "{error}");
}

#[test]
fn parameters_and_responses_of_a_neighbour_are_turned_over_with_a_swagger_document() {
    let dir = tempfile::tempdir().expect("created");
    write(
        dir.path(),
        "openapi.yaml",
        "swagger: '2.0'
info: {title: T, version: '1'}
produces: [application/json]
parameters: {Limit: {name: limit, in: query, type: string}}
paths:
  /pets:
    post:
      operationId: addPet
      parameters:
      - {$ref: 'common.yaml#/parameters/Pet'}
      - {$ref: 'common.yaml#/parameters/Limit'}
      - {$ref: '#/parameters/Limit'}
      responses: {'200': {$ref: 'common.yaml#/responses/Pet'}}
",
    );
    write(
        dir.path(),
        "common.yaml",
        "parameters:
  Pet: {name: pet, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}
  Limit: {name: size, in: query, type: integer, maximum: 10}
responses: {Pet: {description: ok, schema: {$ref: '#/definitions/Pet'}}}
definitions: {Pet: {type: object, properties: {name: {type: string}}}}
",
    );
    let contract = Contract::load(&dir.path().join("openapi.yaml"), &[]).expect("loads");
    assert!(contract.losses().is_empty(), "{:?}", contract.losses());
    let operation = contract.operation("addPet").expect("stays");
    let body = operation.request_body.as_ref().expect("made of the neighbour's");
    let schema = |media_type: &driftline_specs::MediaType| media_type.schema.clone().expect("there").pointer;
    assert_eq!(schema(&body.content[0]), "#/components/schemas/Pet");
    assert_eq!(schema(&operation.responses[0].content[0]), "#/components/schemas/Pet");
    let parameters: Vec<_> = operation.parameters.iter().map(|it| (it.name.as_str(), &it.schema)).collect();
    assert_eq!((parameters[0].0, parameters[1].0), ("size", "limit"));
    let size = parameters[0].1.as_ref().expect("of the neighbour").pointer.clone();
    assert_eq!(contract.at(&size).and_then(|it| it.get("maximum")), Some(&10.into()));
    let place = contract.position(&size).expect("known");
    assert!(place.file.ends_with("common.yaml"));
}
