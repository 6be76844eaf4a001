//! Whether what a workflow names is there: steps, outputs, inputs, and values at a time when they are known.

use super::super::expression::{Expression, Part, Root};
use super::super::template::Template;
use super::super::{Action, Call, Criterion, Detour, Invocation, Scenarios, Step, Then, Workflow};
use crate::pointer;

/// A place below the workflow, and what is wrong there.
type Wrong = (String, String);

/// When an expression is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Time {
    /// Before the request is sent.
    Before,
    /// When the answer is there.
    After,
    /// When the workflow is over.
    End,
}

/// Checks a workflow whose neighbours are known.
pub(super) fn workflow(scenarios: &Scenarios, workflow: &Workflow) -> Result<(), Wrong> {
    let checker = Checker { scenarios, workflow };
    checker.circles()?;
    for (index, step) in workflow.steps.iter().enumerate() {
        let at = format!("/steps/{index}");
        checker.step(step, &at)?;
    }
    checker.outputs(&workflow.outputs, "", Time::End)
}

struct Checker<'s> {
    scenarios: &'s Scenarios,
    workflow: &'s Workflow,
}

impl Checker<'_> {
    /// A workflow that has to wait for itself never begins.
    fn circles(&self) -> Result<(), Wrong> {
        let mut open: Vec<&str> = self.workflow.depends_on.iter().map(String::as_str).collect();
        let mut seen = std::collections::BTreeSet::new();
        while let Some(id) = open.pop() {
            if id == self.workflow.id {
                return Err(("/dependsOn".to_owned(), "the workflow has to wait for itself".to_owned()));
            }
            if seen.insert(id) {
                let next = self.scenarios.workflow(id);
                open.extend(next.into_iter().flat_map(|it| &it.depends_on).map(String::as_str));
            }
        }
        Ok(())
    }

    fn step(&self, step: &Step, at: &str) -> Result<(), Wrong> {
        for (index, id) in step.depends_on.iter().enumerate() {
            self.is_step(id, &format!("{at}/dependsOn/{index}"))?;
        }
        match &step.call {
            Call::Operation { parameters, body, .. } => {
                for (index, argument) in parameters.iter().enumerate() {
                    self.template(&argument.value, &format!("{at}/parameters/{index}"), Time::Before)?;
                }
                if let Some(body) = body {
                    let at = format!("{at}/requestBody");
                    self.template(&body.value, &format!("{at}/payload"), Time::Before)?;
                    for (index, it) in body.replacements.iter().enumerate() {
                        self.template(&it.value, &format!("{at}/replacements/{index}"), Time::Before)?;
                    }
                }
            }
            Call::Workflow(invocation) => self.invocation(invocation, at, Time::Before)?,
        }
        self.criteria(&step.criteria, &format!("{at}/successCriteria"))?;
        self.actions(&step.on_success, &format!("{at}/onSuccess"))?;
        self.actions(&step.on_failure, &format!("{at}/onFailure"))?;
        self.outputs(&step.outputs, at, Time::After)
    }

    fn invocation(&self, invocation: &Invocation, at: &str, time: Time) -> Result<(), Wrong> {
        let called = self.scenarios.workflow(&invocation.workflow);
        let names = called.and_then(|it| it.inputs.names());
        for (index, (name, value)) in invocation.inputs.iter().enumerate() {
            let at = format!("{at}/parameters/{index}");
            if names.is_some_and(|names| !names.contains(name)) {
                return Err((at, format!("the workflow {:?} has no input {name:?}", invocation.workflow)));
            }
            self.template(value, &at, time)?;
        }
        Ok(())
    }

    fn criteria(&self, criteria: &[Criterion], at: &str) -> Result<(), Wrong> {
        for (index, criterion) in criteria.iter().enumerate() {
            for expression in criterion.expressions() {
                self.expression(expression, &format!("{at}/{index}"), Time::After)?;
            }
        }
        Ok(())
    }

    fn actions(&self, actions: &[Action], at: &str) -> Result<(), Wrong> {
        for (index, action) in actions.iter().enumerate() {
            let at = format!("{at}/{index}");
            self.criteria(&action.criteria, &format!("{at}/criteria"))?;
            match &action.then {
                Then::Step(id) | Then::Retry { first: Some(Detour::Step(id)), .. } => {
                    self.is_step(id, &format!("{at}/stepId"))?;
                }
                Then::Workflow(invocation)
                | Then::Retry { first: Some(Detour::Workflow(invocation)), .. } => {
                    self.invocation(invocation, &at, Time::After)?;
                }
                Then::End | Then::Retry { first: None, .. } => {}
            }
        }
        Ok(())
    }

    fn outputs(&self, outputs: &[(String, Template)], at: &str, time: Time) -> Result<(), Wrong> {
        for (name, value) in outputs {
            self.template(value, &pointer::join(&format!("{at}/outputs"), name), time)?;
        }
        Ok(())
    }

    fn template(&self, template: &Template, at: &str, time: Time) -> Result<(), Wrong> {
        template.expressions().into_iter().try_for_each(|it| self.expression(it, at, time))
    }

    fn expression(&self, expression: &Expression, at: &str, time: Time) -> Result<(), Wrong> {
        let wrong = |problem: String| Err((at.to_owned(), format!("{expression}: {problem}")));
        match expression.root() {
            Root::Url | Root::Method | Root::Request(_) if time == Time::Before => {
                wrong("there is no request yet".to_owned())
            }
            Root::StatusCode | Root::Response(_) if time == Time::Before => {
                wrong("there is no answer yet".to_owned())
            }
            Root::Url | Root::Method | Root::StatusCode | Root::Request(_) | Root::Response(_)
                if time == Time::End =>
            {
                wrong(
                    "a workflow as a whole has no request and no answer; use the outputs of steps".to_owned(),
                )
            }
            Root::Request(Part::Header(_)) | Root::Response(_) | Root::Request(_) => Ok(()),
            Root::Input(name) => {
                let names = self.workflow.inputs.names();
                if self.workflow.inputs.is_empty() {
                    return wrong("the workflow has no inputs".to_owned());
                }
                let is_known = |known: &String| {
                    name == known || name.strip_prefix(known.as_str()).is_some_and(|it| it.starts_with('.'))
                };
                match names {
                    Some(names) if !names.iter().any(is_known) => {
                        wrong(format!("the inputs of the workflow are {}", names.join(", ")))
                    }
                    _ => Ok(()),
                }
            }
            Root::StepOutput { step, output } => match self.workflow.step(step) {
                None => wrong(format!("the workflow has no step {step:?}")),
                Some((_, step)) if has(&step.outputs, output) => Ok(()),
                Some((_, step)) => wrong(format!("the step {:?} has no output {output:?}", step.id)),
            },
            Root::Output(name) if has(&self.workflow.outputs, name) => Ok(()),
            Root::Output(name) => {
                // What a workflow that a step calls gives is called so in the step's own criteria and outputs.
                let given = self.workflow.steps.iter().filter_map(|step| match &step.call {
                    Call::Workflow(invocation) => self.scenarios.workflow(&invocation.workflow),
                    Call::Operation { .. } => None,
                });
                let mut given = given;
                if time == Time::After && given.any(|it| has(&it.outputs, name)) {
                    return Ok(());
                }
                wrong(format!("the workflow has no output {name:?}"))
            }
            Root::WorkflowOutput { workflow, output } => match self.scenarios.workflow(workflow) {
                None => wrong(format!("there is no workflow {workflow:?}")),
                Some(known) if has(&known.outputs, output) => Ok(()),
                Some(_) => wrong(format!("the workflow {workflow:?} has no output {output:?}")),
            },
            Root::WorkflowInput { workflow, .. } => match self.scenarios.workflow(workflow) {
                None => wrong(format!("there is no workflow {workflow:?}")),
                Some(_) => Ok(()),
            },
            Root::Source { .. } | Root::Component { .. } => {
                wrong("this names a part of the document, which is no value".to_owned())
            }
            Root::Url | Root::Method | Root::StatusCode | Root::Itself => Ok(()),
        }
    }

    fn is_step(&self, id: &str, at: &str) -> Result<(), Wrong> {
        match self.workflow.step(id) {
            Some(_) => Ok(()),
            None => Err((at.to_owned(), format!("the workflow has no step {id:?}"))),
        }
    }
}

/// Whether outputs have one of a name, which may itself have dots or lead into a value by them.
fn has(outputs: &[(String, Template)], name: &str) -> bool {
    outputs.iter().any(|(known, _)| {
        name == known || name.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('.'))
    })
}
