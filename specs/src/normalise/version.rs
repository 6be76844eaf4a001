//! Which version of OpenAPI a document is written in, and which of them are read.

use serde_json::Value;

use crate::error::{Error, Fault};
use crate::lineage::Lineage;

/// A supported version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// Swagger 2.0.
    V2_0,
    /// OpenAPI 3.0.
    V3_0,
    /// OpenAPI 3.1 and 3.2, whose schemas are those of JSON Schema 2020-12.
    V3_1,
}

const SUPPORTED: &str = "Swagger 2.0, or OpenAPI 3.0.x, 3.1.x or 3.2.x";

/// Decides the version of a document, before anything else is said about it.
pub(crate) fn version(document: &Value, lineage: &Lineage) -> Result<Version, Error> {
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
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), |it| it.trim().to_owned());
    let is = |version: &str, minor: &str| {
        version
            .strip_prefix(minor)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || rest.starts_with('-'))
    };
    match (members.get("openapi").map(text), members.get("swagger").map(text)) {
        (Some(version), _) if is(&version, "3.0") || version == "3" => Ok(Version::V3_0),
        (Some(version), _) if is(&version, "3.1") || is(&version, "3.2") => Ok(Version::V3_1),
        (None, Some(version)) if version == "2.0" || version == "2" => Ok(Version::V2_0),
        (Some(version), _) => refused(
            "#/openapi",
            format!("OpenAPI {} is not supported", shortened(&version)),
            "publish a form of the document in a version that is",
        ),
        (None, Some(version)) => refused(
            "#/swagger",
            format!("Swagger {} is not supported", shortened(&version)),
            "convert the document to Swagger 2.0 or to OpenAPI",
        ),
        (None, None) => refused(
            "#",
            "the document states no OpenAPI version".into(),
            "add `openapi: 3.0.3` at the top if this is an OpenAPI document",
        ),
    }
}

fn shortened(version: &str) -> String {
    version.chars().take(20).collect()
}
