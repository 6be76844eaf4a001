//! `checks`: what `drift` looks for.

use std::process::ExitCode;

use driftline_conformance::checks::{self, Severity};
use owo_colors::OwoColorize;

use super::Outcome;

/// Lists the checks: what each looks for in what an endpoint answers, and why that matters to a client
///
/// Nothing is sent. A check stands with the worst severity that its findings have; docs/checks.md says what the
/// severities mean. Exit status: 0, or 2 for bad usage.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Prints the page docs/checks.md
    #[arg(long)]
    markdown: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.markdown {
        anstream::print!("{}", checks::documentation());
        return Ok(ExitCode::SUCCESS);
    }
    for check in checks::all() {
        let severity = check.severity();
        let shown = match severity {
            Severity::Breaking => severity.red().bold().to_string(),
            Severity::Behavioural => severity.yellow().bold().to_string(),
            Severity::Additive | Severity::Notice => severity.cyan().bold().to_string(),
        };
        anstream::println!("{} {shown}", check.id().bold());
        anstream::println!("    {}", check.summary());
        anstream::println!("    {}", check.reason().dimmed());
    }
    Ok(ExitCode::SUCCESS)
}
