//! Each contract, then every operation that was left out.

use std::fmt::Write as _;

use super::super::Row;
use super::largest::verdict;
use super::{Findings, cell, thousands};

pub(super) fn add(text: &mut String, findings: &Findings<'_>) {
    text.push_str(
        "\n## Each contract\n\n\
         Operations and component schemas are those found and those generated; *notes* counts the places that the \
         crate's documentation names because they are carried only in part, or as free-form JSON.\n\n\
         | contract | operations | schemas | types | notes | lines | generating: CPU s | MiB | compiles | CPU s | MiB |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|---|--:|--:|\n",
    );
    for row in findings.rows {
        contract(text, row);
    }
    let mut left_out = findings
        .rows
        .iter()
        .flat_map(|row| row.generated.list("left_out").iter().map(move |left_out| (row, left_out)))
        .peekable();
    if left_out.peek().is_some() {
        text.push_str("\n## Operations left out\n\n| contract | operation | why |\n|---|---|---|\n");
    }
    for (row, left_out) in left_out {
        let word = |name: &str| cell(left_out[name].as_str().unwrap_or_default());
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {} | `{}` | {} (`{}`) |",
            row.subject.name,
            word("operation"),
            word("reason"),
            word("pointer")
        );
    }
}

fn contract(text: &mut String, row: &Row) {
    let generated = &row.generated;
    if let Some(failure) = &generated.failure {
        let _ =
            writeln!(text, "| {} | | | | | | | | not generated: {} | | |", row.subject.name, cell(failure));
        return;
    }
    let both = |found: u64, made: u64| {
        if found == made { thousands(made) } else { format!("{} of {}", thousands(made), thousands(found)) }
    };
    let compiled = row.compiled.as_ref();
    let compiles =
        compiled.map_or_else(String::new, |it| match (&it.first, it.success && it.warnings == 0) {
            (Some(first), false) => format!("{}: {}", verdict(it), cell(first)),
            _ => verdict(it),
        });
    let (cpu, memory) =
        compiled.map_or_else(Default::default, |it| (format!("{:.1}", it.cpu), thousands(it.megabytes)));
    let _ = writeln!(
        text,
        "| {} | {} | {} | {} | {} | {} | {:.2} | {} | {compiles} | {cpu} | {memory} |",
        row.subject.name,
        both(row.operations_found(), generated.figure("operations")),
        both(generated.figure("schemas"), u64::try_from(generated.models()).unwrap_or_default()),
        thousands(generated.figure("types")),
        generated.list("notices").len(),
        thousands(u64::try_from(generated.lines).unwrap_or_default()),
        generated.cost.cpu,
        thousands(generated.cost.megabytes),
    );
}
