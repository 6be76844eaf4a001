//! What a run means, in one word and one exit status.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ApiReport;

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

/// Judges one API: a finding that the ledger does not accept outweighs what could not be proved.
pub(super) fn of(api: &ApiReport) -> Verdict {
    if api.findings.iter().any(|finding| !finding.acknowledged) {
        Verdict::Drift
    } else if !api.inconclusive.is_empty() || api.partial {
        Verdict::Inconclusive
    } else {
        Verdict::NoDrift
    }
}
