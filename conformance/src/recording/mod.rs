//! Recordings: workflows that are recorded, what is compared with a recording later, and what is judged without an
//! endpoint.
//!
//! [`driftline_specs::recording`] knows the form, HAR 1.2. A workflow that is played again is compared with its recording
//! by what answers look like, not by their values. [`Rebuild`] makes every recorded request again through the generated
//! client and compares what arrives with what was recorded: a client that an application would use asks what was asked.
//! It sends to a base URL that its caller gives, and starts nothing. [`import()`] makes a recording of traffic that a
//! browser has captured.

mod import;
mod judge;
mod likeness;
mod memory;
mod parts;
mod pins;
mod rebuild;
mod routes;
mod take;

pub use import::{Hosts, Imported, Unmatched, import};
pub use judge::{Foreign, Hearing, judge};
pub(crate) use likeness::Likeness;
pub use memory::{Memory, Remembered};
pub use pins::Pinned;
pub(crate) use pins::pin;
pub use rebuild::{End, Rebuild, Remade};
pub use routes::{PathValues, Routes};
pub use take::{Take, record};
