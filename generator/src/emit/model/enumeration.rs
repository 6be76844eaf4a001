//! Enums, which stay open: of strings, and of numbers and values of several types.

use serde_json::Value;

use super::rule::rules;
use super::words;
use crate::emit::source::{Source, literal};
use crate::ir::{TypeDef, ValueVariant, Variant};
use crate::text::code;

/// Writes an enum of strings.
pub(super) fn strings(source: &mut Source, definition: &TypeDef, variants: &[Variant]) {
    let documented = variants.iter().map(|variant| (&variant.name, code(&variant.value), &variant.docs));
    declaration(source, definition, documented, "Unrecognized");
    let entries = variants.iter().map(|variant| format!("{} = {}", variant.name, literal(&variant.value)));
    source.constrained_call("open_enum", &definition.name, entries, rules(&definition.rules));
}

/// Writes an enum of listed values.
pub(super) fn values(source: &mut Source, definition: &TypeDef, variants: &[ValueVariant]) {
    let documented =
        variants.iter().map(|variant| (&variant.name, code(&variant.value.to_string()), &variant.docs));
    declaration(source, definition, documented, "UnrecognizedValue");
    let entries = variants.iter().map(|variant| format!("{} = {}", variant.name, entry(&variant.value)));
    source.call("open_values", &definition.name, entries);
}

fn declaration<'v>(
    source: &mut Source,
    definition: &TypeDef,
    variants: impl Iterator<Item = (&'v String, String, &'v Vec<String>)>,
    unrecognized: &str,
) {
    words(source, definition);
    source.deprecated(definition.deprecated);
    source.line(format_args!("#[derive(Debug, Clone, PartialEq, Eq, Hash)]"));
    source.line(format_args!("#[non_exhaustive]"));
    source.open(format_args!("pub enum {} {{", definition.name));
    for (name, value, docs) in variants {
        if !docs.is_empty() {
            source.docs(docs);
            source.docs(&[String::new()]);
        }
        source.doc(format_args!("`{value}`."));
        source.line(format_args!("{name},"));
    }
    source.doc(format_args!("A value that the contract did not list when this crate was generated."));
    source.line(format_args!("Unrecognized({unrecognized}),"));
    source.close("}");
}

/// A value as the runtime's `Literal`.
fn entry(value: &Value) -> String {
    match value {
        Value::String(text) => format!("Text({})", literal(text)),
        Value::Bool(value) => format!("Boolean({value})"),
        Value::Number(number) if number.is_i64() => format!("Integer({number})"),
        Value::Number(number) if number.is_u64() => format!("Unsigned({number})"),
        // A float prints with a fraction or an exponent, as Rust's literals need it.
        other => format!("Number({:?})", other.as_f64().unwrap_or_default()),
    }
}
