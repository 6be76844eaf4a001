//! `replay`: judges what was recorded, without an endpoint.

use std::path::PathBuf;
use std::process::ExitCode;

use driftline_conformance::recording::{Hearing, judge};
use driftline_conformance::registered;
use driftline_conformance::report::paragraphs;
use driftline_specs::{Api, Contract, Recording};
use owo_colors::OwoColorize;

use super::Outcome;
use crate::{diagnostic, workspace};

/// Judges recordings by their contract, or by another one, without an endpoint
///
/// Every recorded answer is judged as `drift` judges it, and decoded by the generated types. Every recorded request that
/// was accepted has to be allowed. With --spec another contract has the say: what would this change of the vendor's have
/// broken?
///
/// Exit status: 0 the contract agrees with what was recorded, 1 it does not, 2 bad usage, configuration, contract or
/// recording.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask replay\n  \
    cargo xtask replay --api enrollconnect --spec next.yaml\n  \
    cargo xtask replay --spec petstore.yaml --recordings captures")]
pub(crate) struct Arguments {
    /// Judges only this API's recordings; may be given several times
    #[arg(long = "api", value_name = "API")]
    apis: Vec<String>,

    /// Judges by this contract, with the overlay of the API where there is one
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,

    /// Judges by --spec as it is, without the overlay of the API
    #[arg(long, requires = "spec")]
    without_overlay: bool,

    /// The folder with the recordings, `*.har`; that of the API unless given
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
}

/// What is judged by what.
struct Case {
    name: String,
    contract: Contract,
    is_own: bool,
    recordings: Vec<(String, Recording)>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let cases = cases(arguments)?;
    if cases.iter().all(|case| case.recordings.is_empty()) {
        return Err(diagnostic::message(
            "there are no recordings to judge",
            "`cargo xtask record --api API` makes some; --recordings names another folder",
        ));
    }
    let mut status = 0;
    for case in cases.iter().filter(|case| !case.recordings.is_empty()) {
        // Types that were made from another contract have no say.
        let models = if case.is_own { registered(&case.name) } else { None };
        let hearing = judge(&case.name, &case.contract, models, &case.recordings);
        status = status.max(show(case, &hearing));
    }
    Ok(ExitCode::from(status))
}

fn cases(arguments: &Arguments) -> Result<Vec<Case>, miette::Report> {
    let refuse = |error: driftline_specs::Error| diagnostic::contract(&error);
    let given = match &arguments.recordings {
        Some(folder) => Some(named(driftline_specs::recordings(folder).map_err(refuse)?)),
        None => None,
    };
    if arguments.apis.is_empty()
        && let Some(spec) = &arguments.spec
    {
        let Some(recordings) = given else {
            return Err(diagnostic::message(
                "--spec is a contract, and there is nothing to judge by it",
                "name the API whose recordings are meant, --api API, or a folder, --recordings DIR",
            ));
        };
        let contract = Contract::load(spec, &[]).map_err(refuse)?;
        let name = spec.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(vec![Case { name, contract, is_own: false, recordings }]);
    }
    let specs = workspace::specs();
    let names =
        if arguments.apis.is_empty() { Api::list(&specs).map_err(refuse)? } else { arguments.apis.clone() };
    if names.len() > 1 && (arguments.spec.is_some() || given.is_some()) {
        return Err(diagnostic::message(
            "--spec and --recordings are of one API, and there are several",
            format!("say which: --api {}", names.join(" or --api ")),
        ));
    }
    let mut cases = Vec::new();
    for name in names {
        let api = Api::load(&specs, &name).map_err(refuse)?;
        let recordings = match &given {
            Some(recordings) => recordings.clone(),
            None => named(api.recordings().map_err(refuse)?),
        };
        let contract = match &arguments.spec {
            None => api.contract.clone(),
            Some(spec) => {
                let overlay = api.dir.join("overlay.yaml");
                let overlays =
                    if overlay.is_file() && !arguments.without_overlay { vec![overlay] } else { Vec::new() };
                Contract::load(spec, &overlays).map_err(refuse)?
            }
        };
        cases.push(Case { name, contract, is_own: arguments.spec.is_none(), recordings });
    }
    Ok(cases)
}

fn named(recordings: Vec<(PathBuf, Recording)>) -> Vec<(String, Recording)> {
    let name = |path: PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    recordings.into_iter().map(|(path, recording)| (name(path), recording)).collect()
}

/// Says what came of an API's recordings, and returns the exit status that it asks for.
fn show(case: &Case, hearing: &Hearing) -> u8 {
    let bodies = &hearing.bodies;
    anstream::println!(
        "{}  {}",
        case.name.bold(),
        format!(
            "{} exchanges of {} recordings · {} bodies valid and decoded · {} not valid · {} not decoded",
            hearing.exchanges,
            case.recordings.len(),
            bodies.valid_decoded,
            bodies.invalid_decoded + bodies.invalid_undecoded,
            bodies.valid_undecoded + bodies.invalid_undecoded,
        )
        .dimmed()
    );
    for foreign in &hearing.foreign {
        let step = foreign.step.as_ref().map(|it| format!(" at {it}")).unwrap_or_default();
        anstream::println!(
            "  {} {}{step}: the contract has no operation for {} {}",
            "✗".red(),
            foreign.recording,
            foreign.method,
            diagnostic::printable(&foreign.path)
        );
    }
    if !hearing.findings.is_empty() {
        anstream::println!("\n{}", paragraphs(&hearing.findings, true).trim_end());
    }
    let broken = hearing.findings.len() + hearing.foreign.len();
    if broken == 0 {
        anstream::println!("{}\n", "the contract agrees with what was recorded".green());
    } else {
        anstream::println!("{}\n", format!("the contract disagrees in {broken} places").red());
    }
    u8::from(broken > 0)
}
