//! What is known of a step of a workflow when it is over.

use driftline_specs::scenario::{Criterion, Step, Workflow};

use super::Evidence;
use crate::recording::{Pinned, Remembered};

/// A step of a workflow with its exchange.
#[derive(Debug)]
pub struct StepEvidence<'a> {
    /// The exchange, and what the contract says of it.
    pub evidence: &'a Evidence<'a>,
    /// The workflow that is played.
    pub workflow: &'a Workflow,
    /// The step's place in it; a step of a workflow that another step calls stands behind that: `enroll/create`.
    pub place: &'a str,
    /// The step.
    pub step: &'a Step,
    /// What has to hold and does not.
    pub unmet: &'a [&'a Criterion],
    /// How the step was answered when the workflow was recorded.
    pub recorded: Option<&'a Remembered>,
    /// Whether the answer is about what the workflow has created itself.
    pub is_own: bool,
    /// What the workflow has sent so far, this step included.
    pub pins: &'a [Pinned],
}
