//! Going on where a run was stopped: what its report says is done, and one report of both parts.

use std::collections::{BTreeMap, BTreeSet};

use driftline_specs::{Contract, Operation, StatusSpec};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{ApiReport, CleanUp, Coverage, OperationReport, by_weight};

/// How far an operation was probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probed {
    /// What the contract allows was sent.
    Allowed,
    /// What it just does not allow was sent as well: the operation is done.
    Whole,
}

/// Returns what tells a contract from another one: a hash of the document that everything was read from.
#[must_use]
pub fn contract_hash(contract: &Contract) -> String {
    let document = contract.at("#").map(ToString::to_string).unwrap_or_default();
    Sha256::digest(document.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl ApiReport {
    /// Puts a report of the first part of a run and one of its second part together.
    ///
    /// Counts are added up. Where an operation was done in the first part, its findings and what they prove stay; where
    /// it was not, the second part has the say.
    #[must_use]
    pub(crate) fn after(self, before: &ApiReport, contract: &Contract) -> ApiReport {
        let done: BTreeSet<&String> = before.probed.keys().collect();
        let mut now = self;
        for operation in &mut now.operations {
            let known = before.operations.iter().find(|it| it.operation_id == operation.operation_id);
            known.into_iter().for_each(|known| add(operation, known));
        }
        for known in &before.findings {
            match now.findings.iter_mut().find(|it| it.fingerprint == known.fingerprint) {
                Some(finding) => finding.exchanges += known.exchanges,
                None => now.findings.push(known.clone()),
            }
        }
        now.findings.sort_by(by_weight);
        let is_done = |it: &super::Inconclusive| it.operation_id.as_ref().is_some_and(|id| done.contains(id));
        now.inconclusive.retain(|it| !is_done(it));
        now.inconclusive.extend(before.inconclusive.iter().filter(|it| is_done(it)).cloned());
        now.coverage = coverage(&now, before, contract);
        for (id, probed) in &before.probed {
            let known = now.probed.entry(id.clone()).or_insert(*probed);
            *known = (*known).max(*probed);
        }
        if !now.partial {
            now.probed.clear();
        }
        now.requests += before.requests;
        now.seconds = ((now.seconds + before.seconds) * 1000.0).round() / 1000.0;
        let known = before
            .workflows
            .iter()
            .filter(|it| !now.workflows.iter().any(|own| own.workflow_id == it.workflow_id));
        let known: Vec<_> = known.cloned().collect();
        now.workflows.splice(0..0, known);
        now.clean_up = match (now.clean_up, before.clean_up) {
            (Some(now), Some(before)) => Some(CleanUp {
                created: now.created + before.created,
                ended: now.ended + before.ended,
                left: now.left + before.left,
                requests: now.requests + before.requests,
            }),
            (now, before) => now.or(before),
        };
        now
    }
}

fn add(operation: &mut OperationReport, known: &OperationReport) {
    operation.requests += known.requests;
    operation.valid += known.valid;
    operation.variations += known.variations;
    operation.near_misses += known.near_misses;
    operation.succeeded += known.succeeded;
    operation.lost += known.lost;
    operation.dropped += known.dropped;
    for (status, count) in &known.statuses {
        *operation.statuses.entry(status.clone()).or_default() += count;
    }
}

/// The coverage of both parts together.
fn coverage(now: &ApiReport, before: &ApiReport, contract: &Contract) -> Coverage {
    let mut coverage = Coverage {
        operations: now.operations.len(),
        transitions: now.coverage.transitions.max(before.coverage.transitions),
        transitions_seen: now.coverage.transitions_seen.max(before.coverage.transitions_seen),
        ..Coverage::default()
    };
    for report in &now.operations {
        coverage.reached += usize::from(report.requests > report.lost);
        coverage.succeeded += usize::from(report.succeeded > 0);
        let operation = contract.operation(&report.operation_id);
        let (all, seen) = operation.map_or((0, 0), |it| statuses(it, &report.statuses));
        coverage.statuses += all;
        coverage.statuses_seen += seen;
    }
    for bodies in [before.coverage.bodies, now.coverage.bodies].into_iter().flatten() {
        coverage.bodies.get_or_insert_default().add(bodies);
    }
    coverage
}

/// How many statuses an operation documents, other than server errors and ranges, and how many of those were seen.
pub(crate) fn statuses<V>(operation: &Operation, answers: &BTreeMap<String, V>) -> (usize, usize) {
    let documented = operation.responses.iter().filter_map(|response| match response.status {
        StatusSpec::Code(status @ 200..=499) => Some(status.to_string()),
        _ => None,
    });
    documented
        .fold((0, 0), |(all, seen), status| (all + 1, seen + usize::from(answers.contains_key(&status))))
}
