//! What a caller may choose about a sandbox. Every default gives a quiet, truthful stand-in: loopback only,
//! no drift, no misbehaviour, no rate limit.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::clock::ClockOptions;
use crate::drift::Mutant;
use crate::misbehaviour::Misbehaviour;

/// How a sandbox behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// The APIs to serve, by the names of their contracts' folders; empty for all of them.
    pub apis: Vec<String>,
    /// Where the first API listens. With port 0 each API gets a free port; with any other, the APIs take
    /// consecutive ports in the order of `apis`.
    pub address: SocketAddr,
    /// Whether an `address` outside of loopback is accepted.
    pub allow_remote: bool,
    /// IDs of [`crate::catalogue`]: the ways in which the answers depart from the contract.
    pub drifts: Vec<String>,
    /// Further departures, which [`crate::mutants`] enumerates.
    pub mutants: Vec<Mutant>,
    /// The seed of the synthetic world: the same seed and the same requests give the same answers.
    pub seed: u64,
    /// Where sandbox time starts and how fast requests move it.
    pub clock: ClockOptions,
    /// Which rate limits hold.
    pub limits: Limits,
    /// Trouble that is not drift: slow, broken and missing answers.
    pub misbehave: Vec<Misbehaviour>,
    /// How long, in sandbox time, another party takes: a carrier to effectuate or to refuse an application,
    /// a reviewer to verify a document, an operator to finish an onboarding step.
    pub settle_after: Duration,
    /// How much the sandbox remembers of what callers create.
    pub capacity: Capacity,
    /// The largest request body that is read, in bytes.
    pub max_body: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            apis: Vec::new(),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            allow_remote: false,
            drifts: Vec::new(),
            mutants: Vec::new(),
            seed: 0,
            clock: ClockOptions::default(),
            limits: Limits::Unlimited,
            misbehave: Vec::new(),
            settle_after: Duration::from_secs(120),
            capacity: Capacity::default(),
            max_body: 1024 * 1024,
        }
    }
}

/// Which rate limits an API enforces. They count real time, not sandbox time.
///
/// The default is none: a run against the sandbox is there to find out about answers as fast as it can, and
/// the vendors' limits would only make it wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limits {
    /// No request is refused for coming too soon.
    #[default]
    Unlimited,
    /// What each vendor states: EnrollConnect 1,000 reads and 600 mutations a minute, Clasp 25 requests a second
    /// and 50 at once, Onboarding one call at a time.
    AsDocumented,
    /// The same allowance for every API.
    Custom(Allowance),
}

/// So many requests in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How many requests are let through.
    pub requests: u32,
    /// In how much real time.
    pub per: Duration,
}

/// How much an API remembers. Past either bound the oldest thing that a caller created is forgotten; what
/// the world was seeded with stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// The most records.
    pub records: usize,
    /// The most bytes of stored request bodies.
    pub bytes: usize,
}

impl Default for Capacity {
    fn default() -> Capacity {
        Capacity { records: 50_000, bytes: 256 * 1024 * 1024 }
    }
}
