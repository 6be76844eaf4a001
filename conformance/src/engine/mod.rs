//! The engine that suites drive: it sends, judges and records, and it comes by resources.
//!
//! All state is kept by one task, which awaits the endpoint; only the sending of a batch is concurrent, and
//! its answers are taken in the order of the requests. So what a run does next never depends on which answer
//! happened to come first.

mod book;
mod created;
mod feeds;
mod filters;
mod fixture;
mod near_misses;
mod norms;
mod plan;
mod refusals;
mod resources;
mod routes;
mod sequences;
mod series;
mod variations;
mod walk;
mod workflows;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use driftline_specs::{Contract, Lifecycle, TargetKind};
use futures_util::stream::{self, StreamExt as _};
use tokio::time::Instant;

pub(crate) use book::{Book, How, NormRecipe, PathSource, Recipe, SeriesRecipe, Sighting, Tally, tells};
pub(crate) use created::{Created, Ender, Place};
pub(crate) use feeds::{Feed, Seen, feeds, path_parameters};
pub(crate) use filters::Read;
pub(crate) use plan::{Case, Origin, Plan};
pub(crate) use resources::{Listed, set_query};
pub(crate) use routes::{Route, Routes, Step};
pub(crate) use series::{page_sizes, refuses_as_bad};
pub(crate) use workflows::{End, Play, Taken};

use crate::checks::{Judge, Observation, is_enough};
use crate::exchange::{Exchange, Intent};
use crate::finding::Fingerprint;
use crate::norms::{Asked, Survey};
use crate::progress::Progress;
use crate::report::Probed;
use crate::request::Request;
use crate::target::{Answer, Client, Credential, Failure, Outage, OutageKind, Stop};

/// Whether resources that the run did not create may be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resources {
    /// Only what the run created is changed; anything that is listed may be read.
    Own,
    /// Whatever is listed may be used, changed and ended.
    Any,
}

impl fmt::Display for Resources {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Resources::Own => "own",
            Resources::Any => "any",
        })
    }
}

/// How often it is looked at most for what several requests show together. Each occasion takes so many of the valid
/// requests that an operation gets.
const FEW_OCCASIONS: usize = 4;
const REQUESTS_PER_FEW: usize = 25;

/// The same in the second pass, where requests cost nobody anything: what shows once in twenty times shows then.
const OCCASIONS: usize = 25;
const REQUESTS_PER_OCCASION: usize = 4;

/// Returns how often it is looked for what several requests show together, where an operation gets so many valid ones.
pub(crate) fn occasions(kind: TargetKind, requests_per_operation: usize) -> usize {
    match kind {
        TargetKind::Embedded | TargetKind::Sandbox | TargetKind::Staging => {
            (requests_per_operation / REQUESTS_PER_FEW).clamp(1, FEW_OCCASIONS)
        }
        _ => 1,
    }
}

/// The same for the second pass.
pub(crate) fn more_occasions(requests_per_operation: usize) -> usize {
    (requests_per_operation / REQUESTS_PER_OCCASION).clamp(1, OCCASIONS)
}

/// The same for transitions, in resources for each state: what one of them shows has to show in another one as well.
pub(crate) fn transition_occasions(requests_per_operation: usize) -> usize {
    more_occasions(requests_per_operation) * 8 / 5
}

/// A request that is about to be sent.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// How it came about.
    pub(crate) recipe: Recipe,
    /// What is sent.
    pub(crate) request: Request,
}

/// What became of a request.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A success.
    Success(Answer),
    /// Another answer.
    Refusal,
    /// No answer that says anything.
    Lost,
}

impl Outcome {
    /// Whether it is a success.
    pub(crate) fn is_success(&self) -> bool {
        matches!(self, Outcome::Success(_))
    }
}

/// What came of a request.
#[derive(Debug)]
struct Posted {
    /// The first answer that said to come back later.
    throttled: Option<Answer>,
    answer: Result<Answer, Failure>,
}

/// What was counted of a request.
#[derive(Debug)]
enum Counted {
    /// It has no answer that says anything.
    Lost,
    /// It was refused for its credential.
    Refused(Box<Exchange>),
    /// It was answered.
    Answered {
        /// How it came about.
        recipe: Box<Recipe>,
        /// What was sent and answered.
        exchange: Box<Exchange>,
        /// Whether it succeeded.
        success: bool,
    },
}

/// Sends, judges, records.
#[derive(Debug)]
pub(crate) struct Engine {
    /// The API's name.
    pub(crate) api: String,
    /// The contract.
    pub(crate) contract: Contract,
    /// The client for the target.
    pub(crate) client: Client,
    /// The judge of exchanges.
    pub(crate) judge: Judge,
    /// Who hears of progress.
    pub(crate) progress: Arc<dyn Progress>,
    /// What can be asked of each operation.
    pub(crate) plans: BTreeMap<String, Arc<Plan>>,
    /// Where each operation's path parameters come from.
    pub(crate) feeds: BTreeMap<String, Vec<Feed>>,
    /// The operations whose deviations are this run's business.
    pub(crate) own: BTreeSet<String>,
    /// What may be changed.
    pub(crate) resources: Resources,
    /// How often it is looked for what several requests show together.
    pub(crate) occasions: usize,
    /// After how many deviations nothing more is asked.
    pub(crate) max_findings: Option<usize>,
    /// When nothing more is asked, so that there is time to examine what was found.
    pub(crate) last_call: Option<Instant>,
    /// How far operations were probed before the run was stopped and resumed.
    pub(crate) resumed: BTreeMap<String, Probed>,
    /// What was seen.
    pub(crate) book: Book,
    /// What the run created.
    pub(crate) created: Created,
    /// The lives of what there is, as far as they are known.
    pub(crate) lifecycle: Option<Lifecycle>,
    /// What the answers hold.
    pub(crate) survey: Survey,
    /// Findings are being examined: nothing is counted.
    pub(crate) examining: bool,
    /// The finding that is examined may be a matter of time, as far as is known yet.
    pub(crate) unsettled: bool,
    /// Listed resources that were used up while examining.
    pub(crate) spent: BTreeSet<String>,
}

impl Engine {
    /// Whether the run is over before its plan is.
    pub(crate) fn is_stopped(&self) -> bool {
        let is_late = || self.last_call.is_some_and(|last| Instant::now() >= last);
        self.book.stop.is_some() || !self.examining && is_late()
    }

    /// Says that time was the reason where nothing is asked any more although nothing has stopped the run.
    pub(crate) fn note_the_time(&mut self) {
        if self.is_stopped() {
            self.book.stop.get_or_insert(Stop::Time);
        }
    }

    /// Returns the plan of an operation.
    pub(crate) fn plan(&self, operation_id: &str) -> Option<Arc<Plan>> {
        self.plans.get(operation_id).cloned()
    }

    /// Sends a batch, as many at a time as the target allows, and records the answers in order.
    pub(crate) async fn send_all(&mut self, batch: Vec<Prepared>) -> Vec<Outcome> {
        let width = self.client.target().concurrency.max(1);
        // Collected first: a stream over a borrowing closure would make the future hard to spawn.
        let posts: Vec<_> = batch.iter().map(|prepared| self.post(prepared)).collect();
        let answers: Vec<Posted> = stream::iter(posts).buffered(width).collect().await;
        batch.into_iter().zip(answers).map(|(prepared, answer)| self.record(prepared, answer)).collect()
    }

    /// Sends one request and records its answer.
    pub(crate) async fn send(&mut self, prepared: Prepared) -> Outcome {
        let answer = self.post(&prepared).await;
        self.record(prepared, answer)
    }

    /// Sends one request, records its answer, and gives the exchange; `None` without an answer.
    pub(crate) async fn exchange(&mut self, prepared: Prepared) -> Option<(Exchange, bool)> {
        let answer = self.post(&prepared).await;
        match self.count(prepared, answer) {
            Counted::Lost => None,
            Counted::Refused(exchange) => Some((*exchange, false)),
            Counted::Answered { recipe, exchange, success } => {
                if !self.examining {
                    self.judged(&How::One(*recipe), &exchange);
                }
                Some((*exchange, success))
            }
        }
    }

    /// Sends one request and returns what the checks find in its answer, recording nothing; where it was told to come back
    /// later, in that answer as well. Empty without an answer.
    pub(crate) async fn look(&mut self, prepared: Prepared) -> Vec<(Exchange, Vec<Observation>)> {
        let Some(plan) = self.plan(&prepared.recipe.operation_id) else { return Vec::new() };
        let Posted { throttled, answer } = self.post(&prepared).await;
        let mut looked: Vec<(Exchange, Vec<Observation>)> = Vec::new();
        if let Some(exchange) = throttled.and_then(|answer| documented(&plan, &prepared, answer)) {
            let found = self.judge.judge(&plan.operation, &exchange);
            looked.push((exchange, found));
        }
        let answer = match answer {
            Ok(answer) => answer,
            Err(Failure::Stopped(stop)) => {
                self.book.stop.get_or_insert(stop);
                return looked;
            }
            Err(_) => return looked,
        };
        let intent = prepared.recipe.intent.clone();
        if is_success(&plan, answer.status) {
            self.created.note(&plan.operation, &prepared.recipe, &answer, &self.judge);
        }
        if refuses(&answer, &intent) && !self.is_of_the_resource(&prepared.recipe, &answer) {
            return looked;
        }
        let exchange = Exchange { intent, request: prepared.request, answer };
        let found = self.judge.judge(&plan.operation, &exchange);
        looked.push((exchange, found));
        looked
    }

    async fn post(&self, prepared: &Prepared) -> Posted {
        let credentials = self.credentials(&prepared.recipe.intent);
        let mut throttled = None;
        let answer = self.client.send_watched(&prepared.request, &credentials, &mut throttled).await;
        self.progress.exchanged(self.client.sent());
        Posted { throttled, answer }
    }

    /// Returns the credentials that a request goes with.
    pub(crate) fn credentials(&self, intent: &Intent) -> Vec<Credential> {
        let own = &self.client.target().credentials;
        match intent {
            Intent::Valid
            | Intent::SetUp
            | Intent::Scripted
            | Intent::NearMiss(_)
            | Intent::OtherMethod(_) => own.clone(),
            Intent::WithoutCredential => Vec::new(),
            Intent::WrongCredential => self.wrong_credentials(),
            Intent::EmptyCredential => own.iter().map(Credential::empty).collect(),
            Intent::OtherCase => own.iter().filter_map(Credential::in_other_case).collect(),
            Intent::OtherScheme => own.iter().map(Credential::of_another_scheme).collect(),
            Intent::OtherPlace => own.iter().map(Credential::misplaced).collect(),
        }
    }

    fn wrong_credentials(&self) -> Vec<Credential> {
        let own = &self.client.target().credentials;
        if own.is_empty() {
            return vec![Credential::for_contract(&self.contract, "", None).wrong()];
        }
        own.iter().map(Credential::wrong).collect()
    }

    fn record(&mut self, prepared: Prepared, posted: Posted) -> Outcome {
        match self.count(prepared, posted) {
            Counted::Lost => Outcome::Lost,
            Counted::Refused(_) => Outcome::Refusal,
            Counted::Answered { recipe, exchange, success } => {
                if !self.examining {
                    self.judged(&How::One(*recipe), &exchange);
                }
                if success { Outcome::Success(exchange.answer) } else { Outcome::Refusal }
            }
        }
    }

    /// Counts a request, whatever came of it; nothing is counted while findings are examined.
    fn count(&mut self, prepared: Prepared, posted: Posted) -> Counted {
        let Posted { throttled, answer } = posted;
        self.throttled(&prepared, throttled);
        let Prepared { recipe, request } = prepared;
        let id = recipe.operation_id.clone();
        let answer = match answer {
            Ok(answer) => answer,
            Err(Failure::Stopped(stop)) => {
                self.book.stop.get_or_insert(stop);
                return Counted::Lost;
            }
            Err(Failure::Unsendable) => {
                self.book.tally(&id).dropped += 1;
                return Counted::Lost;
            }
            Err(Failure::Outage(outage)) => {
                if !self.examining && recipe.intent.other_method().is_none() {
                    let tally = self.book.tally(&id);
                    tally.sent(&recipe);
                    tally.outage(outage);
                }
                return Counted::Lost;
            }
        };
        let status = answer.status;
        let Some(plan) = self.plan(&id) else { return Counted::Lost };
        let success = is_success(&plan, status);
        if success {
            self.created.note(&plan.operation, &recipe, &answer, &self.judge);
        }
        let exchange = Box::new(Exchange { intent: recipe.intent.clone(), request, answer });
        let intent = &exchange.intent;
        let is_refused =
            refuses(&exchange.answer, intent) && !self.is_of_the_resource(&recipe, &exchange.answer);
        // What was not asked of the operation is not among its counts.
        if self.examining || intent.other_method().is_some() {
            if is_refused {
                return Counted::Refused(exchange);
            }
            return Counted::Answered { recipe: Box::new(recipe), exchange, success };
        }
        let tally = self.book.tally(&id);
        tally.sent(&recipe);
        *tally.statuses.entry(status).or_default() += 1;
        if is_refused {
            tally.refused += 1;
            let reason = format!("{status} to our credential");
            tally.outage(Outage { kind: OutageKind::NotAuthorised, reason });
            return Counted::Refused(exchange);
        }
        tally.judged += 1;
        tally.judged_valid += u64::from(intent.is_valid());
        if success && intent.is_valid() {
            tally.succeeded += 1;
            if *intent == Intent::Valid {
                self.book.accept(&id, &recipe.case);
            }
        } else if *intent == Intent::Valid
            && refuses_as_bad(status)
            && !matches!(recipe.path, PathSource::Stray(_))
        {
            self.book.refuse(&id, &recipe.case);
        } else if matches!(intent, Intent::Valid | Intent::WithoutCredential)
            && matches!(status, 404 | 410)
            && matches!(recipe.path, PathSource::Resource(..))
        {
            self.book.miss(&recipe);
        }
        Counted::Answered { recipe: Box::new(recipe), exchange, success }
    }

    /// Whether an answer that forbids speaks of what was asked for rather than of our credential: the operation has answered
    /// that credential before, and has another answer for what does not exist.
    fn is_of_the_resource(&self, recipe: &Recipe, answer: &Answer) -> bool {
        let is_stray = matches!(recipe.path, PathSource::Stray(_)) && recipe.intent == Intent::Valid;
        let has_succeeded = self.book.tallies.get(&recipe.operation_id).is_some_and(|it| it.succeeded > 0);
        let documents = |status| {
            self.plan(&recipe.operation_id).is_some_and(|it| it.operation.response_for(status).is_some())
        };
        is_stray && has_succeeded && answer.status == 403 && documents(404) && !documents(403)
    }

    /// Notes what checks find in an answer that says to come back later, where the contract says what it is like.
    fn throttled(&mut self, prepared: &Prepared, answer: Option<Answer>) {
        let id = &prepared.recipe.operation_id;
        let Some(plan) = self.plan(id).filter(|_| self.own.contains(id) && !self.examining) else { return };
        let Some(exchange) = answer.and_then(|answer| documented(&plan, prepared, answer)) else { return };
        let found = self.judge.judge(&plan.operation, &exchange);
        self.sight(found, &How::One(prepared.recipe.clone()), std::slice::from_ref(&exchange));
    }

    /// Notes what checks find in one exchange.
    fn judged(&mut self, how: &How, exchange: &Exchange) {
        let id = how.subject();
        let Some(plan) = self.plan(id).filter(|_| self.own.contains(id)) else { return };
        let evidence = self.judge.evidence(&plan.operation, exchange);
        // Another method at its path is not the operation.
        if let How::One(recipe) = how
            && exchange.intent.other_method().is_none()
        {
            self.survey.take(&evidence, recipe, asked(recipe));
        }
        let (found, reading) = self.judge.judge_evidence(&evidence);
        if let Some(reading) = reading {
            self.book.tally(id).bodies.get_or_insert_default().count(reading);
        }
        self.sight(found, how, std::slice::from_ref(exchange));
    }

    /// Notes what checks have found.
    fn sight(&mut self, found: Vec<Observation>, how: &How, exchanges: &[Exchange]) {
        let operation_id = how.subject();
        let mut told = BTreeSet::new();
        for observation in found {
            let fingerprint = Fingerprint::of(&self.api, operation_id, &observation);
            // Twenty items that lack the same property are one deviation of one exchange.
            if !told.insert(fingerprint.clone()) {
                continue;
            }
            let is_new = self.book.sight(fingerprint, &observation, how, exchanges);
            // What has to show often is announced by nobody until it did.
            if is_new && is_enough(observation.check, 0, 0) {
                self.progress.deviated(
                    observation.check,
                    operation_id,
                    &observation.location,
                    observation.severity,
                );
            }
        }
        if self.max_findings.is_some_and(|most| self.book.proved() >= most) {
            self.book.stop.get_or_insert(Stop::Enough);
        }
    }
}

/// Whether a status is a success, as documented redirects are.
fn is_success(plan: &Plan, status: u16) -> bool {
    let redirect = (300..400).contains(&status) && plan.operation.response_for(status).is_some();
    (200..300).contains(&status) || redirect
}

/// The exchange with an answer that says to come back later, where the contract says what such an answer is like. What was
/// asked is not the reason for it.
fn documented(plan: &Plan, prepared: &Prepared, answer: Answer) -> Option<Exchange> {
    plan.operation.response_for(answer.status)?;
    Some(Exchange { intent: Intent::SetUp, request: prepared.request.clone(), answer })
}

/// Whether an answer refuses our own credential, which says nothing about the contract.
///
/// A near miss that is refused so may have met a guard that takes it for an attack; that is no outage.
fn refuses(answer: &Answer, intent: &Intent) -> bool {
    intent.is_valid() && matches!(answer.status, 401 | 403)
}

/// What a request asks, where its status is the point of it.
fn asked(recipe: &Recipe) -> Option<Asked> {
    match (&recipe.intent, &recipe.path) {
        (Intent::Valid, PathSource::Stray(_)) => Some(Asked::Stray),
        (Intent::Valid, _) => Some(Asked::Valid),
        (Intent::NearMiss(_), _) => Some(Asked::NearMiss),
        _ => None,
    }
}
