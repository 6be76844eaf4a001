//! Workflows: what has to work from one end to the other, written down in Arazzo documents.
//!
//! [`driftline_specs::scenario`] reads them; here is what a run is told of them, and what comes of playing them. How they
//! are sent is the engine's business (`engine/workflows.rs`), and what is found in them is that of the checks.

mod moment;
mod request;

use std::collections::BTreeMap;
use std::sync::Arc;

use driftline_specs::Scenarios;
use driftline_specs::scenario::{Call, Workflow};
use driftline_specs::{Contract, Method};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::recording::Memory;

pub(crate) use moment::{Called, Calls, Moment, Sent};
pub(crate) use request::{add_undocumented, cursor_of, fill};

/// Why a workflow is not played against production.
pub(crate) const PRODUCTION: &str = "it changes something, and production gets safe methods only";

/// How deep workflows may call one another.
pub(crate) const DEPTH: usize = 8;

/// How many steps one workflow may take, those of the workflows that it calls included.
pub(crate) const STEPS: usize = 1000;

/// What a run is told of workflows.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The workflows.
    pub scenarios: Arc<Scenarios>,
    /// Inputs by name; each workflow takes those that it has.
    pub inputs: Map<String, Value>,
    /// The workflows that are played, with those that they need; all when empty.
    pub only: Vec<String>,
    /// What was recorded of workflows, by their ids.
    pub memories: BTreeMap<String, Memory>,
}

impl Script {
    /// Returns the script for an endpoint that has no speed of its own.
    pub(crate) fn timeless(&self) -> Script {
        let mut script = self.clone();
        script.memories.values_mut().for_each(Memory::forget_times);
        script
    }

    /// Returns the workflows that are to be played, each after those that it depends on.
    #[must_use]
    pub fn order(&self) -> Vec<&Workflow> {
        let mut ordered: Vec<&Workflow> = Vec::new();
        let wanted = |it: &&Workflow| self.only.is_empty() || self.only.contains(&it.id);
        for workflow in self.scenarios.workflows.iter().filter(wanted) {
            self.add(workflow, &mut ordered, 0);
        }
        ordered
    }

    fn add<'s>(&'s self, workflow: &'s Workflow, ordered: &mut Vec<&'s Workflow>, depth: usize) {
        if depth > self.scenarios.workflows.len() || ordered.iter().any(|it| it.id == workflow.id) {
            return;
        }
        for id in &workflow.depends_on {
            if let Some(needed) = self.scenarios.workflow(id) {
                self.add(needed, ordered, depth + 1);
            }
        }
        ordered.push(workflow);
    }

    /// The inputs of a workflow: what was given of them, and defaults for the others.
    ///
    /// # Errors
    ///
    /// With what is missing or wrong, without a value.
    pub fn inputs_of(&self, workflow: &Workflow) -> Result<Map<String, Value>, Vec<String>> {
        let names = workflow.inputs.names();
        let given = self.inputs.iter().filter(|(name, _)| names.is_some_and(|names| names.contains(name)));
        let given = given.map(|(name, value)| (name.clone(), workflow.inputs.read(name, value)));
        workflow.inputs.complete(given.collect())
    }

    /// Whether playing a workflow changes something.
    #[must_use]
    pub fn writes(&self, workflow: &Workflow, contract: &Contract) -> bool {
        self.operations(workflow).into_iter().any(|id| {
            contract.operation(id).is_none_or(|it| !matches!(it.method, Method::Get | Method::Head))
        })
    }

    /// The operations that a workflow, or what it calls, may ask for.
    #[must_use]
    pub fn operations<'s>(&'s self, workflow: &'s Workflow) -> Vec<&'s str> {
        let (mut open, mut seen, mut found) = (vec![workflow], Vec::new(), Vec::new());
        while let Some(workflow) = open.pop() {
            if seen.contains(&workflow.id.as_str()) {
                continue;
            }
            seen.push(&workflow.id);
            for step in &workflow.steps {
                if let Call::Operation { operation_id, .. } = &step.call
                    && !found.contains(&operation_id.as_str())
                {
                    found.push(operation_id.as_str());
                }
            }
            open.extend(workflow.calls().into_iter().filter_map(|id| self.scenarios.workflow(id)));
        }
        found
    }
}

/// What came of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowReport {
    /// The workflow's id.
    pub workflow_id: String,
    /// What became of it.
    pub outcome: WorkflowOutcome,
    /// How many requests it took.
    pub requests: u64,
    /// The step that it ended with, where it did not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Why, as a lower-case fragment, where it did not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowOutcome {
    /// Every step did what it had to.
    Succeeded,
    /// A step did not, and nothing was to be done about it.
    Failed,
    /// It was not played, or not to its end, for a reason that says nothing about the endpoint.
    Skipped,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> (Script, Contract) {
        let contract = "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths:\n  /a:\n    \
                        get: {operationId: get, responses: {'200': {description: a}}}\n    \
                        post: {operationId: post, responses: {'200': {description: a}}}\n";
        let contract = Contract::from_text("openapi.yaml", contract).unwrap();
        let text = format!(
            "arazzo: 1.0.1\ninfo: {{title: a, version: '1'}}\n\
             sourceDescriptions: [{{name: a, url: openapi.yaml, type: openapi}}]\nworkflows:\n{text}"
        );
        let scenarios = Scenarios::from_texts(&[("a.arazzo.yaml", &text)], &contract).unwrap();
        (Script { scenarios: Arc::new(scenarios), ..Script::default() }, contract)
    }

    const THREE: &str = "
- {workflowId: c, dependsOn: [b], steps: [{stepId: s, workflowId: a}]}
- {workflowId: b, steps: [{stepId: s, operationId: get}]}
- {workflowId: a, inputs: {properties: {n: {type: integer}, t: {type: string}}}, steps: [{stepId: s, operationId: post}]}
";

    #[test]
    fn workflows_come_after_those_that_they_depend_on() {
        let (mut script, _) = script(THREE);
        let ids = |script: &Script| script.order().iter().map(|it| it.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&script), ["b", "c", "a"]);
        script.only = vec!["c".to_owned()];
        assert_eq!(ids(&script), ["b", "c"]);
    }

    #[test]
    fn what_is_called_counts_as_well() {
        let (script, contract) = script(THREE);
        let [c, b] = ["c", "b"].map(|id| script.scenarios.workflow(id).unwrap());
        assert_eq!((script.operations(c), script.writes(c, &contract)), (vec!["post"], true));
        assert_eq!((script.operations(b), script.writes(b, &contract)), (vec!["get"], false));
    }

    #[test]
    fn a_workflow_takes_the_inputs_that_it_has() {
        let (mut script, _) = script(THREE);
        for (name, value) in [("n", "7"), ("t", "7"), ("other", "x")] {
            script.inputs.insert(name.to_owned(), Value::String(value.to_owned()));
        }
        let inputs = script.inputs_of(script.scenarios.workflow("a").unwrap());
        assert_eq!(inputs.map(Value::Object), Ok(serde_json::json!({ "n": 7, "t": "7" })));
        script.inputs.insert("n".to_owned(), Value::String("many".to_owned()));
        let wrong = script.inputs_of(script.scenarios.workflow("a").unwrap()).unwrap_err();
        assert!(wrong[0].contains("/n") && !wrong[0].contains("many"), "{wrong:?}");
    }
}
