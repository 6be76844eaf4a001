//! Operations on things that hold all sorts of what their contract allows.
//!
//! An endpoint may fail at what a thing holds long after that was accepted. So things are made that make use of much at once,
//! each of something else, and every operation is asked of them what it has accepted of another one.

use std::collections::BTreeSet;

use super::Succeeded;
use crate::engine::{Engine, PathSource, Plan, Prepared, Recipe, Route};
use crate::exchange::Intent;
use crate::request::PathValues;
use crate::target::allows_writes;

/// How many things are made in this way: as many as the values of most enums.
const MIXTURES: usize = 24;

/// Makes such things, and sends the good requests of all operations to them.
pub(crate) async fn mixtures(engine: &mut Engine, succeeded: &[Succeeded]) {
    if !allows_writes(engine.client.target().kind) {
        return;
    }
    let roots: BTreeSet<String> = succeeded.iter().filter_map(|(_, good)| root(good)).collect();
    for root in roots {
        mix(engine, &root).await;
    }
    let mut made: BTreeSet<PathValues> = BTreeSet::new();
    for turn in 0..MIXTURES {
        for (plan, good) in succeeded {
            let PathSource::Resource(route, _) = &good.path else { continue };
            let many = root(good).and_then(|root| Some(engine.book.mixtures.get(&root)?.len()));
            let Some(route) = Engine::mixed(route, turn).filter(|_| many > Some(turn)) else { continue };
            if engine.is_stopped() || engine.client.is_failing() {
                return;
            }
            let Some(values) = engine.acquire(&plan.operation.id, &route).await else { continue };
            made.insert(values.clone());
            ask(engine, plan, good, PathSource::Resource(route, values)).await;
        }
    }
    // What has to become of a thing by itself, before an operation is allowed, has become of some of these by now.
    for (plan, good) in succeeded {
        let PathSource::Resource(route @ Route::Listed { .. }, own) = &good.path else { continue };
        for values in made.iter().filter(|values| values.keys().eq(own.keys())) {
            if engine.is_stopped() || engine.client.is_failing() {
                return;
            }
            ask(engine, plan, good, PathSource::Resource(route.clone(), values.clone())).await;
        }
    }
}

/// Sends the good request of an operation to another thing.
async fn ask(engine: &mut Engine, plan: &Plan, good: &Recipe, path: PathSource) {
    let request = plan.request(&good.case, &path.values());
    engine.send(Prepared { recipe: Recipe { path, intent: Intent::Valid, ..good.clone() }, request }).await;
}

/// The operation with which the thing is made that a request was sent to.
fn root(good: &Recipe) -> Option<String> {
    match &good.path {
        PathSource::Resource(Route::Created { steps, .. }, _) => {
            steps.first().map(|step| step.operation_id.clone())
        }
        _ => None,
    }
}

/// Makes things of mixtures, and keeps what was accepted: the whole, or else either half.
async fn mix(engine: &mut Engine, root: &str) {
    let Some(plan) = engine.plan(root).filter(|plan| plan.linked.is_empty()) else { return };
    let fullest = engine.book.all_accepted(root).iter().max_by_key(|case| case.size()).cloned();
    let Some(base) = fullest else { return };
    for mixture in plan.mixtures(&base, MIXTURES) {
        for (part, case) in mixture.into_iter().enumerate() {
            if engine.is_stopped() || engine.client.is_failing() {
                return;
            }
            let request = plan.request(&case, &PathSource::Case.values());
            let recipe = Recipe {
                operation_id: root.to_owned(),
                case: case.clone(),
                path: PathSource::Case,
                intent: Intent::Valid,
            };
            if engine.send(Prepared { recipe, request }).await.is_success() {
                engine.book.mixtures.entry(root.to_owned()).or_default().push(case);
                if part == 0 {
                    break;
                }
            }
        }
    }
}
