//! Lists: walked through in pages of several sizes, asked for in an order, and filtered.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driftline_specs::{Parameter, ParameterLocation};
use serde_json::Value;

use super::orders::orders;
use super::read_filters::read_filters;
use super::series::often;
use crate::engine::{Engine, PathSource, Plan, Recipe, SeriesRecipe, page_sizes, set_query};
use crate::exchange::{Intent, SeriesKind, Trial};
use crate::selection::Selection;

/// How many pages a walk is meant to have that is made often, and one that is made once.
const HALVES: u64 = 2;
const PAGES: u64 = 5;

/// Sizes of page that a first walk has, the likeliest first: small, so that there are several pages.
const SIZES: [u64; 4] = [10, 20, 50, 100];

/// How many values of a filter are asked for.
const VALUES: usize = 2;

/// By how many values a list is filtered until it is undisturbed while it is walked through.
const SPLITS: usize = 2;

/// How many orders a list is asked for in.
const ORDERS: usize = 4;

/// How many pairs of filters are asked for together.
pub(super) const PAIRS: usize = 30;
pub(super) const FEW_PAIRS: usize = 3;

/// How many values of a filter are looked at to find a pair.
pub(super) const PAIRED: usize = 8;

/// How many values of a filter are looked at to find the one that selects most.
const COUNTED: usize = 50;

/// How often a filtered list is walked through that was another one after it.
const TRIES: usize = 3;

/// Into how many pages a filtered list is split.
pub(super) const FILTERED_PAGES: u64 = 2;

/// Walks through a list, and asks for some of it.
pub(super) async fn list(engine: &mut Engine, plan: &Arc<Plan>, last: u64) {
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
    // What is wrong with a first, a further or the last page shows in two of them.
    let sizes = [(HALVES, engine.occasions), (PAGES, 1), (1, 1)];
    for (size, times) in sizes.map(|(pages, times)| (count.div_ceil(pages).clamp(1, most), times)) {
        if engine.is_stopped() || engine.client.sent() >= last {
            return;
        }
        if allows(size) {
            often(engine, &walk(size), times, last).await;
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
    // By now there may be other items, or they may have come to other states.
    let items = engine.items(plan, &first).await.unwrap_or(items);
    let filters = filters(plan, &items, PAIRS.min(engine.occasions.max(FEW_PAIRS)));
    filter(engine, plan, &first, &filters, last).await;
    read_filters(engine, plan, &first, &items, last).await;
    if engine.is_stopped() || engine.client.sent() >= last {
        return;
    }
    let Some(items) = engine.items(plan, &first).await else { return };
    for choices in split(plan, &filters, &items) {
        for (filter, size) in choices {
            if engine.is_stopped() || engine.client.sent() >= last || filters_wrongly(engine, plan) {
                return;
            }
            if !allows(size) {
                continue;
            }
            let mut case = first.case.clone();
            set_query(&mut case, &filter.selection.parameter, filter.value);
            if plan.allowed(&case).is_none_or(|allowed| allowed(&case.value)) {
                let first = Recipe { case, ..first.clone() };
                let recipe = SeriesRecipe { kind: SeriesKind::Walk { size }, first, trial: Trial::First };
                if undisturbed(engine, &recipe, last).await {
                    break;
                }
            }
        }
    }
}

/// Walks through a list that others may change meanwhile, until it was the same before and after; returns whether it was.
pub(super) async fn undisturbed(engine: &mut Engine, walk: &SeriesRecipe, last: u64) -> bool {
    for _ in 0..TRIES {
        if engine.is_stopped() || engine.client.sent() >= last {
            return false;
        }
        if engine.observe(walk.clone()).await.is_some() {
            return true;
        }
    }
    false
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
            // Where the list begins may be said as well, and is every other time.
            let start = plan.operation.pagination.as_ref().and_then(|it| it.offset.as_ref());
            if let Some(offset) = start.filter(|_| round % 2 == 1) {
                set_query(&mut case, offset, Value::from(0));
            }
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
pub(super) fn filters_wrongly(engine: &Engine, plan: &Plan) -> bool {
    let checks = ["filter_selects", "filter_loses_nothing"];
    checks.iter().any(|check| engine.book.has_sighted(&plan.operation.id, check))
}

/// The filters whose lists have more than one page of some size, each with the values that select most and that size, to be
/// tried until a list is not changed by others.
fn split(plan: &Plan, filters: &[Vec<Filter>], items: &[Value]) -> Vec<Vec<(Filter, u64)>> {
    let singles = filters.iter().filter(|it| it.len() == 1).flatten();
    let selections: BTreeMap<&str, &Selection> =
        singles.map(|it| (it.selection.parameter.as_str(), &it.selection)).collect();
    let most = |selection: &Selection| {
        let values = selection.values(items).into_iter().take(COUNTED);
        let counted = values.map(|value| {
            let filter = Filter::new(plan, selection, value);
            let count = items.iter().filter(|item| filter.fits(item)).count() as u64;
            (filter, count)
        });
        let mut counted: Vec<_> = counted.filter(|(_, count)| *count > 1).collect();
        // Equals stay in their order.
        counted.sort_by_key(|(_, count)| Reverse(*count));
        counted.truncate(SPLITS);
        counted.iter_mut().for_each(|(_, count)| *count = count.div_ceil(FILTERED_PAGES));
        counted
    };
    selections.into_values().map(most).collect()
}

/// A filter with a value that an item has.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Filter {
    pub(super) selection: Selection,
    pub(super) value: Value,
}

impl Filter {
    /// A filter with a value that was seen, written as its parameter takes it.
    pub(super) fn new(plan: &Plan, selection: &Selection, value: &Value) -> Filter {
        let value = match value.as_str().and_then(|text| text.parse::<i64>().ok()) {
            Some(number) if plan.takes_integer(&selection.parameter) => Value::from(number),
            _ => value.clone(),
        };
        Filter { selection: selection.clone(), value }
    }

    /// Whether an item has to be on a list that it is asked for.
    pub(super) fn fits(&self, item: &Value) -> bool {
        self.selection.demands(item, &written(&self.value))
    }
}

/// The query parameters of a list that do not say where a page is.
pub(super) fn own_parameters(plan: &Plan) -> impl Iterator<Item = &Parameter> {
    let pagination = plan.operation.pagination.as_ref();
    let is_of_pages = move |name: &String| {
        pagination
            .is_some_and(|it| [&it.limit, &it.offset, &it.page, &it.cursor].contains(&&Some(name.clone())))
    };
    let queries = plan.operation.parameters.iter().filter(|it| it.location == ParameterLocation::Query);
    queries.filter(move |it| !is_of_pages(&it.name))
}

/// Filters by what items have: each alone, with a few values, and some in pairs.
fn filters(plan: &Plan, items: &[Value], most_pairs: usize) -> Vec<Vec<Filter>> {
    let names = own_parameters(plan).map(|it| &it.name);
    let mut singles: Vec<Vec<Filter>> = Vec::new();
    let mut every: Vec<Filter> = Vec::new();
    for selection in names.filter_map(|name| Selection::of(name, items)) {
        let values = selection.values(items);
        // One that all items have would prove nothing with another value.
        let first_value = values.first().copied();
        let first = first_value.map(written);
        let all = first.is_some_and(|first| items.iter().all(|item| selection.demands(item, &first)));
        let wanted = if all { 1 } else { VALUES };
        let otherwise = first_value.and_then(|value| selection.otherwise(value));
        let otherwise = otherwise.filter(|value| !values.contains(&value));
        singles.extend(otherwise.map(|value| vec![Filter { selection: selection.clone(), value }]));
        for (at, value) in values.into_iter().enumerate() {
            let filter = Filter::new(plan, &selection, value);
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
    let of =
        |name: &str| every.iter().filter(move |it| it.selection.parameter == name).take(PAIRED).collect();
    let (ones, others): (Vec<&Filter>, Vec<&Filter>) = (of(one), of(other));
    let both = |one: &Filter, other: &Filter| items.iter().any(|item| one.fits(item) && other.fits(item));
    let tells = |one: &Filter, other: &Filter| items.iter().any(|item| !one.fits(item) && other.fits(item));
    let all = ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other)));
    let mut possible = all.filter(|(one, other)| both(one, other));
    let first = possible.next()?;
    let best = std::iter::once(first).chain(possible).find(|(one, other)| tells(one, other)).unwrap_or(first);
    Some(vec![best.0.clone(), best.1.clone()])
}

/// A scalar as a query writes it.
pub(super) fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
