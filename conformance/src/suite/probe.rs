//! The probe suite: each operation gets the requests that the contract allows it.
//!
//! Operations that create come first, so that the others have something to work on. Within an operation the
//! most telling requests come first, so that a small budget already finds much; batches are prepared one
//! request after another and sent concurrently.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use driftline_specs::Method;

use super::{credentials, known_good, methods, missed, near_misses, refusals, series, variations};
use crate::engine::{Case, Engine, Outcome, PathSource, Plan, Prepared, Recipe, Resources, Routes};
use crate::exchange::Intent;
use crate::report::Probed;
use crate::target::{Stop, allows_writes};

/// How often an operation on resources is asked at least, when its cases are few.
const RESOURCE_REQUESTS: usize = 24;

/// How often an operation without resources is asked at least, when its cases are few.
const PLAIN_REQUESTS: usize = 6;

/// How many requests go to an operation that never succeeds.
const HOPELESS_REQUESTS: usize = 48;

/// How many requests name a resource that does not exist, and how many further ones where they cost nobody anything:
/// norms of what such answers hold are of no fewer.
const STRAYS: Range<u64> = 0..2;
const MORE_STRAYS: Range<u64> = 2..12;

/// How many resources a reading operation uses on each route.
const READERS: usize = 3;

/// How often a resource is replaced or patched before a fresh one is made.
const WRITES: u32 = 6;

/// How many requests go to an operation that had its turn before the run was stopped and resumed.
const RESUMED_REQUESTS: usize = 6;

/// How many refusals of our credential an operation hears before it is left alone.
const REFUSALS: u64 = 8;

/// How many operations that do nothing but refuse our credential end a run.
const REFUSED_OPERATIONS: u64 = 2;

/// The share of a run's request budget that is kept for examining findings.
const EXAMINATION: f64 = 0.15;

/// The share that is kept for near misses: what is allowed goes before what is not.
const NEAR_MISSES: f64 = 0.15;

/// The share that is kept for variations of what was accepted.
const VARIATIONS: f64 = 0.1;

/// An operation, and a request of it that succeeded.
pub(crate) type Succeeded = (Arc<Plan>, Recipe);

/// Probes operations one after another, first with what the contract allows, then with what else it allows beside what
/// was accepted, then with what it does not allow. Returns what a second pass begins with.
///
/// `limit` is the most valid requests to one operation; near misses come on top, as many as [`near_misses::most`] says.
pub(crate) async fn probe(engine: &mut Engine, order: &[String], limit: usize) -> Vec<Succeeded> {
    let mut failing = 0;
    let mut succeeded = Vec::new();
    for (index, id) in order.iter().enumerate() {
        let Some(plan) = engine.plan(id) else { continue };
        let resumed = engine.resumed.get(id).copied();
        if resumed == Some(Probed::Whole) {
            continue;
        }
        if !plan.operation.method.is_safe() && !allows_writes(engine.client.target().kind) {
            let reason = "a production target gets only safe methods".to_owned();
            engine.book.tally(id).skipped = Some(reason);
            continue;
        }
        if engine.is_stopped() {
            break;
        }
        let allotment = allotment(engine, EXAMINATION + NEAR_MISSES + VARIATIONS, order.len() - index);
        let mut limit = limit.min(usize::try_from(allotment).unwrap_or(usize::MAX));
        if resumed.is_some() {
            // Only what near misses start from is still wanted.
            limit = limit.min(RESUMED_REQUESTS);
        }
        engine.progress.operation_started(id, limit);
        let last = engine.client.sent().saturating_add(allotment);
        engine.client.forgive();
        let mut turn = Turn {
            engine,
            plan: Arc::clone(&plan),
            limit,
            last,
            sent: 0,
            routes: Routes::default(),
            good: None,
            longest: 0,
        };
        match resumed {
            None => turn.take().await,
            Some(_) => turn.ask().await,
        }
        let good = turn.good;
        if !engine.is_stopped() && !engine.client.is_failing() {
            let probed = if good.is_some() { Probed::Allowed } else { Probed::Whole };
            engine.book.probed.insert(id.clone(), probed);
        }
        succeeded.extend(good.map(|good| (plan, good)));
        failing = if engine.client.is_failing() { failing + 1 } else { 0 };
        if engine.book.stop.is_none() {
            engine.book.stop = hopeless(engine, id, failing);
        }
    }
    for (index, (plan, good)) in succeeded.iter().enumerate() {
        if engine.is_stopped() {
            break;
        }
        let last = turn(engine, EXAMINATION + NEAR_MISSES, succeeded.len() - index);
        variations::variations(engine, plan, good, variations::first(limit), last).await;
        refusals::refusals(engine, plan, good, last).await;
        known_good::known_good(engine, plan, good, known_good::first(limit), last).await;
    }
    missed::missed(engine, order).await;
    let last = turn(engine, EXAMINATION + NEAR_MISSES, 1);
    methods::undocumented(engine, order, &succeeded, last).await;
    for (index, (plan, good)) in succeeded.iter().enumerate() {
        if engine.is_stopped() {
            break;
        }
        let last = turn(engine, EXAMINATION, succeeded.len() - index);
        near_misses::near_misses(engine, plan, good, limit, last).await;
        // A second pass has more of it.
        if !engine.client.target().unmetered && !engine.is_stopped() && !engine.client.is_failing() {
            engine.book.probed.insert(plan.operation.id.clone(), Probed::Whole);
        }
    }
    succeeded
}

/// Sends more of what does not exist, and of what strangers ask, where that costs nobody anything.
pub(crate) async fn more_refused(engine: &mut Engine, succeeded: &[Succeeded]) {
    for (index, (plan, good)) in succeeded.iter().enumerate() {
        if engine.is_stopped() {
            return;
        }
        let last = turn(engine, EXAMINATION, succeeded.len() - index);
        strays(engine, plan, MORE_STRAYS, last).await;
        credentials::again(engine, plan, good).await;
    }
}

/// Sends what was left out, where that costs nobody anything: of variations, which are telling by themselves, then of
/// known-good bodies, which norms are of.
pub(crate) async fn left_out(engine: &mut Engine, succeeded: &[Succeeded], limit: usize) {
    for (index, (plan, good)) in succeeded.iter().enumerate() {
        if engine.is_stopped() {
            return;
        }
        let last = turn(engine, EXAMINATION, succeeded.len() - index);
        variations::variations(engine, plan, good, variations::every(limit), last).await;
    }
    for (index, (plan, good)) in succeeded.iter().enumerate() {
        if engine.is_stopped() {
            return;
        }
        let last = turn(engine, EXAMINATION, succeeded.len() - index);
        known_good::known_good(engine, plan, good, known_good::others(limit), last).await;
    }
}

/// Sends requests whose resource does not exist, while the count of all requests is below `last`: the contract documents
/// what happens then.
async fn strays(engine: &mut Engine, plan: &Arc<Plan>, which: Range<u64>, last: u64) {
    let Some(case) = plan.least() else { return };
    for index in which {
        if engine.is_stopped() || engine.client.is_failing() || engine.client.sent() >= last {
            return;
        }
        let values = plan.stray(index);
        if plan.linked.is_empty() || values.len() < plan.linked.len() {
            return;
        }
        let prepared = prepared(plan, &case, PathSource::Stray(values), Intent::Valid);
        engine.send(prepared).await;
    }
}

/// Makes a request of a case.
fn prepared(plan: &Plan, case: &Case, path: PathSource, intent: Intent) -> Prepared {
    let request = plan.request(case, &path.values());
    let recipe = Recipe { operation_id: plan.operation.id.clone(), case: case.clone(), path, intent };
    Prepared { recipe, request }
}

/// Looks as often as there are occasions now for what several requests show together, which may show seldom.
pub(crate) async fn deepen(engine: &mut Engine, succeeded: &[Succeeded], limit: usize) {
    for (index, (plan, good)) in succeeded.iter().enumerate() {
        if engine.is_stopped() {
            return;
        }
        engine.progress.operation_started(&plan.operation.id, limit);
        let last = turn(engine, EXAMINATION, succeeded.len() - index);
        series::series(engine, plan, good, last).await;
        refusals::refusals(engine, plan, good, last).await;
        if !engine.is_stopped() && !engine.client.is_failing() {
            engine.book.probed.insert(plan.operation.id.clone(), Probed::Whole);
        }
    }
}

/// Begins the turn of one of so many operations, when a share of the budget is kept; returns the count of all requests at
/// which it is over.
fn turn(engine: &mut Engine, kept: f64, ahead: usize) -> u64 {
    engine.client.forgive();
    engine.client.sent().saturating_add(allotment(engine, kept, ahead))
}

/// Returns how many requests one of so many operations may send, when a share of the budget is kept.
fn allotment(engine: &Engine, kept: f64, ahead: usize) -> u64 {
    engine.client.remaining().map_or(u64::MAX, |remaining| {
        let share = (remaining as f64 * (1.0 - kept)) as u64 / ahead.max(1) as u64;
        share.max(1)
    })
}

/// Returns why it is pointless to go on after an operation's turn.
fn hopeless(engine: &mut Engine, id: &str, failing: u32) -> Option<Stop> {
    let (judged, refused) = engine.book.judged_and_refused();
    if judged == 0 && refused >= REFUSALS * REFUSED_OPERATIONS {
        return Some(Stop::Hopeless("the endpoint does not accept our credential".to_owned()));
    }
    // One operation that fails may be the operation; two in a row, or the first, are the endpoint.
    if failing == 0 || (failing == 1 && judged > 0) {
        return None;
    }
    let worst = engine.book.tally(id).outages.values().max_by_key(|(_, count)| *count);
    worst.map(|(reason, _)| Stop::Hopeless(reason.clone()))
}

/// One operation's turn.
struct Turn<'e> {
    engine: &'e mut Engine,
    plan: Arc<Plan>,
    /// The most generated requests.
    limit: usize,
    /// The count of all requests at which the turn is over.
    last: u64,
    sent: usize,
    routes: Routes,
    /// A request that succeeded.
    good: Option<Recipe>,
    /// How long its answer is.
    longest: usize,
}

impl Turn<'_> {
    /// Sends what the contract allows, then what says something together, then requests without our credential.
    async fn take(&mut self) {
        self.ask().await;
        let plan = Arc::clone(&self.plan);
        let id = plan.operation.id.clone();
        let answers = self.engine.book.tally(&id).judged > 0 || self.routes.best().is_none();
        if !plan.linked.is_empty() && !self.engine.client.is_failing() {
            if answers {
                strays(self.engine, &plan, STRAYS, self.last).await;
            }
            if !self.routes.has_success() {
                let reason = self.without_resource();
                self.engine.book.tally(&id).without_resource = Some(reason);
            }
        }
        if let Some(good) = self.good.clone().filter(|_| !self.engine.client.is_failing()) {
            series::series(self.engine, &plan, &good, self.last).await;
        }
        credentials::refused(self.engine, &plan, self.good.clone(), self.routes.created().cloned()).await;
    }

    /// Sends what the contract allows.
    async fn ask(&mut self) {
        let plan = Arc::clone(&self.plan);
        let id = plan.operation.id.clone();
        let on_resources = !plan.linked.is_empty();
        if on_resources {
            self.routes = self.engine.routes(&id).await;
        }
        let mut cases = plan.cases(self.limit.div_ceil(2));
        let least = if on_resources { RESOURCE_REQUESTS } else { PLAIN_REQUESTS };
        let mut known: VecDeque<Case> = VecDeque::new();
        let mut fresh = true;
        while !self.is_over() {
            let mut batch = Vec::new();
            let size = self.batch_size();
            while batch.len() < size && self.sent + batch.len() < self.limit {
                let case = match cases.next().filter(|_| fresh) {
                    Some(case) => {
                        if known.len() < RESOURCE_REQUESTS {
                            known.push_back(case.clone());
                        }
                        case
                    }
                    None => {
                        fresh = false;
                        if self.sent + batch.len() >= least {
                            break;
                        }
                        // Few cases are sent again: to other resources, or to see whether the answer holds.
                        let Some(case) = known.pop_front() else { break };
                        known.push_back(case.clone());
                        case
                    }
                };
                match self.prepare(&case).await {
                    Some(prepared) => batch.push(prepared),
                    None => break,
                }
            }
            if batch.is_empty() && !self.take_detours() {
                break;
            }
            self.send(batch).await;
            if !fresh && self.sent >= least {
                break;
            }
        }
        self.engine.book.tally(&id).dropped += cases.dropped;
    }

    /// Says why the operation had no resource to succeed with.
    fn without_resource(&self) -> String {
        let id = &self.plan.operation.id;
        let listed =
            self.engine.feeds.get(id).is_some_and(|feeds| feeds.iter().any(|it| it.list().is_some()));
        match self.routes.best() {
            Some(route) => format!("it was asked {} and in other ways", route.words()),
            None if listed && self.engine.resources == Resources::Own => {
                "nothing creates what it works on, and what is listed may not be changed \
                 (`--resources any` allows that)"
                    .to_owned()
            }
            None => "no other operation gave what it works on".to_owned(),
        }
    }

    fn is_over(&self) -> bool {
        let hopeless = !self.plan.linked.is_empty() && self.good.is_none() && self.sent >= HOPELESS_REQUESTS;
        let tally = self.engine.book.tallies.get(&self.plan.operation.id);
        let refused = tally.is_some_and(|it| it.judged == 0 && it.refused >= REFUSALS);
        self.engine.is_stopped()
            || self.engine.client.is_failing()
            || refused
            || self.sent >= self.limit
            || self.engine.client.sent() >= self.last
            || hopeless
    }

    /// Returns the size of the next batch: small while it is unknown what works.
    fn batch_size(&self) -> usize {
        let width = self.engine.client.target().concurrency.max(1) * 4;
        match self.routes.scouting() {
            0 => width.max(8),
            scouts => scouts.min(width),
        }
    }

    /// Prepares the request of a case, with a resource where it takes one.
    async fn prepare(&mut self, case: &Case) -> Option<(Option<usize>, Prepared)> {
        if self.plan.linked.is_empty() {
            let prepared = prepared(&self.plan, case, PathSource::Case, Intent::Valid);
            return Some((None, prepared));
        }
        while !self.engine.is_stopped() && self.engine.client.sent() < self.last {
            let index = self.routes.pick()?;
            let Some(path) = self.resource(index).await else { continue };
            let prepared = prepared(&self.plan, case, path, Intent::Valid);
            if let Some(candidate) = self.routes.get_mut(index) {
                candidate.tried();
            }
            return Some((Some(index), prepared));
        }
        None
    }

    /// Returns a resource of a route, fresh where the operation may use it up.
    async fn resource(&mut self, index: usize) -> Option<PathSource> {
        let method = self.plan.operation.method;
        let candidate = self.routes.get_mut(index)?;
        let (uses, stock) = match method {
            _ if method.is_safe() => (u32::MAX, READERS),
            Method::Put | Method::Patch => (WRITES, 1),
            _ => (1, 1),
        };
        candidate.at_hand.retain(|(_, used)| *used < uses);
        let route = candidate.route.clone();
        if candidate.at_hand.len() < stock {
            let values = match &route {
                crate::engine::Route::Listed { .. } => candidate.store.pop(),
                crate::engine::Route::Created { .. } => {
                    self.engine.acquire(&self.plan.operation.id, &route).await
                }
            };
            let candidate = self.routes.get_mut(index)?;
            match values {
                Some(values) => candidate.at_hand.push((values, 0)),
                None if candidate.at_hand.is_empty() => candidate.run_dry(),
                None => {}
            }
        }
        let candidate = self.routes.get_mut(index)?;
        let (values, used) = candidate.at_hand.iter_mut().min_by_key(|(_, used)| *used)?;
        *used += 1;
        Some(PathSource::Resource(route, values.clone()))
    }

    async fn send(&mut self, batch: Vec<(Option<usize>, Prepared)>) {
        let (indices, prepared): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
        // The first request that succeeds is kept; of those that read, the one with the longest answer.
        let reads = self.plan.operation.method.is_safe();
        let wanted = if reads || self.good.is_none() { prepared.len() } else { 0 };
        let recipes: Vec<Recipe> = prepared.iter().take(wanted).map(|it| it.recipe.clone()).collect();
        self.sent += prepared.len();
        let outcomes = self.engine.send_all(prepared).await;
        for (recipe, outcome) in recipes.into_iter().zip(&outcomes) {
            let Outcome::Success(answer) = outcome else { continue };
            if self.good.is_none() || reads && answer.body.len() > self.longest {
                self.good = Some(recipe);
                self.longest = answer.body.len();
            }
        }
        for (index, outcome) in indices.into_iter().zip(outcomes) {
            if let Some(candidate) = index.and_then(|index| self.routes.get_mut(index))
                && outcome.is_success()
            {
                candidate.succeeded();
            }
        }
        if self.routes.scouting() == 0 && !self.plan.linked.is_empty() && !self.routes.has_success() {
            self.take_detours();
        }
    }

    /// Adds the routes that go by another operation; returns whether there is anything new to try.
    fn take_detours(&mut self) -> bool {
        if self.plan.linked.is_empty() || self.routes.has_success() {
            return false;
        }
        for route in self.engine.detours(&self.plan.operation.id) {
            self.routes.add(route, Vec::new());
        }
        self.routes.scouting() > 0
    }
}
