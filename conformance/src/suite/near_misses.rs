//! Requests that break exactly one constraint of the contract, for each operation that documents how it refuses them.
//!
//! They are sent after the turns of all operations: one that is accepted leaves something behind that the contract
//! does not allow, and an endpoint is not to blame for showing it. An operation that documents no refusal gets none,
//! since no answer to them would be right.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use driftline_specs::pointer;
use serde_json::Value;

use crate::engine::{Case, Engine, PathSource, Plan, Prepared, Recipe};
use crate::exchange::Intent;
use crate::flaw::{Flaw, refusals};
use crate::request::PathValues;
use crate::target::allows_writes;

/// The most near misses of one operation, where somebody else pays for it.
const MOST: usize = 64;

/// How many near misses there may be for each valid request, there and where nobody pays: where few of those are wanted, few
/// of these are.
const PER_REQUEST: usize = 2;
const MORE_PER_REQUEST: usize = 8;

/// How many accepted requests are spoiled.
const BASES: usize = 6;

/// How many near misses one operation gets at most, where it gets so many valid requests.
pub(crate) fn most(unmetered: bool, limit: usize) -> usize {
    match unmetered {
        true => limit.saturating_mul(MORE_PER_REQUEST),
        false => limit.saturating_mul(PER_REQUEST).min(MOST),
    }
}

/// Sends near misses of what succeeded, while the count of all requests is below `last`.
///
/// `limit` is how many valid requests an operation gets at most.
pub(super) async fn near_misses(
    engine: &mut Engine,
    plan: &Arc<Plan>,
    good: &Recipe,
    limit: usize,
    last: u64,
) {
    if !allows_writes(engine.client.target().kind) || refusals(&plan.operation).is_empty() {
        return;
    }
    let bases = bases(engine, plan);
    let most = most(engine.client.target().unmetered, limit);
    let mut misses = plan.near_misses(&bases.iter().collect::<Vec<_>>(), most);
    let bound = good.path.values();
    misses.retain(|miss| arrives(&miss.flaw, &bound));
    // One that is refused leaves the resource as it was, so the same serves until one is accepted.
    let route = match &good.path {
        PathSource::Resource(route, _) if !plan.operation.method.is_safe() => Some(route),
        _ => None,
    };
    let mut path = good.path.clone();
    let mut is_used = true;
    let width = if route.is_some() { 1 } else { engine.client.target().concurrency.max(1) * 4 };
    for batch in misses.chunks(width) {
        if engine.is_stopped() || engine.client.is_failing() || engine.client.sent() >= last {
            return;
        }
        if let Some(route) = route.filter(|_| is_used) {
            let Some(values) = engine.acquire(&plan.operation.id, route).await else { return };
            path = PathSource::Resource(route.clone(), values);
        }
        let prepared = batch.iter().map(|miss| {
            let recipe = Recipe {
                operation_id: plan.operation.id.clone(),
                case: miss.case.clone(),
                path: path.clone(),
                intent: Intent::NearMiss(Arc::clone(&miss.flaw)),
            };
            let request = recipe.request(plan);
            Prepared { recipe, request }
        });
        let outcomes = engine.send_all(prepared.collect()).await;
        is_used = outcomes.iter().any(|outcome| outcome.is_success());
    }
}

/// Whether what is wrong reaches the endpoint: what it gave itself takes the place of what was generated in the path.
fn arrives(flaw: &Flaw, bound: &PathValues) -> bool {
    let tokens = pointer::tokens(&format!("#{}", flaw.location)).unwrap_or_default();
    match tokens.as_slice() {
        [part, name, ..] if part == "path" => !bound.contains_key(name),
        _ => true,
    }
}

/// Returns what was accepted for each way of writing the request: the fullest case, and some that have what it lacks; else
/// a known-good body or the least one.
fn bases(engine: &Engine, plan: &Plan) -> Vec<Case> {
    let mut accepted: Vec<&Case> = engine.book.all_accepted(&plan.operation.id).iter().collect();
    accepted.sort_by_key(|case| Reverse(case.size()));
    let mut known: HashSet<(usize, String)> = HashSet::new();
    let mut bases: Vec<Case> = Vec::new();
    for case in accepted {
        let places = places(&case.value).into_iter().map(|place| (case.variant, place));
        let had = known.len();
        known.extend(places);
        if known.len() > had && bases.len() < BASES {
            bases.push(case.clone());
        }
    }
    if bases.is_empty() {
        bases.extend(plan.known_good().or_else(|| plan.least()));
    }
    bases
}

/// Where something stands in a value; an item of an array is like any other.
fn places(value: &Value) -> Vec<String> {
    let mut places = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                open.extend(members.iter().map(|(name, value)| (pointer::join(&at, name), value)));
            }
            Value::Array(items) => open.extend(items.iter().map(|item| (format!("{at}/*"), item))),
            _ => {}
        }
        places.push(at);
    }
    places
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flaw(location: &str) -> Flaw {
        Flaw {
            keyword: "maxLength".to_owned(),
            contract: "#/x/maxLength".to_owned(),
            location: location.to_owned(),
            expected: "at most 3".to_owned(),
        }
    }

    #[test]
    fn somebody_elses_endpoint_gets_few_and_places_are_those_of_any_item() {
        assert_eq!((most(true, 100), most(true, 10)), (800, 80));
        assert_eq!((most(false, 100), most(false, 10)), (64, 20));
        let mut places = places(&json!({ "body": { "a": [{ "b": 1 }, { "b": 2, "c": null }] } }));
        places.sort_unstable();
        places.dedup();
        assert_eq!(places, ["", "/body", "/body/a", "/body/a/*", "/body/a/*/b", "/body/a/*/c"]);
    }

    #[test]
    fn what_an_answer_gives_for_the_path_takes_the_place_of_a_near_miss_there() {
        let bound = PathValues::from([("id".to_owned(), "7".to_owned()), ("a/b".to_owned(), "8".to_owned())]);
        for lost in ["/path/id", "/path/a~1b"] {
            assert!(!arrives(&flaw(lost), &bound), "{lost}");
        }
        for sent in ["/path/kind", "/query/id", "/body/path/id", "/body"] {
            assert!(arrives(&flaw(sent), &bound), "{sent}");
        }
        assert!(arrives(&flaw("/path/id"), &PathValues::new()), "and nothing else does");
    }
}
