//! What happens between a call and its answer: retries, time limits, turns, layers, tokens, streams.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

mod bodies;
mod credentials;
mod layers;
mod limits;
mod retries;
mod support;
mod tokens;
