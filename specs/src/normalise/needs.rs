//! What a document has that steps of its own take care of. Most documents have none of it, and one look is enough.

use serde_json::Value;

use crate::grammar::{self, Kind};

/// What was found in a document.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Needs {
    /// Schemas with names of their own, or references by such names.
    pub(crate) names: bool,
    /// Definitions inside of schemas.
    pub(crate) hoisting: bool,
    /// References to other files.
    pub(crate) files: bool,
    /// Path Items and Media Types that are references.
    pub(crate) inlining: bool,
}

impl Needs {
    /// Looks through a document.
    pub(crate) fn of(document: &Value) -> Self {
        let mut needs = Self::default();
        grammar::walk(document, &mut |_, site| {
            for key in site.value.as_object().into_iter().flat_map(|members| members.keys()) {
                match (site.kind, key.as_str()) {
                    (Kind::Schema, "$defs" | "definitions") => (needs.names, needs.hoisting) = (true, true),
                    (Kind::PathItem | Kind::MediaType, "$ref") => needs.inlining = true,
                    (Kind::Schema, "discriminator") => needs.files |= has_file_mapping(site.value),
                    (Kind::Schema, key) if key.starts_with('$') && key != "$ref" => needs.names = true,
                    _ => {}
                }
            }
            // A name that is no pointer may be that of a schema.
            if let Some(target) = site.reference() {
                needs.files |= !target.starts_with('#');
            }
        });
        needs
    }
}

/// Whether a value of `discriminator.mapping` is a reference and not a schema's name.
pub(crate) fn is_reference(value: &str) -> bool {
    value.contains('#') || [".yaml", ".yml", ".json"].iter().any(|extension| value.ends_with(extension))
}

/// Whether the mapping of a schema's discriminator has references.
pub(crate) fn has_file_mapping(value: &Value) -> bool {
    value
        .get("discriminator")
        .and_then(|discriminator| discriminator.get("mapping")?.as_object())
        .is_some_and(|mapping| mapping.values().filter_map(Value::as_str).any(is_reference))
}
