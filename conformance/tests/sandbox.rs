//! The suites against the embedded sandbox: silent about a right one, and every drift of its catalogue found.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use driftline_conformance::recording::Memory;
use driftline_conformance::target::{Clock, Credential, Target, TargetKind};
use driftline_conformance::{Norms, Report, RunOptions, Script, Verdict, registered, report, run};
use driftline_sandbox::{CREDENTIAL, DriftKind, Options, Sandbox, catalogue};
use driftline_specs::Api;
use tokio::task::JoinSet;

fn apis() -> HashMap<String, Api> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let names = Api::list(&specs).unwrap();
    names.into_iter().map(|name| (name.clone(), Api::load(&specs, &name).unwrap())).collect()
}

/// The norms of the embedded sandbox, as they are committed.
fn norms(api: &Api) -> Norms {
    let path = api.dir.join("norms/sandbox.json");
    Norms::from_text(&path, &std::fs::read_to_string(&path).unwrap()).unwrap()
}

/// The workflows of an API, beside what was recorded of the embedded sandbox.
fn script(api: &Api) -> Arc<Script> {
    let recordings = api.recordings().unwrap();
    let memories = recordings.iter().flat_map(|(_, recording)| {
        recording.workflows().filter_map(|(id, _)| Some((id.to_owned(), Memory::of(recording, id)?)))
    });
    let memories = memories.collect();
    Arc::new(Script { scenarios: Arc::new(api.scenarios().unwrap()), memories, ..Script::default() })
}

async fn judged(api: &Api, drift: Option<&str>, seed: u64, requests: usize) -> Report {
    let (name, contract) = (api.name.as_str(), &api.contract);
    let options = Options {
        apis: vec![name.to_owned()],
        drifts: drift.into_iter().map(str::to_owned).collect(),
        seed,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let mut target = Target::new("sandbox", TargetKind::Embedded, sandbox.base_url(name).unwrap()).unwrap();
    target.credentials.push(Credential::for_contract(contract, CREDENTIAL, None));
    target.clock = sandbox.mover(name).map(Clock::new);
    let mut options = RunOptions::new(name, contract.clone(), target);
    options.seed = seed;
    options.requests_per_operation = requests;
    options.models = registered(name);
    options.lifecycle.clone_from(&api.lifecycle);
    options.fixtures = api.fixtures().unwrap();
    options.norms = Some(norms(api));
    options.fits(&norms(api)).unwrap();
    // What has drifted shows in workflows as well; what they see of it is told in tests of their own.
    if drift.is_none() {
        options.script = script(api);
    }
    let report = Report::new(seed, vec![run(options).await.unwrap()]);
    sandbox.shutdown().await;
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undrifted_sandbox_gives_no_finding_and_every_operation_succeeds() {
    let mut runs = JoinSet::new();
    for api in apis().into_values() {
        for seed in [1, 2] {
            let api = api.clone();
            runs.spawn(async move { judged(&api, None, seed, 50).await });
        }
    }
    for report in runs.join_all().await {
        assert_eq!(report.verdict(), Verdict::NoDrift, "{}", report::terminal(&report, false));
        assert_eq!(report.exit_status(), 0);
        let coverage = report.apis[0].coverage;
        assert_eq!((coverage.reached, coverage.succeeded), (coverage.operations, coverage.operations));
        assert_eq!(coverage.transitions_seen, coverage.transitions);
        // Silence says something only because there was something to refuse.
        assert!(report.apis[0].operations.iter().any(|operation| operation.near_misses > 10));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_a_sequence_shows_is_told_by_its_shortest_and_with_all_its_requests() {
    let apis = apis();
    let sequences = catalogue().iter().filter(|kind| kind.check == "sequence_keeps_to_model");
    for kind in sequences {
        let report = judged(&apis[kind.api], Some(kind.id), 7, 20).await;
        assert!(tells(kind, &report), "{}", report::terminal(&report, false));
        let finding = &report.apis[0].findings[0];
        // Two are created and read; the one step that is left is followed by reading both.
        assert_eq!(finding.message.matches(" of the ").count(), 1, "{}", finding.message);
        assert_eq!(finding.curl.lines().count(), 7, "{}", finding.curl);
        assert_eq!(finding.curl.matches("-X PUT").count(), 1);
        assert!(!finding.curl.contains(CREDENTIAL));
    }
}

/// Whether a run told a kind of drift: once, in the right place, by the right name.
fn tells(kind: &DriftKind, report: &Report) -> bool {
    let findings = &report.apis[0].findings;
    let one = findings.len() == 1 && report.exit_status() == 1;
    one && findings.iter().all(|finding| {
        finding.operation_id == kind.operation_id
            && finding.check == kind.check
            && finding.contract.starts_with(kind.location)
            && finding.severity.to_string() == kind.severity.to_string()
            && finding.confirmations == "3/3"
    })
}

/// Runs every kind of drift of an API, and says which were not told as they should be.
async fn every_drift_is_told_once(name: &str) {
    let api = Arc::new(apis().remove(name).unwrap());
    let mut runs = JoinSet::new();
    let mut kinds = catalogue().iter().filter(|kind| kind.api == name);
    let (mut missed, mut total) = (Vec::new(), 0);
    loop {
        // Two at a time: the runs keep both cores busy, and each has its own sandbox.
        while runs.len() < 2
            && let Some(kind) = kinds.next()
        {
            let api = Arc::clone(&api);
            // How much of all a status is takes many answers to be known.
            let requests = if kind.check == "norm_status_rare" { 40 } else { 20 };
            runs.spawn(async move { (kind, judged(&api, Some(kind.id), 7, requests).await) });
        }
        let Some(run) = runs.join_next().await else { break };
        let (kind, report) = run.unwrap();
        total += 1;
        if !tells(kind, &report) {
            missed.push(format!("{kind:#?}\n{}", report::terminal(&report, false)));
        }
    }
    assert!(missed.is_empty(), "not told, or not as they should be:\n{}", missed.join("\n"));
    assert!(total > 0);
}

// One test for each API, so that they run beside each other.

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_drift_of_clasp_is_told_once_and_by_its_name() {
    every_drift_is_told_once("clasp").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_drift_of_enrollconnect_is_told_once_and_by_its_name() {
    every_drift_is_told_once("enrollconnect").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_drift_of_onboarding_is_told_once_and_by_its_name() {
    every_drift_is_told_once("onboarding").await;
}

#[test]
fn every_drift_of_the_catalogue_is_of_an_api_that_is_looked_at() {
    let apis = ["clasp", "enrollconnect", "onboarding"];
    assert!(catalogue().iter().all(|kind| apis.contains(&kind.api)));
}
