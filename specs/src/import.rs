//! Makes an OpenAPI document from what a vendor publishes: a Markdown page with fragments, or whole documents.
//!
//! Facts come from the vendor; words are ours. A description, a summary or the title of an existing document
//! survives a new import at the same place, and a vendor's description that we have no words for is left out and
//! noted. What this module writes is `openapi.yaml` and the provenance in `api.toml`; everything else in an API's
//! folder is ours alone.

mod emit;
mod merge;
mod page;
mod provenance;
mod tables;
mod words;

use std::path::Path;

use serde_json::{Value, json};

pub use emit::to_yaml;
pub use provenance::{Provenance, record};

use crate::contract::Contract;
use crate::error::{Error, Fault, Place};
use crate::source;

/// What was made from a vendor's pages and documents.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Imported {
    /// The merged document; it loads as a [`Contract`].
    pub document: Value,
    /// The fragments that it was merged from, in the order in which they were read.
    pub fragments: Vec<FragmentOrigin>,
    /// What a person should look at.
    pub notices: Vec<String>,
}

/// Where a fragment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FragmentOrigin {
    /// The 1-based number among all fragments.
    pub number: usize,
    /// The page or document.
    pub source: String,
    /// The heading that it stands under, when it is in a page.
    pub heading: Option<String>,
    /// The 1-based line of its first character.
    pub line: usize,
    /// The operations in it: `POST /orders`.
    pub operations: Vec<String>,
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The `openapi.yaml` there is, whose words are kept.
    pub existing: Option<Value>,
    /// Keeps the vendor's own words where we have none.
    pub keep_vendor_text: bool,
}

/// Imports one Markdown page.
pub fn from_page(name: &str, text: &str) -> Result<Imported, Error> {
    import(page::fragments(name, text)?, &Options::default())
}

/// Imports pages and documents, given as name and text; which of the two each one is shows in its content.
pub fn from_texts(inputs: &[(&str, &str)], options: &Options) -> Result<Imported, Error> {
    let mut found = page::Found::default();
    for (name, text) in inputs {
        found.extend(if page::is_document(name, text) {
            page::document(name, text)?
        } else {
            page::fragments(name, text)?
        });
    }
    import(found, options)
}

/// Imports files, see [`from_texts`].
pub fn from_files(paths: &[impl AsRef<Path>], options: &Options) -> Result<Imported, Error> {
    let texts = paths.iter().map(|path| source::read_text(path.as_ref())).collect::<Result<Vec<_>, _>>()?;
    let names: Vec<String> = paths.iter().map(|path| path.as_ref().display().to_string()).collect();
    let inputs: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    from_texts(&inputs, options)
}

/// Reads the document that an import will replace, for [`Options::existing`]; `None` when there is none yet.
pub fn existing(path: &Path) -> Result<Option<Value>, Error> {
    if path.exists() { source::Source::read(path).map(|(_, value)| Some(value)) } else { Ok(None) }
}

fn import(found: page::Found, options: &Options) -> Result<Imported, Error> {
    let Some(first) = found.fragments.first() else {
        return Err(Fault::new("there is nothing to import").into(Error::Import));
    };
    let name = first.origin.source.clone();
    let mut notices = Vec::new();
    let mut document = merge::merge(&found.fragments)?;
    if document.get("servers").is_none() && !found.servers.is_empty() {
        let servers = found.servers.iter().map(|(_, url)| json!({"url": url})).collect();
        merge::insert_root(&mut document, "servers", Value::Array(servers));
    }
    if !options.keep_vendor_text {
        notices.extend(words::ours(&mut document, options.existing.as_ref()));
    } else if let Some(existing) = &options.existing {
        words::keep(&mut document, existing);
    }
    name_servers(&mut document, &found.servers);
    if options.existing.is_none() && !options.keep_vendor_text {
        notices.push("there was no document whose words could be kept".to_owned());
    }
    // What is written has to load; an error here is about the vendor's document and names its place.
    let text = to_yaml(&document);
    Contract::from_text(&format!("{name} (merged)"), &text)?;
    let fragments = found.fragments.into_iter().map(|fragment| fragment.origin).collect();
    Ok(Imported { document, fragments, notices })
}

/// Names servers without a description after the environments of the page's table, which are facts and not prose.
fn name_servers(document: &mut Value, environments: &[(String, String)]) {
    for server in document.get_mut("servers").and_then(Value::as_array_mut).into_iter().flatten() {
        let known =
            environments.iter().find(|(_, url)| server.get("url").and_then(Value::as_str) == Some(url));
        if let (Some((environment, _)), Value::Object(members)) = (known, server) {
            members.entry("description").or_insert_with(|| json!(environment));
        }
    }
}

/// A fault in a page, at a line.
fn fault_at(name: &str, line: usize, column: usize, problem: impl Into<String>) -> Fault {
    Fault::new(problem).at(Place::file(Path::new(name)).line(line, column))
}
