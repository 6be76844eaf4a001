//! Operations, one file a tag: the client's methods, the requests that they make, and what comes back.

mod answer;
mod body;
mod pages;
mod request;
mod waits;

use std::collections::{BTreeMap, BTreeSet};

use super::feature::Gates;
use super::in_parallel;
use super::sample::Samples;
use super::source::Source;
use super::types;
use crate::Error;
use crate::ir::{AnswerBody, Crate, Encoding, Operation, Parameter};
use crate::text::code;

/// Emits `src/operations/`.
pub(super) fn operations(
    krate: &Crate,
    gates: &Gates<'_>,
    header: &str,
) -> Result<Vec<(String, String)>, Error> {
    let mut modules: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &krate.operations {
        modules.entry(&operation.module).or_default().push(operation);
    }
    let docs =
        ["Requests and their errors, by tag. Start from the methods of [`Client`](crate::Client)."
            .to_owned()];
    let mut index = Source::new(header, &docs);
    let gate = |index: &mut Source, module: &str| {
        if let Some(condition) = gates.tag(module) {
            index.line(format_args!("#[cfg({condition})]"));
        }
    };
    for module in modules.keys() {
        gate(&mut index, module);
        index.line(format_args!("mod {module};"));
    }
    index.separate();
    for module in modules.keys() {
        gate(&mut index, module);
        index.line(format_args!("pub use {module}::*;"));
    }
    let mut files = vec![("src/operations/mod.rs".to_owned(), index.finish())];
    let modules: Vec<_> = modules.into_iter().collect();
    let samples = Samples::new(krate);
    files.extend(in_parallel(&modules, |(module, operations)| {
        Ok((format!("src/operations/{module}.rs"), file(krate, header, operations, &samples)?))
    })?);
    Ok(files)
}

fn file(
    krate: &Crate,
    header: &str,
    operations: &[&Operation],
    samples: &Samples<'_>,
) -> Result<String, Error> {
    let mut source = Source::new(header, &[]);
    let mut runtime = BTreeSet::from(["Call", "Error", "Request", "Response"]);
    for operation in operations {
        mentions(operation, &mut runtime);
    }
    source.import("driftline_runtime", runtime);
    source.import("driftline_runtime::http", ["Method"]);
    source.separate();
    if operations.iter().any(|operation| operation.mentions_types()) {
        source.import("crate", ["models"]);
        source.separate();
    }
    source.open(format_args!("impl crate::Client {{"));
    for operation in operations {
        request::method(&mut source, krate, operation, samples);
        waits::waits(&mut source, krate, operation);
    }
    source.close("}");
    for operation in operations {
        source.separate();
        source.doc(format_args!(
            "`{} {}`, made by [`Client::{method}`](crate::Client::{method}).",
            operation.http_method,
            code(&operation.path),
            method = operation.method.trim_start_matches("r#")
        ));
        request::request(&mut source, operation);
        pages::pages(&mut source, operation);
        body::choice(&mut source, operation);
        answer::success(&mut source, operation);
        answer::error(&mut source, operation);
    }
    Ok(source.finish())
}

/// Collects the runtime's names that an operation is written with.
fn mentions(operation: &Operation, runtime: &mut BTreeSet<&'static str>) {
    for parameter in &operation.parameters {
        types::runtime_names(&parameter.ty, runtime);
        runtime.insert("Style");
    }
    for form in operation.body.iter().flat_map(|body| &body.forms) {
        match form.encoding {
            Encoding::Bytes => {
                runtime.insert("Octets");
            }
            Encoding::Text => {}
            _ => types::runtime_names(&form.ty, runtime),
        }
    }
    if operation.body.as_ref().is_some_and(|body| body.forms.is_empty()) {
        runtime.insert("Octets");
    }
    if let Some(pages) = &operation.pages {
        types::runtime_names(&pages.item, runtime);
    }
    for answer in operation.successes.iter().chain(&operation.errors) {
        match &answer.body {
            AnswerBody::Json(ty) => types::runtime_names(ty, runtime),
            AnswerBody::Raw => {
                runtime.insert("Body");
            }
            AnswerBody::Stream => {
                runtime.insert("ByteStream");
            }
            AnswerBody::Text => {}
        }
    }
    if operation.successes.is_empty() || operation.errors.iter().any(|error| error.body == AnswerBody::Text) {
        runtime.insert("Body");
    }
}

/// The required parameters, in the order of arguments: those of the path first.
pub(super) fn required(operation: &Operation) -> Vec<&Parameter> {
    let mut required: Vec<_> = operation.parameters.iter().filter(|parameter| parameter.required).collect();
    required.sort_by_key(|parameter| parameter.location != "path");
    required
}
