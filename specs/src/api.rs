//! An API's folder under `specs/`: its settings in `api.toml`, its contract, its overlay and its lifecycle.
//!
//! What else lies in the folder (scenarios, fixtures, the ledger) belongs to those who judge endpoints.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::contract::Contract;
use crate::error::{Error, Fault, Place};
use crate::lifecycle::Lifecycle;
use crate::overlay::Overlay;
use crate::recording::{Recording, recordings};
use crate::scenario::Scenarios;
use crate::source;

/// An API with its contract.
#[derive(Debug, Clone)]
pub struct Api {
    /// The name of the folder.
    pub name: String,
    /// The folder.
    pub dir: PathBuf,
    /// What `api.toml` says.
    pub config: ApiConfig,
    /// The vendor's document with `overlay.yaml` applied.
    pub contract: Contract,
    /// What `lifecycle.yaml` says, where there is one.
    pub lifecycle: Option<Lifecycle>,
}

/// The settings of an API: `api.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ApiConfig {
    /// The name of the folder, again, so that a copied folder is noticed.
    pub name: String,
    /// What people call the API.
    pub title: String,
    /// Whether the vendor documents the API or we infer it.
    pub status: ApiStatus,
    /// Where the contract was transcribed from.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Where the API answers, by name.
    #[serde(default)]
    pub targets: BTreeMap<String, TargetConfig>,
    /// Inputs of workflows, each with the environment variable that holds it.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// What a client has to keep to.
    #[serde(default)]
    pub client: ClientConfig,
    /// What the generator is told.
    #[serde(default)]
    pub generator: GeneratorConfig,
}

/// How an API is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApiStatus {
    /// The vendor publishes the contract.
    Documented,
    /// We infer the contract.
    Provisional,
}

/// One source that a contract was transcribed from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// What the source calls itself.
    pub title: String,
    /// `page`, `document` or `overview`.
    pub kind: String,
    /// The day on which it was read, `2026-11-21`.
    pub retrieved: Option<String>,
    /// What of the contract comes from it.
    pub covers: String,
    /// SHA-256 of the file that was read, in hexadecimal.
    pub sha256: Option<String>,
    /// The name of the file that was read.
    pub file: Option<String>,
}

/// Where an API answers, and how it may be called.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TargetConfig {
    /// The base URL; absent for the embedded sandbox.
    pub base_url: Option<String>,
    /// What kind of environment it is.
    pub kind: TargetKind,
    /// The environment variable that holds the credential.
    pub credential_env: Option<String>,
    /// How many requests a second may be sent.
    pub requests_per_second: Option<f64>,
    /// How many requests may be open at a time.
    pub concurrency: Option<usize>,
    /// How many requests one run may send.
    pub max_requests: Option<u64>,
    /// How many milliseconds most answers of an operation may take; nothing is judged by time without it.
    pub max_latency: Option<u64>,
}

/// What a client of the API has to keep to, wherever the API answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ClientConfig {
    /// How many calls may be under way at a time.
    pub concurrency: Option<NonZeroUsize>,
    /// How many requests a second may be sent.
    pub requests_per_second: Option<f64>,
}

/// The kinds of environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// The sandbox of this project.
    Embedded,
    /// The vendor's sandbox.
    Sandbox,
    /// The vendor's staging environment.
    Staging,
    /// The real thing.
    Production,
}

/// What the generator is told about an API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct GeneratorConfig {
    /// The name of the generated crate; the API's name when absent.
    pub crate_name: Option<String>,
    /// What becomes of properties that schemas do not declare.
    pub undeclared: Undeclared,
}

/// What becomes of properties that schemas do not declare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Undeclared {
    /// They are kept and written back.
    #[default]
    Keep,
    /// They are dropped.
    Drop,
}

impl Api {
    /// Loads an API by the name of its folder; `overlay.yaml` is applied when there is one.
    pub fn load(specs_dir: &Path, name: &str) -> Result<Self, Error> {
        let dir = specs_dir.join(name);
        if !is_name(name) || !dir.join("api.toml").is_file() {
            return Err(unknown(specs_dir, name));
        }
        let config = ApiConfig::load(&dir.join("api.toml"))?;
        if config.name != name {
            return Err(Fault::new(format!("the settings are those of {:?}", config.name))
                .at(Place::file(&dir.join("api.toml")))
                .expecting(format!("name = {name:?}, the name of the folder"))
                .into(Error::Settings));
        }
        let overlay = dir.join("overlay.yaml");
        let overlays =
            if overlay.is_file() { vec![explained(Overlay::load(&overlay)?)?] } else { Vec::new() };
        let contract = Contract::load_with(&dir.join("openapi.yaml"), overlays)?;
        // What is our own has no excuse.
        contract.refuse_faults()?;
        let lifecycle = dir.join("lifecycle.yaml");
        let lifecycle =
            if lifecycle.is_file() { Some(Lifecycle::load(&lifecycle, &contract)?) } else { None };
        Ok(Self { name: name.to_owned(), dir, config, contract, lifecycle })
    }

    /// Reads the workflows of the API's folder.
    ///
    /// # Errors
    ///
    /// As [`Scenarios::load`] does; a folder that is not there holds none.
    pub fn scenarios(&self) -> Result<Scenarios, Error> {
        Scenarios::load(&self.dir.join("scenarios"), &self.contract)
    }

    /// Reads the recordings of the API's folder, `recordings/*.har`, in the order of their names.
    ///
    /// # Errors
    ///
    /// As [`recordings`] does; a folder that is not there holds none.
    pub fn recordings(&self) -> Result<Vec<(PathBuf, Recording)>, Error> {
        let folder = self.dir.join("recordings");
        if folder.is_dir() { recordings(&folder) } else { Ok(Vec::new()) }
    }

    /// The names of the APIs in a folder, sorted.
    pub fn list(specs_dir: &Path) -> Result<Vec<String>, Error> {
        let unreadable = |error: std::io::Error| {
            Fault::new(format!("cannot list the APIs: {error}"))
                .at(Place::file(specs_dir))
                .advise("run from the folder of the project, or name the folder of the contracts")
                .into(Error::Read)
        };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(specs_dir).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            if let Ok(name) = entry.file_name().into_string()
                && is_name(&name)
                && entry.path().join("api.toml").is_file()
            {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }
}

impl ApiConfig {
    /// Reads the settings from a file.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Self::from_text(path, &source::read_text(path)?)
    }

    /// Reads the settings from a text; `name` stands for it in messages.
    pub fn from_text(name: &Path, text: &str) -> Result<Self, Error> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let mut place = Place::file(name);
            if let Some(span) = error.span() {
                let (line, column) = source::line_and_column(text, span.start);
                place = place.line(line, column);
            }
            Fault::new(format!("the settings cannot be read: {}", error.message()))
                .at(place)
                .advise("see `api.toml` in specs/README.md")
                .into(Error::Settings)
        })?;
        if config.client.requests_per_second.is_some_and(|rate| !(rate.is_finite() && rate > 0.0)) {
            return Err(Fault::new("`requests_per_second` of `[client]` is no rate")
                .at(Place::file(name))
                .expecting("a number above zero")
                .into(Error::Settings));
        }
        Ok(config)
    }
}

/// Whether a text can be the name of an API: never a path.
fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-')
}

fn unknown(specs_dir: &Path, name: &str) -> Error {
    let known = match Api::list(specs_dir) {
        Ok(names) if !names.is_empty() => format!("one of {}", names.join(", ")),
        Ok(_) => "an API, but the folder has none".to_owned(),
        Err(_) => "a folder with APIs".to_owned(),
    };
    Fault::new(format!("there is no API {name:?}"))
        .at(Place::file(specs_dir))
        .expecting(known)
        .advise("check the name; an API is a folder with an api.toml")
        .into(Error::UnknownApi)
}

/// In an API's folder every action says why it is there.
fn explained(overlay: Overlay) -> Result<Overlay, Error> {
    match overlay
        .actions()
        .iter()
        .find(|action| action.description().is_none_or(|text| text.trim().is_empty()))
    {
        None => Ok(overlay),
        Some(action) => Err(Fault::new(format!("action {} of the overlay does not say why", action.index()))
            .at(overlay.place(&format!("#/actions/{}", action.index())))
            .expecting("`description` with the reason")
            .into(Error::Overlay)),
    }
}
