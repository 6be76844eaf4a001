//! The table as Markdown.

use std::fmt::Write as _;

use super::Row;
use super::cargo::Compiled;
use super::peers::{End, Results};

pub(super) fn markdown(rows: &[Row], peers: &[Results]) -> String {
    let mut text = String::from(
        "| contract | operations | types | carried as free-form JSON | lines | seconds | MiB | compiles |\n\
         |---|--:|--:|--:|--:|--:|--:|---|\n",
    );
    for row in rows {
        let generated = &row.generated;
        let compiles = match (&generated.failure, &row.compiled) {
            (Some(failure), _) => format!("not generated: {}", cell(failure)),
            (None, None) => String::new(),
            (None, Some(Compiled { success: true, warnings: 0, cpu, .. })) => format!("yes, {cpu:.1} s"),
            (None, Some(Compiled { success: true, warnings, .. })) => format!("{warnings} warnings"),
            (None, Some(_)) => "no".to_owned(),
        };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {:.2} | {} | {compiles} |",
            row.subject.name,
            generated.figure("operations"),
            generated.figure("types"),
            generated.count("notices"),
            generated.figure("lines"),
            generated.cost.cpu,
            generated.cost.megabytes,
        );
    }
    for results in peers {
        let _ = writeln!(
            text,
            "\n{} {} ({})\n\n| contract | operations | lines | seconds | MiB | compiles |\n|---|--:|--:|--:|--:|---|",
            results.peer.name, results.peer.version, results.peer.how
        );
        for row in rows {
            let Some(outcome) = results.outcomes.get(&row.subject.slug) else { continue };
            let compiles = match (&outcome.end, &outcome.compiled) {
                (End::Refused(why), _) => format!("refused: {}", cell(why)),
                (End::Panicked(why), _) => format!("panicked: {}", cell(why)),
                (End::Stopped, _) => "stopped".to_owned(),
                (End::Generated, None) => String::new(),
                (End::Generated, Some(it)) if it.success => {
                    format!("{:.1} s, {} MiB, {} warnings", it.cpu, it.megabytes, it.warnings)
                }
                (End::Generated, Some(it)) => {
                    format!("{} errors: {}", it.errors, cell(it.first.as_deref().unwrap_or_default()))
                }
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {:.2} | {} | {compiles} |",
                row.subject.name, outcome.operations, outcome.lines, outcome.cost.cpu, outcome.cost.megabytes
            );
        }
    }
    #[cfg(feature = "endpoints")]
    super::round_trip::page(&mut text, rows);
    text
}

/// Text that stays inside its cell.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
