//! What a run found, as a value: the content of `report.json` and the source of every other report.
//!
//! The form is described by `conformance/report.schema.json` and carries a version. Values of answers never
//! get here.

mod resume;
mod terminal;
mod verdict;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use resume::statuses;
pub use resume::{Probed, contract_hash};
pub use terminal::{paragraphs, terminal};
pub use verdict::Verdict;

use crate::checks::{Reading, Severity};
use crate::finding::Fingerprint;
use crate::ledger::{Date, Ledger, Standing};
use crate::scenario::WorkflowReport;

/// The version of the form of `report.json`.
pub const FORMAT: u32 = 1;

/// The result of a run over one or more APIs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The version of this form.
    pub format: u32,
    /// The version of Driftline that ran.
    pub driftline: String,
    /// The seed, which gives the same requests again.
    pub seed: u64,
    /// What it all means.
    pub verdict: Verdict,
    /// The run was stopped before its plan was done.
    pub partial: bool,
    /// One entry for each API.
    pub apis: Vec<ApiReport>,
}

/// The result for one API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiReport {
    /// The API's name.
    pub api: String,
    /// The target's name.
    pub target: String,
    /// Where it answered.
    pub base_url: String,
    /// Part of `User-Agent`, and the beginning of texts that the run chose itself: what it left can be purged by it.
    #[serde(default)]
    pub run_tag: String,
    /// What this API's part means.
    pub verdict: Verdict,
    /// This API's part was stopped before its plan was done.
    pub partial: bool,
    /// Every operation of the run.
    pub operations: Vec<OperationReport>,
    /// How much of the contract was exercised.
    pub coverage: Coverage,
    /// What tells the contract from another one: SHA-256 of the document with its overlays.
    #[serde(default)]
    pub contract: String,
    /// How far operations were probed before the run was stopped, so that it can go on there; empty when it was not.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub probed: BTreeMap<String, Probed>,
    /// What came of the workflows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workflows: Vec<WorkflowReport>,
    /// What the run created, if it did; absent in the embedded sandbox, which ends with the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean_up: Option<CleanUp>,
    /// All requests, also those that created resources or repeated findings.
    pub requests: u64,
    /// How long it took.
    pub seconds: f64,
    /// The deviations, the worst first.
    pub findings: Vec<Finding>,
    /// Why the run proves less than it should; empty when it proves what it should.
    pub inconclusive: Vec<Inconclusive>,
}

/// What was sent to one operation, and what came back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationReport {
    /// The operation's id.
    pub operation_id: String,
    /// The HTTP method.
    pub method: String,
    /// The path template.
    pub path: String,
    /// Requests that were sent while probing.
    pub requests: u64,
    /// Those of them that the contract allows, other than variations.
    #[serde(default)]
    pub valid: u64,
    /// Those of them with a known-good body in which one property was changed, within what the contract allows.
    #[serde(default)]
    pub variations: u64,
    /// Those of them that broke one constraint of the contract on purpose.
    #[serde(default)]
    pub near_misses: u64,
    /// Those of them with our own credential that the contract allows and that succeeded.
    #[serde(default)]
    pub succeeded: u64,
    /// Answers by status.
    pub statuses: BTreeMap<String, u64>,
    /// Requests without an answer that could be judged.
    pub lost: u64,
    /// Generated requests that the contract does not allow, which were not sent.
    pub dropped: u64,
    /// Why nothing was sent, when that was so by decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

/// What a run created at an endpoint, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CleanUp {
    /// Resources that were created.
    pub created: u64,
    /// How many of them were ended, by the run itself or after it.
    pub ended: u64,
    /// How many are there still.
    pub left: u64,
    /// Requests that ended them after the run, on top of its own.
    pub requests: u64,
}

/// How much of the contract was exercised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Operations of the run.
    pub operations: usize,
    /// Operations that answered at least once.
    pub reached: usize,
    /// Operations that succeeded at least once.
    pub succeeded: usize,
    /// Statuses that the contract documents for these operations, other than server errors and ranges.
    pub statuses: usize,
    /// How many of those were seen.
    pub statuses_seen: usize,
    /// Operations in states that the lifecycle speaks of.
    #[serde(default)]
    pub transitions: usize,
    /// How many of those were tried.
    #[serde(default)]
    pub transitions_seen: usize,
    /// What was made of the bodies; absent where no generated type is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bodies: Option<Bodies>,
}

/// How many bodies satisfy their schema, and how many the generated type decodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bodies {
    /// Valid, and decoded: as it should be.
    pub valid_decoded: u64,
    /// Valid, and not decoded: our own bug.
    pub valid_undecoded: u64,
    /// Not valid, and decoded all the same: the client tolerates it.
    pub invalid_decoded: u64,
    /// Not valid, and not decoded: the client fails.
    pub invalid_undecoded: u64,
}

impl Bodies {
    /// Counts one body.
    pub(crate) fn count(&mut self, reading: Reading) {
        *match (reading.validates, reading.decodes) {
            (true, true) => &mut self.valid_decoded,
            (true, false) => &mut self.valid_undecoded,
            (false, true) => &mut self.invalid_decoded,
            (false, false) => &mut self.invalid_undecoded,
        } += 1;
    }

    /// Adds the bodies of another operation.
    pub(crate) fn add(&mut self, other: Bodies) {
        self.valid_decoded += other.valid_decoded;
        self.valid_undecoded += other.valid_undecoded;
        self.invalid_decoded += other.invalid_decoded;
        self.invalid_undecoded += other.invalid_undecoded;
    }
}

/// Why a run proves less than it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inconclusive {
    /// The operation; absent when it is the whole API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// The reason, as a lower-case fragment.
    pub reason: String,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    /// It showed every time that it was repeated.
    Confirmed,
    /// It showed in some of the repetitions, or in none after having been seen.
    Intermittent,
    /// It was seen and could not be repeated.
    Unconfirmed,
}

/// One deviation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The identity, the same from run to run.
    pub fingerprint: Fingerprint,
    /// The check that found it.
    pub check: String,
    /// The operation that shows it.
    pub operation_id: String,
    /// How much it hurts a client.
    pub severity: Severity,
    /// How sure it is.
    pub status: FindingStatus,
    /// In how many of how many repetitions it showed.
    pub confirmations: String,
    /// Where in the answer, as a JSON Pointer; empty for the answer as a whole.
    pub location: String,
    /// Where the contract says otherwise.
    pub contract: String,
    /// The file and line of that place, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// The Rust symbol of that place, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// What the contract says.
    pub expected: String,
    /// What came.
    pub observed: String,
    /// How many exchanges showed it.
    pub exchanges: u64,
    /// How many answers of the operation were judged, without repetitions.
    #[serde(default)]
    pub answers: u64,
    /// All of it in a paragraph.
    pub message: String,
    /// A command that shows it again.
    pub curl: String,
    /// The ledger accepts it.
    pub acknowledged: bool,
    /// What the ledger says, also when it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledgement: Option<String>,
}

/// Orders findings: the worst first, then by operation and place.
pub(crate) fn by_weight(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    (b.severity, &a.operation_id, &a.location, &a.fingerprint).cmp(&(
        a.severity,
        &b.operation_id,
        &b.location,
        &b.fingerprint,
    ))
}

impl Report {
    /// Puts the results of a run together.
    #[must_use]
    pub fn new(seed: u64, apis: Vec<ApiReport>) -> Report {
        let mut report = Report {
            format: FORMAT,
            driftline: env!("CARGO_PKG_VERSION").to_owned(),
            seed,
            verdict: Verdict::NoDrift,
            partial: apis.iter().any(|api| api.partial),
            apis,
        };
        report.judge();
        report
    }

    /// Returns what it all means.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Returns the exit status of the command: 0, 1 or 3.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        self.verdict.exit_status()
    }

    /// Returns the content of `report.json`.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Maps have string keys and floats are finite, so that there is nothing to fail.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Marks what the ledger of an API accepts on a day, and judges again.
    pub fn acknowledge(&mut self, api: &str, ledger: &Ledger, today: Date) {
        for report in self.apis.iter_mut().filter(|it| it.api == api) {
            for finding in &mut report.findings {
                let Some(deviation) = ledger.find(&finding.fingerprint) else { continue };
                let standing = deviation.standing(today);
                finding.acknowledged = standing == Standing::Accepted;
                finding.acknowledgement = Some(deviation.words(standing));
            }
        }
        self.judge();
    }

    fn judge(&mut self) {
        for api in &mut self.apis {
            api.verdict = verdict::of(api);
        }
        self.verdict = self.apis.iter().map(|api| api.verdict).max().unwrap_or(Verdict::NoDrift);
    }
}
