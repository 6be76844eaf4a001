//! Questions about the graph of types that need all of it: where a type would contain itself, and what a
//! request can hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Operation, Presence, Type, TypeDef, TypeKind};

/// Puts a field on the heap where its type would contain itself without end.
pub(super) fn break_cycles(types: &mut [TypeDef]) {
    let edges: BTreeMap<String, BTreeSet<String>> = types
        .iter()
        .map(|definition| {
            let mut held = BTreeSet::new();
            match &definition.kind {
                TypeKind::Struct(object) | TypeKind::Form(object) => {
                    object.fields.iter().for_each(|field| hold(&field.ty, &mut held));
                }
                TypeKind::Alias(ty) => hold(ty, &mut held),
                TypeKind::Enum(_) => {}
            }
            (definition.name.clone(), held)
        })
        .collect();
    let reaches = |from: &str, to: &str| {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(name) = open.pop() {
            if name == to {
                return true;
            }
            if seen.insert(name) {
                open.extend(edges.get(name).into_iter().flatten().map(String::as_str));
            }
        }
        false
    };
    for definition in types.iter_mut() {
        if let TypeKind::Struct(object) | TypeKind::Form(object) = &mut definition.kind {
            for field in &mut object.fields {
                let mut held = BTreeSet::new();
                hold(&field.ty, &mut held);
                if held.iter().any(|name| reaches(name, &definition.name)) {
                    let inner = std::mem::replace(&mut field.ty, Type::Any);
                    field.ty = Type::Boxed(Box::new(inner));
                }
            }
        }
    }
}

/// Collects the named types that a value of this type contains without a pointer between.
fn hold(ty: &Type, held: &mut BTreeSet<String>) {
    match ty {
        Type::Named(name) => {
            held.insert(name.clone());
        }
        Type::Nullable(inner) | Type::Sensitive(inner) => hold(inner, held),
        _ => {}
    }
}

/// Marks every type that a request can hold.
pub(super) fn mark_requests(types: &mut [TypeDef], operations: &[Operation]) {
    let mut names = BTreeSet::new();
    for operation in operations {
        operation.parameters.iter().for_each(|parameter| parameter.ty.named(&mut names));
        let forms = operation.body.iter().flat_map(|body| &body.forms);
        forms.for_each(|form| form.ty.named(&mut names));
    }
    let mut open: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let index: BTreeMap<String, usize> =
        types.iter().enumerate().map(|(index, definition)| (definition.name.clone(), index)).collect();
    while let Some(name) = open.pop() {
        let Some(definition) = index.get(&name).and_then(|index| types.get_mut(*index)) else { continue };
        if std::mem::replace(&mut definition.in_request, true) {
            continue;
        }
        let mut mentioned = BTreeSet::new();
        match &definition.kind {
            TypeKind::Struct(object) | TypeKind::Form(object) => {
                object.fields.iter().for_each(|field| field.ty.named(&mut mentioned));
                object.additional.named(&mut mentioned);
            }
            TypeKind::Alias(ty) => ty.named(&mut mentioned),
            TypeKind::Enum(_) => {}
        }
        open.extend(mentioned.into_iter().map(str::to_owned));
    }
}

/// Tells which structs have a value when nothing is given: those without a required property.
pub(crate) fn has_default(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::Struct(object) | TypeKind::Form(object) => {
            object.fields.iter().all(|field| field.presence != Presence::Required)
        }
        TypeKind::Enum(_) | TypeKind::Alias(_) => false,
    }
}
