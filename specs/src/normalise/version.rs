//! Which version of OpenAPI a document is written in, and which of them are read.
//!
//! This is the switch that a normaliser for another version is added to.

use serde_json::Value;

use crate::error::{Error, Fault};
use crate::lineage::Lineage;

/// A supported version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V3_0,
}

const SUPPORTED: &str = "OpenAPI 3.0.x";

/// Decides the version of a document.
pub(super) fn of(document: &Value, lineage: &Lineage) -> Result<Version, Error> {
    let refused = |pointer: &str, problem: String, advice: &str| {
        Err(Fault::new(problem)
            .at(lineage.place(pointer))
            .expecting(SUPPORTED)
            .advise(advice)
            .into(Error::Version))
    };
    let Some(members) = document.as_object() else {
        return refused(
            "#",
            "the document is not an object".into(),
            "check that this is an OpenAPI document",
        );
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (members.get("openapi").map(text), members.get("swagger").map(text)) {
        (Some(version), _) if version == "3.0" || version.starts_with("3.0.") => Ok(Version::V3_0),
        (Some(version), _) => refused(
            "#/openapi",
            format!("OpenAPI {version} is not supported"),
            "convert the document to 3.0, or publish a 3.0 form of it",
        ),
        (None, Some(version)) => refused(
            "#/swagger",
            format!("Swagger {version} is not supported"),
            "convert the document to OpenAPI 3.0",
        ),
        (None, None) => refused(
            "#",
            "the document states no OpenAPI version".into(),
            "add `openapi: 3.0.3` at the top if this is an OpenAPI document",
        ),
    }
}

/// Refuses a document whose version is not supported, before anything else is said about it.
pub(crate) fn refuse_unsupported(document: &Value, lineage: &Lineage) -> Result<(), Error> {
    of(document, lineage).map(drop)
}
