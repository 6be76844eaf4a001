//! What the cases of an operation are made of: its parameters by location, and its body.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use driftline_specs::{Operation, Parameter, ParameterLocation};
use serde_json::json;

use crate::strategy::{Node, Shape};

/// Returns the parameters that are generated here.
pub(in crate::engine) fn generated<'o>(
    operation: &'o Operation,
    linked: &'o BTreeSet<String>,
) -> impl Iterator<Item = &'o Parameter> {
    let cursor = operation.pagination.as_ref().and_then(|it| it.cursor.as_deref());
    operation.parameters.iter().filter(move |parameter| match parameter.location {
        ParameterLocation::Path => !linked.contains(&parameter.name),
        // A cursor means something only when the endpoint gave it.
        ParameterLocation::Query => Some(parameter.name.as_str()) != cursor,
        // OpenAPI 3.0, Parameter Object: these are described elsewhere and ignored here.
        ParameterLocation::Header => {
            !["accept", "content-type", "authorization"].contains(&parameter.name.to_lowercase().as_str())
        }
        ParameterLocation::Cookie => true,
    })
}

/// Returns the node of all cases of an operation with one media type.
pub(super) fn node(operation: &Operation, media_type: Option<usize>, linked: &BTreeSet<String>) -> Node {
    let mut groups: BTreeMap<&str, Vec<(String, Node, bool)>> = BTreeMap::new();
    for parameter in generated(operation, linked) {
        let schema = match &parameter.schema {
            Some(schema) => Node::at(&schema.pointer),
            None => Node::Fixed(json!("text")),
        };
        let group = groups.entry(parameter.location.as_str()).or_default();
        group.push((parameter.name.clone(), schema, parameter.required));
    }
    let mut properties: Vec<(String, Node, bool)> = groups
        .into_iter()
        .map(|(name, group)| (name.to_owned(), Node::Shape(Arc::new(Shape::object(group))), true))
        .collect();
    let body = operation.request_body.as_ref();
    if let Some((body, media_type)) = body.and_then(|body| Some((body, body.content.get(media_type?)?))) {
        let schema = match &media_type.schema {
            Some(schema) => Node::at(&schema.pointer),
            None => Node::Fixed(json!({})),
        };
        properties.push(("body".to_owned(), schema, body.required));
    }
    Node::Shape(Arc::new(Shape::object(properties)))
}
