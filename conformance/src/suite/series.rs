//! What several requests say together, for each operation after its turn: reads repeat, what is written is read back and
//! listed, lists are walked through and filtered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driftline_specs::{Method, ParameterLocation, StatusSpec};
use serde_json::Value;

use super::orders::orders;
use crate::engine::{Case, Engine, PathSource, Plan, Recipe, SeriesRecipe, page_sizes, set_query};
use crate::exchange::{Intent, Series, SeriesKind, Trial};
use crate::selection::Selection;

/// How many pages a walk is meant to have.
const PAGES: u64 = 5;

/// Sizes of page that a first walk has, the likeliest first: small, so that there are several pages.
const SIZES: [u64; 4] = [10, 20, 50, 100];

/// How many values of a filter are asked for.
const VALUES: usize = 2;

/// How many items of a list are read one by one.
const ITEMS: usize = 6;

/// How many orders a list is asked for in.
const ORDERS: usize = 4;

/// How many defaults of an operation are looked at.
const DEFAULTS: usize = 4;

/// How many pairs of filters are asked for together.
const PAIRS: usize = 30;
const FEW_PAIRS: usize = 3;

/// How many values of a filter are looked at to find a pair.
const PAIRED: usize = 8;

/// Into how many pages a filtered list is split.
const FILTERED_PAGES: u64 = 2;

/// What has shown so often needs no more.
const ENOUGH: usize = 2;

/// Sends what an operation's good request gives rise to, while the count of all requests is below `last`.
pub(super) async fn series(engine: &mut Engine, plan: &Arc<Plan>, good: &Recipe, last: u64) {
    let id = &plan.operation.id;
    let mut recipes: Vec<(SeriesKind, Recipe, Trial)> = Vec::new();
    if plan.operation.method.is_safe() {
        recipes.push((SeriesKind::Again, good.clone(), Trial::First));
        for reader in item_readers(engine, plan) {
            recipes.extend(
                listed(engine, id, &reader).into_iter().map(|(kind, first)| (kind, first, Trial::First)),
            );
        }
        for list in item_lists(engine, plan) {
            recipes.extend(
                listed(engine, &list, id).into_iter().map(|(kind, first)| (kind, first, Trial::Last)),
            );
        }
    } else {
        for reader in readers(engine, plan) {
            let kind = SeriesKind::WriteThenRead { reader };
            recipes.push((kind.clone(), good.clone(), Trial::Last));
            recipes.push((kind.clone(), good.clone(), Trial::First));
            // The first success is full more often than not; what is left out shows as well.
            let least = most_and_least(engine, plan).filter(|_| plan.operation.method == Method::Post);
            let least = least.map(|(_, case)| Recipe { case, ..good.clone() });
            recipes.extend(least.filter(|it| it.case != good.case).map(|least| (kind, least, Trial::Last)));
        }
        for list in lists(engine, plan) {
            recipes.push((SeriesKind::CreateThenList { list }, good.clone(), Trial::Last));
        }
    }
    recipes.extend(created_twice(engine, plan, good).map(|(kind, first)| (kind, first, Trial::First)));
    for (kind, first, trial) in recipes {
        // Whoever says something else each time has been told of, and testifies to nothing.
        if engine.is_stopped() || engine.client.sent() >= last || engine.book.has_sighted(id, "reads_repeat")
        {
            return;
        }
        let Some(first) = fresh(engine, &first).await else { return };
        let times = if kind == SeriesKind::Again { engine.occasions } else { 1 };
        often(engine, &SeriesRecipe { kind, first, trial }, times, last).await;
    }
    rewrite(engine, plan, good, last).await;
    defaults(engine, plan, good, last).await;
    if plan.operation.method.is_safe() && plan.operation.pagination.is_some() && plan.linked.is_empty() {
        list(engine, plan, last).await;
    }
}

/// Sends a series so many times, as long as it has not shown a deviation twice; returns the first one.
async fn often(engine: &mut Engine, recipe: &SeriesRecipe, times: usize, last: u64) -> Option<Series> {
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
    let Some(mut series) = engine.perform(&recipe).await else { return };
    engine.note(recipe.clone(), &series);
    // The operation that reads says when something was changed.
    series.trial = Trial::Last;
    engine.note(SeriesRecipe { trial: Trial::Last, ..recipe }, &series);
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
fn item_readers(engine: &Engine, plan: &Plan) -> Vec<String> {
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
fn lists(engine: &Engine, plan: &Plan) -> Vec<String> {
    let lists = engine.plans.values().filter(|list| {
        plan.operation.method == Method::Post
            && list.operation.method == Method::Get
            && list.operation.pagination.is_some()
            && list.linked.is_empty()
            && list.operation.path == plan.operation.path
    });
    lists.map(|list| list.operation.id.clone()).collect()
}

/// Walks through a list, and asks for some of it.
async fn list(engine: &mut Engine, plan: &Arc<Plan>, last: u64) {
    let Some(case) = plan.least() else { return };
    let id = plan.operation.id.clone();
    let first = Recipe { operation_id: id, case, path: PathSource::Case, intent: Intent::SetUp };
    let most = page_sizes(plan).map_or(u64::MAX, |(_, most)| most);
    let walk = |size: u64| SeriesRecipe {
        kind: SeriesKind::Walk { size },
        first: first.clone(),
        trial: Trial::First,
    };
    // A size that the contract does not allow proves nothing.
    let allows = |size: u64| {
        let mut case = first.case.clone();
        page_sizes(plan).iter().for_each(|(limit, _)| set_query(&mut case, limit, Value::from(size)));
        plan.allowed(&case).is_none_or(|allowed| allowed(&case.value))
    };
    let sizes = SIZES.iter().map(|size| most.min(*size));
    let Some(small) = sizes.chain([most]).find(|size| allows(*size)) else { return };
    // The first walk shows how long the list is; a longer one is walked through in larger pages.
    let Some(series) = often(engine, &walk(small), 1, last).await else { return };
    let body: Option<Value> =
        series.exchanges.first().and_then(|it| serde_json::from_slice(&it.answer.body).ok());
    let Some(body) = body else { return };
    let Some(pagination) = &plan.operation.pagination else { return };
    let items = body.pointer(&pagination.items).and_then(Value::as_array).cloned().unwrap_or_default();
    let total = pagination.total.as_ref().and_then(|at| body.pointer(at)?.as_u64());
    let count = total.unwrap_or_default().max(items.len() as u64);
    for size in [count.div_ceil(PAGES).clamp(1, most), most, small] {
        let is_known = size == small || !allows(size);
        if engine.is_stopped() || engine.client.sent() >= last {
            return;
        }
        // Each page of a walk is an occasion to see something.
        let pages = usize::try_from(count.div_ceil(size.max(1))).unwrap_or(1) + 1;
        let times = engine.occasions / pages;
        if !is_known || times > 0 {
            often(engine, &walk(size), times.max(1), last).await;
        }
    }
    for order in orders(plan).into_iter().take(ORDERS) {
        if engine.is_stopped() || engine.client.sent() >= last {
            return;
        }
        let mut case = first.case.clone();
        order.query.into_iter().for_each(|(name, value)| set_query(&mut case, &name, value));
        let kind = SeriesKind::Order {
            parameter: order.parameter,
            property: order.property,
            descends: order.descends,
        };
        engine
            .observe(SeriesRecipe { kind, first: Recipe { case, ..first.clone() }, trial: Trial::First })
            .await;
    }
    let filters = filters(plan, &items, PAIRS.min(engine.occasions.max(FEW_PAIRS)));
    filter(engine, plan, &first, &filters, last).await;
    for (filter, size) in split(&filters, &items) {
        if engine.is_stopped()
            || engine.client.sent() >= last
            || filters_wrongly(engine, plan)
            || !allows(size)
        {
            return;
        }
        let mut case = first.case.clone();
        set_query(&mut case, &filter.selection.parameter, filter.value.clone());
        if plan.allowed(&case).is_none_or(|allowed| allowed(&case.value)) {
            let first = Recipe { case, ..first.clone() };
            let recipe = SeriesRecipe { kind: SeriesKind::Walk { size }, first, trial: Trial::First };
            often(engine, &recipe, 1, last).await;
        }
    }
}

/// Asks for some of a list: with each filter and pair of filters once, and with each filter as often as there are
/// occasions.
async fn filter(engine: &mut Engine, plan: &Plan, first: &Recipe, filters: &[Vec<Filter>], last: u64) {
    let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
    for round in 0..engine.occasions {
        for parameters in filters {
            let name = parameters.first().map_or("", |filter| filter.selection.parameter.as_str());
            let turns = turns.entry(name).or_default();
            let is_wanted = if parameters.len() > 1 {
                // What goes wrong with one filter goes wrong with two.
                round == 0 && !filters_wrongly(engine, plan)
            } else {
                round == 0 || *turns < engine.occasions && !filters_wrongly(engine, plan)
            };
            if engine.is_stopped() || engine.client.sent() >= last {
                return;
            }
            let mut case = first.case.clone();
            parameters
                .iter()
                .for_each(|filter| set_query(&mut case, &filter.selection.parameter, filter.value.clone()));
            if !is_wanted || plan.allowed(&case).is_some_and(|allowed| !allowed(&case.value)) {
                continue;
            }
            *turns += 1;
            let parameters = parameters.iter().map(|it| it.selection.clone()).collect();
            let first = Recipe { case, ..first.clone() };
            let kind = SeriesKind::Filter { parameters };
            engine.observe(SeriesRecipe { kind, first, trial: Trial::First }).await;
        }
    }
}

/// Whether a filter of an operation is known to be wrong.
fn filters_wrongly(engine: &Engine, plan: &Plan) -> bool {
    let checks = ["filter_selects", "filter_loses_nothing"];
    checks.iter().any(|check| engine.book.has_sighted(&plan.operation.id, check))
}

/// The filters whose lists have more than one page of some size, each with the value that selects most.
fn split<'f>(filters: &'f [Vec<Filter>], items: &[Value]) -> Vec<(&'f Filter, u64)> {
    let selected = |filter: &Filter| {
        let wanted = written(&filter.value);
        items.iter().filter(|item| filter.selection.demands(item, &wanted)).count() as u64
    };
    let mut most: BTreeMap<&str, (&Filter, u64)> = BTreeMap::new();
    for filter in filters.iter().filter(|it| it.len() == 1).flatten() {
        let count = selected(filter);
        let known = most.entry(&filter.selection.parameter).or_insert((filter, count));
        if count > known.1 {
            *known = (filter, count);
        }
    }
    let split = most.into_values().filter(|(_, count)| *count > 1);
    split.map(|(filter, count)| (filter, count.div_ceil(FILTERED_PAGES))).collect()
}

/// A filter with a value that an item has.
#[derive(Debug, Clone, PartialEq)]
struct Filter {
    selection: Selection,
    value: Value,
}

/// Filters by what items have: each alone, with a few values, and some in pairs.
fn filters(plan: &Plan, items: &[Value], most_pairs: usize) -> Vec<Vec<Filter>> {
    let pagination = plan.operation.pagination.as_ref();
    let is_of_pages = |name: &String| {
        pagination
            .is_some_and(|it| [&it.limit, &it.offset, &it.page, &it.cursor].contains(&&Some(name.clone())))
    };
    let queries = plan.operation.parameters.iter().filter(|it| it.location == ParameterLocation::Query);
    let names = queries.map(|it| &it.name).filter(|name| !is_of_pages(name));
    let mut singles: Vec<Vec<Filter>> = Vec::new();
    let mut every: Vec<Filter> = Vec::new();
    for selection in names.filter_map(|name| Selection::of(name, items)) {
        let values = selection.values(items);
        // One that all items have would prove nothing with another value.
        let first = values.first().map(|value| written(value));
        let all = first.is_some_and(|first| items.iter().all(|item| selection.demands(item, &first)));
        let is_integer = plan.takes_integer(&selection.parameter);
        let wanted = if all { 1 } else { VALUES };
        for (at, value) in values.into_iter().enumerate() {
            let value = match value.as_str().and_then(|text| text.parse::<i64>().ok()) {
                Some(number) if is_integer => Value::from(number),
                _ => value.clone(),
            };
            let filter = Filter { selection: selection.clone(), value };
            if at < wanted {
                singles.push(vec![filter.clone()]);
            }
            every.push(filter);
        }
    }
    let names: BTreeSet<&str> = every.iter().map(|it| it.selection.parameter.as_str()).collect();
    let ways = names
        .iter()
        .flat_map(|one| names.iter().filter(move |other| one != *other).map(move |it| (*one, *it)));
    let pairs = ways.filter_map(|(one, other)| telling_pair(&every, items, one, other));
    let mut chosen: Vec<Vec<Filter>> = Vec::new();
    for pair in pairs {
        if chosen.len() < most_pairs && !chosen.iter().any(|it| it.iter().all(|filter| pair.contains(filter)))
        {
            chosen.push(pair);
        }
    }
    singles.into_iter().chain(chosen).collect()
}

/// Filters by two parameters with values that an item has, and another item has the second one alone, where there is such
/// a one: who ignores the first filter gives that as well.
fn telling_pair(every: &[Filter], items: &[Value], one: &str, other: &str) -> Option<Vec<Filter>> {
    let fits = |filter: &Filter, item: &Value| filter.selection.demands(item, &written(&filter.value));
    let of =
        |name: &str| every.iter().filter(move |it| it.selection.parameter == name).take(PAIRED).collect();
    let (ones, others): (Vec<&Filter>, Vec<&Filter>) = (of(one), of(other));
    let both = |one: &Filter, other: &Filter| items.iter().any(|item| fits(one, item) && fits(other, item));
    let tells = |one: &Filter, other: &Filter| items.iter().any(|item| !fits(one, item) && fits(other, item));
    let all = ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other)));
    let mut possible = all.filter(|(one, other)| both(one, other));
    let first = possible.next()?;
    let best = std::iter::once(first).chain(possible).find(|(one, other)| tells(one, other)).unwrap_or(first);
    Some(vec![best.0.clone(), best.1.clone()])
}

/// A scalar as a query writes it.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
