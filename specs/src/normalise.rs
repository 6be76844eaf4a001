//! Brings a document into the one form that everything behind it reads: OpenAPI 3.0 that the `openapiv3` crate
//! takes without losing a keyword.
//!
//! `version` decides by the document's version what has to be done; a version that is not supported yet is refused
//! there by name. What a vendor wrote is kept: a member that has to be changed stays beside it under an `x-` key.

mod fill;
mod siblings;
mod version;

use serde_json::Value;

use crate::error::Error;
use crate::lineage::Lineage;

pub(crate) use version::refuse_unsupported;

/// Normalises a document whose references have been checked.
pub(crate) fn normalise(document: &mut Value, lineage: &mut Lineage) -> Result<(), Error> {
    match version::of(document, lineage)? {
        version::Version::V3_0 => {
            fill::missing_members(document);
            siblings::wrap(document, lineage);
        }
    }
    Ok(())
}
