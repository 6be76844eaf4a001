//! The suites against the embedded sandbox: silent about a right one, and every drift of its catalogue found.

use driftline_conformance::target::{Credential, Target, TargetKind};
use driftline_conformance::{Report, RunOptions, Verdict, report, run};
use driftline_sandbox::{CREDENTIAL, DriftKind, Options, Sandbox, catalogue};
use driftline_specs::{Api, Contract};
use std::collections::HashMap;
use std::path::Path;

fn contracts() -> HashMap<String, Contract> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let names = Api::list(&specs).unwrap();
    names.into_iter().map(|name| (name.clone(), Api::load(&specs, &name).unwrap().contract)).collect()
}

async fn judged(api: &str, contract: &Contract, drift: Option<&str>, seed: u64) -> Report {
    let options = Options {
        apis: vec![api.to_owned()],
        drifts: drift.into_iter().map(str::to_owned).collect(),
        seed,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let mut target = Target::new("sandbox", TargetKind::Embedded, sandbox.base_url(api).unwrap()).unwrap();
    target.credentials.push(Credential::for_contract(contract, CREDENTIAL, None));
    let mut options = RunOptions::new(api, contract.clone(), target);
    options.seed = seed;
    options.requests_per_operation = 60;
    let report = Report::new(seed, vec![run(options).await.unwrap()]);
    sandbox.shutdown().await;
    report
}

#[tokio::test]
async fn an_undrifted_sandbox_gives_no_finding() {
    for (api, contract) in &contracts() {
        for seed in [1, 2] {
            let report = judged(api, contract, None, seed).await;
            assert_eq!(report.verdict(), Verdict::NoDrift, "{}", report::terminal(&report, false));
            assert_eq!(report.exit_status(), 0);
        }
    }
}

#[tokio::test]
async fn every_drift_of_the_catalogue_is_found() {
    let contracts = contracts();
    let mut missed: Vec<&DriftKind> = Vec::new();
    for kind in catalogue() {
        let report = judged(kind.api, &contracts[kind.api], Some(kind.id), 7).await;
        let findings = &report.apis[0].findings;
        let found = findings.iter().any(|finding| {
            finding.operation_id == kind.operation_id
                && finding.check == kind.check
                && finding.contract.starts_with(kind.location)
        });
        if !found || findings.len() != 1 || report.exit_status() != 1 {
            missed.push(kind);
            println!("{kind:?}\n{}", report::terminal(&report, false));
        }
        println!("{}", report::terminal(&report, false));
        for finding in findings {
            if finding.severity.to_string() != kind.severity.to_string() {
                println!("SEVERITY {} {} {}", kind.id, finding.severity, kind.severity);
            }
        }
    }
    println!("{} / {} found", catalogue().len() - missed.len(), catalogue().len());
    assert!(missed.is_empty(), "{missed:?}");
}
