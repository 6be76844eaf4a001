//! Recording: workflows are played, and what was sent and answered is masked and kept.

use std::sync::Arc;

use driftline_specs::recording::{Answer, Ask, Origin, Parts};
use driftline_specs::{Recording, TargetKind};

use crate::engine::{Engine, Play, Taken};
use crate::error::Error;
use crate::finding::examine;
use crate::masking::Masker;
use crate::report::{Finding, by_weight, contract_hash};
use crate::run::{RunOptions, prepare};
use crate::scenario::{Calls, PRODUCTION, WorkflowOutcome, WorkflowReport};
use crate::target::{Bounds, Client, Target, allows_writes};

/// How many digits of the contract's hash stand in a recording.
pub(super) const DIGITS: usize = 16;

/// Where the embedded sandbox answers in recordings: it has another port each time.
const SANDBOX: &str = "http://localhost";

/// What came of recording a workflow.
#[derive(Debug)]
pub struct Take {
    /// What became of the workflow.
    pub report: WorkflowReport,
    /// What was recorded; only of a workflow that has succeeded.
    pub recording: Option<Recording>,
    /// What its answers depart from the contract in, or from what the workflow asks for.
    pub findings: Vec<Finding>,
}

/// Plays the workflows of a run, each by itself, and records them. Everything is masked before it is returned.
///
/// # Errors
///
/// When the run cannot start, or an exchange is none that a recording can hold.
pub async fn record(options: RunOptions) -> Result<Vec<Take>, Error> {
    let bounds = Bounds { requests: options.max_requests, deadline: None, cancel: options.cancel.clone() };
    let target = Target { run_tag: Some(options.tag()), ..options.target.clone() };
    let client = Client::new(target, bounds)?;
    let (mut engine, _) = prepare(&options, client)?;
    options.progress.started(&options.api, options.script.order().len());
    let (mut takes, mut known) = (Vec::new(), Calls::default());
    for workflow in options.script.order() {
        if engine.is_stopped() {
            break;
        }
        takes.push(one(&mut engine, &options, &workflow.id, &mut known).await?);
    }
    options.progress.finished();
    if options.clean_up {
        engine.examining = false;
        crate::suite::clean_up(&mut engine).await;
    }
    Ok(takes)
}

async fn one(engine: &mut Engine, options: &RunOptions, id: &str, known: &mut Calls) -> Result<Take, Error> {
    let mut report = WorkflowReport {
        workflow_id: id.to_owned(),
        outcome: WorkflowOutcome::Skipped,
        requests: 0,
        step: None,
        reason: None,
    };
    let workflow = options.script.scenarios.workflow(id);
    if let Some(workflow) = workflow
        && !allows_writes(options.target.kind)
        && options.script.writes(workflow, &options.contract)
    {
        report.reason = Some(PRODUCTION.to_owned());
        return Ok(Take { report, recording: None, findings: Vec::new() });
    }
    engine.client.forgive();
    engine.progress.workflow_started(id);
    let sent = engine.client.sent();
    let play = Play { script: Arc::clone(&options.script), workflow: id.to_owned(), before: known.clone() };
    let performance = engine.play_workflow(&Arc::new(play)).await;
    report.requests = engine.client.sent() - sent;
    let mut findings = examine(engine).await;
    findings.sort_by(by_weight);
    let recording = match performance.end {
        None => {
            report.outcome = WorkflowOutcome::Succeeded;
            known.of.extend(performance.calls.of);
            let title = workflow.and_then(|it| it.summary.as_deref()).unwrap_or(id);
            Some(recording(options, id, title, &performance.taken)?)
        }
        Some(end) => {
            if end.failed {
                report.outcome = WorkflowOutcome::Failed;
            }
            report.step = Some(end.step).filter(|it| !it.is_empty());
            report.reason = Some(end.reason);
            None
        }
    };
    Ok(Take { report, recording, findings })
}

/// Masks what was sent and answered, and puts it into a recording.
fn recording(options: &RunOptions, id: &str, title: &str, taken: &[Taken]) -> Result<Recording, Error> {
    let refuse = |error: driftline_specs::Error| Error::Recording {
        workflow: id.to_owned(),
        reason: error.to_string(),
    };
    let contract = &options.contract;
    let base = match options.target.kind {
        TargetKind::Embedded => SANDBOX.to_owned(),
        _ => options.target.shown_url(),
    };
    let exchanges = taken.iter().map(|taken| {
        let operation = contract.operation(&taken.recipe.operation_id);
        (operation, parts(&options.target, &base, id, taken))
    });
    let masked = Masker::new(contract).mask_all(exchanges.collect());
    let hash = contract_hash(contract).chars().take(DIGITS).collect();
    let mut recording = Recording::new(&Origin { target: options.target.name.clone(), contract: hash });
    if let Some(first) = masked.first() {
        recording.page(id, title, &first.started);
    }
    for parts in &masked {
        recording.push(parts).map_err(refuse)?;
    }
    Ok(recording)
}

/// What was sent and answered, as it was; credentials are there as placeholders only.
fn parts(target: &Target, base: &str, workflow: &str, taken: &Taken) -> Parts {
    let request = &taken.exchange.request;
    let answer = &taken.exchange.answer;
    // What the endpoint calls itself moves with it.
    let own = target.shown_url();
    let moved = |text: &str| if own == base { text.to_owned() } else { text.replace(&own, base) };
    let mut url = format!("{}{}", base.trim_end_matches('/'), request.target());
    let mut headers = request.headers.clone();
    headers.extend(target.headers.iter().map(|(name, _)| (name.clone(), PLACEHOLDER.to_owned())));
    for credential in &target.credentials {
        match credential {
            crate::target::Credential::Header { name, .. } => {
                headers.push((name.clone(), PLACEHOLDER.to_owned()))
            }
            crate::target::Credential::Query { name, .. } => {
                let separator = if url.contains('?') { '&' } else { '?' };
                url.push_str(&format!("{separator}{name}={PLACEHOLDER}"));
            }
        }
    }
    if let Some(body) = &request.body {
        headers.push(("Content-Type".to_owned(), body.media_type.clone()));
        headers.push(("Content-Length".to_owned(), body.content.len().to_string()));
    }
    Parts {
        workflow: Some(workflow.to_owned()),
        step: Some(taken.step.clone()),
        started: taken.started.to_string(),
        elapsed: answer.elapsed,
        ask: Ask {
            method: request.method.as_str().to_owned(),
            url,
            headers,
            body: request.body.as_ref().map(|body| body.content.clone().into_bytes()),
        },
        answer: Answer {
            status: answer.status,
            headers: answer.headers.iter().map(|(name, value)| (name.clone(), moved(value))).collect(),
            body: match std::str::from_utf8(&answer.body) {
                Ok(text) => moved(text).into_bytes(),
                Err(_) => answer.body.to_vec(),
            },
        },
    }
}

/// What stands for a credential.
const PLACEHOLDER: &str = "masked";
