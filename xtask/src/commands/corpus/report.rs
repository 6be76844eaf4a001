//! What the command prints, while it works and at the end.

use owo_colors::OwoColorize;

use super::Row;
use super::cargo::Compiled;
use super::ours::Generated;
use super::peers::{End, Outcome, Peer, Results};
#[cfg(feature = "endpoints")]
use super::round_trip::drift;
use super::subject::Subject;

pub(super) fn generated(subject: &Subject, generated: &Generated) {
    let name = &subject.name;
    match &generated.failure {
        Some(failure) => anstream::println!("{} {name:<48} {failure}", "✗".red().bold()),
        None => anstream::println!(
            "{} {name:<48} {:>5} operations {:>6} types {:>7} lines {:>7.2} s {:>5} MiB",
            "✓".green(),
            generated.figure("operations"),
            generated.figure("types"),
            generated.lines,
            generated.cost.cpu,
            generated.cost.megabytes
        ),
    }
}

pub(super) fn compiled(name: &str, compiled: &Compiled) {
    let first = compiled.first.as_deref().unwrap_or("nothing was said");
    match (compiled.success, compiled.warnings) {
        (true, 0) => anstream::println!(
            "{} {name:<48} compiles ({:.1} s, {} MiB)",
            "✓".green(),
            compiled.cpu,
            compiled.megabytes
        ),
        (true, count) => {
            anstream::println!("{} {name:<48} {count} warnings: {first}", "~".yellow().bold());
        }
        (false, _) if compiled.stopped => {
            anstream::println!(
                "{} {name:<48} is still compiling after {:.0} s",
                "✗".red().bold(),
                compiled.cpu
            );
        }
        (false, _) => anstream::println!("{} {name:<48} does not compile: {first}", "✗".red().bold()),
    }
}

pub(super) fn built(name: &str, built: &Compiled) {
    if built.success {
        anstream::println!(
            "{} {name:<48} builds optimised ({:.1} s, {} MiB)",
            "✓".green(),
            built.cpu,
            built.megabytes
        );
    }
}

#[cfg(feature = "endpoints")]
pub(super) fn trips(subject: &Subject, trips: &super::round_trip::Trips) {
    let name = &subject.name;
    let total = trips.total();
    let mark = if total.is_whole() && trips.failure.is_none() {
        "✓".green().to_string()
    } else {
        "✗".red().bold().to_string()
    };
    anstream::println!("{mark} {name:<48} {total}");
    if let Some(failure) = &trips.failure {
        anstream::println!("    {failure}");
    }
    for miss in trips.schemas.iter().flat_map(|schema| &schema.drift_misses).filter(|miss| !miss.named) {
        anstream::println!("    {} at {}: {}", drift::name(miss.drift).dimmed(), miss.location, miss.reason);
    }
    for (schema, miss) in trips.misses().filter(|(_, miss)| !miss.harmless) {
        anstream::println!("    {} {}{} {}", schema, miss.place.dimmed(), at(&miss.location), miss.reason);
        anstream::println!("      {}", miss.value.to_string().dimmed());
    }
}

#[cfg(feature = "endpoints")]
fn at(location: &str) -> String {
    if location.is_empty() { String::new() } else { format!(" ({location})") }
}

pub(super) fn total(rows: &[Row], peers: &[Results]) {
    let generated = rows.iter().filter(|row| row.generated.summary.is_some()).count();
    anstream::println!("{} {generated} of {} contracts generated", "corpus:".bold(), rows.len());
    let compiled: Vec<_> = rows.iter().filter_map(|row| row.compiled.as_ref()).collect();
    if !compiled.is_empty() {
        let clean = compiled.iter().filter(|it| it.success && it.warnings == 0).count();
        anstream::println!("{} {clean} of {} compile without a warning", "corpus:".bold(), compiled.len());
    }
    #[cfg(feature = "endpoints")]
    if let Some(total) = super::round_trip::Total::of(rows.iter().filter_map(|row| row.trips.as_ref())) {
        anstream::println!("{} {total}", "corpus:".bold());
        for line in drift::lines(rows.iter().filter_map(|row| row.trips.as_ref())) {
            anstream::println!("{} {line}", "corpus:".bold());
        }
    }
    for results in peers {
        let outcomes = || results.outcomes.values();
        let generated = outcomes().filter(|it| matches!(it.end, End::Generated)).count();
        let panicked = outcomes().filter(|it| matches!(it.end, End::Panicked(_))).count();
        let compiled: Vec<_> =
            outcomes().filter_map(|it| it.compiled.as_ref()).filter(|it| it.success).collect();
        let clean = compiled.iter().filter(|it| it.warnings == 0).count();
        anstream::println!(
            "{} {generated} of {} generated, {panicked} panics, {} compile, {clean} without a warning",
            format!("{}:", results.peer.name).bold(),
            results.outcomes.len(),
            compiled.len(),
        );
    }
}

pub(super) fn peer(peer: &Peer, subject: &Subject, outcome: &Outcome) {
    let name = format!("{} {}", peer.name, subject.name);
    match &outcome.end {
        End::Generated => anstream::println!(
            "{} {name:<56} {:>5} operations {:>7} lines {:>7.2} s {:>5} MiB",
            "✓".green(),
            outcome.operations,
            outcome.lines,
            outcome.cost.cpu,
            outcome.cost.megabytes
        ),
        End::Refused(why) => anstream::println!("{} {name:<56} {why}", "✗".red().bold()),
        End::Panicked(why) => anstream::println!("{} {name:<56} panicked: {why}", "✗".red().bold()),
        End::Stopped => anstream::println!("{} {name:<56} stopped", "✗".red().bold()),
    }
}

pub(super) fn peer_compiled(peer: &Peer, subject: &Subject, outcome: &Outcome) {
    if let Some(it) = &outcome.compiled {
        compiled(&format!("{} {}", peer.name, subject.name), it);
    }
    if let Some(it) = &outcome.built {
        built(&format!("{} {}", peer.name, subject.name), it);
    }
}
