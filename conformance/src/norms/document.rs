//! The form of a file of norms, read strictly: `specs/<api>/norms/<target>.json`.
//!
//! The form is described by `conformance/norms.schema.json` and carries a version.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::form::Form;
use super::likelihood::Share;
use super::printed::printed;
use crate::error::Error;
use crate::pointer::escape;

/// The version of the form.
pub const VERSION: u32 = 1;

/// The largest file that is read, in bytes.
const LARGEST: usize = 32 << 20;

/// What a target usually answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Norms {
    /// The version of this form.
    pub norms: u32,
    /// The API.
    pub api: String,
    /// The target, as `--target` names it.
    pub target: String,
    /// How many runs were learned from.
    pub runs: u64,
    /// The suites of those runs: others meet other resources.
    pub suites: Vec<String>,
    /// Which resources those runs changed: `own` or `any`.
    pub resources: String,
    /// What each operation answers.
    pub operations: BTreeMap<String, OperationNorms>,
}

/// What an operation usually answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationNorms {
    /// Filters of a list: how often each was asked for, and selected.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filters: BTreeMap<String, Counted>,
    /// States of a resource: how often the operation was asked for in each, and succeeded.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub transitions: BTreeMap<String, Counted>,
    /// Known-good bodies, and what they are changed to in one property: how often each was asked for, and accepted. A body
    /// and what is put into it are known by their digests.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub known_good: BTreeMap<String, Counted>,
    /// How often which status came, by what was asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub statuses: BTreeMap<Asked, StatusNorms>,
    /// What the answers of a status hold.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<u16, Answers>,
}

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// What the contract allows.
    Valid,
    /// The same of something that does not exist.
    Stray,
    /// What breaks one constraint of the contract.
    NearMiss,
}

impl Asked {
    /// What was asked, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Asked::Valid => "valid requests",
            Asked::Stray => "requests for what does not exist",
            Asked::NearMiss => "requests that break one constraint",
        }
    }
}

/// How often something was asked for, and given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// How often it was asked for.
    pub asked: u64,
    /// How often that worked.
    pub worked: u64,
}

/// How often which status came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusNorms {
    /// All answers.
    pub answers: u64,
    /// Runs with an answer.
    pub runs: u64,
    /// Those of each status.
    pub of: BTreeMap<u16, StatusCount>,
}

/// How often a status came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusCount {
    /// Answers of this status.
    pub answers: u64,
    /// Runs with this status.
    pub runs: u64,
    /// The least of it that a run with this status had, in per cent of its answers, rounded down.
    pub least_percent: u64,
}

/// What the answers of a status hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// How many answers there were.
    pub answers: u64,
    /// How many resources, or requests where there is none, they were about.
    pub resources: u64,
    /// How many of the answers were how fast; not of the embedded sandbox.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub latency: BTreeMap<Latency, u64>,
    /// In how many answers which header field was.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, u64>,
    /// How many resources have the objects and arrays that something stands in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parents: BTreeMap<String, Parent>,
    /// What stands where: JSON Pointers, with `*` for any item of an array and any value of a map.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub places: BTreeMap<String, Place>,
}

/// An object or an array in which something may stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// Resources that have it.
    pub resources: u64,
    /// Runs with such a resource.
    pub runs: u64,
}

/// How fast an answer was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Latency {
    /// Within a tenth of a second.
    #[serde(rename = "within_100_ms")]
    Tenth,
    /// Within a third of a second.
    #[serde(rename = "within_300_ms")]
    Third,
    /// Within a second.
    #[serde(rename = "within_1_s")]
    Second,
    /// Within three seconds.
    #[serde(rename = "within_3_s")]
    Three,
    /// Within ten seconds.
    #[serde(rename = "within_10_s")]
    Ten,
    /// Slower.
    #[serde(rename = "slower")]
    Slower,
}

/// What stands at a place, counted by resources: each counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Nobody declares the property.
    #[serde(default, skip_serializing_if = "is_false")]
    pub undocumented: bool,
    /// Resources that have something there, be it null.
    pub present: u64,
    /// Runs with such a resource.
    pub present_runs: u64,
    /// Resources that have something other than null there.
    pub filled: u64,
    /// Runs with such a resource.
    pub filled_runs: u64,
    /// Of how many resources it looks like what.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub forms: BTreeMap<Form, u64>,
    /// How many resources have which of the values that the contract lists.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, u64>,
    /// Resources whose text, number or boolean was compared with that of others.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub compared: u64,
    /// Those of them that have the value that was most frequent in its run.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub commonest: u64,
    /// Runs that compared several resources.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub compared_runs: u64,
    /// Runs that saw several values.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub varied_runs: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Norms {
    /// Reads norms from text; `path` is for messages.
    ///
    /// # Errors
    ///
    /// When the text is not of this form, of another version, or contradicts itself. The error names the place.
    pub fn from_text(path: &Path, text: &str) -> Result<Norms, Error> {
        let refuse = |line, reason| Error::Norms { path: path.to_owned(), line, reason };
        if text.len() > LARGEST {
            return Err(refuse(None, format!("it is larger than {} MiB", LARGEST >> 20)));
        }
        let not_read = |error: serde_json::Error| refuse(Some(error.line()), reason(&error));
        // The version first: another one has other fields.
        let versioned: Versioned = serde_json::from_str(text).map_err(not_read)?;
        if versioned.norms != VERSION {
            let reason = format!(
                "version {} is not known; this Driftline reads version {VERSION}: delete the file and learn again",
                versioned.norms
            );
            return Err(refuse(None, reason));
        }
        let norms: Norms = serde_json::from_str(text).map_err(not_read)?;
        match norms.contradiction() {
            Some((place, reason)) => Err(refuse(None, format!("at {place}: {reason}"))),
            None => Ok(norms),
        }
    }

    /// Returns the content of the file: sorted, and a line for each place.
    #[must_use]
    pub fn to_json(&self) -> String {
        printed(&serde_json::to_value(self).unwrap_or_default())
    }

    /// The first place that says what cannot be, as a JSON Pointer, and why.
    fn contradiction(&self) -> Option<(String, String)> {
        for (id, operation) in &self.operations {
            let at = format!("/operations/{}", escape(id));
            let counts = [
                ("filters", &operation.filters),
                ("transitions", &operation.transitions),
                ("known_good", &operation.known_good),
            ];
            for (name, counts) in counts {
                if let Some((key, _)) = counts.iter().find(|(_, count)| count.worked > count.asked) {
                    let place = format!("{at}/{name}/{}", escape(key));
                    return Some((place, "`worked` is more than `asked`".to_owned()));
                }
            }
            for (asked, statuses) in &operation.statuses {
                let at = format!("{at}/statuses/{}", name(asked));
                let sum: u64 = statuses.of.values().fold(0, |sum, it| sum.saturating_add(it.answers));
                if sum != statuses.answers {
                    return Some((
                        at,
                        format!("{} answers are not the {sum} of all statuses", statuses.answers),
                    ));
                }
                if statuses.of.values().any(|it| it.runs > statuses.runs || it.least_percent > 100) {
                    return Some((at, "a status has more than there is".to_owned()));
                }
            }
            for (status, answers) in &operation.answers {
                for (location, place) in &answers.places {
                    if let Some(reason) = place.contradiction(answers.parent_of(location)) {
                        return Some((format!("{at}/answers/{status}/places/{}", escape(location)), reason));
                    }
                }
            }
        }
        None
    }
}

impl Answers {
    /// What a place is in.
    #[must_use]
    pub fn parent_of(&self, location: &str) -> Parent {
        let parent = location.rsplit_once('/').map_or("", |(parent, _)| parent);
        self.parents.get(parent).copied().unwrap_or_default()
    }

    /// In how many of how many there is something at a place.
    #[must_use]
    pub fn presence(&self, location: &str) -> Share {
        let present = self.places.get(location).map_or(0, |place| place.present);
        Share::new(present, self.parent_of(location).resources)
    }
}

impl Place {
    /// In how many of how many that have something it is not null.
    #[must_use]
    pub fn fullness(&self) -> Share {
        Share::new(self.filled, self.present)
    }

    fn contradiction(&self, parent: Parent) -> Option<String> {
        let least = |few: (&str, u64), many: (&str, u64)| {
            (few.1 > many.1).then(|| format!("`{}` is {}, and `{}` only {}", few.0, few.1, many.0, many.1))
        };
        let forms = self.forms.values().copied().max().unwrap_or_default();
        let values = self.values.values().copied().max().unwrap_or_default();
        least(("present", self.present), ("resources", parent.resources))
            .or_else(|| least(("filled", self.filled), ("present", self.present)))
            .or_else(|| least(("present_runs", self.present_runs), ("runs", parent.runs)))
            .or_else(|| least(("filled_runs", self.filled_runs), ("present_runs", self.present_runs)))
            .or_else(|| least(("forms", forms), ("filled", self.filled)))
            .or_else(|| least(("values", values), ("filled", self.filled)))
            .or_else(|| least(("compared", self.compared), ("filled", self.filled)))
            .or_else(|| least(("commonest", self.commonest), ("compared", self.compared)))
            .or_else(|| least(("varied_runs", self.varied_runs), ("compared_runs", self.compared_runs)))
    }
}

/// The version of a file whose other fields may be any.
#[derive(Deserialize)]
struct Versioned {
    norms: u32,
}

/// Why a text could not be read, without its line, which stands before it.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(reason, _)| reason.to_owned())
}

fn name(asked: &Asked) -> &'static str {
    match asked {
        Asked::Valid => "valid",
        Asked::Stray => "stray",
        Asked::NearMiss => "near_miss",
    }
}
