//! How the properties of objects are read: which of them hold integers, and which are lists.

use std::collections::HashMap;

use crate::ir::{Presence, Type, TypeDef, TypeKind};

/// Aliases of aliases are followed this far.
const MAX_DEPTH: usize = 64;

/// Marks the properties that are an integer or hold some, which may be written as floats, and the required ones that
/// are lists or maps, of which a partner may send none at all.
pub(super) fn mark(types: &mut [TypeDef]) {
    let aliases = types.iter().filter_map(|definition| match &definition.kind {
        TypeKind::Alias(ty) => Some((definition.name.clone(), ty.clone())),
        _ => None,
    });
    let aliases: HashMap<String, Type> = aliases.collect();
    for definition in types {
        let TypeKind::Struct(object) = &mut definition.kind else { continue };
        for field in &mut object.fields {
            field.integers = holds_integers(&field.ty, &aliases, 0);
            field.is_list = field.presence == Presence::Required && is_list(&field.ty, &aliases, 0);
        }
    }
}

fn holds_integers(ty: &Type, aliases: &HashMap<String, Type>, depth: usize) -> bool {
    match ty {
        Type::Integer | Type::Unsigned => true,
        Type::Array(inner)
        | Type::Map(inner)
        | Type::Nullable(inner)
        | Type::Sensitive(inner)
        | Type::Boxed(inner) => holds_integers(inner, aliases, depth),
        Type::Named(name) if depth < MAX_DEPTH => {
            aliases.get(name).is_some_and(|ty| holds_integers(ty, aliases, depth + 1))
        }
        _ => false,
    }
}

fn is_list(ty: &Type, aliases: &HashMap<String, Type>, depth: usize) -> bool {
    match ty {
        Type::Array(_) | Type::Map(_) | Type::AnyObject => true,
        Type::Named(name) if depth < MAX_DEPTH => {
            aliases.get(name).is_some_and(|ty| is_list(ty, aliases, depth + 1))
        }
        _ => false,
    }
}
