//! A contract becomes a [`Crate`]: every decision about Rust shape is taken here.
//!
//! `view` reads `openapiv3`'s types, and `facts` answers what their values look like. `schema` turns schemas into
//! types: `leaf` those that hold no other, `enumeration` those that list their values, `tuple` lists that say what
//! stands where, `object` those with properties, `union` those with several forms, `hierarchy` those that others
//! extend. `operation` turns operations into requests and answers, `webhooks` what the API sends, `credential` security schemes into methods of the
//! builder, `name` finds names, `graph`, `constant` and `alike` answer what needs the whole graph of types. `reading` and
//! `rules` say of the types that are made how they are read and what `validate` checks, and `rust_type` is how an overlay
//! decides otherwise.

mod alike;
mod constant;
mod credential;
mod docs;
mod enumeration;
mod facts;
mod graph;
mod hierarchy;
mod leaf;
mod name;
mod object;
mod operation;
mod pages;
mod reading;
mod rules;
mod rust_type;
mod schema;
mod tuple;
mod union;
mod unmade;
mod view;
mod waits;
mod webhooks;

use driftline_specs::Contract;

use crate::Settings;
use crate::ir::{Crate, LeftOut, Notice, Server};
use name::Scope;

/// Why a contract cannot be lowered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A schema is not there or is not one.
    #[error("the schema at {pointer} cannot be read; check the reference that leads there")]
    Schema {
        /// The place in the contract.
        pointer: String,
    },
    /// One `x-type-name` stands on two schemas that differ.
    #[error(
        "x-type-name `{name}` stands on {first} and on {second}, whose schemas differ; \
         give one of them another name in the overlay"
    )]
    SharedName {
        /// The name.
        name: String,
        /// The first place.
        first: String,
        /// The second place.
        second: String,
    },
    /// `x-rust-type` asks for what the schema cannot become.
    #[error("x-rust-type `{wanted}` at {pointer} does not go with the schema there; use {possible}")]
    RustType {
        /// The place.
        pointer: String,
        /// What it asks for.
        wanted: String,
        /// What the schema can become.
        possible: &'static str,
    },
    /// The crate's name is not one.
    #[error(
        "`{0}` is no name for a crate; use letters, digits, `-` and `_`, starting with a letter, and no name that Rust or \
         the crate's own dependencies have taken"
    )]
    CrateName(String),
}

impl Error {
    /// Returns the place in the contract, if there is one.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::Schema { pointer } | Self::RustType { pointer, .. } => Some(pointer),
            Self::SharedName { second, .. } => Some(second),
            Self::CrateName(_) => None,
        }
    }
}

/// Lowers a contract.
///
/// # Errors
///
/// Fails when the crate's name is not one. In a strict run it also fails when a schema cannot be read, or when the
/// overlay names two different schemas alike; otherwise that is a notice.
pub(crate) fn lower(contract: &Contract, settings: &Settings) -> Result<Crate, Error> {
    check_crate_name(&settings.crate_name)?;
    rust_type::check(contract)?;
    let schemas = view::Schemas::collect(contract);
    let mut lowering = schema::Lowering::new(contract, &schemas, settings);
    lowering.components()?;
    let mut operations = operation::operations(&mut lowering)?;
    let webhooks = webhooks::webhooks(&mut lowering)?;
    lowering.referred_places()?;
    let schema::Lowering { mut types, mut notices, .. } = lowering;
    graph::break_cycles(&mut types);
    graph::mark_directions(&mut types, &operations, &webhooks);
    constant::fill_in(&mut types);
    alike::choose_conversions(&mut types, &mut operations);
    reading::mark(&mut types);
    rules::find(contract, &mut types, &mut notices);
    pages::fill_in(contract, &types, &mut operations, &mut notices);
    let (credentials, unsupported) = credential::lower(contract);
    waits::fill_in(settings.lifecycle.as_ref(), &types, &mut operations);
    notices.extend(unsupported);
    notices.extend(unmade::notices(contract));
    // What reading the contract had to give up comes first: it stands earlier on the way.
    let losses = contract.losses().iter();
    let losses = losses.map(|loss| Notice { pointer: loss.pointer.clone(), message: loss.message.clone() });
    notices.splice(0..0, losses);
    let left_out = contract.refusals().iter().map(|refusal| LeftOut {
        operation: refusal.operation.clone(),
        pointer: refusal.pointer.clone(),
        reason: refusal.reason.clone(),
    });
    Ok(Crate {
        api: settings.api.clone(),
        name: settings.crate_name.clone(),
        title: contract.title().to_owned(),
        version: contract.version().to_owned(),
        docs: docs::lines(contract.description()),
        contract: settings.contract.clone(),
        provisional: contract.is_provisional(),
        servers: servers(contract),
        credentials,
        limits: settings.limits,
        sources: settings.sources.clone(),
        types,
        tags: operation::tags(contract, &operations),
        operations,
        webhooks,
        left_out: left_out.collect(),
        notices,
    })
}

/// Crates that come with Rust, and those that a generated crate depends on.
const TAKEN_CRATES: &[&str] = &["alloc", "core", "driftline_runtime", "proc_macro", "std", "test", "tokio"];

fn check_crate_name(crate_name: &str) -> Result<(), Error> {
    let mut characters = crate_name.chars();
    let starts = characters.next().is_some_and(|first| first.is_ascii_alphabetic());
    let goes_on = characters.all(|next| next.is_ascii_alphanumeric() || matches!(next, '-' | '_'));
    let ident = crate_name.replace('-', "_");
    let taken = TAKEN_CRATES.contains(&ident.to_ascii_lowercase().as_str());
    if starts && goes_on && crate_name.len() <= 64 && !taken && name::is_identifier(&ident) {
        Ok(())
    } else {
        Err(Error::CrateName(crate_name.to_owned()))
    }
}

/// Derives a crate's name from text, such as a contract's title or file name: its words as they are written, as
/// many as make a name that people type.
pub fn crate_name(text: &str) -> String {
    let text = text.to_ascii_lowercase().replace(['\'', '\u{2019}'], "");
    let mut name = String::new();
    for word in
        text.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
    {
        let word = word.get(..40).unwrap_or(word);
        if !name.is_empty() && name.len() + 1 + word.len() > 40 {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(word);
    }
    if check_crate_name(&name).is_ok() {
        name
    } else {
        format!("api-{name}").trim_end_matches('-').to_owned()
    }
}

fn servers(contract: &Contract) -> Vec<Server> {
    let mut names = Scope::default();
    let servers = contract.servers().into_iter().filter(|server| server.url.contains("://"));
    servers
        .filter(|server| !server.url.contains('{'))
        .map(|server| {
            let word = server.description.clone().unwrap_or_else(|| "base url".to_owned());
            let word: String = name::value_name(&word).split('_').take(3).collect::<Vec<_>>().join("_");
            Server {
                name: names.claim(&word).to_uppercase(),
                docs: docs::lines(server.description.as_deref()),
                url: server.url.trim_end_matches('/').to_owned(),
            }
        })
        .collect()
}
