//! `x-rust-type`: an overlay decides what a text or a number becomes in Rust.

use driftline_specs::{Contract, pointer};
use serde_json::Value;

use super::Error;
use super::view::View;
use crate::ir::Type;

const KEY: &str = "x-rust-type";

/// What a number can become, and a text.
const NUMBERS: &[(&str, Type)] =
    &[("i64", Type::Integer), ("u64", Type::Unsigned), ("f64", Type::Float), ("Number", Type::Number)];
const TEXTS: &[(&str, Type)] = &[("String", Type::String)];

/// The type that a schema asks for. What it asks for in vain was an error before.
pub(super) fn of(view: &View<'_>) -> Option<Type> {
    let wanted = view.extension(KEY)?.as_str()?;
    let known = NUMBERS.iter().chain(TEXTS).find(|(name, _)| *name == wanted);
    known.map(|(_, ty)| ty.clone())
}

/// Checks every place that asks for a type.
///
/// # Errors
///
/// Fails with the first place whose schema cannot become what is asked for.
pub(super) fn check(contract: &Contract) -> Result<(), Error> {
    let mut open = vec![("#".to_owned(), contract.document())];
    while let Some((place, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(wanted) = members.get(KEY) {
                    check_schema(&place, wanted, value)?;
                }
                // What stands in examples and the like is no schema.
                let inner = members.iter().filter(|(key, _)| !is_value(key));
                open.extend(
                    inner
                        .filter(|(_, value)| holds(value))
                        .map(|(key, value)| (pointer::join(&place, key), value)),
                );
            }
            Value::Array(items) => {
                let inner = items.iter().enumerate().filter(|(_, value)| holds(value));
                open.extend(inner.map(|(index, value)| (format!("{place}/{index}"), value)));
            }
            _ => {}
        }
    }
    Ok(())
}

fn holds(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

fn is_value(key: &str) -> bool {
    matches!(key, "example" | "examples" | "x-examples" | "default" | "enum")
}

fn check_schema(place: &str, wanted: &Value, schema: &Value) -> Result<(), Error> {
    let (possible, words) = match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number") => (NUMBERS, "i64, u64, f64 or Number"),
        Some("string") => (TEXTS, "String"),
        _ => (&[] as &[_], "it on a schema of `type: string`, `integer` or `number`"),
    };
    let wanted = wanted.as_str().map_or_else(|| wanted.to_string(), str::to_owned);
    if possible.iter().any(|(name, _)| *name == wanted) {
        return Ok(());
    }
    Err(Error::RustType { pointer: place.to_owned(), wanted, possible: words })
}
