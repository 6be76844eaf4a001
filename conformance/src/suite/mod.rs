//! The suites: ways of producing exchanges. What they see is judged by [`crate::checks`].
//!
//! A suite decides what to send and in which order; it does not judge, and it does not decide what a run
//! means.

mod clean_up;
mod credentials;
mod known_good;
mod lifecycle;
mod lists;
mod methods;
mod missed;
mod mixtures;
mod near_misses;
mod orders;
mod probe;
mod read_filters;
mod refusals;
mod scenarios;
mod sequences;
mod series;
mod variations;

use std::fmt;
use std::str::FromStr;

pub(crate) use clean_up::clean_up;
pub(crate) use lifecycle::lifecycle;
pub(crate) use mixtures::mixtures;
pub(crate) use near_misses::most as most_near_misses;
pub(crate) use probe::{Succeeded, deepen, left_out, more_refused, probe};
pub(crate) use scenarios::scenarios;
pub(crate) use sequences::sequences;

/// A way of producing exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Suite {
    /// Every operation by itself, with generated requests.
    Probe,
    /// What the lifecycle allows and forbids in each state.
    Lifecycle,
    /// The workflows of `scenarios/`, from one end to the other.
    Scenario,
}

impl Suite {
    /// Every suite.
    pub const ALL: [Suite; 3] = [Suite::Probe, Suite::Lifecycle, Suite::Scenario];

    /// Returns the name, as in `--suite`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Suite::Probe => "probe",
            Suite::Lifecycle => "lifecycle",
            Suite::Scenario => "scenario",
        }
    }
}

impl fmt::Display for Suite {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Suite {
    type Err = String;

    fn from_str(name: &str) -> Result<Suite, String> {
        let known = || Suite::ALL.map(Suite::as_str).join(", ");
        Suite::ALL
            .into_iter()
            .find(|suite| suite.as_str() == name)
            .ok_or_else(|| format!("there is no suite {name:?}; the suites are {}", known()))
    }
}
