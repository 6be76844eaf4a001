//! Answers of made-up runs for the tests of checks that judge by norms.

use driftline_specs::Contract;
use serde_json::Value;

use super::Judge;
use super::testing::{contract, exchange, json};
use crate::engine::{Case, Origin, PathSource, Recipe};
use crate::exchange::Intent;
use crate::norms::{Asked, Conditions, Counted, Norms, StatusCount, StatusNorms, Survey};

/// How many resources a run reads.
const RESOURCES: usize = 40;

/// Norms of a run that reads things, each with a body of its own.
pub(crate) fn run(body: &dyn Fn(usize) -> Value) -> Norms {
    let judge = Judge::new(contract(), None);
    let operation = contract().operation("getThing").cloned().unwrap();
    let mut survey = Survey::default();
    for index in 0..RESOURCES {
        let exchange = exchange(200, &json(&body(index).to_string()), Intent::Valid);
        let recipe = Recipe {
            operation_id: operation.id.clone(),
            case: Case { origin: Origin::Random, variant: 0, value: Value::Null },
            path: PathSource::Case,
            intent: Intent::Valid,
        };
        survey.take(&judge.evidence(&operation, &exchange), &recipe, Some(Asked::Valid));
    }
    survey.norms(conditions())
}

fn conditions() -> Conditions {
    Conditions {
        api: "things".to_owned(),
        target: "test".to_owned(),
        suites: vec!["probe".to_owned()],
        resources: "any".to_owned(),
    }
}

/// What a check says of a run after another one.
pub(super) fn told(
    check: &str,
    learned: &dyn Fn(usize) -> Value,
    seen: &dyn Fn(usize) -> Value,
) -> Vec<String> {
    told_by_runs(check, &[learned], seen)
}

/// What a check says of a run after several.
pub(super) fn told_by_runs(
    check: &str,
    learned: &[&dyn Fn(usize) -> Value],
    seen: &dyn Fn(usize) -> Value,
) -> Vec<String> {
    let learned = learned.iter().map(|body| run(*body)).reduce(|all, one| all.and(&one)).unwrap();
    judged(check, "getThing", &learned, &run(seen))
}

/// What is said of the statuses of an operation on no resource.
pub(super) fn told_of_statuses(asked: Asked, learned: &[(u16, u64)], seen: &[(u16, u64)]) -> Vec<String> {
    statuses("addThing", asked, learned, seen)
}

/// What is said of the statuses of an operation on a resource.
pub(super) fn told_of_a_resource(asked: Asked, learned: &[(u16, u64)], seen: &[(u16, u64)]) -> Vec<String> {
    statuses("getThing", asked, learned, seen)
}

/// What is said of known-good bodies: each as it is called, how often it was asked for, and how often accepted.
pub(super) fn told_of_known_good(learned: &[(&str, u64, u64)], seen: &[(&str, u64, u64)]) -> Vec<String> {
    let norms = |counts: &[(&str, u64, u64)]| {
        let count = |(label, asked, worked): &(&str, u64, u64)| {
            ((*label).to_owned(), Counted { asked: *asked, worked: *worked })
        };
        let mut norms = run(&|_| Value::Null);
        let operation = norms.operations.entry("addThing".to_owned()).or_default();
        operation.known_good = counts.iter().map(count).collect();
        norms
    };
    judged("norm_known_good_refused", "addThing", &norms(learned), &norms(seen))
}

fn statuses(id: &str, asked: Asked, learned: &[(u16, u64)], seen: &[(u16, u64)]) -> Vec<String> {
    let norms = |counts: &[(u16, u64)]| {
        let answers: u64 = counts.iter().map(|(_, count)| count).sum();
        let of = counts.iter().map(|(status, count)| {
            (*status, StatusCount { answers: *count, runs: 1, least_percent: count * 100 / answers })
        });
        let mut norms = run(&|_| Value::Null);
        let operation = norms.operations.entry(id.to_owned()).or_default();
        operation.statuses = [(asked, StatusNorms { answers, runs: 1, of: of.collect() })].into();
        norms
    };
    judged("norm_status_rare", id, &norms(learned), &norms(seen))
}

fn judged(check: &str, id: &str, learned: &Norms, seen: &Norms) -> Vec<String> {
    let contract: Contract = contract();
    let operation = contract.operation(id).unwrap();
    let found = Judge::new(contract.clone(), None).judge_norms(
        operation,
        &learned.operations[id],
        &seen.operations[id],
    );
    let own = found.into_iter().map(|(observation, _)| observation).filter(|it| it.check == check);
    own.map(|it| match it.location.as_str() {
        "" => format!("{}, {}", it.expected, it.observed),
        location => format!("{location}: {}, {}", it.expected, it.observed),
    })
    .collect()
}
