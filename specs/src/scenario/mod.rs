//! Workflows that have to work from one end to the other: `scenarios/*.arazzo.yaml`, Arazzo 1.0 and 1.1.
//!
//! A document is read, held to the specification and to the contract, and its runtime expressions are parsed; what is
//! wrong is an error with file, line and reason, before anything is sent. Running workflows is somebody else's business;
//! what can be told without an endpoint (whether a condition holds in a [`Scope`], what a [`Template`] becomes) is told
//! here.

mod condition;
mod expression;
mod fields;
mod inputs;
mod link;
mod read;
mod template;

use std::path::{Path, PathBuf};
use std::time::Duration;

use regex::Regex;
use serde_json::Value;
use serde_json_path::JsonPath;

pub use condition::{Comparison, Condition};
pub use expression::{Expression, Part, Root, Scope, named};
pub use inputs::InputSchema;
pub use template::{Piece, Selector, Template};

use crate::contract::Contract;
use crate::error::Error;
use crate::operation::ParameterLocation;

/// The workflows of an API, of all its documents.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Scenarios {
    /// In the order of the file names, then of the documents.
    pub workflows: Vec<Workflow>,
}

/// A sequence of calls with what has to come of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Workflow {
    /// The `workflowId`, which no other workflow of the API has.
    pub id: String,
    /// What it is for, in a line.
    pub summary: Option<String>,
    /// The document.
    pub file: PathBuf,
    /// The 1-based line at which it begins.
    pub line: usize,
    /// What it has to be given.
    pub inputs: InputSchema,
    /// The workflows that have to succeed before it.
    pub depends_on: Vec<String>,
    /// What is done, in this order unless an action says otherwise.
    pub steps: Vec<Step>,
    /// What it gives to those who call it.
    pub outputs: Vec<(String, Template)>,
}

/// One call of a workflow.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Step {
    /// The `stepId`.
    pub id: String,
    /// The 1-based line at which it begins.
    pub line: usize,
    /// The steps of the same workflow that must have succeeded before it (Arazzo 1.1).
    pub depends_on: Vec<String>,
    /// What is called.
    pub call: Call,
    /// What has to hold; that an operation succeeds (2xx), where the document says nothing.
    pub criteria: Vec<Criterion>,
    /// What may be done when they hold: the first whose criteria hold as well.
    pub on_success: Vec<Action>,
    /// What may be done when they do not.
    pub on_failure: Vec<Action>,
    /// What later steps may use.
    pub outputs: Vec<(String, Template)>,
    /// How long the step may take (Arazzo 1.1).
    pub timeout: Option<Duration>,
}

/// What a step calls.
#[derive(Debug, Clone)]
pub enum Call {
    /// An operation of the contract.
    Operation {
        /// Its id.
        operation_id: String,
        /// Its parameters.
        parameters: Vec<Argument>,
        /// Its body.
        body: Option<Payload>,
    },
    /// Another workflow.
    Workflow(Invocation),
}

/// A call of a workflow.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The workflow.
    pub workflow: String,
    /// Its inputs.
    pub inputs: Vec<(String, Template)>,
}

/// A parameter of an operation with its value.
#[derive(Debug, Clone)]
pub struct Argument {
    /// Where it goes.
    pub location: ParameterLocation,
    /// Its name on the wire.
    pub name: String,
    /// Whether the contract knows it; a header or a cookie may be sent besides.
    pub documented: bool,
    /// Its value.
    pub value: Template,
}

/// The body of a request.
#[derive(Debug, Clone)]
pub struct Payload {
    /// The place of its media type in the operation's list.
    pub media_type: usize,
    /// The value, before anything is replaced in it.
    pub value: Template,
    /// What is replaced, one after another.
    pub replacements: Vec<Replacement>,
}

/// One place of a payload that gets another value.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// The place.
    pub target: Selector,
    /// The new value.
    pub value: Template,
}

/// What has to hold.
#[derive(Debug, Clone)]
pub struct Criterion {
    /// The condition, as it is written.
    pub text: String,
    /// The 1-based line at which it stands.
    pub line: usize,
    /// How it is decided.
    pub test: Test,
}

/// How a criterion is decided.
#[derive(Debug, Clone)]
pub enum Test {
    /// A condition of its own.
    Simple(Condition),
    /// A regular expression finds something in a value.
    Regex(Expression, Regex),
    /// A JSONPath (RFC 9535) finds something in a value.
    Path(Expression, JsonPath),
    /// What a JSONPath finds in a value compares with another one.
    Comparison(Expression, Comparison),
}

/// What is done after a step.
#[derive(Debug, Clone)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// What has to hold for it.
    pub criteria: Vec<Criterion>,
    /// What is done.
    pub then: Then,
}

/// What an action does.
#[derive(Debug, Clone)]
pub enum Then {
    /// The workflow ends.
    End,
    /// The workflow goes on with another step.
    Step(String),
    /// Another workflow takes over.
    Workflow(Invocation),
    /// The step is tried again.
    Retry {
        /// How long to wait before.
        after: Duration,
        /// How many times at most.
        limit: u64,
        /// What is done before it is tried again.
        first: Option<Detour>,
    },
}

/// What is done before a step is tried again.
#[derive(Debug, Clone)]
pub enum Detour {
    /// Another step.
    Step(String),
    /// Another workflow.
    Workflow(Invocation),
}

impl Scenarios {
    /// Reads all `*.arazzo.yaml`, `*.arazzo.yml` and `*.arazzo.json` of a folder; a folder that is not there holds none.
    ///
    /// # Errors
    ///
    /// When a document cannot be read, is not as Arazzo says, or speaks of what neither it nor the contract has.
    pub fn load(folder: &Path, contract: &Contract) -> Result<Scenarios, Error> {
        let documents = read::folder(folder)?;
        link::link(&documents, contract)
    }

    /// Reads documents from texts, each with a name that stands for it in messages.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load) does.
    pub fn from_texts(texts: &[(&str, &str)], contract: &Contract) -> Result<Scenarios, Error> {
        let documents = texts.iter().map(|(name, text)| read::text(Path::new(name), text));
        link::link(&documents.collect::<Result<Vec<_>, _>>()?, contract)
    }

    /// Returns the workflow of an id.
    #[must_use]
    pub fn workflow(&self, id: &str) -> Option<&Workflow> {
        self.workflows.iter().find(|it| it.id == id)
    }
}

impl Workflow {
    /// Returns the step of an id, with its place.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<(usize, &Step)> {
        self.steps.iter().enumerate().find(|(_, it)| it.id == id)
    }

    /// The workflows that it may hand over to.
    #[must_use]
    pub fn calls(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for step in &self.steps {
            if let Call::Workflow(invocation) = &step.call {
                found.push(invocation.workflow.as_str());
            }
            for action in step.on_success.iter().chain(&step.on_failure) {
                match &action.then {
                    Then::Workflow(invocation)
                    | Then::Retry { first: Some(Detour::Workflow(invocation)), .. } => {
                        found.push(&invocation.workflow);
                    }
                    _ => {}
                }
            }
        }
        found
    }
}

impl Criterion {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, scope: &dyn Scope) -> bool {
        match &self.test {
            Test::Simple(condition) => condition.holds(scope),
            Test::Regex(context, regex) => match context.value(scope) {
                Some(Value::String(text)) => regex.is_match(&text),
                Some(Value::Null) | None => false,
                Some(other) => regex.is_match(&other.to_string()),
            },
            Test::Path(context, path) => {
                context.value(scope).is_some_and(|value| !path.query(&value).is_empty())
            }
            Test::Comparison(context, comparison) => {
                context.value(scope).is_some_and(|value| comparison.holds(&value))
            }
        }
    }

    /// The expressions in it.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        match &self.test {
            Test::Simple(condition) => condition.expressions(),
            Test::Regex(context, _) | Test::Path(context, _) | Test::Comparison(context, _) => vec![context],
        }
    }
}
