//! Captured traffic that becomes a recording.

use std::path::Path;
use std::process::ExitCode;

use driftline_conformance::recording::{Hosts, Imported, import};
use driftline_specs::{Api, Recording};
use owo_colors::OwoColorize;

use super::Arguments;
use crate::commands::Outcome;
use crate::{diagnostic, workspace};

/// How many things of one kind are shown unless all are asked for.
const SHOWN: usize = 20;

/// Imports a capture and writes what was kept of it.
pub(super) fn record(arguments: &Arguments, api: &Api, capture: &Path) -> Outcome {
    let capture = Recording::capture(capture).map_err(|error| diagnostic::contract(&error))?;
    let mut hosts = Hosts::of(&api.contract);
    for target in api.config.targets.values() {
        if let Some(url) = &target.base_url {
            hosts.add_url(url);
        }
    }
    arguments.hosts.iter().for_each(|it| hosts.add(it));
    let imported = import(&api.contract, &hosts, "traffic", &capture);
    tell(arguments, &imported);
    if imported.kept.is_empty() {
        let hosts: Vec<&str> = hosts.names().collect();
        anstream::eprintln!(
            "{} no entry is an operation of {}; looked for {}, and --host adds another host",
            "nothing recorded:".red().bold(),
            arguments.api,
            if hosts.is_empty() { "no host".to_owned() } else { hosts.join(", ") }
        );
        return Ok(ExitCode::FAILURE);
    }
    let path = arguments.out.clone().unwrap_or_else(|| api.dir.join("recordings").join("traffic.har"));
    imported.recording.save(&path).map_err(|error| diagnostic::contract(&error))?;
    anstream::println!(
        "{} {} exchanges in {}",
        "recorded:".green().bold(),
        imported.recording.entries().len(),
        workspace::shown(&path)
    );
    Ok(ExitCode::SUCCESS)
}

/// Prints what was kept and what was not.
fn tell(arguments: &Arguments, imported: &Imported) {
    let limit = if arguments.verbose { usize::MAX } else { SHOWN };
    for (operation, count) in &imported.kept {
        anstream::println!("{count:>5}  {operation}");
    }
    let note = |text: String| anstream::eprintln!("{} {text}", "note:".yellow().bold());
    for (unmatched, count) in imported.unmatched.iter().take(limit) {
        note(format!(
            "{} {} matches no operation ({count} times)",
            unmatched.method,
            diagnostic::printable(&unmatched.path)
        ));
    }
    for skipped in imported.skipped.iter().take(limit) {
        note(format!("entry {} was left out: {}", skipped.entry, diagnostic::printable(&skipped.reason)));
    }
    let more = imported.unmatched.len().saturating_sub(limit) + imported.skipped.len().saturating_sub(limit);
    if more > 0 {
        note(format!("{more} more like these; --verbose shows them"));
    }
    let unmatched: usize = imported.unmatched.values().sum();
    anstream::eprintln!(
        "left out: {} of other hosts, {unmatched} of no operation, {} that show nothing else, {} that are no exchange",
        imported.elsewhere,
        imported.duplicates,
        imported.skipped.len()
    );
}
