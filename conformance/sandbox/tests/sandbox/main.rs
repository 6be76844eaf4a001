//! The sandbox through its front door: every test starts one on a free port of loopback, talks HTTP to it,
//! and holds each answer against the contract.

#![expect(
    clippy::unwrap_used,
    reason = "a test may fail by panicking, also in the functions that tests share"
)]

mod access;
mod clasp;
mod control;
mod double;
mod drift;
mod enrollconnect;
mod generic;
mod meaning;
mod misbehaviour;
mod mutants;
mod onboarding;
mod starting;
mod support;
mod together;
mod tour;
