//! What is done after a step: its own actions first, then those of the workflow that have other names.

use std::time::Duration;

use roas_arazzo::v1_1::{self, FailureActionType, ReusableOr, SuccessActionType};

use super::super::{Action, Detour, Invocation, Then};
use super::Linker;
use crate::error::Error;

/// The longest that is waited before a step is tried again.
const LONGEST: Duration = Duration::from_secs(3600);

/// The items of a list, each with its place.
fn placed<T>(items: &[T], at: String) -> impl Iterator<Item = (&T, String)> {
    items.iter().enumerate().map(move |(index, item)| (item, format!("{at}/{index}")))
}

impl Linker<'_> {
    pub(super) fn success_actions(
        &self,
        workflow: &v1_1::Workflow,
        step: &v1_1::Step,
        above: &str,
        at: &str,
    ) -> Result<Vec<Action>, Error> {
        let mut actions: Vec<Action> = Vec::new();
        let own = placed(&step.on_success, format!("{at}/onSuccess"));
        for (given, at) in own.chain(placed(&workflow.success_actions, format!("{above}/successActions"))) {
            let (action, _) = self.component(given, "successActions", |it| &it.success_actions, &at)?;
            if actions.iter().any(|it| it.name == action.name) {
                continue;
            }
            let then = match action.type_ {
                SuccessActionType::End => Then::End,
                SuccessActionType::Goto => {
                    self.goto(action.step_id.as_ref(), action.workflow_id.as_ref(), &action.parameters, &at)?
                }
            };
            let criteria = self.criteria(&action.criteria, &format!("{at}/criteria"))?;
            actions.push(Action { name: action.name.clone(), criteria, then });
        }
        Ok(actions)
    }

    pub(super) fn failure_actions(
        &self,
        workflow: &v1_1::Workflow,
        step: &v1_1::Step,
        above: &str,
        at: &str,
    ) -> Result<Vec<Action>, Error> {
        let mut actions: Vec<Action> = Vec::new();
        let own = placed(&step.on_failure, format!("{at}/onFailure"));
        for (given, at) in own.chain(placed(&workflow.failure_actions, format!("{above}/failureActions"))) {
            let (action, _) = self.component(given, "failureActions", |it| &it.failure_actions, &at)?;
            if actions.iter().any(|it| it.name == action.name) {
                continue;
            }
            let (step, workflow) = (action.step_id.as_ref(), action.workflow_id.as_ref());
            let then = match action.type_ {
                FailureActionType::End => Then::End,
                FailureActionType::Goto => self.goto(step, workflow, &action.parameters, &at)?,
                FailureActionType::Retry => {
                    let first = match (step, workflow) {
                        (None, None) => None,
                        (Some(step), _) => Some(Detour::Step(step.clone())),
                        (None, Some(id)) => {
                            Some(Detour::Workflow(self.invocation(id, &action.parameters, &at)?))
                        }
                    };
                    let seconds = action.retry_after.unwrap_or_default();
                    let after = Duration::try_from_secs_f64(seconds).ok().filter(|after| *after <= LONGEST);
                    let after = after.ok_or_else(|| {
                        self.refuse(&format!("{at}/retryAfter"), "this is more than an hour")
                    })?;
                    Then::Retry { after, limit: action.retry_limit.unwrap_or(1), first }
                }
            };
            let criteria = self.criteria(&action.criteria, &format!("{at}/criteria"))?;
            actions.push(Action { name: action.name.clone(), criteria, then });
        }
        Ok(actions)
    }

    fn goto(
        &self,
        step: Option<&String>,
        workflow: Option<&String>,
        parameters: &[ReusableOr<v1_1::Parameter>],
        at: &str,
    ) -> Result<Then, Error> {
        match (step, workflow) {
            (Some(step), _) => Ok(Then::Step(step.clone())),
            (None, Some(id)) => Ok(Then::Workflow(self.invocation(id, parameters, at)?)),
            (None, None) => Err(self.refuse(at, "`goto` says where: a `stepId` or a `workflowId`")),
        }
    }

    fn invocation(
        &self,
        id: &str,
        parameters: &[ReusableOr<v1_1::Parameter>],
        at: &str,
    ) -> Result<Invocation, Error> {
        let workflow = self.workflow_id(id, &format!("{at}/workflowId"))?;
        let inputs = self.inputs(parameters, &format!("{at}/parameters"))?;
        Ok(Invocation { workflow, inputs })
    }
}
