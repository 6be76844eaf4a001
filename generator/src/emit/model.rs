//! The types of a contract, one file a component.

use std::collections::{BTreeMap, BTreeSet};

use driftline_specs::pointer;
use proc_macro2::TokenStream;
use quote::quote;

use super::in_parallel;
use super::print::{Source, literal};
use super::types::{self, argument, deprecated, docs, docs_or, field_type, ident, rust};
use crate::Error;
use crate::ir::{Crate, Field, Presence, Struct, Type, TypeDef, TypeKind, Union, Variant};
use crate::text::code;

/// Emits `src/models/`.
pub(super) fn models(krate: &Crate, header: &str) -> Result<Vec<(String, String)>, Error> {
    let mut modules: BTreeMap<&str, Vec<&TypeDef>> = BTreeMap::new();
    for definition in &krate.types {
        modules.entry(&definition.module).or_default().push(definition);
    }
    let owners: BTreeMap<&str, &str> =
        krate.types.iter().map(|definition| (definition.name.as_str(), definition.module.as_str())).collect();
    let mut files = vec![("src/models/mod.rs".to_owned(), index(header, &modules))];
    let modules: Vec<_> = modules.into_iter().collect();
    files.extend(in_parallel(&modules, |(module, definitions)| {
        Ok((format!("src/models/{module}.rs"), file(header, module, definitions, &owners)?))
    })?);
    Ok(files)
}

fn is_form(definitions: &[&TypeDef]) -> bool {
    definitions.iter().any(|definition| matches!(definition.kind, TypeKind::Form(_)))
}

fn index(header: &str, modules: &BTreeMap<&str, Vec<&TypeDef>>) -> String {
    let docs = ["The types that requests and answers are made of.".to_owned()];
    let mut source = Source::new(header, &docs);
    let line = |definitions: &[&TypeDef], statement: String| {
        let gate = if is_form(definitions) { "#[cfg(feature = \"client\")]\n" } else { "" };
        format!("{gate}{statement}\n")
    };
    for (module, definitions) in modules {
        source.text(&line(definitions, format!("mod {};", module)));
    }
    source.text("\n");
    for (module, definitions) in modules {
        let mut names: Vec<_> = definitions.iter().map(|definition| definition.name.as_str()).collect();
        names.sort_unstable();
        let names = if names.len() == 1 { names.concat() } else { format!("{{{}}}", names.join(", ")) };
        source.text(&line(definitions, format!("pub use {}::{names};", module)));
    }
    source.finish()
}

fn file(
    header: &str,
    module: &str,
    definitions: &[&TypeDef],
    owners: &BTreeMap<&str, &str>,
) -> Result<String, Error> {
    let mut source = Source::new(header, &[]);
    let mut runtime = BTreeSet::new();
    let mut named = BTreeSet::new();
    for definition in definitions {
        match &definition.kind {
            TypeKind::Struct(object) | TypeKind::Form(object) => {
                for field in &object.fields {
                    types::runtime_names(&field.ty, &mut runtime);
                    field.ty.named(&mut named);
                    if field.presence == Presence::Nullable {
                        runtime.insert("Nullable");
                    }
                }
                if matches!(definition.kind, TypeKind::Form(_)) {
                    runtime.insert("Form");
                } else {
                    runtime.insert("AdditionalProperties");
                    if object.additional != Type::Any {
                        types::runtime_names(&object.additional, &mut runtime);
                    }
                    object.additional.named(&mut named);
                }
            }
            TypeKind::Enum(_) => {
                runtime.insert("Unrecognized");
            }
            TypeKind::Union(union) => {
                runtime.insert("UnrecognizedValue");
                for variant in &union.variants {
                    types::runtime_names(&variant.ty, &mut runtime);
                    variant.ty.named(&mut named);
                }
            }
            TypeKind::Alias(ty) => {
                types::runtime_names(ty, &mut runtime);
                ty.named(&mut named);
            }
        }
    }
    let foreign = named.into_iter().filter(|name| owners.get(name) != Some(&module));
    source.import("driftline_runtime", runtime);
    source.import("super", foreign);
    for definition in definitions {
        type_def(&mut source, definition)?;
    }
    Ok(source.finish())
}

fn type_def(source: &mut Source, definition: &TypeDef) -> Result<(), Error> {
    match &definition.kind {
        TypeKind::Alias(ty) => {
            let (name, docs) = (ident(&definition.name), words(definition));
            let ty = rust(ty);
            source.items(quote!(#docs pub type #name = #ty;))
        }
        TypeKind::Enum(variants) => enumeration(source, definition, variants),
        TypeKind::Union(union) => one_of(source, definition, union),
        TypeKind::Struct(object) => {
            source.items(structure(definition, object))?;
            let entries = object.fields.iter().map(|field| {
                let presence = match field.presence {
                    Presence::Required => "required",
                    Presence::Optional => "optional",
                    Presence::Nullable => "nullable",
                };
                format!("{presence} {} = {}", field.name, literal(&field.property))
            });
            source.call("object", &definition.name, entries);
            let implementation = constructors(definition, object);
            if implementation.is_empty() { Ok(()) } else { source.items(implementation) }
        }
        TypeKind::Form(object) => {
            source.items(structure(definition, object))?;
            source.items(constructors(definition, object))?;
            source.items(into_form(definition, object))
        }
    }
}

fn words(definition: &TypeDef) -> TokenStream {
    let tokens = pointer::tokens(&definition.pointer).unwrap_or_default();
    let mut tokens = tokens.iter().rev().map(|token| code(token));
    let sentence = match (tokens.next().as_deref(), tokens.next()) {
        (Some("items"), Some(list)) => format!("One item of `{list}`."),
        (Some("additionalProperties"), Some(map)) => format!("One value of `{map}`."),
        (Some("schema"), Some(owner)) => format!("The body as `{owner}`."),
        (Some(name), _) => format!("`{name}` of the contract."),
        (None, _) => "A type of the contract.".to_owned(),
    };
    docs_or(&definition.docs, &sentence)
}

fn enumeration(source: &mut Source, definition: &TypeDef, variants: &[Variant]) -> Result<(), Error> {
    let (name, docs, deprecated) =
        (ident(&definition.name), words(definition), deprecated(definition.deprecated));
    let idents = variants.iter().map(|variant| ident(&variant.name));
    let values = variants.iter().map(|variant| format!(" `{}`.", code(&variant.value)));
    source.items(quote! {
        #docs
        #deprecated
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #values] #idents,)*
            /// A value that the contract did not list when this crate was generated.
            Unrecognized(Unrecognized),
        }
    })?;
    let entries = variants.iter().map(|variant| format!("{} = {}", variant.name, literal(&variant.value)));
    source.call("open_enum", &definition.name, entries);
    Ok(())
}

fn one_of(source: &mut Source, definition: &TypeDef, union: &Union) -> Result<(), Error> {
    let (name, docs, gone) = (ident(&definition.name), words(definition), deprecated(definition.deprecated));
    let variants = union.variants.iter().map(|variant| {
        let (name, ty) = (ident(&variant.name), rust(&variant.ty));
        let words = match variant.tags.first() {
            Some(tag) => docs_or(&variant.docs, &format!("Tagged `{}`.", code(tag))),
            None => docs_or(&variant.docs, &format!("A value of the JSON type {}.", variant.kind)),
        };
        quote!(#words #name(#ty),)
    });
    let mut seen = BTreeSet::new();
    let conversions: Vec<_> = union
        .variants
        .iter()
        .filter(|variant| seen.insert(&variant.ty) && !matches!(variant.ty, Type::Any))
        .map(|variant| {
            let (variant, ty) = (ident(&variant.name), rust(&variant.ty));
            quote! {
                impl From<#ty> for #name {
                    fn from(value: #ty) -> Self {
                        Self::#variant(value)
                    }
                }
            }
        })
        .collect();
    source.items(quote! {
        #docs
        #gone
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that belongs to none of the documented forms.
            Unrecognized(UnrecognizedValue),
        }
    })?;
    let list = |names: &[String]| names.iter().map(|name| literal(name)).collect::<Vec<_>>();
    match &union.tag {
        Some(tag) => {
            let subject = format!("{} by {}", definition.name, literal(tag));
            let entries = union.variants.iter();
            let entries =
                entries.map(|variant| format!("{} = {}", variant.name, list(&variant.tags).join(" | ")));
            source.call("union", &subject, entries);
        }
        None => {
            let entries = union.variants.iter().map(|variant| {
                let (required, declared) =
                    (list(&variant.required).join(", "), list(&variant.declared).join(", "));
                format!("{}: {} [{required}] [{declared}]", variant.name, variant.kind)
            });
            source.call("union", &definition.name, entries);
        }
    }
    if conversions.is_empty() { Ok(()) } else { source.items(quote!(#(#conversions)*)) }
}

fn structure(definition: &TypeDef, object: &Struct) -> TokenStream {
    let (name, words, gone) = (ident(&definition.name), words(definition), deprecated(definition.deprecated));
    let fields = object.fields.iter().map(|field| {
        let (name, ty, gone) = (ident(&field.name), field_type(field), deprecated(field.deprecated));
        let words = docs_or(&field.docs, &format!("The property `{}`.", code(&field.property)));
        quote!(#words #gone pub #name: #ty,)
    });
    let default = if definition.kind.has_default() { quote!(, Default) } else { TokenStream::new() };
    let additional = match (&definition.kind, &object.additional) {
        (TypeKind::Form(_), _) => TokenStream::new(),
        (_, additional) => {
            let docs =
                docs(&["Properties that the contract does not declare, kept as they came.".to_owned()]);
            let ty = match additional {
                Type::Any => quote!(AdditionalProperties),
                other => {
                    let other = rust(other);
                    quote!(AdditionalProperties<#other>)
                }
            };
            quote!(#docs pub additional_properties: #ty,)
        }
    };
    quote! {
        #words
        #gone
        #[derive(Debug, Clone, PartialEq #default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #additional
        }
    }
}

/// `new` with the required properties, and a setter for each other one where a request can hold the type.
fn constructors(definition: &TypeDef, object: &Struct) -> TokenStream {
    let name = ident(&definition.name);
    let (required, optional): (Vec<&Field>, Vec<&Field>) =
        object.fields.iter().partition(|field| field.presence == Presence::Required);
    let form = matches!(definition.kind, TypeKind::Form(_));
    let arguments = required.iter().map(|field| {
        let name = ident(&field.name);
        let (ty, _) = argument(&field.ty, &name);
        quote!(#name: #ty)
    });
    let values = object.fields.iter().map(|field| {
        let name = ident(&field.name);
        if field.presence == Presence::Required {
            match argument(&field.ty, &name) {
                (_, value) if name == value.to_string() => quote!(#name,),
                (_, value) => quote!(#name: #value,),
            }
        } else {
            quote!(#name: None,)
        }
    });
    let additional = if form {
        TokenStream::new()
    } else {
        quote!(additional_properties: AdditionalProperties::default(),)
    };
    let new = if definition.kind.has_default() {
        quote! {
            /// Returns a value in which nothing is set.
            pub fn new() -> Self {
                Self::default()
            }
        }
    } else {
        let docs = docs(&["Returns a value in which only what is required is set.".to_owned()]);
        quote! {
            #docs
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values)* #additional }
            }
        }
    };
    let setters = optional.iter().filter(|_| definition.in_request).map(|field| {
        let (name, gone) = (ident(&field.name), deprecated(field.deprecated));
        let ty = match field.presence {
            Presence::Nullable => Type::Nullable(Box::new(field.ty.clone())),
            _ => field.ty.clone(),
        };
        let (ty, value) = argument(&ty, &name);
        let text = field.docs.first().filter(|line| !line.is_empty());
        let first = match text {
            Some(line) => format!("Sets `{}`: {line}", code(&field.property)),
            None => format!("Sets `{}`.", code(&field.property)),
        };
        let words = docs(&[first]);
        quote! {
            #words
            #gone
            #[must_use]
            pub fn #name(mut self, #name: #ty) -> Self {
                self.#name = Some(#value);
                self
            }
        }
    });
    quote! {
        impl #name {
            #new
            #(#setters)*
        }
    }
}

fn into_form(definition: &TypeDef, object: &Struct) -> TokenStream {
    let name = ident(&definition.name);
    let form = object.fields.iter().fold(quote!(Form::new()), |form, field| {
        let (field_name, part) = (ident(&field.name), &field.property);
        match (&field.ty, field.presence) {
            (Type::File, Presence::Required) => quote!(#form.file(#part, self.#field_name)),
            (Type::File, _) => quote!(#form.optional_file(#part, self.#field_name)),
            (Type::Array(inner), presence) if **inner == Type::File => {
                let files = if presence == Presence::Required {
                    quote!(self.#field_name)
                } else {
                    quote!(self.#field_name.into_iter().flatten())
                };
                quote!(#files.into_iter().fold(#form, |form, file| form.file(#part, file)))
            }
            (_, Presence::Required) => quote!(#form.field(#part, &self.#field_name)),
            _ => quote!(#form.optional_field(#part, self.#field_name.as_ref())),
        }
    });
    quote! {
        impl #name {
            pub(crate) fn into_form(self) -> Form {
                #form
            }
        }
    }
}
