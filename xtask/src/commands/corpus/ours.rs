//! One contract becomes a crate, in a process of its own: time, memory and a crash are its own as well.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use super::measure::{self, Record};
use super::source;
use super::subject::Subject;
use crate::workspace;

/// A contract that takes longer than this is stopped.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// What became of one contract.
#[derive(Debug, Default)]
pub(super) struct Generated {
    /// What `generate` says of its crate.
    pub(super) summary: Option<Value>,
    /// Why there is none.
    pub(super) failure: Option<String>,
    /// What it cost.
    pub(super) cost: Record,
    /// Lines of Rust.
    pub(super) lines: usize,
}

impl Generated {
    /// A number of the summary.
    pub(super) fn figure(&self, name: &str) -> u64 {
        self.summary.as_ref().and_then(|summary| summary[name].as_u64()).unwrap_or_default()
    }

    /// How many component schemas have a type.
    pub(super) fn models(&self) -> usize {
        let models = self.summary.as_ref().and_then(|summary| summary["models"].as_object());
        models.map_or(0, serde_json::Map::len)
    }

    /// Whether the generator panicked.
    pub(super) fn has_panicked(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| failure.contains("panicked at"))
    }

    /// A list of the summary.
    pub(super) fn list(&self, name: &str) -> &[Value] {
        self.summary.as_ref().and_then(|summary| summary[name].as_array()).map_or(&[], Vec::as_slice)
    }
}

/// Generates the crate of a contract into a folder of `crates`.
pub(super) fn generate(subject: &Subject, crates: &std::path::Path) -> Generated {
    let mut generated = Generated::default();
    let log = crates.join(format!("{}.log", subject.slug));
    match run(subject, crates, &log) {
        Ok((cost, summary)) => {
            if cost.status == Some(0) {
                let text = std::fs::read_to_string(&summary).ok();
                generated.summary = text.and_then(|text| serde_json::from_str(&text).ok());
            }
            if generated.summary.is_none() {
                let said = first_words(&std::fs::read_to_string(&log).unwrap_or_default());
                generated.failure = Some(match (cost.stopped, cost.status) {
                    (true, _) => format!("stopped after {} s", PATIENCE.as_secs()),
                    (_, Some(2)) => said,
                    (_, Some(code)) => format!("exit status {code}: {said}"),
                    (_, None) => format!("ended by a signal: {said}"),
                });
            }
            generated.lines = source::lines(&crates.join(&subject.slug).join("src"));
            generated.cost = cost;
        }
        Err(error) => generated.failure = Some(error.to_string()),
    }
    generated
}

fn run(
    subject: &Subject,
    crates: &std::path::Path,
    log: &std::path::Path,
) -> std::io::Result<(Record, PathBuf)> {
    let folder = crates.join(&subject.slug);
    let summary = crates.join(format!("{}.json", subject.slug));
    // What an earlier run left would be counted as this one's.
    let _ = std::fs::remove_dir_all(&folder);
    let _ = std::fs::remove_file(&summary);
    let mut command = measure::command(std::env::current_exe()?, PATIENCE)?;
    command.args(["generate", "--name", &subject.slug, "--spec"]).arg(&subject.path);
    command.arg("--out").arg(&folder).arg("--summary").arg(&summary);
    command.arg("--runtime").arg(workspace::root().join("generator/runtime"));
    command.env("NO_COLOR", "1").stdout(Stdio::null()).stderr(std::fs::File::create(log)?);
    let cost = measure::run(command, &crates.join(format!("{}.cost", subject.slug)))?;
    Ok((cost, summary))
}

/// The first two lines that say something.
fn first_words(log: &str) -> String {
    let lines = log.lines().map(|line| line.trim_matches([' ', '×', '│'])).filter(|line| !line.is_empty());
    lines.take(2).collect::<Vec<_>>().join(" ")
}
