//! From a generated case to a request: parameters to their places, the body to its media type.
//!
//! A case is one JSON object with the members `path`, `query`, `header`, `cookie` and `body`, each but the
//! last an object of parameters by name. Path parameters that come from another operation's answer are
//! given separately.

use std::collections::BTreeMap;

use driftline_specs::{Contract, Operation, ParameterLocation};
use serde_json::Value;

use super::{Request, body, style};

/// Path parameters whose values came from the endpoint.
pub type PathValues = BTreeMap<String, String>;

/// Returns the request for a case of an operation.
///
/// `media_type` is the place of the body's media type in the contract's list. Path parameters without a
/// value in either source are left as they stand in the template.
#[must_use]
pub fn assemble(
    contract: &Contract,
    operation: &Operation,
    media_type: Option<usize>,
    case: &Value,
    bound: &PathValues,
) -> Request {
    let mut path = operation.path.clone();
    let mut query = Vec::new();
    let mut headers = Vec::new();
    let mut cookies = Vec::new();
    for parameter in &operation.parameters {
        let value = case.get(parameter.location.as_str()).and_then(|it| it.get(&parameter.name));
        match parameter.location {
            ParameterLocation::Path => {
                let text = match (bound.get(&parameter.name), value) {
                    (Some(bound), _) => style::simple(parameter, &Value::String(bound.clone())),
                    (None, Some(value)) => style::simple(parameter, value),
                    (None, None) => continue,
                };
                path = path.replace(&format!("{{{}}}", parameter.name), &text);
            }
            ParameterLocation::Query => {
                query.extend(value.into_iter().flat_map(|value| style::pairs(parameter, value)));
            }
            ParameterLocation::Header => {
                headers.extend(value.map(|value| {
                    (parameter.name.clone(), style::simple(parameter, value).trim().to_owned())
                }));
            }
            ParameterLocation::Cookie => {
                cookies.extend(value.into_iter().flat_map(|value| style::pairs(parameter, value)));
            }
        }
    }
    if !cookies.is_empty() {
        headers.push(("Cookie".to_owned(), join(cookies, "; ")));
    }
    let content = operation.request_body.as_ref().zip(media_type).zip(case.get("body"));
    let body = content.and_then(|((request_body, index), value)| {
        let media_type = request_body.content.get(index)?;
        let place = media_type.schema.as_ref().map(|schema| schema.pointer.clone());
        let binary = |name: &str| {
            let property = place.as_ref().map(|place| {
                driftline_specs::pointer::join(&driftline_specs::pointer::join(place, "properties"), name)
            });
            let format = property.and_then(|it| contract.resolve(&it)).map(|(_, schema)| {
                let items = schema.get("items").unwrap_or(schema);
                items.get("format").and_then(Value::as_str) == Some("binary")
            });
            format.unwrap_or(false)
        };
        Some(body::serialise(&media_type.name, value, &binary))
    });
    Request {
        operation_id: operation.id.clone(),
        method: operation.method,
        template: operation.path.clone(),
        path,
        query: join(query, "&"),
        headers,
        body,
    }
}

fn join(pairs: Vec<(String, String)>, separator: &str) -> String {
    pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(separator)
}
