//! Methods that the contract does not document: for each path an unlikely one, `GET` where there is none, and `OPTIONS`.
//!
//! They are sent after the operations' turns, with a path that answered. What may change something goes to endpoints for
//! trying out only, to what the run made itself or to what does not exist, and without a change in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use driftline_specs::{Method, TargetKind};

use crate::checks::is_at;
use crate::engine::{Engine, PathSource, Plan, Prepared, Recipe, Resources, Route};
use crate::exchange::Intent;

/// Asks each path of these operations for what it does not have, while the count of all requests is below `last`.
pub(super) async fn undocumented(
    engine: &mut Engine,
    order: &[String],
    good: &[(Arc<Plan>, Recipe)],
    last: u64,
) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for id in order {
        let Some(plan) = engine.plan(id) else { continue };
        if !seen.insert(plan.operation.path.clone()) || !answers(engine, &plan.operation.path) {
            continue;
        }
        let template = template(engine, &plan, good);
        let Some(template) = template else { continue };
        for method in methods(engine, &plan, &template) {
            if engine.is_stopped() || engine.client.is_failing() || engine.client.sent() >= last {
                return;
            }
            let recipe = Recipe { intent: Intent::OtherMethod(method), ..template.clone() };
            let request = recipe.request(&plan);
            let outcome = engine.send(Prepared { recipe, request }).await;
            // One that works is listed as well, and that is known now.
            if outcome.is_success() && method != Method::Options {
                break;
            }
        }
    }
}

/// Whether an operation at a path had an answer.
fn answers(engine: &Engine, path: &str) -> bool {
    let mut there = engine.contract.operations().iter().filter(|it| it.path == path);
    there.any(|it| engine.book.tallies.get(&it.id).is_some_and(|tally| tally.judged > 0))
}

/// Returns a request of an operation with a path that leads somewhere, the best that there is.
fn template(engine: &Engine, plan: &Plan, good: &[(Arc<Plan>, Recipe)]) -> Option<Recipe> {
    let mut there = good.iter().filter(|(it, _)| it.operation.path == plan.operation.path);
    let operation_id = plan.operation.id.clone();
    let path = there.find_map(|(it, recipe)| (it.linked == plan.linked).then(|| recipe.path.clone()));
    let path = path.unwrap_or_else(|| match plan.linked.is_empty() {
        true => PathSource::Case,
        false => PathSource::Stray(plan.stray(0)),
    });
    let case = engine.book.accepted(&operation_id).first().cloned().or_else(|| plan.least())?;
    Some(Recipe { operation_id, case, path, intent: Intent::Valid })
}

/// Returns the methods to try, those first whose success says most.
fn methods(engine: &Engine, plan: &Plan, template: &Recipe) -> Vec<Method> {
    let path = template.request(plan).path;
    let at = engine.contract.operations().iter().filter(|it| is_at(&it.path, &path));
    let documented: BTreeSet<Method> = at.map(|it| it.method).collect();
    let for_trying = matches!(engine.client.target().kind, TargetKind::Embedded | TargetKind::Sandbox);
    let unlikely = [Method::Patch, Method::Delete].into_iter().find(|method| {
        let may_be_changed = match &template.path {
            PathSource::Resource(Route::Created { .. }, _) | PathSource::Stray(_) => true,
            PathSource::Resource(Route::Listed { .. }, _) => engine.resources == Resources::Any,
            // Without a change in it a patch changes nothing; a `DELETE` may end a whole collection.
            PathSource::Case => *method == Method::Patch,
        };
        for_trying && may_be_changed && !documented.contains(method)
    });
    let wanted = unlikely.into_iter().chain([Method::Get, Method::Options]);
    wanted.filter(|it| !documented.contains(it)).collect()
}
