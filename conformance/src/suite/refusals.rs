//! What was refused as a bad request although the contract allows it: whether it stays refused, and which one thing makes
//! the difference to what was accepted.
//!
//! An endpoint may refuse for reasons that no schema states. So what is told is as little as can be shown: the same request
//! refused and accepted, or two that read, and differ in one thing. What is written often depends on something else in it.

use std::sync::Arc;

use crate::engine::{Case, Engine, PathSource, Plan, Prepared, Recipe, SeriesRecipe, refuses_as_bad};
use crate::exchange::{Intent, SeriesKind, Trial};
use crate::target::allows_writes;

/// How many of them are taken apart, and how many are insisted on.
const APART: usize = 4;
const INSISTED: usize = 3;

/// Looks into what an operation refused, while the count of all requests is below `last`.
pub(super) async fn refusals(engine: &mut Engine, plan: &Arc<Plan>, good: &Recipe, last: u64) {
    let id = &plan.operation.id;
    let refused = engine.book.refused(id).to_vec();
    let is_safe = plan.operation.method.is_safe();
    if !is_safe && !allows_writes(engine.client.target().kind) {
        return;
    }
    let mut taken_apart = 0;
    let mut insisted = 0;
    for case in refused.iter().take(engine.occasions) {
        // What a variation has shown explains what is refused.
        if engine.client.sent() >= last || engine.book.has_sighted(id, "valid_request_accepted") {
            return;
        }
        match ask(engine, plan, good, case).await {
            Some(Answered::Accepted(recipe)) if insisted < INSISTED => {
                insisted += 1;
                let kind = SeriesKind::Retry;
                engine.observe(SeriesRecipe { kind, first: *recipe, trial: Trial::First }).await;
            }
            Some(Answered::Refused) if is_safe && taken_apart < APART => {
                taken_apart += 1;
                take_apart(engine, plan, good, case).await;
            }
            Some(_) => {}
            None => return,
        }
    }
}

/// How a request was answered.
enum Answered {
    Accepted(Box<Recipe>),
    Refused,
}

/// Sends a case; `None` without an answer that says something of it.
async fn ask(engine: &mut Engine, plan: &Plan, good: &Recipe, case: &Case) -> Option<Answered> {
    if engine.is_stopped() || engine.client.is_failing() {
        return None;
    }
    let recipe = recipe(engine, plan, good, case).await?;
    let request = plan.request(&recipe.case, &recipe.path.values());
    let (exchange, success) = engine.exchange(Prepared { recipe: recipe.clone(), request }).await?;
    match success {
        true => Some(Answered::Accepted(Box::new(recipe))),
        false => refuses_as_bad(exchange.answer.status).then_some(Answered::Refused),
    }
}

/// The recipe of a case, on a resource that it may use up.
async fn recipe(engine: &mut Engine, plan: &Plan, good: &Recipe, case: &Case) -> Option<Recipe> {
    let path = match &good.path {
        PathSource::Resource(route, _) if !plan.operation.method.is_safe() => {
            let values = engine.acquire(&plan.operation.id, route).await?;
            PathSource::Resource(route.clone(), values)
        }
        path => path.clone(),
    };
    Some(Recipe { case: case.clone(), path, intent: Intent::SetUp, ..good.clone() })
}

/// Finds the one thing that makes the difference between what was accepted and what is refused.
async fn take_apart(engine: &mut Engine, plan: &Plan, good: &Recipe, refused: &Case) -> Option<()> {
    let stages = plan.stages(engine.book.all_accepted(&plan.operation.id), refused)?;
    let (mut accepted, mut refused) = (0, stages.count().checked_sub(1)?);
    while refused - accepted > 1 {
        let middle = usize::midpoint(accepted, refused);
        match ask(engine, plan, good, stages.case(middle)?).await? {
            Answered::Accepted(_) => accepted = middle,
            Answered::Refused => refused = middle,
        }
    }
    let (case, variation) = plan.step(&stages, refused)?;
    let first = recipe(engine, plan, good, &case).await?;
    let kind = SeriesKind::Variation(Arc::new(variation));
    engine.observe(SeriesRecipe { kind, first, trial: Trial::First }).await;
    Some(())
}
