//! The life of what an API keeps: `lifecycle.yaml`, with its states, what leads from one to another, and what is worth
//! waiting for. The form is documented in `specs/README.md`.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::contract::Contract;
use crate::error::{Error, Fault, Place};
use crate::operation::{Operation, ParameterLocation};
use crate::pointer;
use crate::source::Source;

/// The lives of an API's resources.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Lifecycle {
    /// The version of the form: `1.0.0`.
    pub lifecycle: String,
    /// The resources.
    pub resources: Vec<Resource>,
}

/// Something that an API keeps and that has states.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Resource {
    /// What it is, in the singular.
    pub name: String,
    /// The operation that answers with it.
    pub read: String,
    /// The parameter of that operation that says which one.
    pub parameter: String,
    /// JSON Pointer of the state in the answer.
    pub state: String,
    /// The states in which it begins.
    pub initial: Vec<String>,
    /// What leads from one state to another.
    #[serde(default)]
    pub transitions: Vec<Transition>,
    /// What is worth waiting for.
    #[serde(default)]
    pub waits: Vec<Wait>,
}

impl Resource {
    /// The states, in alphabetical order.
    #[must_use]
    pub fn states(&self) -> BTreeSet<&str> {
        let led = self.transitions.iter().flat_map(|it| it.from.iter().chain(&it.to));
        self.initial.iter().chain(led).map(String::as_str).collect()
    }

    /// Whether a state may be left by itself, between two requests.
    #[must_use]
    pub fn passes(&self, state: &str) -> bool {
        self.transitions.iter().any(|it| it.operation.is_none() && it.from.iter().any(|from| from == state))
    }
}

/// What leads from one state to another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Transition {
    /// The operation that does it; absent where it happens by itself.
    pub operation: Option<String>,
    /// The states in which it is possible.
    pub from: Vec<String>,
    /// The states that it leads to.
    pub to: Vec<String>,
    /// JSONPath (RFC 9535) of what is read: where it selects nothing, the operation is not possible although the state allows
    /// it. Absent where the state alone decides.
    pub offered: Option<String>,
}

impl Transition {
    /// Whether the operation is possible with what was read, as far as that tells: where the property that the query begins with
    /// is not there, it tells nothing.
    #[must_use]
    pub fn is_offered(&self, read: &Value) -> bool {
        let query = self.offered.as_deref().and_then(|it| JsonPath::parse(it).ok());
        query.is_none_or(|query| {
            !query.query(read).is_empty() || {
                let first = self.offered.as_deref().and_then(property);
                first.is_none_or(|name| read.get(name).is_none_or(Value::is_null))
            }
        })
    }
}

/// The property that a query of the form `$.name…` begins with.
fn property(query: &str) -> Option<&str> {
    let rest = query.strip_prefix("$.")?;
    let end = rest.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(rest.len());
    rest.get(..end).filter(|name| !name.is_empty())
}

/// A state that is reached later.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Wait {
    /// What is waited for: the client's method is `wait_until_…`.
    pub name: String,
    /// The states in which the wait is over.
    pub until: Vec<String>,
    /// The states from which those are not reached any more.
    #[serde(default)]
    pub fails: Vec<String>,
    /// Seconds between the first two looks.
    pub every: u64,
    /// Seconds between looks after a long time.
    pub at_most: u64,
    /// Seconds after which the wait is given up.
    pub within: u64,
}

impl Wait {
    /// Whether a state ends the wait, as hoped for or not.
    #[must_use]
    pub fn is_over(&self, state: &str) -> bool {
        self.until.iter().chain(&self.fails).any(|known| known == state)
    }
}

impl Lifecycle {
    /// Reads the file of an API whose contract is known.
    ///
    /// # Errors
    ///
    /// Fails when the text is not of the form, or when it speaks of an operation, a parameter, a place or a state that
    /// the contract does not have.
    pub fn load(path: &Path, contract: &Contract) -> Result<Self, Error> {
        let (source, value) = Source::read(path)?;
        Self::from_value(&source, path, &value, contract)
    }

    /// Reads a text; `name` stands for it in messages.
    ///
    /// # Errors
    ///
    /// Fails as [`load`](Self::load) does.
    pub fn from_text(name: &Path, text: &str, contract: &Contract) -> Result<Self, Error> {
        let (source, value) = Source::parse(name, text)?;
        Self::from_value(&source, name, &value, contract)
    }

    fn from_value(source: &Source, file: &Path, value: &Value, contract: &Contract) -> Result<Self, Error> {
        let refuse = |at: &str, problem: String, expected: String| {
            let tokens = pointer::tokens(at).unwrap_or_default();
            let place = Place::position(source.position(&tokens), file).pointer(at);
            Fault::new(problem)
                .at(place)
                .expecting(expected)
                .advise("see `lifecycle.yaml` in specs/README.md")
                .into(Error::Settings)
        };
        let lifecycle = Self::deserialize(value)
            .map_err(|error| refuse("#", format!("this is no lifecycle: {error}"), "its form".to_owned()))?;
        if !lifecycle.lifecycle.starts_with("1.") {
            let problem = format!("the version {:?} of the form is not known", lifecycle.lifecycle);
            return Err(refuse("#/lifecycle", problem, "1.0.0".to_owned()));
        }
        for (index, resource) in lifecycle.resources.iter().enumerate() {
            let at = format!("#/resources/{index}");
            check(resource, contract)
                .map_err(|(below, problem, expected)| refuse(&format!("{at}{below}"), problem, expected))?;
        }
        Ok(lifecycle)
    }
}

/// A place below the resource, what is wrong there, and what was expected.
type Wrong = (String, String, String);

fn operation<'c>(contract: &'c Contract, id: &str, below: &str) -> Result<&'c Operation, Wrong> {
    contract.operation(id).ok_or_else(|| {
        let problem = format!("the contract has no operation {id:?}");
        (below.to_owned(), problem, "the `operationId` of an operation".to_owned())
    })
}

fn check(resource: &Resource, contract: &Contract) -> Result<(), Wrong> {
    let read = operation(contract, &resource.read, "/read")?;
    let in_path = read.parameters.iter().filter(|parameter| parameter.location == ParameterLocation::Path);
    let names: Vec<_> = in_path.map(|parameter| parameter.name.as_str()).collect();
    if names != [resource.parameter.as_str()] {
        let problem =
            format!("{:?} is not the one parameter in the path of this operation", resource.parameter);
        return Err(("/parameter".to_owned(), problem, names.join(", ")));
    }
    let body = read.response_for(200).and_then(|response| response.content.iter().find(|it| it.is_json()));
    let states = body
        .and_then(|body| body.schema.as_ref())
        .and_then(|schema| states(contract, &schema.pointer, &resource.state));
    let Some(states) = states else {
        let problem = format!("the answer of {:?} declares no list of values there", resource.read);
        return Err(("/state".to_owned(), problem, "the place of a text with an `enum`".to_owned()));
    };
    let known =
        |below: String, named: &[String]| match named.iter().find(|name| !states.contains(name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let states = states.iter().copied().collect::<Vec<_>>().join(", ");
                Err((below, format!("{name:?} is no state"), format!("one of {states}")))
            }
        };
    known("/initial".to_owned(), &resource.initial)?;
    for (index, transition) in resource.transitions.iter().enumerate() {
        let below = format!("/transitions/{index}");
        if let Some(id) = &transition.operation {
            operation(contract, id, &format!("{below}/operation"))?;
        }
        if let Some(query) = &transition.offered {
            let wrong = |problem| {
                Err((format!("{below}/offered"), problem, "`$.name` and what follows it".to_owned()))
            };
            match JsonPath::parse(query) {
                Err(error) => return wrong(format!("this is no JSONPath (RFC 9535): {error}")),
                Ok(_) if property(query).is_none() || transition.operation.is_none() => {
                    return wrong("this does not say what of the resource offers the operation".to_owned());
                }
                Ok(_) => {}
            }
        }
        known(format!("{below}/from"), &transition.from)?;
        known(format!("{below}/to"), &transition.to)?;
    }
    for (index, wait) in resource.waits.iter().enumerate() {
        let below = format!("/waits/{index}");
        known(format!("{below}/until"), &wait.until)?;
        known(format!("{below}/fails"), &wait.fails)?;
        if wait.every == 0 || wait.at_most < wait.every || wait.within < wait.every {
            let problem = "these times do not follow one another".to_owned();
            return Err((below, problem, "0 < every <= at_most, every <= within, in seconds".to_owned()));
        }
    }
    Ok(())
}

/// The values that the schema of an answer lists at a place of it.
fn states<'c>(contract: &'c Contract, schema: &str, place: &str) -> Option<BTreeSet<&'c str>> {
    let (mut at, mut schema) = contract.resolve(schema)?;
    for token in pointer::tokens(place)? {
        let below = pointer::join(&pointer::join(&at, "properties"), &token);
        (at, schema) = contract.resolve(&below)?;
    }
    let listed = schema.get("enum")?.as_array()?;
    Some(listed.iter().filter_map(Value::as_str).collect())
}
