//! The security that holds for an operation: its own, or the document's.

use serde_json::Value;

use super::table::{Reader, strings};
use crate::error::Error;
use crate::operation::SecurityRequirement;
use crate::pointer;

/// Returns the alternatives; see [`Operation::security`](crate::Operation::security).
pub(super) fn effective(
    reader: &Reader<'_>,
    operation: &str,
) -> Result<Vec<Vec<SecurityRequirement>>, Error> {
    let own = pointer::join(operation, "security");
    let at = if reader.value(&own).is_some() { own } else { "#/security".to_owned() };
    let Some(alternatives) = reader.value(&at).and_then(Value::as_array) else {
        return Ok(Vec::new());
    };
    if alternatives.is_empty() {
        // An empty list takes away what the document demands: anonymous requests are allowed.
        return Ok(vec![Vec::new()]);
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
                .map(|(scheme, scopes)| requirement(reader, &at, scheme, scopes))
                .collect()
        })
        .collect()
}

fn requirement(
    reader: &Reader<'_>,
    at: &str,
    scheme: &str,
    scopes: &Value,
) -> Result<SecurityRequirement, Error> {
    if reader.object(&pointer::join("#/components/securitySchemes", scheme)).is_none() {
        return Err(reader
            .fault(&pointer::join(at, scheme), format!("the security scheme {scheme:?} is not defined"))
            .expecting(format!("#/components/securitySchemes/{scheme}"))
            .advise("define the scheme, or correct the name with an overlay action")
            .into(Error::Structure));
    }
    Ok(SecurityRequirement { scheme: scheme.to_owned(), scopes: strings(Some(scopes)) })
}
