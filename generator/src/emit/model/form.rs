//! Bodies that are sent as forms: a struct that becomes one part a field.

use quote::quote;

use super::object::{constructors, structure};
use crate::Error;
use crate::emit::source::Source;
use crate::emit::types::ident;
use crate::ir::{Presence, Struct, Type, TypeDef};

/// Writes a form.
pub(super) fn form(source: &mut Source, definition: &TypeDef, object: &Struct) -> Result<(), Error> {
    structure(source, definition, object);
    constructors(source, definition, object);
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
    source.items(quote! {
        impl #name {
            pub(crate) fn into_form(self) -> Form {
                #form
            }
        }
    })
}
