//! Keeps what stands beside a schema's `$ref`: description, `nullable`, extensions, constraints.
//!
//! OpenAPI 3.0 lets a reader ignore such siblings, and `openapiv3` drops them. Vendors mean them, and overlays
//! write them. `{$ref, nullable}` becomes `{allOf: [{$ref}], nullable}`, which every reader understands alike.

use serde_json::{Map, Value};

use crate::grammar::{self, Kind};
use crate::lineage::{Edit, Lineage};
use crate::pointer;

/// Wraps the `$ref` of every schema that has siblings.
pub(super) fn wrap(document: &mut Value, lineage: &mut Lineage) {
    let mut places = Vec::new();
    grammar::walk(document, &mut |pointer, site| {
        if site.kind == Kind::Schema
            && site.reference().is_some()
            && site.value.as_object().is_some_and(|members| members.len() > 1)
        {
            places.extend(pointer::tokens(pointer));
        }
    });
    // Outer schemas come first, and wrapping one does not move what is inside it.
    for at in places {
        let Some(Value::Object(members)) = pointer::lookup_mut(document, &at) else { continue };
        if let Some(index) = wrap_reference(members) {
            lineage.record(Edit::Wrapped { at, index });
        }
    }
}

fn wrap_reference(members: &mut Map<String, Value>) -> Option<usize> {
    let reference = members.shift_remove("$ref")?;
    let wrapped = Value::Object(Map::from_iter([("$ref".to_owned(), reference)]));
    match members.get_mut("allOf") {
        Some(Value::Array(all_of)) => {
            all_of.push(wrapped);
            Some(all_of.len() - 1)
        }
        _ => {
            members.insert("allOf".to_owned(), Value::Array(vec![wrapped]));
            Some(0)
        }
    }
}
