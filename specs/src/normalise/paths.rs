//! What a path says and its operations do not: parameters of the template that nobody declares are texts.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::lineage::Lineage;
use crate::operation::Method;
use crate::{pointer, reference};

/// The longest path that is read, in bytes.
pub(crate) const MAX_PATH: usize = 8 * 1024;

/// Declares the parameters that a path has and its operations lack.
pub(super) fn imply_parameters(document: &mut Value, lineage: &mut Lineage) {
    let mut missing: Vec<(String, String)> = Vec::new();
    let mut seen = HashSet::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for path in
        paths.into_iter().flat_map(Map::keys).filter(|path| path.contains('{') && path.len() <= MAX_PATH)
    {
        let written = pointer::join("#/paths", path);
        let Some((item, value)) = reference::resolve(document, &written) else { continue };
        let shared = path_parameters(document, value);
        for method in Method::ALL {
            let Some(operation) = value.get(method.as_key()).filter(|it| it.is_object()) else { continue };
            let own = path_parameters(document, operation);
            let Some((shared, own)) = shared.as_ref().zip(own.as_ref()) else { continue };
            for name in template_names(path) {
                if !shared.contains(name) && !own.contains(name) {
                    let at = pointer::join(&item, method.as_key());
                    if seen.insert((at.clone(), name.to_owned())) {
                        missing.push((at, name.to_owned()));
                    }
                }
            }
        }
    }
    for (at, name) in missing {
        lineage
            .mend(&at, format!("the path has {{{name}}}, which no parameter declares; it is taken as text"));
        let members = pointer::tokens(&at).and_then(|tokens| pointer::lookup_mut(document, &tokens));
        let Some(Value::Object(members)) = members else { continue };
        let parameters = members.entry("parameters").or_insert_with(|| json!([]));
        if let Value::Array(parameters) = parameters {
            parameters
                .push(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
        }
    }
}

/// The names of the path parameters that an object declares; `None` when one of them cannot be read.
fn path_parameters<'d>(document: &'d Value, owner: &'d Value) -> Option<HashSet<&'d str>> {
    let mut names = HashSet::new();
    for parameter in owner.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        let parameter = match parameter.get("$ref").and_then(Value::as_str) {
            Some(target) => reference::resolve(document, target)?.1,
            None => parameter,
        };
        if parameter.get("in").and_then(Value::as_str) == Some("path") {
            names.extend(parameter.get("name").and_then(Value::as_str));
        }
    }
    Some(names)
}

/// The names in the braces of a path template.
pub(crate) fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .filter(|name| !name.is_empty())
}
