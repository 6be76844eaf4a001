//! Requests that break exactly one constraint of the contract, for each operation that documents how it refuses them.
//!
//! They are sent after the turns of all operations: one that is accepted leaves something behind that the contract
//! does not allow, and an endpoint is not to blame for showing it. An operation that documents no refusal gets none,
//! since no answer to them would be right.

use std::sync::Arc;

use crate::engine::{Case, Engine, PathSource, Plan, Prepared, Recipe};
use crate::exchange::Intent;
use crate::flaw::refusals;
use crate::target::allows_writes;

/// The most near misses of one operation.
pub(crate) const MOST: usize = 64;

/// How many near misses there may be for each valid request: where few of those are wanted, few of these are.
pub(crate) const PER_REQUEST: usize = 2;

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
    let most = MOST.min(limit.saturating_mul(PER_REQUEST));
    let mut misses = plan.near_misses(&bases.iter().collect::<Vec<_>>(), most);
    // What an endpoint gave takes the place of what was generated, so that a near miss there would not arrive.
    let bound = good.path.values();
    misses.retain(|miss| {
        let parameter = miss.flaw.location.strip_prefix("/path/").and_then(|it| it.split('/').next());
        parameter.is_none_or(|name| !bound.contains_key(name))
    });
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

/// Returns the fullest case that was accepted for each way of writing the request, else a known-good body or the least one.
fn bases(engine: &Engine, plan: &Plan) -> Vec<Case> {
    let mut bases: Vec<Case> = Vec::new();
    for case in engine.book.accepted(&plan.operation.id) {
        match bases.iter_mut().find(|it| it.variant == case.variant) {
            Some(known) if case.size() > known.size() => *known = case.clone(),
            Some(_) => {}
            None => bases.push(case.clone()),
        }
    }
    if bases.is_empty() {
        bases.extend(plan.known_good().or_else(|| plan.least()));
    }
    bases
}
