//! Types as they are written in generated code.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::print::wrap_docs;
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
    let lines = lines
        .iter()
        .flat_map(|line| wrap_docs(line))
        .map(|line| if line.is_empty() { line } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// Documentation, or a sentence that names the thing where the contract says nothing.
pub(super) fn docs_or(lines: &[String], otherwise: &str) -> TokenStream {
    if lines.is_empty() { docs(&[otherwise.to_owned()]) } else { docs(lines) }
}

pub(super) fn deprecated(deprecated: bool) -> TokenStream {
    if deprecated { quote!(#[deprecated]) } else { TokenStream::new() }
}

/// Writes a type. Runtime types are imported by name (see [`runtime_names`]).
pub(super) fn rust(ty: &Type) -> TokenStream {
    match ty {
        Type::String => quote!(String),
        Type::Integer => quote!(i64),
        Type::Unsigned => quote!(u64),
        Type::Number => quote!(Number),
        Type::Boolean => quote!(bool),
        Type::Date => quote!(Date),
        Type::DateTime => quote!(DateTime),
        Type::Base64 => quote!(Base64),
        Type::File => quote!(FilePart),
        Type::Any => quote!(serde_json::Value),
        Type::AnyObject => quote!(serde_json::Map<String, serde_json::Value>),
        Type::Array(inner) => {
            let inner = rust(inner);
            quote!(Vec<#inner>)
        }
        Type::Map(inner) => {
            let inner = rust(inner);
            quote!(std::collections::BTreeMap<String, #inner>)
        }
        Type::Named(path) => {
            let segments = path.split("::").map(ident);
            quote!(#(#segments)::*)
        }
        Type::Nullable(inner) => {
            let inner = rust(inner);
            quote!(Nullable<#inner>)
        }
        Type::Sensitive(inner) => {
            let inner = rust(inner);
            quote!(Sensitive<#inner>)
        }
        Type::Boxed(inner) => {
            let inner = rust(inner);
            quote!(Box<#inner>)
        }
    }
}

/// Collects the runtime's names that a type is written with.
pub(super) fn runtime_names(ty: &Type, names: &mut BTreeSet<&'static str>) {
    match ty {
        Type::Number => names.insert("Number"),
        Type::Date => names.insert("Date"),
        Type::DateTime => names.insert("DateTime"),
        Type::Base64 => names.insert("Base64"),
        Type::File => names.insert("FilePart"),
        Type::Any | Type::AnyObject => names.insert("serde_json"),
        Type::Nullable(_) => names.insert("Nullable"),
        Type::Sensitive(_) => names.insert("Sensitive"),
        _ => false,
    };
    match ty {
        Type::Array(inner)
        | Type::Map(inner)
        | Type::Nullable(inner)
        | Type::Sensitive(inner)
        | Type::Boxed(inner) => runtime_names(inner, names),
        _ => {}
    }
}

/// The type of a struct's field.
pub(super) fn field_type(field: &Field) -> TokenStream {
    let ty = rust(&field.ty);
    match field.presence {
        Presence::Required => ty,
        Presence::Optional => quote!(Option<#ty>),
        Presence::Nullable => quote!(Option<Nullable<#ty>>),
    }
}

/// What an argument is written as, and how it becomes the value: convenient where a conversion is lossless.
pub(super) fn argument(ty: &Type, name: &Ident) -> (TokenStream, TokenStream) {
    let plain = rust(ty);
    match ty {
        Type::String
        | Type::Number
        | Type::Date
        | Type::DateTime
        | Type::Base64
        | Type::Nullable(_)
        | Type::Sensitive(_) => (quote!(impl Into<#plain>), quote!(#name.into())),
        Type::Boxed(inner) => {
            let inner = rust(inner);
            (quote!(#inner), quote!(Box::new(#name)))
        }
        _ => (plain, quote!(#name)),
    }
}
