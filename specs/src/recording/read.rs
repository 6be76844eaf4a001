//! From a JSON value to a log, entry by entry, with the place of what does not fit.

use har::v1_2::{Entries, Log};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use super::check::{self, Flaw, Strictness};
use super::{MAX_ENTRIES, MAX_LIST, Recording};
use crate::error::{Error, Fault, Place};
use crate::pointer;
use crate::source::Source;

/// What was read of a capture.
#[derive(Debug)]
#[non_exhaustive]
pub struct Capture {
    /// The exchanges.
    pub recording: Recording,
    /// What was left out.
    pub skipped: Vec<Skipped>,
}

/// An entry of a capture that is not an exchange of HTTP with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// Which entry of the file it is, counted from 0.
    pub entry: usize,
    /// Why it was left out, without any value.
    pub reason: String,
}

impl Skipped {
    /// Says why an entry is left out.
    #[must_use]
    pub fn new(entry: usize, reason: &str) -> Self {
        Self { entry, reason: reason.to_owned() }
    }
}

/// Reads a recording; the first thing that does not fit is an error.
pub(super) fn strict(source: &Source, value: Value) -> Result<Log, Error> {
    let (mut log, entries) = open(source, value)?;
    for (index, value) in entries.into_iter().enumerate() {
        let entry = entry(value, Strictness::Recording).map_err(|flaw| refuse(source, index, flaw))?;
        log.entries.push(entry);
    }
    check::pages(&log).map_err(|(index, flaw)| refuse(source, index, flaw))?;
    Ok(log)
}

/// Reads a capture; entries that do not fit are left out.
pub(super) fn lenient(source: &Source, value: Value) -> Result<Capture, Error> {
    let (mut log, entries) = open(source, value)?;
    let mut skipped = Vec::new();
    for (index, value) in entries.into_iter().enumerate() {
        match entry(value, Strictness::Capture) {
            Ok(entry) => log.entries.push(entry),
            Err(Flaw { problem, .. }) => skipped.push(Skipped { entry: index, reason: problem }),
        }
    }
    Ok(Capture { recording: Recording { log }, skipped })
}

fn entry(value: Value, strictness: Strictness) -> Result<Entries, Flaw> {
    let mut entry: Entries = typed(value)?;
    if strictness == Strictness::Capture {
        check::settle(&mut entry);
    }
    check::entry(&entry, strictness)?;
    Ok(entry)
}

/// Reads everything but the entries.
fn open(source: &Source, mut value: Value) -> Result<(Log, Vec<Value>), Error> {
    let at = |pointer: &str| {
        let tokens = pointer::tokens(pointer).unwrap_or_default();
        Place::position(source.position(&tokens), source.name()).pointer(pointer)
    };
    let Some(log) = value.get_mut("log").filter(|it| it.is_object()) else {
        return Err(Fault::new("this is no HAR: it has no log")
            .at(at("#"))
            .expecting("an object with `log`")
            .advise("name a file that Driftline recorded, or one that a browser exported")
            .into(Error::Recording));
    };
    match log.get("version").and_then(Value::as_str) {
        Some("1.2" | "1.1") => {}
        other => {
            let name = other.map_or_else(
                || "no version".to_owned(),
                |it| format!("version {:?}", it.chars().take(20).collect::<String>()),
            );
            return Err(Fault::new(format!("the HAR has {name}"))
                .at(at("#/log/version"))
                .expecting("1.2 or 1.1")
                .advise("export it again as HAR 1.2")
                .into(Error::Version));
        }
    }
    let entries = match log.get_mut("entries") {
        Some(Value::Array(entries)) => std::mem::take(entries),
        _ => {
            return Err(Fault::new("the log has no list of entries")
                .at(at("#/log/entries"))
                .advise("the file is cut off or was edited; record it again")
                .into(Error::Recording));
        }
    };
    if entries.len() > MAX_ENTRIES {
        return Err(Fault::new(format!("the log has {} entries", entries.len()))
            .at(at("#/log/entries"))
            .expecting(format!("at most {MAX_ENTRIES}"))
            .advise("divide the recording")
            .into(Error::Recording));
    }
    let log: Log = typed(log.take()).map_err(|flaw| {
        Fault::new(flaw.problem)
            .at(at(&format!("#/log{}", flaw.below)))
            .advise("correct the file, or record it again")
            .into(Error::Recording)
    })?;
    if log.pages.as_ref().is_some_and(|pages| pages.len() > MAX_LIST) {
        return Err(Fault::new("the log has too many pages")
            .at(at("#/log/pages"))
            .expecting(format!("at most {MAX_LIST}"))
            .into(Error::Recording));
    }
    Ok((log, entries))
}

fn refuse(source: &Source, index: usize, flaw: Flaw) -> Error {
    let pointer = format!("#/log/entries/{index}{}", flaw.below);
    let tokens = pointer::tokens(&pointer).unwrap_or_default();
    let place = Place::position(source.position(&tokens), source.name()).pointer(pointer);
    flaw.fault(index).at(place).into(Error::Recording)
}

/// Reads a value as a type of the form. Messages of the reader tell what stands there; these do not.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Flaw> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut below = String::new();
        for segment in error.path() {
            match segment {
                Segment::Seq { index } => below = pointer::join(&below, &index.to_string()),
                Segment::Map { key } => below = pointer::join(&below, key),
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        let message = error.inner().to_string();
        let problem = match message.rsplit_once(", expected ") {
            Some((_, expected)) => format!("there stands something else than {expected}"),
            None if message.starts_with("missing field") => format!("there is a {message}"),
            None => "what stands there does not fit the form".to_owned(),
        };
        Flaw { below, problem }
    })
}
