//! `import`: vendor pages to `specs/<api>/openapi.yaml`.

use std::process::ExitCode;

use super::Outcome;

/// Reads the fragments of a vendor's page into a contract
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_arguments: &Arguments) -> Outcome {
    Ok(ExitCode::SUCCESS)
}
