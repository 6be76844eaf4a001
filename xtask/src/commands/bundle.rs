//! `bundle`: a contract as one document for other people's tools.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use driftline_specs::{Api, Contract};
use miette::{IntoDiagnostic, WrapErr};

use super::Outcome;
use crate::{diagnostic, workspace};

/// Writes a contract as everything here sees it: one OpenAPI 3.0 document in JSON
///
/// Overlays are applied, neighbouring files are bundled in, and other versions of OpenAPI are normalised. Tools that know
/// no overlays can be given the result. Exit status: 0 done, 2 bad usage, or a contract that cannot be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask bundle --api enrollconnect > enrollconnect.json\n  \
    cargo xtask bundle --spec petstore.yaml --overlay ours.yaml --out petstore.json")]
pub(crate) struct Arguments {
    /// An API in specs/, with its overlay
    #[arg(long, value_name = "API", required_unless_present = "spec", conflicts_with = "spec")]
    api: Option<String>,

    /// A contract anywhere: OpenAPI in JSON or YAML
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,

    /// Overlays to apply to it, in this order
    #[arg(long = "overlay", value_name = "FILE", requires = "spec")]
    overlays: Vec<PathBuf>,

    /// The file that is written; standard output unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let contract = match (&arguments.api, &arguments.spec) {
        (Some(name), _) => Api::load(&workspace::specs(), name).map(|api| api.contract),
        (None, Some(spec)) => Contract::load(spec, &arguments.overlays),
        (None, None) => return Err(diagnostic::message("nothing to bundle", "name an API or a file")),
    };
    let contract = contract.map_err(|error| diagnostic::contract(&error))?;
    let text = format!("{:#}\n", contract.document());
    match &arguments.out {
        Some(path) => super::write_whole(path, &text)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display()))?,
        None => match std::io::stdout().write_all(text.as_bytes()) {
            // Who reads the beginning only has what they wanted.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
            written => written.into_diagnostic()?,
        },
    }
    Ok(ExitCode::SUCCESS)
}
