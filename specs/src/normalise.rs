//! Brings a document into the one form that everything behind it reads: OpenAPI 3.0 that the `openapiv3` crate
//! takes without losing a keyword.
//!
//! `version` decides by the document's version what has to be done. Swagger 2.0 has a form of its own and is turned
//! over as a whole (`swagger`); what 3.1 and 3.2 add is taken apart object by object (`newer`, `schema`). Then the
//! habits of vendors are mended, whatever the version (`shape`, `root`, `fill`, `references`, `paths`).
//!
//! What a vendor wrote is kept: a member that has to be changed stays beside it under an `x-` key. What cannot be
//! said, and what had to be mended, is noted as a loss with its place.

mod copies;
mod definitions;
mod fill;
mod needs;
mod newer;
pub(crate) mod paths;
pub(crate) mod references;
mod root;
mod schema;
mod shape;
mod siblings;
mod swagger;
mod version;

use std::collections::HashMap;

use serde_json::Value;

use crate::error::Fault;
use crate::grammar::{self, Kind};
use crate::lineage::Lineage;
use crate::loss::Refusal;

pub(crate) use copies::Copies;
pub(crate) use definitions::resolve_names;
pub(crate) use needs::{Needs, has_file_mapping, is_reference};
pub(crate) use version::{Version, version};

/// Normalises a document whose neighbours have been bundled into it. Returns the operations that 3.0 has no place for.
///
/// `unread` are the references that could not be followed, by their texts.
pub(crate) fn normalise(
    document: &mut Value,
    version: Version,
    needs: Needs,
    unread: &HashMap<String, Fault>,
    lineage: &mut Lineage,
) -> Vec<Refusal> {
    if version == Version::V2_0 {
        swagger::convert(document, lineage);
    }
    if needs.inlining {
        newer::inline(document, lineage);
    }
    let foreign = newer::foreign_methods(document);
    if needs.hoisting {
        definitions::hoist(document, lineage);
    }
    grammar::transform(document, &mut |place, kind, value| {
        newer::rewrite(place, kind, value, lineage);
        if kind == Kind::Schema {
            schema::rewrite(place, value, lineage);
        }
        shape::fit(place, kind, value, lineage);
        fill::missing_members(place, kind, value);
    });
    root::mend(document, lineage);
    references::mend(document, unread, lineage);
    paths::imply_parameters(document, lineage);
    foreign.into_iter().map(|(operation, pointer, reason)| Refusal { operation, pointer, reason }).collect()
}
