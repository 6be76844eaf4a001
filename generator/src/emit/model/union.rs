//! Unions: an enum with a variant a type, which stays open.

use super::rule::rules;
use super::words;
use crate::emit::source::{Source, literal};
use crate::emit::types::rust;
use crate::ir::{TypeDef, Union};
use crate::text::code;

/// Writes a union.
pub(super) fn one_of(source: &mut Source, definition: &TypeDef, union: &Union) {
    let name = &definition.name;
    words(source, definition);
    source.deprecated(definition.deprecated);
    source.line(format_args!("#[derive(Debug, Clone, PartialEq)]"));
    source.line(format_args!("#[non_exhaustive]"));
    source.open(format_args!("pub enum {name} {{"));
    for variant in &union.variants {
        match variant.tags.first() {
            Some(tag) => source.docs_or(&variant.docs, format_args!("Tagged `{}`.", code(tag))),
            None => {
                source.docs_or(&variant.docs, format_args!("A value of the JSON type {}.", variant.kind));
            }
        }
        source.line(format_args!("{}({}),", variant.name, rust(&variant.ty)));
    }
    source.doc(format_args!("A value that belongs to none of the documented forms."));
    source.line(format_args!("Unrecognized(UnrecognizedValue),"));
    source.close("}");

    let list = |names: &[String], separator: &str| {
        names.iter().map(|name| literal(name)).collect::<Vec<_>>().join(separator)
    };
    match &union.tag {
        Some(tag) => {
            let mut subject = format!("{name} by {}", literal(tag));
            if let Some(otherwise) = &union.otherwise {
                subject.push_str(&format!(" or {otherwise}"));
            }
            let entries = union.variants.iter().map(|variant| match variant.tags.as_slice() {
                [] => variant.name.clone(),
                tags => format!("{} = {}", variant.name, list(tags, " | ")),
            });
            source.constrained_call("union", &subject, entries, rules(&definition.rules));
        }
        None => {
            let entries = union.variants.iter().map(|variant| {
                let (required, declared) = (list(&variant.required, ", "), list(&variant.declared, ", "));
                let mut entry = format!("{}: {} [{required}] [{declared}]", variant.name, variant.kind);
                if !variant.constants.is_empty() {
                    let constants = variant.constants.iter();
                    let constants = constants
                        .map(|(name, values)| format!("{} = {}", literal(name), list(values, " | ")));
                    entry.push_str(&format!(" ({})", constants.collect::<Vec<_>>().join(", ")));
                }
                entry
            });
            source.constrained_call("union", name, entries, rules(&definition.rules));
        }
    }

    for variant in union.variants.iter().filter(|variant| variant.converts) {
        let ty = rust(&variant.ty);
        source.separate();
        source.open(format_args!("impl From<{ty}> for {name} {{"));
        source.open(format_args!("fn from(value: {ty}) -> Self {{"));
        source.line(format_args!("Self::{}(value)", variant.name));
        source.close("}");
        source.close("}");
    }
}
