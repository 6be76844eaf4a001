//! What the documentation of a generated crate tells its reader, beyond what the contract says in prose.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use driftline_generator::ir::Source;
use driftline_generator::{Generated, Settings, generate};
use driftline_specs::Contract;

const CONTRACT: &str = r"
openapi: 3.0.3
info: {title: Parcels, version: '2.1'}
paths:
  /parcels/{parcelId}/events/{number}:
    get:
      operationId: getEvent
      parameters:
        - {name: parcelId, in: path, required: true, description: Which parcel., schema: {type: string, maxLength: 12}}
        - {name: number, in: path, required: true, schema: {type: integer}}
        - {name: withPhotos, in: query, description: Whether photos are there., schema: {type: boolean}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}}
        '404': {description: No such parcel.}
  /parcels/{parcelId}:
    get:
      operationId: getParcel
      parameters: [{name: parcelId, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}}
        '404': {description: No such parcel.}
components:
  schemas:
    Event:
      type: object
      properties:
        takenAt: {type: string, description: When it was noted.}
        type: {type: string, description: What happened.}
        photoURLs: {type: array, maxItems: 3, items: {type: string, minLength: 8, maxLength: 200}}
";

fn generated(text: &str) -> Generated {
    let source = |title: &str, retrieved: Option<&str>| Source {
        title: title.to_owned(),
        retrieved: retrieved.map(str::to_owned),
    };
    let sources = vec![source("Reference of [Parcels]", Some("2025-01-31")), source("An overview", None)];
    let settings = Settings::new("parcels", "parcels", "parcels.yaml").sources(sources);
    generate(&Contract::from_text("parcels.yaml", text).unwrap(), &settings).unwrap()
}

/// A file's documentation without the marks of comments.
fn documentation(generated: &Generated, path: &str) -> String {
    let lines = generated.tree.get(path).unwrap().lines().map(str::trim_start);
    let lines = lines.filter_map(|line| line.strip_prefix("//!").or_else(|| line.strip_prefix("///")));
    lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_field_shows_its_constraints_and_its_name_in_json_where_it_is_another_one() {
    let docs = documentation(&generated(CONTRACT), "src/models/event.rs");
    assert!(docs.contains("When it was noted.\n\nCalled `takenAt` in the contract.\n"), "{docs}");
    assert!(docs.contains("Constraints: at most 3 items, each item 8 to 200 characters.\n"), "{docs}");
    assert!(docs.contains("Called `photoURLs` in the contract."), "{docs}");
    // The mark of a raw identifier is no other name.
    assert!(!docs.contains("Called `type`"), "{docs}");
}

#[test]
fn constraints_show_wherever_they_are_checked() {
    let contract = include_str!("specimens/constraints.yaml");
    let contract = contract.replace(
        "Free: {type: object, properties: {name: {type: string}}}",
        "Free: {type: object, additionalProperties: {type: string, maxLength: 7}}",
    );
    let docs = documentation(&generated(&contract), "src/models/order.rs");
    for (place, words) in [
        ("a text that stands alone", "Constraints: at least 8 characters."),
        ("a list", "Constraints: at least 1 item, no item twice."),
        ("a text of a union", "Constraints: at most 3 characters."),
        ("a list of a union", "Constraints: at most 1 item, each item at most 9."),
        ("what is not declared", "Constraints: each undeclared property a multiple of 5."),
    ] {
        assert!(docs.contains(words), "{place}\n{docs}");
    }
    let docs = documentation(&generated(&contract), "src/models/free.rs");
    assert!(docs.contains("Constraints: each value at most 7 characters."), "{docs}");
    assert!(documentation(&generated(&contract), "src/models/code.rs").contains("pattern"));
}

#[test]
fn a_method_says_what_its_arguments_are_and_a_setter_what_it_is_called() {
    let docs = documentation(&generated(CONTRACT), "src/operations/operations.rs");
    let argument = "- `parcel_id` (`parcelId`): Which parcel. Constraints: at most 12 characters.\n";
    assert!(docs.contains(argument), "{docs}");
    // There is nothing to say of this one.
    assert!(!docs.contains("- `number`"), "{docs}");
    assert!(docs.contains("Whether photos are there.\n\nCalled `withPhotos` in the contract.\n"), "{docs}");
    assert!(docs.contains("let answer = client.get_event(\"id\", 1).send().await?;\n"), "{docs}");
}

#[test]
fn the_front_page_shows_an_error_and_where_everything_comes_from() {
    let docs = documentation(&generated(CONTRACT), "src/lib.rs");
    // The first operation that needs nothing but texts.
    assert!(docs.contains("match client.get_parcel(\"id\").send().await {\n"), "{docs}");
    assert!(docs.contains("Err(Error::Status { error, .. }) =>"), "{docs}");
    assert!(docs.contains("\n# Constraints\n"), "{docs}");
    let end = "# Provenance Generated from `parcels.yaml` (contract version 2.1) and its overlays. The contract rests \
               on: - Reference of \\[Parcels\\] (as of 2025-01-31) - An overview";
    let words = docs.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(end), "{docs}");
    assert!(!docs.contains("# Waiting"), "{docs}");

    // Where nothing is constrained, nothing is said of constraints; without documented errors there is no arm for them.
    let text = CONTRACT.replace(", maxItems: 3", "").replace(", minLength: 8, maxLength: 200", "");
    let text = text.replace("        '404': {description: No such parcel.}\n", "");
    let docs = documentation(&generated(&text), "src/lib.rs");
    assert!(!docs.contains("# Constraints") && !docs.contains("Error::Status"), "{docs}");
}

#[test]
fn links_of_markdown_become_their_text_and_their_address() {
    let contract = Contract::from_text(
        "t.yaml",
        "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: a
      description: 'See \"[about them](https://example.com/a_b)\", or (https://example.com/c). [Not](one), [nor]( this.'
      responses: {'200': {description: ok}}
",
    )
    .unwrap();
    let generated = generate(&contract, &Settings::new("t", "t", "t.yaml")).unwrap();
    let text = generated.tree.get("src/operations/operations.rs").unwrap();
    let line = text.lines().find(|line| line.contains("about them")).unwrap();
    let all: Vec<&str> = text.lines().map(str::trim).collect();
    let at = all.iter().position(|it| *it == line.trim()).unwrap();
    assert_eq!(
        all[at..at + 2].join(" ").replace(" /// ", " "),
        "/// See \"about them (`https://example.com/a_b`)\", or (`https://example.com/c`). \\[Not\\](one), \\[nor\\](  this."
            .replace("  ", " ")
    );
}
