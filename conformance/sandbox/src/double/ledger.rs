//! What is recorded, what of it was asked for, and what was asked for besides.

use std::collections::VecDeque;
use std::fmt;

use axum::response::Response;
use driftline_specs::Recording;
use driftline_specs::recording::{Ask, Difference, Respects};

use super::answer::Recorded;
use super::problem;

/// The most unknown requests that are kept.
const MOST_UNKNOWN: usize = 1_000;

/// The most requests that are kept, and the most bytes of their bodies.
const MOST_REQUESTS: (usize, usize) = (10_000, 64 << 20);

/// A request that was not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The recorded request that is most like it, if there is any.
    pub nearest: Option<Nearest>,
}

/// A recorded request that is not the one that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// The recorded exchange.
    pub entry: RecordedEntry,
    /// In which respects it is another one; places, never values.
    pub differences: Vec<Difference>,
}

/// A recorded exchange, by which it is found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEntry {
    /// Its place in the recording, from 0.
    pub index: usize,
    /// The step or the operation that the recording names.
    pub step: Option<String>,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
}

/// Why a double is not verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Unverified {
    /// The requests that were not recorded.
    pub unknown: Vec<Unknown>,
    /// The recorded exchanges that nobody has asked for.
    pub unasked: Vec<RecordedEntry>,
}

impl fmt::Display for RecordedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry {}", self.index)?;
        if let Some(step) = &self.step {
            write!(f, " (`{step}`)")?;
        }
        write!(f, ", {} {}", self.method, self.path)
    }
}

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.entry)?;
        for (at, difference) in self.differences.iter().enumerate() {
            write!(f, "{} {difference}", if at == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} was not recorded", self.method, self.path)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; the nearest recorded request is {nearest}"),
            None => f.write_str("; nothing is"),
        }
    }
}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.unknown.iter().map(ToString::to_string);
        let lines = lines.chain(self.unasked.iter().map(|entry| format!("nobody has asked for {entry}")));
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

/// A test that unwraps shows what is wrong, line by line.
impl fmt::Debug for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::error::Error for Unverified {}

struct Kept {
    recorded: Recorded,
    step: Option<String>,
    asked: bool,
}

/// The state of a double.
pub(super) struct Ledger {
    entries: Vec<Kept>,
    respects: Respects,
    requests: VecDeque<Ask>,
    /// Bytes of the bodies of `requests`.
    held: usize,
    unknown: Vec<Unknown>,
}

impl Ledger {
    pub(super) fn new(recording: &Recording, respects: Respects, url: &str) -> Ledger {
        let entries = recording.entries().map(|entry| {
            let recorded = Recorded::new(entry.to_ask(), entry.to_answer(), url);
            Kept { recorded, step: entry.step().map(str::to_owned), asked: false }
        });
        Ledger {
            entries: entries.collect(),
            respects,
            requests: VecDeque::new(),
            held: 0,
            unknown: Vec::new(),
        }
    }

    /// Notes a request and answers it.
    pub(super) fn answer(&mut self, ask: Ask) -> Response {
        let mut last = None;
        let mut next = None;
        for (index, kept) in self.entries.iter().enumerate() {
            if kept.recorded.is_asked_by(&ask, &self.respects) {
                last = Some(index);
                if !kept.asked {
                    next = Some(index);
                    break;
                }
            }
        }
        let response = match next.or(last).and_then(|index| self.entries.get_mut(index)) {
            Some(kept) => {
                kept.asked = true;
                kept.recorded.response()
            }
            None => {
                let unknown = self.unknown_request(&ask);
                let response = problem::unknown(&unknown);
                if self.unknown.len() < MOST_UNKNOWN {
                    self.unknown.push(unknown);
                }
                response
            }
        };
        self.keep(ask);
        response
    }

    fn keep(&mut self, ask: Ask) {
        let bytes = |ask: &Ask| ask.body.as_ref().map_or(0, Vec::len);
        self.held += bytes(&ask);
        self.requests.push_back(ask);
        while self.requests.len() > MOST_REQUESTS.0 || self.held > MOST_REQUESTS.1 {
            let Some(oldest) = self.requests.pop_front() else { break };
            self.held -= bytes(&oldest);
        }
    }

    fn unknown_request(&self, ask: &Ask) -> Unknown {
        let nearest = self.entries.iter().enumerate().map(|(index, kept)| {
            let differences = kept.recorded.ask().differences(ask, &self.respects);
            (kept.recorded.distance(ask, &differences), index, differences)
        });
        let nearest = nearest.min_by_key(|(distance, index, _)| (*distance, *index));
        let nearest =
            nearest.map(|(_, index, differences)| Nearest { entry: self.entry(index), differences });
        Unknown { method: ask.method.clone(), path: path_of(&ask.url).to_owned(), nearest }
    }

    fn entry(&self, index: usize) -> RecordedEntry {
        let kept = self.entries.get(index);
        let ask = kept.map(|kept| kept.recorded.ask());
        RecordedEntry {
            index,
            step: kept.and_then(|kept| kept.step.clone()),
            method: ask.map(|ask| ask.method.clone()).unwrap_or_default(),
            path: ask.map(|ask| path_of(&ask.url).to_owned()).unwrap_or_default(),
        }
    }

    pub(super) fn take_requests(&mut self) -> Vec<Ask> {
        self.held = 0;
        std::mem::take(&mut self.requests).into()
    }

    pub(super) fn unknown(&self) -> &[Unknown] {
        &self.unknown
    }

    pub(super) fn unasked(&self) -> Vec<RecordedEntry> {
        let unasked = self.entries.iter().enumerate().filter(|(_, kept)| !kept.asked);
        unasked.map(|(index, _)| self.entry(index)).collect()
    }
}

/// The path of a URL or of a target.
pub(super) fn path_of(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => url,
    }
}
