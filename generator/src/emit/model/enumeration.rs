//! Enums of strings, which stay open.

use super::words;
use crate::emit::source::{Source, literal};
use crate::ir::{TypeDef, Variant};
use crate::text::code;

/// Writes an enum of strings.
pub(super) fn strings(source: &mut Source, definition: &TypeDef, variants: &[Variant]) {
    words(source, definition);
    source.deprecated(definition.deprecated);
    source.line(format_args!("#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]"));
    source.line(format_args!("#[non_exhaustive]"));
    source.open(format_args!("pub enum {} {{", definition.name));
    for variant in variants {
        source.doc(format_args!("`{}`.", code(&variant.value)));
        source.line(format_args!("{},", variant.name));
    }
    source.doc(format_args!("A value that the contract did not list when this crate was generated."));
    source.line(format_args!("Unrecognized(Unrecognized),"));
    source.close("}");
    let entries = variants.iter().map(|variant| format!("{} = {}", variant.name, literal(&variant.value)));
    source.call("open_enum", &definition.name, entries);
}
