//! The largest contracts, one table each: what they cost with every generator.

use std::fmt::Write as _;

use super::super::Row;
use super::super::cargo::Compiled;
use super::super::measure::Record;
use super::super::peers::End;
use super::{Findings, cell, thousands};

/// How many contracts are large.
const LARGE: usize = 3;

/// Returns the contracts that become the most lines.
pub(in super::super) fn largest(rows: &[Row]) -> Vec<&Row> {
    let mut rows: Vec<_> = rows.iter().filter(|row| row.generated.summary.is_some()).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.generated.lines));
    rows.truncate(LARGE);
    rows
}

pub(super) fn add(text: &mut String, findings: &Findings<'_>) {
    if findings.peers.is_empty() {
        return;
    }
    text.push_str("\n## The largest contracts\n");
    for row in largest(findings.rows) {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "\n### {}\n\n{} operations, {} component schemas.\n\n\
             | generator | operations | generating: CPU s | on the clock s | MiB | lines | `cargo check`: CPU s | MiB \
             {}| compiles |\n|---|--:|--:|--:|--:|--:|--:|--:{}|---|",
            row.subject.name,
            thousands(row.operations_found()),
            thousands(row.generated.figure("schemas")),
            if findings.built { "| release build: CPU s | MiB " } else { "" },
            if findings.built { "|--:|--:" } else { "" },
        );
        let generated = &row.generated;
        let operations = generated.figure("operations");
        let measured = Measured {
            cost: &generated.cost,
            lines: generated.lines,
            compiled: row.compiled.as_ref(),
            built: findings.built.then_some(row.built.as_ref()),
        };
        line(text, "Driftline", operations, &measured, None);
        for results in findings.peers {
            let Some(outcome) = results.outcomes.get(&row.subject.slug) else { continue };
            let operations =
                u64::try_from(outcome.operations).unwrap_or_default().min(row.operations_found());
            let failure = match &outcome.end {
                End::Generated => None,
                End::Refused(why) => Some(format!("not generated: {}", cell(why))),
                End::Panicked(why) => Some(format!("panicked: {}", cell(why))),
                End::Stopped => Some("stopped".to_owned()),
            };
            let measured = Measured {
                cost: &outcome.cost,
                lines: outcome.lines,
                compiled: outcome.compiled.as_ref(),
                built: findings.built.then_some(outcome.built.as_ref()),
            };
            line(text, results.peer.name, operations, &measured, failure);
        }
    }
}

/// What a crate cost.
struct Measured<'a> {
    cost: &'a Record,
    lines: usize,
    compiled: Option<&'a Compiled>,
    /// The optimised build; none when nobody asked for it.
    built: Option<Option<&'a Compiled>>,
}

fn line(
    text: &mut String,
    generator: &str,
    operations: u64,
    measured: &Measured<'_>,
    failure: Option<String>,
) {
    let Measured { cost, lines, compiled, built } = measured;
    let seconds_and_memory = |it: Option<&Compiled>| match it {
        Some(it) => format!("{:.1} | {}", it.cpu, thousands(it.megabytes)),
        None => " | ".to_owned(),
    };
    let mut compilers = seconds_and_memory(*compiled);
    if let Some(built) = built {
        compilers.push_str(" | ");
        compilers.push_str(&seconds_and_memory(built.filter(|built| built.success)));
    }
    let _ = writeln!(
        text,
        "| {generator} | {} | {:.2} | {:.2} | {} | {} | {compilers} | {} |",
        thousands(operations),
        cost.cpu,
        cost.seconds,
        thousands(cost.megabytes),
        thousands(u64::try_from(*lines).unwrap_or_default()),
        failure.unwrap_or_else(|| compiled.map_or_else(String::new, verdict))
    );
}

/// What the compiler says, in a few words.
pub(super) fn verdict(compiled: &Compiled) -> String {
    match (compiled.success, compiled.warnings) {
        _ if compiled.stopped => "not in time".to_owned(),
        (true, 0) => "yes".to_owned(),
        (true, 1) => "yes, 1 warning".to_owned(),
        (true, warnings) => format!("yes, {warnings} warnings"),
        (false, _) => format!("no, {} errors", compiled.errors),
    }
}
