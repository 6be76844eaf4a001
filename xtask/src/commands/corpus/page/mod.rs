//! The page that `--table` writes: how it was measured, the totals, the largest contracts beside the other generators,
//! and each contract.

mod contracts;
mod largest;
mod totals;

use std::path::Path;
use std::process::Command;

use super::super::write_whole;
use super::Row;
use super::ours;
use super::peers::{self, Results};

pub(super) use self::largest::largest;

/// What the page is made of.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    /// Every contract.
    pub(super) rows: &'a [Row],
    /// What the other generators made of them.
    pub(super) peers: &'a [Results],
    /// The crates were compiled.
    pub(super) checked: bool,
    /// They were built optimised as well.
    pub(super) built: bool,
}

/// The heading of the part of a page that people write.
const NOTES: &str = "\n## Notes\n";

/// The part of a page that people have written.
pub(super) fn notes(page: &str) -> Option<String> {
    let (_, notes) = page.split_once(NOTES)?;
    let end = notes.find("\n## ").map_or(notes.len(), |end| end + 1);
    Some(notes[..end].trim().to_owned()).filter(|notes| !notes.is_empty())
}

/// Writes a page into a file; `make` is given what people have noted there.
pub(super) fn write(file: &Path, make: impl FnOnce(Option<&str>) -> String) -> std::io::Result<()> {
    let noted = std::fs::read_to_string(file).ok().and_then(|page| notes(&page));
    write_whole(file, &make(noted.as_deref()))
}

/// Adds what people have noted.
pub(super) fn add_notes(text: &mut String, notes: Option<&str>) {
    if let Some(notes) = notes {
        text.push_str(&format!("{NOTES}\n{notes}\n"));
    }
}

/// The whole page, with what people have noted.
pub(super) fn markdown(findings: &Findings<'_>, notes: Option<&str>) -> String {
    let mut text = String::from("# What the generator makes of contracts as they are published\n\n");
    text.push_str(
        "Written by `cargo xtask corpus` (`--check`, `--release`, `--peers`, `--table FILE`), not by hand, but for \
         the notes. The contracts are documents that vendors and test suites have published; they are not in this \
         repository.\n",
    );
    how(&mut text, findings);
    totals::add(&mut text, findings);
    add_notes(&mut text, notes);
    largest::add(&mut text, findings);
    contracts::add(&mut text, findings);
    text
}

fn how(text: &mut String, findings: &Findings<'_>) {
    text.push_str("\n## How it is measured\n\n");
    let mut points = vec![
        format!("Machine: {}. Compiler: {}.", machine(), compiler()),
        if cfg!(debug_assertions) {
            "This is an **unoptimised** build of the generator: its own seconds are several times those of a release."
                .to_owned()
        } else {
            "The generator is a release build, as the others are.".to_owned()
        },
        format!(
            "Each contract is generated in a process of its own, which is stopped after {} s. Seconds are those on the \
             processors, user and system, of the process and its children; memory is the most that one process had \
             resident. Both come from the system's own account (getrusage).",
            ours::PATIENCE.as_secs()
        ),
        "Lines are lines of Rust, without the runtime crate that all generated crates share.".to_owned(),
    ];
    if findings.checked {
        points.push(format!(
            "`cargo check` compiles each crate with its default features, all crates in one workspace, after their \
             dependencies. Its seconds and memory are those of the compiler for that crate alone; it is stopped after \
             {} s. A warning is one that the compiler gives without any option.",
            super::COMPILER_PATIENCE.as_secs()
        ));
    }
    if findings.built {
        points.push(
            "`cargo build --release` is measured in the same way. What is generic in a library is compiled for whoever \
             calls it, so that reading and writing JSON costs a program more where it is used."
                .to_owned(),
        );
    }
    if !findings.peers.is_empty() {
        points.push(
            "Everything runs one at a time. For the largest contracts, generating is measured three times, and the \
             least counts."
                .to_owned(),
        );
        points.push(format!(
            "Other generators run as their documentation tells a user who wants types and a client, with the settings \
             that they have by themselves, and are stopped after {} s. Their operations are counted in their source: \
             public asynchronous methods with different names, leaving out a method that is a second way to call \
             another; at most as many as the contract has.",
            peers::PATIENCE.as_secs()
        ));
        for results in findings.peers {
            let peer = results.peer;
            points.push(format!("{} {}: {}.", peer.name, peer.version, peer.how));
        }
    }
    for point in points {
        text.push_str(&format!("- {point}\n"));
    }
}

/// Processors and memory.
pub(super) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = memory.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kilobytes = total.and_then(|total| total.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    match kilobytes {
        Some(kilobytes) => format!("{cores} cores, {} GiB of memory", kilobytes.div_ceil(1024 * 1024)),
        None => format!("{cores} cores"),
    }
}

pub(super) fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let words: Vec<_> = text.split_whitespace().take(2).collect();
    if words.is_empty() { "unknown".to_owned() } else { words.join(" ") }
}

/// The folder that a contract is in, as a kind of contract.
fn kind(name: &str) -> &str {
    let folder = Path::new(name).parent().and_then(Path::to_str).unwrap_or_default();
    if folder.is_empty() { "." } else { folder }
}

/// Text that stays inside its cell.
pub(super) fn cell(text: &str) -> String {
    let text: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let text = text.replace('|', "\\|");
    // A folder of this machine says nothing to a reader.
    text.replace(&format!("{}/", super::workspace::root().display()), "")
}

/// A number with its thousands apart.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_have_noted_is_kept() {
        let findings = Findings { rows: &[], peers: &[], checked: false, built: false };
        assert_eq!(notes(&markdown(&findings, None)), None);
        let page = markdown(&findings, Some("One contract\ncontradicts itself."));
        assert_eq!(notes(&page).as_deref(), Some("One contract\ncontradicts itself."));
        assert_eq!(markdown(&findings, notes(&page).as_deref()), page);
    }

    #[test]
    fn numbers_and_cells_are_readable() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1234), "1,234");
        assert_eq!(thousands(394_000), "394,000");
        assert_eq!(cell("a|b\nc"), "a\\|b c");
        assert_eq!(kind("real/3.0/a.json"), "real/3.0");
        assert_eq!(kind("a.json"), ".");
    }
}
