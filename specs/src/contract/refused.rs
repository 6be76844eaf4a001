//! Operations that cannot be used leave the paths of the document, so that no reader of it meets them.

use serde_json::Value;

use crate::loss::Refusal;
use crate::operation::Method;
use crate::pointer;

/// Keeps each operation that a refusal is in under `x-refused-…`, where nothing reads it.
pub(super) fn take_out(document: &mut Value, refusals: &[Refusal]) {
    for refusal in refusals {
        // The pointer may be that of a part.
        let Some(tokens) = pointer::tokens(&refusal.pointer) else { continue };
        if let [paths, path, method, ..] = tokens.as_slice()
            && paths == "paths"
            && Method::from_key(method).is_some()
            && let Some(Value::Object(members)) = pointer::lookup_mut(document, &[paths, path])
            && let Some(operation) = members.shift_remove(method)
        {
            members.insert(format!("x-refused-{method}"), operation);
        }
    }
}
