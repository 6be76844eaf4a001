//! `corpus`: every contract of a folder becomes a crate, and what becomes of it is measured: whether it generates
//! and compiles, what that costs, and whether its types lose anything.

mod cargo;
mod measure;
mod ours;
mod page;
mod peers;
mod report;
#[cfg(feature = "endpoints")]
mod round_trip;
mod source;
mod subject;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use miette::{IntoDiagnostic, WrapErr};

use self::cargo::{Compiled, Workspace};
use self::ours::Generated;
use self::page::Findings;
use self::subject::Subject;
use super::Outcome;
use crate::{diagnostic, workspace};

pub(crate) use self::measure::as_parent;
#[cfg(feature = "endpoints")]
pub(crate) use self::round_trip::{Arguments as RoundTripArguments, run as round_trip};

/// The compiler may take this long for one crate, on the processors.
const COMPILER_PATIENCE: Duration = Duration::from_secs(600);

/// Compiles crates without making anything of them.
const CHECK: &[&str] = &["check"];

/// Builds crates as a user's release does.
const BUILD: &[&str] = &["build", "--release"];

/// Generates a crate from every contract of a folder, and compiles them
///
/// Each contract has a process of its own, so that time, memory and a crash are its own as well. Prints a table
/// and writes it as Markdown if asked. Figures are those of the build that runs: `cargo run --release -p xtask --
/// corpus …` gives those of an optimised one. Exit status: 0 all generated (and compiled without a warning, with
/// --check; and every value came back, with --round-trip), 1 some did not, 2 bad usage.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder, searched with all folders below it for JSON and YAML
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Compiles the crates too, in one shared target folder
    #[arg(long)]
    check: bool,

    /// With `--check`: builds the crates optimised as well, to measure what that costs
    #[arg(long, requires = "check")]
    release: bool,

    /// Runs other generators on the same contracts, all or those that are named; missing ones are installed
    #[arg(
        long,
        value_name = "NAMES",
        num_args = 0..,
        require_equals = true,
        value_delimiter = ',',
        value_parser = clap::builder::PossibleValuesParser::new(peers::PEERS.iter().map(|peer| peer.name)),
    )]
    peers: Option<Vec<String>>,

    /// Sends valid values of every component schema through the generated types and back
    #[cfg(feature = "endpoints")]
    #[arg(long)]
    round_trip: bool,

    /// How many values of each schema, in each direction in which it travels
    #[cfg(feature = "endpoints")]
    #[arg(long, value_name = "N", default_value_t = 8)]
    values: usize,

    /// Where the randomness of the values starts
    #[cfg(feature = "endpoints")]
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// With `--round-trip`: tries drifted values as well (unknown ones, nulls, integers as floats)
    #[cfg(feature = "endpoints")]
    #[arg(long, requires = "round_trip")]
    drifted: bool,

    /// With `--round-trip`: writes what came back into this file, as Markdown; what stands there under "Notes" is kept
    #[cfg(feature = "endpoints")]
    #[arg(long, value_name = "FILE", requires = "round_trip")]
    values_table: Option<PathBuf>,

    /// Takes only contracts whose path contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,

    /// Writes the table into this file, as Markdown; what stands there under "Notes" is kept
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,

    /// Where crates and target folder go
    #[arg(long, value_name = "DIR", default_value = "target/corpus")]
    out: PathBuf,
}

/// What became of one contract.
#[derive(Debug)]
struct Row {
    subject: Subject,
    generated: Generated,
    compiled: Option<Compiled>,
    /// What the optimised build costs, if it was asked for.
    built: Option<Compiled>,
    #[cfg(feature = "endpoints")]
    trips: Option<round_trip::Trips>,
}

impl Row {
    /// How many operations the contract has.
    fn operations_found(&self) -> u64 {
        let left_out = self.generated.list("left_out").len();
        self.generated.figure("operations") + u64::try_from(left_out).unwrap_or_default()
    }

    /// Whether nothing that was asked for went wrong.
    fn is_good(&self) -> bool {
        let compiled = self.compiled.as_ref().is_none_or(|it| it.success && it.warnings == 0);
        #[cfg(feature = "endpoints")]
        let trips = self.trips.as_ref().is_none_or(|it| it.failure.is_none() && it.missed() == 0);
        #[cfg(not(feature = "endpoints"))]
        let trips = true;
        self.generated.summary.is_some() && compiled && trips
    }
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let folder = &arguments.folder;
    let subjects =
        subject::find(folder, arguments.only.as_deref()).into_diagnostic().wrap_err_with(|| {
            format!("cannot read {}; name a folder with OpenAPI documents", folder.display())
        })?;
    if subjects.is_empty() {
        return Err(diagnostic::message(
            format!("{} holds no contract", folder.display()),
            "name a folder with OpenAPI documents in JSON or YAML",
        ));
    }
    let out = if arguments.out.is_absolute() {
        arguments.out.clone()
    } else {
        workspace::root().join(&arguments.out)
    };
    std::fs::create_dir_all(out.join("crates")).into_diagnostic()?;
    let out = out.canonicalize().into_diagnostic()?;
    let crates = Workspace {
        root: out.join("crates"),
        target: out.join("target"),
        limit: COMPILER_PATIENCE,
        // Beside peers everything is measured one by one.
        jobs: arguments.peers.as_ref().map(|_| 1),
        online: false,
    };

    let threads = if arguments.peers.is_some() { 1 } else { every_core() };
    let rows = in_parallel(subjects, threads, |subject| {
        let generated = ours::generate(&subject, &crates.root);
        report::generated(&subject, &generated);
        (subject, generated)
    });
    let mut rows: Vec<Row> = rows
        .into_iter()
        .map(|(subject, generated)| Row {
            subject,
            generated,
            compiled: None,
            built: None,
            #[cfg(feature = "endpoints")]
            trips: None,
        })
        .collect();
    if arguments.peers.is_some() {
        again(&mut rows, &crates);
    }
    // The versions that this project is tested with.
    let lock = crates.root.join("Cargo.lock");
    std::fs::copy(workspace::root().join("Cargo.lock"), &lock)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write {}", lock.display()))?;
    if arguments.check {
        check(&mut rows, &crates, arguments.release)
            .into_diagnostic()
            .wrap_err("cannot compile the crates")?;
    }
    #[cfg(feature = "endpoints")]
    if arguments.round_trip {
        let options = driftline_conformance::round_trip::Options {
            values: arguments.values,
            seed: arguments.seed,
            drifted: arguments.drifted,
        };
        // What these builds cost is not measured.
        round_trips(&mut rows, &Workspace { jobs: None, ..crates.clone() }, options)
            .into_diagnostic()
            .wrap_err("cannot compile the programs that read and write values")?;
    }
    let peers = if let Some(names) = &arguments.peers {
        let subjects: Vec<Subject> = rows.iter().map(|row| row.subject.clone()).collect();
        let large: Vec<String> =
            page::largest(&rows).into_iter().map(|row| row.subject.slug.clone()).collect();
        peers::run(names, &subjects, &large, &out, arguments.check, arguments.release)
            .into_diagnostic()
            .wrap_err("cannot run the other generators")?
    } else {
        Vec::new()
    };
    if let Some(table) = &arguments.table {
        let findings =
            Findings { rows: &rows, peers: &peers, checked: arguments.check, built: arguments.release };
        page::write(table, |notes| page::markdown(&findings, notes)).into_diagnostic()?;
    }
    #[cfg(feature = "endpoints")]
    if let Some(table) = &arguments.values_table {
        page::write(table, |notes| round_trip::page(&rows, notes)).into_diagnostic()?;
    }
    report::total(&rows, &peers);
    Ok(ExitCode::from(u8::from(!rows.iter().all(Row::is_good))))
}

fn check(rows: &mut [Row], crates: &Workspace, release: bool) -> std::io::Result<()> {
    let slugs = rows.iter().filter(|row| row.generated.summary.is_some());
    let slugs: Vec<String> = slugs.map(|row| row.subject.slug.clone()).collect();
    let mut compiled = crates.run(CHECK, &slugs, &slugs, &crates.root.join("check.log"))?;
    let mut built = BTreeMap::new();
    if release {
        built = crates.run(BUILD, &slugs, &slugs, &crates.root.join("build.log"))?;
    }
    for row in rows.iter_mut().filter(|row| row.generated.summary.is_some()) {
        let outcome = compiled.remove(&row.subject.slug).unwrap_or_default();
        report::compiled(&row.subject.name, &outcome);
        row.compiled = Some(outcome);
        row.built = built.remove(&row.subject.slug);
        if let Some(built) = &row.built {
            report::built(&row.subject.name, built);
        }
    }
    Ok(())
}

#[cfg(feature = "endpoints")]
fn round_trips(
    rows: &mut [Row],
    crates: &Workspace,
    options: driftline_conformance::round_trip::Options,
) -> std::io::Result<()> {
    let generated = rows.iter().filter(|row| row.generated.summary.is_some());
    let generated: Vec<_> = generated.map(|row| (&row.subject, &row.generated)).collect();
    let programs = round_trip::programs(crates, &generated)?;
    let subjects: Vec<Subject> = generated.iter().map(|(subject, _)| (*subject).clone()).collect();
    let trips = in_parallel(subjects, every_core(), |subject| {
        let trips = match programs.get(&subject.slug) {
            Some(Ok(program)) => round_trip::trips(&subject, program, &crates.root, options),
            Some(Err(problem)) => round_trip::Trips { failure: Some(problem.clone()), ..Default::default() },
            None => round_trip::Trips::default(),
        };
        report::trips(&subject, &trips);
        (subject.slug, trips)
    });
    for (slug, trips) in trips {
        if let Some(row) = rows.iter_mut().find(|row| row.subject.slug == slug) {
            row.trips = Some(trips);
        }
    }
    Ok(())
}

/// Measures generating the largest contracts twice more.
fn again(rows: &mut [Row], crates: &Workspace) {
    let large: Vec<String> = page::largest(rows).into_iter().map(|row| row.subject.slug.clone()).collect();
    for row in rows.iter_mut().filter(|row| large.contains(&row.subject.slug)) {
        for _ in 0..2 {
            let again = ours::generate(&row.subject, &crates.root);
            row.generated.cost = std::mem::take(&mut row.generated.cost).least(again.cost);
        }
    }
}

fn every_core() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Makes something of every item, on several threads; the results stay in the order of the items.
fn in_parallel<T: Send, R: Send>(items: Vec<T>, threads: usize, make: impl Fn(T) -> R + Sync) -> Vec<R> {
    let queue = Mutex::new(items.into_iter().enumerate());
    let made = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, item)) = next else { return };
                    let result = make(item);
                    made.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_by_key(|(index, _)| *index);
    made.into_iter().map(|(_, result)| result).collect()
}
