//! One run against one API: plan, suites, examination, report.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use driftline_specs::{Contract, Fixtures, Lifecycle, Method, Operation, StatusSpec, TargetKind};
use tokio::time::Instant;

use crate::cancel::Cancel;
use crate::checks::Judge;
use crate::engine::{
    Book, Created, Engine, Feed, Plan, Resources, Tally, feeds, more_occasions, occasions,
    transition_occasions,
};
use crate::error::Error;
use crate::finding::{Fingerprint, examine};
use crate::models::Models;
use crate::norms::{Conditions, Norms, Survey};
use crate::partition::Partition;
use crate::progress::{Progress, Silent};
use crate::report::{
    ApiReport, CleanUp, Coverage, Inconclusive, OperationReport, Verdict, by_weight, contract_hash, statuses,
};
use crate::run_tag::RunTag;
use crate::scenario::Script;
use crate::strategy::{Generator, Reader};
use crate::suite::{
    Succeeded, Suite, clean_up, deepen, lifecycle, more_known_good, probe, scenarios, sequences,
};
use crate::target::{Bounds, Client, Stop, Target};

/// An operation with a greater share of requests lost to outages proves too little.
const LOST_SHARE: f64 = 0.05;

/// What a run is to do.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RunOptions {
    /// The API's name, as in reports and fingerprints.
    pub api: String,
    /// The contract.
    pub contract: Contract,
    /// Where it answers.
    pub target: Target,
    /// Decides every random choice.
    pub seed: u64,
    /// Tells what the run sends from anything else; that of the seed when absent.
    pub run_tag: Option<RunTag>,
    /// What produces the exchanges.
    pub suites: Vec<Suite>,
    /// The most valid requests to one operation; twice as many near misses may come on top, 64 at most
    /// outside the embedded sandbox.
    pub requests_per_operation: usize,
    /// The most requests of the run.
    pub max_requests: Option<u64>,
    /// The longest time of the run.
    pub max_time: Option<Duration>,
    /// After how many deviations the run asks for nothing more than what examines them.
    pub max_findings: Option<NonZeroUsize>,
    /// Which operations are this run's.
    pub partition: Option<Partition>,
    /// Whether resources that the run did not create may be changed; by default in the embedded sandbox only.
    pub resources: Resources,
    /// The lives of the API's resources, where they are known.
    pub lifecycle: Option<Lifecycle>,
    /// Known-good request bodies by operation.
    pub fixtures: Fixtures,
    /// Workflows, with what they are given.
    pub script: Arc<Script>,
    /// Whether what the run created is ended after it; not in the embedded sandbox unless asked for.
    pub clean_up: bool,
    /// What the target usually answers, where that was learned; a run of other suites, or with other resources, is not
    /// judged by it.
    pub norms: Option<Norms>,
    /// The generated client's view, where there is one.
    pub models: Option<Arc<dyn Models>>,
    /// What was found before the run was stopped: it goes on there.
    pub resume: Option<Box<ApiReport>>,
    /// Who hears of progress.
    pub progress: Arc<dyn Progress>,
    /// Stops the run.
    pub cancel: Cancel,
}

impl RunOptions {
    /// Returns the options of a usual run.
    #[must_use]
    pub fn new(api: &str, contract: Contract, target: Target) -> RunOptions {
        let any = target.kind == TargetKind::Embedded;
        RunOptions {
            api: api.to_owned(),
            contract,
            target,
            seed: 0,
            run_tag: None,
            suites: Suite::ALL.to_vec(),
            requests_per_operation: 100,
            max_requests: None,
            max_time: None,
            max_findings: None,
            partition: None,
            resources: if any { Resources::Any } else { Resources::Own },
            lifecycle: None,
            fixtures: Fixtures::new(),
            script: Arc::default(),
            clean_up: !any,
            norms: None,
            models: None,
            resume: None,
            progress: Arc::new(Silent),
            cancel: Cancel::new(),
        }
    }

    /// Returns the run tag.
    #[must_use]
    pub fn tag(&self) -> RunTag {
        self.run_tag.clone().unwrap_or_else(|| RunTag::of_seed(self.seed))
    }

    /// Whether norms are of such runs as this one; otherwise why not.
    ///
    /// # Errors
    ///
    /// When they are of another API, another target, other suites or other resources.
    pub fn fits(&self, norms: &Norms) -> Result<(), String> {
        norms.fits(&Survey::default().norms(self.conditions()))
    }

    fn conditions(&self) -> Conditions {
        // What workflows send is not counted.
        let counted = self.suites.iter().filter(|suite| **suite != Suite::Scenario);
        let mut suites: Vec<String> = counted.map(ToString::to_string).collect();
        suites.sort_unstable();
        suites.dedup();
        Conditions {
            api: self.api.clone(),
            target: self.target.name.clone(),
            suites,
            resources: self.resources.to_string(),
        }
    }
}

/// Runs the suites against one API's target and judges what comes back.
///
/// The same options against the same endpoint send the same requests. An endpoint that cannot be reached is
/// no error: the report is inconclusive.
///
/// # Errors
///
/// When the run cannot start.
pub async fn run(options: RunOptions) -> Result<ApiReport, Error> {
    Ok(survey(options).await?.0)
}

/// Runs the suites as [`run`] does, and tells what the target has answered as well: norms of one run.
///
/// # Errors
///
/// When the run cannot start.
pub async fn survey(options: RunOptions) -> Result<(ApiReport, Norms), Error> {
    let started = Instant::now();
    if let Some(before) = &options.resume {
        resumable(&options, before)?;
        if !before.partial {
            return Ok(((**before).clone(), Survey::default().norms(options.conditions())));
        }
    }
    let bounds = Bounds {
        requests: options.max_requests,
        deadline: options.max_time.map(|time| started + time),
        cancel: options.cancel.clone(),
    };
    let target = Target { run_tag: Some(options.tag()), ..options.target.clone() };
    let client = Client::new(target, bounds)?;
    let (mut engine, order) = prepare(&options, client)?;
    options.progress.started(&options.api, order.len());
    let succeeded = ask(&mut engine, &options, &order).await;
    // What a run asked before it was stopped and resumed is not known any more.
    let cut_off = options.resume.is_some() || engine.book.stop.as_ref().is_some_and(Stop::is_early);
    let norms = engine.survey.norms(options.conditions());
    // A run that was cut off has asked for something else than those before it.
    if let Some(learned) = options.norms.as_ref().filter(|learned| !cut_off && learned.fits(&norms).is_ok()) {
        engine.judge_by(learned, &norms);
    }
    if options.target.unmetered {
        ask_more(&mut engine, &options, &succeeded).await;
    }
    // Last, so that it changes nothing of what the others do.
    if options.suites.contains(&Suite::Scenario) {
        let script = match options.target.kind {
            TargetKind::Embedded => Arc::new(options.script.timeless()),
            _ => Arc::clone(&options.script),
        };
        scenarios(&mut engine, &script).await;
    }
    let involved: BTreeMap<Fingerprint, [String; 2]> = engine.book.involved();
    // What was seen is looked into, although no more is looked for.
    let enough = engine.book.stop.take_if(|stop| *stop == Stop::Enough);
    let mut findings = examine(&mut engine).await;
    engine.book.stop = enough.or(engine.book.stop.take());
    let cleaned = match (options.clean_up, engine.created.summary()) {
        (_, CleanUp { created: 0, .. }) => None,
        (true, _) => Some(clean_up(&mut engine).await),
        (false, _) if options.target.kind == TargetKind::Embedded => None,
        (false, summary) => Some(summary),
    };
    findings.sort_by(by_weight);
    for finding in findings.iter().filter(|it| it.confirmations.ends_with("/0")) {
        // What could not be repeated any more is looked for again.
        for id in involved.get(&finding.fingerprint).into_iter().flatten() {
            engine.book.probed.remove(id);
        }
    }
    options.progress.finished();
    let mut operations: Vec<&Operation> =
        order.iter().filter_map(|id| options.contract.operation(id)).collect();
    if options.suites == [Suite::Scenario] {
        // What no workflow speaks of is not what such a run is for.
        let script = &options.script;
        let asked: BTreeSet<&str> = script.order().into_iter().flat_map(|it| script.operations(it)).collect();
        operations.retain(|it| asked.contains(it.id.as_str()));
    }
    let partial = engine.book.stop.as_ref().is_some_and(Stop::is_early);
    let mut report = ApiReport {
        api: options.api.clone(),
        target: options.target.name.clone(),
        base_url: options.target.shown_url(),
        run_tag: options.tag().to_string(),
        contract: contract_hash(&options.contract),
        probed: if partial { std::mem::take(&mut engine.book.probed) } else { BTreeMap::new() },
        verdict: Verdict::NoDrift,
        partial,
        operations: in_contract_order(&options.contract, &operations, &mut engine.book),
        coverage: coverage(&operations, &mut engine.book),
        workflows: std::mem::take(&mut engine.book.workflows),
        clean_up: cleaned,
        requests: engine.client.sent(),
        seconds: (started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
        findings,
        inconclusive: inconclusive(&operations, &mut engine.book, &options),
    };
    if let Some(before) = &options.resume {
        report = report.after(before, &options.contract);
    }
    // One API alone is a report too.
    report = crate::report::Report::new(options.seed, vec![report]).apis.remove(0);
    Ok((report, norms))
}

/// The first pass: everything that is telling. Returns what succeeded.
async fn ask(engine: &mut Engine, options: &RunOptions, order: &[String]) -> Vec<Succeeded> {
    let limit = options.requests_per_operation;
    let probes = options.suites.contains(&Suite::Probe);
    let succeeded = if probes { probe(engine, order, limit).await } else { Vec::new() };
    if let Some(known) = lives(options) {
        lifecycle(engine, known).await;
    }
    // What is done to things is what the probe saw accepted.
    if probes {
        sequences(engine, options.lifecycle.as_ref(), limit).await;
    }
    if options.target.unmetered {
        more_known_good(engine, &succeeded, limit).await;
    }
    succeeded
}

/// The lives of resources, where transitions are tried.
fn lives(options: &RunOptions) -> Option<&Lifecycle> {
    options.lifecycle.as_ref().filter(|_| options.suites.contains(&Suite::Lifecycle))
}

/// The second pass, where requests cost nobody anything: what shows seldom. Norms are of the first one.
async fn ask_more(engine: &mut Engine, options: &RunOptions, succeeded: &[Succeeded]) {
    engine.survey.close();
    engine.occasions = more_occasions(options.requests_per_operation);
    deepen(engine, succeeded, options.requests_per_operation).await;
    engine.occasions = transition_occasions(options.requests_per_operation);
    if let Some(known) = lives(options) {
        lifecycle(engine, known).await;
    }
}

/// Refuses to go on with a run that would be another one.
fn resumable(options: &RunOptions, before: &ApiReport) -> Result<(), Error> {
    let refuse = |reason: String| Err(Error::Resume { api: options.api.clone(), reason });
    if before.api != options.api {
        return refuse(format!("the report is of {}", before.api));
    }
    if before.contract != contract_hash(&options.contract) {
        return refuse("its contract has changed since; start anew".to_owned());
    }
    if before.target != options.target.name {
        return refuse(format!("the report is of the target {}", before.target));
    }
    if options.target.kind != TargetKind::Embedded && before.base_url != options.target.shown_url() {
        return refuse(format!("the report is of {}", before.base_url));
    }
    if before.run_tag != options.tag().as_str() {
        return refuse(format!(
            "its run tag was {}, and the seed or tag of this run is another",
            before.run_tag
        ));
    }
    Ok(())
}

/// Compiles the plans of an API and puts its operations into order.
pub(crate) fn prepare(options: &RunOptions, client: Client) -> Result<(Engine, Vec<String>), Error> {
    let contract = &options.contract;
    let mut reader = Reader::new(contract.clone());
    let mut generator = Generator::new(contract.clone()).tagged(options.tag());
    let mut book = Book::default();
    let (mut plans, mut all_feeds) = (BTreeMap::new(), BTreeMap::new());
    for operation in contract.operations() {
        let feeds = feeds(contract, &mut reader, operation);
        let linked: BTreeSet<String> =
            feeds.iter().flat_map(|feed| feed.parameters.iter().map(|(name, _)| name.clone())).collect();
        let fixtures = options.fixtures.get(&operation.id).map_or(&[][..], Vec::as_slice);
        match Plan::new(&mut generator, operation, linked, fixtures, options.seed) {
            Ok(plan) => {
                plans.insert(operation.id.clone(), Arc::new(plan));
            }
            Err(error) => book.tally(&operation.id).unplanned = Some(error.to_string()),
        }
        all_feeds.insert(operation.id.clone(), feeds);
    }
    let own: Vec<&Operation> = contract
        .operations()
        .iter()
        .enumerate()
        .filter(|(index, _)| options.partition.is_none_or(|partition| partition.holds(*index)))
        .map(|(_, operation)| operation)
        .collect();
    if own.is_empty() {
        return Err(Error::NothingToDo { api: options.api.clone() });
    }
    let order = order(&own, &plans, &all_feeds);
    let engine = Engine {
        api: options.api.clone(),
        contract: contract.clone(),
        client,
        judge: Judge::new(contract.clone(), options.models.clone())
            .at(&options.target.base_url, options.target.most_latency),
        progress: Arc::clone(&options.progress),
        created: Created::new(contract, &all_feeds, options.lifecycle.as_ref()),
        plans,
        feeds: all_feeds,
        own: order.iter().cloned().collect(),
        resources: options.resources,
        occasions: occasions(options.target.kind, options.requests_per_operation),
        resumed: options.resume.as_ref().map(|before| before.probed.clone()).unwrap_or_default(),
        max_findings: options.max_findings.map(NonZeroUsize::get),
        book,
        survey: Survey::new(options.target.kind != TargetKind::Embedded),
        examining: false,
        unsettled: false,
        spent: BTreeSet::new(),
    };
    Ok((engine, order))
}

/// Puts operations into the order in which they are probed: what creates before what uses, reading before
/// changing, changing before ending; else the contract's order.
fn order(
    own: &[&Operation],
    plans: &BTreeMap<String, Arc<Plan>>,
    feeds: &BTreeMap<String, Vec<Feed>>,
) -> Vec<String> {
    let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, plan) in plans {
        if plan.linked.is_empty() {
            depths.insert(id, 0);
        }
    }
    // Every round settles at least one operation or is the last.
    for depth in 1..=plans.len() {
        let settled: Vec<&str> = plans
            .keys()
            .map(String::as_str)
            .filter(|id| !depths.contains_key(id))
            .filter(|id| {
                let feeds = feeds.get(*id).map_or(&[][..], Vec::as_slice);
                feeds.iter().any(|feed| depths.get(feed.producer.as_str()).is_some_and(|it| *it < depth))
            })
            .collect();
        if settled.is_empty() {
            break;
        }
        depths.extend(settled.into_iter().map(|id| (id, depth)));
    }
    let mut ordered: Vec<&&Operation> = own.iter().collect();
    ordered.sort_by_key(|operation| {
        let depth = depths.get(operation.id.as_str()).copied().unwrap_or(usize::MAX);
        let rank = match operation.method {
            Method::Post if depth == 0 => 0,
            method if method.is_safe() => 1,
            Method::Put | Method::Patch => 2,
            Method::Delete => 4,
            _ => 3,
        };
        (depth, rank)
    });
    ordered.into_iter().map(|operation| operation.id.clone()).collect()
}

fn in_contract_order(contract: &Contract, own: &[&Operation], book: &mut Book) -> Vec<OperationReport> {
    let mine = contract.operations().iter().filter(|it| own.iter().any(|own| own.id == it.id));
    mine.map(|operation| {
        let tally = book.tally(&operation.id);
        OperationReport {
            operation_id: operation.id.clone(),
            method: operation.method.to_string(),
            path: operation.path.clone(),
            requests: tally.requests,
            valid: tally.valid,
            variations: tally.variations,
            near_misses: tally.near_misses,
            succeeded: tally.succeeded,
            statuses: tally.statuses.iter().map(|(status, count)| (status.to_string(), *count)).collect(),
            lost: tally.lost(),
            dropped: tally.dropped,
            skipped: tally.skipped.clone(),
        }
    })
    .collect()
}

fn coverage(own: &[&Operation], book: &mut Book) -> Coverage {
    let mut coverage = Coverage {
        operations: own.len(),
        transitions: book.transitions,
        transitions_seen: book.transitions_seen,
        ..Coverage::default()
    };
    for operation in own {
        let tally = book.tally(&operation.id);
        coverage.reached += usize::from(tally.judged > 0);
        coverage.succeeded += usize::from(tally.succeeded > 0);
        if let Some(bodies) = tally.bodies {
            coverage.bodies.get_or_insert_default().add(bodies);
        }
        let answers = tally.statuses.keys().map(|status| (status.to_string(), ())).collect();
        let (all, seen) = statuses(operation, &answers);
        coverage.statuses += all;
        coverage.statuses_seen += seen;
    }
    coverage
}

/// Says by name what a run did not prove.
fn inconclusive(own: &[&Operation], book: &mut Book, options: &RunOptions) -> Vec<Inconclusive> {
    let known_good = |id: &str| options.fixtures.get(id).map_or(0, Vec::len);
    let only_workflows = options.suites == [Suite::Scenario];
    let mut reasons = Vec::new();
    let mut add = |operation_id: Option<&str>, reason: String| {
        reasons.push(Inconclusive { operation_id: operation_id.map(str::to_owned), reason });
    };
    let stop = book.stop.clone();
    match &stop {
        Some(Stop::Hopeless(reason)) => add(None, format!("stopped after failures in a row: {reason}")),
        Some(Stop::Cancelled) => add(None, "stopped before all requests were sent".to_owned()),
        Some(Stop::Time) => add(None, "the time was up before all requests were sent".to_owned()),
        Some(Stop::Enough) => add(None, "as many deviations were seen as were wanted".to_owned()),
        Some(Stop::Budget) | None => {}
    }
    if only_workflows && own.is_empty() {
        add(None, "there is no workflow to play".to_owned());
    }
    for reason in std::mem::take(&mut book.unproven) {
        add(None, reason);
    }
    for operation in own {
        let tally = book.tally(&operation.id);
        if tally.skipped.is_none()
            && let Some(reason) =
                unproven(operation, tally, stop.as_ref(), known_good(&operation.id), only_workflows)
        {
            add(Some(&operation.id), reason);
        }
    }
    reasons
}

/// Says what an operation that never succeeded had for bodies, where it refused them.
fn about_bodies(operation: &Operation, tally: &Tally, known_good: usize) -> String {
    let takes_json = operation.request_body.iter().flat_map(|body| &body.content).any(|it| it.is_json());
    // What is not found is not refused for its body.
    let refused = [400, 409, 422].iter().any(|status| tally.statuses.contains_key(status));
    match known_good {
        _ if !takes_json || !refused => String::new(),
        0 => format!("; a body that it accepts would help: put one into fixtures/{}.json", operation.id),
        1 => "; the known-good body was refused as well".to_owned(),
        count => format!("; all {count} known-good bodies were refused as well"),
    }
}

/// Says what was not proved of an operation; workflows say themselves whether one has to succeed.
fn unproven(
    operation: &Operation,
    tally: &Tally,
    stop: Option<&Stop>,
    known_good: usize,
    only_workflows: bool,
) -> Option<String> {
    if let Some(reason) = &tally.unplanned {
        return Some(format!("no request can be made: {reason}"));
    }
    if tally.requests == 0 {
        return Some(match stop {
            Some(Stop::Budget) => "was never reached: the request budget was spent".to_owned(),
            Some(Stop::Time) => "was never reached: the time was up".to_owned(),
            Some(_) => "was never reached: the run was stopped".to_owned(),
            None if only_workflows => "was never reached: no workflow came to it".to_owned(),
            None => "was never reached: no request can be generated from its schemas".to_owned(),
        });
    }
    let worst = tally.outages.values().max_by_key(|(_, count)| *count);
    if tally.judged == 0 {
        let reason = worst.map_or("no request had an answer", |(reason, _)| reason.as_str());
        return Some(format!("none of {} requests had an answer to judge: {reason}", tally.requests));
    }
    let documents_success = operation.responses.iter().any(|response| {
        response.status.is_success() || matches!(response.status, StatusSpec::Code(300..=399))
    });
    if tally.succeeded == 0 && documents_success && !only_workflows {
        let statuses: Vec<String> =
            tally.statuses.iter().map(|(status, count)| format!("{count} × {status}")).collect();
        let how = tally.without_resource.as_ref().map(|reason| format!("; {reason}")).unwrap_or_default();
        return Some(format!(
            "never succeeded in {} requests ({}), so little is proved{how}{}",
            tally.requests,
            statuses.join(", "),
            about_bodies(operation, tally, known_good)
        ));
    }
    let lost = tally.lost();
    if lost as f64 > tally.requests as f64 * LOST_SHARE {
        let reason = worst.map_or("", |(reason, _)| reason.as_str());
        return Some(format!("{lost} of {} requests had no answer to judge: {reason}", tally.requests));
    }
    None
}
