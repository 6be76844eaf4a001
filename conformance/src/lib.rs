//! Compares a live endpoint with its contract, from the client's side.
//!
//! A run takes a contract and a target, sends requests that the contract allows and some that it just does not, judges
//! every answer, and returns a report. The way through the crate:
//!
//! - [`target`]: where an API answers, and the limits and manners that go with it.
//! - [`strategy`]: from schemas to values, and from values to simpler ones and to near misses.
//! - [`request`]: from values to requests, and to `curl` lines.
//! - `suite`: what is sent, in which order. `engine`: sends, records, comes by resources.
//! - [`checks`]: judge one exchange each, or several that say something together; the list of them is [`checks::all`].
//! - `finding`: identity, repetition, the smallest request, the words.
//! - [`norms`]: what a target usually answers, counted without values.
//! - [`report`], [`ledger`]: what it means, and what is known already.
//! - [`masking`]: takes what is a person's, and what opens doors, out of exchanges before they reach a disk.
//! - [`recording`]: records workflows, compares them with their recordings, and judges recordings without an endpoint: also
//!   whether the generated clients send again what was recorded, through [`calls`].
//! - [`round_trip`]: without an endpoint, whether generated types lose anything of what a contract allows.
//!
//! This crate knows nothing of Rust syntax: what the generated crates make of a body is asked through
//! [`Models`]. It prints nothing; progress goes to [`Progress`].
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use driftline_conformance::target::{Target, TargetKind};
//! use driftline_conformance::{Report, RunOptions, run};
//!
//! let contract = driftline_specs::Contract::load("petstore.yaml".as_ref(), &[])?;
//! let target = Target::new("local", TargetKind::Sandbox, "http://127.0.0.1:4010")?;
//! let options = RunOptions::new("petstore", contract, target);
//! let seed = options.seed;
//! let report = Report::new(seed, vec![run(options).await?]);
//! assert_eq!(report.exit_status(), 0);
//! # Ok(())
//! # }
//! ```

pub mod calls;
mod cancel;
pub mod checks;
mod difference;
mod engine;
mod error;
mod exchange;
mod finding;
mod flaw;
pub mod ledger;
pub mod masking;
mod models;
pub mod norms;
mod outline;
mod partition;
mod pointer;
mod progress;
pub mod recording;
mod registered;
pub mod report;
pub mod request;
pub mod round_trip;
mod run;
mod run_tag;
mod scenario;
mod selection;
mod sequence;
pub mod strategy;
mod suite;
pub mod target;
mod times;
mod variation;

pub use cancel::Cancel;
pub use engine::Resources;
pub use error::Error;
pub use exchange::{Ending, Exchange, Intent, Series, SeriesKind, Trial};
pub use finding::Fingerprint;
pub use flaw::Flaw;
pub use models::{DecodeFailure, Models};
pub use norms::Norms;
pub use outline::{Limits, OperationOutline, Outline, Sketch, WorkflowOutline, outline};
pub use partition::Partition;
pub use progress::{Progress, Silent};
pub use registered::registered;
pub use report::{Report, Verdict};
pub use run::{RunOptions, run, survey};
pub use run_tag::RunTag;
pub use scenario::{Script, WorkflowOutcome, WorkflowReport};
pub use selection::{Relation, Selection};
pub use sequence::{Asking, Sequence, SequenceStep};
pub use suite::Suite;
pub use variation::Variation;
