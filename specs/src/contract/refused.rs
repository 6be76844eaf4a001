//! Operations that cannot be used leave the paths of the document, so that no reader of it meets them.

use std::collections::HashSet;

use serde_json::Value;

use crate::operation::{Method, Operation};
use crate::pointer;

/// Keeps each operation that is not one of `operations` under `x-refused-…`, where nothing reads it.
///
/// What is wrong with a refused one may stand elsewhere, even in another operation, so its refusal does not lead to it.
pub(super) fn take_out(document: &mut Value, operations: &[Operation]) {
    let usable: HashSet<&str> = operations.iter().map(|operation| operation.pointer.as_str()).collect();
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    for (path, item) in paths.iter_mut().filter(|(path, _)| !path.starts_with("x-")) {
        let Value::Object(members) = item else { continue };
        let place = pointer::join("#/paths", path);
        let refused: Vec<String> = members
            .keys()
            .filter(|key| Method::from_key(key).is_some())
            .filter(|key| !usable.contains(pointer::join(&place, key).as_str()))
            .cloned()
            .collect();
        for method in refused {
            if let Some(operation) = members.shift_remove(&method) {
                members.insert(format!("x-refused-{method}"), operation);
            }
        }
    }
}
