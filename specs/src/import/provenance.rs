//! Records in `api.toml` where a contract came from, and leaves everything else in that file as it is.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::api::ApiConfig;
use crate::error::{Error, Fault, Place};

/// One source of a contract, as `[[sources]]` of `api.toml` keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// What the source calls itself; an entry with the same title is replaced.
    pub title: String,
    /// `page`, `document` or `overview`.
    pub kind: String,
    /// The day on which it was read, `2026-11-21`.
    pub retrieved: String,
    /// What of the contract comes from it.
    pub covers: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The name of the file, without its folder.
    pub file: Option<String>,
}

impl Provenance {
    /// Describes a file that was imported, given its bytes.
    pub fn of(title: &str, kind: &str, retrieved: &str, covers: &str, file: &Path, bytes: &[u8]) -> Self {
        let sha256 = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            title: title.to_owned(),
            kind: kind.to_owned(),
            retrieved: retrieved.to_owned(),
            covers: covers.to_owned(),
            sha256,
            file: file.file_name().map(|name| name.to_string_lossy().into_owned()),
        }
    }

    fn fields(&self) -> Vec<(&'static str, &str)> {
        let mut fields = vec![
            ("title", self.title.as_str()),
            ("kind", &self.kind),
            ("retrieved", &self.retrieved),
            ("covers", &self.covers),
            ("sha256", &self.sha256),
        ];
        fields.extend(self.file.as_deref().map(|file| ("file", file)));
        fields
    }
}

/// Returns the text of an `api.toml` with the entry of this source in it, new or brought up to date.
///
/// `name` stands for the file in messages. The result is read back: when anything else would have changed, nothing
/// is returned but an error that says what to write by hand.
pub fn record(name: &Path, text: &str, provenance: &Provenance) -> Result<String, Error> {
    let before = ApiConfig::from_text(name, text)?;
    let lines: Vec<&str> = text.lines().collect();
    let entries = entries(&lines);
    let known = before.sources.iter().position(|source| source.title == provenance.title);
    let recorded = match known.and_then(|index| entries.get(index)) {
        Some(range) => updated(&lines, range.clone(), provenance),
        None => added(&lines, &entries, provenance),
    };
    let after = ApiConfig::from_text(name, &recorded)?;
    let others = |config: &ApiConfig| {
        let sources: Vec<_> =
            config.sources.iter().filter(|source| source.title != provenance.title).cloned().collect();
        let (targets, generator) = (config.targets.clone(), config.generator.clone());
        (config.name.clone(), config.title.clone(), config.status, sources, targets, generator)
    };
    let entry = after.sources.iter().find(|source| source.title == provenance.title);
    let is_recorded =
        entry.is_some_and(|source| source.sha256.as_deref() == Some(provenance.sha256.as_str()));
    if others(&before) == others(&after) && is_recorded {
        return Ok(recorded);
    }
    Err(Fault::new("the source cannot be recorded without changing something else in the file")
        .at(Place::file(name))
        .advise(format!("write this entry by hand:\n{}", entry_text(provenance)))
        .into(Error::Settings))
}

/// The lines of each `[[sources]]` entry, from its header to the line before the next header.
fn entries(lines: &[&str]) -> Vec<std::ops::Range<usize>> {
    let is_header = |line: &&str| line.trim_start().starts_with('[');
    let is_entry =
        |line: &&str| line.split('#').next().unwrap_or_default().replace(' ', "").trim() == "[[sources]]";
    let starts = lines.iter().enumerate().filter(|(_, line)| is_entry(line)).map(|(index, _)| index);
    starts
        .map(|start| {
            let length = lines.iter().skip(start + 1).take_while(|line| !is_header(line)).count();
            start..start + 1 + length
        })
        .collect()
}

fn updated(lines: &[&str], range: std::ops::Range<usize>, provenance: &Provenance) -> String {
    let mut text: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let mut end = range.end;
    while end > range.start + 1 && lines.get(end - 1).is_some_and(|line| is_gap(line)) {
        end -= 1;
    }
    let mut missing = Vec::new();
    for (key, value) in provenance.fields() {
        let is_key = |line: &String| line.split_once('=').is_some_and(|(name, _)| name.trim() == key);
        let entry = text.get_mut(range.start + 1..end).unwrap_or_default();
        match entry.iter_mut().find(|line| is_key(line)) {
            Some(line) => *line = field(key, value),
            None => missing.push(field(key, value)),
        }
    }
    text.splice(end..end, missing);
    joined(text)
}

/// A blank line or a comment, which belongs to what follows an entry.
fn is_gap(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// Adds an entry behind the last one, or before the first table, or at the end.
fn added(lines: &[&str], entries: &[std::ops::Range<usize>], provenance: &Provenance) -> String {
    let mut at = match entries.last() {
        Some(last) => last.end,
        None => lines.iter().position(|line| line.trim_start().starts_with('[')).unwrap_or(lines.len()),
    };
    while at > 0 && lines.get(at - 1).is_some_and(|line| is_gap(line)) {
        at -= 1;
    }
    let mut text: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let blank = (at > 0).then(String::new);
    let entry = entry_text(provenance);
    text.splice(at..at, blank.into_iter().chain(entry.lines().map(str::to_owned)));
    joined(text)
}

fn entry_text(provenance: &Provenance) -> String {
    let fields = provenance.fields().into_iter().map(|(key, value)| field(key, value));
    ["[[sources]]".to_owned()].into_iter().chain(fields).collect::<Vec<_>>().join("\n")
}

fn field(key: &str, value: &str) -> String {
    format!("{key} = {}", toml::Value::String(value.to_owned()))
}

fn joined(lines: Vec<String>) -> String {
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
