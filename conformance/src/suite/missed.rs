//! What an operation calls missing although it was there a moment ago: whether the operation that reads it does so as well.

use std::sync::Arc;

use driftline_specs::Method;

use crate::checks::means_missing;
use crate::engine::{Engine, Plan, SeriesRecipe};
use crate::exchange::{Intent, SeriesKind, Trial};

/// Asks again for what operations have not found, each time between two reads.
pub(super) async fn missed(engine: &mut Engine, order: &[String]) {
    for id in order {
        let Some(plan) = engine.plan(id) else { continue };
        for first in engine.book.missed(id).to_vec() {
            if engine.is_stopped() || engine.client.is_failing() {
                return;
            }
            let Some(reader) = reader(engine, &plan, &first.intent) else { continue };
            let kind = SeriesKind::Missed { reader: reader.clone() };
            engine.observe(SeriesRecipe { kind, first, trial: Trial::First }).await;
        }
    }
}

/// The operation that reads what another one's path leads through, where both would say in the same way that it is missing.
/// What a stranger misses may be read by the same operation.
fn reader(engine: &Engine, plan: &Arc<Plan>, intent: &Intent) -> Option<String> {
    let leads_through = |reader: &&Arc<Plan>| {
        let rest = plan.operation.path.strip_prefix(&reader.operation.path);
        let is_there = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_other = *intent != Intent::Valid || reader.operation.id != plan.operation.id;
        is_there
            && is_other
            && reader.operation.method == Method::Get
            && !rest.is_some_and(|rest| rest.contains('{'))
    };
    let means_it = |reader: &&Arc<Plan>| {
        [404, 410].iter().any(|status| means_missing(&plan.operation, &reader.operation, *status).is_some())
    };
    engine.plans.values().find(|it| leads_through(it) && means_it(it)).map(|it| it.operation.id.clone())
}
