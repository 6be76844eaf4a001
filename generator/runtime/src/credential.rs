//! Secrets that do not print and can be replaced.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::SecretString;

/// An API key, a token, a password, or what webhooks are signed with. It does not print, and its memory is cleared when it is dropped.
///
/// Clones share the secret: who keeps one can [rotate](Self::rotate) it while clients live that were built with another.
///
/// ```
/// use driftline_runtime::Credential;
///
/// let key = Credential::from("k-123");
/// assert_eq!(format!("{key:?}"), "Credential([secret])");
/// key.rotate("k-124");
/// ```
#[derive(Clone)]
pub struct Credential(Arc<RwLock<SecretString>>);

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential([secret])")
    }
}

impl From<&str> for Credential {
    fn from(secret: &str) -> Self {
        SecretString::from(secret).into()
    }
}

impl From<String> for Credential {
    fn from(secret: String) -> Self {
        SecretString::from(secret).into()
    }
}

impl From<SecretString> for Credential {
    fn from(secret: SecretString) -> Self {
        Self(Arc::new(RwLock::new(secret)))
    }
}

impl Credential {
    /// Replaces the secret in all clones. Calls that have left carry the old one, those that leave from now on the new
    /// one.
    pub fn rotate(&self, new: impl Into<Self>) {
        let new = new.into().secret();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    pub(crate) fn secret(&self) -> SecretString {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
