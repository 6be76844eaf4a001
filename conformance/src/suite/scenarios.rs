//! Workflows, each from its beginning to its end.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::{End, Engine, Play};
use crate::scenario::{Calls, PRODUCTION, Script, WorkflowOutcome, WorkflowReport};
use crate::target::allows_writes;

/// Plays the workflows, each after those that it depends on.
pub(crate) async fn scenarios(engine: &mut Engine, script: &Arc<Script>) {
    let mut succeeded = BTreeSet::new();
    let mut known = Calls::default();
    for workflow in script.order() {
        if engine.is_stopped() {
            break;
        }
        let needed = workflow.depends_on.iter().find(|id| !succeeded.contains(id.as_str()));
        let reason = match needed {
            Some(id) => Some(format!("{id}, which it depends on, has not succeeded")),
            None if !allows_writes(engine.client.target().kind)
                && script.writes(workflow, &engine.contract) =>
            {
                Some(PRODUCTION.to_owned())
            }
            None => None,
        };
        let mut report = WorkflowReport {
            workflow_id: workflow.id.clone(),
            outcome: WorkflowOutcome::Skipped,
            requests: 0,
            step: None,
            reason,
        };
        if report.reason.is_none() {
            engine.client.forgive();
            engine.progress.workflow_started(&workflow.id);
            let sent = engine.client.sent();
            let play = Arc::new(Play {
                script: Arc::clone(script),
                workflow: workflow.id.clone(),
                before: known.clone(),
            });
            let performance = engine.play_workflow(&play).await;
            report.requests = engine.client.sent() - sent;
            let is_told = performance.found.iter().any(|(_, found)| !found.is_empty());
            match performance.end {
                None => {
                    succeeded.insert(workflow.id.as_str());
                    known.of.extend(performance.calls.of);
                    report.outcome = WorkflowOutcome::Succeeded;
                }
                Some(End { step, failed, reason }) => {
                    if failed {
                        report.outcome = WorkflowOutcome::Failed;
                    }
                    if !failed || !is_told {
                        let at = if step.is_empty() { String::new() } else { format!(" at the step {step}") };
                        engine
                            .book
                            .unproven
                            .push(format!("the workflow {} ended{at}: {reason}", workflow.id));
                    }
                    report.step = Some(step).filter(|it| !it.is_empty());
                    report.reason = Some(reason);
                }
            }
        }
        engine.book.workflows.push(report);
    }
}
