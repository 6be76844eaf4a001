//! What the generated crates know, without Rust: whether a body decodes, and what a place is called.
//!
//! Conformance judges an endpoint from the client's side, so it asks the client's own types. It does so
//! through this trait and knows neither types nor syntax.

use std::fmt;

/// Why a generated type did not take a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeFailure {
    /// Where, as a JSON Pointer into the body; empty when unknown.
    pub path: String,
    /// Why, without values from the body.
    pub message: String,
}

/// The generated client's view of an API.
pub trait Models: Send + Sync + fmt::Debug {
    /// Decodes a body as the generated type and encodes it again; `None` when there is no type for it.
    ///
    /// `status` is absent for a request body.
    fn round_trip(
        &self,
        operation_id: &str,
        status: Option<u16>,
        media_type: &str,
        body: &[u8],
    ) -> Option<Result<Vec<u8>, DecodeFailure>>;

    /// Returns the Rust symbol that stands for a place in the contract.
    fn symbol(&self, pointer: &str) -> Option<&str>;
}
