//! Stand-in endpoints of the three benefits APIs, for runs without a partner: stateful, seeded, and true to
//! what the vendors document, unless they are told to drift or to misbehave.
//!
//! The APIs are written by hand from the documentation. Their contracts only say which requests are valid;
//! nothing there is generated, so that a mistake in a contract, in a generated crate or here shows against the
//! others. Any other contract is mocked from what it says alone ([`Sandbox::serve`]), and a [`Double`] answers from a
//! recording.
//!
//! Both are for the tests of a program that calls such an API: they listen on a free port of loopback, and end when they are
//! dropped.
//!
//! ```
//! # async fn example() -> Result<(), driftline_sandbox::Error> {
//! use driftline_sandbox::{CREDENTIAL, Double};
//!
//! let sandbox = driftline_sandbox::start("clasp").await?;
//! println!("send `Authorization: Bearer {CREDENTIAL}` to {}/connections", sandbox.url());
//! let double = Double::from_recording("tests/recordings/clasp.har").await?;
//! println!("send what was recorded to {}", double.url());
//! # Ok(())
//! # }
//! ```
//!
//! [`Sandbox::start`] takes [`Options`]: several APIs at once, a clock, limits, drift and trouble.
//!
//! Reserved paths drive a sandbox from another process; they take the API's own credential:
//!
//! | request | does |
//! |---|---|
//! | `GET /__sandbox__/clock` | tells sandbox time |
//! | `POST /__sandbox__/clock/advance` with `{"seconds": N}` | moves it forward |
//! | `POST /__sandbox__/reset` | goes back to the seeded world |
//!
//! A caller chooses some outcomes by what it sends:
//!
//! | API | what is sent | what happens |
//! |---|---|---|
//! | EnrollConnect | an `external_id` that begins with `fail-submission` | the carrier refuses the application some time after it was submitted |
//! | EnrollConnect | a document whose file name begins with `denied` | its review ends in `denied` |
//! | EnrollConnect | a plan of issuer `00000` | the plan does not exist |
//! | EnrollConnect | a plan of issuer `00099` | the plan is not available |
//! | EnrollConnect | a plan of issuers `00010` to `00050` | one of the carriers with rules of their own |
//! | Onboarding | an `external_id` that begins with `stall` | the onboarding halts and is not healthy |

mod answer;
mod call;
mod clasp;
mod clock;
mod contracts;
mod control;
mod double;
mod drift;
mod enrollconnect;
mod error;
mod generic;
mod host;
mod limits;
mod misbehaviour;
mod onboarding;
mod options;
mod random;
mod rules;
mod sandbox;
mod service;
mod shelf;

pub use clock::ClockOptions;
pub use control::CLOCK;
pub use double::{Double, Nearest, RecordedEntry, Unknown, Unverified};
pub use drift::{
    Condition, DriftKind, Fate, ListFault, Mode, ModeKind, Move, Mutant, MutantClass, Mutation, Severity,
    catalogue, mutants,
};
pub use driftline_specs::Recording;
pub use driftline_specs::recording::{Ask, Difference, Respects};
pub use error::Error;
pub use generic::{Remark, credentials, remarks};
pub use misbehaviour::{Misbehaviour, Trouble};
pub use options::{Allowance, Capacity, Limits, Options};
pub use sandbox::{Sandbox, apis, start};

/// The key that every API of a sandbox accepts, in the place that the API's contract says.
pub const CREDENTIAL: &str = "sandbox-credential";
