//! What a run tells while it is under way. Printing it is the caller's business.

use std::fmt;

use crate::checks::Severity;

/// Hears of a run's progress; every method may be called from any thread.
pub trait Progress: Send + Sync + fmt::Debug {
    /// A run begins.
    fn started(&self, _api: &str, _operations: usize) {}
    /// An operation's turn has come; `planned` is how many requests it may take at most.
    fn operation_started(&self, _operation_id: &str, _planned: usize) {}
    /// A workflow begins.
    fn workflow_started(&self, _workflow_id: &str) {}
    /// A step of a workflow begins, or is tried again.
    fn step_started(&self, _workflow_id: &str, _step: &str) {}
    /// One more request of the run has an answer or none will come.
    fn exchanged(&self, _requests: u64) {}
    /// A deviation was seen for the first time.
    fn deviated(&self, _check: &str, _operation_id: &str, _location: &str, _severity: Severity) {}
    /// All requests of the plan are sent; findings are made small and repeated.
    fn examining(&self, _findings: usize) {}
    /// The run is over.
    fn finished(&self) {}
}

/// Hears and says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {}
