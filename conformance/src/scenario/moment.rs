//! What a workflow knows at one moment.

use std::collections::BTreeMap;
use std::path::Path;

use driftline_specs::scenario::{Part, Root, Scope, named};
use serde_json::{Map, Value};

use crate::request::Request;
use crate::target::Answer;

/// What workflows of one play were given and gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls {
    /// By workflow.
    pub(crate) of: BTreeMap<String, Called>,
}

/// What a workflow was given and gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Called {
    /// Its inputs.
    pub(crate) inputs: Map<String, Value>,
    /// Its outputs; none while it is played.
    pub(crate) outputs: Map<String, Value>,
}

/// A request with its answer, as a workflow sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent<'m> {
    /// Where the endpoint is.
    pub(crate) base_url: &'m str,
    /// The values of the request.
    pub(crate) values: &'m Value,
    /// What was sent.
    pub(crate) request: &'m Request,
    /// What was answered.
    pub(crate) answer: &'m Answer,
}

/// What a workflow knows at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment<'m> {
    /// The document.
    pub(crate) file: &'m Path,
    /// The inputs of the workflow.
    pub(crate) inputs: &'m Map<String, Value>,
    /// The outputs of the steps that it has taken.
    pub(crate) steps: &'m BTreeMap<String, Map<String, Value>>,
    /// What `$outputs` stands for: what a workflow that a step has called gave.
    pub(crate) outputs: Option<&'m Map<String, Value>>,
    /// What other workflows were given and gave.
    pub(crate) calls: &'m Calls,
    /// The request of the step, and its answer.
    pub(crate) sent: Option<Sent<'m>>,
}

impl Scope for Moment<'_> {
    fn value(&self, root: &Root) -> Option<Value> {
        let within = |members: &Map<String, Value>, name: &str| named(members, name).cloned();
        match root {
            Root::Url => {
                let sent = self.sent?;
                Some(format!("{}{}", sent.base_url.trim_end_matches('/'), sent.request.target()).into())
            }
            Root::Method => Some(self.sent?.request.method.as_str().into()),
            Root::StatusCode => Some(self.sent?.answer.status.into()),
            Root::Itself => Some(self.file.to_string_lossy().into_owned().into()),
            Root::Request(part) => {
                let sent = self.sent?;
                match part {
                    Part::Header(name) => header(sent.request, name),
                    Part::Query(name) => sent.values.get("query")?.get(name).cloned(),
                    Part::Path(name) => sent.values.get("path")?.get(name).cloned(),
                    Part::Body => sent.values.get("body").cloned(),
                }
            }
            Root::Response(part) => {
                let answer = self.sent?.answer;
                match part {
                    Part::Header(name) => answer.combined(name).map(Value::String),
                    Part::Body if answer.body.is_empty() => None,
                    Part::Body => serde_json::from_slice(&answer.body)
                        .ok()
                        .or_else(|| Some(String::from_utf8_lossy(&answer.body).into_owned().into())),
                    Part::Query(_) | Part::Path(_) => None,
                }
            }
            Root::Input(name) => within(self.inputs, name),
            Root::Output(name) => within(self.outputs?, name),
            Root::StepOutput { step, output } => within(self.steps.get(step)?, output),
            Root::WorkflowInput { workflow, input } => within(&self.calls.of.get(workflow)?.inputs, input),
            Root::WorkflowOutput { workflow, output } => {
                within(&self.calls.of.get(workflow)?.outputs, output)
            }
            // They name parts of the document, which are no values.
            Root::Source { .. } | Root::Component { .. } => None,
            _ => None,
        }
    }
}

fn header(request: &Request, name: &str) -> Option<Value> {
    if name.eq_ignore_ascii_case("content-type")
        && let Some(body) = &request.body
    {
        return Some(body.media_type.clone().into());
    }
    let found = request.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.clone().into())
}
