//! What was recorded is asked again, offline: every recorded request goes through the generated client to a double, and has
//! to arrive as it was recorded.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::path::{Path, PathBuf};

use driftline_conformance::calls::{Caller, Outcome, Parts, Unmade, caller};
use driftline_conformance::recording::{End, Rebuild, Remade, judge};
use driftline_conformance::registered;
use driftline_sandbox::Double;
use driftline_specs::recording::Respects;
use driftline_specs::{Api, Contract, Recording};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn contract(api: &str) -> Contract {
    let folder = root().join("specs").join(api);
    Contract::load(&folder.join("openapi.yaml"), &[folder.join("overlay.yaml")]).unwrap()
}

/// The recordings that tests have for themselves, with their APIs.
fn specimens() -> Vec<(String, PathBuf)> {
    [
        ("clasp", "conformance/sandbox/tests/specimens/clasp.har"),
        ("enrollconnect", "conformance/tests/specimens/enrollconnect.har"),
    ]
    .map(|(api, path)| (api.to_owned(), root().join(path)))
    .into()
}

/// Every recording in `specs/`, with its API.
fn recordings() -> Vec<(String, PathBuf)> {
    let entries = |folder: &Path| {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let apis = entries(&root().join("specs")).into_iter();
    apis.flat_map(|folder| {
        let api = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let files = entries(&folder.join("recordings")).into_iter();
        files
            .filter(|file| file.extension().is_some_and(|it| it == "har"))
            .map(move |file| (api.clone(), file))
    })
    .collect()
}

/// Makes the requests of a recording again, by the generated client unless it is another one.
async fn remade(
    api: &str,
    recording: &Recording,
    other: impl FnOnce(Box<dyn Caller>) -> Box<dyn Caller>,
) -> Vec<Remade> {
    let contract = contract(api);
    let double = Double::answering(recording, Respects::default()).await.unwrap();
    let rebuild = Rebuild::new(recording, &contract);
    let client = caller(api, &format!("{}{}", double.url(), rebuild.base_path()));
    let client = other(client.unwrap_or_else(|| panic!("`{api}` has no generated crate")).unwrap());
    rebuild.run(&*client, || double.take_requests()).await
}

fn specimen() -> Recording {
    let path = root().join("conformance/tests/specimens/enrollconnect.har");
    Recording::load(&path).unwrap()
}

#[tokio::test]
async fn every_recorded_request_is_made_again_by_the_generated_client() {
    let mut failures = Vec::new();
    for (api, path) in specimens().into_iter().chain(recordings()) {
        let recording = Recording::load(&path).unwrap_or_else(|error| panic!("{error}"));
        let remade = remade(&api, &recording, |client| client).await;
        let same = remade.iter().filter(|one| matches!(one.end, End::Same { .. })).count();
        assert!(same > 0, "{}: no request could be made again", path.display());
        let failed = remade.iter().filter(|one| one.is_failure());
        failures.extend(failed.map(|one| format!("{}: {one}", path.display())));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_recording_agrees_with_its_contract_and_with_the_generated_types() {
    for (api, path) in recordings() {
        let recording = Recording::load(&path).unwrap_or_else(|error| panic!("{error}"));
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let entries = recording.entries().len();
        let hearing = judge(&api, &contract(&api), registered(&api), &[(name, recording)]);
        let told: Vec<&String> = hearing.findings.iter().map(|it| &it.message).collect();
        assert!(told.is_empty() && hearing.foreign.is_empty(), "{}: {told:?}", path.display());
        assert_eq!(hearing.exchanges, entries);
        let bodies = hearing.bodies;
        assert!(bodies.valid_decoded > 0, "{}: no body was judged", path.display());
        assert_eq!(bodies.valid_undecoded + bodies.invalid_decoded + bodies.invalid_undecoded, 0);
    }
}

#[test]
fn every_workflow_has_a_recording_of_the_sandbox() {
    for api in Api::list(&root().join("specs")).unwrap() {
        let api = Api::load(&root().join("specs"), &api).unwrap();
        let recordings = api.recordings().unwrap();
        for workflow in &api.scenarios().unwrap().workflows {
            let known = recordings.iter().find(|(_, it)| it.workflows().any(|(id, _)| id == workflow.id));
            let (_, recording) = known.unwrap_or_else(|| panic!("{} is not recorded", workflow.id));
            assert_eq!(recording.origin().unwrap().target, "sandbox");
        }
    }
}

#[tokio::test]
async fn a_recording_is_told_request_by_request() {
    let remade = remade("enrollconnect", &specimen(), |client| client).await;
    let told: Vec<String> = remade.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "entry 0 (step `create`), POST `createApplication`, answered 201: the same request",
            "entry 1 (step `list`), GET `listApplications`, answered 200: the same request",
            "entry 2 (step `look`), GET `getApplication`, answered 200: the same request",
            "entry 3 (step `change`), PUT `updateApplication`, answered 200: the same request",
            "entry 4 (step `prove`), POST `uploadSupportingDocumentation`, answered 201: the same request",
            "entry 5 (step `submit`), POST `submitApplication`, answered 200: the same request",
            "entry 6 (step `look_again`), GET `getApplication`, answered 200: the same request",
            "entry 7 (step `create_wrongly`), POST `createApplication`, answered 400: the generated types cannot express \
             it: body: its type does not take it at /plan_year: expected an integer, found a string",
            "entry 8 (step `nowhere`), GET, answered 404: the contract has no such operation",
        ]
    );
    assert!(!remade.iter().any(Remade::is_failure));
    // What the double answered is what the client read.
    for one in &remade {
        if let End::Same { outcome } = &one.end {
            assert_eq!(outcome, &Outcome::Success { status: one.status }, "{one}");
        }
    }
}

#[tokio::test]
async fn the_path_before_those_of_the_contract_is_found() {
    let text = specimen().to_text().replace("https://api.example.com/", "https://api.example.com/of/v7/");
    let recording = Recording::from_text(Path::new("moved.har"), &text).unwrap();
    let contract = contract("enrollconnect");
    assert_eq!(Rebuild::new(&specimen(), &contract).base_path(), "");
    assert_eq!(Rebuild::new(&recording, &contract).base_path(), "/of/v7");
    let remade = remade("enrollconnect", &recording, |client| client).await;
    let same = remade.iter().filter(|one| matches!(one.end, End::Same { .. })).count();
    assert_eq!(same, 7);
}

/// A client that changes what it is asked to send.
struct Careless {
    client: Box<dyn Caller>,
    change: fn(&str, &mut Parts),
}

impl Caller for Careless {
    fn call(
        &self,
        operation_id: &str,
        mut parts: Parts,
    ) -> Result<std::pin::Pin<Box<dyn Future<Output = Outcome> + Send + '_>>, Unmade> {
        (self.change)(operation_id, &mut parts);
        self.client.call(operation_id, parts)
    }
}

/// What is told of a client that changes something.
async fn failures(change: fn(&str, &mut Parts)) -> Vec<String> {
    let careless = |client| Box::new(Careless { client, change }) as Box<dyn Caller>;
    let remade = remade("enrollconnect", &specimen(), careless).await;
    remade.iter().filter(|one| one.is_failure()).map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_client_that_sends_something_else_fails_with_step_and_place() {
    let lost = failures(|id, parts| {
        if id == "listApplications" {
            parts.query.retain(|(name, _)| name != "limit");
        }
    });
    assert_eq!(
        lost.await,
        ["entry 1 (step `list`), GET `listApplications`, answered 200: query parameter `limit` is missing"]
    );
    let elsewhere = failures(|id, parts| {
        if id == "submitApplication" {
            parts.path[0].1.push('x');
        }
    });
    assert_eq!(
        elsewhere.await,
        ["entry 5 (step `submit`), POST `submitApplication`, answered 200: path is another one"]
    );
    let renamed = failures(|id, parts| {
        use driftline_conformance::calls::Content;
        if id == "uploadSupportingDocumentation"
            && let Some(Content::Form { fields, .. }) = &mut parts.body
        {
            fields[0].file_name = None;
        }
    });
    assert_eq!(
        renamed.await,
        [
            "entry 4 (step `prove`), POST `uploadSupportingDocumentation`, answered 201: form field `file` is another one"
        ]
    );
}

#[tokio::test]
async fn what_was_accepted_and_cannot_be_made_fails() {
    let unmade = failures(|id, parts| {
        if id == "getApplication" {
            parts.path.clear();
        }
    });
    assert_eq!(
        unmade.await,
        [2, 6].map(|index| format!(
            "entry {index} (step `{}`), GET `getApplication`, answered 200: the generated types cannot express it: path \
             parameter `id`: it has to be there",
            if index == 2 { "look" } else { "look_again" }
        ))
    );
    let empty = failures(|id, parts| {
        if id == "submitApplication" {
            parts.path[0].1.clear();
        }
    });
    assert_eq!(
        empty.await,
        [
            "entry 5 (step `submit`), POST `submitApplication`, answered 200: the client did not send it: the request \
          cannot be made: the path parameter `id` is empty"
        ]
    );
}
