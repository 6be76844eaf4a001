//! From documents to workflows: components are put in, references are followed, and whatever is named has to be there.

mod actions;
mod check;
mod parts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use roas_arazzo::v1_1;

use super::inputs::InputSchema;
use super::read::Document;
use super::template::Template;
use super::{Call, Invocation, Scenarios, Step, Workflow};
use crate::contract::Contract;
use crate::error::Error;
use crate::operation::Operation;
use crate::pointer;

/// Links documents with one another and with the contract.
pub(super) fn link(documents: &[Document], contract: &Contract) -> Result<Scenarios, Error> {
    let mut homes: BTreeMap<&str, (&Document, String)> = BTreeMap::new();
    for document in documents {
        for (index, workflow) in document.description.workflows.iter().enumerate() {
            let at = format!("#/workflows/{index}/workflowId");
            if let Some((other, _)) = homes.insert(&workflow.workflow_id, (document, at.clone())) {
                let known = other.source.name().display();
                return Err(document.refuse(&at, format!("{known} has a workflow of this id as well")));
            }
        }
    }
    let mut scenarios = Scenarios::default();
    for document in documents {
        let linker = Linker { document, documents, contract };
        for (index, workflow) in document.description.workflows.iter().enumerate() {
            scenarios.workflows.push(linker.workflow(workflow, &format!("#/workflows/{index}"))?);
        }
    }
    for workflow in &scenarios.workflows {
        let Some((document, at)) = homes.get(workflow.id.as_str()) else { continue };
        let at = at.trim_end_matches("/workflowId");
        check::workflow(&scenarios, workflow)
            .map_err(|(below, problem)| document.refuse(&format!("{at}{below}"), problem))?;
    }
    Ok(scenarios)
}

/// What one document can refer to.
struct Linker<'d> {
    document: &'d Document,
    documents: &'d [Document],
    contract: &'d Contract,
}

impl Linker<'_> {
    fn workflow(&self, workflow: &v1_1::Workflow, at: &str) -> Result<Workflow, Error> {
        let inputs = match &workflow.inputs {
            None => InputSchema::default(),
            Some(schema) => InputSchema::compile(schema, self.document.value.get("components"))
                .map_err(|problem| self.refuse(&format!("{at}/inputs"), problem))?,
        };
        let mut depends_on = Vec::new();
        for (index, reference) in workflow.depends_on.iter().enumerate() {
            depends_on.push(self.workflow_id(reference, &format!("{at}/dependsOn/{index}"))?);
        }
        let mut steps = Vec::new();
        for (index, step) in workflow.steps.iter().enumerate() {
            steps.push(self.step(workflow, step, at, &format!("{at}/steps/{index}"))?);
        }
        Ok(Workflow {
            id: workflow.workflow_id.clone(),
            summary: workflow.summary.clone(),
            file: self.document.source.name().to_owned(),
            line: self.document.line(at),
            inputs,
            depends_on,
            steps,
            outputs: self.outputs(&workflow.outputs, at)?,
        })
    }

    fn step(
        &self,
        workflow: &v1_1::Workflow,
        step: &v1_1::Step,
        above: &str,
        at: &str,
    ) -> Result<Step, Error> {
        if step.channel_path.is_some() || step.action.is_some() {
            return Err(self.refuse(at, "steps of AsyncAPI are not supported"));
        }
        let call = match &step.workflow_id {
            Some(reference) => {
                let id = self.workflow_id(reference, &format!("{at}/workflowId"))?;
                let inputs = self.inputs(&step.parameters, &format!("{at}/parameters"))?;
                Call::Workflow(Invocation { workflow: id, inputs })
            }
            None => {
                let operation = self.operation(step, at)?;
                let parameters = self.arguments(operation, workflow, step, above, at)?;
                let body = match &step.request_body {
                    None => None,
                    Some(body) => Some(self.payload(operation, body, &format!("{at}/requestBody"))?),
                };
                Call::Operation { operation_id: operation.id.clone(), parameters, body }
            }
        };
        let timeout = match step.timeout.map(u64::try_from) {
            None => None,
            Some(Ok(milliseconds)) => Some(Duration::from_millis(milliseconds)),
            Some(Err(_)) => return Err(self.refuse(&format!("{at}/timeout"), "a time is not negative")),
        };
        let mut criteria = self.criteria(&step.success_criteria, &format!("{at}/successCriteria"))?;
        if criteria.is_empty() && matches!(call, Call::Operation { .. }) {
            criteria.push(self.success(at)?);
        }
        Ok(Step {
            id: step.step_id.clone(),
            line: self.document.line(at),
            depends_on: step.depends_on.clone(),
            call,
            criteria,
            on_success: self.success_actions(workflow, step, above, at)?,
            on_failure: self.failure_actions(workflow, step, above, at)?,
            outputs: self.outputs(&step.outputs, at)?,
            timeout,
        })
    }

    fn outputs(
        &self,
        outputs: &BTreeMap<String, v1_1::ValueOrSelector>,
        at: &str,
    ) -> Result<Vec<(String, Template)>, Error> {
        let outputs = outputs.iter().map(|(name, value)| {
            let at = pointer::join(&format!("{at}/outputs"), name);
            Ok((name.clone(), self.template(value, &at)?))
        });
        outputs.collect()
    }

    /// Returns the operation of a step.
    fn operation(&self, step: &v1_1::Step, at: &str) -> Result<&Operation, Error> {
        if let Some(reference) = &step.operation_id {
            let at = format!("{at}/operationId");
            let id = match reference.strip_prefix("$sourceDescriptions.") {
                None => {
                    self.only_source(&at)?;
                    reference.as_str()
                }
                Some(rest) => {
                    let (source, id) = rest.split_once('.').ok_or_else(|| {
                        self.refuse(&at, format!("{reference:?} names no operation of a source"))
                    })?;
                    self.own_source(source, &at)?;
                    id
                }
            };
            return self.contract.operation(id).ok_or_else(|| {
                let close = self.contract.operations().iter().find(|it| it.id.eq_ignore_ascii_case(id));
                let hint = close.map(|it| format!("; is {:?} meant?", it.id)).unwrap_or_default();
                self.refuse(&at, format!("the contract has no operation {id:?}{hint}"))
            });
        }
        let at = format!("{at}/operationPath");
        let reference = step.operation_path.as_deref().unwrap_or_default();
        let (source, place) = reference.split_once('#').ok_or_else(|| {
            self.refuse(&at, "an `operationPath` is a source's url, `#`, and the place of the operation")
        })?;
        let source = source.trim_start_matches('{').trim_end_matches('}');
        let name = source.strip_prefix("$sourceDescriptions.").and_then(|rest| rest.strip_suffix(".url"));
        let name = name.ok_or_else(|| {
            self.refuse(&at, "an `operationPath` begins with `{$sourceDescriptions.NAME.url}`")
        })?;
        self.own_source(name, &at)?;
        let place = pointer::canonical(place)
            .ok_or_else(|| self.refuse(&at, format!("{place:?} is no JSON Pointer (RFC 6901)")))?;
        let operations = self.contract.operations().iter();
        let mut below =
            operations.clone().filter(|it| it.pointer.strip_prefix(&place).is_some_and(is_method));
        let found = operations.clone().find(|it| it.pointer == place).or_else(|| {
            // A path with one operation stands for it.
            below.next().filter(|_| below.next().is_none())
        });
        found.ok_or_else(|| self.refuse(&at, format!("the contract has no operation at {place}")))
    }

    /// An id without a source is the contract's, where the document has one OpenAPI source.
    fn only_source(&self, at: &str) -> Result<(), Error> {
        let sources = &self.document.description.source_descriptions;
        let mut openapi = sources.iter().filter(|it| it.type_ != Some(v1_1::SourceType::Arazzo));
        match (openapi.next(), openapi.next()) {
            (Some(source), None) => self.own_source(&source.name, at),
            (None, _) => Err(self.refuse(at, "the document has no source of type `openapi`")),
            (Some(_), Some(_)) => {
                let problem = "the document has several sources of operations; \
                               say which: `$sourceDescriptions.NAME.OPERATION`";
                Err(self.refuse(at, problem))
            }
        }
    }

    /// A source of operations has to be the contract: one endpoint is asked at a time.
    fn own_source(&self, name: &str, at: &str) -> Result<(), Error> {
        let sources = self.document.description.source_descriptions.iter().enumerate();
        let Some((index, source)) = sources.clone().find(|(_, it)| it.name == name) else {
            return Err(self.refuse(at, format!("the document has no source {name:?}")));
        };
        match source.type_ {
            Some(v1_1::SourceType::Arazzo | v1_1::SourceType::Asyncapi) => {
                return Err(self.refuse(at, format!("the source {name:?} is not of type `openapi`")));
            }
            Some(v1_1::SourceType::Openapi) | None => {}
        }
        // Nothing is fetched: what is somewhere else is taken for the contract where there is no other.
        if source.url.contains("://") {
            let remote = sources.filter(|(_, it)| it.type_ != Some(v1_1::SourceType::Arazzo)).count();
            let problem = "of several sources, the contract's is the one that names its file";
            return if remote == 1 { Ok(()) } else { Err(self.refuse(at, problem)) };
        }
        let Some(contract) = self.contract.position("#").map(|it| it.file) else { return Ok(()) };
        let given = self.neighbour(&source.url);
        if same(&given, &contract) {
            return Ok(());
        }
        let problem = format!("the source is another contract than {}", contract.display());
        Err(self.refuse(&format!("#/sourceDescriptions/{index}/url"), problem))
    }

    fn neighbour(&self, url: &str) -> PathBuf {
        self.document.source.name().parent().unwrap_or(Path::new("")).join(url)
    }

    /// Returns the id of a workflow that is named by itself or by a source of type `arazzo`.
    fn workflow_id(&self, reference: &str, at: &str) -> Result<String, Error> {
        let known = |document: &Document, id: &str| {
            document.description.workflows.iter().any(|it| it.workflow_id == id)
        };
        let Some(rest) = reference.strip_prefix("$sourceDescriptions.") else {
            return if known(self.document, reference) {
                Ok(reference.to_owned())
            } else {
                let problem = format!(
                    "the document has no workflow {reference:?}; one of another document is \
                     `$sourceDescriptions.NAME.WORKFLOW`"
                );
                Err(self.refuse(at, problem))
            };
        };
        let (name, id) = rest
            .split_once('.')
            .ok_or_else(|| self.refuse(at, format!("{reference:?} names no workflow of a source")))?;
        let sources = &self.document.description.source_descriptions;
        let Some(source) = sources.iter().find(|it| it.name == name) else {
            return Err(self.refuse(at, format!("the document has no source {name:?}")));
        };
        if source.type_ != Some(v1_1::SourceType::Arazzo) {
            return Err(self.refuse(at, format!("the source {name:?} is not of type `arazzo`")));
        }
        let file = self.neighbour(&source.url);
        let home = self.documents.iter().find(|it| same(it.source.name(), &file)).ok_or_else(|| {
            self.refuse(at, format!("the source {name:?} is no document of the same folder"))
        })?;
        if !known(home, id) {
            return Err(self.refuse(at, format!("the source {name:?} has no workflow {id:?}")));
        }
        Ok(id.to_owned())
    }

    fn refuse(&self, at: &str, problem: impl Into<String>) -> Error {
        self.document.refuse(at, problem)
    }
}

/// Whether what is left of a pointer is the method below a path.
fn is_method(rest: &str) -> bool {
    rest.strip_prefix('/').is_some_and(|rest| !rest.contains('/'))
}

/// Whether two paths name one file, also where there is none (a text has a name only).
fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => plain(one) == plain(other),
    }
}

fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
