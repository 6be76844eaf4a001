//! From a file to an Arazzo document that keeps to the specification.

use std::path::{Path, PathBuf};

use roas_arazzo::v1_1::{self, Description};
use roas_arazzo::validation::{Error as Invalid, Validate as _};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fields;
use crate::error::{Error, Fault, Place};
use crate::pointer;
use crate::source::Source;

/// The most documents that a folder may hold.
const MOST: usize = 1000;

/// What to do about a document that is wrong.
const ADVICE: &str = "see docs/scenarios.md and the Arazzo Specification";

/// A document as it was read.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) source: Source,
    pub(super) value: Value,
    pub(super) description: Description,
}

impl Document {
    /// An error about a place of the document.
    pub(super) fn refuse(&self, at: &str, problem: impl Into<String>) -> Error {
        refuse(&self.source, at, problem.into())
    }

    /// The 1-based line of a place.
    pub(super) fn line(&self, at: &str) -> usize {
        let tokens = pointer::tokens(at).unwrap_or_default();
        self.source.position(&tokens).map_or(0, |position| position.line)
    }
}

fn refuse(source: &Source, at: &str, problem: String) -> Error {
    let tokens = pointer::tokens(at).unwrap_or_default();
    let place = Place::position(source.position(&tokens), source.name()).pointer(at);
    Fault::new(problem).at(place).advise(ADVICE).into(Error::Scenario)
}

/// Reads the documents of a folder, in the order of their names.
pub(super) fn folder(folder: &Path) -> Result<Vec<Document>, Error> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let unreadable = |error: std::io::Error| {
        Fault::new(format!("the scenarios cannot be listed: {error}"))
            .at(Place::file(folder))
            .advise("name the folder that holds them")
            .into(Error::Read)
    };
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<PathBuf>, std::io::Error>>()
        .map_err(unreadable)?;
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        ["yaml", "yml", "json"].iter().any(|end| name.ends_with(&format!(".arazzo.{end}")))
    });
    if paths.len() > MOST {
        return Err(Fault::new(format!("there are more than {MOST} scenarios"))
            .at(Place::file(folder))
            .advise("remove what is not needed")
            .into(Error::Read));
    }
    paths.sort();
    paths.iter().map(|path| Source::read(path).and_then(|(source, value)| document(source, value))).collect()
}

/// Reads a document from a text.
pub(super) fn text(name: &Path, text: &str) -> Result<Document, Error> {
    let (source, value) = Source::parse(name, text)?;
    document(source, value)
}

fn document(source: Source, mut value: Value) -> Result<Document, Error> {
    let version = value.get("arazzo").and_then(Value::as_str).unwrap_or_default();
    match version.rsplit_once('.').map(|(minor, _)| minor) {
        Some("1.0" | "1.1") => {}
        _ if version.is_empty() => {
            return Err(refuse(&source, "#", "this is no Arazzo document: it has no `arazzo`".to_owned()));
        }
        _ => {
            let problem = format!("the version {version:?} of Arazzo is not known: 1.0 and 1.1 are");
            return Err(refuse(&source, "#/arazzo", problem));
        }
    }
    // What 1.0 has, 1.1 has as well, and the reader of the latter knows more forms of a criterion.
    if let Some(version) = value.get_mut("arazzo") {
        *version = Value::String("1.1.0".to_owned());
    }
    let description: Description = typed(&source, &value)?;
    valid(&source, description.validate(Default::default()))?;
    known(&source, &value, &description)?;
    Ok(Document { source, value, description })
}

/// Reads the whole; a failure is looked for in ever smaller parts, so that its place is as close as can be.
fn typed<T: DeserializeOwned>(source: &Source, value: &Value) -> Result<T, Error> {
    T::deserialize(value).map_err(|error| {
        let (at, problem) = blame(value).unwrap_or_else(|| ("#".to_owned(), error.to_string()));
        refuse(source, &at, problem)
    })
}

/// Returns the smallest part that cannot be read, and why.
fn blame(document: &Value) -> Option<(String, String)> {
    let list = |value: &Value, at: &str, name: &str| -> Vec<(String, Value)> {
        let items = value.get(name).and_then(Value::as_array).into_iter().flatten().enumerate();
        items.map(|(index, item)| (format!("{at}/{name}/{index}"), item.clone())).collect()
    };
    fn read<T: DeserializeOwned>((at, value): &(String, Value)) -> Option<(String, String)> {
        T::deserialize(value).err().map(|error| (at.clone(), error.to_string()))
    }
    let within = |holder: &Value, at: &str| {
        let parts = [
            list(holder, at, "parameters").iter().find_map(read::<v1_1::Parameter>),
            list(holder, at, "successCriteria").iter().find_map(read::<v1_1::Criterion>),
            list(holder, at, "onSuccess").iter().find_map(read::<v1_1::SuccessAction>),
            list(holder, at, "onFailure").iter().find_map(read::<v1_1::FailureAction>),
            list(holder, at, "successActions").iter().find_map(read::<v1_1::SuccessAction>),
            list(holder, at, "failureActions").iter().find_map(read::<v1_1::FailureAction>),
        ];
        parts.into_iter().flatten().find(|(at, _)| {
            let tokens = pointer::tokens(at).unwrap_or_default();
            // What refers to a component is read otherwise.
            pointer::lookup(document, &tokens).is_some_and(|part| part.get("reference").is_none())
        })
    };
    list(document, "#", "sourceDescriptions").iter().find_map(read::<v1_1::SourceDescription>).or_else(|| {
        list(document, "#", "workflows").iter().find_map(|workflow| {
            let steps = list(&workflow.1, &workflow.0, "steps");
            steps
                .iter()
                .find_map(|step| within(&step.1, &step.0).or_else(|| read::<v1_1::Step>(step)))
                .or_else(|| within(&workflow.1, &workflow.0))
                .or_else(|| read::<v1_1::Workflow>(workflow))
        })
    })
}

fn valid(source: &Source, outcome: Result<(), Invalid>) -> Result<(), Error> {
    let Err(invalid) = outcome else { return Ok(()) };
    let count = invalid.errors.len();
    let Some(first) = invalid.errors.into_iter().next() else { return Ok(()) };
    let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
    Err(refuse(source, &place(&first.path), format!("{}{more}", first.message)))
}

/// Turns `#.workflows[0].steps[1].stepId` into a JSON Pointer.
fn place(path: &str) -> String {
    let tokens = path.trim_start_matches('#').split(['.', '[']);
    pointer::from_tokens(tokens.map(|token| token.trim_end_matches(']')).filter(|it| !it.is_empty()))
}

/// A field that nobody knows is a field that nobody reads.
fn known<T: serde::Serialize>(source: &Source, value: &Value, read: &T) -> Result<(), Error> {
    let read = serde_json::to_value(read).unwrap_or_default();
    match fields::unknown(value, &read) {
        None => Ok(()),
        Some(at) => {
            let name = pointer::last_token(&at).unwrap_or_default();
            let problem = format!("a field {name:?} is not known here; extensions begin with `x-`");
            Err(refuse(source, &at, problem))
        }
    }
}
