//! `format: byte`: bytes as Base64 text.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::kept_text::{KeptText, kept_text};

/// Bytes in Base64 (`format: byte` of OpenAPI, RFC 4648 section 4), kept as the text that was read.
///
/// ```
/// use driftline_runtime::Base64;
///
/// let document = Base64::encode(b"%PDF");
/// assert_eq!(document.as_str(), "JVBERg==");
/// assert_eq!(document.decode().unwrap(), b"%PDF");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base64(KeptText);

kept_text!(Base64);

impl Base64 {
    /// Encodes bytes.
    pub fn encode(bytes: impl AsRef<[u8]>) -> Self {
        Self(STANDARD.encode(bytes).into())
    }

    /// Takes text that is Base64 already.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    /// Decodes the bytes; text that is not Base64 is an error, and is still kept and written back.
    pub fn decode(&self) -> Result<Vec<u8>, base64::DecodeError> {
        STANDARD.decode(self.as_str())
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} characters)", self.as_str().len())
    }
}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self::encode(bytes)
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self::encode(bytes)
    }
}
