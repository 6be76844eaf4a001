//! What a whole run has shown of an operation, beside what was learned of it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use driftline_specs::{Contract, Operation, pointer};
use serde_json::Value;

use super::evidence::Known;
use super::sent::sent;
use crate::norms::{Answers, OperationNorms, Place};
use crate::pointer::escape;

/// An operation's norms, learned and seen, with what checks need to judge them.
#[derive(Debug)]
pub struct NormEvidence<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// What earlier runs have shown.
    pub learned: &'a OperationNorms,
    /// What this run has shown.
    pub seen: &'a OperationNorms,
    contract: &'a Contract,
    known: &'a Mutex<Known>,
}

/// A place in the answers of a status, as it was learned.
#[derive(Debug)]
pub struct Standing<'a> {
    /// The status.
    pub status: u16,
    /// The place, with `*` for any item, and any value of a map.
    pub location: &'a str,
    /// What was learned of it.
    pub known: &'a Place,
    /// What this run has shown of it, where there was anything.
    pub seen: Option<&'a Place>,
    /// All that was learned of the answers.
    pub learned: &'a Answers,
    /// All that this run has shown of them.
    pub now: &'a Answers,
    /// The place in the contract that declares it.
    pub contract: String,
    /// A client sends a property of this name: what is answered may depend on what was sent.
    pub is_sent: bool,
}

impl<'a> NormEvidence<'a> {
    pub(super) fn new(
        contract: &'a Contract,
        operation: &'a Operation,
        learned: &'a OperationNorms,
        seen: &'a OperationNorms,
        known: &'a Mutex<Known>,
    ) -> Self {
        Self { operation, learned, seen, contract, known }
    }

    /// The places that were learned, that the contract declares, and that this run had answers of.
    pub fn places(&self) -> impl Iterator<Item = Standing<'a>> + use<'a, '_> {
        let sent = self.sent();
        self.learned.answers.iter().flat_map(move |(status, learned)| {
            let sent = Arc::clone(&sent);
            let now = self.seen.answers.get(status);
            let places = now.into_iter().flat_map(move |now| learned.places.iter().map(move |it| (now, it)));
            places.filter_map(move |(now, (location, known))| {
                let contract = self.declared(*status, location).filter(|_| !known.undocumented)?;
                // What breaks its schema is told by that.
                if self.is_broken(*status, location, now) {
                    return None;
                }
                let seen = now.places.get(location);
                let name = location.rsplit('/').find(|name| *name != "*").unwrap_or_default();
                let is_sent = sent.contains(&name.replace("~1", "/").replace("~0", "~"));
                Some(Standing { status: *status, location, known, seen, learned, now, contract, is_sent })
            })
        })
    }

    /// Whether the object that a location is in lacks something that the contract requires of it, in every answer.
    fn is_broken(&self, status: u16, location: &str, now: &Answers) -> bool {
        let parent = location.rsplit_once('/').map_or("", |(parent, _)| parent);
        let required = || {
            let place = self.declared(status, parent)?;
            let (_, schema) = self.contract.resolve(&place)?;
            schema.get("required")?.as_array()
        };
        required().into_iter().flatten().filter_map(Value::as_str).any(|name| {
            let place = format!("{parent}/{}", escape(name));
            now.parent_of(&place).resources > 0 && now.places.get(&place).is_none_or(|it| it.present == 0)
        })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The properties that a client sends.
    fn sent(&self) -> Arc<HashSet<String>> {
        let mut known = self.known();
        Arc::clone(known.sent.get_or_insert_with(|| Arc::new(sent(self.contract))))
    }

    /// The place in the contract that declares what stands at a location of the answers of a status.
    #[must_use]
    pub fn declared(&self, status: u16, location: &str) -> Option<String> {
        let response = self.operation.response_for(status)?;
        let schema = response.content.iter().find(|it| it.is_json())?.schema.as_ref()?;
        let tokens = pointer::tokens(&format!("#{location}"))?;
        self.known().below(&schema.pointer, &tokens)
    }

    /// The place in the contract that declares what stands at a location of a JSON body that is sent; the operation where
    /// that is not known.
    #[must_use]
    pub fn requested(&self, location: &str) -> String {
        let declared = || {
            let body = self.operation.request_body.as_ref()?;
            let schema = body.content.iter().find(|it| it.is_json())?.schema.as_ref()?;
            let tokens = pointer::tokens(&format!("#{location}"))?;
            self.known().below(&schema.pointer, &tokens)
        };
        declared().unwrap_or_else(|| self.operation.pointer.clone())
    }

    /// The place in the contract that declares the object at a location, its reference followed.
    #[must_use]
    pub fn owner(&self, status: u16, location: &str) -> Option<String> {
        let place = self.declared(status, location)?;
        Some(self.contract.resolve(&place).map_or(place, |(pointer, _)| pointer))
    }

    /// The place in the contract where the operation documents a status; where that is a range, or nothing, its responses.
    #[must_use]
    pub fn response(&self, status: u16) -> String {
        let responses = pointer::join(&self.operation.pointer, "responses");
        let own = pointer::join(&responses, &status.to_string());
        if self.contract.at(&own).is_some() { own } else { responses }
    }
}

/// So many runs, in words.
pub(super) fn runs(count: u64) -> String {
    if count == 1 { "1 run".to_owned() } else { format!("{count} runs") }
}
