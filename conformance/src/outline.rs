//! What a run would send, without sending it: the dry run.
//!
//! Everything that the first answers decide is a placeholder here: which resource a request is about, which series
//! follow, what is repeated because it was found.

use std::collections::BTreeMap;

use driftline_specs::{Operation, TargetKind};
use serde::Serialize;

use crate::engine::{Case, Engine, Origin, Plan};
use crate::error::Error;
use crate::flaw::refusals;
use crate::request::Request;
use crate::run::{RunOptions, prepare};
use crate::scenario::PRODUCTION;
use crate::suite::{Suite, most_near_misses};
use crate::target::{Bounds, Client, Target, allows_writes};

/// How many requests of an operation are shown.
const SHOWN: usize = 3;

/// What a run against one API would send.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Outline {
    /// The API's name.
    pub api: String,
    /// The target's name.
    pub target: String,
    /// What kind of place it is.
    pub kind: String,
    /// Where it answers; absent for the embedded sandbox, which has no address before it is started.
    pub base_url: Option<String>,
    /// The seed.
    pub seed: u64,
    /// The run tag.
    pub run_tag: String,
    /// What stands for the credentials, such as the environment variable; never their values.
    pub credentials: Vec<String>,
    /// The limits that are kept.
    pub limits: Limits,
    /// The operations in the order of their turns.
    pub operations: Vec<OperationOutline>,
    /// The workflows in the order in which they are played; none where the suite is not run.
    pub workflows: Vec<WorkflowOutline>,
}

/// A workflow that a run would play.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WorkflowOutline {
    /// The workflow's id.
    pub workflow_id: String,
    /// What it is for.
    pub summary: Option<String>,
    /// How many steps it has, those of workflows that it calls not included.
    pub steps: usize,
    /// The operations that it may ask for.
    pub operations: Vec<String>,
    /// Why it is not played, when that is so.
    pub skipped: Option<String>,
}

/// The limits that a run keeps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Limits {
    /// The most requests at one time; 1 means strictly one after another.
    pub concurrency: usize,
    /// The most requests a second; absent when there is no limit.
    pub requests_per_second: Option<f64>,
    /// The most requests; absent when there is no limit.
    pub max_requests: Option<u64>,
    /// The longest time in seconds; absent when there is no limit.
    pub max_seconds: Option<f64>,
    /// How long one request may take, in seconds.
    pub timeout: f64,
    /// How long a run waits in all for one request that is told to come back later, in seconds.
    pub patience: f64,
    /// How long workflows wait in all, in seconds; absent when they wait as long as they say.
    pub max_wait: Option<f64>,
    /// Whether what was not created by the run may be changed.
    pub changes_listed: bool,
    /// Whether what the run created is ended after it.
    pub cleans_up: bool,
}

/// What a run would send to one operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OperationOutline {
    /// The operation's id.
    pub operation_id: String,
    /// The HTTP method.
    pub method: String,
    /// The path template: what stands in braces is a resource's.
    pub path: String,
    /// The media types of the body; empty when there is none.
    pub bodies: Vec<String>,
    /// The operations whose answers give the resource; empty when it takes none.
    pub resources_from: Vec<String>,
    /// How many different requests that the contract allows there are, up to the most that are sent.
    pub valid: usize,
    /// How many of those are known-good bodies.
    pub known_good: usize,
    /// How many of those are known-good bodies with one property changed.
    pub variations: usize,
    /// How many requests at most that break one constraint, once a request has succeeded.
    pub near_misses: usize,
    /// The first requests.
    pub first: Vec<Sketch>,
    /// Why nothing is sent, when that is so.
    pub skipped: Option<String>,
}

/// A request, with placeholders for what only the endpoint knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sketch {
    /// The path, with its resource in braces, and the query.
    pub target: String,
    /// The media type of the body, when there is one.
    pub body: Option<String>,
    /// The length of the body in bytes.
    pub bytes: usize,
    /// `known_good`, `variation`, `enumerated` or `random`.
    pub origin: &'static str,
}

/// Says what a run with these options would send. No connection is opened.
///
/// # Errors
///
/// When the run could not start.
pub fn outline(options: &RunOptions) -> Result<Outline, Error> {
    let target = Target { run_tag: Some(options.tag()), ..options.target.clone() };
    let shown_url = target.shown_url();
    let limits = Limits {
        concurrency: target.concurrency,
        requests_per_second: target.requests_per_second,
        max_requests: options.max_requests,
        max_seconds: options.max_time.map(|it| it.as_secs_f64()),
        timeout: target.timeout.as_secs_f64(),
        patience: target.patience.as_secs_f64(),
        max_wait: target.max_wait.filter(|_| target.clock.is_none()).map(|it| it.as_secs_f64()),
        changes_listed: options.resources == crate::engine::Resources::Any,
        cleans_up: options.clean_up,
    };
    let credentials = target.credentials.iter().map(|it| it.shown().to_owned()).collect();
    let (engine, order) = prepare(options, Client::new(target, Bounds::default())?)?;
    let operations =
        order.iter().filter_map(|id| options.contract.operation(id)).map(|it| of(options, &engine, it));
    let script = &options.script;
    let played = if options.suites.contains(&Suite::Scenario) { script.order() } else { Vec::new() };
    let workflows = played.into_iter().map(|workflow| WorkflowOutline {
        workflow_id: workflow.id.clone(),
        summary: workflow.summary.clone(),
        steps: workflow.steps.len(),
        operations: script.operations(workflow).into_iter().map(str::to_owned).collect(),
        skipped: match script.inputs_of(workflow) {
            Err(problems) => Some(format!("its inputs are not as they have to be: {}", problems.join("; "))),
            Ok(_) if !allows_writes(options.target.kind) && script.writes(workflow, &options.contract) => {
                Some(PRODUCTION.to_owned())
            }
            Ok(_) => None,
        },
    });
    let workflows = workflows.collect();
    Ok(Outline {
        api: options.api.clone(),
        target: options.target.name.clone(),
        kind: format!("{:?}", options.target.kind).to_lowercase(),
        base_url: (options.target.kind != TargetKind::Embedded).then_some(shown_url),
        seed: options.seed,
        run_tag: options.tag().to_string(),
        credentials,
        limits,
        operations: operations.collect(),
        workflows,
    })
}

fn of(options: &RunOptions, engine: &Engine, operation: &Operation) -> OperationOutline {
    let writes = allows_writes(options.target.kind);
    let feeds = engine.feeds.get(&operation.id).into_iter().flatten();
    let mut resources_from: Vec<String> = Vec::new();
    for feed in feeds {
        if !resources_from.contains(&feed.producer) {
            resources_from.push(feed.producer.clone());
        }
    }
    let mut outline = OperationOutline {
        operation_id: operation.id.clone(),
        method: operation.method.to_string(),
        path: operation.path.clone(),
        bodies: operation.request_body.iter().flat_map(|it| &it.content).map(|it| it.name.clone()).collect(),
        resources_from,
        valid: 0,
        known_good: 0,
        variations: 0,
        near_misses: 0,
        first: Vec::new(),
        skipped: None,
    };
    let Some(plan) = engine.plan(&operation.id) else {
        let tally = engine.book.tallies.get(&operation.id);
        outline.skipped = tally.and_then(|it| it.unplanned.clone());
        return outline;
    };
    if !operation.method.is_safe() && !writes {
        outline.skipped = Some("a production target gets only safe methods".to_owned());
        return outline;
    }
    let most = options.requests_per_operation;
    let cases: Vec<Case> = plan.cases(most.div_ceil(2)).take(most).collect();
    let count = |origin: Origin| cases.iter().filter(|it| it.origin == origin).count();
    outline.valid = cases.len();
    outline.known_good = count(Origin::Fixture);
    outline.variations = count(Origin::Variation);
    if writes && !refusals(operation).is_empty() {
        let bases: Vec<&Case> = cases.iter().take(1).collect();
        let most = most_near_misses(options.target.unmetered, most);
        outline.near_misses = plan.near_misses(&bases, most).len();
    }
    outline.first = cases.iter().take(SHOWN).map(|case| sketch(&plan, case)).collect();
    outline
}

fn sketch(plan: &Plan, case: &Case) -> Sketch {
    let request: Request = plan.request(case, &BTreeMap::new());
    Sketch {
        target: request.target(),
        bytes: request.body.as_ref().map_or(0, |body| body.content.len()),
        body: request.body.map(|body| body.media_type),
        origin: match case.origin {
            Origin::Fixture => "known_good",
            Origin::Variation => "variation",
            Origin::Coverage => "enumerated",
            Origin::Random => "random",
        },
    }
}
