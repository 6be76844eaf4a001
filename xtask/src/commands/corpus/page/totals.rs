//! The totals, by the folder that contracts are in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::Row;
use super::super::peers::{End, Results};
use super::{Findings, kind, thousands};

/// Counts of one generator in one folder.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    contracts: usize,
    generated: usize,
    panics: usize,
    found: u64,
    operations: u64,
    compile: usize,
    clean: usize,
    /// Operations in crates that compile.
    usable: u64,
    schemas: u64,
    models: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.contracts += other.contracts;
        self.generated += other.generated;
        self.panics += other.panics;
        self.found += other.found;
        self.operations += other.operations;
        self.compile += other.compile;
        self.clean += other.clean;
        self.usable += other.usable;
        self.schemas += other.schemas;
        self.models += other.models;
    }

    fn of(row: &Row) -> Self {
        let generated = &row.generated;
        let compiles = row.compiled.as_ref().is_some_and(|it| it.success);
        Self {
            contracts: 1,
            generated: usize::from(generated.summary.is_some()),
            panics: usize::from(generated.has_panicked()),
            found: row.operations_found(),
            operations: generated.figure("operations"),
            compile: usize::from(compiles),
            clean: row.compiled.as_ref().map_or(0, |it| usize::from(it.success && it.warnings == 0)),
            usable: if compiles { generated.figure("operations") } else { 0 },
            schemas: generated.figure("schemas"),
            models: u64::try_from(generated.models()).unwrap_or_default(),
        }
    }

    fn of_peer(row: &Row, results: &Results) -> Self {
        let Some(outcome) = results.outcomes.get(&row.subject.slug) else { return Self::default() };
        let compiles = outcome.compiled.as_ref().is_some_and(|it| it.success);
        let operations = u64::try_from(outcome.operations).unwrap_or_default().min(row.operations_found());
        Self {
            contracts: 1,
            generated: usize::from(matches!(outcome.end, End::Generated)),
            panics: usize::from(matches!(outcome.end, End::Panicked(_))),
            found: row.operations_found(),
            operations,
            compile: usize::from(compiles),
            clean: outcome.compiled.as_ref().map_or(0, |it| usize::from(it.success && it.warnings == 0)),
            usable: if compiles { operations } else { 0 },
            ..Self::default()
        }
    }
}

pub(super) fn add(text: &mut String, findings: &Findings<'_>) {
    text.push_str("\n## Totals\n\n");
    let by_kind = by_kind(findings, Counts::of);
    text.push_str(
        "| folder | contracts | generated | operations found | generated | component schemas found | generated |\n\
         |---|--:|--:|--:|--:|--:|--:|\n",
    );
    for (kind, it) in &by_kind {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {kind} | {} | {} | {} | {} | {} | {} |",
            it.contracts,
            it.generated,
            thousands(it.found),
            thousands(it.operations),
            thousands(it.schemas),
            thousands(it.models)
        );
    }
    if !findings.checked && findings.peers.is_empty() {
        return;
    }
    text.push_str(
        "\nThe same beside other generators: contracts that become a crate, crates that compile, crates that compile \
         without a warning, and the operations that can be called in crates that compile.\n\n\
         | generator | folder | contracts | generated | panics | compile | without a warning | operations generated | \
         in crates that compile |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    lines(text, "Driftline", &by_kind);
    for results in findings.peers {
        let by_kind = self::by_kind(findings, |row| Counts::of_peer(row, results));
        lines(text, results.peer.name, &by_kind);
    }
}

fn lines(text: &mut String, generator: &str, by_kind: &BTreeMap<String, Counts>) {
    for (kind, it) in by_kind {
        let share = |operations: u64| format!("{} of {}", thousands(operations), thousands(it.found));
        let _ = writeln!(
            text,
            "| {generator} | {kind} | {} | {} | {} | {} | {} | {} | {} |",
            it.contracts,
            it.generated,
            it.panics,
            it.compile,
            it.clean,
            share(it.operations),
            share(it.usable)
        );
    }
}

/// Counts by folder, and all of them at the end.
fn by_kind(findings: &Findings<'_>, count: impl Fn(&Row) -> Counts) -> BTreeMap<String, Counts> {
    let mut kinds: BTreeMap<String, Counts> = BTreeMap::new();
    let mut all = Counts::default();
    for row in findings.rows {
        let counts = count(row);
        kinds.entry(kind(&row.subject.name).to_owned()).or_default().add(counts);
        all.add(counts);
    }
    if kinds.len() > 1 {
        // Sorts behind the names of folders.
        kinds.insert("∑".to_owned(), all);
    }
    kinds
}
