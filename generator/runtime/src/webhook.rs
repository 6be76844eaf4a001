//! Receiving what an API sends: a signature is verified over the bytes of the body before anything reads them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, StatusCode};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use crate::{Credential, DecodeError, decode};

/// How an API signs what it sends: HMAC-SHA-256 (RFC 2104) over the bytes of the body, in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The header.
    pub header: &'static str,
    /// How the bytes of the signature are written.
    pub encoding: SignatureEncoding,
    /// What stands before them.
    pub prefix: &'static str,
}

/// How the bytes of a signature are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureEncoding {
    /// Two hexadecimal digits a byte, in either case.
    Hex,
    /// Base64 (RFC 4648 section 4).
    Base64,
}

/// Why a webhook was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// The header with the signature is missing, or holds none.
    #[error("the request has no signature in its header `{header}`")]
    Unsigned {
        /// The header.
        header: &'static str,
    },
    /// What was signed is another body, or was signed with another secret.
    #[error("the signature in the header `{header}` is not one of this body with a secret that is known")]
    Forged {
        /// The header.
        header: &'static str,
    },
    /// The body is not the documented one.
    #[error("failed to read the body: {0}")]
    Decode(#[from] DecodeError),
}

impl WebhookError {
    /// Returns the status to answer with: 401 for a signature that is not there or not right, 400 for a body that cannot
    /// be read.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unsigned { .. } | Self::Forged { .. } => StatusCode::UNAUTHORIZED,
            Self::Decode(_) => StatusCode::BAD_REQUEST,
        }
    }
}

/// The secrets that a receiver knows. They do not print.
#[derive(Debug, Clone)]
pub struct WebhookSecrets(Vec<Credential>);

impl WebhookSecrets {
    /// Starts with one secret. An empty one verifies nothing.
    pub fn new(secret: impl Into<Credential>) -> Self {
        Self(vec![secret.into()])
    }

    /// Adds a secret.
    pub fn and(mut self, secret: impl Into<Credential>) -> Self {
        self.0.push(secret.into());
        self
    }

    /// Verifies the signature of a body. Signatures are compared in constant time.
    ///
    /// # Errors
    ///
    /// Fails when there is no signature, or none of this body with one of the secrets.
    pub fn verify(
        &self,
        signature: &Signature,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), WebhookError> {
        let header = signature.header;
        let given: Vec<[u8; 32]> = headers
            .get_all(header)
            .iter()
            .filter_map(|value| value.to_str().ok())
            // While a secret is replaced, a sender may give a signature with each.
            .flat_map(|value| value.split(','))
            .filter_map(|text| signature.read(text.trim()))
            .collect();
        if given.is_empty() {
            return Err(WebhookError::Unsigned { header });
        }
        let verifies = |secret: &Credential| {
            let secret = secret.secret();
            let secret = secret.expose_secret().as_bytes();
            // Whoever forgets to configure a secret must not take what anybody can sign.
            if secret.is_empty() {
                return false;
            }
            let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret) else { return false };
            let mac = mac.chain_update(body);
            given.iter().any(|given| mac.clone().verify(&(*given).into()).is_ok())
        };
        if self.0.iter().any(verifies) { Ok(()) } else { Err(WebhookError::Forged { header }) }
    }

    /// Verifies the signature of a body, then reads the body.
    ///
    /// # Errors
    ///
    /// Fails as [`verify`](Self::verify) does, and with the place of what is not as documented.
    pub fn receive<T: DeserializeOwned>(
        &self,
        signature: &Signature,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<T, WebhookError> {
        self.verify(signature, headers, body)?;
        Ok(decode::from_slice(body)?)
    }
}

impl Signature {
    /// The bytes of a signature; none where the text is no such signature.
    fn read(&self, text: &str) -> Option<[u8; 32]> {
        let text = text.strip_prefix(self.prefix)?;
        let bytes = match self.encoding {
            SignatureEncoding::Hex => base16ct::mixed::decode_vec(text).ok()?,
            SignatureEncoding::Base64 => STANDARD.decode(text).ok()?,
        };
        bytes.try_into().ok()
    }
}
