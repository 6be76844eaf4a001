//! `drift`: the main job. Regenerate-check, then every suite against the target, then the verdict.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use driftline_conformance::ledger::{Date, Ledger};
use driftline_conformance::report::{ApiReport, terminal};
use driftline_conformance::target::Target;
use driftline_conformance::{
    Cancel, Outline, Partition, Report, Resources, RunOptions, RunTag, Suite, registered,
};
use driftline_specs::{Api, Contract, TargetKind};
use miette::{IntoDiagnostic, WrapErr};
use owo_colors::OwoColorize;

use super::endpoint::{Embedded, EndpointArguments, SANDBOX, Subject, is_loopback};
use super::progress::Bar;
use super::script::ScriptArguments;
use super::{Outcome, dry_run, norms, regenerate, resume, write_whole};
use crate::{diagnostic, workspace};

/// Compares APIs with their contracts, and says whether they have drifted
///
/// For each API it checks that the generated crate is what the contract says, probes the target with generated
/// requests, judges every answer, and ends with a verdict. Without options it does so for every API in specs/
/// against stand-ins that it starts itself. Where norms were learned (--learn), what the target has always answered is
/// held against it too, also where the contract does not require it.
///
/// Exit status: 0 no new drift, 1 new drift, 2 bad usage, configuration or contract, 3 inconclusive (endpoint
/// unreachable, not authorised, or too little of it exercised).
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask drift\n  \
    cargo xtask drift --api enrollconnect --target staging --dry-run\n  \
    cargo xtask drift --api enrollconnect --target staging --report drift-report\n  \
    cargo xtask drift --api enrollconnect --target staging --learn\n  \
    cargo xtask drift --resume drift-report --target staging\n  \
    cargo xtask drift --spec petstore.yaml --base-url http://127.0.0.1:8080 --header 'x-api-key: KEY'")]
pub(crate) struct Arguments {
    /// Judges only this API; may be given several times
    #[arg(long = "api", value_name = "API", conflicts_with = "spec")]
    apis: Vec<String>,

    #[command(flatten)]
    endpoint: EndpointArguments,

    #[command(flatten)]
    script: ScriptArguments,

    /// A contract outside specs/
    #[arg(long, value_name = "FILE", requires = "base_url")]
    spec: Option<PathBuf>,

    /// Runs only this suite; may be given several times
    #[arg(long = "suite", value_name = "SUITE")]
    suites: Vec<Suite>,

    /// Decides every random choice; the same seed against the same endpoint sends the same requests
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// The most valid requests to one operation in the first pass. Twice as many near misses may come on top, 64 at
    /// most; an endpoint on this machine gets as many as there are, and a second pass for what seldom shows
    #[arg(long, value_name = "N", default_value_t = 100)]
    requests_per_operation: usize,

    /// The most requests to one API; what ends what was created comes on top
    #[arg(long, value_name = "N")]
    max_requests: Option<u64>,

    /// The longest time for one API, in seconds
    #[arg(long, value_name = "SECS")]
    max_time: Option<u64>,

    /// The longest that workflows wait for states that take their time, in seconds for one API together: 2 for an endpoint
    /// on this machine, and elsewhere as long as they say. An endpoint's own --clock is moved instead
    #[arg(long, value_name = "SECS")]
    max_wait: Option<u64>,

    /// Ends the run of one API after so many deviations, and only confirms them and makes them small; what was not asked by
    /// then is not proved
    #[arg(long, value_name = "N")]
    max_findings: Option<NonZeroUsize>,

    /// Finds operations most of whose answers take longer; nothing is judged by time otherwise
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    max_latency: Option<u64>,

    /// Takes one part of the operations, so that several machines share the work
    #[arg(long, value_name = "M/N")]
    partition: Option<Partition>,

    /// Which resources may be changed: only what the run created, or any that it finds. `any` is the default for
    /// endpoints on this machine and refused for production
    #[arg(long, value_name = "own|any", value_parser = ["own", "any"])]
    resources: Option<String>,

    /// Known-good bodies for --spec: `<operationId>.json`, or `<operationId>.<label>.json` where there are several
    #[arg(long, value_name = "DIR", requires = "spec")]
    fixtures: Option<PathBuf>,

    /// The word that marks what the run sends, in User-Agent and in texts that the contract leaves to the caller;
    /// `driftline-` and eight digits made from the seed unless given
    #[arg(long, value_name = "TAG")]
    run_tag: Option<RunTag>,

    /// Leaves what the run created as it is, instead of ending it where the API can. It is the default for the embedded
    /// sandbox, which ends with the run
    #[arg(long)]
    keep: bool,

    /// Prints what would be sent, and sends nothing
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    dry_run: Option<dry_run::Format>,

    /// Learns from this run: adds what it has shown to the norms of the target, `specs/<api>/norms/<target>.json`, by which
    /// later runs are judged as well. Nothing is learned from a run that finds new drift or is cut off. To begin anew,
    /// delete the file
    #[arg(long, conflicts_with_all = ["resume", "dry_run"])]
    learn: bool,

    /// Judges by the norms in this file, or learns into it, instead of those of the target
    #[arg(long, value_name = "FILE")]
    norms: Option<PathBuf>,

    /// Writes report.json into this folder
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,

    /// Goes on where the run was stopped whose report is in this folder, and writes one report of both parts there
    /// unless --report names another folder. Everything else has to be as it was
    #[arg(long, value_name = "DIR", conflicts_with = "dry_run")]
    resume: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let before = match &arguments.resume {
        Some(folder) => Some(resume::read(folder, arguments.seed)?),
        None => None,
    };
    let subjects = subjects(arguments, before.as_ref())?;
    let seed = before.as_ref().map(|it| it.seed).or(arguments.seed).unwrap_or_else(fresh_seed);
    let runtime = tokio::runtime::Runtime::new().into_diagnostic()?;
    if let Some(format) = arguments.dry_run {
        let outlines = runtime.block_on(outlines(arguments, &subjects, seed))?;
        dry_run::print(&outlines, format);
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.spec.is_none() {
        check_generated()?;
    }
    let folder = arguments.report.as_ref().or(arguments.resume.as_ref());
    if let Some(folder) = folder {
        // A place that cannot be must not show after minutes of probing.
        std::fs::create_dir_all(folder)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot make the folder {}", folder.display()))?;
    }
    anstream::eprintln!("{} {seed}", "seed:".bold());
    let tag = tag(arguments, before.as_ref())?.unwrap_or_else(|| RunTag::of_seed(seed));
    anstream::eprintln!("{} {tag}", "run tag:".bold());
    let report = runtime.block_on(judge(arguments, &subjects, seed, before.as_ref()))?;
    anstream::println!("{}", terminal(&report, true).trim_end());
    if let Some(folder) = folder {
        let path = folder.join("report.json");
        write_whole(&path, &report.to_json())
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display()))?;
    }
    if report.partial {
        let how = match folder {
            Some(folder) => format!("the same command with --resume {}", folder.display()),
            None => "only a run with --report DIR can be resumed".to_owned(),
        };
        anstream::eprintln!("{} {how}", "to go on:".bold());
    }
    Ok(ExitCode::from(report.exit_status()))
}

/// The run tag that was given, or that of the run that is resumed.
fn tag(arguments: &Arguments, before: Option<&Report>) -> Result<Option<RunTag>, miette::Report> {
    let known = before.and_then(|before| before.apis.first()).map(|api| api.run_tag.parse());
    match (&arguments.run_tag, known) {
        (Some(given), _) => Ok(Some(given.clone())),
        (None, Some(known)) => known.map(Some).map_err(|error| refused(&error)),
        (None, None) => Ok(None),
    }
}

/// Says what runs would send. Nothing is started, and nothing is asked.
async fn outlines(
    arguments: &Arguments,
    subjects: &[Subject],
    seed: u64,
) -> Result<Vec<Outline>, miette::Report> {
    let mut outlines = Vec::new();
    for subject in subjects {
        let (target, _) = arguments.endpoint.target(subject, Embedded::Leave).await?;
        let options = options(arguments, subject, target, seed, &Cancel::new(), None)?;
        outlines.push(driftline_conformance::outline(&options).map_err(|error| refused(&error))?);
    }
    Ok(outlines)
}

fn refused(error: &driftline_conformance::Error) -> miette::Report {
    diagnostic::message(error.to_string(), "`cargo xtask drift --help` shows the options")
}

/// A seed that differs from run to run, short enough to be typed again.
fn fresh_seed() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish() % 1_000_000
}

fn subjects(arguments: &Arguments, before: Option<&Report>) -> Result<Vec<Subject>, miette::Report> {
    if let Some(spec) = &arguments.spec {
        let contract = Contract::load(spec, &[]).map_err(|error| diagnostic::contract(&error))?;
        let name = spec.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(vec![Subject { name, contract, api: None }]);
    }
    let specs = workspace::specs();
    let resumed: Vec<String> = before.iter().flat_map(|it| &it.apis).map(|it| it.api.clone()).collect();
    let names = if arguments.apis.is_empty() && !resumed.is_empty() {
        resumed
    } else if arguments.apis.is_empty() {
        Api::list(&specs).map_err(|error| diagnostic::contract(&error))?
    } else {
        arguments.apis.clone()
    };
    if arguments.norms.is_some() && names.len() != 1 {
        return Err(diagnostic::message(
            "--norms is the file of one API, and there are several",
            format!("say which API it is of: --api {}", names.join(" or --api ")),
        ));
    }
    if arguments.endpoint.base_url.is_some() && names.len() != 1 {
        return Err(diagnostic::message(
            "--base-url is one endpoint, and there are several APIs",
            format!("say which API answers there: --api {}", names.join(" or --api ")),
        ));
    }
    let mut subjects = Vec::new();
    for name in &names {
        let api = Api::load(&specs, name).map_err(|error| diagnostic::contract(&error))?;
        let chosen = arguments.endpoint.target.is_some()
            || arguments.endpoint.base_url.is_some()
            || !arguments.apis.is_empty();
        if !chosen && !api.config.targets.contains_key(SANDBOX) {
            let known: Vec<_> = api.config.targets.keys().cloned().collect();
            anstream::eprintln!(
                "{} {name}, which has no target `{SANDBOX}`; choose one of {} with --target",
                "left out:".yellow().bold(),
                known.join(", ")
            );
            continue;
        }
        subjects.push(Subject { name: name.clone(), contract: api.contract.clone(), api: Some(api) });
    }
    if let Some(lost) =
        before.iter().flat_map(|it| &it.apis).find(|it| subjects.iter().all(|own| own.name != it.api))
    {
        return Err(diagnostic::message(
            format!("the stopped run judged {} as well", lost.api),
            "resume it with the same --api and --target",
        ));
    }
    if subjects.is_empty() {
        return Err(diagnostic::message("there is no API to judge", "choose a target with --target"));
    }
    Ok(subjects)
}

/// A verdict about models that are not what the contract says would be about something else.
fn check_generated() -> Result<(), miette::Report> {
    let (tree, apis) = regenerate::tree(&[])?;
    let changes = tree.diff(&workspace::generated()).into_diagnostic()?;
    if changes.is_empty() {
        anstream::eprintln!("{} {apis} generated crates are what their contracts say", "checked:".bold());
        return Ok(());
    }
    Err(diagnostic::message(
        format!("generated/ is not what the contracts say: {} files differ", changes.len()),
        "run `cargo xtask regenerate`, or `cargo xtask regenerate --check` to see the difference",
    ))
}

async fn judge(
    arguments: &Arguments,
    subjects: &[Subject],
    seed: u64,
    before: Option<&Report>,
) -> Result<Report, miette::Report> {
    // Configuration first: a missing variable must not show after minutes of probing.
    let mut prepared = Vec::new();
    let cancel = Cancel::new();
    for subject in subjects {
        let (target, sandbox) = arguments.endpoint.target(subject, Embedded::Start(&[])).await?;
        let mut options = options(arguments, subject, target, seed, &cancel, before)?;
        let file = arguments.norms.as_deref();
        let norms = norms::take(file, arguments.learn, subject.api.as_ref(), &mut options)?;
        prepared.push((options, norms, sandbox));
    }
    let stopper = tokio::spawn({
        let cancel = cancel.clone();
        async move {
            super::sandbox::stopped().await;
            cancel.trigger();
            anstream::eprintln!(
                "{}",
                "stopping, and ending what was created; a second Ctrl-C leaves everything as it is".yellow()
            );
            super::sandbox::stopped().await;
            std::process::exit(130);
        }
    });
    let mut reports: Vec<ApiReport> = Vec::new();
    let mut shown = Vec::new();
    for (options, norms, sandbox) in prepared {
        let known = options.norms.clone();
        let (report, seen) = driftline_conformance::survey(options).await.map_err(|error| refused(&error))?;
        reports.push(report);
        shown.push((norms, known, seen));
        if let Some(sandbox) = sandbox {
            sandbox.shutdown().await;
        }
    }
    stopper.abort();
    let mut report = Report::new(seed, reports);
    let today: Date = jiff::Zoned::now().date().to_string().parse().map_err(|error| {
        diagnostic::message(format!("today has no date: {error}"), "set the system's clock")
    })?;
    for api in subjects.iter().filter_map(|subject| subject.api.as_ref()) {
        let ledger = Ledger::load(&api.dir.join("ledger.toml")).map_err(|error| {
            diagnostic::message(error.to_string(), "see `ledger.toml` in specs/README.md")
        })?;
        report.acknowledge(&api.name, &ledger, today);
    }
    if arguments.learn {
        for (api, (path, known, seen)) in report.apis.iter().zip(shown) {
            norms::learn(api, path.as_deref(), known, &seen)?;
        }
    }
    Ok(report)
}

fn options(
    arguments: &Arguments,
    subject: &Subject,
    target: Target,
    seed: u64,
    cancel: &Cancel,
    before: Option<&Report>,
) -> Result<RunOptions, miette::Report> {
    let mut options = RunOptions::new(&subject.name, subject.contract.clone(), target);
    if let Some(most) = arguments.max_latency {
        options.target.most_latency = Some(Duration::from_millis(most));
    }
    if let Some(most) = arguments.max_wait {
        options.target.max_wait = Some(Duration::from_secs(most));
    }
    options.seed = seed;
    options.run_tag = tag(arguments, before)?;
    let before = before.iter().flat_map(|it| &it.apis).find(|it| it.api == subject.name);
    options.resume = before.cloned().map(Box::new);
    options.clean_up &= !arguments.keep;
    if !arguments.suites.is_empty() {
        options.suites.clone_from(&arguments.suites);
    }
    options.requests_per_operation = arguments.requests_per_operation;
    options.max_requests =
        arguments.max_requests.or_else(|| arguments.endpoint.config(subject)?.max_requests);
    options.max_time = arguments.max_time.map(Duration::from_secs);
    options.max_findings = arguments.max_findings;
    options.partition = arguments.partition;
    match arguments.resources.as_deref() {
        Some("any") if options.target.kind == TargetKind::Production => {
            return Err(diagnostic::message(
                "--resources any lets a run change what it did not create, and this is production",
                "leave it out",
            ));
        }
        Some("any") => options.resources = Resources::Any,
        Some(_) => options.resources = Resources::Own,
        // Our own machine is nobody's partner.
        None if arguments.endpoint.base_url.as_deref().is_some_and(is_loopback) => {
            options.resources = Resources::Any
        }
        None => {}
    }
    if let Some(api) = &subject.api {
        options.lifecycle.clone_from(&api.lifecycle);
        options.fixtures = api.fixtures().map_err(|error| diagnostic::contract(&error))?;
        options.models = registered(&subject.name);
    }
    options.script = arguments.script.script(subject, Some(&options.target.name.clone()))?;
    if let Some(folder) = &arguments.fixtures {
        options.fixtures = driftline_specs::fixtures(folder, &subject.contract)
            .map_err(|error| diagnostic::contract(&error))?;
    }
    options.progress = Arc::new(Bar::new());
    options.cancel = cancel.clone();
    Ok(options)
}
