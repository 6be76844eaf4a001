//! From sightings to findings: identity, proof by repetition, the smallest request, and the words.

mod examine;
mod message;
mod smaller;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(crate) use examine::examine;

use crate::checks::Observation;

/// The identity of a deviation: API, operation, check, place in the contract and rule, never a value.
///
/// It stays the same from run to run, so that a ledger can name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Returns the identity of an observation.
    #[must_use]
    pub fn of(api: &str, operation_id: &str, observation: &Observation) -> Fingerprint {
        let mut hash = Sha256::new();
        for part in [api, operation_id, observation.check, &observation.contract, &observation.rule] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest = hash.finalize();
        Fingerprint(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }

    /// Returns the identity as it is written: 16 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}
