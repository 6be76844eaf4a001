//! `cargo xtask`: the commands of Driftline.
//!
//! A command reads its arguments, calls the library that does the work, and prints; the work itself is in the
//! libraries. Exit statuses: 0 done or no new drift, 1 new drift or out of date, 2 bad usage, configuration or
//! contract, 3 inconclusive.
//!
//! Without the feature `endpoints` there are only the commands that work on files. They compile whatever state
//! the generated crates are in.

mod commands;
mod diagnostic;
mod excerpt;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs make and read many small values.
#[cfg(feature = "endpoints")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Keeps Rust clients of other companies' APIs true
///
/// Contracts stand in specs/, the crates made from them in generated/. `drift` is the main job: it asks whether
/// an API still does what its contract says.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(feature = "endpoints")]
    Drift(Box<commands::drift::Arguments>),
    #[cfg(feature = "endpoints")]
    Checks(commands::checks::Arguments),
    #[cfg(feature = "endpoints")]
    Record(Box<commands::record::Arguments>),
    #[cfg(feature = "endpoints")]
    Replay(commands::replay::Arguments),
    Regenerate(commands::regenerate::Arguments),
    Generate(commands::generate::Arguments),
    Bundle(commands::bundle::Arguments),
    Import(commands::import::Arguments),
    Corpus(commands::corpus::Arguments),
    #[cfg(feature = "endpoints")]
    RoundTrip(commands::corpus::RoundTripArguments),
    Lint(commands::lint::Arguments),
    #[cfg(feature = "endpoints")]
    Sandbox(commands::sandbox::Arguments),
    #[cfg(feature = "endpoints")]
    Selftest(commands::selftest::Arguments),
    #[cfg(feature = "endpoints")]
    Scan(commands::scan::Arguments),
}

fn main() -> ExitCode {
    if let Some(status) = commands::corpus::as_parent() {
        return status;
    }
    let result = match Arguments::parse().command {
        #[cfg(feature = "endpoints")]
        Command::Drift(arguments) => commands::drift::run(&arguments),
        #[cfg(feature = "endpoints")]
        Command::Checks(arguments) => commands::checks::run(&arguments),
        #[cfg(feature = "endpoints")]
        Command::Record(arguments) => commands::record::run(&arguments),
        #[cfg(feature = "endpoints")]
        Command::Replay(arguments) => commands::replay::run(&arguments),
        Command::Regenerate(arguments) => commands::regenerate::run(&arguments),
        Command::Generate(arguments) => commands::generate::run(&arguments),
        Command::Bundle(arguments) => commands::bundle::run(&arguments),
        Command::Import(arguments) => commands::import::run(&arguments),
        Command::Corpus(arguments) => commands::corpus::run(&arguments),
        #[cfg(feature = "endpoints")]
        Command::RoundTrip(arguments) => commands::corpus::round_trip(&arguments),
        Command::Lint(arguments) => commands::lint::run(&arguments),
        #[cfg(feature = "endpoints")]
        Command::Sandbox(arguments) => commands::sandbox::run(&arguments),
        #[cfg(feature = "endpoints")]
        Command::Selftest(arguments) => commands::selftest::run(&arguments),
        #[cfg(feature = "endpoints")]
        Command::Scan(arguments) => commands::scan::run(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(report) => {
            anstream::eprintln!("{report:?}");
            ExitCode::from(2)
        }
    }
}
