//! One request without a credential and one with a wrong one, for each operation that needs one.
//!
//! They are sent after the operation accepted our own credential: what an endpoint does with strangers proves
//! nothing while it does not know us either.

use std::sync::Arc;

use crate::engine::{Engine, PathSource, Plan, Prepared, Recipe};
use crate::exchange::Intent;

/// Sends the two requests, as like to one that succeeded as can be.
pub(super) async fn refused(engine: &mut Engine, plan: &Arc<Plan>, good: Option<Recipe>) {
    let security = &plan.operation.security;
    if security.is_empty() || security.iter().any(Vec::is_empty) {
        return;
    }
    let id = &plan.operation.id;
    if engine.book.tally(id).judged == 0 {
        return;
    }
    let template = match good {
        Some(recipe) => recipe,
        None => {
            let Some(case) = plan.least() else { return };
            let stray = plan.stray(0);
            let path = if plan.linked.is_empty() { PathSource::Case } else { PathSource::Stray(stray) };
            Recipe { operation_id: id.clone(), case, path, intent: Intent::Valid }
        }
    };
    // A stranger is refused before anything is looked at, so a resource that was used up will do; where the
    // operation answers strangers, a fresh one shows it as a success.
    let path = match &template.path {
        PathSource::Resource(route, _) if !plan.operation.method.is_safe() => {
            let fresh = engine.acquire(id, route).await;
            fresh.map_or(template.path.clone(), |values| PathSource::Resource(route.clone(), values))
        }
        _ => template.path.clone(),
    };
    for intent in [Intent::WithoutCredential, Intent::WrongCredential] {
        if engine.is_stopped() {
            return;
        }
        let recipe = Recipe { path: path.clone(), intent, ..template.clone() };
        let request = plan.request(&recipe.case, &recipe.path.values());
        engine.send(Prepared { recipe, request }).await;
    }
}
