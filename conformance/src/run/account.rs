//! After the last request: what was asked and answered, and what was not proved.

use driftline_specs::{Contract, Operation, StatusSpec};

use super::RunOptions;
use crate::engine::{Book, Tally};
use crate::report::{Coverage, Inconclusive, OperationReport, statuses};
use crate::suite::Suite;
use crate::target::Stop;

/// An operation with a greater share of requests lost to outages proves too little.
const LOST_SHARE: f64 = 0.05;

/// What was asked of each operation and what it answered, in the order of the contract.
pub(super) fn in_contract_order(
    contract: &Contract,
    own: &[&Operation],
    book: &mut Book,
) -> Vec<OperationReport> {
    let mine = contract.operations().iter().filter(|it| own.iter().any(|own| own.id == it.id));
    mine.map(|operation| {
        let tally = book.tally(&operation.id);
        OperationReport {
            operation_id: operation.id.clone(),
            method: operation.method.to_string(),
            path: operation.path.clone(),
            requests: tally.requests,
            valid: tally.valid,
            variations: tally.variations,
            near_misses: tally.near_misses,
            succeeded: tally.succeeded,
            statuses: tally.statuses.iter().map(|(status, count)| (status.to_string(), *count)).collect(),
            lost: tally.lost(),
            dropped: tally.dropped,
            skipped: tally.skipped.clone(),
        }
    })
    .collect()
}

/// How much of the contract was exercised.
pub(super) fn coverage(own: &[&Operation], book: &mut Book) -> Coverage {
    let mut coverage = Coverage {
        operations: own.len(),
        transitions: book.transitions,
        transitions_seen: book.transitions_seen,
        ..Coverage::default()
    };
    for operation in own {
        let tally = book.tally(&operation.id);
        coverage.reached += usize::from(tally.judged > 0);
        coverage.succeeded += usize::from(tally.succeeded > 0);
        if let Some(bodies) = tally.bodies {
            coverage.bodies.get_or_insert_default().add(bodies);
        }
        let answers = tally.statuses.keys().map(|status| (status.to_string(), ())).collect();
        let (all, seen) = statuses(operation, &answers);
        coverage.statuses += all;
        coverage.statuses_seen += seen;
    }
    coverage
}

/// Says by name what a run did not prove.
pub(super) fn inconclusive(own: &[&Operation], book: &mut Book, options: &RunOptions) -> Vec<Inconclusive> {
    let known_good = |id: &str| options.fixtures.get(id).map_or(0, Vec::len);
    let only_workflows = options.suites == [Suite::Scenario];
    let mut reasons = Vec::new();
    let mut add = |operation_id: Option<&str>, reason: String| {
        reasons.push(Inconclusive { operation_id: operation_id.map(str::to_owned), reason });
    };
    let stop = book.stop.clone();
    match &stop {
        Some(Stop::Hopeless(reason)) => add(None, format!("stopped after failures in a row: {reason}")),
        Some(Stop::Cancelled) => add(None, "stopped before all requests were sent".to_owned()),
        Some(Stop::Time) => add(None, "the time was up before all requests were sent".to_owned()),
        Some(Stop::Enough) => add(None, "as many deviations were seen as were wanted".to_owned()),
        Some(Stop::Budget) | None => {}
    }
    if only_workflows && own.is_empty() {
        add(None, "there is no workflow to play".to_owned());
    }
    for reason in std::mem::take(&mut book.unproven) {
        add(None, reason);
    }
    for operation in own {
        let tally = book.tally(&operation.id);
        if tally.skipped.is_none()
            && let Some(reason) =
                unproven(operation, tally, stop.as_ref(), known_good(&operation.id), only_workflows)
        {
            add(Some(&operation.id), reason);
        }
    }
    reasons
}

/// Says what an operation that never succeeded had for bodies, where it refused them.
fn about_bodies(operation: &Operation, tally: &Tally, known_good: usize) -> String {
    let takes_json = operation.request_body.iter().flat_map(|body| &body.content).any(|it| it.is_json());
    // What is not found is not refused for its body.
    let refused = [400, 409, 422].iter().any(|status| tally.statuses.contains_key(status));
    match known_good {
        _ if !takes_json || !refused => String::new(),
        0 => format!("; a body that it accepts would help: put one into fixtures/{}.json", operation.id),
        1 => "; the known-good body was refused as well".to_owned(),
        count => format!("; all {count} known-good bodies were refused as well"),
    }
}

/// Says what was not proved of an operation; workflows say themselves whether one has to succeed.
fn unproven(
    operation: &Operation,
    tally: &Tally,
    stop: Option<&Stop>,
    known_good: usize,
    only_workflows: bool,
) -> Option<String> {
    if let Some(reason) = &tally.unplanned {
        return Some(format!("no request can be made: {reason}"));
    }
    if tally.requests == 0 {
        return Some(match stop {
            Some(Stop::Budget) => "was never reached: the request budget was spent".to_owned(),
            Some(Stop::Time) => "was never reached: the time was up".to_owned(),
            Some(_) => "was never reached: the run was stopped".to_owned(),
            None if only_workflows => "was never reached: no workflow came to it".to_owned(),
            None => "was never reached: no request can be generated from its schemas".to_owned(),
        });
    }
    let worst = tally.outages.values().max_by_key(|(_, count)| *count);
    if tally.judged == 0 {
        let reason = worst.map_or("no request had an answer", |(reason, _)| reason.as_str());
        return Some(format!("none of {} requests had an answer to judge: {reason}", tally.requests));
    }
    let documents_success = operation.responses.iter().any(|response| {
        response.status.is_success() || matches!(response.status, StatusSpec::Code(300..=399))
    });
    if tally.succeeded == 0 && documents_success && !only_workflows {
        let statuses: Vec<String> =
            tally.statuses.iter().map(|(status, count)| format!("{count} × {status}")).collect();
        let how = tally.without_resource.as_ref().map(|reason| format!("; {reason}")).unwrap_or_default();
        return Some(format!(
            "never succeeded in {} requests ({}), so little is proved{how}{}",
            tally.requests,
            statuses.join(", "),
            about_bodies(operation, tally, known_good)
        ));
    }
    let lost = tally.lost();
    if lost as f64 > tally.requests as f64 * LOST_SHARE {
        let reason = worst.map_or("", |(reason, _)| reason.as_str());
        return Some(format!("{lost} of {} requests had no answer to judge: {reason}", tally.requests));
    }
    None
}
