//! Expressions for the examples in the documentation: values that compile, as short as the types allow.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::types::ident;
use crate::ir::{Crate, Presence, Type, TypeDef, TypeKind};

/// Finds sample values for types of one crate.
pub(super) struct Samples<'a> {
    definitions: BTreeMap<&'a str, &'a TypeDef>,
    crate_ident: String,
}

impl<'a> Samples<'a> {
    pub(super) fn new(krate: &'a Crate) -> Self {
        Self {
            definitions: krate
                .types
                .iter()
                .map(|definition| (definition.name.as_str(), definition))
                .collect(),
            crate_ident: krate.name.replace('-', "_"),
        }
    }

    /// A value for an argument of this type, or none when it would be too deep to be an example.
    pub(super) fn argument(&self, ty: &Type, depth: usize) -> Option<TokenStream> {
        if depth > 6 {
            return None;
        }
        let krate = ident(&self.crate_ident);
        Some(match ty {
            Type::String => quote!("text"),
            Type::Integer | Type::Unsigned => quote!(1),
            Type::Number | Type::Float => quote!(1.5),
            Type::Boolean => quote!(true),
            Type::Date => quote!("2026-01-31".parse::<#krate::Date>()?),
            Type::DateTime => quote!("2026-01-31T09:30:00Z".parse::<#krate::DateTime>()?),
            Type::Uuid => quote!("67e55044-10b1-426f-9247-bb680e5fe0c8".parse::<#krate::Uuid>()?),
            Type::Base64 => quote!(#krate::Base64::encode(b"bytes")),
            Type::File => quote!(#krate::FilePart::new(&b"bytes"[..])),
            Type::Any => quote!(#krate::serde_json::json!("any")),
            Type::AnyObject => quote!(#krate::serde_json::Map::new()),
            Type::Array(_) => quote!(vec![]),
            Type::Map(_) => quote!(Default::default()),
            Type::Tuple(items) => {
                let items =
                    items.iter().map(|item| self.value(item, depth + 1)).collect::<Option<Vec<_>>>()?;
                quote!((#(#items,)*).into())
            }
            Type::Nullable(_) => quote!(#krate::Nullable::Null),
            Type::Boxed(inner) => self.argument(inner, depth + 1)?,
            Type::Sensitive(inner) => match &**inner {
                Type::String => quote!("text"),
                Type::Number => quote!(1.5),
                other => {
                    let inner = self.value(other, depth + 1)?;
                    quote!(#krate::Sensitive::new(#inner))
                }
            },
            Type::Named(name) => self.named(name, depth)?,
        })
    }

    /// A value of exactly this type.
    fn value(&self, ty: &Type, depth: usize) -> Option<TokenStream> {
        let argument = self.argument(ty, depth)?;
        Some(match ty {
            Type::String | Type::Number => quote!(#argument.into()),
            _ => argument,
        })
    }

    fn named(&self, name: &str, depth: usize) -> Option<TokenStream> {
        let definition = self.definitions.get(name)?;
        let krate = ident(&self.crate_ident);
        let path = ident(name);
        Some(match &definition.kind {
            TypeKind::Enum(variants) => {
                let variant = ident(&variants.first()?.name);
                quote!(#krate::models::#path::#variant)
            }
            TypeKind::Values(variants) => {
                let variant = ident(&variants.first()?.name);
                quote!(#krate::models::#path::#variant)
            }
            TypeKind::Struct(object) | TypeKind::Form(object) => {
                let required = object.fields.iter();
                let required =
                    required.filter(|field| field.presence == Presence::Required && field.constant.is_none());
                let arguments =
                    required.map(|field| self.argument(&field.ty, depth + 1)).collect::<Option<Vec<_>>>()?;
                quote!(#krate::models::#path::new(#(#arguments),*))
            }
            TypeKind::Union(union) => {
                let first = union.variants.first()?;
                let (variant, value) = (ident(&first.name), self.value(&first.ty, depth + 1)?);
                let value = if matches!(first.ty, Type::Boxed(_)) { quote!(Box::new(#value)) } else { value };
                quote!(#krate::models::#path::#variant(#value))
            }
            TypeKind::Alias(ty) => self.value(ty, depth + 1)?,
        })
    }
}
