//! `cargo xtask`: the commands of Driftline.
//!
//! A command reads its arguments, calls the library that does the work, and prints; the work itself is in the
//! libraries. Exit statuses: 0 done or no new drift, 1 new drift or out of date, 2 bad usage, configuration or
//! contract, 3 inconclusive.

mod commands;
mod diagnostic;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Keeps Rust clients of other companies' APIs true.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Regenerate(commands::regenerate::Arguments),
    Generate(commands::generate::Arguments),
    Import(commands::import::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Regenerate(arguments) => commands::regenerate::run(&arguments),
        Command::Generate(arguments) => commands::generate::run(&arguments),
        Command::Import(arguments) => commands::import::run(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(report) => {
            anstream::eprintln!("{report:?}");
            ExitCode::from(2)
        }
    }
}
