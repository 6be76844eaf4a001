//! One run against one API: plan, suites, examination, report.

mod account;
mod options;
mod prepare;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driftline_specs::{Lifecycle, Operation, TargetKind};
use tokio::time::Instant;

use self::account::{coverage, in_contract_order, inconclusive};
pub use self::options::RunOptions;
pub(crate) use self::prepare::prepare;
use crate::engine::{Engine, more_occasions, transition_occasions};
use crate::error::Error;
use crate::finding::{Fingerprint, examine};
use crate::norms::{Norms, Survey};
use crate::report::{ApiReport, CleanUp, Verdict, by_weight, contract_hash};
use crate::suite::{
    Succeeded, Suite, clean_up, deepen, left_out, lifecycle, mixtures, more_refused, probe, scenarios,
    sequences,
};
use crate::target::{Bounds, Client, Stop, Target};

/// The share of a run's time that is kept for examining findings.
const EXAMINATION: f64 = 0.15;

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
    engine.last_call = options.max_time.map(|time| started + time.mul_f64(1.0 - EXAMINATION));
    options.progress.started(&options.api, order.len());
    let succeeded = ask(&mut engine, &options, &order).await;
    engine.note_the_time();
    // What a run asked before it was stopped and resumed is not known any more.
    let cut_off = options.resume.is_some() || engine.book.stop.as_ref().is_some_and(Stop::is_early);
    let norms = engine.survey.norms(options.conditions());
    // A run that was cut off has asked for something else than those before it.
    match options.norms.as_ref().filter(|learned| !cut_off && learned.fits(&norms).is_ok()) {
        Some(learned) => engine.judge_by(learned, &norms),
        // A run that has only come to its time has asked much of most of it.
        None if !cut_off || matches!(engine.book.stop, Some(Stop::Time)) => engine.judge_whole(&norms),
        None => {}
    }
    engine.survey.pause();
    if options.target.unmetered {
        ask_more(&mut engine, &options, &succeeded).await;
    } else {
        // Last, so that it changes nothing of what the others do.
        play(&mut engine, &options).await;
    }
    engine.note_the_time();
    let involved: BTreeMap<Fingerprint, [String; 2]> = engine.book.involved();
    // What was seen is looked into, although no more is looked for.
    let enough = engine.book.stop.take_if(|stop| matches!(stop, Stop::Enough | Stop::Time));
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
    if options.target.unmetered {
        more_refused(engine, &succeeded).await;
    }
    if let Some(known) = lives(options) {
        lifecycle(engine, known).await;
    }
    // What somebody has thought of finds much, and is soon asked.
    if options.target.unmetered {
        engine.survey.pause();
        play(engine, options).await;
        engine.survey.go_on();
    }
    // What is done to things is what the probe saw accepted.
    if probes {
        sequences(engine, options.lifecycle.as_ref(), limit).await;
    }
    if options.target.unmetered {
        mixtures(engine, &succeeded).await;
        left_out(engine, &succeeded, limit).await;
    }
    succeeded
}

/// Plays the workflows.
async fn play(engine: &mut Engine, options: &RunOptions) {
    if !options.suites.contains(&Suite::Scenario) {
        return;
    }
    let script = match options.target.kind {
        TargetKind::Embedded => Arc::new(options.script.timeless()),
        _ => Arc::clone(&options.script),
    };
    scenarios(engine, &script).await;
}

/// The lives of resources, where transitions are tried.
fn lives(options: &RunOptions) -> Option<&Lifecycle> {
    options.lifecycle.as_ref().filter(|_| options.suites.contains(&Suite::Lifecycle))
}

/// The second pass, where requests cost nobody anything: what shows seldom. Norms are of the first one.
async fn ask_more(engine: &mut Engine, options: &RunOptions, succeeded: &[Succeeded]) {
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
