//! When a mutant shows: always, now and then, or only where a request has something about it.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use crate::call::{PathValues, Payload};
use crate::random::{mix, mix_text};

/// One in so many occasions shows an intermittent mutant.
const ONE_IN: u64 = 20;

/// When a mutant shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Whenever there is something to change.
    Always,
    /// Once in every 20 occasions, at a place among them that the sandbox's seed draws.
    Intermittent,
    /// Where a request has something about it.
    Conditional(Condition),
}

/// What a request has about it when a conditional mutant shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A query parameter is given.
    Query(String),
    /// The JSON body has a property.
    Property(String),
    /// The resource is one of about half of all: the hash of what its path names is even.
    EvenPath,
}

/// The modes, as reports count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModeKind {
    /// See [`Mode::Always`].
    Always,
    /// See [`Mode::Intermittent`].
    Intermittent,
    /// See [`Mode::Conditional`].
    Conditional,
}

/// What conditions look at.
pub(crate) struct Asking<'a> {
    pub(crate) operation: &'a str,
    pub(crate) query: &'a [(String, String)],
    pub(crate) path: &'a PathValues,
    pub(crate) payload: &'a Payload,
}

impl Mode {
    /// The mode without its condition.
    pub fn kind(&self) -> ModeKind {
        match self {
            Mode::Always => ModeKind::Always,
            Mode::Intermittent => ModeKind::Intermittent,
            Mode::Conditional(_) => ModeKind::Conditional,
        }
    }

    /// What the IDs of such mutants end in.
    pub(super) fn suffix(&self) -> &'static str {
        match self {
            Mode::Always => "",
            Mode::Intermittent => "~intermittent",
            Mode::Conditional(_) => "~conditional",
        }
    }

    /// Whether an occasion, counted from 0, shows the mutant.
    pub(super) fn strikes(&self, seed: u64, occasion: u64) -> bool {
        let drawn = || mix(mix(seed) ^ (occasion / ONE_IN)) % ONE_IN;
        *self != Mode::Intermittent || occasion % ONE_IN == drawn()
    }
}

impl Condition {
    /// Whether a request has it.
    pub(super) fn holds(&self, asking: &Asking<'_>) -> bool {
        match self {
            Condition::Query(parameter) => asking.query.iter().any(|(name, _)| name == parameter),
            Condition::Property(name) => {
                matches!(asking.payload, Payload::Json(Value::Object(members)) if members.contains_key(name))
            }
            Condition::EvenPath => {
                asking.path.iter().fold(0, |sum, (_, value)| sum ^ mix_text(value)) % 2 == 0
            }
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Query(name) => write!(f, "with `{name}` in the query"),
            Condition::Property(name) => write!(f, "with `{name}` in the body"),
            Condition::EvenPath => f.write_str("for half of the resources"),
        }
    }
}

impl ModeKind {
    /// Every mode, in the order of reports.
    pub const ALL: [ModeKind; 3] = [ModeKind::Always, ModeKind::Intermittent, ModeKind::Conditional];

    /// The mode as IDs and reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            ModeKind::Always => "always",
            ModeKind::Intermittent => "intermittent",
            ModeKind::Conditional => "conditional",
        }
    }
}

impl fmt::Display for ModeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ModeKind {
    type Err = String;

    fn from_str(text: &str) -> Result<ModeKind, String> {
        ModeKind::ALL.into_iter().find(|mode| mode.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = ModeKind::ALL.into_iter().map(ModeKind::as_str).collect();
            format!("the modes are {}", known.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Asking, Condition, Mode};
    use crate::call::Payload;

    #[test]
    fn an_intermittent_mutant_shows_once_in_every_twenty_occasions() {
        for seed in 0..10 {
            let struck: Vec<u64> = (0..200).filter(|at| Mode::Intermittent.strikes(seed, *at)).collect();
            assert_eq!(struck.iter().map(|at| at / 20).collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
        }
        assert!((0..40).all(|at| Mode::Always.strikes(1, at)));
    }

    #[test]
    fn conditions_are_about_what_was_sent() {
        let query = [("limit".to_owned(), "5".to_owned())];
        let holds = |condition: Condition, id: &str| {
            let path = vec![("id".to_owned(), id.to_owned())];
            let payload = Payload::Json(json!({"name": "n"}));
            condition.holds(&Asking { operation: "o", query: &query, path: &path, payload: &payload })
        };
        assert!(holds(Condition::Query("limit".to_owned()), "a"));
        assert!(!holds(Condition::Query("offset".to_owned()), "a"));
        assert!(holds(Condition::Property("name".to_owned()), "a"));
        assert!(!holds(Condition::Property("size".to_owned()), "a"));
        let even = (0..100).filter(|id| holds(Condition::EvenPath, &id.to_string())).count();
        assert!((20..80).contains(&even), "{even}");
    }
}
