//! `record`: recordings of what an API was asked and answered, masked.

mod play;
mod traffic;

use std::path::PathBuf;

use driftline_specs::Api;

use super::Outcome;
use super::endpoint::EndpointArguments;
use super::script::ScriptArguments;
use crate::{diagnostic, workspace};

/// Records what an API was asked and answered, masked, as HAR
///
/// Plays the workflows of `specs/<api>/scenarios`. Each that succeeds becomes a file,
/// `specs/<api>/recordings/<workflow>.<target>.har` (HAR 1.2, which browsers open). Later runs of `drift` against the same
/// target compare their workflows with it, and `replay` judges it without an endpoint.
///
/// With --from, traffic that a browser or a proxy has captured is imported instead: entries whose host and path are an
/// operation's are kept, and thinned out to one for each operation, status and shape of bodies.
///
/// Credentials and personal data are masked before anything reaches the disk, and a recording that is there is replaced in
/// one step.
///
/// Exit status: 0 recorded, 1 a workflow failed, its answers depart from the contract, or nothing of the contract was in
/// the capture, 2 bad usage, configuration or contract, 3 inconclusive (endpoint unreachable or not authorised).
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask record --api enrollconnect\n  \
    cargo xtask record --api enrollconnect --target staging --scenario enroll\n  \
    cargo xtask record --api clasp --from capture.har\n  \
    cargo xtask record --api clasp --drift clasp-total-of-page --out drifted")]
pub(crate) struct Arguments {
    /// The API in specs/
    #[arg(long, value_name = "API")]
    api: String,

    #[command(flatten)]
    endpoint: EndpointArguments,

    #[command(flatten)]
    script: ScriptArguments,

    /// Lets the embedded sandbox depart from its contract; `cargo xtask sandbox --list-drifts` lists the kinds. Needs
    /// --out, so that what is wrong does not take the place of what is right
    #[arg(long = "drift", value_name = "ID", requires = "out")]
    drifts: Vec<String>,

    /// Leaves what the workflows created as it is, instead of ending it where the API can
    #[arg(long)]
    keep: bool,

    /// Imports a capture in HAR instead of playing workflows
    #[arg(
        long,
        value_name = "CAPTURE",
        conflicts_with_all = ["target", "base_url", "headers", "queries", "clock", "only", "inputs", "scenarios", "drifts", "keep"]
    )]
    from: Option<PathBuf>,

    /// With --from, a host whose traffic is the API's, beside those of its targets and of the contract; may be given several
    /// times
    #[arg(long = "host", value_name = "HOST[:PORT]", requires = "from")]
    hosts: Vec<String>,

    /// With --from, shows everything that was left out
    #[arg(long, requires = "from")]
    verbose: bool,

    /// The folder for the recordings of workflows, or the file for a capture; by default `specs/<API>/recordings`, and
    /// `traffic.har` in it
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let api = Api::load(&workspace::specs(), &arguments.api).map_err(|error| diagnostic::contract(&error))?;
    match &arguments.from {
        Some(capture) => traffic::record(arguments, &api, capture),
        None => play::record(arguments, api),
    }
}
