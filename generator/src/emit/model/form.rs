//! Bodies that are sent as forms: a struct that becomes one part a field.

use quote::quote;

use super::object::{constructors, structure};
use crate::Error;
use crate::emit::source::Source;
use crate::emit::types::ident;
use crate::ir::{PartEncoding, Presence, Struct, Type, TypeDef};

/// Writes a form.
pub(super) fn form(source: &mut Source, definition: &TypeDef, object: &Struct) -> Result<(), Error> {
    structure(source, definition, object);
    constructors(source, definition, object);
    let name = ident(&definition.name);
    let form = object.fields.iter().fold(quote!(Form::new()), |form, field| {
        let (field_name, part) = (ident(&field.name), &field.property);
        match (&field.ty, field.presence) {
            (Type::File, presence) if matches!(field.part, PartEncoding::MediaType(_)) => {
                let PartEncoding::MediaType(media_type) = &field.part else { return form };
                let file = if presence == Presence::Required {
                    quote!(Some(self.#field_name))
                } else {
                    quote!(self.#field_name)
                };
                quote!(#form.optional_file(#part, #file.map(|file| file.or_content_type(#media_type))))
            }
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
            (_, presence) => {
                let value = if presence == Presence::Required {
                    quote!(Some(&self.#field_name))
                } else {
                    quote!(self.#field_name.as_ref())
                };
                match (&field.part, presence) {
                    (PartEncoding::Usual, Presence::Required) => {
                        quote!(#form.field(#part, &self.#field_name))
                    }
                    (PartEncoding::Usual, _) => quote!(#form.optional_field(#part, #value)),
                    (PartEncoding::Style(style), _) => {
                        let style = ident(style);
                        quote!(#form.styled_field(#part, Style::#style, #value))
                    }
                    (PartEncoding::MediaType(media_type), _) => {
                        quote!(#form.typed_field(#part, #media_type, #value))
                    }
                }
            }
        }
    });
    source.items(quote! {
        impl #name {
            pub(crate) fn into_form(self) -> Form {
                #form
            }
        }
    })
}
