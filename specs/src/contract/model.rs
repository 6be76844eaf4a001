//! Builds the typed model, and says where the document does not fit it.
//!
//! `openapiv3` reads much through untagged enums, whose errors say neither what nor where. When it refuses a
//! document, the objects in it are tried one by one from the outside in, and the innermost that fails is the one
//! that is reported.

use openapiv3::OpenAPI;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Fault};
use crate::grammar::{self, Kind, Site};
use crate::lineage::Lineage;
use crate::pointer;

/// Builds the model of a normalised document.
pub(super) fn build(document: &Value, lineage: &Lineage) -> Result<OpenAPI, Error> {
    OpenAPI::deserialize(document).map_err(|error| {
        let refusal = innermost(document).unwrap_or_else(|| Refusal {
            object: "#".to_owned(),
            place: "#".to_owned(),
            problem: error.to_string(),
            kind: Kind::Document,
        });
        Fault::new(format!("this does not fit OpenAPI 3.0: {}", refusal.problem))
            .at(lineage.place(&refusal.place))
            .expecting(format!("a valid {}", refusal.kind.name()))
            .advise("correct the document, or correct it with an overlay action")
            .into(Error::Structure)
    })
}

/// An object that `openapiv3` refuses.
struct Refusal {
    /// The pointer of the object.
    object: String,
    /// The pointer of the member in it that is to blame, as far as `openapiv3` tells.
    place: String,
    problem: String,
    kind: Kind,
}

/// Returns the innermost object that `openapiv3` refuses, and its reason.
fn innermost(document: &Value) -> Option<Refusal> {
    let mut found: Option<Refusal> = None;
    grammar::walk(document, &mut |pointer, site| {
        let inside = found.as_ref().is_none_or(|outer| is_inside(pointer, &outer.object));
        if inside && let Err((path, problem)) = attempt(site) {
            let place = path.iter().fold(pointer.to_owned(), |place, token| pointer::join(&place, token));
            found = Some(Refusal { object: pointer.to_owned(), place, problem, kind: site.kind });
        }
    });
    found
}

fn is_inside(pointer: &str, outer: &str) -> bool {
    outer == "#" || pointer.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

/// Tries one object as the type that `openapiv3` has for it; an error has a path inside the object.
fn attempt(site: Site<'_>) -> Result<(), (Vec<String>, String)> {
    if site.reference().is_some() {
        return Ok(());
    }
    match site.kind {
        Kind::Document => read::<OpenAPI>(site.value),
        Kind::Components => read::<openapiv3::Components>(site.value),
        Kind::PathItem => read::<openapiv3::PathItem>(site.value),
        Kind::Operation => read::<openapiv3::Operation>(site.value),
        Kind::Parameter => read::<openapiv3::Parameter>(site.value),
        Kind::Header => read::<openapiv3::Header>(site.value),
        Kind::RequestBody => read::<openapiv3::RequestBody>(site.value),
        Kind::Response => read::<openapiv3::Response>(site.value),
        Kind::MediaType => read::<openapiv3::MediaType>(site.value),
        Kind::Encoding => read::<openapiv3::Encoding>(site.value),
        Kind::Callback => read::<openapiv3::Callback>(site.value),
        Kind::Schema if site.value.is_boolean() => Ok(()),
        Kind::Schema => read::<openapiv3::Schema>(site.value),
        Kind::Example => read::<openapiv3::Example>(site.value),
        Kind::Link => read::<openapiv3::Link>(site.value),
        Kind::SecurityScheme => read::<openapiv3::SecurityScheme>(site.value),
    }
}

fn read<'v, T: Deserialize<'v>>(value: &'v Value) -> Result<(), (Vec<String>, String)> {
    serde_path_to_error::deserialize::<_, T>(value).map(drop).map_err(|error| {
        let path = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                serde_path_to_error::Segment::Seq { index } => Some(index.to_string()),
                serde_path_to_error::Segment::Map { key } => Some(key.clone()),
                _ => None,
            })
            .collect();
        (path, error.into_inner().to_string())
    })
}
