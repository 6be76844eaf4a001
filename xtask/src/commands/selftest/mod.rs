//! `selftest`: whether `drift` finds what it should. Mutants of each API are enumerated from its contract, the suites are
//! run against a sandbox that shows one of them, and it is counted which were found.

mod page;
mod sample;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use driftline_sandbox::{ModeKind, Mutant, MutantClass, mutants};
use driftline_specs::Api;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use miette::{IntoDiagnostic, WrapErr};
use tokio::task::JoinSet;

use super::Outcome;
use super::sandbox::no_such_mutant;
use crate::{diagnostic, workspace};
use trial::{Effort, Subject, Trial, unmutated};

/// Proves that `drift` finds drift: makes mutants of each API, and counts which are found
///
/// A mutant departs from the contract in one place: in an answer, in what is refused, in what a list gives, in what a
/// state allows, or in who is let in. It shows always, now and then (`~intermittent`, 1 in 20), or on a condition
/// (`~conditional`). For each one a stand-in shows it, and the suites of `drift` are run against that for at most ten
/// seconds (`--seconds`). It is found when there is a finding on its operation or about its place in the contract. One that the stand-in
/// never had an occasion to show cannot be found, and is listed apart. Each API is also run without a mutant: every finding
/// there is a false alarm.
///
/// Ctrl-C ends it with what became of the mutants so far; those that are being run are finished first.
///
/// Exit status: 0 when every mutant was found that was shown and that the contract rules out, without a false alarm; 1
/// otherwise; 2 bad usage; 3 when it was stopped, and nothing was wrong until then. `dropped-optional` does not count: the
/// contract allows to leave these properties out.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask selftest\n  \
    cargo xtask selftest --api clasp --all\n  \
    cargo xtask selftest --class retyped --class nulled --sample 20 --seed 7\n  \
    cargo xtask selftest --mode intermittent --sample 40\n  \
    cargo xtask selftest --list\n  \
    cargo xtask selftest --mutant clasp/retrieveConnection/200/employer/dropped")]
pub(crate) struct Arguments {
    /// Takes only mutants of this API; may be given several times
    #[arg(long = "api", value_name = "API")]
    apis: Vec<String>,

    /// Takes only mutants of this class, such as `retyped`; may be given several times
    #[arg(long = "class", value_name = "CLASS")]
    classes: Vec<MutantClass>,

    /// Takes only mutants that show `always`, `intermittent` or `conditional`; may be given several times
    #[arg(long = "mode", value_name = "MODE")]
    modes: Vec<ModeKind>,

    /// Takes only this mutant, whatever the sample; `--list` shows the IDs; may be given several times
    #[arg(long = "mutant", value_name = "ID", conflicts_with_all = ["apis", "classes", "modes", "all", "sample"])]
    mutants: Vec<String>,

    /// Runs every mutant
    #[arg(long, conflicts_with = "sample")]
    all: bool,

    /// How many mutants are run, spread over classes, modes and APIs
    #[arg(long, value_name = "N", default_value = "60")]
    sample: NonZeroUsize,

    /// Decides which mutants are in the sample, and the random choices of every run
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// Lists every mutant that --api, --class and --mode leave, and runs none
    #[arg(long)]
    list: bool,

    /// The most generated requests to one operation in each run, as of `drift`. What shows in several requests only is
    /// looked for once for every four of them, up to 25 times
    #[arg(long, value_name = "N", default_value_t = 100)]
    requests_per_operation: usize,

    /// The longest that each run against a mutant may take; what was not asked by then was not found
    #[arg(long, value_name = "N", default_value = "10")]
    seconds: NonZeroU64,

    /// Ends each run with its first finding, which is quicker: what is told more than once is not known then
    #[arg(long)]
    until_found: bool,

    /// Writes what became of each mutant into this file, for programs
    #[arg(long, value_name = "FILE", conflicts_with = "list")]
    json: Option<PathBuf>,
}

/// How many runs go on at once: each has its own sandbox, and two keep two cores busy.
const AT_ONCE: usize = 2;

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let apis = apis(arguments)?;
    let population = population(arguments, &apis)?;
    if arguments.list {
        for mutant in &population {
            anstream::println!("{}", mutant.id());
        }
        return Ok(ExitCode::SUCCESS);
    }
    if population.is_empty() {
        // Nothing missed of nothing would look like a proof.
        return Err(diagnostic::message(
            "no mutant is of these APIs, classes and modes",
            "leave one of them out",
        ));
    }
    if let Some(folder) = arguments.json.as_deref().and_then(Path::parent)
        && !folder.as_os_str().is_empty()
        && !folder.is_dir()
    {
        return Err(diagnostic::message(format!("there is no folder {}", folder.display()), "make it first"));
    }
    let total = population.len();
    let chosen = if arguments.all || !arguments.mutants.is_empty() {
        population
    } else {
        sample::spread(population, arguments.sample.get(), arguments.seed)
    };
    let wanted = chosen.len();
    let effort = Effort {
        seed: arguments.seed,
        requests_per_operation: arguments.requests_per_operation,
        at_most: Duration::from_secs(arguments.seconds.get()),
        until_found: arguments.until_found,
    };
    let concerned: BTreeSet<&str> = chosen.iter().map(|mutant| mutant.api.as_str()).collect();
    let concerned: Vec<Arc<Subject>> =
        apis.values().filter(|subject| concerned.contains(subject.api.name.as_str())).cloned().collect();
    let runtime = tokio::runtime::Runtime::new().into_diagnostic()?;
    let (quiet, trials) = runtime.block_on(async {
        let mut quiet = Vec::new();
        for subject in &concerned {
            quiet.push(unmutated(subject, effort).await?);
        }
        Ok::<_, miette::Report>((quiet, tried(&apis, chosen, effort).await?))
    })?;
    let stopped = trials.len() < wanted;
    // What took minutes is shown, also where the file cannot be written.
    anstream::print!("{}", page::written(&trials, total, &quiet));
    if let Some(path) = &arguments.json {
        super::write_whole(path, &page::json(&trials, &quiet, stopped))
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display()))?;
    }
    if stopped {
        anstream::eprintln!("stopped: {} of {wanted} mutants were not run", wanted - trials.len());
    }
    let passed = trials.iter().all(Trial::is_as_it_should_be) && quiet.iter().all(trial::Quiet::is_silent);
    Ok(match (passed, stopped) {
        (false, _) => ExitCode::from(1),
        (true, true) => ExitCode::from(3),
        (true, false) => ExitCode::SUCCESS,
    })
}

fn apis(arguments: &Arguments) -> Result<BTreeMap<String, Arc<Subject>>, miette::Report> {
    let served = driftline_sandbox::apis();
    if let Some(unknown) = arguments.apis.iter().find(|name| !served.contains(&name.as_str())) {
        return Err(diagnostic::message(
            format!("there is no stand-in for an API `{unknown}`"),
            format!("choose among {}", served.join(", ")),
        ));
    }
    let chosen = served
        .into_iter()
        .filter(|name| arguments.apis.is_empty() || arguments.apis.iter().any(|chosen| chosen == name));
    chosen
        .map(|name| {
            let api = Api::load(&workspace::specs(), name).map_err(|error| diagnostic::contract(&error))?;
            Ok((name.to_owned(), Arc::new(Subject::of(api)?)))
        })
        .collect()
}

/// The mutants that the arguments leave, in the order of APIs and contracts.
fn population(
    arguments: &Arguments,
    apis: &BTreeMap<String, Arc<Subject>>,
) -> Result<Vec<Mutant>, miette::Report> {
    let of_api = |subject: &Arc<Subject>| {
        mutants(&subject.api.name, &subject.api.contract, subject.api.lifecycle.as_ref())
    };
    let mut all: Vec<Mutant> = apis.values().flat_map(of_api).collect();
    all.retain(|mutant| arguments.classes.is_empty() || arguments.classes.contains(&mutant.class()));
    all.retain(|mutant| arguments.modes.is_empty() || arguments.modes.contains(&mutant.mode.kind()));
    if arguments.mutants.is_empty() {
        return Ok(all);
    }
    let named = arguments
        .mutants
        .iter()
        .map(|id| all.iter().find(|mutant| mutant.id() == *id).cloned().ok_or_else(|| no_such_mutant(id)));
    named.collect()
}

/// Runs the suites against each mutant, until Ctrl-C; the trials come back in the order of the mutants.
async fn tried(
    apis: &BTreeMap<String, Arc<Subject>>,
    mutants: Vec<Mutant>,
    effort: Effort,
) -> Result<Vec<Trial>, miette::Report> {
    let bar = bar(mutants.len());
    let mut waiting = mutants.into_iter().enumerate();
    let mut runs = JoinSet::new();
    let mut trials = BTreeMap::new();
    let stopped = super::sandbox::stopped();
    let stopper = tokio::spawn(async {
        stopped.await;
        anstream::eprintln!("stopping when those are done that are being run");
    });
    anstream::eprintln!("running {} mutants", waiting.len());
    loop {
        while runs.len() < AT_ONCE
            && !stopper.is_finished()
            && let Some((at, mutant)) = waiting.next()
        {
            let Some(subject) = apis.get(&mutant.api).cloned() else { continue };
            bar.set_message(mutant.id());
            runs.spawn(async move { (at, trial::of(&subject, mutant, effort).await) });
        }
        let Some(run) = runs.join_next().await else { break };
        let (at, trial) = run.into_diagnostic()?;
        trials.insert(at, trial?);
        bar.inc(1);
    }
    stopper.abort();
    bar.finish_and_clear();
    Ok(trials.into_values().collect())
}

/// A progress bar, which hides where standard error is no terminal.
fn bar(length: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} [{bar:24}] {pos}/{len}  {wide_msg} {eta}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}
