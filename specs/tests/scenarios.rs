//! Arazzo documents: what is read of them, and that what is wrong is named with its place.

use std::fs;
use std::path::Path;

use driftline_specs::scenario::{Call, Scenarios, Then};
use driftline_specs::{Contract, Error};

const CONTRACT: &str = "
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses: {'200': {description: All.}}
    post:
      operationId: createPet
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'201': {description: Done.}}
  /pets/{petId}:
    get:
      operationId: getPet
      parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: One.}}
";

const HEAD: &str = "arazzo: 1.0.1
info: {title: Pets, version: '1'}
sourceDescriptions: [{name: pets, url: openapi.yaml, type: openapi}]
";

/// Everything that the runner knows, in one document.
const WHOLE: &str = "
workflows:
- workflowId: adopt
  summary: A pet is created, found and read.
  inputs:
    type: object
    required: [name]
    properties:
      name: {type: string, default: Rex}
      most: {$ref: '#/components/inputs/most'}
  parameters:
  - reference: $components.parameters.limit
  failureActions:
  - reference: $components.failureActions.later
  steps:
  - stepId: create
    operationId: createPet
    requestBody:
      contentType: application/json
      payload: {name: $inputs.name, tags: ['of {$inputs.name}'], age: 1}
      replacements:
      - {target: /age, value: 2}
    successCriteria:
    - condition: $statusCode == 201
    - {context: $response.body, condition: '$[?@.id]', type: jsonpath}
    - {context: $response.body#/name, condition: '^[A-Z]', type: regex}
    - context: $response.body
      condition: $.id
      type: {type: jsonpath, version: rfc9535}
    outputs: {id: $response.body#/id}
    onSuccess:
    - {name: on, type: goto, stepId: read}
  - stepId: list
    operationId: $sourceDescriptions.pets.listPets
    onFailure:
    - {name: again, type: retry, retryAfter: 0.5, retryLimit: 3, criteria: [{condition: $statusCode == 503}]}
  - stepId: read
    operationPath: '{$sourceDescriptions.pets.url}#/paths/~1pets~1{petId}/get'
    parameters:
    - {name: petId, in: path, value: $steps.create.outputs.id}
    onSuccess:
    - {name: done, type: end}
  outputs: {id: $steps.create.outputs.id}
- workflowId: twice
  dependsOn: [adopt]
  steps:
  - stepId: first
    workflowId: adopt
    parameters: [{name: name, value: Ada}]
    outputs: {id: $outputs.id}
components:
  inputs: {most: {type: integer, default: 10}}
  parameters: {limit: {name: limit, in: query, value: $inputs.most}}
  failureActions: {later: {name: later, type: retry}}
";

fn contract() -> Contract {
    Contract::from_text("openapi.yaml", CONTRACT).expect("loads")
}

fn load(text: &str) -> Result<Scenarios, Error> {
    Scenarios::from_texts(&[("pets.arazzo.yaml", text)], &contract())
}

#[test]
fn a_document_becomes_workflows_with_everything_resolved() {
    let scenarios = load(&format!("{HEAD}{WHOLE}")).expect("is right");
    let adopt = scenarios.workflow("adopt").expect("is there");
    assert_eq!((adopt.line, adopt.steps.len()), (6, 3));
    let [create, list, read] = adopt.steps.as_slice() else { panic!("three steps") };
    let Call::Operation { operation_id, parameters, body } = &create.call else { panic!("an operation") };
    // What all steps get, only those take that know it.
    assert_eq!((operation_id.as_str(), parameters.len()), ("createPet", 0));
    assert_eq!(body.as_ref().map(|body| body.replacements.len()), Some(1));
    assert_eq!(create.criteria.len(), 4);
    assert!(matches!(&create.on_success[0].then, Then::Step(id) if id == "read"));
    let Call::Operation { parameters, .. } = &list.call else { panic!("an operation") };
    assert_eq!(parameters.len(), 1);
    // The step's own actions go first, then those of the workflow.
    let names: Vec<&str> = list.on_failure.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["again", "later"]);
    assert!(matches!(&list.on_failure[1].then, Then::Retry { limit: 1, .. }));
    assert!(matches!(&read.call, Call::Operation { operation_id, .. } if operation_id == "getPet"));
    let inputs = adopt.inputs.complete(Default::default()).expect("defaults");
    assert_eq!(serde_json::Value::Object(inputs), serde_json::json!({ "name": "Rex", "most": 10 }));
    assert_eq!(scenarios.workflow("twice").map(|it| it.calls()), Some(vec!["adopt"]));
}

#[test]
fn a_document_of_1_1_may_select_and_wait() {
    let text = HEAD.replace("1.0.1", "1.1.0")
        + "
workflows:
- workflowId: w
  steps:
  - stepId: list
    timeout: 1500
    operationId: listPets
    outputs:
      ids: {context: $response.body, selector: '$[*].id', type: jsonpath}
      first: {context: $response.body, selector: /0/id, type: jsonpointer}
";
    let scenarios = load(&text).expect("is right");
    assert_eq!(scenarios.workflows[0].steps[0].timeout.map(|it| it.as_millis()), Some(1500));
}

#[test]
fn documents_refer_to_their_neighbours() {
    let folder = tempfile::tempdir().expect("created");
    let scenarios = folder.path().join("scenarios");
    fs::create_dir(&scenarios).expect("created");
    fs::write(folder.path().join("openapi.yaml"), CONTRACT).expect("written");
    let contract = Contract::load(&folder.path().join("openapi.yaml"), &[]).expect("loads");
    let head = HEAD.replace("openapi.yaml", "../openapi.yaml");
    fs::write(scenarios.join("a.arazzo.yaml"), format!("{head}{WHOLE}")).expect("written");
    let other = head.replace("type: openapi}", "type: openapi}, {name: a, url: a.arazzo.yaml, type: arazzo}")
        + "workflows: [{workflowId: w, steps: [{stepId: s, workflowId: $sourceDescriptions.a.adopt}]}]";
    fs::write(scenarios.join("b.arazzo.yaml"), &other).expect("written");
    fs::write(scenarios.join("notes.yaml"), "nothing").expect("written");
    let read = Scenarios::load(&scenarios, &contract).expect("is right");
    let ids: Vec<&str> = read.workflows.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["adopt", "twice", "w"]);

    fs::write(scenarios.join("b.arazzo.yaml"), other.replace("workflowId: w", "workflowId: adopt"))
        .expect("written");
    let error = Scenarios::load(&scenarios, &contract).expect_err("two are called adopt");
    assert!(error.problem().contains("has a workflow of this id as well"), "{error}");

    let missing = Scenarios::load(&folder.path().join("nothing"), &contract).expect("an empty one");
    assert!(missing.workflows.is_empty());
}

#[test]
fn documents_like_those_of_the_specification_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specimens/arazzo");
    let contract = Contract::load(&folder.join("openapi.yaml"), &[]).expect("loads");
    let scenarios = Scenarios::load(&folder, &contract).unwrap_or_else(|error| panic!("{error}"));
    let ids: Vec<&str> = scenarios.workflows.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(
        ids,
        ["buy-with-coupon", "buy-any", "place-order", "borrow", "lookAround", "refresh", "obtain"]
    );
    let look = &scenarios.workflow("lookAround").expect("is there").steps[1];
    let Call::Operation { operation_id, parameters, .. } = &look.call else { panic!("an operation") };
    let sent: Vec<(&str, bool)> = parameters.iter().map(|it| (it.name.as_str(), it.documented)).collect();
    assert_eq!(operation_id, "findPets");
    assert_eq!(sent, [("tags", true), ("X-Session", false), ("visit", false), ("X-Shop", false)]);
}

/// The beginning of a workflow with an input `a`.
const WORKFLOW: &str = "workflows:
- workflowId: w
  inputs: {properties: {a: {}}}
  steps:
";

/// A step, at which line it is wrong, and a part of what is said of it.
const WRONG: &[(&str, usize, &str)] = &[
    ("operationId: nothing", 9, "no operation \"nothing\""),
    ("operationId: listpets", 9, "\"listPets\" meant"),
    ("operationId: $sourceDescriptions.other.listPets", 9, "no source \"other\""),
    ("operationPath: '{$sourceDescriptions.pets.url}#/paths/~1nothing/get'", 9, "no operation at"),
    ("operationPath: 'openapi.yaml#/paths/~1pets/get'", 9, "$sourceDescriptions.NAME.url"),
    ("workflowId: nothing", 9, "no workflow \"nothing\""),
    ("operationId: getPet", 8, "needs the path parameter \"petId\""),
    (
        "operationId: listPets\n    parameters: [{name: size, in: query, value: 1}]",
        10,
        "no query parameter \"size\"",
    ),
    ("operationId: listPets\n    parameters: [{name: limit, value: 1}]", 10, "required"),
    ("operationId: listPets\n    parameters: [{name: limit, in: query}]", 10, "value"),
    (
        "operationId: listPets\n    parameters: [{name: limit, in: query, value: $inputs.b}]",
        10,
        "the inputs of the workflow are a",
    ),
    (
        "operationId: listPets\n    parameters: [{name: limit, in: query, value: $statusCode}]",
        10,
        "no answer yet",
    ),
    (
        "operationId: listPets\n    parameters: [{name: limit, in: query, value: $steps.t.outputs.a}]",
        10,
        "no step \"t\"",
    ),
    (
        "operationId: listPets\n    parameters: [{name: limit, in: query, value: $steps.s.outputs.a}]",
        10,
        "no output \"a\"",
    ),
    (
        "operationId: listPets\n    parameters: [{reference: $components.parameters.none}]",
        10,
        "no parameters \"none\"",
    ),
    (
        "operationId: listPets\n    parameters: [{name: Authorization, in: header, value: x}]",
        10,
        "comes from the target",
    ),
    ("operationId: listPets\n    requestBody: {payload: {}}", 10, "takes no body"),
    ("operationId: createPet\n    requestBody: {contentType: text/xml}", 10, "takes application/json"),
    ("operationId: createPet\n    requestBody: {payload: {a: $nothing.x}}", 10, "nothing is called"),
    ("operationId: listPets\n    successCriteria: [{condition: $statusCode = 200}]", 10, "does not belong"),
    (
        "operationId: listPets\n    successCriteria: [{condition: '$[', context: $response.body, type: jsonpath}]",
        10,
        "no JSONPath",
    ),
    (
        "operationId: listPets\n    successCriteria: [{condition: '(', context: $response.body, type: regex}]",
        10,
        "no regular expression",
    ),
    (
        "operationId: listPets\n    successCriteria: [{condition: //a, context: $response.body, type: xpath}]",
        10,
        "`xpath` are not supported",
    ),
    ("operationId: listPets\n    successCriteria: [{condition: $.a, type: jsonpath}]", 10, "context"),
    (
        "operationId: listPets\n    succesCriteria: []\n    x-note: 1\n    successCritera: [1]",
        12,
        "not known here",
    ),
    ("operationId: listPets\n    onSuccess: [{name: a, type: goto}]", 10, "workflowId"),
    ("operationId: listPets\n    onSuccess: [{name: a, type: goto, stepId: t}]", 10, "no step \"t\""),
    ("operationId: listPets\n    onSuccess: [{name: a, type: jump}]", 10, "jump"),
    ("operationId: listPets\n    onFailure: [{name: a, type: retry, retryAfter: 1e9}]", 10, "an hour"),
    ("operationId: listPets\n    onFailure: [{name: a, type: retry, retryAfter: -1}]", 10, "negative"),
    ("operationId: listPets\n    operationPath: a", 8, "mutually exclusive"),
    ("channelPath: a\n    action: send", 8, "AsyncAPI"),
];

#[test]
fn what_is_wrong_is_named_with_file_and_line() {
    for (step, line, said) in WRONG {
        let text = format!("{HEAD}{WORKFLOW}  - stepId: s\n    {step}\n");
        let error = load(&text).expect_err(step);
        assert!(error.to_string().contains(said), "{step}: {error}");
        assert_eq!(error.line(), Some(*line), "{step}: {error}");
        assert_eq!(error.file().and_then(|it| it.to_str()), Some("pets.arazzo.yaml"));
    }
}

#[test]
fn documents_that_are_none_are_refused() {
    for (text, said) in [
        ("info: {title: a, version: '1'}", "no `arazzo`"),
        ("arazzo: 2.0.0", "\"2.0.0\" of Arazzo is not known"),
        (
            "arazzo: 1.0.1\ninfo: {title: a, version: '1'}\nsourceDescriptions: []\nworkflows: []",
            "at least one",
        ),
        ("arazzo: 1.0.1\n  broken: [", "pets.arazzo.yaml:"),
    ] {
        let error = load(text).expect_err(text);
        assert!(error.to_string().contains(said), "{text}: {error}");
    }
    let other = HEAD.replace("openapi.yaml", "other.yaml")
        + "workflows: [{workflowId: w, steps: [{stepId: s, operationId: listPets}]}]";
    let error = load(&other).expect_err("another contract");
    assert!(error.problem().contains("another contract"), "{error}");
    let circle = format!(
        "{HEAD}workflows:\n- {{workflowId: a, dependsOn: [b], steps: [{{stepId: s, operationId: listPets}}]}}\n\
         - {{workflowId: b, dependsOn: [a], steps: [{{stepId: s, operationId: listPets}}]}}\n"
    );
    assert!(load(&circle).expect_err("a circle").problem().contains("wait for itself"));
}

#[test]
fn one_in_a_remote_place_is_the_contract_when_it_is_the_only_one() {
    let remote = HEAD.replace("openapi.yaml", "https://example.com/openapi.yaml");
    let steps = "workflows: [{workflowId: w, steps: [{stepId: s, operationId: listPets}]}]";
    assert!(load(&format!("{remote}{steps}")).is_ok());
    let two = remote.replace("}]", "}, {name: b, url: 'https://example.com/b.yaml', type: openapi}]");
    let named = steps.replace("listPets", "$sourceDescriptions.pets.listPets");
    assert!(load(&format!("{two}{named}")).expect_err("which one?").problem().contains("several sources"));
}
