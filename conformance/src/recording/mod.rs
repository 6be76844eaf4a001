//! Recordings: workflows that are recorded, and what is compared with a recording later.
//!
//! [`driftline_specs::recording`] knows the form, HAR 1.2. What is compared is what answers look like, not their values.

mod likeness;
mod memory;
mod pins;
mod take;

pub(crate) use likeness::Likeness;
pub use memory::{Memory, Remembered};
pub use pins::Pinned;
pub(crate) use pins::pin;
pub use take::{Take, record};
