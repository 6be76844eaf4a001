//! Keeps what stands beside a schema's `$ref`: description, `nullable`, extensions, constraints.
//!
//! OpenAPI 3.0 lets a reader ignore such siblings, and `openapiv3` drops them. Vendors mean them, overlays write
//! them, and 3.1 gives them their meaning. `{$ref, nullable}` becomes `{allOf: [{$ref}], nullable}`, which every
//! reader understands alike.

use serde_json::{Map, Value};

use super::schema::Schema;
use crate::pointer;

/// Wraps the `$ref` of a schema that has siblings.
pub(super) fn wrap(schema: &mut Schema<'_>) {
    let Some(reference) = schema.members.shift_remove("$ref") else { return };
    let wrapped = Value::Object(Map::from_iter([("$ref".to_owned(), reference)]));
    let index = match schema.members.get_mut("allOf") {
        Some(Value::Array(all_of)) => {
            all_of.push(wrapped);
            all_of.len() - 1
        }
        _ => {
            schema.members.insert("allOf".to_owned(), Value::Array(vec![wrapped]));
            0
        }
    };
    let at = pointer::join(&pointer::join(schema.place, "allOf"), &index.to_string());
    schema.lineage.moved(&at, schema.place);
}
