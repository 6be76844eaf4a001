//! The suites against an API that is mocked from its contract alone, by a contract that neither side was written for.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::path::Path;

use driftline_conformance::target::{Credential, Target, TargetKind};
use driftline_conformance::{Report, RunOptions, Verdict, report, run};
use driftline_sandbox::{CREDENTIAL, Mutant, Options, Sandbox, mutants};
use driftline_specs::Contract;

fn shelter() -> Contract {
    let specimen = Path::new(env!("CARGO_MANIFEST_DIR")).join("sandbox/tests/specimens/shelter.yaml");
    Contract::load(&specimen, &[]).unwrap()
}

async fn judged(mutants: Vec<Mutant>, seed: u64, requests: usize) -> Report {
    let contract = shelter();
    let options = Options { mutants, seed, ..Options::default() };
    let sandbox = Sandbox::serve("shelter", contract.clone(), options).await.unwrap();
    let url = sandbox.base_url("shelter").unwrap();
    let mut target = Target::new("sandbox", TargetKind::Embedded, url).unwrap();
    target.credentials.push(Credential::for_contract(&contract, CREDENTIAL, None));
    let mut options = RunOptions::new("shelter", contract, target);
    options.seed = seed;
    options.requests_per_operation = requests;
    let report = Report::new(seed, vec![run(options).await.unwrap()]);
    sandbox.shutdown().await;
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mocked_contract_gives_no_finding_and_every_operation_succeeds() {
    for seed in [1, 2] {
        let report = judged(Vec::new(), seed, 20).await;
        assert_eq!(report.verdict(), Verdict::NoDrift, "{}", report::terminal(&report, false));
        let coverage = report.apis[0].coverage;
        assert_eq!((coverage.reached, coverage.succeeded), (coverage.operations, coverage.operations));
        assert!(report.apis[0].operations.iter().any(|operation| operation.near_misses > 10));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn departures_of_a_mock_are_found() {
    let all = mutants("shelter", &shelter(), None);
    for (id, check) in [
        ("shelter/getAnimal/200/animal_id/dropped", "body_schema"),
        ("shelter/listAnimals/200/animals/*/status/enum-extended", "unknown_enum_value"),
        ("shelter/getSettings/200/opens/retyped", "body_schema"),
        ("shelter/bookVisit/201/status", "status_documented"),
        ("shelter/updateAnimal/authorisation", "credential_required"),
        ("shelter/getVisit/200/content-type", "content_type_documented"),
    ] {
        let mutant = all.iter().find(|it| it.id() == id).unwrap_or_else(|| panic!("{id} is no mutant"));
        let report = judged(vec![mutant.clone()], 1, 8).await;
        let found = report.apis[0]
            .findings
            .iter()
            .any(|finding| finding.check == check && finding.operation_id == mutant.operation_id);
        assert!(found, "{id}\n{}", report::terminal(&report, false));
    }
}
