//! Series: several requests that say something together, each deciding what the next one is.
//!
//! A series is sent whole or not at all: where a request in it does not succeed, it proves nothing. What it means is
//! for checks to say.

use std::collections::HashSet;
use std::time::Duration;

use driftline_specs::{Pagination, PaginationStyle, TargetKind};
use serde_json::Value;
use url::Url;

use super::{
    Case, Engine, How, PathSource, Plan, Prepared, Recipe, Route, Seen, SeriesRecipe, Step, path_parameters,
    set_query,
};
use crate::exchange::{Ending, Exchange, Intent, Series, SeriesKind, most_telling};
use crate::request::Request;
use crate::times::{Role, times};

/// How long an endpoint may take to show everywhere what was written.
const SETTLING: Duration = Duration::from_secs(2);

/// A little longer than a second, and than a millisecond: by so much clocks move that tell no less.
const SECOND: Duration = Duration::from_millis(1100);
const BRIEF: Duration = Duration::from_millis(5);

/// How many pages of a list are looked at.
const PAGES: usize = 24;

impl Engine {
    /// Sends a series, and notes what checks find in it.
    pub(crate) async fn observe(&mut self, recipe: SeriesRecipe) -> Option<Series> {
        let series = self.perform(&recipe).await?;
        self.note(recipe, &series);
        Some(series)
    }

    /// Notes what checks find in a series.
    pub(crate) fn note(&mut self, recipe: SeriesRecipe, series: &Series) {
        let Some(plan) = self.plan(recipe.subject()).filter(|_| self.own.contains(recipe.subject())) else {
            return;
        };
        let found = self.judge.judge_series(&plan.operation, series);
        self.sight(found, &How::Series(recipe), &series.exchanges);
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
                series.exchanges.push(self.step(&plan, first).await?);
                series.exchanges.push(self.step(&plan, first).await?);
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
            SeriesKind::ListThenRead { reader } => {
                let listed = self.step(&plan, first).await?;
                let path = self.path_to_item(reader, &plan, first, &listed)?;
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
                series.exchanges.push(self.step(&plan, &whole).await?);
                let mut case = first.case.clone();
                let limit = plan.operation.pagination.as_ref().and_then(|it| it.limit.clone());
                limit.iter().for_each(|limit| set_query(&mut case, limit, Value::from(*size)));
                let recipe = Recipe { case, ..first.clone() };
                series.ending = self.walk(&plan, &recipe, &mut series.exchanges).await?;
            }
            SeriesKind::Transition { reader, state, from, .. } => {
                let reader = self.plan(reader)?;
                let read = aside(&reader, reader.least()?, first.path.clone());
                let before = self.step(&reader, &read).await?;
                let body: Value = serde_json::from_slice(&before.answer.body).ok()?;
                if body.pointer(state).and_then(Value::as_str) != Some(from) {
                    return None;
                }
                series.exchanges.push(before);
                let request = plan.request(&first.case, &first.path.values());
                let recipe = Recipe { intent: Intent::SetUp, ..first.clone() };
                let (asked, _) = self.exchange(Prepared { recipe, request }).await?;
                if matches!(asked.answer.status, 401 | 403 | 404 | 500..) {
                    return None;
                }
                series.exchanges.push(asked);
                series.exchanges.push(self.step(&reader, &read).await?);
            }
            SeriesKind::Variation(variation) => {
                for values in [Some(&first.case.value), variation.elsewhere.as_ref()].into_iter().flatten() {
                    if self.is_stopped() || self.client.is_failing() {
                        return None;
                    }
                    let value = variation.of(values)?;
                    let case = Case { variant: variation.variant, value, ..first.case.clone() };
                    let request = plan.request(&case, &first.path.values());
                    let recipe = Recipe { case, intent: Intent::SetUp, ..first.clone() };
                    let (varied, _) = self.exchange(Prepared { recipe, request }).await?;
                    if !variation.is_refused_by(varied.answer.status) {
                        return None;
                    }
                    series.exchanges.push(varied);
                }
                // What was refused has left the resource as it was.
                series.exchanges.push(self.step(&plan, first).await?);
            }
            SeriesKind::Filter { parameters } => {
                let mut case = first.case.clone();
                parameters.iter().for_each(|(parameter, _)| remove_query(&mut case, parameter));
                let whole = Recipe { case: largest(&plan, &case), ..first.clone() };
                series.exchanges.push(self.step(&plan, &whole).await?);
                let filtered = Recipe { case: largest(&plan, &first.case), ..first.clone() };
                series.exchanges.push(self.step(&plan, &filtered).await?);
            }
        }
        Some(series)
    }

    /// Gives an endpoint time to tell itself of a write, before what was found is confirmed: what is there a moment later is
    /// not lost. The embedded sandbox is at one with itself.
    async fn settle(&self) {
        if self.examining && self.client.target().kind != TargetKind::Embedded {
            tokio::time::sleep(SETTLING).await;
        }
    }

    /// Waits until a change that is made now has another time than what was read, as precisely as that is told. The clock
    /// of the embedded sandbox moves with each request.
    async fn wait_for_the_clock(&self, read: &Exchange) {
        let body: Value = serde_json::from_slice(&read.answer.body).unwrap_or_default();
        let mut changes = times(&body).into_iter().filter(|time| time.role == Role::Change).peekable();
        if self.client.target().kind != TargetKind::Embedded && changes.peek().is_some() {
            let is_precise = changes.all(|time| time.is_precise);
            tokio::time::sleep(if is_precise { BRIEF } else { SECOND }).await;
        }
    }

    /// Sends a request of a series.
    async fn step(&mut self, plan: &Plan, recipe: &Recipe) -> Option<Exchange> {
        let request = plan.request(&recipe.case, &recipe.path.values());
        self.send_step(recipe, request).await
    }

    async fn send_step(&mut self, recipe: &Recipe, request: Request) -> Option<Exchange> {
        if self.is_stopped() || self.client.is_failing() {
            return None;
        }
        let recipe = Recipe { intent: Intent::SetUp, ..recipe.clone() };
        let (exchange, success) = self.exchange(Prepared { recipe, request }).await?;
        (success && (200..300).contains(&exchange.answer.status)).then_some(exchange)
    }

    /// The path with which an operation reads what was just written.
    fn path_to(
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
        let mut step = Step { operation_id: writer.operation.id.clone(), feed: None };
        if !wanted.iter().all(|name| path.contains_key(name)) {
            let body = serde_json::from_slice(&written.answer.body).ok()?;
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

    /// The path with which an operation reads the most telling item of a list.
    fn path_to_item(
        &self,
        reader: &str,
        list: &Plan,
        recipe: &Recipe,
        listed: &Exchange,
    ) -> Option<PathSource> {
        let body: Value = serde_json::from_slice(&listed.answer.body).ok()?;
        let path = recipe.path.values();
        let seen = Seen { case: &recipe.case, path: &path, answer: &listed.answer, body: &body };
        let mut feeds = self.feeds.get(reader)?.iter();
        let feed = feeds.find(|feed| feed.producer == list.operation.id && feed.list().is_some())?;
        let items = body.pointer(&feed.list()?).and_then(Value::as_array)?;
        let values = feed.values(seen, most_telling(items))?;
        Some(PathSource::Resource(Route::Listed { feed: feed.clone(), group: String::new() }, values))
    }

    /// Goes through a list page by page, as its `x-pagination` says.
    async fn walk(&mut self, plan: &Plan, recipe: &Recipe, into: &mut Vec<Exchange>) -> Option<Ending> {
        let pagination = plan.operation.pagination.clone()?;
        let mut request = plan.request(&recipe.case, &recipe.path.values());
        let mut seen = HashSet::from([request.target()]);
        let mut bodies = HashSet::new();
        let mut items = 0;
        for page in 1..=PAGES {
            let exchange = self.send_step(recipe, request).await?;
            let body: Value = serde_json::from_slice(&exchange.answer.body).ok()?;
            let found = body.pointer(&pagination.items).and_then(Value::as_array)?.clone();
            let next = self.next(
                plan,
                recipe,
                &pagination,
                &exchange,
                &body,
                Walked { page, items, found: found.len() },
            );
            into.push(exchange);
            items += found.len();
            // A page that comes again leads round in a circle, whatever its address is.
            if !found.is_empty() && !bodies.insert(Value::Array(found).to_string()) {
                return Some(Ending::Repeated);
            }
            match next {
                None => return Some(Ending::Done),
                Some(Next::Elsewhere) => return Some(Ending::Elsewhere),
                Some(Next::Beyond) => return Some(Ending::TooLong),
                Some(Next::Page(next)) if !seen.insert(next.target()) => return Some(Ending::Repeated),
                Some(Next::Page(next)) => request = *next,
            }
        }
        Some(Ending::TooLong)
    }

    /// The next page; `None` after the last.
    fn next(
        &self,
        plan: &Plan,
        recipe: &Recipe,
        pagination: &Pagination,
        exchange: &Exchange,
        body: &Value,
        walked: Walked,
    ) -> Option<Next> {
        let mut case = recipe.case.clone();
        let asked =
            pagination.limit.as_ref().and_then(|limit| query_value(&case, limit)).and_then(Value::as_u64);
        let total = pagination.total.as_ref().and_then(|at| body.pointer(at)?.as_u64());
        let promised = total.is_some_and(|total| ((walked.items + walked.found) as u64) < total);
        // A server may give less than it was asked for: while the total promises more, a short page is not the last.
        let is_short =
            walked.found == 0 || !promised && asked.is_some_and(|asked| (walked.found as u64) < asked);
        match pagination.style {
            PaginationStyle::Offset => {
                let offset = pagination.offset.as_ref().filter(|_| !is_short)?;
                let after = (walked.items + walked.found) as u64;
                if plan.greatest(offset).is_some_and(|most| after > most) {
                    return Some(Next::Beyond);
                }
                set_query(&mut case, offset, Value::from(after));
            }
            PaginationStyle::Page => {
                let page = pagination.page.as_ref().filter(|_| !is_short)?;
                let after = pagination.first + walked.page as u64;
                if plan.greatest(page).is_some_and(|most| after > most) {
                    return Some(Next::Beyond);
                }
                set_query(&mut case, page, Value::from(after));
            }
            PaginationStyle::Cursor => {
                let next =
                    body.pointer(pagination.next.as_ref()?)?.as_str().filter(|next| !next.is_empty())?;
                let cursor = pagination.cursor.as_ref()?;
                let value = Url::parse(next).ok().and_then(|url| {
                    url.query_pairs().find(|(name, _)| name == cursor).map(|(_, value)| value.into_owned())
                });
                set_query(&mut case, cursor, Value::from(value.unwrap_or_else(|| next.to_owned())));
            }
            PaginationStyle::Url => {
                let next =
                    body.pointer(pagination.next.as_ref()?)?.as_str().filter(|next| !next.is_empty())?;
                return Some(self.at(plan, recipe, next).map_or(Next::Elsewhere, Next::page));
            }
            PaginationStyle::Link => {
                let link = exchange.answer.headers.iter().filter(|(name, _)| name == "link");
                let next = link.flat_map(|(_, value)| value.split(',')).find_map(|link| {
                    let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
                    let is_next =
                        parameters.split(';').any(|it| matches!(it.trim(), "rel=next" | "rel=\"next\""));
                    is_next.then(|| target.to_owned())
                })?;
                return Some(self.at(plan, recipe, &next).map_or(Next::Elsewhere, Next::page));
            }
            _ => return None,
        }
        Some(Next::page(plan.request(&case, &recipe.path.values())))
    }

    /// A request to a URL that an answer gave, where it stays below the target.
    fn at(&self, plan: &Plan, recipe: &Recipe, url: &str) -> Option<Request> {
        let base = &self.client.target().base_url;
        let url = base.join(url).ok().filter(|url| origin(url) == origin(base))?;
        let path = url.path().strip_prefix(base.path().trim_end_matches('/'))?.to_owned();
        let query = url.query().unwrap_or_default().to_owned();
        Some(Request { path, query, ..plan.request(&recipe.case, &recipe.path.values()) })
    }
}

/// What comes after a page.
enum Next {
    /// Another one.
    Page(Box<Request>),
    /// One that would leave the target.
    Elsewhere,
    /// One that the contract does not allow to ask for.
    Beyond,
}

impl Next {
    fn page(request: Request) -> Next {
        Next::Page(Box::new(request))
    }
}

/// How far a walk is.
#[derive(Debug, Clone, Copy)]
struct Walked {
    /// The number of the page, from 1.
    page: usize,
    /// How many items came before it.
    items: usize,
    /// How many it has.
    found: usize,
}

/// Scheme, host and port.
fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The recipe of a request that another one decides.
fn aside(plan: &Plan, case: Case, path: PathSource) -> Recipe {
    Recipe { operation_id: plan.operation.id.clone(), case, path, intent: Intent::SetUp }
}

/// The case with the largest page that the contract allows; as it is where that is not known.
fn largest(plan: &Plan, case: &Case) -> Case {
    let mut largest = case.clone();
    if let Some((limit, most)) = page_sizes(plan) {
        set_query(&mut largest, &limit, Value::from(most));
    }
    let is_allowed = plan.allowed(&largest).is_none_or(|allowed| allowed(&largest.value));
    if is_allowed { largest } else { case.clone() }
}

/// The parameter for the size of a page, and the greatest size; a hundred where the contract says none.
pub(crate) fn page_sizes(plan: &Plan) -> Option<(String, u64)> {
    let limit = plan.operation.pagination.as_ref()?.limit.clone()?;
    let most = plan.greatest(&limit).unwrap_or(100);
    Some((limit, most))
}

/// The value of a query parameter of a case.
fn query_value<'c>(case: &'c Case, name: &str) -> Option<&'c Value> {
    case.value.get("query")?.get(name)
}

fn remove_query(case: &mut Case, name: &str) {
    if let Some(query) = case.value.get_mut("query").and_then(Value::as_object_mut) {
        query.shift_remove(name);
    }
}
