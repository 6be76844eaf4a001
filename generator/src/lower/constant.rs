//! Properties that have to be there and can only be one thing: nobody is asked for them.

use std::collections::HashMap;

use crate::ir::{Constant, Presence, Type, TypeDef, TypeKind};

/// Finds the required properties whose enum has one documented value.
pub(super) fn fill_in(types: &mut [TypeDef]) {
    let only: HashMap<String, String> = types
        .iter()
        .filter_map(|definition| {
            let variant = match &definition.kind {
                TypeKind::Enum(variants) => {
                    variants.first().filter(|_| variants.len() == 1).map(|it| &it.name)
                }
                TypeKind::Values(variants) => {
                    variants.first().filter(|_| variants.len() == 1).map(|it| &it.name)
                }
                _ => None,
            };
            Some((definition.name.clone(), variant?.clone()))
        })
        .collect();
    for definition in types {
        let (TypeKind::Struct(object) | TypeKind::Form(object)) = &mut definition.kind else { continue };
        for field in &mut object.fields {
            match &field.ty {
                _ if field.presence != Presence::Required => field.constant = None,
                Type::Named(name) if only.contains_key(name) => {
                    field.constant = only.get(name).cloned().map(Constant::Variant);
                }
                _ => {}
            }
        }
    }
}
