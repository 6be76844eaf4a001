//! Workflows against a small endpoint: every construct that documents may have runs, failures are told once with their
//! step, and a workflow is compared with its recording.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use driftline_conformance::recording::{Memory, judge, record};
use driftline_conformance::report::ApiReport;
use driftline_conformance::target::{Target, TargetKind};
use driftline_conformance::{RunOptions, Script, Suite, Verdict, WorkflowOutcome, run};
use driftline_specs::{Contract, Recording, Scenarios};
use serde_json::{Value, json};

const CONTRACT: &str = "
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
      - {name: limit, in: query, schema: {type: integer}}
      - {name: after, in: query, schema: {type: integer}}
      - {name: x-trace, in: header, schema: {type: string}}
      responses:
        '200':
          description: Some.
          content: {application/json: {schema: {type: object, properties: {
            pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}, next: {type: integer, nullable: true}}}}}
    post:
      operationId: createPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}}
      responses:
        '201': {description: Done., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '422': {description: No., content: {application/json: {schema: {type: object}}}}
  /pets/{petId}:
    get:
      operationId: getPet
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses:
        '200': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '404': {description: None., content: {application/json: {schema: {type: object}}}}
        '409': {description: Not yet., content: {application/json: {schema: {type: object}}}}
components:
  schemas:
    NewPet: {type: object, required: [name], properties: {name: {type: string}, kind: {type: string, enum: [cat, dog]}, tags: {type: array, items: {type: string}}}}
    Pet: {type: object, required: [id, name], properties: {id: {type: integer}, name: {type: string}, kind: {type: string, enum: [cat, dog]}, born: {type: string, nullable: true}, tags: {type: array, items: {type: string}}}}
";

const HEAD: &str = "arazzo: 1.0.1
info: {title: Pets, version: '1'}
sourceDescriptions: [{name: pets, url: openapi.yaml, type: openapi}]
workflows:
";

/// How the endpoint departs from what it usually does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Way {
    #[default]
    Usual,
    /// An optional property vanishes, which the contract allows.
    Bare,
    /// Reading says another kind.
    OtherKind,
    /// Creating is refused.
    Refusing,
    /// Reading has another name.
    Renaming,
    /// A text is another form, which the contract allows.
    Undated,
}

#[derive(Debug, Default)]
struct World {
    way: Way,
    pets: Mutex<BTreeMap<i64, Value>>,
    busy: AtomicUsize,
    asked: Mutex<Vec<String>>,
}

async fn create(State(world): State<Arc<World>>, Json(body): Json<Value>) -> Response {
    world.asked.lock().unwrap().push(format!("create {body}"));
    if world.way == Way::Refusing || body["name"].as_str().is_none_or(str::is_empty) {
        let missing = json!({ "missing": ["name"] });
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(missing)).into_response();
    }
    let mut pets = world.pets.lock().unwrap();
    let id = pets.len() as i64 + 1;
    let mut pet = json!({ "id": id, "name": body["name"], "kind": body["kind"], "tags": body["tags"] });
    let born = if world.way == Way::Undated { "lately" } else { "2026-01-01" };
    pet["born"] = json!(born);
    if body["kind"].is_null() {
        pet["kind"] = json!("cat");
    }
    if body["tags"].is_null() {
        pet["tags"] = json!([]);
    }
    pets.insert(id, pet.clone());
    (StatusCode::CREATED, [("location", format!("/pets/{id}"))], Json(pet)).into_response()
}

async fn read(State(world): State<Arc<World>>, Path(id): Path<i64>) -> Response {
    world.asked.lock().unwrap().push(format!("read {id}"));
    // What was just made is not there at once.
    if world.busy.load(Ordering::Relaxed) > 0 {
        world.busy.fetch_sub(1, Ordering::Relaxed);
        return (StatusCode::CONFLICT, Json(json!({}))).into_response();
    }
    let Some(mut pet) = world.pets.lock().unwrap().get(&id).cloned() else {
        return (StatusCode::NOT_FOUND, Json(json!({}))).into_response();
    };
    match world.way {
        Way::Bare => drop(pet.as_object_mut().unwrap().remove("born")),
        Way::OtherKind => pet["kind"] = json!("dog"),
        Way::Renaming => pet["name"] = json!("Nobody"),
        _ => {}
    }
    Json(pet).into_response()
}

async fn list(
    State(world): State<Arc<World>>,
    Query(query): Query<BTreeMap<String, i64>>,
    headers: HeaderMap,
) -> Response {
    let trace = headers.get("x-trace").map_or("", |it| it.to_str().unwrap());
    let [other, cookie] =
        ["x-other", "cookie"].map(|it| headers.get(it).map_or("", |it| it.to_str().unwrap()));
    world.asked.lock().unwrap().push(format!("list {query:?} {trace}{other}{cookie}"));
    let limit = query.get("limit").copied().unwrap_or(10) as usize;
    let after = query.get("after").copied().unwrap_or(0);
    let pets: Vec<Value> =
        world.pets.lock().unwrap().range(after + 1..).map(|(_, pet)| pet.clone()).collect();
    let page: Vec<Value> = pets.iter().take(limit).cloned().collect();
    let next = if pets.len() > limit { page.last().map(|pet| pet["id"].clone()) } else { None };
    Json(json!({ "pets": page, "next": next })).into_response()
}

async fn serve(world: Arc<World>) -> String {
    let router =
        Router::new().route("/pets", post(create).get(list)).route("/pets/{id}", get(read)).with_state(world);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn script(text: &str) -> (Contract, Script) {
    let contract = Contract::from_text("openapi.yaml", CONTRACT).unwrap();
    let scenarios = Scenarios::from_texts(&[("pets.arazzo.yaml", text)], &contract).unwrap();
    (contract, Script { scenarios: Arc::new(scenarios), ..Script::default() })
}

async fn options(world: &Arc<World>, contract: Contract, script: Script) -> RunOptions {
    let url = serve(Arc::clone(world)).await;
    let target = Target::new("local", TargetKind::Sandbox, &url).unwrap();
    let mut options = RunOptions::new("pets", contract, target);
    options.target.requests_per_second = None;
    options.suites = vec![Suite::Scenario];
    options.script = Arc::new(script);
    options.clean_up = false;
    options
}

async fn played(world: Arc<World>, text: &str) -> (ApiReport, Vec<String>) {
    let (contract, script) = script(text);
    let options = options(&world, contract, script).await;
    let report = run(options).await.unwrap();
    let asked = world.asked.lock().unwrap().clone();
    (report, asked)
}

fn outcomes(report: &ApiReport) -> Vec<(&str, WorkflowOutcome)> {
    report.workflows.iter().map(|it| (it.workflow_id.as_str(), it.outcome)).collect()
}

#[tokio::test]
async fn every_construct_runs() {
    let text = HEAD.to_owned()
        + "
- workflowId: main
  dependsOn: [before]
  inputs: {$ref: '#/components/inputs/names'}
  parameters: [{name: x-trace, in: header, value: 'trace-{$inputs.first}'}]
  steps:
  - stepId: create
    operationId: createPet
    requestBody:
      contentType: application/json
      payload: {name: $inputs.first, kind: cat, tags: [x, 'of {$inputs.first}'], note: y}
      replacements:
      - {target: /tags/0, value: $inputs.second}
      - {target: $.kind, value: dog, targetSelectorType: jsonpath}
    successCriteria:
    - condition: $statusCode == 201 && $method == 'POST'
    - condition: $response.header.Location == '/pets/2'
    - condition: $request.body#/kind == 'dog' && $request.header.Content-Type == 'application/json'
    - {context: $response.body, condition: '$[?@ == \"dog\"]', type: jsonpath}
    - {context: $response.body, condition: '$.id != null', type: jsonpath}
    - condition: $workflows.before.outputs.id == 1
    - {context: $url, condition: '^http://127\\.0\\.0\\.1:\\d+/pets$', type: regex}
    outputs: {id: $response.body#/id, tags: {context: $response.body, selector: '$.tags[*]', type: jsonpath}}
    onSuccess: [{reference: $components.successActions.on}]
  - stepId: never
    operationId: listPets
    successCriteria: [{condition: 1 == 2}]
  - stepId: read
    operationPath: '{$sourceDescriptions.pets.url}#/paths/~1pets~1{petId}/get'
    parameters: [{name: petId, in: path, value: $steps.create.outputs.id}]
    successCriteria: [{condition: $statusCode == 200}, {condition: $request.path.petId == 2}]
    onFailure:
    - {name: later, type: retry, retryAfter: 0.01, retryLimit: 3, criteria: [{condition: $statusCode == 409}]}
  - stepId: page
    operationId: listPets
    parameters:
    - {reference: $components.parameters.limit, value: 1}
    - {name: after, in: query, value: 0}
    - {name: x-other, in: header, value: 7}
    - {name: visit, in: cookie, value: first}
    successCriteria: [{condition: '$response.body.pets[0].id == 1 && $request.query.limit == 1'}]
    outputs: {next: $response.body#/next}
    onSuccess: [{name: more, type: goto, stepId: rest, criteria: [{condition: $response.body#/next != null}]}]
  - stepId: unreached
    operationId: listPets
    successCriteria: [{condition: 1 == 2}]
  - stepId: rest
    operationId: listPets
    parameters: [{name: after, in: query, value: $steps.page.outputs.next}]
    successCriteria: [{condition: $response.body#/next == null}]
  - stepId: inner
    workflowId: before
    successCriteria: [{condition: $outputs.id == 3}, {condition: $statusCode == 201}]
    outputs: {id: $outputs.id}
    onSuccess: [{name: enough, type: end, criteria: [{condition: $workflows.before.outputs.id == 3}]}]
  - stepId: afterwards
    operationId: listPets
    successCriteria: [{condition: 1 == 2}]
  outputs: {tags: $steps.create.outputs.tags}
- workflowId: before
  steps:
  - stepId: one
    operationId: createPet
    requestBody: {payload: '{\"name\": \"First\", \"tags\": []}'}
    outputs: {id: $response.body#/id}
  outputs: {id: $steps.one.outputs.id}
components:
  inputs:
    names: {type: object, properties: {first: {type: string, default: Rex}, second: {type: string, default: Ada}}}
  parameters: {limit: {name: limit, in: query, value: 5}}
  successActions: {on: {name: on, type: goto, stepId: read}}
";
    let world = Arc::new(World { busy: AtomicUsize::new(2), ..World::default() });
    let (report, asked) = played(world, &text.replace("\n          targetSelectorType", "")).await;
    assert_eq!(report.findings.iter().map(|it| &it.message).collect::<Vec<_>>(), [""; 0]);
    let done = WorkflowOutcome::Succeeded;
    assert_eq!(outcomes(&report), [("before", done), ("main", done)], "{:?}", report.workflows);
    assert_eq!(
        asked,
        [
            r#"create {"name":"First","tags":[]}"#,
            r#"create {"name":"Rex","kind":"dog","tags":["Ada","of Rex"],"note":"y"}"#,
            "read 2",
            "read 2",
            "read 2",
            r#"list {"after": 0, "limit": 1} trace-Rex7visit=first"#,
            r#"list {"after": 1} trace-Rex"#,
            r#"create {"name":"First","tags":[]}"#,
        ]
    );
    assert!(report.inconclusive.is_empty(), "{:?}", report.inconclusive);
}

const ADOPT: &str = "
- workflowId: adopt
  summary: A pet is made and read.
  steps:
  - stepId: create
    operationId: createPet
    requestBody: {payload: {name: Rex, kind: cat, tags: [a]}}
    successCriteria: [{condition: $statusCode == 201}]
    outputs: {id: $response.body#/id}
  - stepId: read
    operationId: getPet
    parameters: [{name: petId, in: path, value: $steps.create.outputs.id}]
";

#[tokio::test]
async fn a_step_that_fails_is_told_once_with_its_place_and_what_follows_is_not_sent() {
    let world = Arc::new(World { way: Way::Refusing, ..World::default() });
    let (report, asked) = played(world, &format!("{HEAD}{ADOPT}")).await;
    assert_eq!(outcomes(&report), [("adopt", WorkflowOutcome::Failed)]);
    assert_eq!(report.workflows[0].step.as_deref(), Some("create"));
    let [finding] = report.findings.as_slice() else { panic!("one finding: {:?}", report.findings) };
    assert_eq!((finding.check.as_str(), finding.confirmations.as_str()), ("step_succeeds", "3/3"));
    assert!(finding.expected.contains("`$statusCode == 201` (pets.arazzo.yaml:12)"), "{}", finding.expected);
    assert_eq!(finding.observed, "status 422");
    assert!(asked.iter().all(|it| it.starts_with("create")), "{asked:?}");
}

#[tokio::test]
async fn a_step_is_tried_again_so_often_and_no_more() {
    let text =
        ADOPT.to_owned() + "    onFailure: [{name: later, type: retry, retryAfter: 0, retryLimit: 2}]\n";
    let world = Arc::new(World { busy: AtomicUsize::new(1000), ..World::default() });
    let (report, asked) = played(world, &format!("{HEAD}{text}")).await;
    assert_eq!(report.workflows[0].step.as_deref(), Some("read"));
    // The pet of the first time; those who look again make another one.
    assert_eq!(asked.iter().filter(|it| *it == "read 1").count(), 3);
    assert_eq!(report.findings.len(), 1, "{:?}", report.findings);
}

#[tokio::test]
async fn what_would_take_longer_than_a_run_waits_is_not_tried_again() {
    let waiting = "    onFailure:\n    - {name: later, type: retry, retryAfter: 3600, retryLimit: 2}\n";
    let of = async |text: String| {
        let world = Arc::new(World { busy: AtomicUsize::new(1000), ..World::default() });
        let (contract, script) = script(&format!("{HEAD}{text}"));
        let mut options = options(&world, contract, script).await;
        options.target.max_wait = Some(Duration::from_millis(80));
        run(options).await.unwrap()
    };
    let report = of(ADOPT.to_owned() + waiting).await;
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(outcomes(&report), [("adopt", WorkflowOutcome::Skipped)]);
    assert_eq!(report.workflows[0].step.as_deref(), Some("read"));
    assert!(report.inconclusive[0].reason.contains("it would wait 3600 s"), "{:?}", report.inconclusive);
    assert_eq!(report.requests, 10, "it is created, and read before and after each share of what is waited");
    // The next action is looked at.
    let leave = "    - {name: leave, type: goto, stepId: list}\n  - {stepId: list, operationId: listPets}\n";
    let report = of(ADOPT.to_owned() + waiting + leave).await;
    assert_eq!(outcomes(&report), [("adopt", WorkflowOutcome::Succeeded)], "{:?}", report.workflows);
}

#[tokio::test]
async fn a_run_of_no_workflows_proves_nothing() {
    let contract = Contract::from_text("openapi.yaml", CONTRACT).unwrap();
    let report = run(options(&Arc::default(), contract, Script::default()).await).await.unwrap();
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert_eq!(report.inconclusive[0].reason, "there is no workflow to play");
}

#[tokio::test]
async fn what_cannot_be_played_is_no_finding_and_not_green() {
    let text = ADOPT.replace(
        "  steps:\n  - stepId: create",
        "  inputs: {required: [token]}\n  steps:\n  - stepId: create",
    );
    let (report, asked) = played(Arc::default(), &format!("{HEAD}{text}")).await;
    assert_eq!(outcomes(&report), [("adopt", WorkflowOutcome::Skipped)]);
    assert!(report.findings.is_empty() && asked.is_empty());
    assert!(report.inconclusive[0].reason.contains("token"), "{:?}", report.inconclusive);
    // What leads in a circle ends.
    let text = ADOPT.to_owned() + "    onSuccess: [{name: again, type: goto, stepId: read}]\n";
    let (report, _) = played(Arc::default(), &format!("{HEAD}{text}")).await;
    assert_eq!(outcomes(&report), [("adopt", WorkflowOutcome::Failed)]);
    assert!(report.inconclusive[0].reason.contains("not over after"), "{:?}", report.inconclusive);
}

/// Records the workflow as it usually goes.
async fn recorded() -> Recording {
    let (contract, script) = script(&format!("{HEAD}{ADOPT}"));
    let options = options(&Arc::default(), contract, script).await;
    let takes = record(options).await.unwrap();
    assert_eq!(takes.len(), 1);
    assert!(takes[0].findings.is_empty());
    takes.into_iter().next().unwrap().recording.unwrap()
}

/// What a run finds beside a recording: check, severity, place and what is observed.
async fn compared(way: Way, recording: &Recording) -> Vec<(String, String, String)> {
    let (contract, mut script) = script(&format!("{HEAD}{ADOPT}"));
    script.memories.insert("adopt".to_owned(), Memory::of(recording, "adopt").unwrap());
    let world = Arc::new(World { way, ..World::default() });
    // Another pet is there already, so that identifiers differ.
    world.pets.lock().unwrap().insert(1, json!({ "id": 1, "name": "Old" }));
    let report = run(options(&world, contract, script).await).await.unwrap();
    let finding = |it: &driftline_conformance::report::Finding| {
        (format!("{} {}", it.check, it.severity), it.location.clone(), it.observed.clone())
    };
    report.findings.iter().map(finding).collect()
}

#[tokio::test]
async fn a_workflow_is_compared_with_its_recording_by_what_answers_look_like() {
    let recording = recorded().await;
    assert_eq!(recording.entries().len(), 2);
    assert_eq!(recording.origin().unwrap().target, "local");
    let found = |check: &str, location: &str, observed: &str| {
        vec![(format!("answers_as_recorded {check}"), location.to_owned(), observed.to_owned())]
    };
    assert_eq!(compared(Way::Usual, &recording).await, []);
    assert_eq!(compared(Way::Bare, &recording).await, found("notice", "/born", "absent"));
    assert_eq!(compared(Way::OtherKind, &recording).await, found("behavioural", "/kind", "`dog`"));
    assert_eq!(compared(Way::Renaming, &recording).await, found("behavioural", "/name", "another value"));
    // Both steps show it.
    let undated = compared(Way::Undated, &recording).await;
    assert_eq!(undated.len(), 2, "{undated:?}");
    assert!(undated.iter().all(|it| it.1 == "/born" && it.2 == "a text"), "{undated:?}");
}

#[tokio::test]
async fn a_recording_is_judged_by_another_contract() {
    let recording = recorded().await;
    let heard = |contract: &str| {
        let contract = Contract::from_text("openapi.yaml", contract).unwrap();
        judge("pets", &contract, None, &[("adopt.har".to_owned(), recording.clone())])
    };
    let hearing = heard(CONTRACT);
    assert_eq!((hearing.exchanges, hearing.findings.len(), hearing.foreign.len()), (2, 0, 0));
    let places = |contract: &str| {
        let hearing = heard(contract);
        let findings = hearing.findings.iter().map(|it| (it.check.clone(), it.location.clone()));
        (findings.collect::<Vec<_>>(), hearing.foreign.len())
    };
    let named = |check: &str, location: &str| (check.to_owned(), location.to_owned());
    // A request needs more, and an answer has less.
    let next = CONTRACT
        .replace("NewPet: {type: object, required: [name]", "NewPet: {type: object, required: [name, owner]");
    assert_eq!(places(&next), (vec![named("recorded_request_allowed", "/body")], 0));
    let next = CONTRACT.replace("born: {type: string", "born: {type: integer");
    let (found, foreign) = places(&next);
    assert_eq!((found, foreign), (vec![named("body_schema", "/born"); 2], 0));
    let next = CONTRACT.replace("/pets/{petId}:", "/animals/{petId}:");
    assert_eq!(places(&next), (Vec::new(), 1));
}
