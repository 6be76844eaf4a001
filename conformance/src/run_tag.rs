//! The run tag: a word by which everything that a run leaves behind can be told from what is somebody's.
//!
//! It is part of `User-Agent`, and it begins every text that the contract leaves free and whose name says that the caller
//! chooses it: an external or partner's identifier, a reference, a description, notes. A partner who has to purge what a
//! run has left searches for it.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::error::Error;

/// The longest tag, in characters.
const LONGEST: usize = 40;

/// A word of a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunTag(String);

impl RunTag {
    /// Returns the tag of a seed, so that the same seed sends the same requests.
    #[must_use]
    pub fn of_seed(seed: u64) -> RunTag {
        let mut hash = Sha256::new();
        hash.update(b"run tag");
        hash.update(seed.to_be_bytes());
        let hex: String = hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        RunTag(format!("driftline-{hex}"))
    }

    /// Returns the word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RunTag {
    type Err = Error;

    fn from_str(given: &str) -> Result<RunTag, Error> {
        let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
        if given.is_empty() || given.len() > LONGEST || !given.chars().all(fits) {
            return Err(Error::RunTag { given: given.to_owned() });
        }
        Ok(RunTag(given.to_owned()))
    }
}

impl fmt::Display for RunTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}
