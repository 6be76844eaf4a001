//! What keeps a run from starting. What goes wrong with an endpoint is a finding or an outage, not an error.

use std::path::PathBuf;

/// A run cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A base URL that cannot be used.
    #[error("base URL {url:?} cannot be used: {reason}")]
    BaseUrl {
        /// The URL as given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A header field that HTTP does not allow.
    #[error("header {name:?} cannot be sent: {reason}")]
    Header {
        /// The field's name.
        name: String,
        /// What is wrong, without the value.
        reason: String,
    },
    /// The HTTP client cannot be built.
    #[error("the HTTP client could not be set up: {0}")]
    Client(String),
    /// The contract's operations cannot be judged.
    #[error(transparent)]
    Contract(#[from] driftline_specs::Error),
    /// A partition that names no part.
    #[error("partition {given:?} is not of the form M/N with 1 <= M <= N, such as 2/3")]
    Partition {
        /// The partition as given.
        given: String,
    },
    /// A run tag that cannot stand everywhere it has to.
    #[error("run tag {given:?} is not 1 to 40 letters, digits, `-`, `_` or `.`, all of them ASCII")]
    RunTag {
        /// The tag as given.
        given: String,
    },
    /// A run that cannot go on where another one was stopped.
    #[error("the run of {api} cannot be resumed: {reason}")]
    Resume {
        /// The API.
        api: String,
        /// What is not as it was.
        reason: String,
    },
    /// An exchange that no recording can hold.
    #[error("the workflow {workflow} cannot be recorded: {reason}")]
    Recording {
        /// The workflow.
        workflow: String,
        /// What is wrong.
        reason: String,
    },
    /// A ledger that cannot be read.
    #[error("{}{}: {reason}", path.display(), line.map(|it| format!(":{it}")).unwrap_or_default())]
    Ledger {
        /// The file.
        path: PathBuf,
        /// The line where reading stopped, counted from 1.
        line: Option<usize>,
        /// What was expected.
        reason: String,
    },
    /// Norms that cannot be read.
    #[error("{}{}: {reason}", path.display(), line.map(|it| format!(":{it}")).unwrap_or_default())]
    Norms {
        /// The file.
        path: PathBuf,
        /// The line where reading stopped, counted from 1.
        line: Option<usize>,
        /// What was expected, and where.
        reason: String,
    },
    /// A contract without anything to probe.
    #[error("the contract of {api} has no operation in this run: check --partition, or add paths to it")]
    NothingToDo {
        /// The API.
        api: String,
    },
}
