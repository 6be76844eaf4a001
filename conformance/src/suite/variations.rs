//! What the contract allows beyond what was accepted, tried one thing at a time.
//!
//! They are sent after the turns of all operations, when it is known best what is accepted anyway.

use std::sync::Arc;

use driftline_specs::Method;

use crate::engine::{Engine, PathSource, Plan, Recipe, SeriesRecipe};
use crate::exchange::{Intent, SeriesKind, Trial};
use crate::target::allows_writes;

/// The most variations of one operation, where somebody else pays for them.
const MOST: usize = 32;

/// One for so many valid requests: where few of those are wanted, few of these are.
const REQUESTS_PER_ONE: usize = 2;

/// So many for each valid request, where they cost nobody anything.
const PER_REQUEST: usize = 8;

/// How many are sent at first, and anywhere; `limit` is how many valid requests an operation gets at most.
pub(super) fn first(limit: usize) -> usize {
    MOST.min(limit.div_ceil(REQUESTS_PER_ONE))
}

/// How many are sent where nobody pays for it, now that more is known of what is accepted and what is not.
pub(super) fn every(limit: usize) -> usize {
    limit.saturating_mul(PER_REQUEST)
}

/// Sends variations of what was accepted, while the count of all requests is below `last`.
pub(super) async fn variations(engine: &mut Engine, plan: &Arc<Plan>, good: &Recipe, most: usize, last: u64) {
    let method = plan.operation.method;
    if !method.is_safe() && !allows_writes(engine.client.target().kind) {
        return;
    }
    let id = &plan.operation.id;
    let variations = plan.variations(engine.book.all_accepted(id), engine.book.refused(id), most);
    // What is replaced or patched serves again; what else is done to a resource may use it up.
    let is_used_up = !method.is_safe() && !matches!(method, Method::Put | Method::Patch);
    let mut path = None;
    for (case, variation) in variations {
        if engine.is_stopped() || engine.client.is_failing() || engine.client.sent() >= last {
            return;
        }
        let at = match (&good.path, path.take().filter(|_| !is_used_up)) {
            (_, Some(path)) => path,
            (PathSource::Resource(route, _), None) if !method.is_safe() => {
                let Some(values) = engine.acquire(id, route).await else { return };
                PathSource::Resource(route.clone(), values)
            }
            (path, None) => path.clone(),
        };
        path = Some(at.clone());
        let first = Recipe { operation_id: id.clone(), case, path: at, intent: Intent::SetUp };
        let kind = SeriesKind::Variation(Arc::new(variation));
        engine.observe(SeriesRecipe { kind, first, trial: Trial::First }).await;
    }
}
