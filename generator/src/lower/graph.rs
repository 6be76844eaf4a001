//! Questions about the graph of types that need all of it: where a type would contain itself, and what requests and
//! answers can hold.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::ir::{Access, Operation, Presence, Type, TypeDef, TypeKind, Webhook};

/// Puts a value on the heap where its type would contain itself without end, and lets an alias that is nothing
/// but itself hold any value.
pub(super) fn break_cycles(types: &mut [TypeDef]) {
    let aliases = components(types, |definition| match &definition.kind {
        TypeKind::Alias(ty) => {
            let mut mentioned = BTreeSet::new();
            ty.named(&mut mentioned);
            mentioned.into_iter().map(str::to_owned).collect()
        }
        _ => Vec::new(),
    });
    for definition in types.iter_mut() {
        if let TypeKind::Alias(ty) = &mut definition.kind {
            forget(ty, &|name| aliases.same(name, &definition.name));
        }
    }
    let holders = components(types, |definition| {
        let mut held = BTreeSet::new();
        // An undeclared property is behind a pointer already.
        match &definition.kind {
            TypeKind::Struct(object) | TypeKind::Form(object) => {
                object.fields.iter().for_each(|field| hold(&field.ty, &mut held));
            }
            kind => kind.parts().into_iter().for_each(|ty| hold(ty, &mut held)),
        }
        held.into_iter().collect()
    });
    for definition in types.iter_mut() {
        let owner = &definition.name;
        let infinite = |ty: &Type| {
            let mut held = BTreeSet::new();
            hold(ty, &mut held);
            held.iter().any(|name| holders.same(name, owner))
        };
        let parts: Vec<&mut Type> = match &mut definition.kind {
            TypeKind::Struct(object) | TypeKind::Form(object) => {
                object.fields.iter_mut().map(|field| &mut field.ty).collect()
            }
            TypeKind::Union(union) => union.variants.iter_mut().map(|variant| &mut variant.ty).collect(),
            TypeKind::Enum(_) | TypeKind::Values(_) | TypeKind::Alias(_) => Vec::new(),
        };
        for ty in parts.into_iter().filter(|ty| infinite(ty)) {
            let inner = std::mem::replace(ty, Type::Any);
            *ty = Type::Boxed(Box::new(inner));
        }
    }
}

/// Replaces the names that are chosen with any value.
fn forget(ty: &mut Type, chosen: &dyn Fn(&str) -> bool) {
    match ty {
        Type::Named(name) if chosen(name) => *ty = Type::Any,
        Type::Array(inner)
        | Type::Map(inner)
        | Type::Nullable(inner)
        | Type::Sensitive(inner)
        | Type::Boxed(inner) => forget(inner, chosen),
        Type::Tuple(items) => items.iter_mut().for_each(|item| forget(item, chosen)),
        _ => {}
    }
}

/// Collects the named types that a value of this type contains without a pointer between.
fn hold(ty: &Type, held: &mut BTreeSet<String>) {
    match ty {
        Type::Named(name) => {
            held.insert(name.clone());
        }
        Type::Nullable(inner) | Type::Sensitive(inner) => hold(inner, held),
        Type::Tuple(items) => items.iter().for_each(|item| hold(item, held)),
        _ => {}
    }
}

/// Which types lie on a common cycle.
struct Components(HashMap<String, usize>);

impl Components {
    /// Tells whether one type leads to the other and back.
    fn same(&self, one: &str, other: &str) -> bool {
        matches!((self.0.get(one), self.0.get(other)), (Some(one), Some(other)) if one == other)
    }
}

/// Finds the strongly connected components that are cycles (Tarjan's algorithm, without recursion, since a
/// contract decides how deep it would go).
fn components(types: &[TypeDef], edges: impl Fn(&TypeDef) -> Vec<String>) -> Components {
    let index: HashMap<&str, usize> =
        types.iter().enumerate().map(|(at, definition)| (definition.name.as_str(), at)).collect();
    let edges: Vec<Vec<usize>> = types
        .iter()
        .map(|definition| {
            edges(definition).iter().filter_map(|name| index.get(name.as_str()).copied()).collect()
        })
        .collect();
    let (mut order, mut low) = (vec![usize::MAX; types.len()], vec![usize::MAX; types.len()]);
    let (mut next, mut count) = (0, 0);
    let (mut stack, mut on_stack) = (Vec::new(), vec![false; types.len()]);
    let mut found = HashMap::new();
    for root in 0..types.len() {
        if order[root] != usize::MAX {
            continue;
        }
        let mut open = vec![(root, 0)];
        while let Some(&mut (node, ref mut edge)) = open.last_mut() {
            if *edge == 0 {
                (order[node], low[node]) = (next, next);
                next += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&target) = edges[node].get(*edge) {
                *edge += 1;
                if order[target] == usize::MAX {
                    open.push((target, 0));
                } else if on_stack[target] {
                    low[node] = low[node].min(order[target]);
                }
                continue;
            }
            if low[node] == order[node] {
                let at = stack.iter().rposition(|member| *member == node).unwrap_or_default();
                let members = stack.split_off(at);
                let cycle = members.len() > 1 || edges[node].contains(&node);
                for member in members {
                    on_stack[member] = false;
                    if cycle {
                        found.insert(types[member].name.clone(), count);
                    }
                }
                count += 1;
            }
            open.pop();
            if let Some((parent, _)) = open.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
        }
    }
    Components(found)
}

/// Marks every type that a request can hold, and no longer demands a property of a type in the direction in which
/// it does not travel: a value that is made for a request lacks what is read-only, and one that is read from an answer
/// lacks what is write-only.
pub(super) fn mark_directions(types: &mut [TypeDef], operations: &[Operation], webhooks: &[Webhook]) {
    let mut sent = BTreeSet::new();
    let mut read = BTreeSet::new();
    for operation in operations {
        operation.parameters.iter().for_each(|parameter| parameter.ty.named(&mut sent));
        operation.body.iter().flat_map(|body| &body.forms).for_each(|form| form.ty.named(&mut sent));
        for answer in operation.successes.iter().chain(&operation.errors) {
            answer.media_types.iter().for_each(|(_, ty)| ty.named(&mut read));
        }
    }
    webhooks.iter().filter_map(|webhook| webhook.body.as_ref()).for_each(|body| body.named(&mut read));
    let (sent, read) = (reach(types, sent), reach(types, read));
    for definition in types {
        let is_sent = sent.contains(&definition.name);
        let is_read = read.contains(&definition.name);
        definition.in_request = is_sent;
        // What no operation mentions may travel anywhere.
        let is_orphan = !is_sent && !is_read;
        let (TypeKind::Struct(object) | TypeKind::Form(object)) = &mut definition.kind else { continue };
        for field in object.fields.iter_mut().filter(|field| field.presence == Presence::Required) {
            let lacking = match field.access {
                Access::Both => false,
                Access::ReadOnly => is_sent || is_orphan,
                Access::WriteOnly => is_read || is_orphan,
            };
            if lacking {
                field.presence = Presence::Optional;
                if let Type::Nullable(inner) = &mut field.ty {
                    field.presence = Presence::Nullable;
                    field.ty = std::mem::replace(&mut **inner, Type::Any);
                }
            }
        }
    }
}

/// The types that these consist of, and so on.
fn reach(types: &[TypeDef], names: BTreeSet<&str>) -> HashSet<String> {
    let index: HashMap<&str, &TypeDef> =
        types.iter().map(|definition| (definition.name.as_str(), definition)).collect();
    let mut open: Vec<&str> = names.into_iter().collect();
    let mut reached = HashSet::new();
    while let Some(name) = open.pop() {
        let Some(definition) = index.get(name) else { continue };
        if reached.insert(name.to_owned()) {
            let mut mentioned = BTreeSet::new();
            definition.kind.parts().into_iter().for_each(|ty| ty.named(&mut mentioned));
            open.extend(mentioned);
        }
    }
    reached
}
