//! What several requests say together, for each operation after its turn: reads repeat, what is written is read back and
//! listed. What is asked of lists is in `lists`.

use std::cmp::Reverse;
use std::sync::Arc;

use driftline_specs::{Method, StatusSpec};

use super::lists::list;
use crate::engine::{Case, Engine, PathSource, Plan, Recipe, SeriesRecipe};
use crate::exchange::{Intent, Series, SeriesKind, Trial};

/// How many items of a list are read one by one.
const ITEMS: usize = 6;

/// How many other requests are written, to be read after it.
const WRITTEN: usize = 20;

/// How many defaults of an operation are looked at.
const DEFAULTS: usize = 4;

/// What has shown so often needs no more.
pub(super) const ENOUGH: usize = 2;

/// Sends what an operation's good request gives rise to, while the count of all requests is below `last`.
pub(super) async fn series(engine: &mut Engine, plan: &Arc<Plan>, good: &Recipe, last: u64) {
    let id = &plan.operation.id;
    let mut recipes: Vec<(SeriesKind, Vec<Recipe>, &[Trial], usize)> = Vec::new();
    let often_enough = engine.occasions;
    if plan.operation.method.is_safe() {
        recipes.push((SeriesKind::Again, vec![good.clone()], &[Trial::First], often_enough));
        for reader in item_readers(engine, plan) {
            let listed = listed(engine, id, &reader).into_iter();
            recipes.extend(listed.map(|(kind, first)| (kind, vec![first], &[Trial::First][..], 1)));
        }
        for list in item_lists(engine, plan) {
            let listed = listed(engine, &list, id).into_iter();
            recipes.extend(listed.map(|(kind, first)| (kind, vec![first], &[Trial::Last][..], 1)));
        }
    } else {
        for reader in readers(engine, plan) {
            let kind = SeriesKind::WriteThenRead { reader };
            let both = &[Trial::Last, Trial::First];
            recipes.push((kind.clone(), written(engine, plan, good), both, often_enough));
            // The first success is full more often than not; what is left out shows as well.
            let least = most_and_least(engine, plan).filter(|_| plan.operation.method == Method::Post);
            let least = least.map(|(_, case)| Recipe { case, ..good.clone() });
            let least = least.filter(|it| it.case != good.case);
            recipes.extend(least.map(|least| (kind, vec![least], &[Trial::Last][..], 1)));
        }
        for list in lists(engine, plan) {
            // What holds most and what holds least is listed as well.
            let both = most_and_least(engine, plan).map(|(most, least)| [most, least]).into_iter().flatten();
            let mut firsts = vec![good.clone()];
            firsts.extend(both.map(|case| Recipe { case, ..good.clone() }).filter(|it| it.case != good.case));
            let count = firsts.len();
            recipes.push((SeriesKind::CreateThenList { list }, firsts, &[Trial::Last], count));
        }
    }
    let twice = created_twice(engine, plan, good);
    recipes.extend(twice.map(|(kind, first)| (kind, vec![first], &[Trial::First][..], 1)));
    'series: for (kind, firsts, trials, times) in recipes {
        let mut shown = 0;
        for first in firsts.iter().cycle().take(times) {
            if engine.is_stopped() || engine.client.sent() >= last {
                return;
            }
            // Whoever says something else each time has been told of, and testifies to nothing. What is asked of lists says
            // by itself whether they have stayed the same.
            if engine.book.has_sighted(id, "reads_repeat") {
                break 'series;
            }
            if shown >= ENOUGH {
                break;
            }
            let Some(first) = fresh(engine, first).await else { return };
            let recipe = |trial| SeriesRecipe { kind: kind.clone(), first: first.clone(), trial };
            let Some(trial) = trials.first() else { break };
            let Some(mut series) = engine.perform(&recipe(*trial)).await else { break };
            for trial in trials {
                series.trial = *trial;
                shown += usize::from(engine.note(recipe(*trial), &series));
            }
        }
    }
    rewrite(engine, plan, good, last).await;
    defaults(engine, plan, good, last).await;
    if plan.operation.method.is_safe() && plan.operation.pagination.is_some() && plan.linked.is_empty() {
        list(engine, plan, last).await;
    }
}

/// Sends a series so many times, as long as it has not shown a deviation twice; returns the first one.
pub(super) async fn often(
    engine: &mut Engine,
    recipe: &SeriesRecipe,
    times: usize,
    last: u64,
) -> Option<Series> {
    let first = engine.perform(recipe).await?;
    let mut shown = usize::from(engine.note(recipe.clone(), &first));
    for _ in 1..times {
        if shown >= ENOUGH || engine.is_stopped() || engine.client.sent() >= last {
            break;
        }
        let Some(series) = engine.perform(recipe).await else { break };
        shown += usize::from(engine.note(recipe.clone(), &series));
    }
    Some(first)
}

/// What is written, to be read after it: the good request, and every other time another one that was accepted, those with
/// most in them first.
fn written(engine: &Engine, plan: &Plan, good: &Recipe) -> Vec<Recipe> {
    let mut others: Vec<&Case> = engine.book.all_accepted(&plan.operation.id).iter().collect();
    others.retain(|case| case.value != good.case.value);
    others.sort_by_key(|case| Reverse(case.size()));
    let other = |case: &Case| [good.clone(), Recipe { case: case.clone(), ..good.clone() }];
    let mut all: Vec<Recipe> = others.into_iter().take(WRITTEN).flat_map(other).collect();
    if all.is_empty() {
        all.push(good.clone());
    }
    all
}

/// Two different requests that create something.
fn created_twice(engine: &Engine, plan: &Plan, good: &Recipe) -> Option<(SeriesKind, Recipe)> {
    let mut successes = plan.operation.responses.iter().map(|response| response.status);
    if plan.operation.method != Method::Post || !successes.any(|status| status == StatusSpec::Code(201)) {
        return None;
    }
    let (first, then) = most_and_least(engine, plan)?;
    Some((SeriesKind::CreateTwice { then: then.value }, Recipe { case: first, ..good.clone() }))
}

/// The fullest accepted request and the least one that is written in the same way, where they have other content.
fn most_and_least(engine: &Engine, plan: &Plan) -> Option<(Case, Case)> {
    let accepted = engine.book.all_accepted(&plan.operation.id);
    let most = accepted.iter().max_by_key(|case| case.size())?;
    let others = accepted.iter().filter(|case| case.variant == most.variant && case.value != most.value);
    let least = others.min_by_key(|case| case.size())?;
    (most.value.get("body") != least.value.get("body")).then(|| (most.clone(), least.clone()))
}

/// Writes a resource twice, first all of it, then as little as is accepted, and reads it after each.
async fn rewrite(engine: &mut Engine, plan: &Plan, good: &Recipe, last: u64) {
    let writes = matches!(plan.operation.method, Method::Put | Method::Patch);
    let Some((case, then)) = most_and_least(engine, plan).filter(|_| writes) else { return };
    let Some(reader) = readers(engine, plan).into_iter().next() else { return };
    if engine.is_stopped() || engine.client.sent() >= last {
        return;
    }
    let Some(first) = fresh(engine, &Recipe { case, ..good.clone() }).await else { return };
    let kind = SeriesKind::Rewrite { reader, then: then.value };
    let recipe = SeriesRecipe { kind, first, trial: Trial::First };
    // What shows, shows again.
    for _ in 0..ENOUGH {
        let Some(mut series) = engine.perform(&recipe).await else { return };
        let mut shows = engine.note(recipe.clone(), &series);
        // The operation that reads says when something was changed.
        series.trial = Trial::Last;
        shows |= engine.note(SeriesRecipe { trial: Trial::Last, ..recipe.clone() }, &series);
        if !shows || engine.is_stopped() {
            return;
        }
    }
}

/// Leaves out parameters that have a default, and asks for the default.
async fn defaults(engine: &mut Engine, plan: &Plan, good: &Recipe, last: u64) {
    if !plan.operation.method.is_safe() {
        return;
    }
    let case = if plan.linked.is_empty() { plan.least() } else { None };
    let first =
        Recipe { case: case.unwrap_or_else(|| good.case.clone()), intent: Intent::SetUp, ..good.clone() };
    let names = plan.operation.parameters.iter().map(|parameter| &parameter.name);
    let with_default = names.filter(|name| plan.default(name).is_some()).take(DEFAULTS);
    for parameter in with_default {
        let is_restless = engine.book.has_sighted(&plan.operation.id, "reads_repeat");
        if engine.is_stopped() || engine.client.sent() >= last || is_restless {
            return;
        }
        let kind = SeriesKind::Default { parameter: parameter.clone() };
        engine.observe(SeriesRecipe { kind, first: first.clone(), trial: Trial::First }).await;
    }
}

/// A list, and a few of its items by the operation that reads them.
fn listed(engine: &Engine, list: &str, reader: &str) -> Vec<(SeriesKind, Recipe)> {
    let Some(case) = engine.plan(list).and_then(|plan| plan.least()) else { return Vec::new() };
    let first = Recipe { operation_id: list.to_owned(), case, path: PathSource::Case, intent: Intent::SetUp };
    let kinds = (0..ITEMS.min(engine.occasions))
        .map(|rank| SeriesKind::ListThenRead { reader: reader.to_owned(), rank });
    kinds.map(|kind| (kind, first.clone())).collect()
}

/// A good request again, on a resource that it may use up.
async fn fresh(engine: &mut Engine, good: &Recipe) -> Option<Recipe> {
    let plan = engine.plan(&good.operation_id)?;
    let path = match &good.path {
        PathSource::Resource(route, _) if !plan.operation.method.is_safe() => {
            let values = engine.acquire(&plan.operation.id, route).await?;
            PathSource::Resource(route.clone(), values)
        }
        other => other.clone(),
    };
    Some(Recipe { path, intent: Intent::SetUp, ..good.clone() })
}

/// The operations that read what this one writes.
pub(super) fn readers(engine: &Engine, plan: &Plan) -> Vec<String> {
    let reads = |id: &&String| {
        let Some(reader) = engine.plan(id) else { return false };
        if reader.operation.method != Method::Get || reader.linked.is_empty() {
            return false;
        }
        // What an action is told need not become what it acts on: only what is created at `/things` is read at
        // `/things/{id}`, and what is written at a path at the same path.
        let creates = is_below(&reader.operation.path, &plan.operation.path);
        let fed = engine.feeds.get(*id).is_some_and(|feeds| {
            feeds.iter().any(|feed| feed.producer == plan.operation.id && feed.list().is_none())
        });
        creates && fed || reader.operation.path == plan.operation.path
    };
    let mut readers: Vec<String> = engine.plans.keys().filter(reads).cloned().collect();
    // The resource itself, before what hangs from it.
    readers.sort_by_key(|id| engine.plan(id).map_or(usize::MAX, |reader| reader.operation.path.len()));
    readers.truncate(1);
    readers
}

/// The operations that read an item of what this one lists.
pub(super) fn item_readers(engine: &Engine, plan: &Plan) -> Vec<String> {
    let readers = engine.plans.keys().filter(|id| reads_items(engine, id, &plan.operation.id));
    readers.take(1).cloned().collect()
}

/// The operations that list what this one reads.
fn item_lists(engine: &Engine, plan: &Plan) -> Vec<String> {
    let lists = engine.plans.keys().filter(|id| reads_items(engine, &plan.operation.id, id));
    lists.take(1).cloned().collect()
}

/// Whether an operation at `/things/{id}` reads an item of a list at `/things`.
fn reads_items(engine: &Engine, reader: &str, list: &str) -> bool {
    let (Some(reader), Some(list)) = (engine.plan(reader), engine.plan(list)) else { return false };
    let is_item = is_below(&reader.operation.path, &list.operation.path);
    let feeds = engine.feeds.get(&reader.operation.id).map_or(&[][..], Vec::as_slice);
    let is_fed = feeds.iter().any(|feed| feed.producer == list.operation.id && feed.list().is_some());
    is_item && is_fed && list.operation.pagination.is_some() && reader.operation.method == Method::Get
}

/// Whether a path is that of one of the things at another path.
pub(super) fn is_below(path: &str, collection: &str) -> bool {
    let rest = path.strip_prefix(collection);
    rest.is_some_and(|rest| rest.starts_with("/{") && rest.matches('/').count() == 1 && rest.ends_with('}'))
}

/// The lists that have what this operation creates.
pub(super) fn lists(engine: &Engine, plan: &Plan) -> Vec<String> {
    let lists = engine.plans.values().filter(|list| {
        plan.operation.method == Method::Post
            && list.operation.method == Method::Get
            && list.operation.pagination.is_some()
            && list.linked.is_empty()
            && list.operation.path == plan.operation.path
    });
    lists.map(|list| list.operation.id.clone()).collect()
}
