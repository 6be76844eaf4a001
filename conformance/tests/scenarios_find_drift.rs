//! The workflows of the APIs against the embedded sandbox: silent about a right one, and a finding for every kind of drift
//! of its catalogue that somebody can see who only plays workflows.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use driftline_conformance::checks::Severity;
use driftline_conformance::recording::Memory;
use driftline_conformance::report::FindingStatus;
use driftline_conformance::target::{Clock, Credential, Target, TargetKind};
use driftline_conformance::{
    Cancel, Progress, Report, RunOptions, Script, Suite, Verdict, WorkflowOutcome, registered, report, run,
};
use driftline_sandbox::{CREDENTIAL, DriftKind, Options, Sandbox, catalogue};
use driftline_specs::{Api, Scenarios};
use tokio::task::JoinSet;

/// What workflows cannot see, with the reason. Every other kind has to be found by them: who adds one to the catalogue
/// teaches a workflow to see it, or lists it here.
const UNSEEN: &[(&str, &str)] = &[
    ("enrollconnect-list-anonymous", STRANGER),
    ("enrollconnect-list-key-in-query", STRANGER),
    ("enrollconnect-get-any-key", STRANGER),
    ("clasp-retrieve-anonymous", STRANGER),
    ("clasp-list-empty-token", STRANGER),
    ("onboarding-register-anonymous", STRANGER),
    ("onboarding-summary-any-scheme", STRANGER),
    ("enrollconnect-application-patched", METHOD),
    ("enrollconnect-allow-without-put", METHOD),
    ("clasp-connection-allow-missing", METHOD),
    ("onboarding-group-deleted", METHOD),
    (
        "onboarding-broker-phone-beside-email",
        "a workflow sends what it says, and nothing that is changed in one property",
    ),
    ("enrollconnect-exchange-type-vanished", NOT_REQUIRED),
    ("enrollconnect-next-actions-vanished", NOT_REQUIRED),
];

const NOT_REQUIRED: &str = "the contract does not require it, so no workflow relies on it";

const STRANGER: &str = "a workflow calls with the credential of the target and no other one";
const METHOD: &str = "a workflow calls operations of the contract, which have the methods that it documents";

fn api(name: &str) -> Api {
    Api::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs"), name).unwrap()
}

/// A kind of drift of each API that is seen in few steps: its findings are repeated, and every repetition has to show them.
const REPEATED: &[&str] =
    &["clasp-cursor-ignored", "enrollconnect-terminate-refused", "onboarding-created-at-moves"];

/// Has enough when something was seen.
#[derive(Debug)]
struct Once(Cancel);

impl Progress for Once {
    fn deviated(&self, _: &str, _: &str, _: &str, _: Severity) {
        self.0.trigger();
    }
}

/// Plays the workflows against a sandbox with one kind of drift: all, or those that ask for its operation.
async fn played(api: &Api, scenarios: &Arc<Scenarios>, drift: Option<&DriftKind>, seed: u64) -> Report {
    played_beside(api, scenarios, drift, seed, BTreeMap::new()).await
}

/// The same beside recordings, by workflow; then all that there is to be found is waited for.
async fn played_beside(
    api: &Api,
    scenarios: &Arc<Scenarios>,
    drift: Option<&DriftKind>,
    seed: u64,
    memories: BTreeMap<String, Memory>,
) -> Report {
    let name = api.name.as_str();
    let drifts = drift.iter().map(|kind| kind.id.to_owned()).collect();
    let sandbox =
        Sandbox::start(Options { apis: vec![name.to_owned()], drifts, seed, ..Options::default() }).await;
    let sandbox = sandbox.unwrap();
    let mut target = Target::new("sandbox", TargetKind::Embedded, sandbox.base_url(name).unwrap()).unwrap();
    target.credentials.push(Credential::for_contract(&api.contract, CREDENTIAL, None));
    target.clock = sandbox.mover(name).map(Clock::new);
    let mut options = RunOptions::new(name, api.contract.clone(), target);
    options.seed = seed;
    options.models = registered(name);
    options.suites = vec![Suite::Scenario];
    let has_enough = memories.is_empty();
    let mut script = Script { scenarios: Arc::clone(scenarios), memories, ..Script::default() };
    if let Some(kind) = drift {
        let asks = script.scenarios.workflows.iter();
        let asks = asks.filter(|it| script.operations(it).contains(&kind.operation_id));
        script.only = asks.map(|it| it.id.clone()).collect();
        assert!(!script.only.is_empty(), "no workflow asks for {}", kind.operation_id);
        if has_enough && !REPEATED.contains(&kind.id) {
            options.progress = Arc::new(Once(options.cancel.clone()));
        }
    }
    options.script = Arc::new(script);
    let report = Report::new(seed, vec![run(options).await.unwrap()]);
    sandbox.shutdown().await;
    report
}

/// Plays the workflows of an API against a right sandbox, and then against one with each kind of drift.
async fn sees_drift(name: &str) {
    let api = Arc::new(api(name));
    let scenarios = Arc::new(api.scenarios().unwrap());
    for seed in [1, 2] {
        let report = played(&api, &scenarios, None, seed).await;
        let told = report::terminal(&report, false);
        assert_eq!((report.verdict(), report.exit_status()), (Verdict::NoDrift, 0), "{told}");
        let coverage = report.apis[0].coverage;
        assert_eq!((coverage.reached, coverage.succeeded), (coverage.operations, coverage.operations));
        assert!(report.apis[0].workflows.iter().all(|it| it.outcome == WorkflowOutcome::Succeeded), "{told}");
    }
    let mut kinds = catalogue().iter().filter(|kind| kind.api == name);
    let (mut runs, mut missed, mut seen) = (JoinSet::new(), Vec::new(), 0);
    loop {
        while runs.len() < 2
            && let Some(kind) = kinds.next()
        {
            let (api, scenarios) = (Arc::clone(&api), Arc::clone(&scenarios));
            runs.spawn(async move { (kind, played(&api, &scenarios, Some(kind), 7).await) });
        }
        let Some(run) = runs.join_next().await else { break };
        let (kind, report) = run.unwrap();
        let findings = &report.apis[0].findings;
        if REPEATED.contains(&kind.id) {
            let told = report::terminal(&report, false);
            assert!(findings.iter().all(|it| it.status == FindingStatus::Confirmed), "{told}");
        }
        let mut checks: Vec<&str> = findings.iter().map(|it| it.check.as_str()).collect();
        checks.sort_unstable();
        checks.dedup();
        let is_listed = UNSEEN.iter().any(|(id, _)| *id == kind.id);
        match (checks.is_empty(), is_listed) {
            (false, false) => seen += 1,
            (true, false) => missed.push(kind.id),
            (_, true) => {}
        }
    }
    assert!(seen > 0, "the catalogue has no kind of drift of {name}");
    assert!(missed.is_empty(), "the workflows see nothing of: {missed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_workflows_of_enrollconnect_see_drift() {
    sees_drift("enrollconnect").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_workflows_of_clasp_see_drift() {
    sees_drift("clasp").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_workflows_of_onboarding_see_drift() {
    sees_drift("onboarding").await;
}

/// Check, operation and place of a finding.
type Told = (&'static str, &'static str, &'static str);

/// Kinds of drift, and what tells a drifted sandbox from the recordings of a right one.
const COMPARED: &[(&str, &[Told])] = &[
    // The contract permits it, and only a recording knows better.
    (
        "enrollconnect-exchange-type-vanished",
        &[("answers_as_recorded", "listApplications", "/applications/*/exchange_type")],
    ),
    ("enrollconnect-premium-string", &[("body_schema", "getApplication", "/policies/0/gross_premium")]),
    ("enrollconnect-create-200", &[("status_documented", "createApplication", "")]),
    ("clasp-broker-url-long", &[("body_schema", "retrieveConnection", "/broker_url")]),
    // Two workflows wait for an event that has another category now, and fail.
    ("clasp-event-new", &[("unknown_enum_value", "submitReview", "/events/0/category")]),
    ("onboarding-status-new", &[("unknown_enum_value", "getRegistrationStatus", "/status")]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drifted_sandbox_differs_from_the_recordings_in_what_has_drifted() {
    for (id, expected) in COMPARED {
        let kind = catalogue().iter().find(|kind| kind.id == *id).unwrap();
        let api = api(kind.api);
        let memories = api.recordings().unwrap().into_iter().flat_map(|(_, recording)| {
            let ids: Vec<String> = recording.workflows().map(|(id, _)| id.to_owned()).collect();
            ids.into_iter().filter_map(move |id| Some((id.clone(), Memory::of(&recording, &id)?)))
        });
        let scenarios = Arc::new(api.scenarios().unwrap());
        let report = played_beside(&api, &scenarios, Some(kind), 0, memories.collect()).await;
        let findings = report.apis[0].findings.iter();
        let found: Vec<(&str, &str, &str)> =
            findings.map(|it| (it.check.as_str(), it.operation_id.as_str(), it.location.as_str())).collect();
        assert_eq!(found, *expected, "{id}");
    }
}

#[tokio::test]
async fn the_example_of_the_documentation_is_played() {
    let (_, text) = include_str!("../../docs/scenarios.md").split_once("```yaml\n").unwrap();
    let (text, _) = text.split_once("```").unwrap();
    let api = api("onboarding");
    let place = api.dir.join("scenarios/names.arazzo.yaml");
    let scenarios = Scenarios::from_texts(&[(place.to_str().unwrap(), text)], &api.contract).unwrap();
    let report = played(&api, &Arc::new(scenarios), None, 1).await;
    let told = report::terminal(&report, false);
    assert_eq!((report.exit_status(), report.apis[0].workflows.len()), (0, 1), "{told}");
}

#[test]
fn what_is_listed_as_unseen_is_in_the_catalogue() {
    for (id, reason) in UNSEEN {
        assert!(catalogue().iter().any(|kind| kind.id == *id), "{id}: {reason}");
    }
}
