//! Whether generated types lose anything: valid values of every component schema go through them and back.
//!
//! Each crate gets a small program ([`harness`]) that reads and writes values as its types; all of them are
//! compiled at once. Then a process for each contract makes the values, asks the program, and compares.

pub(crate) mod drift;
mod harness;
mod page;
mod process;
mod total;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use driftline_conformance::round_trip::{Options, SchemaTrips, round_trips};
use driftline_specs::Contract;
use miette::{IntoDiagnostic, WrapErr};

use super::super::Outcome;
use super::cargo::Workspace;
use super::measure;
use super::ours::Generated;
use super::subject::Subject;
use crate::diagnostic;

pub(crate) use page::page;
pub(crate) use total::Total;

/// The values of one contract may take this long.
const PATIENCE: Duration = Duration::from_secs(1200);

/// What became of the values of one contract.
#[derive(Debug, Default)]
pub(crate) struct Trips {
    /// Each schema that was tried.
    pub(crate) schemas: Vec<SchemaTrips>,
    /// Why not all of them were.
    pub(crate) failure: Option<String>,
}

/// Tries values of every component schema of a contract in the program that reads and writes its types
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub(crate) struct Arguments {
    /// The contract
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,

    /// The program, as `corpus` makes it
    #[arg(long, value_name = "FILE")]
    program: PathBuf,

    /// How many values of each schema
    #[arg(long)]
    values: usize,

    /// Where randomness starts
    #[arg(long)]
    seed: u64,

    /// Whether drifted values are tried as well
    #[arg(long)]
    drifted: bool,

    /// Where the outcome goes, a line for each schema
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Does the work of one process.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let contract = Contract::load(&arguments.spec, &[]).map_err(|error| diagnostic::contract(&error))?;
    let mut codec = process::Program::new(&arguments.program);
    let mut out = std::fs::File::create(&arguments.out).into_diagnostic()?;
    let mut failure = None;
    let options = Options { values: arguments.values, seed: arguments.seed, drifted: arguments.drifted };
    round_trips(&contract, &mut codec, options, &mut |trips| {
        let line = serde_json::to_string(trips).map_err(std::io::Error::other);
        let written = line.and_then(|line| writeln!(out, "{line}"));
        failure = failure.take().or(written.err());
    });
    match failure {
        None => Ok(ExitCode::SUCCESS),
        Some(error) => Err(error).into_diagnostic().wrap_err("cannot write what became of the values"),
    }
}

/// Makes and compiles the programs; gives each by the contract's slug.
pub(super) fn programs(
    workspace: &Workspace,
    generated: &[(&Subject, &Generated)],
) -> std::io::Result<BTreeMap<String, Result<PathBuf, String>>> {
    let mut members = Vec::new();
    let mut packages = Vec::new();
    for (subject, generated) in generated {
        let folder = workspace.root.join("round-trip").join(&subject.slug);
        harness::write(&folder, &subject.slug, &models(subject, generated))?;
        members.push(subject.slug.clone());
        members.push(format!("round-trip/{}", subject.slug));
        packages.push(format!("trip-{}", subject.slug));
    }
    let log = workspace.root.join("round-trip.log");
    let compiled = workspace.run(&["build"], &members, &packages, &log)?;
    let programs = generated.iter().map(|(subject, _)| {
        let own = compiled.get(&format!("round-trip/{}", subject.slug));
        let program = own.and_then(|own| own.program.clone()).ok_or_else(|| {
            let krate = compiled.get(&subject.slug);
            let said =
                krate.and_then(|krate| krate.first.clone()).or_else(|| own.and_then(|own| own.first.clone()));
            let said = said.unwrap_or_else(|| format!("see {}", log.display()));
            format!("the crate does not compile: {said}")
        });
        (subject.slug.clone(), program)
    });
    Ok(programs.collect())
}

/// The types of a contract's component schemas, as they are used.
fn models(subject: &Subject, generated: &Generated) -> BTreeMap<String, String> {
    let models = generated.summary.as_ref().and_then(|summary| summary["models"].as_object());
    let krate = subject.slug.replace('-', "_");
    let entries = models.into_iter().flatten().filter_map(|(pointer, model)| {
        let name = format!("{krate}::models::{}", model["name"].as_str()?);
        let nullable = model["nullable"] == true;
        let ty = if nullable { format!("driftline_runtime::Nullable<{name}>") } else { name };
        Some((pointer.clone(), ty))
    });
    entries.collect()
}

/// Tries the values of one contract, in a process of its own.
pub(super) fn trips(subject: &Subject, program: &Path, folder: &Path, options: Options) -> Trips {
    let out = folder.join(format!("{}.trips", subject.slug));
    let failure = match start(subject, program, folder, &out, options) {
        Err(error) => Some(error.to_string()),
        Ok(record) if record.stopped => Some(format!("stopped after {} s", PATIENCE.as_secs())),
        Ok(record) => match record.status {
            Some(0) => None,
            Some(code) => Some(format!("exit status {code}")),
            None => Some("ended by a signal".to_owned()),
        },
    };
    let lines = std::fs::read_to_string(&out).unwrap_or_default();
    let schemas = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    Trips { schemas, failure }
}

fn start(
    subject: &Subject,
    program: &Path,
    folder: &Path,
    out: &Path,
    options: Options,
) -> std::io::Result<measure::Record> {
    let _ = std::fs::remove_file(out);
    let mut command = measure::command(std::env::current_exe()?, PATIENCE)?;
    command.arg("round-trip").arg("--spec").arg(&subject.path).arg("--program").arg(program);
    command.arg("--values").arg(options.values.to_string()).arg("--seed").arg(options.seed.to_string());
    if options.drifted {
        command.arg("--drifted");
    }
    command.arg("--out").arg(out).env("NO_COLOR", "1").stdout(Stdio::null());
    command.stderr(std::fs::File::create(folder.join(format!("{}.trips.log", subject.slug)))?);
    measure::run(command, &folder.join(format!("{}.trips.cost", subject.slug)))
}
