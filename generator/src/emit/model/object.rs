//! Objects: a struct, its JSON form, `new` with what is required and setters where a request can hold it.

use super::rule::rules;
use super::words;
use crate::emit::source::{Source, literal};
use crate::emit::types::{argument, field_type, rust};
use crate::ir::{Constant, Field, Presence, Struct, Type, TypeDef, TypeKind};
use crate::text::{code, first_sentence};

/// Writes an object.
pub(super) fn object(source: &mut Source, definition: &TypeDef, object: &Struct) {
    structure(source, definition, object);
    let entries = object.fields.iter().map(|field| {
        let presence = match field.presence {
            Presence::Required if field.is_list => "list",
            Presence::Required => "required",
            Presence::Optional => "optional",
            Presence::Nullable => "nullable",
        };
        let suffix = if field.integers { "_integers" } else { "" };
        format!("{presence}{suffix} {} = {}", field.name, literal(&field.property))
    });
    let only = if object.additional.is_none() { " only" } else { "" };
    let subject = format!("{}{only}", definition.name);
    source.constrained_call("object", &subject, entries, rules(&definition.rules));
    constructors(source, definition, object);
}

/// Writes the struct itself.
pub(super) fn structure(source: &mut Source, definition: &TypeDef, object: &Struct) {
    words(source, definition);
    source.deprecated(definition.deprecated);
    let default = if definition.kind.has_default() { ", Default" } else { "" };
    source.line(format_args!("#[derive(Debug, Clone, PartialEq{default})]"));
    source.line(format_args!("#[non_exhaustive]"));
    source.open(format_args!("pub struct {} {{", definition.name));
    for field in &object.fields {
        source.docs_or(&field.docs, format_args!("The property `{}`.", code(&field.property)));
        if !field.docs.is_empty() {
            source.wire_name(&field.name, &field.property, "the contract");
        }
        source.deprecated(field.deprecated);
        source.line(format_args!("pub {}: {},", field.name, field_type(field)));
    }
    if let Some(additional) = object.additional.as_ref().filter(|_| keeps(definition)) {
        source.doc(format_args!("Properties that the contract does not declare, kept as they came."));
        match additional {
            Type::Any => source.line(format_args!("pub additional_properties: AdditionalProperties,")),
            other => {
                source.line(format_args!("pub additional_properties: AdditionalProperties<{}>,", rust(other)))
            }
        }
    }
    source.close("}");
}

/// Tells whether values of the type are read, so that something can be kept.
fn keeps(definition: &TypeDef) -> bool {
    !matches!(definition.kind, TypeKind::Form(_))
}

/// Writes `new` with the required properties, and a setter for each other one where a request can hold the type.
pub(super) fn constructors(source: &mut Source, definition: &TypeDef, object: &Struct) {
    let mut needs_nothing = false;
    source.separate();
    source.open(format_args!("impl {} {{", definition.name));
    if definition.kind.has_default() {
        source.doc(format_args!("Returns a value in which nothing is set."));
        source.function("pub fn new", &[], " -> Self");
        source.line(format_args!("Self::default()"));
    } else {
        let mut arguments = Vec::new();
        let mut values = Vec::new();
        for Field { name, ty, presence, constant, .. } in &object.fields {
            if let Some(constant) = constant {
                values.push(match constant {
                    Constant::Boolean(value) => format!("{name}: {value}"),
                    Constant::Variant(variant) => format!("{name}: {}::{variant}", rust(ty)),
                });
            } else if *presence == Presence::Required {
                let (ty, value) = argument(rust(ty), name);
                arguments.push(format!("{name}: {ty}"));
                values.push(if value == *name { value } else { format!("{name}: {value}") });
            } else {
                values.push(format!("{name}: None"));
            }
        }
        if object.additional.is_some() && keeps(definition) {
            values.push("additional_properties: AdditionalProperties::default()".to_owned());
        }
        source.doc(format_args!("Returns a value in which only what is required is set."));
        source.function("pub fn new", &arguments, " -> Self");
        source.value("Self", &values);
        needs_nothing = arguments.is_empty();
    }
    source.close("}");
    if definition.in_request {
        object.fields.iter().for_each(|field| setter(source, field));
    }
    source.close("}");
    if needs_nothing {
        source.separate();
        source.open(format_args!("impl Default for {} {{", definition.name));
        source.function("fn default", &[], " -> Self");
        source.line(format_args!("Self::new()"));
        source.close("}");
        source.close("}");
    }
}

fn setter(source: &mut Source, field: &Field) {
    let name = &field.name;
    let nullable;
    let ty = match field.presence {
        Presence::Required => return,
        Presence::Optional => &field.ty,
        Presence::Nullable => {
            nullable = Type::Nullable(Box::new(field.ty.clone()));
            &nullable
        }
    };
    let (ty, value) = argument(rust(ty), name);
    source.separate();
    let property = code(&field.property);
    match field.docs.first().filter(|line| !line.is_empty()) {
        Some(line) => source.doc(format_args!("Sets `{property}`: {}", first_sentence(line))),
        None => source.doc(format_args!("Sets `{property}`.")),
    }
    source.deprecated(field.deprecated);
    source.line(format_args!("#[must_use]"));
    source.function(&format!("pub fn {name}"), &["mut self".to_owned(), format!("{name}: {ty}")], " -> Self");
    source.line(format_args!("self.{name} = Some({value});"));
    source.line(format_args!("self"));
    source.close("}");
}
