//! OpenAPI Overlays, versions 1.0 and 1.1: what we add to or correct in a vendor's contract.
//!
//! This module reads an overlay document and knows what each action says; `apply` changes a document by it. The
//! project is stricter than the standard in one point: an action whose target matches nothing is an error, because
//! it is most often a correction whose place the vendor has renamed.

mod apply;
mod cost;

use std::path::Path;

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::error::{Error, Fault, Place};
use crate::lineage::Edit;
use crate::pointer;
use crate::source::Source;

/// An overlay document.
#[derive(Debug)]
pub struct Overlay {
    source: Source,
    minor: u8,
    title: String,
    extends: Option<String>,
    actions: Vec<Action>,
}

/// One change of an [`Overlay`].
#[derive(Debug)]
pub struct Action {
    index: usize,
    target_text: String,
    target: JsonPath,
    description: Option<String>,
    change: Change,
}

#[derive(Debug)]
enum Change {
    Update(Value),
    Copy { from: JsonPath, text: String },
    Remove,
}

impl Overlay {
    /// Reads an overlay from a JSON or YAML file.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let (source, value) = Source::read(path)?;
        Self::from_value(source, &value)
    }

    /// Reads an overlay from a text; `name` stands for it in messages.
    pub fn from_text(name: &str, text: &str) -> Result<Self, Error> {
        let (source, value) = Source::parse(Path::new(name), text)?;
        Self::from_value(source, &value)
    }

    /// The overlay's title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The document that the overlay says it is for.
    pub fn extends(&self) -> Option<&str> {
        self.extends.as_deref()
    }

    /// The actions, in the order in which they are applied.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// Applies the actions in order to a document. On an error the document is left half changed.
    pub fn apply(&self, document: &mut Value) -> Result<(), Error> {
        self.apply_from(document, 0).map(drop)
    }

    /// Applies the actions and says what came from where; `source` is the overlay's index in the lineage.
    pub(crate) fn apply_from(&self, document: &mut Value, source: usize) -> Result<Vec<Edit>, Error> {
        let mut edits = Vec::new();
        let mut budget = apply::MAX_ADDED;
        for action in &self.actions {
            let mut run =
                apply::Run { document, source, budget: &mut budget, edits: &mut edits, minor: self.minor };
            run.action(action).map_err(|failure| self.fault(action, failure).into(Error::Overlay))?;
        }
        Ok(edits)
    }

    /// Gives the text up, for a lineage.
    pub(crate) fn into_source(self) -> Source {
        self.source
    }

    pub(crate) fn place(&self, pointer: &str) -> Place {
        place(&self.source, pointer)
    }

    fn fault(&self, action: &Action, failure: apply::Failure) -> Fault {
        let said =
            action.description.as_deref().map(|text| format!(" ({})", first_line(text))).unwrap_or_default();
        let problem = format!(
            "action {} of the overlay{said}, target {}: {}",
            action.index, action.target_text, failure.problem
        );
        let mut fault =
            Fault::new(problem).at(self.place(&format!("#/actions/{}/{}", action.index, failure.member)));
        fault.expected = failure.expected;
        fault.advice = Some(failure.advice);
        fault
    }

    fn from_value(source: Source, value: &Value) -> Result<Self, Error> {
        Reader { source: &source }.overlay(value).map(|(minor, title, extends, actions)| Self {
            source,
            minor,
            title,
            extends,
            actions,
        })
    }
}

impl Action {
    /// The 0-based place in the overlay's list.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The JSONPath query (RFC 9535) that selects what is changed.
    pub fn target(&self) -> &str {
        &self.target_text
    }

    /// Why the change is made.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }
}

type Parts = (u8, String, Option<String>, Vec<Action>);

/// Reads the members of an overlay document, with the place of each complaint.
struct Reader<'s> {
    source: &'s Source,
}

impl Reader<'_> {
    fn complain<T>(&self, pointer: &str, problem: String, expected: &str) -> Result<T, Error> {
        Err(Fault::new(problem).at(place(self.source, pointer)).expecting(expected).into(Error::Overlay))
    }

    fn overlay(&self, value: &Value) -> Result<Parts, Error> {
        let members = self.object("#", value, "an overlay document")?;
        self.only("#", members, &["overlay", "info", "extends", "actions"])?;
        let minor = match members.get("overlay").and_then(Value::as_str) {
            Some(version) if version.starts_with("1.0.") => 0,
            Some(version) if version.starts_with("1.1.") => 1,
            Some(version) => {
                return self.complain(
                    "#/overlay",
                    format!("overlay version {version:?} is not supported"),
                    "1.0.x or 1.1.x",
                );
            }
            None => {
                return self.complain(
                    "#",
                    "the overlay does not state its version".into(),
                    "`overlay: 1.1.0`",
                );
            }
        };
        let info = match members.get("info") {
            Some(info) => self.object("#/info", info, "an Info Object")?,
            None => {
                return self.complain(
                    "#",
                    "the overlay has no `info`".into(),
                    "`info` with title and version",
                );
            }
        };
        self.only("#/info", info, &["title", "version", "description"])?;
        let Some(title) = info.get("title").and_then(Value::as_str) else {
            return self.complain("#/info", "the overlay has no title".into(), "`title` as a string");
        };
        if info.get("version").is_none() {
            return self.complain(
                "#/info",
                "the overlay's info has no version".into(),
                "`version` as a string",
            );
        }
        let extends = match members.get("extends") {
            None => None,
            Some(Value::String(extends)) => Some(extends.clone()),
            Some(_) => return self.complain("#/extends", "`extends` is not text".into(), "a URI reference"),
        };
        let Some(actions) =
            members.get("actions").and_then(Value::as_array).filter(|actions| !actions.is_empty())
        else {
            return self.complain(
                "#/actions",
                "the overlay has no actions".into(),
                "a list of at least one action",
            );
        };
        let actions = actions
            .iter()
            .enumerate()
            .map(|(index, action)| self.action(index, action, minor))
            .collect::<Result<_, _>>()?;
        Ok((minor, title.to_owned(), extends, actions))
    }

    fn action(&self, index: usize, value: &Value, minor: u8) -> Result<Action, Error> {
        let here = format!("#/actions/{index}");
        let members = self.object(&here, value, "an Action Object")?;
        self.only(&here, members, &["target", "description", "update", "copy", "remove"])?;
        let Some(target_text) = members.get("target").and_then(Value::as_str) else {
            return self.complain(
                &here,
                format!("action {index} has no target"),
                "`target` with a JSONPath query",
            );
        };
        let target = self.query(&pointer::join(&here, "target"), index, target_text)?;
        let description = match members.get("description") {
            None => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                return self.complain(
                    &here,
                    format!("the description of action {index} is not text"),
                    "a string",
                );
            }
        };
        let remove = match members.get("remove") {
            None => false,
            Some(Value::Bool(remove)) => *remove,
            Some(_) => {
                return self.complain(
                    &here,
                    format!("`remove` of action {index} is not a boolean"),
                    "true or false",
                );
            }
        };
        if minor == 0 && members.contains_key("copy") {
            return self.complain(
                &pointer::join(&here, "copy"),
                format!("action {index} copies, which overlay 1.0 cannot"),
                "`overlay: 1.1.0` at the top",
            );
        }
        let change = match (remove, members.get("update"), members.get("copy")) {
            (true, _, _) => Change::Remove,
            (false, Some(update), None) => Change::Update(update.clone()),
            (false, None, Some(Value::String(text))) => Change::Copy {
                from: self.query(&pointer::join(&here, "copy"), index, text)?,
                text: text.clone(),
            },
            (false, None, Some(_)) => {
                return self.complain(
                    &here,
                    format!("`copy` of action {index} is not text"),
                    "a JSONPath query",
                );
            }
            (false, Some(_), Some(_)) => {
                return self.complain(
                    &here,
                    format!("action {index} has both `update` and `copy`, which cancel each other"),
                    "one of them",
                );
            }
            (false, None, None) => {
                return self.complain(
                    &here,
                    format!("action {index} changes nothing"),
                    "`update`, `copy` or `remove: true`",
                );
            }
        };
        Ok(Action { index, target_text: target_text.to_owned(), target, description, change })
    }

    fn query(&self, pointer: &str, index: usize, text: &str) -> Result<JsonPath, Error> {
        JsonPath::parse(text).or_else(|error| {
            self.complain(
                pointer,
                format!("{text:?} of action {index} is no JSONPath query: {error}"),
                "RFC 9535",
            )
        })
    }

    fn object<'v>(
        &self,
        pointer: &str,
        value: &'v Value,
        what: &str,
    ) -> Result<&'v Map<String, Value>, Error> {
        match value {
            Value::Object(members) => Ok(members),
            _ => self.complain(pointer, format!("this is not {what}"), "an object"),
        }
    }

    fn only(&self, pointer: &str, members: &Map<String, Value>, known: &[&str]) -> Result<(), Error> {
        match members.keys().find(|key| !known.contains(&key.as_str()) && !key.starts_with("x-")) {
            None => Ok(()),
            Some(key) => self.complain(
                &pointer::join(pointer, key),
                format!("{key:?} is not a field here"),
                &format!("one of {}, or an extension x-…", known.join(", ")),
            ),
        }
    }
}

fn place(source: &Source, pointer: &str) -> Place {
    let position = pointer::tokens(pointer).and_then(|tokens| source.position(&tokens));
    Place::position(position, source.name()).pointer(pointer)
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}
