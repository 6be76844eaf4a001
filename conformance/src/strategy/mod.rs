//! From the contract's schemas to values: shapes, `proptest` strategies, boundary values, near misses, shrinking.
//!
//! Nothing here knows of HTTP or of an endpoint. Every value is only a candidate: a valid one is sent when the
//! contract's own validator accepts it, and a near miss when the validator sees exactly what is wrong with it.

mod breach;
mod change;
mod coverage;
mod format;
mod freedom;
mod naming;
mod near_miss;
mod number;
mod pattern;
pub(crate) mod personal;
mod place;
mod reader;
mod shape;
mod shrink;
mod tagged;
mod text;
mod valid;
mod value;
pub(crate) mod words;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sha2::{Digest, Sha256};

pub use change::{Change, changes};
pub use coverage::Coverage;
pub use freedom::{FREEDOMS, Freedom, open, taken};
pub(crate) use near_miss::UNDECLARED;
pub use near_miss::{Candidate, KEYWORDS, NearMiss, Written, candidates};
pub(crate) use place::{put, take};
pub use reader::Reader;
pub use shape::{Additional, Kind, Node, Shape};
pub use shrink::{Allowed, Shrink};
pub(crate) use tagged::tagged;
pub use valid::Valid;
pub use value::Generator;

/// Names one stream of randomness: the run's seed, and what the stream is for.
///
/// Streams do not depend on each other or on scheduling, so that the same seed gives the same requests
/// whatever else the run does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    state: [u8; 32],
}

impl Stream {
    /// Returns the stream of a seed and a purpose.
    #[must_use]
    pub fn new(seed: u64, purpose: &[&str]) -> Stream {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        for part in purpose {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Stream { state: hash.finalize().into() }
    }

    /// Returns the n-th stream below this one.
    #[must_use]
    pub fn nth(&self, index: u64) -> Stream {
        let mut hash = Sha256::new();
        hash.update(self.state);
        hash.update(index.to_be_bytes());
        Stream { state: hash.finalize().into() }
    }

    /// Returns a number for a name, by which names are put into an order that depends on the stream alone.
    #[must_use]
    pub fn rank(&self, name: &str) -> u64 {
        let mut hash = Sha256::new();
        hash.update(self.state);
        hash.update(name.as_bytes());
        hash.finalize().iter().take(8).fold(0, |rank, byte| rank << 8 | u64::from(*byte))
    }

    /// Returns a runner that draws from this stream.
    #[must_use]
    pub fn runner(&self) -> TestRunner {
        let config = Config { failure_persistence: None, max_local_rejects: 256, ..Config::default() };
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &self.state))
    }
}

/// Draws one value; `None` when the strategy rejects too many of its own.
pub fn draw<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> Option<S::Value> {
    strategy.new_tree(runner).ok().map(|tree| tree.current())
}

/// Draws the first values of a strategy, the same ones every time.
fn samples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = Stream::new(0, &["samples"]).runner();
    (0..count).filter_map(|_| draw(strategy, &mut runner)).collect()
}
