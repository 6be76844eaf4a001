//! `sandbox`: the stand-in endpoints, in the foreground.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use driftline_sandbox::{
    CREDENTIAL, Limits, Misbehaviour, Mutant, Options, Sandbox, catalogue, credentials, mutants, remarks,
};
use driftline_specs::{Api, Contract, SecuritySchemeKind};
use miette::IntoDiagnostic;
use owo_colors::OwoColorize;

use super::Outcome;
use crate::diagnostic;

/// Serves stand-ins of the APIs until Ctrl-C, as documented or with drift
///
/// It listens on loopback and prints the URLs with a command that probes them. State is kept in memory. With --spec it
/// serves any other contract: answers come from its schemas and examples, requests that it does not allow are refused,
/// and what is created at `/things` is listed there and found at `/things/{id}`.
///
/// Exit status: 0 stopped, 2 bad usage.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Serves only this API; may be given several times
    #[arg(long = "api", value_name = "API")]
    apis: Vec<String>,

    /// Mocks this contract outside specs/ from its schemas and examples, instead of serving the stand-ins
    #[arg(long, value_name = "FILE", conflicts_with_all = ["apis", "drifts", "list_drifts", "limits"])]
    spec: Option<PathBuf>,

    /// Applies an OpenAPI Overlay to the contract of --spec; may be given several times
    #[arg(long = "overlay", value_name = "FILE", requires = "spec")]
    overlays: Vec<PathBuf>,

    /// The first API's port; the others take the next ones. Free ports when 0
    #[arg(long, value_name = "P", default_value_t = 0)]
    port: u16,

    /// Departs from the contract in one way; may be given several times. `--list-drifts` shows the IDs
    #[arg(long = "drift", value_name = "ID")]
    drifts: Vec<String>,

    /// Lists the ways in which it can drift
    #[arg(long)]
    list_drifts: bool,

    /// Shows one mutant of a contract; may be given several times. `cargo xtask selftest --list` shows the IDs
    #[arg(long = "mutant", value_name = "ID")]
    mutants: Vec<String>,

    /// Makes trouble that is not drift: `slow=250@10/getApplication` is a quarter of a
    /// second on a tenth of these requests; the other kinds are cut-off, unavailable, busy, web-page, redirect,
    /// stale and hang
    #[arg(long = "misbehave", value_name = "HOW")]
    misbehave: Vec<Misbehaviour>,

    /// Enforces the rate limits that the vendors document
    #[arg(long)]
    limits: bool,

    /// The seed of the synthetic world
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,

    /// The address to listen on; any other than loopback needs --allow-remote
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,

    /// Lets --address be one that other machines reach
    #[arg(long)]
    allow_remote: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.list_drifts {
        for kind in catalogue() {
            anstream::println!(
                "{:<38} {:<24} {}\n{:38} {}",
                kind.id.bold(),
                kind.check,
                kind.severity,
                "",
                kind.summary.dimmed()
            );
        }
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options {
        apis: arguments.apis.clone(),
        address: SocketAddr::new(arguments.address, arguments.port),
        allow_remote: arguments.allow_remote,
        drifts: arguments.drifts.clone(),
        mutants: chosen_mutants(&arguments.mutants)?,
        seed: arguments.seed,
        limits: if arguments.limits { Limits::AsDocumented } else { Limits::Unlimited },
        misbehave: arguments.misbehave.clone(),
        ..Options::default()
    };
    if let Some(spec) = &arguments.spec {
        return mock(spec, &arguments.overlays, options);
    }
    let runtime = tokio::runtime::Runtime::new().into_diagnostic()?;
    runtime.block_on(async {
        let sandbox = Sandbox::start(options).await.map_err(|error| {
            diagnostic::message(error.to_string(), "`cargo xtask sandbox --help` shows what can be given")
        })?;
        for api in sandbox.apis() {
            let url = sandbox.base_url(api).unwrap_or_default();
            let header = header(api);
            anstream::println!("{:<14} {}", api.bold(), url.cyan());
            anstream::println!(
                "{:14} {}",
                "",
                format!(
                    "cargo xtask drift --api {api} --base-url {url} --header '{header}' --clock {}",
                    driftline_sandbox::CLOCK
                )
                .dimmed()
            );
        }
        anstream::println!("{}", "Ctrl-C stops it.".dimmed());
        stopped().await;
        sandbox.shutdown().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// The mutants with these IDs, each of which begins with the name of its API.
fn chosen_mutants(ids: &[String]) -> Result<Vec<Mutant>, miette::Report> {
    let chosen = ids.iter().map(|id| {
        let served = driftline_sandbox::apis();
        let name = id.split('/').next().filter(|name| served.contains(name));
        let name = name.ok_or_else(|| no_such_mutant(id))?;
        let api =
            Api::load(&crate::workspace::specs(), name).map_err(|error| diagnostic::contract(&error))?;
        let all = mutants(name, &api.contract, api.lifecycle.as_ref());
        let found = all.into_iter().find(|mutant| mutant.id() == *id);
        found.ok_or_else(|| no_such_mutant(id))
    });
    chosen.collect()
}

/// Says that a mutant does not exist, and where those are that do.
pub(super) fn no_such_mutant(id: &str) -> miette::Report {
    diagnostic::message(
        format!("there is no mutant `{id}`"),
        "`cargo xtask selftest --list` shows those that there are",
    )
}

/// Serves a contract that nobody has written a stand-in for.
fn mock(spec: &Path, overlays: &[PathBuf], options: Options) -> Outcome {
    let contract = Contract::load(spec, overlays).map_err(|error| diagnostic::contract(&error))?;
    let name = spec.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    for remark in remarks(&contract) {
        anstream::eprintln!("{} {} {}", "note:".yellow().bold(), remark.operation.bold(), remark.message);
        let place = contract.position(&remark.pointer).map(|it| format!("{it}, ")).unwrap_or_default();
        anstream::eprintln!("      {}", format!("{place}{}", remark.pointer).dimmed());
    }
    let (headers, query) = credentials(&contract);
    let runtime = tokio::runtime::Runtime::new().into_diagnostic()?;
    runtime.block_on(async {
        let sandbox = Sandbox::serve(&name, contract.clone(), options).await.map_err(|error| {
            diagnostic::message(error.to_string(), "`cargo xtask sandbox --help` shows what can be given")
        })?;
        let url = sandbox.base_url(&name).unwrap_or_default();
        let mut command = format!("cargo xtask drift --spec {} --base-url {url}", spec.display());
        for (name, value) in &headers {
            command.push_str(&format!(" --header '{name}: {value}'"));
        }
        for (name, value) in &query {
            command.push_str(&format!(" --query '{name}={value}'"));
        }
        anstream::println!("{:<14} {} ({} operations)", name.bold(), url.cyan(), contract.operations().len());
        anstream::println!("{:14} {}", "", command.dimmed());
        anstream::println!("{}", "Ctrl-C stops it.".dimmed());
        stopped().await;
        sandbox.shutdown().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// The header that the sandbox accepts.
fn header(api: &str) -> String {
    let scheme = Api::load(&crate::workspace::specs(), api)
        .ok()
        .and_then(|api| api.contract.security_schemes().into_iter().next());
    match scheme.map(|scheme| scheme.kind) {
        Some(SecuritySchemeKind::ApiKey { name, .. }) => format!("{name}: {CREDENTIAL}"),
        _ => format!("Authorization: Bearer {CREDENTIAL}"),
    }
}

/// Completes on Ctrl-C and on SIGTERM, which end nothing by themselves from the call on.
#[cfg(unix)]
pub(super) fn stopped() -> impl Future<Output = ()> + use<> {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    async fn received(signals: std::io::Result<Signal>) {
        match signals {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    }

    let (interrupted, terminated) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async {
        tokio::select! {
            () = received(interrupted) => {}
            () = received(terminated) => {}
        }
    }
}

/// Completes on Ctrl-C.
#[cfg(not(unix))]
pub(super) async fn stopped() {
    let _ = tokio::signal::ctrl_c().await;
}
