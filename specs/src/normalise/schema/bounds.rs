//! `exclusiveMinimum` and `exclusiveMaximum`: a number of its own in JSON Schema 2020-12, a flag beside the bound in
//! OpenAPI 3.0.

use serde_json::{Value, json};

use super::Schema;

pub(super) fn rewrite(schema: &mut Schema<'_>) {
    for (exclusive, inclusive, above) in
        [("exclusiveMinimum", "minimum", true), ("exclusiveMaximum", "maximum", false)]
    {
        let Some(Value::Number(bound)) = schema.members.get(exclusive).cloned() else { continue };
        let other = schema.members.get(inclusive).and_then(Value::as_f64);
        // Of two bounds the narrower one counts.
        let other_is_narrower = other
            .zip(bound.as_f64())
            .is_some_and(|(other, bound)| if above { other > bound } else { other < bound });
        if other_is_narrower {
            schema.members.shift_remove(exclusive);
        } else {
            let (at, from) = (schema.at(inclusive), schema.at(exclusive));
            schema.lineage.moved(&at, &from);
            schema.set(inclusive, Value::Number(bound));
            schema.set(exclusive, json!(true));
        }
    }
}
