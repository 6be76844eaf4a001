//! Norms: what a target usually answers, as counts without values, so that a later run notices what the contract permits.
//!
//! A contract leaves room: what nothing requires may vanish, what may be null may always be null, one documented status may
//! give way to another. Nobody breaks a promise then, and clients break all the same. While a run goes on, a `Survey`
//! counts what the answers hold; at its end that becomes [`Norms`], which can be written to a file, added to other ones,
//! and compared with what a later run sees. What the difference means is for checks to say.
//!
//! Two things keep that honest. *Resources* are counted, not answers: whatever is read twenty times says one thing. And a
//! run is compared only with what *every* run that was learned from has shown ([`improbable`]).
//!
//! No value gets into norms but enum values that the contract lists. Names of properties do where the contract declares
//! them; the keys of maps do not; and a name that nobody declares only where so many resources share it that it is
//! nobody's own.

mod document;
mod form;
mod likelihood;
mod merge;
mod printed;
mod sign;
mod survey;
mod units;
mod walk;

pub use document::{
    Answers, Asked, Counted, Latency, Norms, OperationNorms, Parent, Place, StatusCount, StatusNorms, VERSION,
};
pub use form::Form;
pub use likelihood::{FEWEST, Share, improbable};
pub use sign::Sign;

pub(crate) use sign::is_refusal;
pub(crate) use survey::{Conditions, Sample, Survey};

/// How many resources must share a property that nobody declares before its name is written down.
pub const SHARED: u64 = 10;
