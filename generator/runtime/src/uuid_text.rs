//! `format: uuid`, kept as the text that was read.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::kept_text::{KeptText, kept_text};

/// A UUID (`format: uuid` of OpenAPI, RFC 9562 section 4), kept as the text that was read: upper case survives, and
/// a partner's text that is no UUID does not take the client down.
///
/// ```
/// use driftline_runtime::{Uuid, uuid};
///
/// let id: Uuid = serde_json::from_str(r#""67E55044-10B1-426F-9247-BB680E5FE0C8""#).unwrap();
/// assert_eq!(id.as_str(), "67E55044-10B1-426F-9247-BB680E5FE0C8");
/// assert_eq!(Uuid::from(id.to_uuid().unwrap()).as_str(), "67e55044-10b1-426f-9247-bb680e5fe0c8");
/// assert!("67e55044".parse::<Uuid>().is_err());
/// assert!(serde_json::from_str::<Uuid>(r#""A-17""#).unwrap().to_uuid().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uuid(KeptText);

kept_text!(Uuid shown);

impl Uuid {
    /// Parses the text; a server's text that is no UUID is an error here and only here.
    pub fn to_uuid(&self) -> Result<uuid::Uuid, uuid::Error> {
        self.as_str().parse()
    }
}

impl From<uuid::Uuid> for Uuid {
    fn from(id: uuid::Uuid) -> Self {
        Self(id.hyphenated().to_string().into())
    }
}

impl FromStr for Uuid {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = uuid::Uuid::from_str(text)?;
        // The library takes more forms than RFC 9562 has; only the one form is sent.
        let is_hyphenated = text.len() == uuid::fmt::Hyphenated::LENGTH;
        Ok(if is_hyphenated { Self(text.into()) } else { Self::from(id) })
    }
}
