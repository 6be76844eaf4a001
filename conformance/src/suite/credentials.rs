//! What strangers send, for each operation that needs a credential: none, a wrong one, an empty one, the right one in other
//! letters, by another scheme or in another place.
//!
//! They are sent after the operation accepted our own credential: what an endpoint does with strangers proves
//! nothing while it does not know us either.

use std::sync::Arc;

use driftline_specs::{ParameterLocation, SecuritySchemeKind, TargetKind};

use crate::engine::{Engine, PathSource, Plan, Prepared, Recipe, Route, SeriesRecipe};
use crate::exchange::{Intent, SeriesKind, Trial};
use crate::target::Credential;

/// What strangers do, the worst first.
const STRANGERS: [Intent; 6] = [
    Intent::WithoutCredential,
    Intent::WrongCredential,
    Intent::EmptyCredential,
    Intent::OtherCase,
    Intent::OtherScheme,
    Intent::OtherPlace,
];

/// How often is asked what shows once in twenty times.
const AGAIN: usize = 40;

/// Sends their requests, as like to one that succeeded as can be, else to a resource that this route leads to.
pub(super) async fn refused(
    engine: &mut Engine,
    plan: &Arc<Plan>,
    good: Option<Recipe>,
    route: Option<Route>,
) {
    if !needs_one(plan) {
        return;
    }
    let id = &plan.operation.id;
    if engine.book.tally(id).refused > 0 {
        admitted(engine, plan, good.as_ref(), route.as_ref()).await;
    }
    if engine.book.tally(id).judged == 0 {
        return;
    }
    let succeeded = good.is_some();
    let template = match good {
        Some(recipe) => recipe,
        None => {
            let Some(case) = plan.least() else { return };
            // What does not exist is not found by anybody, which says nothing about strangers.
            let resource = match route {
                Some(route) => {
                    engine.acquire(id, &route).await.map(|values| PathSource::Resource(route, values))
                }
                None => None,
            };
            let stray = || PathSource::Stray(plan.stray(0));
            let path = if plan.linked.is_empty() { PathSource::Case } else { resource.unwrap_or_else(stray) };
            Recipe { operation_id: id.clone(), case, path, intent: Intent::Valid }
        }
    };
    // A stranger is refused before anything is looked at, so a resource that was used up will do; where the
    // operation answers strangers, a fresh one shows it as a success.
    let path = match &template.path {
        PathSource::Resource(route, _) if succeeded && !plan.operation.method.is_safe() => {
            let fresh = engine.acquire(id, route).await;
            fresh.map_or(template.path.clone(), |values| PathSource::Resource(route.clone(), values))
        }
        _ => template.path.clone(),
    };
    for intent in STRANGERS {
        if engine.is_stopped() {
            return;
        }
        let is_open = engine.book.has_sighted(id, "credential_required");
        let is_next = match intent {
            // Where the secret goes by another way, nothing follows from what no secret gets.
            Intent::OtherScheme | Intent::OtherPlace => !is_open && is_undocumented(engine, plan, &intent),
            Intent::OtherCase => {
                let own = &engine.client.target().credentials;
                !is_open && !own.is_empty() && own.iter().all(|it| it.in_other_case().is_some())
            }
            // Where nobody has to know it, no further kind says more.
            Intent::WrongCredential | Intent::EmptyCredential => !is_open,
            _ => true,
        };
        if !is_next {
            continue;
        }
        let recipe = Recipe { path: path.clone(), intent, ..template.clone() };
        let request = plan.request(&recipe.case, &recipe.path.values());
        engine.send(Prepared { recipe, request }).await;
    }
}

/// Whether an operation wants a credential of everybody.
fn needs_one(plan: &Plan) -> bool {
    let security = &plan.operation.security;
    !security.is_empty() && !security.iter().any(Vec::is_empty)
}

/// Sends what somebody without a credential asks, again and again: what shows seldom in such an answer shows then.
pub(super) async fn again(engine: &mut Engine, plan: &Plan, good: &Recipe) {
    if !needs_one(plan) || engine.book.has_sighted(&plan.operation.id, "credential_required") {
        return;
    }
    let recipe = Recipe { intent: Intent::WithoutCredential, ..good.clone() };
    let prepared = (0..AGAIN).map(|_| Prepared { recipe: recipe.clone(), request: recipe.request(plan) });
    engine.send_all(prepared.collect()).await;
}

/// Asks an operation that has refused our credential once more, between two requests that need the same one and are answered.
async fn admitted(engine: &mut Engine, plan: &Arc<Plan>, good: Option<&Recipe>, route: Option<&Route>) {
    let id = &plan.operation.id;
    let is_like = |other: &&Arc<Plan>| {
        let operation = &other.operation;
        operation.method.is_safe() && other.linked.is_empty() && operation.security == plan.operation.security
    };
    let besides: Vec<String> =
        engine.plans.values().filter(is_like).map(|it| it.operation.id.clone()).collect();
    let beside = besides.into_iter().find(|it| it != id && engine.book.tally(it).succeeded > 0);
    let (Some(beside), Some(case)) = (beside, good.map(|it| it.case.clone()).or_else(|| plan.least())) else {
        return;
    };
    let times = if engine.client.target().unmetered { AGAIN } else { 1 };
    for _ in 0..times {
        if engine.is_stopped() || engine.client.is_failing() {
            return;
        }
        let path = match (plan.linked.is_empty(), good.map(|it| &it.path), route) {
            (true, ..) => PathSource::Case,
            (_, Some(path), _) if plan.operation.method.is_safe() => path.clone(),
            (_, _, Some(route)) => {
                let Some(values) = engine.acquire(id, route).await else { return };
                PathSource::Resource(route.clone(), values)
            }
            _ => return,
        };
        let kind = SeriesKind::Admitted { beside: beside.clone() };
        let first = Recipe { operation_id: id.clone(), case: case.clone(), path, intent: Intent::SetUp };
        let recipe = SeriesRecipe { kind, first, trial: Trial::First };
        let Some(series) = engine.perform(&recipe).await else { continue };
        if engine.note(recipe, &series) {
            return;
        }
    }
}

/// Whether the contract does not document what such a stranger does with our secret, and it may be done here.
fn is_undocumented(engine: &Engine, plan: &Plan, intent: &Intent) -> bool {
    let target = engine.client.target();
    // With several credentials it is not known which of them would have to be where.
    let [credential] = target.credentials.as_slice() else { return false };
    let schemes = engine.contract.security_schemes();
    let mut documented = plan.operation.security.iter().flatten().map(|wanted| {
        let scheme = schemes.iter().find(|it| it.name == wanted.scheme);
        scheme.map(|it| &it.kind)
    });
    match intent {
        Intent::OtherScheme => {
            let wanted = credential.is_authorization();
            // An API that takes `Authorization` in any way may take it in several.
            documented.all(|kind| match kind {
                Some(SecuritySchemeKind::ApiKey { name, .. }) => !name.eq_ignore_ascii_case("authorization"),
                Some(SecuritySchemeKind::Http { scheme }) => wanted && scheme == "bearer",
                _ => false,
            })
        }
        _ => {
            let into_query = matches!(credential, Credential::Header { .. });
            // What is in a URL is in logs: a secret of any value does not go there.
            let is_harmless = matches!(target.kind, TargetKind::Embedded | TargetKind::Sandbox);
            (is_harmless || !into_query)
                && documented.all(|kind| match kind {
                    Some(SecuritySchemeKind::ApiKey { location, .. }) => {
                        (*location == ParameterLocation::Query) != into_query
                    }
                    Some(SecuritySchemeKind::Http { .. }) => into_query,
                    _ => false,
                })
        }
    }
}
