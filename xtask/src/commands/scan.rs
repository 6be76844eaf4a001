//! `scan`: whether there is a person's data or a credential in the repository.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use driftline_conformance::masking::scan::scan;
use owo_colors::OwoColorize;

use super::Outcome;
use crate::{diagnostic, workspace};

/// The largest file that is looked into; what is larger is no text that anybody wrote or recorded.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Looks for people's data and credentials in files
///
/// Social security numbers and ITINs, e-mail addresses, telephone and card numbers, names beside property names that
/// say so, passwords, tokens and keys: plain, percent-encoded and in base64. Values that are nobody's are fine: SSNs of
/// the 900 range with a group from 10 to 49, ITINs with group 93, FEINs with the prefix 07, example.com, 555-01xx, and
/// what masking puts in their place. What is found is told by file, line and kind, never by itself.
///
/// Without a path specs/ is looked through. Of a folder in a Git repository, the files that Git does not ignore are
/// looked into; of another one, all. Files that are no text are left out. As a hook before a commit:
///
///   git diff --cached --name-only --diff-filter=d -z | xargs -0 cargo xtask scan
///
/// Exit status: 0 nothing found, 1 something found, 2 bad usage or a file that cannot be read.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    /// Files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let specs = [workspace::specs()];
    let paths = if arguments.paths.is_empty() { &specs[..] } else { &arguments.paths[..] };
    let mut files = Vec::new();
    for path in paths {
        let unreadable = |error: std::io::Error| unreadable(path, &error);
        if path.metadata().map_err(unreadable)?.is_dir() {
            files.extend(inside(path).map_err(unreadable)?);
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    let (mut looked, mut found) = (0, 0);
    for file in &files {
        let Some(text) = text(file).map_err(|error| unreadable(file, &error))? else { continue };
        looked += 1;
        for sighting in scan(&text) {
            found += 1;
            let place = format!("{}:{}:", workspace::shown(file), sighting.line);
            anstream::println!("{} {}", place.bold(), sighting.kind.as_str());
        }
    }
    if found == 0 {
        anstream::eprintln!("{} nothing in {looked} files", "clean:".green().bold());
        return Ok(ExitCode::SUCCESS);
    }
    anstream::eprintln!(
        "{} {found} in {looked} files; use values that are nobody's (`cargo xtask scan --help`), and recordings \
         that Driftline has masked",
        "found:".red().bold()
    );
    Ok(ExitCode::FAILURE)
}

fn unreadable(path: &Path, error: &std::io::Error) -> miette::Report {
    diagnostic::message(
        format!("cannot read {}: {error}", workspace::shown(path)),
        "name files and folders that are there",
    )
}

/// The files of a folder: what Git does not ignore, or all where Git knows nothing.
fn inside(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let listed = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output();
    if let Ok(output) = listed
        && output.status.success()
    {
        let names = String::from_utf8_lossy(&output.stdout);
        let files = names.split('\0').filter(|it| !it.is_empty()).map(|it| folder.join(it));
        // A file that was deleted and not committed yet is still listed.
        return Ok(files.filter(|it| it.is_file()).collect());
    }
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            // Links are not followed, so that no circle is.
            let kind = entry.file_type()?;
            if kind.is_dir() && entry.file_name() != ".git" {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    Ok(files)
}

/// The text of a file; nothing where it is none.
fn text(file: &Path) -> std::io::Result<Option<String>> {
    if file.metadata()?.len() > MAX_BYTES {
        return Ok(None);
    }
    let bytes = std::fs::read(file)?;
    if bytes.iter().take(8_000).any(|it| *it == 0) {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
