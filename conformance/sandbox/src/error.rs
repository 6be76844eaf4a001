//! What can go wrong before the sandbox answers: an unknown name, an address it refuses, a contract that
//! does not load, a port that is taken. Errors of a single request are answers, not these.

use std::net::SocketAddr;

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An API that the sandbox does not serve was asked for.
    #[error("unknown API `{name}`; the sandbox serves {known}")]
    UnknownApi {
        /// The name that was asked for.
        name: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// A drift that the catalogue does not hold was asked for.
    #[error("unknown drift `{id}`; the catalogue holds {known}")]
    UnknownDrift {
        /// The ID that was asked for.
        id: String,
        /// The IDs that exist, separated by commas.
        known: String,
    },
    /// A drift of an API that this sandbox was told not to serve.
    #[error("drift `{id}` belongs to `{api}`, which is not among the APIs to serve; add `{api}` to them")]
    DriftElsewhere {
        /// The drift.
        id: String,
        /// The API that it changes.
        api: String,
    },
    /// An address that other machines can reach was given without permission.
    #[error("`{address}` is not a loopback address; allow remote callers to listen there")]
    NotLoopback {
        /// The address that was given.
        address: SocketAddr,
    },
    /// The ports after the first one ran out.
    #[error("no port is left for `{api}` after {address}; choose a lower first port, or 0 for any")]
    NoPort {
        /// The API without a port.
        api: String,
        /// The first address.
        address: SocketAddr,
    },
    /// The listener could not be opened.
    #[error("cannot listen on {address} for `{api}`: {source}; choose another port, or 0 for any")]
    Listen {
        /// The API that was to answer there.
        api: String,
        /// The address that was tried.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The embedded contract of an API is not usable.
    #[error("the embedded contract of `{api}` does not load: {source}")]
    Contract {
        /// The API.
        api: String,
        /// What is wrong with its contract.
        source: Box<driftline_specs::Error>,
    },
    /// A file is no recording to answer from.
    #[error("the recording cannot be used: {source}")]
    Recording {
        /// What is wrong with it.
        source: Box<driftline_specs::Error>,
    },
    /// The hand-written API and its contract disagree about which operations exist.
    #[error("the contract of `{api}` has no operation `{operation}`, which the sandbox serves")]
    NoSuchOperation {
        /// The API.
        api: String,
        /// The operation that only the sandbox knows.
        operation: String,
    },
    /// A misbehaviour could not be read from its text.
    #[error(
        "`{text}` is not a misbehaviour: {reason}; write KIND[=MILLISECONDS][@PERCENT][/OPERATION] where KIND is slow, cut-off, unavailable or hang"
    )]
    Misbehaviour {
        /// The text that was given.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
}
