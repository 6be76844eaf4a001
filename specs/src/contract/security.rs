//! The security that holds for an operation: its own, or the document's.

use serde_json::Value;

use super::table::{Place, Reader, strings};
use crate::operation::SecurityRequirement;
use crate::pointer;

/// Returns the alternatives; see [`Operation::security`](crate::Operation::security).
pub(super) fn effective<'d>(reader: &Reader<'d>, operation: &Place<'d>) -> Vec<Vec<SecurityRequirement>> {
    let Some(Place { pointer: at, value }) =
        operation.member("security").or_else(|| reader.document().member("security"))
    else {
        return Vec::new();
    };
    let Some(alternatives) = value.as_array() else { return Vec::new() };
    if alternatives.is_empty() {
        // An empty list takes away what the document demands: anonymous requests are allowed.
        return vec![Vec::new()];
    }
    alternatives
        .iter()
        .enumerate()
        .map(|(index, alternative)| {
            let at = pointer::join(&at, &index.to_string());
            alternative
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(scheme, scopes)| requirement(reader, &at, scheme, scopes))
                .collect()
        })
        .collect()
}

/// A requirement for a scheme that nobody defines says nothing that a client could do.
fn requirement(reader: &Reader<'_>, at: &str, scheme: &str, scopes: &Value) -> Option<SecurityRequirement> {
    if reader.object(&pointer::join("#/components/securitySchemes", scheme)).is_none() {
        reader.mend(
            &pointer::join(at, scheme),
            format!(
                "the security scheme {scheme:?} is not defined; nothing is sent for it \
                 (expected #/components/securitySchemes/{scheme})"
            ),
        );
        return None;
    }
    Some(SecurityRequirement { scheme: scheme.to_owned(), scopes: strings(Some(scopes)) })
}
