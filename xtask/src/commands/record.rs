//! `record`: plays workflows and keeps what was sent and answered, masked.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use driftline_conformance::recording::{Take, record};
use driftline_conformance::report::paragraphs;
use driftline_conformance::{Cancel, RunOptions, WorkflowOutcome};
use driftline_specs::Api;
use miette::IntoDiagnostic;
use owo_colors::OwoColorize;

use super::Outcome;
use super::endpoint::{Embedded, EndpointArguments, Subject};
use super::progress::Bar;
use super::script::ScriptArguments;
use crate::{diagnostic, workspace};

/// Plays workflows, and records what an endpoint answers
///
/// Each workflow that succeeds becomes a file, `specs/<api>/recordings/<workflow>.<target>.har` (HAR 1.2, which browsers
/// open). Credentials and personal data are masked before anything reaches the disk. Later runs of `drift` against the same
/// target compare their workflows with it, and `replay` judges it without an endpoint.
///
/// Exit status: 0 recorded, 1 a workflow failed or its answers depart from the contract, 2 bad usage, configuration or
/// contract, 3 inconclusive (endpoint unreachable or not authorised).
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask record --api enrollconnect\n  \
    cargo xtask record --api enrollconnect --target staging --scenario enroll\n  \
    cargo xtask record --api clasp --drift clasp-total-of-page --out /tmp/drifted")]
pub(crate) struct Arguments {
    /// The API whose workflows are recorded
    #[arg(long, value_name = "API")]
    api: String,

    #[command(flatten)]
    endpoint: EndpointArguments,

    #[command(flatten)]
    script: ScriptArguments,

    /// Lets the embedded sandbox depart from its contract; `cargo xtask sandbox --list-drifts` lists the kinds. Needs --out,
    /// so that what is wrong does not take the place of what is right
    #[arg(long = "drift", value_name = "ID", requires = "out")]
    drifts: Vec<String>,

    /// Writes the recordings into this folder instead of the API's own
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Leaves what the workflows created as it is, instead of ending it where the API can
    #[arg(long)]
    keep: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let api = Api::load(&workspace::specs(), &arguments.api).map_err(|error| diagnostic::contract(&error))?;
    let folder = arguments.out.clone().unwrap_or_else(|| api.dir.join("recordings"));
    let subject = Subject { name: api.name.clone(), contract: api.contract.clone(), api: Some(api) };
    let runtime = tokio::runtime::Runtime::new().into_diagnostic()?;
    let takes = runtime.block_on(play(arguments, &subject))?;
    let mut status = 0;
    for take in &takes {
        status = status.max(show(take, &folder, &arguments.api)?);
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
        super::sandbox::stopped().await;
        cancel.trigger();
        anstream::eprintln!("{}", "stopping; what is complete is kept".yellow());
        super::sandbox::stopped().await;
        std::process::exit(130);
    });
    let takes = record(options).await.map_err(|error| {
        diagnostic::message(error.to_string(), "`cargo xtask record --help` shows the options")
    });
    stopper.abort();
    if let Some(sandbox) = sandbox {
        sandbox.shutdown().await;
    }
    takes
}

/// Writes what was recorded of a workflow, says what came of it, and returns the exit status that it asks for.
fn show(take: &Take, folder: &Path, api: &str) -> Result<u8, miette::Report> {
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
    if !take.findings.is_empty() {
        anstream::println!("{}", paragraphs(&take.findings, true).trim_end());
    }
    Ok(status)
}

/// What of an id may stand in the name of a file.
fn file_name(id: &str) -> String {
    let plain = |it: char| if it.is_ascii_alphanumeric() || matches!(it, '-' | '_') { it } else { '-' };
    id.chars().map(plain).collect()
}
