//! Random sequences of operations on things of one kind, two of them at a time, driven by a model of them.
//!
//! They come after everything else: what one request or a few show is told by that, and what is left shows only when much
//! has happened before.

use std::sync::Arc;

use driftline_specs::{Lifecycle, Method, Resource};

use super::series::{is_below, readers};
use crate::engine::{Engine, PathSource, Plan, Recipe, SeriesRecipe};
use crate::exchange::{Intent, SeriesKind, Trial};
use crate::sequence::Sequence;
use crate::target::allows_writes;

/// The most sequences of one kind of thing.
const MOST: usize = 4;

/// One for so many valid requests: where few of those are wanted, few of these are.
const REQUESTS_PER_ONE: usize = 10;

/// How many steps a sequence has.
const STEPS: usize = 8;

/// The share of what is left of the request budget; the rest is kept for examining findings.
const SHARE: f64 = 0.25;

/// Sends sequences for each kind of thing that one operation creates and another one reads.
pub(crate) async fn sequences(engine: &mut Engine, lifecycle: Option<&Lifecycle>, limit: usize) {
    if !allows_writes(engine.client.target().kind) {
        return;
    }
    let kinds = kinds(engine);
    let share = engine.client.remaining().map(|remaining| (remaining as f64 * SHARE) as u64);
    for (at, (creator, reader)) in kinds.iter().enumerate() {
        let sent = engine.client.sent();
        let ahead = (kinds.len() - at) as u64;
        let last = share.map_or(u64::MAX, |share| sent.saturating_add(share / ahead));
        engine.client.forgive();
        let known = lifecycle.into_iter().flat_map(|it| &it.resources);
        let life = known.into_iter().find(|it| it.read == reader.operation.id).cloned().map(Arc::new);
        for index in 0..MOST.min(limit / REQUESTS_PER_ONE) {
            let cost = Sequence::exchanges(STEPS) as u64;
            // Who reads something else each time is told of, and is no witness.
            if engine.is_stopped()
                || engine.client.is_failing()
                || engine.client.sent().saturating_add(cost) > last
                || engine.book.has_sighted(&reader.operation.id, "reads_repeat")
            {
                break;
            }
            one(engine, creator, reader, life.as_ref(), index as u64).await;
        }
    }
}

/// Sends one sequence, and notes what its first steps show that show anything.
async fn one(
    engine: &mut Engine,
    creator: &Arc<Plan>,
    reader: &Arc<Plan>,
    life: Option<&Arc<Resource>>,
    index: u64,
) -> Option<()> {
    let (case, sequence) = engine.sequence(creator, reader, life, index, STEPS)?;
    let id = &creator.operation.id;
    let path = if creator.linked.is_empty() {
        PathSource::Case
    } else {
        let route = engine.routes_through(id, None, &[]).into_iter().next()?;
        let values = engine.acquire(id, &route).await?;
        PathSource::Resource(route, values)
    };
    let first = Recipe { operation_id: id.clone(), case, path, intent: Intent::SetUp };
    let recipe = |sequence: Sequence| SeriesRecipe {
        kind: SeriesKind::Sequence(Arc::new(sequence)),
        first: first.clone(),
        trial: Trial::Last,
    };
    let mut series = engine.perform(&recipe(sequence.clone())).await?;
    let mut later = std::mem::take(&mut series.exchanges).into_iter();
    for steps in 1..=sequence.steps.len() {
        let recipe = recipe(sequence.up_to(steps));
        let more = Sequence::exchanges(steps).saturating_sub(series.exchanges.len());
        series.exchanges.extend(later.by_ref().take(more));
        series.kind = recipe.kind.clone();
        // What follows a departure may follow from it.
        if engine.note(recipe, &series) {
            break;
        }
    }
    Some(())
}

/// What is created by one operation and read by another one.
fn kinds(engine: &Engine) -> Vec<(Arc<Plan>, Arc<Plan>)> {
    let creators = engine.plans.values().filter(|plan| {
        plan.operation.method == Method::Post
            && engine.own.contains(&plan.operation.id)
            && !engine.book.all_accepted(&plan.operation.id).is_empty()
    });
    let kinds = creators.filter_map(|creator| {
        let reader = readers(engine, creator).into_iter().next().and_then(|id| engine.plan(&id))?;
        let is_item = is_below(&reader.operation.path, &creator.operation.path);
        is_item.then(|| (Arc::clone(creator), reader))
    });
    kinds.collect()
}
