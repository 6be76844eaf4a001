//! Takes what is a person's, and what opens doors, out of exchanges before they reach a disk.
//!
//! What is masked: credentials, always; what the contract marks (`x-sensitive`, formats such as `email` and
//! `password`); what a name says (`last_name`, `dob`, `api_key`); and what has the form of an identifier of a person,
//! wherever it stands ([`detect`]). A file's content is replaced by as many bytes that begin alike.
//!
//! A placeholder is of a range that is nobody's, and as long and as made up as the original, so that what fitted the
//! contract still does. The same original has the same placeholder in the whole recording, in bodies, paths, queries,
//! header fields and cookies: an identifier that an answer gave still leads to the next request. Placeholders are
//! numbered as originals are met, so that nothing of an original is in one. A value that is of those ranges already, as
//! those of fixtures are, stays.
//!
//! Enum values, booleans and `null` are not masked, nor states: they say little of anybody, and what is answered
//! depends on them. A date of birth keeps its year.
//!
//! Nothing here sends, reads files or prints.

pub mod detect;
mod file;
mod headers;
mod json;
mod kind;
mod loose;
mod media;
mod multipart;
mod place;
mod placeholder;
pub mod scan;
mod text;
mod url;
mod vault;

use std::collections::HashSet;
use std::fmt;

use driftline_specs::recording::{Answer, Ask, Parts};
use driftline_specs::{Contract, Direction, MediaType, Operation, SecurityScheme};
use serde_json::Value;

pub use kind::Kind;
use place::Place;
use vault::Vault;

use crate::strategy::Generator;

/// How often a text is decoded that was decoded from another.
const DEPTH: usize = 4;

/// What is done with what is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It is seen what the contract leaves open to everybody.
    Looking,
    /// Originals are remembered, and everything stays.
    Learning,
    /// Originals are replaced.
    Masking,
}

/// Masks the exchanges of one recording.
pub struct Masker<'c> {
    contract: &'c Contract,
    schemes: Vec<SecurityScheme>,
    vault: Vault,
    /// What stands in places that the contract does not call sensitive.
    told: HashSet<String>,
    /// Draws for requests and for responses what no usual placeholder fits.
    generators: [Option<Generator>; 2],
    phase: Phase,
    depth: usize,
}

impl<'c> Masker<'c> {
    /// Begins a recording of what a contract speaks of.
    #[must_use]
    pub fn new(contract: &'c Contract) -> Masker<'c> {
        let mut common: HashSet<String> =
            ["true", "false", "null", "none", "unknown", "undefined", "yes", "other"]
                .map(str::to_owned)
                .into();
        listed(contract.document(), &mut common);
        Masker {
            contract,
            schemes: contract.security_schemes(),
            vault: Vault::new(common),
            told: HashSet::new(),
            generators: [None, None],
            phase: Phase::Masking,
            depth: 0,
        }
    }

    /// Masks all exchanges of a recording, each with the operation that it is of.
    ///
    /// All are looked at before the first is masked, so that what a later one shows to be a name is none in an earlier
    /// one either. This is what a recording should be made with.
    #[must_use]
    pub fn mask_all(&mut self, exchanges: Vec<(Option<&Operation>, Parts)>) -> Vec<Parts> {
        for phase in [Phase::Looking, Phase::Learning] {
            self.phase = phase;
            for (operation, parts) in &exchanges {
                self.apply(*operation, parts.clone());
            }
        }
        self.phase = Phase::Masking;
        exchanges.into_iter().map(|(operation, parts)| self.apply(operation, parts)).collect()
    }

    /// Masks one exchange, with what it and the exchanges before it show.
    #[must_use]
    pub fn mask(&mut self, operation: Option<&Operation>, parts: Parts) -> Parts {
        for phase in [Phase::Looking, Phase::Learning] {
            self.phase = phase;
            self.apply(operation, parts.clone());
        }
        self.phase = Phase::Masking;
        self.apply(operation, parts)
    }

    /// Masks a text that goes with a recording, such as a value that a workflow was started with.
    #[must_use]
    pub fn mask_text(&mut self, text: &str) -> String {
        self.phase = Phase::Learning;
        self.text(text);
        self.phase = Phase::Masking;
        self.text(text)
    }

    /// Whether what is met stays as it is.
    fn stays(&self) -> bool {
        self.phase != Phase::Masking
    }

    /// Remembers an original.
    fn learn(&mut self, kind: Kind, value: &str) {
        if self.phase == Phase::Learning {
            self.vault.learn(kind, value);
        }
    }

    fn apply(&mut self, operation: Option<&Operation>, parts: Parts) -> Parts {
        let Parts { workflow, step, started, elapsed, ask, answer } = parts;
        let url = self.url(operation, &ask.url);
        let request = operation.and_then(|it| it.request_body.as_ref()).map_or(&[][..], |it| &it.content[..]);
        let media_type = ask.header("content-type").map(str::to_owned);
        let body = ask.body.map(|it| self.body(Direction::Request, request, media_type.as_deref(), it));
        let headers = self.headers(operation, true, None, ask.headers, body.as_ref().map(Vec::len));
        let ask = Ask { method: ask.method, url, headers, body };

        let response =
            operation.and_then(|it| it.response_for(answer.status)).map_or(&[][..], |it| &it.content[..]);
        let media_type = answer.header("content-type").map(str::to_owned);
        let body = self.body(Direction::Response, response, media_type.as_deref(), answer.body);
        // The length of an answer without a body is that of the one that would be there.
        let length = (!body.is_empty()).then_some(body.len());
        let headers = self.headers(operation, false, Some(answer.status), answer.headers, length);
        let answer = Answer { status: answer.status, headers, body };
        Parts { workflow, step, started, elapsed, ask, answer }
    }

    fn body(
        &mut self,
        direction: Direction,
        content: &[MediaType],
        media_type: Option<&str>,
        body: Vec<u8>,
    ) -> Vec<u8> {
        if body.is_empty() {
            return body;
        }
        let stated = media_type.unwrap_or_default();
        let essence = media::essence(stated);
        let same = |it: &&MediaType| media::essence(&it.name) == essence;
        let described = content.iter().find(same).or_else(|| {
            // A range of media types, or another JSON type than the one that was answered with.
            content.iter().find(|it| it.name.contains('*') || (it.is_json() && media::is_json(stated)))
        });
        let schemas: Vec<&str> =
            described.and_then(|it| it.schema.as_ref()).map(|it| it.pointer.as_str()).into_iter().collect();
        let place = self.place(direction, &schemas);
        if essence.starts_with("multipart/") {
            let boundary = media::parameter(stated, "boundary");
            let masked = boundary.and_then(|it| self.multipart(&place, &it, &body));
            return masked.unwrap_or_else(|| file::content(&body));
        }
        if media::is_binary(stated) {
            return file::content(&body);
        }
        let text = match String::from_utf8(body) {
            Ok(text) => text,
            Err(error) => return file::content(error.as_bytes()),
        };
        if media::is_form(stated) {
            let member = |_: &Masker<'c>, name: &str| place.member(name);
            return self.pairs(&text, &member).into_bytes();
        }
        // Bodies that are JSON are treated as such, whatever is said of them.
        let masked = self.json(&place, &text).unwrap_or_else(|| self.loose(&place, &text));
        masked.into_bytes()
    }

    fn place(&self, direction: Direction, schemas: &[&str]) -> Place<'c> {
        Place::of(self.contract, direction, schemas)
    }

    fn nowhere(&self) -> Place<'c> {
        Place::unknown(self.contract, Direction::Response)
    }

    /// Remembers that a value stands where everybody may see it.
    fn tell(&mut self, place: &Place<'c>, text: &str) {
        if self.phase == Phase::Looking && place.is_public() {
            self.told.insert(text.to_owned());
        }
    }

    fn is_told(&self, text: &str) -> bool {
        self.told.contains(text) || self.vault.is_common(text)
    }
}

/// Collects the values that a contract lists somewhere.
fn listed(value: &Value, into: &mut HashSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if let (true, Value::Array(values)) = (key == "enum", value) {
                    into.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                listed(value, into);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| listed(it, into)),
        _ => {}
    }
}

impl fmt::Debug for Masker<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Masker").finish_non_exhaustive()
    }
}
