//! Types as they are written in generated code.

use std::collections::BTreeSet;
use std::fmt;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::source::wrap_docs;
use crate::ir::{Field, Presence, Type};

/// Makes an identifier of a name that lowering has decided, raw where it says so.
pub(super) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Documentation as one attribute a line, which prints as `///`.
pub(super) fn docs(lines: &[String]) -> TokenStream {
    let mut wrapped = Vec::new();
    for line in lines {
        wrap_docs(line, |line| {
            wrapped.push(if line.is_empty() { String::new() } else { format!(" {line}") })
        });
    }
    quote!(#(#[doc = #wrapped])*)
}

/// A type as it is written: runtime types by their name (see [`runtime_names`]), named ones behind a prefix.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    ty: &'a Type,
    prefix: &'static str,
}

/// Writes a type where the models are in scope.
pub(super) fn rust(ty: &Type) -> Written<'_> {
    Written { ty, prefix: "" }
}

/// Writes a type where the models are behind their module, so that an operation may have the name of one.
pub(super) fn qualified(ty: &Type) -> Written<'_> {
    Written { ty, prefix: "models::" }
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = |ty| Written { ty, prefix: self.prefix };
        match self.ty {
            Type::String => f.write_str("String"),
            Type::Integer => f.write_str("i64"),
            Type::Unsigned => f.write_str("u64"),
            Type::Number => f.write_str("Number"),
            Type::Boolean => f.write_str("bool"),
            Type::Date => f.write_str("Date"),
            Type::DateTime => f.write_str("DateTime"),
            Type::Uuid => f.write_str("Uuid"),
            Type::Float => f.write_str("f64"),
            Type::Base64 => f.write_str("Base64"),
            Type::File => f.write_str("FilePart"),
            Type::Any => f.write_str("serde_json::Value"),
            Type::AnyObject => f.write_str("serde_json::Map<String, serde_json::Value>"),
            Type::Array(item) => write!(f, "Vec<{}>", inner(item)),
            Type::Map(value) => write!(f, "std::collections::BTreeMap<String, {}>", inner(value)),
            Type::Tuple(items) => {
                f.write_str("Tuple<(")?;
                items.iter().try_for_each(|item| write!(f, "{},", inner(item)))?;
                f.write_str(")>")
            }
            Type::Named(name) => write!(f, "{}{name}", self.prefix),
            Type::Nullable(value) => write!(f, "Nullable<{}>", inner(value)),
            Type::Sensitive(value) => write!(f, "Sensitive<{}>", inner(value)),
            Type::Boxed(value) => write!(f, "Box<{}>", inner(value)),
        }
    }
}

/// Collects the runtime's names that a type is written with.
pub(super) fn runtime_names(ty: &Type, names: &mut BTreeSet<&'static str>) {
    match ty {
        Type::Number => names.insert("Number"),
        Type::Date => names.insert("Date"),
        Type::DateTime => names.insert("DateTime"),
        Type::Uuid => names.insert("Uuid"),
        Type::Base64 => names.insert("Base64"),
        Type::File => names.insert("FilePart"),
        Type::Any | Type::AnyObject => names.insert("serde_json"),
        Type::Nullable(_) => names.insert("Nullable"),
        Type::Sensitive(_) => names.insert("Sensitive"),
        Type::Tuple(_) => names.insert("Tuple"),
        _ => false,
    };
    match ty {
        Type::Array(inner)
        | Type::Map(inner)
        | Type::Nullable(inner)
        | Type::Sensitive(inner)
        | Type::Boxed(inner) => runtime_names(inner, names),
        Type::Tuple(items) => items.iter().for_each(|item| runtime_names(item, names)),
        _ => {}
    }
}

/// The type of a struct's field.
pub(super) fn field_type(field: &Field) -> String {
    let ty = rust(&field.ty);
    match field.presence {
        Presence::Required => ty.to_string(),
        Presence::Optional => format!("Option<{ty}>"),
        Presence::Nullable => format!("Option<Nullable<{ty}>>"),
    }
}

/// What an argument is written as, and how it becomes the value: convenient where a conversion is lossless.
pub(super) fn argument<'a>(ty: Written<'a>, name: &str) -> (String, String) {
    match ty.ty {
        Type::String
        | Type::Number
        | Type::Date
        | Type::DateTime
        | Type::Uuid
        | Type::Base64
        | Type::Nullable(_)
        | Type::Sensitive(_) => (format!("impl Into<{ty}>"), format!("{name}.into()")),
        Type::Boxed(inner) => {
            (Written { ty: inner, prefix: ty.prefix }.to_string(), format!("Box::new({name})"))
        }
        _ => (ty.to_string(), name.to_owned()),
    }
}
