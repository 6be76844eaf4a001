//! Mutants: a sandbox shows those that it is given, and says how often it did.

use driftline_sandbox::{Mutant, Options, Sandbox, mutants};

use super::support::{Bench, contract};
use super::tour::round;

fn mutant(id: &str) -> Mutant {
    let api = id.split('/').next().unwrap();
    mutants(api, &contract(api)).into_iter().find(|mutant| mutant.id() == id).unwrap()
}

#[tokio::test]
async fn a_mutant_shows_at_its_operation_alone_and_is_counted() {
    for (id, check) in [
        ("enrollconnect/getApplication/200/policies/*/gross_premium/retyped", "body_schema"),
        ("enrollconnect/listApplications/200/status", "status_documented"),
        ("clasp/retrieveConnection/200/content-type", "content_type_documented"),
        ("onboarding/getGroup/authorisation", "credential_required"),
    ] {
        let mutant = mutant(id);
        let bench =
            Bench::with(&mutant.api, Options { mutants: vec![mutant.clone()], ..Options::default() }).await;
        assert_eq!(bench.sandbox.mutated(), 0);
        let stops = round(&mutant.api, &bench).await;
        assert!(bench.sandbox.mutated() > 0, "{id} was never shown");
        let shown: Vec<_> =
            stops.iter().flat_map(|stop| stop.problems.iter().map(|it| (stop.operation, it.0))).collect();
        assert!(!shown.is_empty(), "{id} is not seen");
        for seen in shown {
            assert_eq!(seen, (mutant.operation_id.as_str(), check), "{id}");
        }
    }
}

#[tokio::test]
async fn a_mutant_of_an_api_that_is_not_served_is_refused() {
    let mutants = vec![mutant("clasp/retrieveConnection/200/content-type")];
    let options = Options { apis: vec!["onboarding".to_owned()], mutants, ..Options::default() };
    let error = Sandbox::start(options).await.unwrap_err();
    assert!(error.to_string().contains("add `clasp`"), "{error}");
}
