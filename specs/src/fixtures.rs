//! Known-good request bodies: `fixtures/<operationId>.json`, or `fixtures/<operationId>.<label>.json` when an
//! operation has several. Each is what the contract allows, or it is an error.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::api::Api;
use crate::contract::Contract;
use crate::error::{Error, Fault, Place};
use crate::operation::Operation;
use crate::pointer;
use crate::source::Source;
use crate::validation::{Direction, Violation};

/// Known-good request bodies by operation.
pub type Fixtures = BTreeMap<String, Vec<Value>>;

impl Api {
    /// Reads the fixtures of the API's folder, by operation and then in the order of the file names.
    ///
    /// # Errors
    ///
    /// As [`fixtures`] does; a folder that is not there holds none.
    pub fn fixtures(&self) -> Result<Fixtures, Error> {
        let folder = self.dir.join("fixtures");
        if folder.is_dir() { fixtures(&folder, &self.contract) } else { Ok(Fixtures::new()) }
    }
}

/// Reads the fixtures of a folder, by operation and then in the order of the file names.
///
/// # Errors
///
/// When the folder or a file cannot be read, or when a file is not JSON, is named after no operation that takes a JSON
/// body, or is no body that the contract allows.
pub fn fixtures(folder: &Path, contract: &Contract) -> Result<Fixtures, Error> {
    let unreadable = |error: std::io::Error| {
        Fault::new(format!("the fixtures cannot be listed: {error}"))
            .at(Place::file(folder))
            .advise("name the folder that holds them")
            .into(Error::Read)
    };
    let mut paths = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>, _>>())
        .map_err(unreadable)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut fixtures = Fixtures::new();
    for path in paths {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let Some(operation) = named(contract, &stem) else {
            return Err(Fault::new(format!("the contract has no operation {stem:?}"))
                .at(Place::file(&path))
                .expecting(
                    "a file named after an operation: <operationId>.json or <operationId>.<label>.json",
                )
                .advise("rename the file or remove it")
                .into(Error::Settings));
        };
        let (source, value) = Source::read(&path)?;
        check(contract, operation, &source, &value)?;
        fixtures.entry(operation.id.clone()).or_default().push(value);
    }
    Ok(fixtures)
}

/// The operation that a file is named after; an operation's id may have dots of its own.
fn named<'c>(contract: &'c Contract, stem: &str) -> Option<&'c Operation> {
    let dots = stem.match_indices('.').map(|(at, _)| at).rev();
    std::iter::once(stem.len()).chain(dots).find_map(|end| contract.operation(stem.get(..end)?))
}

/// Holds a body to the operation's JSON media types; one that allows it is enough.
fn check(contract: &Contract, operation: &Operation, source: &Source, body: &Value) -> Result<(), Error> {
    let content = operation.request_body.iter().flat_map(|it| &it.content);
    let mut refused = None;
    let mut takes_json = false;
    for media_type in content.filter(|media_type| media_type.is_json()) {
        takes_json = true;
        let Some(schema) = &media_type.schema else { return Ok(()) };
        let violations = contract.validator(&schema.pointer, Direction::Request)?.violations(body);
        let Some(first) = violations.into_iter().next() else { return Ok(()) };
        refused.get_or_insert(first);
    }
    let place = |violation: &Violation| {
        let mut at = format!("#{}", violation.instance.replace('%', "%25"));
        // A property that is not allowed is at fault itself; one that is missing has no place.
        if let Some(property) = violation.property.as_ref().filter(|_| violation.keyword != "required") {
            at = pointer::join(&at, property);
        }
        let tokens = pointer::tokens(&at).unwrap_or_default();
        Place::position(source.position(&tokens), source.name()).pointer(at)
    };
    match refused {
        Some(violation) => {
            let Violation { keyword, observed, .. } = &violation;
            let problem = format!(
                "the contract of {} does not allow this: {observed}, against `{keyword}`",
                operation.id
            );
            Err(Fault::new(problem)
                .at(place(&violation))
                .expecting(violation.expected.clone())
                .advise(format!("correct the fixture; the contract says so at {}", violation.schema))
                .into(Error::Settings))
        }
        None if takes_json => Ok(()),
        None => Err(Fault::new(format!("{} takes no JSON body", operation.id))
            .at(Place::file(source.name()))
            .advise("remove the file")
            .into(Error::Settings)),
    }
}
