//! What a run means, in one word and one exit status.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ApiReport, Finding};
use crate::scenario::WorkflowOutcome;

/// What a run means; the worse, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The endpoint does what the contract says, apart from what the ledger accepts.
    NoDrift,
    /// The run did not prove enough.
    Inconclusive,
    /// There is something new to know.
    Drift,
}

impl Verdict {
    /// Returns the exit status of the command.
    #[must_use]
    pub fn exit_status(self) -> u8 {
        match self {
            Verdict::NoDrift => 0,
            Verdict::Drift => 1,
            Verdict::Inconclusive => 3,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Verdict::NoDrift => "no drift",
            Verdict::Inconclusive => "inconclusive",
            Verdict::Drift => "drift",
        })
    }
}

/// Whether a workflow has failed for a reason that nobody has accepted: what the ledger accepts of an operation may be why,
/// and may not.
fn has_failed(api: &ApiReport) -> bool {
    let is_accepted = |it: &Finding| it.acknowledged && it.check == "step_succeeds";
    api.workflows.iter().any(|it| it.outcome == WorkflowOutcome::Failed)
        && !api.findings.iter().any(is_accepted)
}

/// Judges one API: a finding that the ledger does not accept outweighs what could not be proved.
pub(super) fn of(api: &ApiReport) -> Verdict {
    if api.findings.iter().any(|finding| !finding.acknowledged) {
        Verdict::Drift
    } else if !api.inconclusive.is_empty() || api.partial || has_failed(api) {
        Verdict::Inconclusive
    } else {
        Verdict::NoDrift
    }
}
