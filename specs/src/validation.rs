//! Validates JSON against a contract's schemas, in the OpenAPI 3.0 sense.
//!
//! This module is the only place that names the `jsonschema` crate. `translate` turns OpenAPI's dialect into JSON
//! Schema 2020-12, `formats` adds the formats that OpenAPI defines, `violation` turns what the crate reports into
//! places in the contract. A validator is compiled when it is first asked for, and kept by the contract.
//!
//! A violation never holds a value that was validated: bodies here carry people's data.

mod formats;
mod translate;
mod violation;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

pub use violation::Violation;

use crate::error::{Error, Fault};
use crate::lineage::Lineage;
use crate::stack;
use translate::Places;

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// To the API: a property with `readOnly` is not required.
    Request,
    /// From the API: a property with `writeOnly` is not required.
    Response,
}

/// A compiled schema of a contract.
pub struct Validator {
    compiled: jsonschema::Validator,
    places: Places,
}

impl Validator {
    /// Whether a value has no violation; quicker than listing them.
    pub fn is_valid(&self, value: &Value) -> bool {
        self.compiled.is_valid(value)
    }

    /// Every violation of a value, in the order in which the schema's keywords find them.
    ///
    /// A violated `oneOf`, `anyOf` or `not` is one violation, whatever happened inside it.
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        let mut seen = HashSet::new();
        self.compiled
            .iter_errors(value)
            .flat_map(|error| violation::violations(&error, &self.places))
            // A schema that is reached twice says the same thing twice.
            .filter(|violation| seen.insert(violation.clone()))
            .collect()
    }

    /// The canonical contract pointer of the schema.
    pub fn pointer(&self) -> &str {
        self.places.root()
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Validator").field("pointer", &self.pointer()).finish_non_exhaustive()
    }
}

/// A compiled JSON Schema 2020-12 that belongs to no contract.
pub(crate) struct PlainSchema(jsonschema::Validator);

impl PlainSchema {
    /// Compiles a schema, which may refer to nothing but itself.
    pub(crate) fn compile(schema: &Value) -> Result<Self, String> {
        let compiled = formats::options().build(schema);
        compiled.map(Self).map_err(|error| violation::compile_problem(&error))
    }

    /// What is wrong with a value, with the places and without anything of it.
    pub(crate) fn problems(&self, value: &Value) -> Vec<String> {
        let told = self.0.iter_errors(value).map(|error| {
            let at = error.instance_path().as_str();
            let at = if at.is_empty() { String::new() } else { format!("{at}: ") };
            format!("{at}{}", error.masked_with("the value"))
        });
        told.collect()
    }
}

impl fmt::Debug for PlainSchema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PlainSchema").finish_non_exhaustive()
    }
}

/// The validators that a contract has compiled so far.
#[derive(Default)]
pub(crate) struct Validators {
    compiled: Mutex<HashMap<(String, Direction), Arc<Validator>>>,
}

impl Validators {
    /// Returns the validator for the schema at a canonical pointer, compiling it when it is new.
    pub(crate) fn get(
        &self,
        document: &Value,
        lineage: &Lineage,
        pointer: &str,
        direction: Direction,
    ) -> Result<Arc<Validator>, Error> {
        let key = (pointer.to_owned(), direction);
        if let Some(validator) = self.lock().get(&key) {
            return Ok(Arc::clone(validator));
        }
        // Compiled without the lock: two threads may do the same work once, but neither waits for other schemas.
        let validator = Arc::new(stack::roomy(|| compile(document, lineage, pointer, direction))?);
        Ok(Arc::clone(self.lock().entry(key).or_insert(validator)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(String, Direction), Arc<Validator>>> {
        // The map is whole after every step, so that a panic elsewhere does not spoil it.
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn compile(
    document: &Value,
    lineage: &Lineage,
    pointer: &str,
    direction: Direction,
) -> Result<Validator, Error> {
    let refuse = |pointer: &str, problem: String| {
        Fault::new(format!("this schema cannot be compiled: {problem}"))
            .at(lineage.place(pointer))
            .advise("correct the schema with an overlay action")
            .into(Error::Schema)
    };
    let (schema, places) = translate::translate(document, pointer, direction)
        .map_err(|failure| refuse(&failure.pointer, failure.problem))?;
    let compiled = formats::options().build(&schema).map_err(|error| {
        let place = violation::whole_place(error.instance_path().as_str(), &places);
        refuse(place.as_deref().unwrap_or(pointer), violation::compile_problem(&error))
    })?;
    Ok(Validator { compiled, places })
}
