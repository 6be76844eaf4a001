//! Workflows that are played to be recorded.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use driftline_conformance::recording::{self, Take};
use driftline_conformance::report::paragraphs;
use driftline_conformance::{Cancel, Fingerprint, RunOptions, WorkflowOutcome};
use driftline_specs::Api;
use miette::IntoDiagnostic;
use owo_colors::OwoColorize;

use super::Arguments;
use crate::commands::Outcome;
use crate::commands::endpoint::{Embedded, Subject};
use crate::commands::progress::Bar;
use crate::{diagnostic, workspace};

/// Plays an API's workflows and writes what was recorded.
pub(super) fn record(arguments: &Arguments, api: Api) -> Outcome {
    let folder = arguments.out.clone().unwrap_or_else(|| api.dir.join("recordings"));
    let subject = Subject { name: api.name.clone(), contract: api.contract.clone(), api: Some(api) };
    let runtime = tokio::runtime::Runtime::new().into_diagnostic()?;
    let takes = runtime.block_on(play(arguments, &subject))?;
    let (mut status, mut told) = (0, BTreeSet::new());
    for take in &takes {
        status = status.max(show(take, &folder, &arguments.api, &mut told)?);
    }
    Ok(ExitCode::from(status))
}

async fn play(arguments: &Arguments, subject: &Subject) -> Result<Vec<Take>, miette::Report> {
    let (target, sandbox) = arguments.endpoint.target(subject, Embedded::Start(&arguments.drifts)).await?;
    let script = arguments.script.script(subject, None)?;
    if script.scenarios.workflows.is_empty() {
        return Err(diagnostic::message(
            format!("{} has no workflows", subject.name),
            "write one into its folder `scenarios`; docs/scenarios.md shows how",
        ));
    }
    let mut options = RunOptions::new(&subject.name, subject.contract.clone(), target);
    options.script = script;
    options.models = driftline_conformance::registered(&subject.name);
    options.clean_up &= !arguments.keep;
    options.max_requests = arguments.endpoint.config(subject).and_then(|it| it.max_requests);
    options.progress = Arc::new(Bar::new());
    let cancel = Cancel::new();
    options.cancel = cancel.clone();
    let stopper = tokio::spawn(async move {
        crate::commands::sandbox::stopped().await;
        cancel.trigger();
        anstream::eprintln!("{}", "stopping; what is complete is kept".yellow());
        crate::commands::sandbox::stopped().await;
        std::process::exit(130);
    });
    let takes = recording::record(options).await.map_err(|error| {
        diagnostic::message(error.to_string(), "`cargo xtask record --help` shows the options")
    });
    stopper.abort();
    if let Some(sandbox) = sandbox {
        sandbox.shutdown().await;
    }
    takes
}

/// Writes what was recorded of a workflow, says what came of it, and returns the exit status that it asks for.
fn show(
    take: &Take,
    folder: &Path,
    api: &str,
    told: &mut BTreeSet<Fingerprint>,
) -> Result<u8, miette::Report> {
    let id = &take.report.workflow_id;
    let mut status = u8::from(!take.findings.is_empty());
    if let Some(recording) = &take.recording {
        let target = recording.origin().map(|it| it.target).unwrap_or_default();
        let path = folder.join(format!("{}.{}.har", file_name(id), file_name(&target)));
        recording.save(&path).map_err(|error| diagnostic::contract(&error))?;
        anstream::eprintln!(
            "{} {} ({} exchanges)",
            "recorded:".green().bold(),
            workspace::shown(&path),
            recording.entries().len()
        );
    } else {
        let reason = take.report.reason.as_deref().unwrap_or("it did not succeed");
        let at = take.report.step.as_ref().map(|it| format!(" at the step {it}")).unwrap_or_default();
        let (word, code) = match take.report.outcome {
            WorkflowOutcome::Skipped => ("left out:", 3),
            _ => ("failed:", 1),
        };
        anstream::eprintln!("{} {api} {id}{at}: {reason}", word.red().bold());
        status = status.max(code);
    }
    // Several workflows may show the same.
    let new: Vec<_> =
        take.findings.iter().filter(|it| told.insert(it.fingerprint.clone())).cloned().collect();
    if !new.is_empty() {
        anstream::println!("{}", paragraphs(&new, true).trim_end());
    }
    Ok(status)
}

/// What of an id may stand in the name of a file.
fn file_name(id: &str) -> String {
    let plain = |it: char| if it.is_ascii_alphanumeric() || matches!(it, '-' | '_') { it } else { '-' };
    id.chars().map(plain).collect()
}
