//! `corpus`: every contract of a folder becomes a crate, each in a process of its own, and the compiler says what
//! it thinks of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use miette::{IntoDiagnostic, WrapErr};
use owo_colors::OwoColorize;
use serde_json::Value;

use super::{Outcome, write_whole};
use crate::{diagnostic, workspace};

/// A contract that takes longer than this is stopped.
const PATIENCE: Duration = Duration::from_secs(300);

/// Generates a crate from every contract of a folder, and compiles them
///
/// Each contract has a process of its own, so that time, memory and a crash are its own as well. Prints a table
/// and writes it as Markdown if asked. Exit status: 0 all generated (and compiled without a warning, with
/// --check), 1 some did not, 2 bad usage.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder, searched with all folders below it for JSON and YAML
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Compiles the crates too, in one shared target folder
    #[arg(long)]
    check: bool,

    /// Takes only contracts whose path contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,

    /// Writes the table into this file, as Markdown
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,

    /// Where crates and target folder go
    #[arg(long, value_name = "DIR", default_value = "target/corpus")]
    out: PathBuf,
}

/// What became of one contract.
#[derive(Debug, Default)]
struct Row {
    name: String,
    summary: Option<Value>,
    failure: Option<String>,
    seconds: f64,
    megabytes: u64,
    compiled: Option<Compiled>,
}

#[derive(Debug, Default)]
struct Compiled {
    success: bool,
    warnings: usize,
    seconds: f64,
    first: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let mut contracts = Vec::new();
    find(&arguments.folder, &mut contracts).into_diagnostic().wrap_err_with(|| {
        format!("cannot read {}; name a folder with OpenAPI documents", arguments.folder.display())
    })?;
    contracts.sort();
    if let Some(only) = &arguments.only {
        contracts.retain(|path| path.to_string_lossy().contains(only.as_str()));
    }
    if contracts.is_empty() {
        return Err(diagnostic::message(
            format!("{} holds no contract", arguments.folder.display()),
            "name a folder with OpenAPI documents in JSON or YAML",
        ));
    }
    let out = if arguments.out.is_absolute() {
        arguments.out.clone()
    } else {
        workspace::root().join(&arguments.out)
    };
    std::fs::create_dir_all(&out).into_diagnostic()?;

    let next = AtomicUsize::new(0);
    let rows = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(contract) = contracts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let row = generate(&arguments.folder, contract, &out);
                    say(&row);
                    rows.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(row);
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    if arguments.check {
        for row in rows.iter_mut().filter(|row| row.summary.is_some()) {
            row.compiled = Some(check(&out.join(folder_name(&row.name)), &out.join("target")));
            say_compiled(row);
        }
    }
    if let Some(table) = &arguments.table {
        write_whole(table, &markdown(&rows)).into_diagnostic()?;
    }
    let generated = rows.iter().filter(|row| row.summary.is_some()).count();
    let clean = rows
        .iter()
        .filter_map(|row| row.compiled.as_ref())
        .filter(|it| it.success && it.warnings == 0)
        .count();
    let compiled =
        if arguments.check { format!(", {clean} compile without a warning") } else { String::new() };
    anstream::println!("{} {generated} of {} contracts generated{compiled}", "corpus:".bold(), rows.len());
    let good = generated == rows.len() && (!arguments.check || clean == rows.len());
    Ok(ExitCode::from(u8::from(!good)))
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            find(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|known| extension == *known))
        {
            found.push(path);
        }
    }
    Ok(())
}

fn folder_name(name: &str) -> String {
    name.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).collect()
}

/// Generates one crate in a process of its own.
fn generate(root: &Path, contract: &Path, out: &Path) -> Row {
    let name = contract.strip_prefix(root).unwrap_or(contract).display().to_string();
    let folder = out.join(folder_name(&name));
    let summary = out.join(format!("{}.json", folder_name(&name)));
    // What an earlier run left would be counted as this one's.
    let _ = std::fs::remove_dir_all(&folder);
    let _ = std::fs::remove_file(&summary);
    let start = Instant::now();
    let child = std::env::current_exe().and_then(|own| {
        Command::new(own)
            .args(["generate", "--name", "subject", "--spec"])
            .arg(contract)
            .arg("--out")
            .arg(&folder)
            .arg("--runtime")
            .arg(workspace::root().join("generator/runtime"))
            .arg("--summary")
            .arg(&summary)
            .env("NO_COLOR", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::from(std::fs::File::create(out.join(format!("{}.log", folder_name(&name))))?))
            .spawn()
    });
    let mut row = Row { name, ..Row::default() };
    match child.map(|child| wait(child, start)) {
        Ok((status, megabytes)) => {
            row.megabytes = megabytes;
            if status == Some(0) {
                let text = std::fs::read_to_string(&summary).ok();
                row.summary = text.and_then(|text| serde_json::from_str(&text).ok());
            }
            if row.summary.is_none() {
                let log = out.join(format!("{}.log", folder_name(&row.name)));
                let log = std::fs::read_to_string(log).unwrap_or_default();
                let said = log
                    .lines()
                    .map(|line| line.trim_matches([' ', '×', '│']))
                    .filter(|line| !line.is_empty());
                let said = said.take(2).collect::<Vec<_>>().join(" ");
                row.failure = Some(match status {
                    Some(2) => said,
                    Some(code) => format!("exit status {code}: {said}"),
                    None => format!("stopped: {said}"),
                });
            }
        }
        Err(error) => row.failure = Some(error.to_string()),
    }
    row.seconds = start.elapsed().as_secs_f64();
    row
}

/// Waits for a process; gives its exit status and the most memory it had, where the system tells.
fn wait(mut child: Child, start: Instant) -> (Option<i32>, u64) {
    let mut peak = 0;
    loop {
        if let Some(megabytes) = resident(child.id()) {
            peak = peak.max(megabytes);
        }
        match child.try_wait() {
            Ok(Some(status)) => return (status.code(), peak),
            Ok(None) if start.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(5)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return (None, peak);
            }
        }
    }
}

/// The most memory that a process has had, in MiB (`VmHWM` of proc(5)).
fn resident(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

fn check(folder: &Path, target: &Path) -> Compiled {
    let _ = std::fs::copy(workspace::root().join("Cargo.lock"), folder.join("Cargo.lock"));
    let start = Instant::now();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--quiet", "--offline", "--message-format", "short", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target)
        .output();
    let seconds = start.elapsed().as_secs_f64();
    match output {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr);
            let says = |word: &str| text.lines().filter(|line| line.contains(word)).count();
            let first = text
                .lines()
                .find(|line| line.contains("error") || line.contains("warning"))
                .map(str::to_owned);
            Compiled { success: output.status.success(), warnings: says("warning:"), seconds, first }
        }
        Err(error) => Compiled { first: Some(error.to_string()), seconds, ..Compiled::default() },
    }
}

fn figure(row: &Row, name: &str) -> u64 {
    row.summary.as_ref().and_then(|summary| summary[name].as_u64()).unwrap_or_default()
}

fn say(row: &Row) {
    match &row.failure {
        Some(failure) => anstream::println!("{} {:<48} {failure}", "✗".red().bold(), row.name),
        None => anstream::println!(
            "{} {:<48} {:>5} operations {:>6} types {:>7} lines {:>7.2} s {:>5} MiB",
            "✓".green(),
            row.name,
            figure(row, "operations"),
            figure(row, "types"),
            figure(row, "lines"),
            row.seconds,
            row.megabytes
        ),
    }
}

fn say_compiled(row: &Row) {
    let Some(compiled) = &row.compiled else { return };
    match (compiled.success, compiled.warnings) {
        (true, 0) => {
            anstream::println!("{} {:<48} compiles ({:.1} s)", "✓".green(), row.name, compiled.seconds)
        }
        (true, count) => anstream::println!(
            "{} {:<48} {count} warnings: {}",
            "~".yellow().bold(),
            row.name,
            compiled.first.as_deref().unwrap_or_default()
        ),
        (false, _) => anstream::println!(
            "{} {:<48} does not compile: {}",
            "✗".red().bold(),
            row.name,
            compiled.first.as_deref().unwrap_or_default()
        ),
    }
}

fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| contract | operations | types | carried as free-form JSON | lines | seconds | MiB | compiles |\n\
         |---|--:|--:|--:|--:|--:|--:|---|\n",
    );
    for row in rows {
        let notices =
            row.summary.as_ref().and_then(|summary| summary["notices"].as_array()).map_or(0, Vec::len);
        let compiles = match (&row.failure, &row.compiled) {
            (Some(failure), _) => format!("not generated: {}", failure.replace('|', "\\|")),
            (None, None) => String::new(),
            (None, Some(Compiled { success: true, warnings: 0, seconds, .. })) => {
                format!("yes, {seconds:.1} s")
            }
            (None, Some(Compiled { success: true, warnings, .. })) => format!("{warnings} warnings"),
            (None, Some(_)) => "no".to_owned(),
        };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {notices} | {} | {:.2} | {} | {compiles} |",
            row.name,
            figure(row, "operations"),
            figure(row, "types"),
            figure(row, "lines"),
            row.seconds,
            row.megabytes,
        );
    }
    text
}
