//! One workflow that is under way: what its steps gave, and how it goes on.

use std::collections::BTreeMap;

use driftline_specs::scenario::{Action, Criterion, Invocation, Step, Template, Then, Workflow};
use serde_json::{Map, Value};

use super::stage::Stage;
use crate::scenario::{Calls, Moment, Sent};

/// What a workflow has while it is played.
pub(super) struct Run<'w> {
    pub(super) workflow: &'w Workflow,
    pub(super) inputs: Map<String, Value>,
    pub(super) steps: BTreeMap<String, Map<String, Value>>,
    /// How often each action has let each step be tried again.
    pub(super) retries: BTreeMap<(String, String), u64>,
    /// The step that called it.
    pub(super) above: &'w str,
    pub(super) depth: usize,
}

impl Run<'_> {
    pub(super) fn place(&self, step: &Step) -> String {
        if self.above.is_empty() { step.id.clone() } else { format!("{}/{}", self.above, step.id) }
    }

    pub(super) fn moment<'m>(
        &'m self,
        calls: &'m Calls,
        outputs: Option<&'m Map<String, Value>>,
        sent: Option<Sent<'m>>,
    ) -> Moment<'m> {
        Moment { file: &self.workflow.file, inputs: &self.inputs, steps: &self.steps, outputs, calls, sent }
    }

    /// The outputs that have a value.
    pub(super) fn outputs(
        &self,
        stage: &Stage,
        outputs: &[(String, Template)],
        given: Option<&Map<String, Value>>,
        sent: Option<Sent<'_>>,
    ) -> Map<String, Value> {
        let moment = self.moment(&stage.calls, given, sent);
        let outputs =
            outputs.iter().filter_map(|(name, value)| Some((name.clone(), value.fill(&moment).ok()?)));
        outputs.collect()
    }

    /// Whether an action may be taken: a step is tried again so often and no more.
    pub(super) fn may(&self, step: &Step, action: &Action) -> bool {
        let Then::Retry { limit, .. } = &action.then else { return true };
        let taken = self.retries.get(&(step.id.clone(), action.name.clone()));
        taken.copied().unwrap_or_default() < *limit
    }
}

/// How a workflow goes on.
pub(super) enum Next<'w> {
    /// With this step; with the next one when absent.
    Step(Option<usize>),
    /// It is over.
    End,
    /// Another one takes over.
    Workflow(&'w Invocation),
}

/// What came of a step.
pub(super) struct Attempt<'w> {
    /// The place of its exchange, where an operation was called.
    pub(super) at: Option<usize>,
    /// What the workflow gave that was called.
    pub(super) outputs: Option<Map<String, Value>>,
    /// What does not hold.
    pub(super) unmet: Vec<&'w Criterion>,
}

impl Attempt<'_> {
    pub(super) fn sent<'m>(&self, stage: &'m Stage, base_url: &'m str) -> Option<Sent<'m>> {
        let taken = stage.performance.taken.get(self.at?)?;
        Some(Sent {
            base_url,
            values: &taken.recipe.case.value,
            request: &taken.exchange.request,
            answer: &taken.exchange.answer,
        })
    }
}
