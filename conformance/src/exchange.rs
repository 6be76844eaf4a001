//! One request with its answer, and why it was sent.

use crate::request::Request;
use crate::target::Answer;

/// Why a request was sent; it decides which checks may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    /// A request that the contract allows.
    Valid,
    /// A request that creates what another one needs; as valid as any.
    SetUp,
    /// A valid request but for its credential, which is missing.
    WithoutCredential,
    /// A valid request but for its credential, which is wrong.
    WrongCredential,
}

impl Intent {
    /// Whether the request carries our own credential.
    #[must_use]
    pub fn is_authorised(self) -> bool {
        matches!(self, Intent::Valid | Intent::SetUp)
    }
}

/// One request with its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Why it was sent.
    pub intent: Intent,
    /// What was sent.
    pub request: Request,
    /// What came back.
    pub answer: Answer,
}
