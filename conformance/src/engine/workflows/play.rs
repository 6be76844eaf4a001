//! What is played, and what comes of it.

use std::sync::Arc;

use crate::checks::Observation;
use crate::engine::Recipe;
use crate::exchange::Exchange;
use crate::scenario::{Calls, Script};

/// One workflow with what it is given.
#[derive(Debug, Clone)]
pub(crate) struct Play {
    /// The workflow and its neighbours.
    pub(crate) script: Arc<Script>,
    /// The workflow's id.
    pub(crate) workflow: String,
    /// What those gave that it depends on.
    pub(crate) before: Calls,
}

/// How to see again what a step of a workflow has shown: the workflow is played anew.
#[derive(Debug, Clone)]
pub(crate) struct WorkflowRecipe {
    /// The workflow.
    pub(crate) play: Arc<Play>,
    /// The step; one of a workflow that another step calls stands behind it: `enroll/create`.
    pub(crate) step: String,
    /// What the step sent.
    pub(crate) recipe: Recipe,
}

/// A step that was taken.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// The step, as in [`WorkflowRecipe::step`].
    pub(crate) step: String,
    /// When it was sent.
    pub(crate) started: jiff::Timestamp,
    /// What was sent and answered.
    pub(crate) exchange: Exchange,
    /// How to send it.
    pub(crate) recipe: Recipe,
}

/// What came of a play.
#[derive(Debug, Default)]
pub(crate) struct Performance {
    /// The steps in the order in which they were taken.
    pub(crate) taken: Vec<Taken>,
    /// What was found, each with the place of its step in `taken`.
    pub(crate) found: Vec<(usize, Vec<Observation>)>,
    /// What the workflow, and those that it called, were given and gave.
    pub(crate) calls: Calls,
    /// Where and why it ended before its end.
    pub(crate) end: Option<End>,
}

/// Why a play ended before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    /// The step.
    pub(crate) step: String,
    /// Whether a step did not do what it had to; otherwise the reason says nothing about the endpoint.
    pub(crate) failed: bool,
    /// Why, as a lower-case fragment.
    pub(crate) reason: String,
}

pub(super) fn failed(step: &str, reason: String) -> End {
    End { step: step.to_owned(), failed: true, reason }
}

pub(super) fn skipped(step: &str, reason: String) -> End {
    End { step: step.to_owned(), failed: false, reason }
}
