//! `drift --dry-run`: prints what would be sent, and sends nothing.

use driftline_conformance::{Limits, OperationOutline, Outline, WorkflowOutline};
use owo_colors::OwoColorize;

/// How a dry run is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a person at a terminal
    Text,
    /// For a program
    Json,
}

/// Prints what runs would send.
pub(crate) fn print(outlines: &[Outline], format: Format) {
    match format {
        Format::Json => {
            let json = serde_json::json!({ "format": 1, "apis": outlines });
            anstream::println!("{json:#}");
        }
        Format::Text => outlines.iter().for_each(text),
    }
}

fn text(outline: &Outline) {
    let at = outline.base_url.as_deref().unwrap_or("the embedded sandbox");
    anstream::println!("{}  {}", outline.api.bold(), format!("{} at {at}", outline.target).dimmed());
    anstream::println!("  {} {}", "seed       ".dimmed(), outline.seed);
    anstream::println!("  {} {}", "run tag    ".dimmed(), outline.run_tag);
    let credentials = outline.credentials.join(", ");
    let credentials = if credentials.is_empty() { "none" } else { &credentials };
    anstream::println!("  {} {credentials}", "credential ".dimmed());
    anstream::println!("  {} {}", "limits     ".dimmed(), limits(&outline.limits));
    anstream::println!();
    for operation in &outline.operations {
        one(operation);
    }
    for workflow in &outline.workflows {
        self::workflow(workflow);
    }
    anstream::println!("{}", "nothing was sent".bold());
    anstream::println!();
}

fn workflow(workflow: &WorkflowOutline) {
    let summary = workflow.summary.as_deref().unwrap_or_default();
    anstream::println!("  {}  {}", format!("workflow {}", workflow.workflow_id).bold(), summary.cyan());
    match &workflow.skipped {
        Some(reason) => anstream::println!("    {}", format!("nothing: {reason}").dimmed()),
        None => anstream::println!("    {} steps · {}", workflow.steps, workflow.operations.join(", ")),
    }
}

fn limits(limits: &Limits) -> String {
    let mut words = vec![match limits.concurrency {
        1 => "strictly one request after another".to_owned(),
        many => format!("{many} requests at a time"),
    }];
    words.push(match limits.requests_per_second {
        Some(rate) => format!("{rate} a second"),
        None => "as fast as it answers".to_owned(),
    });
    words.push(match limits.max_requests {
        Some(most) => format!("{most} in all"),
        None => "no budget of requests".to_owned(),
    });
    words.extend(limits.max_seconds.map(|seconds| format!("{seconds} s in all")));
    words.extend(limits.max_wait.map(|seconds| format!("workflows wait {seconds} s at most")));
    words.push(match limits.changes_listed {
        true => "changes what it finds listed".to_owned(),
        false => "changes only what it created".to_owned(),
    });
    words.push(match limits.cleans_up {
        true => "ends what it created".to_owned(),
        false => "keeps what it created".to_owned(),
    });
    words.join(" · ")
}

fn one(operation: &OperationOutline) {
    let head = format!("{} {}", operation.method, operation.path);
    anstream::println!("  {}  {}", operation.operation_id.bold(), head.cyan());
    if let Some(reason) = &operation.skipped {
        anstream::println!("    {}", format!("nothing: {reason}").dimmed());
        return;
    }
    let mut facts = vec![format!("{} valid", operation.valid)];
    if operation.known_good > 0 {
        facts.push(format!(
            "{} known-good and {} variations among them",
            operation.known_good, operation.variations
        ));
    }
    facts.push(format!("up to {} near misses", operation.near_misses));
    if !operation.resources_from.is_empty() {
        facts.push(format!("on what {} gives", operation.resources_from.join(", ")));
    }
    anstream::println!("    {}", facts.join(" · "));
    for sketch in &operation.first {
        let body =
            sketch.body.as_ref().map(|it| format!("  {it}, {} bytes", sketch.bytes)).unwrap_or_default();
        let origin = sketch.origin.replace('_', "-");
        let line = format!("{} {}{body}  ({origin})", operation.method, sketch.target);
        anstream::println!("    {}", crate::diagnostic::printable(&line).dimmed());
    }
}
