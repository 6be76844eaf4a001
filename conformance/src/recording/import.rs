//! Import of traffic: what a browser has captured becomes a recording of the operations of a contract.
//!
//! Entries of other hosts, and what matches no operation, are left out and counted. What is kept is masked first and
//! then thinned out: of exchanges that have one operation, one status and bodies of one shape, the first stays.

use std::collections::{BTreeMap, BTreeSet};

use driftline_specs::recording::{Capture, Origin, Parts, Skipped};
use driftline_specs::{Contract, Operation, Recording};
use serde_json::Value;
use url::Url;

use super::routes::{Routes, path_of};
use super::take::DIGITS;
use crate::masking::Masker;
use crate::report::contract_hash;

/// Fields of requests that tell of a browser and of who sits before it, and not of the API.
const OF_BROWSERS: [&str; 15] = [
    "user-agent",
    "accept-language",
    "accept-encoding",
    "referer",
    "origin",
    "dnt",
    "priority",
    "upgrade-insecure-requests",
    "connection",
    "host",
    "te",
    "cache-control",
    "pragma",
    "purpose",
    "x-requested-with",
];

/// Fields of answers that speak of how a body was transferred, which is decoded here.
const OF_TRANSFER: [&str; 4] = ["content-encoding", "transfer-encoding", "connection", "keep-alive"];

/// How deep the shapes of bodies are compared.
const DEPTH: usize = 16;

/// The hosts at which an API answers, and the paths below which it does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosts {
    names: BTreeSet<String>,
    bases: BTreeSet<String>,
}

impl Hosts {
    /// Returns the hosts of the servers that a contract names.
    #[must_use]
    pub fn of(contract: &Contract) -> Hosts {
        let mut hosts = Hosts { bases: [String::new()].into(), ..Hosts::default() };
        for server in contract.servers() {
            if !hosts.add_url(&server.url) {
                hosts.bases.insert(path_of(&server.url).trim_end_matches('/').to_owned());
            }
        }
        hosts
    }

    /// Adds where a URL leads to; false where it names no host.
    pub fn add_url(&mut self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else { return false };
        let Some(name) = name(&url) else { return false };
        self.names.insert(name);
        self.bases.insert(url.path().trim_end_matches('/').to_owned());
        true
    }

    /// Adds a host by its name, with its port where that is not the usual one.
    pub fn add(&mut self, name: &str) {
        self.names.insert(name.trim().to_ascii_lowercase());
    }

    /// Returns the names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    fn has(&self, url: &str) -> bool {
        Url::parse(url).ok().as_ref().and_then(name).is_some_and(|it| self.names.contains(&it))
    }
}

/// The host of a URL, with its port where that is not the usual one of its scheme.
fn name(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_ascii_lowercase();
    Some(url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
}

/// What came of an import.
#[derive(Debug)]
#[non_exhaustive]
pub struct Imported {
    /// The recording, masked.
    pub recording: Recording,
    /// How many exchanges of each operation were kept.
    pub kept: BTreeMap<String, usize>,
    /// What matched no operation, and how often.
    pub unmatched: BTreeMap<Unmatched, usize>,
    /// How many exchanges showed nothing that another one does not show.
    pub duplicates: usize,
    /// How many entries were of other hosts.
    pub elsewhere: usize,
    /// Entries that could not be read, and those that no recording can hold.
    pub skipped: Vec<Skipped>,
}

/// A request that no operation of the contract is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Unmatched {
    /// Its method.
    pub method: String,
    /// Its path; what may be a value in it is `{}`.
    pub path: String,
}

/// Makes a recording of what was captured at some hosts. `target` is the name that it gets for where it was taken from.
#[must_use]
pub fn import(contract: &Contract, hosts: &Hosts, target: &str, capture: &Capture) -> Imported {
    let hash = contract_hash(contract).chars().take(DIGITS).collect();
    let mut imported = Imported {
        recording: Recording::new(&Origin { target: target.to_owned(), contract: hash }),
        kept: BTreeMap::new(),
        unmatched: BTreeMap::new(),
        duplicates: 0,
        elsewhere: 0,
        skipped: capture.skipped.clone(),
    };
    // The longest path first: what stands below `/v1/pets` stands below `/v1` as well.
    let mut bases: Vec<&String> = hosts.bases.iter().collect();
    bases.sort_by_key(|base| std::cmp::Reverse(base.len()));
    let routes: Vec<Routes<'_>> = bases.into_iter().map(|base| Routes::below(contract, base)).collect();

    let mut exchanges: Vec<(Option<&Operation>, Parts)> = Vec::new();
    for entry in capture.recording.entries() {
        if !hosts.has(entry.url()) {
            imported.elsewhere += 1;
            continue;
        }
        let found = routes.iter().find_map(|it| it.find(entry.method(), entry.url()));
        let Some((operation, _)) = found else {
            let unmatched =
                Unmatched { method: entry.method().to_owned(), path: shown(path_of(entry.url())) };
            *imported.unmatched.entry(unmatched).or_default() += 1;
            continue;
        };
        let mut parts = entry.to_parts();
        parts.workflow = None;
        parts.step = Some(operation.id.clone());
        parts.ask.headers.retain(|(name, _)| !is_of_browser(name));
        parts.answer.headers.retain(|(name, _)| !is_any(name, &OF_TRANSFER));
        exchanges.push((Some(operation), parts));
    }

    let operations: Vec<String> = exchanges
        .iter()
        .map(|(operation, _)| operation.map(|it| it.id.clone()).unwrap_or_default())
        .collect();
    let masked = Masker::new(contract).mask_all(exchanges);
    let mut seen = BTreeSet::new();
    for (index, (operation, parts)) in operations.into_iter().zip(masked).enumerate() {
        let request = parts.ask.body.as_deref().map(|body| shape(parts.ask.header("content-type"), body));
        let answer = shape(parts.answer.header("content-type"), &parts.answer.body);
        if !seen.insert((operation.clone(), parts.answer.status, request, answer)) {
            imported.duplicates += 1;
            continue;
        }
        match imported.recording.push(&parts) {
            Ok(()) => *imported.kept.entry(operation).or_default() += 1,
            Err(error) => imported.skipped.push(Skipped::new(index, error.problem())),
        }
    }
    imported
}

fn is_of_browser(name: &str) -> bool {
    is_any(name, &OF_BROWSERS) || name.to_ascii_lowercase().starts_with("sec-")
}

fn is_any(name: &str, names: &[&str]) -> bool {
    names.iter().any(|it| it.eq_ignore_ascii_case(name))
}

/// A path as it may be shown: a segment that no programmer would have chosen may be a person's.
fn shown(path: &str) -> String {
    let chosen = |segment: &str| {
        let version = segment
            .strip_prefix('v')
            .is_some_and(|it| it.len() < 4 && it.bytes().all(|it| it.is_ascii_digit()));
        let word = segment.len() <= 40
            && segment.bytes().all(|it| it.is_ascii_lowercase() || matches!(it, b'-' | b'_'));
        version || word
    };
    path.split('/').map(|it| if chosen(it) { it } else { "{}" }).collect::<Vec<_>>().join("/")
}

/// What a body consists of: names, and types of values.
fn shape(media_type: Option<&str>, body: &[u8]) -> String {
    if body.is_empty() {
        return "nothing".to_owned();
    }
    let essence =
        media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/x-www-form-urlencoded" {
        let names: BTreeSet<String> =
            url::form_urlencoded::parse(body).map(|(name, _)| name.into_owned()).collect();
        return format!("form {names:?}");
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => of_json(&value, DEPTH),
        // Parts of a multipart body differ by their names, files by nothing.
        Err(_) => {
            let text = String::from_utf8_lossy(body);
            let names: BTreeSet<&str> = text
                .lines()
                .filter(|it| it.to_ascii_lowercase().starts_with("content-disposition:"))
                .collect();
            format!("{essence} {names:?}")
        }
    }
}

fn of_json(value: &Value, depth: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(number) if number.is_f64() => "number".to_owned(),
        Value::Number(_) => "integer".to_owned(),
        Value::String(_) => "string".to_owned(),
        _ if depth == 0 => "deep".to_owned(),
        Value::Array(items) => {
            let items: BTreeSet<String> = items.iter().map(|it| of_json(it, depth - 1)).collect();
            format!("[{}]", items.into_iter().collect::<Vec<_>>().join("|"))
        }
        Value::Object(members) => {
            let members: BTreeMap<&String, String> =
                members.iter().map(|(name, value)| (name, of_json(value, depth - 1))).collect();
            format!("{members:?}")
        }
    }
}
