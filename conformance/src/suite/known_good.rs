//! Known-good bodies, and what they are changed to in one property, the same ones in every run.
//!
//! An endpoint refuses much of what its contract allows, for reasons that no schema states, so that a refusal says little.
//! But what it has always accepted it still has to accept: norms know what that is.

use std::ops::Range;
use std::sync::Arc;

use driftline_specs::{Method, TargetKind};

use crate::engine::{Engine, PathSource, Plan, Prepared, Recipe, Route};
use crate::exchange::Intent;
use crate::norms::{Sample, is_refusal};
use crate::target::allows_writes;

/// One body for so many valid requests, where somebody else pays for it.
const REQUESTS_PER_ONE: usize = 4;

/// So many for each valid request, where nobody does.
const PER_REQUEST: usize = 8;

/// Which of them are sent first, and anywhere; `limit` is how many valid requests an operation gets at most.
pub(super) fn first(limit: usize) -> Range<usize> {
    0..limit / REQUESTS_PER_ONE
}

/// Which others are sent where nobody pays for it.
pub(super) fn others(limit: usize) -> Range<usize> {
    first(limit).end..limit.saturating_mul(PER_REQUEST)
}

/// Sends some of them, while the count of all requests is below `last`.
pub(super) async fn known_good(
    engine: &mut Engine,
    plan: &Arc<Plan>,
    good: &Recipe,
    wanted: Range<usize>,
    last: u64,
) {
    let kind = engine.client.target().kind;
    if !allows_writes(kind) {
        return;
    }
    let route = match &good.path {
        PathSource::Resource(route @ Route::Created { .. }, _) => Some(route),
        // What is listed is in whatever state somebody has left it in; in the embedded sandbox nobody has.
        PathSource::Resource(Route::Listed { .. }, _) if kind != TargetKind::Embedded => return,
        PathSource::Case | PathSource::Resource(..) => None,
        PathSource::Stray(_) => return,
    };
    let id = &plan.operation.id;
    // What is replaced or patched serves again; what else is done to a resource may use it up.
    let is_used_up = !matches!(plan.operation.method, Method::Put | Method::Patch);
    let mut at_hand = None;
    for (label, case) in plan.known_good_cases().skip(wanted.start).take(wanted.len()) {
        if engine.is_stopped() || engine.client.is_failing() || engine.client.sent() >= last {
            return;
        }
        let path = match (route, at_hand.take().filter(|_| !is_used_up)) {
            (_, Some(path)) => path,
            (Some(route), None) => {
                let Some(values) = engine.acquire(id, route).await else { return };
                PathSource::Resource(route.clone(), values)
            }
            (None, None) => good.path.clone(),
        };
        at_hand = Some(path.clone());
        let recipe = Recipe { operation_id: id.clone(), case, path, intent: Intent::Valid };
        let request = recipe.request(plan);
        let prepared = Prepared { recipe: recipe.clone(), request };
        let Some((exchange, accepted)) = engine.exchange(prepared).await else { continue };
        if accepted || is_refusal(exchange.answer.status) {
            engine.survey.take_known_good(label, Sample { recipe, exchange }, accepted);
        }
    }
}
