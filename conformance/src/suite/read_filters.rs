//! Filters by what the items of a list do not say, and the operation that reads one of them does: a few items are read, and
//! the list is asked for what one of them has and another one has not.

use std::sync::Arc;

use serde_json::Value;

use super::lists::{
    FEW_PAIRS, FILTERED_PAGES, Filter, PAIRED, PAIRS, filters_wrongly, own_parameters, undisturbed, written,
};
use super::series::{ENOUGH, item_readers};
use crate::engine::{Engine, Plan, Read, Recipe, SeriesRecipe, set_query};
use crate::exchange::{SeriesKind, Trial};
use crate::selection::Selection;

/// How many items are read where that costs nothing, and else.
const MANY: usize = 24;
const FEW: usize = 6;

/// How many values of a filter are asked for.
const VALUES: usize = 2;

/// How many ways to put a filter beside another one are tried.
const WAYS: usize = 2;

/// Parameters that ask for another form of the same items, or for another order, and are no filters whatever a resource has
/// by that name.
const FORMS: [&str; 24] = [
    "currency",
    "direction",
    "embed",
    "expand",
    "fields",
    "format",
    "include",
    "lang",
    "language",
    "locale",
    "mode",
    "order",
    "order_by",
    "page",
    "per_page",
    "size",
    "sort",
    "sort_by",
    "timezone",
    "time_zone",
    "unit",
    "units",
    "version",
    "view",
];

/// What a list is asked for, and the items that testify.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    /// What is read of the items.
    filter: Filter,
    /// What they say themselves.
    beside: Option<Filter>,
    /// What the items are known by.
    items: Vec<String>,
    /// What the answer tells: whether the filter selects, whether it loses anything, whether the other one selects.
    tells: [bool; 3],
}

/// Asks for some of a list, by what is read of its items.
pub(super) async fn read_filters(
    engine: &mut Engine,
    plan: &Arc<Plan>,
    first: &Recipe,
    items: &[Value],
    last: u64,
) {
    let unsaid: Vec<String> = unsaid(plan, items);
    let Some(reader) = item_readers(engine, plan).into_iter().next().filter(|_| !unsaid.is_empty()) else {
        return;
    };
    if engine.is_stopped() || engine.client.sent() >= last {
        return;
    }
    let most = if engine.occasions >= MANY { MANY } else { FEW };
    let Some(read) = engine.read_items(plan, first, &reader, most, last).await else { return };
    let bodies: Vec<Value> = read.iter().map(|it| it.said.clone()).collect();
    for selection in unsaid.iter().filter_map(|name| Selection::of(name, &bodies)) {
        let asking = Asking { plan, first, reader: &reader, last };
        let values: Vec<Filter> =
            selection.values(&bodies).into_iter().map(|value| Filter::new(plan, &selection, value)).collect();
        asking.alone(engine, &alone(&values, &read)).await;
        let mut pairs = Vec::new();
        for other in own_parameters(plan).filter_map(|it| Selection::of(&it.name, items)) {
            let seen: Vec<Value> = read.iter().map(|it| it.item.clone()).collect();
            let others = other.values(&seen);
            let others: Vec<Filter> =
                others.into_iter().take(PAIRED).map(|value| Filter::new(plan, &other, value)).collect();
            pairs.extend(beside(&values, &others, &read));
        }
        pairs.truncate(PAIRS.min(engine.occasions.max(FEW_PAIRS)));
        for question in pairs {
            // What goes wrong with one filter goes wrong with two.
            if filters_wrongly(engine, plan) {
                return;
            }
            asking.ask(engine, &question, false).await;
        }
    }
}

/// Who is asked, and how.
#[derive(Clone, Copy)]
struct Asking<'a> {
    plan: &'a Arc<Plan>,
    first: &'a Recipe,
    reader: &'a str,
    last: u64,
}

impl Asking<'_> {
    /// Asks for each value in turn, as often as there are occasions; then goes through what has most items in pages.
    async fn alone(self, engine: &mut Engine, questions: &[Question]) {
        let (mut shown, mut longest) = (0, None);
        for round in 0..engine.occasions.max(questions.len()) {
            let Some(question) = questions.get(round % questions.len().max(1)) else { return };
            if shown >= ENOUGH {
                return;
            }
            // Where the list begins may be said as well, and is every other time.
            let says_start = round / questions.len() % 2 == 1;
            let Some((deviates, count)) = self.ask(engine, question, says_start).await else { continue };
            shown += usize::from(deviates);
            if longest.is_none_or(|(most, _)| count > most) {
                longest = Some((count, question));
            }
        }
        let Some((count, question)) = longest.filter(|(count, _)| *count > 1 && shown == 0) else { return };
        let size = count.div_ceil(FILTERED_PAGES);
        let case = self.case(question, false);
        let first = Recipe { case, ..self.first.clone() };
        let recipe = SeriesRecipe { kind: SeriesKind::Walk { size }, first, trial: Trial::First };
        undisturbed(engine, &recipe, self.last).await;
    }

    /// Asks one question; returns whether the answer deviates, and how many items it has.
    async fn ask(self, engine: &mut Engine, question: &Question, says_start: bool) -> Option<(bool, u64)> {
        let case = self.case(question, says_start);
        let is_allowed = self.plan.allowed(&case).is_none_or(|allowed| allowed(&case.value));
        if !is_allowed || engine.is_stopped() || engine.client.sent() >= self.last {
            return None;
        }
        let kind = SeriesKind::FilterThenRead {
            selection: question.filter.selection.clone(),
            beside: question.beside.iter().map(|it| it.selection.clone()).collect(),
            reader: self.reader.to_owned(),
            items: question.items.clone(),
        };
        let first = Recipe { case, ..self.first.clone() };
        let recipe = SeriesRecipe { kind, first, trial: Trial::First };
        let series = engine.perform(&recipe).await?;
        let items = &self.plan.operation.pagination.as_ref()?.items;
        let body: Value =
            serde_json::from_slice(&series.exchanges.get(recipe.kind.filtered()?)?.answer.body).ok()?;
        let count = body.pointer(items).and_then(Value::as_array).map_or(0, Vec::len) as u64;
        Some((engine.note(recipe, &series), count))
    }

    fn case(self, question: &Question, says_start: bool) -> crate::engine::Case {
        let mut case = self.first.case.clone();
        for filter in std::iter::once(&question.filter).chain(&question.beside) {
            set_query(&mut case, &filter.selection.parameter, filter.value.clone());
        }
        let start = self.plan.operation.pagination.as_ref().and_then(|it| it.offset.as_ref());
        if let Some(offset) = start.filter(|_| says_start) {
            set_query(&mut case, offset, Value::from(0));
        }
        case
    }
}

/// The parameters that may be filters and that the items of a list say nothing of.
fn unsaid(plan: &Plan, items: &[Value]) -> Vec<String> {
    let is_form = |name: &str| FORMS.contains(&name.to_ascii_lowercase().as_str());
    let may_filter = own_parameters(plan)
        .filter(|it| !it.required && !is_form(&it.name) && plan.default(&it.name).is_none());
    may_filter.map(|it| it.name.clone()).filter(|name| Selection::of(name, items).is_none()).collect()
}

/// A filter with a few of its values, the rarest first: what is lost of few is seen at once.
fn alone(values: &[Filter], read: &[Read]) -> Vec<Question> {
    let mut questions: Vec<Question> =
        values.iter().filter_map(|filter| question(filter, None, read)).filter(|it| it.tells[0]).collect();
    questions.sort_by_key(|it| read.iter().filter(|read| it.filter.fits(&read.said)).count());
    questions.truncate(VALUES);
    questions
}

/// A filter beside another one, in as few ways as tell all that may be told.
fn beside(values: &[Filter], others: &[Filter], read: &[Read]) -> Vec<Question> {
    let ways = values.iter().take(PAIRED).flat_map(|one| others.iter().map(move |other| (one, other)));
    let mut possible: Vec<Question> =
        ways.filter_map(|(one, other)| question(one, Some(other), read)).collect();
    let mut chosen: Vec<Question> = Vec::new();
    let mut told = [false; 3];
    while chosen.len() < WAYS {
        let news = |it: &Question| it.tells.iter().zip(told).filter(|(tells, told)| **tells && !told).count();
        // The first of equals.
        let Some(best) = possible.iter().rev().max_by_key(|it| news(it)).filter(|it| news(it) > 0).cloned()
        else {
            break;
        };
        told.iter_mut().zip(best.tells).for_each(|(told, tells)| *told |= tells);
        possible.retain(|it| *it != best);
        chosen.push(best);
    }
    chosen
}

/// A filter, alone or beside another one, with the items that testify: the first and the last one that it selects, and one
/// that it leaves out. Nothing where no item is selected, or none left out.
fn question(filter: &Filter, beside: Option<&Filter>, read: &[Read]) -> Option<Question> {
    let wanted = written(&filter.value);
    let fits = |it: &&Read| beside.is_none_or(|beside| beside.fits(&it.item));
    let lacks = |it: &&Read| filter.selection.speaks(&it.said) && !filter.selection.allows(&it.said, &wanted);
    let has: Vec<&Read> = read.iter().filter(|it| filter.fits(&it.said)).collect();
    let others: Vec<&Read> = read.iter().filter(lacks).collect();
    if has.is_empty() || others.is_empty() {
        return None;
    }
    let selected: Vec<&Read> = has.iter().copied().filter(fits).collect();
    let left_out = others.into_iter().find(fits);
    let mut items: Vec<String> = selected
        .first()
        .into_iter()
        .chain(selected.last())
        .chain(&left_out)
        .map(|it| it.name.clone())
        .collect();
    items.dedup();
    let tells = [left_out.is_some(), !selected.is_empty(), beside.is_some() && selected.len() < has.len()];
    (!items.is_empty()).then(|| Question { filter: filter.clone(), beside: beside.cloned(), items, tells })
}
