//! Series: several requests that say something together, each deciding what the next one is.
//!
//! A series is sent whole or not at all: where a request in it does not succeed, it proves nothing. What it means is
//! for checks to say.

use std::time::Duration;

use driftline_specs::TargetKind;
use serde_json::Value;

use super::filters::Wanted;
use super::walk::PAGES;
use super::{
    Case, Engine, How, PathSource, Plan, Prepared, Recipe, Route, Seen, SeriesRecipe, Step, path_parameters,
    set_query,
};
use crate::checks::{changed, identifiers, means_missing};
use crate::exchange::{Ending, Exchange, Intent, Series, SeriesKind, telling};
use crate::request::Request;
use crate::times::{Role, times};

/// How long an endpoint may take to show everywhere what was written, and one on this machine.
const SETTLING: Duration = Duration::from_secs(2);
const LITTLE_SETTLING: Duration = Duration::from_millis(300);

/// How often a request is sent that was refused once and accepted once, where that costs nothing, and else.
const RETRIES: usize = 40;
const FEW_RETRIES: usize = 4;

/// How often more is looked at what was read differently.
const LOOKS: usize = 3;

/// A little longer than a second, and than a millisecond: by so much clocks move that tell no less.
const SECOND: Duration = Duration::from_millis(1100);
const BRIEF: Duration = Duration::from_millis(5);

impl Engine {
    /// Sends a series, and notes what checks find in it.
    pub(crate) async fn observe(&mut self, recipe: SeriesRecipe) -> Option<Series> {
        let series = self.perform(&recipe).await?;
        self.note(recipe, &series);
        Some(series)
    }

    /// Notes what checks find in a series; returns whether they find anything.
    pub(crate) fn note(&mut self, recipe: SeriesRecipe, series: &Series) -> bool {
        let Some(plan) = self.plan(recipe.subject()).filter(|_| self.own.contains(recipe.subject())) else {
            return false;
        };
        if !self.examining {
            self.survey.take_series(series, &|index| self.judge.items(series, index));
        }
        let found = self.judge.judge_series(&plan.operation, series);
        let shows = !found.is_empty();
        self.sight(found, &How::Series(recipe), &series.exchanges);
        shows
    }

    /// Sends a series; `None` where a request of it had no success.
    pub(crate) async fn perform(&mut self, recipe: &SeriesRecipe) -> Option<Series> {
        let mut series = Series {
            kind: recipe.kind.clone(),
            exchanges: Vec::new(),
            ending: Ending::Done,
            trial: recipe.trial,
        };
        let plan = self.plan(&recipe.first.operation_id)?;
        let first = &recipe.first;
        match &recipe.kind {
            SeriesKind::Again => {
                let one = self.step(&plan, first).await?;
                let other = self.step(&plan, first).await?;
                let differs = one.answer.body != other.answer.body;
                series.exchanges.extend([one, other]);
                let looks = if differs { LOOKS } else { 0 };
                for _ in 0..looks {
                    series.exchanges.push(self.step(&plan, first).await?);
                }
            }
            SeriesKind::WriteThenRead { reader } => {
                let written = self.step(&plan, first).await?;
                let path = self.path_to(reader, &plan, first, &written)?;
                series.exchanges.push(written);
                self.settle().await;
                let reader = self.plan(reader)?;
                let read = aside(&reader, reader.least()?, path);
                series.exchanges.push(self.step(&reader, &read).await?);
            }
            SeriesKind::Retry => {
                for _ in 0..self.retries() {
                    let (recipe, sent, success) = self.retry(&plan, first).await?;
                    if success {
                        series.exchanges = vec![sent];
                        continue;
                    }
                    if !refuses_as_bad(sent.answer.status) {
                        return None;
                    }
                    let again = match self.step(&plan, &recipe).await {
                        None if recipe.path != first.path => self.accepted(&plan, first).await,
                        again => again,
                    };
                    series.exchanges = vec![sent, again?];
                    break;
                }
            }
            SeriesKind::Order { .. } => {
                let recipe = Recipe { case: largest(&plan, &first.case), ..first.clone() };
                series.exchanges.push(self.step(&plan, &recipe).await?);
            }
            SeriesKind::Rewrite { reader, then } => {
                let written = self.step(&plan, first).await?;
                let path = self.path_to(reader, &plan, first, &written)?;
                series.exchanges.push(written);
                let reader = self.plan(reader)?;
                let read = aside(&reader, reader.least()?, path);
                self.settle().await;
                let before = self.step(&reader, &read).await?;
                self.wait_for_the_clock(&before).await;
                series.exchanges.push(before);
                let case = Case { value: then.clone(), ..first.case.clone() };
                series.exchanges.push(self.step(&plan, &Recipe { case, ..first.clone() }).await?);
                self.settle().await;
                series.exchanges.push(self.step(&reader, &read).await?);
            }
            SeriesKind::CreateTwice { then } => {
                series.exchanges.push(self.step(&plan, first).await?);
                let case = Case { value: then.clone(), ..first.case.clone() };
                series.exchanges.push(self.step(&plan, &Recipe { case, ..first.clone() }).await?);
            }
            SeriesKind::Default { parameter } => {
                let default = plan.default(parameter)?.clone();
                let mut case = first.case.clone();
                remove_query(&mut case, parameter);
                let without = Recipe { case, ..first.clone() };
                let mut case = without.case.clone();
                set_query(&mut case, parameter, default);
                let with = Recipe { case, ..first.clone() };
                let one = self.step(&plan, &without).await?;
                let other = self.step(&plan, &with).await?;
                let differs = one.answer.body != other.answer.body;
                series.exchanges.extend([one, other]);
                if differs {
                    series.exchanges.push(self.step(&plan, &without).await?);
                }
            }
            SeriesKind::ListThenRead { reader, rank } => {
                let listed = self.step(&plan, first).await?;
                let pick = |items: &[Value]| Some(telling(items, *rank));
                let path = self.path_to_item(reader, &plan, first, &listed, pick)?;
                series.exchanges.push(listed);
                let reader = self.plan(reader)?;
                let read = aside(&reader, reader.least()?, path);
                series.exchanges.push(self.step(&reader, &read).await?);
            }
            SeriesKind::CreateThenList { list } => {
                series.exchanges.push(self.step(&plan, first).await?);
                self.settle().await;
                let list = self.plan(list)?;
                let recipe = aside(&list, largest(&list, &list.least()?), PathSource::Case);
                series.ending = self.walk(&list, &recipe, &mut series.exchanges).await?;
            }
            SeriesKind::Walk { size } => {
                let whole = Recipe { case: largest(&plan, &first.case), ..first.clone() };
                let before = self.step(&plan, &whole).await?;
                series.exchanges.push(before.clone());
                let mut case = first.case.clone();
                let limit = plan.operation.pagination.as_ref().and_then(|it| it.limit.clone());
                limit.iter().for_each(|limit| set_query(&mut case, limit, Value::from(*size)));
                let recipe = Recipe { case, ..first.clone() };
                series.ending = self.walk(&plan, &recipe, &mut series.exchanges).await?;
                // What was created meanwhile may have made it too long for such small pages.
                let listed = self.judge.json(&before.answer.body)?;
                let larger = larger(&plan, &whole, &listed);
                if series.ending == Ending::TooLong && recipe.case != larger.case {
                    series.exchanges.truncate(1);
                    series.ending = self.walk(&plan, &larger, &mut series.exchanges).await?;
                }
                self.still(&plan, &whole, &before).await?;
            }
            SeriesKind::Transition { reader, state, from, .. } => {
                let reader = self.plan(reader)?;
                let read = aside(&reader, reader.least()?, first.path.clone());
                self.settle().await;
                let before = self.step(&reader, &read).await?;
                let body = self.judge.json(&before.answer.body)?;
                if body.pointer(state).and_then(Value::as_str) != Some(from) {
                    return None;
                }
                series.exchanges.push(before);
                let request = plan.request(&first.case, &first.path.values());
                let recipe = Recipe { intent: Intent::SetUp, ..first.clone() };
                let (asked, _) = self.exchange(Prepared { recipe, request }).await?;
                if matches!(asked.answer.status, 401 | 500..) {
                    return None;
                }
                series.exchanges.push(asked);
                series.exchanges.push(self.step(&reader, &read).await?);
            }
            SeriesKind::Refused { shows, rests } => {
                let shows = self.plan(shows)?;
                let look = self.look_at(&shows, &first.path)?;
                // What something earlier still has in store for it is none of what is refused.
                if rests.is_some() {
                    let early = self.step(&shows, &look).await?;
                    self.settle().await;
                    let now = self.step(&shows, &look).await?;
                    let [early, now] = [&early, &now].map(|it| self.judge.json(&it.answer.body));
                    if changed(early.as_deref()?, now.as_deref()?).is_some() {
                        return None;
                    }
                }
                series.exchanges.push(self.step(&shows, &look).await?);
                let request = first.request(&plan);
                let (asked, _) = self.exchange(Prepared { recipe: first.clone(), request }).await?;
                if !refuses_as_bad(asked.answer.status) {
                    return None;
                }
                series.exchanges.push(asked);
                self.settle().await;
                series.exchanges.push(self.step(&shows, &look).await?);
            }
            SeriesKind::Admitted { beside } => {
                let beside = self.plan(beside)?;
                let known = aside(&beside, beside.least()?, PathSource::Case);
                let before = self.step(&beside, &known).await?;
                let recipe = Recipe { intent: Intent::SetUp, ..first.clone() };
                let request = recipe.request(&plan);
                let (asked, _) = self.exchange(Prepared { recipe, request }).await?;
                if asked.answer.status != 401 {
                    return None;
                }
                series.exchanges.extend([before, asked]);
                series.exchanges.push(self.step(&beside, &known).await?);
            }
            SeriesKind::Missed { reader } => {
                let reader = self.plan(reader)?;
                let read = aside(&reader, reader.least()?, first.path.clone());
                let before = self.step(&reader, &read).await?;
                self.settle().await;
                let request = plan.request(&first.case, &first.path.values());
                let intent = match first.intent {
                    Intent::WithoutCredential => Intent::WithoutCredential,
                    _ => Intent::SetUp,
                };
                let recipe = Recipe { intent, ..first.clone() };
                let (asked, _) = self.exchange(Prepared { recipe, request }).await?;
                means_missing(&plan.operation, &reader.operation, asked.answer.status)?;
                series.exchanges.extend([before, asked]);
                series.exchanges.push(self.step(&reader, &read).await?);
            }
            SeriesKind::Sequence(sequence) => {
                self.play(&plan, first, sequence, &mut series.exchanges).await?;
            }
            SeriesKind::Variation(variation) => {
                for values in [Some(&first.case.value), variation.elsewhere.as_ref()].into_iter().flatten() {
                    if self.is_stopped() || self.client.is_failing() {
                        return None;
                    }
                    let value = variation.of(values)?;
                    let case = Case { variant: variation.variant, value, ..first.case.clone() };
                    let mut request = plan.request(&case, &first.path.values());
                    variation.write(&mut request);
                    let recipe = Recipe { case, intent: Intent::SetUp, ..first.clone() };
                    let (varied, _) = self.exchange(Prepared { recipe, request }).await?;
                    if !variation.is_refused_by(varied.answer.status) {
                        return None;
                    }
                    series.exchanges.push(varied);
                }
                // What was refused has left the resource as it was.
                let case = Case { value: variation.control(&first.case.value), ..first.case.clone() };
                series.exchanges.push(self.step(&plan, &Recipe { case, ..first.clone() }).await?);
            }
            SeriesKind::Filter { parameters } => {
                self.filter(&plan, first, parameters, &mut series.exchanges).await?;
            }
            SeriesKind::FilterThenRead { selection, beside, reader, items } => {
                let wanted = Wanted { selection, beside, reader, items };
                self.filter_then_read(&plan, first, wanted, &mut series.exchanges).await?;
            }
        }
        Some(series)
    }

    /// The request that reads the resource at a path, or lists what there is.
    pub(crate) fn look_at(&self, shows: &Plan, path: &PathSource) -> Option<Recipe> {
        let path = if shows.linked.is_empty() { PathSource::Case } else { path.clone() };
        Some(aside(shows, shows.least()?, path))
    }

    /// Asks for a list again: `None` where it has other items by now, or more of them on further pages, so that what was seen
    /// in between proves nothing. Others change what is there.
    async fn still(&mut self, plan: &Plan, list: &Recipe, before: &Exchange) -> Option<()> {
        let pagination = plan.operation.pagination.as_ref()?;
        let after = self.step(plan, list).await?;
        if before.answer.body == after.answer.body {
            return Some(());
        }
        let judge = &self.judge;
        let of = |exchange: &Exchange| -> (Option<u64>, Vec<String>) {
            let body = judge.json(&exchange.answer.body);
            let body = body.as_ref();
            let total = pagination.total.as_ref().and_then(|at| body?.pointer(at)?.as_u64());
            let items = body.and_then(|it| it.pointer(&pagination.items)?.as_array());
            (total, items.into_iter().flatten().map(told_apart).collect())
        };
        (of(before) == of(&after)).then_some(())
    }

    /// Sends a request again, to a resource of its own that is made in the same way where it changes one.
    async fn retry(&mut self, plan: &Plan, first: &Recipe) -> Option<(Recipe, Exchange, bool)> {
        if self.is_stopped() || self.client.is_failing() {
            return None;
        }
        let path = match &first.path {
            PathSource::Resource(route, _) if !plan.operation.method.is_safe() => {
                let values = self.acquire(&plan.operation.id, route).await?;
                PathSource::Resource(route.clone(), values)
            }
            path => path.clone(),
        };
        let recipe = Recipe { path, intent: Intent::SetUp, ..first.clone() };
        let request = plan.request(&recipe.case, &recipe.path.values());
        let prepared = Prepared { recipe: recipe.clone(), request };
        let (sent, success) = self.exchange(prepared).await?;
        Some((recipe, sent, success))
    }

    /// Sends a request to a few resources that are made in the same way, until one is accepted.
    async fn accepted(&mut self, plan: &Plan, first: &Recipe) -> Option<Exchange> {
        for _ in 0..FEW_RETRIES {
            let (_, sent, success) = self.retry(plan, first).await?;
            if success {
                return Some(sent);
            }
        }
        None
    }

    /// How often a request is sent to see whether it is refused.
    fn retries(&self) -> usize {
        if self.client.target().unmetered { RETRIES } else { FEW_RETRIES }
    }

    /// Gives an endpoint time to tell itself of a write, before what was found is confirmed: what is there a moment later is
    /// not lost. What was so once after such a time is no matter of time. The embedded sandbox is at one with itself.
    pub(super) async fn settle(&self) {
        if self.examining && self.unsettled && self.client.target().kind != TargetKind::Embedded {
            let unmetered = self.client.target().unmetered;
            tokio::time::sleep(if unmetered { LITTLE_SETTLING } else { SETTLING }).await;
        }
    }

    /// Waits until a change that is made now has another time than what was read, as precisely as that is told. The clock
    /// of the embedded sandbox moves with each request.
    async fn wait_for_the_clock(&self, read: &Exchange) {
        let body = self.judge.json(&read.answer.body).unwrap_or_default();
        let mut changes = times(&body).into_iter().filter(|time| time.role == Role::Change).peekable();
        if self.client.target().kind != TargetKind::Embedded && changes.peek().is_some() {
            let is_precise = changes.all(|time| time.is_precise);
            tokio::time::sleep(if is_precise { BRIEF } else { SECOND }).await;
        }
    }

    /// Sends a request of a series.
    pub(crate) async fn step(&mut self, plan: &Plan, recipe: &Recipe) -> Option<Exchange> {
        let request = plan.request(&recipe.case, &recipe.path.values());
        self.send_step(recipe, request).await
    }

    pub(super) async fn send_step(&mut self, recipe: &Recipe, request: Request) -> Option<Exchange> {
        if self.is_stopped() || self.client.is_failing() {
            return None;
        }
        let recipe = Recipe { intent: Intent::SetUp, ..recipe.clone() };
        let (exchange, success) = self.exchange(Prepared { recipe, request }).await?;
        (success && (200..300).contains(&exchange.answer.status)).then_some(exchange)
    }

    /// The path with which an operation reads what was just written.
    pub(super) fn path_to(
        &self,
        reader: &str,
        writer: &Plan,
        recipe: &Recipe,
        written: &Exchange,
    ) -> Option<PathSource> {
        let plan = self.plan(reader)?;
        let wanted = path_parameters(&plan.operation);
        let mut path = recipe.path.values();
        let mut steps = match &recipe.path {
            PathSource::Resource(Route::Created { steps, .. }, _) => steps.clone(),
            _ => Vec::new(),
        };
        let mut step = Step { operation_id: writer.operation.id.clone(), feed: None, wait: None };
        if !wanted.iter().all(|name| path.contains_key(name)) {
            let body = self.judge.json(&written.answer.body)?;
            let seen = Seen { case: &recipe.case, path: &path, answer: &written.answer, body: &body };
            let feeds = self.feeds.get(reader)?.iter();
            let (feed, values) = feeds
                .filter(|feed| feed.producer == writer.operation.id && feed.list().is_none())
                .find_map(|feed| Some((feed.clone(), feed.values(seen, 0)?)))?;
            step.feed = Some(feed);
            path.extend(values);
        }
        steps.push(step);
        let route = Route::Created { steps, body: 0 };
        wanted.iter().all(|name| path.contains_key(name)).then_some(PathSource::Resource(route, path))
    }

    /// The path with which an operation reads an item of a list: the one of the index that is picked among all.
    pub(super) fn path_to_item(
        &self,
        reader: &str,
        list: &Plan,
        recipe: &Recipe,
        listed: &Exchange,
        pick: impl FnOnce(&[Value]) -> Option<usize>,
    ) -> Option<PathSource> {
        let body = self.judge.json(&listed.answer.body)?;
        let path = recipe.path.values();
        let seen = Seen { case: &recipe.case, path: &path, answer: &listed.answer, body: &body };
        let mut feeds = self.feeds.get(reader)?.iter();
        let feed = feeds.find(|feed| feed.producer == list.operation.id && feed.list().is_some())?;
        let items = body.pointer(&feed.list()?).and_then(Value::as_array)?;
        let values = feed.values(seen, pick(items)?)?;
        Some(PathSource::Resource(Route::Listed { feed: feed.clone(), group: String::new() }, values))
    }
}

/// What an item is known by.
fn told_apart(item: &Value) -> String {
    identifiers(item).first().and_then(|name| item.get(*name)).unwrap_or(item).to_string()
}

/// Whether a status says that the request itself is bad.
pub(crate) fn refuses_as_bad(status: u16) -> bool {
    matches!(status, 400 | 422)
}

/// The recipe of a request that another one decides.
pub(super) fn aside(plan: &Plan, case: Case, path: PathSource) -> Recipe {
    Recipe { operation_id: plan.operation.id.clone(), case, path, intent: Intent::SetUp }
}

/// The case with the largest page that the contract allows; as it is where that is not known.
pub(super) fn largest(plan: &Plan, case: &Case) -> Case {
    let mut largest = case.clone();
    if let Some((limit, most)) = page_sizes(plan) {
        set_query(&mut largest, &limit, Value::from(most));
    }
    let is_allowed = plan.allowed(&largest).is_none_or(|allowed| allowed(&largest.value));
    if is_allowed { largest } else { case.clone() }
}

/// The request for pages that a long list is walked through in: half as large as the largest, so that there is an end of
/// one inside of that, or the largest where the list is too long for them as well.
fn larger(plan: &Plan, whole: &Recipe, listed: &Value) -> Recipe {
    let (Some((limit, most)), Some(pagination)) = (page_sizes(plan), plan.operation.pagination.as_ref())
    else {
        return whole.clone();
    };
    let total = pagination.total.as_ref().and_then(|at| listed.pointer(at)?.as_u64()).unwrap_or_default();
    let half = most.div_ceil(2);
    let mut case = whole.case.clone();
    set_query(&mut case, &limit, Value::from(half));
    let is_allowed = plan.allowed(&case).is_none_or(|allowed| allowed(&case.value));
    if is_allowed && total.div_ceil(half.max(1)) < PAGES as u64 {
        Recipe { case, ..whole.clone() }
    } else {
        whole.clone()
    }
}

/// The parameter for the size of a page, and the greatest size; a hundred where the contract says none.
pub(crate) fn page_sizes(plan: &Plan) -> Option<(String, u64)> {
    let limit = plan.operation.pagination.as_ref()?.limit.clone()?;
    let most = plan.greatest(&limit).unwrap_or(100);
    Some((limit, most))
}

pub(super) fn remove_query(case: &mut Case, name: &str) {
    if let Some(query) = case.value.get_mut("query").and_then(Value::as_object_mut) {
        query.shift_remove(name);
    }
}
