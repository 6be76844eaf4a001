//! The steps of an onboarding. Each is an action that is pending from one instant to another, so that
//! everything the API says about progress follows from the steps and the time, and nothing has to happen in
//! between.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::clock::after;

pub(super) const VERIFY: &str = "verify_group_data";
pub(super) const CONFIRM_BROKER: &str = "confirm_broker";
pub(super) const TRANSFER: &str = "transfer_group_data";
/// The step that a halted onboarding waits for in vain.
pub(super) const RESOLVE: &str = "resolve_data_mismatch";

/// Something to be done before a group is onboarded.
#[derive(Clone, Debug)]
pub(super) struct Step {
    action: &'static str,
    requested_at: Timestamp,
    /// When it is done; never, if it is not given.
    done_at: Option<Timestamp>,
}

/// What is still to be done, and when the rest was done.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps(Vec<Step>);

impl Steps {
    /// The steps of a new registration, done one after another.
    pub(super) fn of_registration(now: Timestamp, each: Duration, stalls: bool) -> Steps {
        let mut done_at = now;
        let mut steps = Vec::new();
        for action in [VERIFY, CONFIRM_BROKER, TRANSFER] {
            done_at = after(done_at, each);
            steps.push(Step { action, requested_at: now, done_at: (!stalls).then_some(done_at) });
        }
        if stalls {
            steps.push(Step { action: RESOLVE, requested_at: now, done_at: None });
        }
        Steps(steps)
    }

    /// Asks for the broker to be confirmed anew.
    pub(super) fn confirm_broker_again(&mut self, now: Timestamp, each: Duration) {
        let stalls = !self.is_healthy();
        self.0.retain(|step| step.action != CONFIRM_BROKER);
        let done_at = (!stalls).then(|| after(now, each));
        self.0.push(Step { action: CONFIRM_BROKER, requested_at: now, done_at });
    }

    /// Whether nothing is pending.
    pub(super) fn are_done(&self, now: Timestamp) -> bool {
        self.0.iter().all(|step| step.is_done(now))
    }

    /// Whether nothing waits in vain.
    pub(super) fn is_healthy(&self) -> bool {
        self.0.iter().all(|step| step.done_at.is_some())
    }

    /// Whether an action is pending.
    pub(super) fn awaits(&self, action: &str, now: Timestamp) -> bool {
        self.0.iter().any(|step| step.action == action && !step.is_done(now))
    }

    /// When an action was done, if it was.
    pub(super) fn done(&self, action: &str, now: Timestamp) -> Option<Timestamp> {
        let step = self.0.iter().find(|step| step.action == action)?;
        step.done_at.filter(|_| step.is_done(now))
    }

    /// When the last step was done, if nothing is pending.
    pub(super) fn all_done(&self, now: Timestamp) -> Option<Timestamp> {
        if self.are_done(now) { self.0.iter().filter_map(|step| step.done_at).max() } else { None }
    }

    /// When it last changed whether anything is pending.
    pub(super) fn changed(&self, now: Timestamp) -> Option<Timestamp> {
        self.all_done(now).or_else(|| self.0.iter().map(|step| step.requested_at).max())
    }

    /// The pending actions as the API shows them.
    pub(super) fn pending(&self, now: Timestamp) -> Vec<Value> {
        let pending = self.0.iter().filter(|step| !step.is_done(now));
        pending
            .map(|step| {
                json!({
                    "action": step.action,
                    "description": description(step.action),
                    "requested_at": step.requested_at.to_string(),
                })
            })
            .collect()
    }
}

impl Step {
    fn is_done(&self, now: Timestamp) -> bool {
        self.done_at.is_some_and(|done_at| done_at <= now)
    }
}

fn description(action: &str) -> &'static str {
    match action {
        VERIFY => "the carrier checks the group's details",
        CONFIRM_BROKER => "the broker confirms that it looks after the group",
        TRANSFER => "the carrier moves the group into its systems",
        _ => "the group's details contradict what the carrier knows; call the relationship contact",
    }
}
