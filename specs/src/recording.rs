//! Recordings: what an endpoint was asked and what it answered, as HAR 1.2.
//!
//! A [`Recording`] is read from a file and written to one. What is read is held to the form first, so that a file that
//! was cut off or edited by hand is refused with its place instead of being taken for what an endpoint said. Captures of
//! browsers bend the form; [`Recording::capture`] reads them entry by entry and leaves out what is no exchange.
//!
//! This module knows the form alone: masking, matching with operations and sending are elsewhere.

mod check;
mod compare;
mod cookies;
mod entry;
mod multipart;
mod parts;
mod read;
mod save;

use std::fmt;
use std::path::{Path, PathBuf};

use har::v1_2::{Creator, Log, PageTimings, Pages};

pub use compare::{Difference, Kind, Respects};
pub use entry::Entry;
pub use multipart::{Part, parts_of};
pub use parts::{Answer, Ask, Parts};
pub use read::{Capture, Skipped};

use crate::error::{Error, Fault, Place};
use crate::source::{Source, read_text};

/// The most entries that a recording has.
pub const MAX_ENTRIES: usize = 10_000;

/// The most header fields, cookies, parameters or pages that stand in one list.
pub const MAX_LIST: usize = 1_000;

/// Exchanges in the order in which they took place.
#[derive(Clone, PartialEq)]
pub struct Recording {
    log: Log,
}

/// What a recording was taken from: its comment, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The target's name.
    pub target: String,
    /// The beginning of the SHA-256 of the contract that was in force, in hexadecimal digits.
    pub contract: String,
}

const MASKED: &str = "masked; target ";
const CONTRACT: &str = "; contract ";

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{MASKED}{}{CONTRACT}{}", self.target, self.contract)
    }
}

impl Recording {
    /// Begins a recording of masked exchanges.
    pub fn new(origin: &Origin) -> Self {
        let creator = Creator {
            name: "driftline".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            comment: None,
        };
        let log = Log {
            creator,
            browser: None,
            pages: Some(Vec::new()),
            entries: Vec::new(),
            comment: Some(origin.to_string()),
        };
        Self { log }
    }

    /// Reads a file that Driftline has written, or that keeps to HAR 1.2 or 1.1 as strictly.
    ///
    /// # Errors
    ///
    /// Fails when the file cannot be read, is not JSON, has another version, or contradicts itself: a body that has not
    /// the length that it claims, a status, method or URL that HTTP does not know, text that is not base64 although it
    /// says so. The error names file, line and entry, and no value.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::from_text(path, &read_text(path)?)
    }

    /// Reads a text; `name` stands for it in messages.
    ///
    /// # Errors
    ///
    /// Fails as [`load`](Self::load) does.
    pub fn from_text(name: &Path, text: &str) -> Result<Self, Error> {
        let (source, value) = Source::parse_json(name, text)?;
        Ok(Self { log: read::strict(&source, value)? })
    }

    /// Reads what a browser or a proxy has captured: entries that are no exchange of HTTP with an answer are left out,
    /// and a size that is not the body's is not believed.
    ///
    /// # Errors
    ///
    /// Fails when the file cannot be read, is not JSON, is no HAR, or has another version.
    pub fn capture(path: &Path) -> Result<Capture, Error> {
        Self::capture_from_text(path, &read_text(path)?)
    }

    /// Reads a captured text; `name` stands for it in messages.
    ///
    /// # Errors
    ///
    /// Fails as [`capture`](Self::capture) does.
    pub fn capture_from_text(name: &Path, text: &str) -> Result<Capture, Error> {
        let (source, value) = Source::parse_json(name, text)?;
        read::lenient(&source, value)
    }

    /// Returns the recording as HAR 1.2: the same recording gives the same text.
    ///
    /// # Panics
    ///
    /// Never: the log has texts for keys, and nothing in it fails to be written.
    pub fn to_text(&self) -> String {
        let document = har::Har { log: har::Spec::V1_2(self.log.clone()) };
        let mut text = har::to_json(&document).expect("a log is texts, numbers and lists");
        text.push('\n');
        text
    }

    /// Writes the file, making its folder when it is not there. The complete new file takes the place of what was there
    /// in one step, or what was there stays.
    ///
    /// # Errors
    ///
    /// Fails when the file cannot be written, or when what would be written could not be read again.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let text = self.to_text();
        Self::from_text(path, &text)?;
        save::replace(path, text.as_bytes()).map_err(|error| {
            Fault::new(format!("the recording cannot be written: {error}"))
                .at(Place::file(path))
                .advise("name a file in a folder that can be written to")
                .into(Error::Recording)
        })
    }

    /// Begins a workflow: entries with this `id` belong to it. One that has begun already stays as it is.
    ///
    /// `started` is an instant of RFC 3339.
    pub fn page(&mut self, id: &str, title: &str, started: &str) {
        let pages = self.log.pages.get_or_insert_default();
        if pages.iter().any(|page| page.id == id) {
            return;
        }
        pages.push(Pages {
            started_date_time: started.to_owned(),
            id: id.to_owned(),
            title: title.to_owned(),
            page_timings: PageTimings { on_content_load: Some(-1.0), on_load: Some(-1.0), comment: None },
            comment: None,
        });
    }

    /// Adds an exchange. A workflow that has no page yet gets one, with its id for a title.
    ///
    /// # Errors
    ///
    /// Fails when the parts are not what a recording can hold, as [`load`](Self::load) would.
    pub fn push(&mut self, parts: &Parts) -> Result<(), Error> {
        let entry = parts.to_entry();
        let index = self.log.entries.len();
        let refuse = |flaw: check::Flaw| {
            let place = Place::default().pointer(format!("#/log/entries/{index}{}", flaw.below));
            flaw.fault(index).at(place).into(Error::Recording)
        };
        if index >= MAX_ENTRIES {
            return Err(Fault::new("the recording has no room for another entry")
                .expecting(format!("at most {MAX_ENTRIES}"))
                .advise("record into several files")
                .into(Error::Recording));
        }
        check::entry(&entry, check::Strictness::Recording).map_err(refuse)?;
        if let Some(workflow) = &parts.workflow {
            self.page(workflow, workflow, &parts.started);
        }
        self.log.entries.push(entry);
        Ok(())
    }

    /// Returns the exchanges in the order of the file.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Entry<'_>> {
        self.log.entries.iter().map(Entry::new)
    }

    /// Returns the workflows, each with its id and its title, in the order of the file.
    pub fn workflows(&self) -> impl Iterator<Item = (&str, &str)> {
        self.log.pages.iter().flatten().map(|page| (page.id.as_str(), page.title.as_str()))
    }

    /// Returns what the recording was taken from, when its comment says so in our words: then it is masked.
    pub fn origin(&self) -> Option<Origin> {
        let (target, contract) = self.log.comment.as_deref()?.strip_prefix(MASKED)?.rsplit_once(CONTRACT)?;
        Some(Origin { target: target.to_owned(), contract: contract.to_owned() })
    }

    /// Returns the name and the version of the program that wrote the recording.
    pub fn creator(&self) -> (&str, &str) {
        (&self.log.creator.name, &self.log.creator.version)
    }
}

/// Reads the recordings of a folder, `*.har`, in the order of their names.
///
/// # Errors
///
/// Fails when the folder cannot be listed, and as [`Recording::load`] does.
pub fn recordings(folder: &Path) -> Result<Vec<(PathBuf, Recording)>, Error> {
    let unreadable = |error: std::io::Error| {
        Fault::new(format!("the recordings cannot be listed: {error}"))
            .at(Place::file(folder))
            .advise("name the folder that holds them")
            .into(Error::Read)
    };
    let mut paths = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
        .map_err(unreadable)?;
    paths.retain(|path| path.extension().is_some_and(|it| it == "har"));
    paths.sort();
    paths.into_iter().map(|path| Recording::load(&path).map(|it| (path, it))).collect()
}

impl fmt::Debug for Recording {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Recording").field("entries", &self.log.entries.len()).finish_non_exhaustive()
    }
}
