//! Which types are one type under several names: Rust lets nothing convert from one type twice.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::ir::{Encoding, Operation, Type, TypeDef, TypeKind};

/// Aliases of aliases are followed this far; what is further is taken for a type of its own.
const MAX_DEPTH: usize = 64;

/// Decides which variants of unions and which forms of bodies others convert to: the first of those that hold one
/// type.
pub(super) fn choose_conversions(types: &mut [TypeDef], operations: &mut [Operation]) {
    let aliases: HashMap<String, Type> = types
        .iter()
        .filter_map(|definition| match &definition.kind {
            TypeKind::Alias(ty) => Some((definition.name.clone(), ty.clone())),
            _ => None,
        })
        .collect();
    let mut forms = Forms { aliases: &aliases, numbers: BTreeMap::new(), known: HashMap::new() };
    let any = forms.number(&Type::Any, 0);
    for definition in types {
        let TypeKind::Union(union) = &mut definition.kind else { continue };
        let mut seen = HashSet::from([any]);
        for variant in &mut union.variants {
            variant.converts = seen.insert(forms.number(&variant.ty, 0));
        }
    }
    for body in operations.iter_mut().filter_map(|operation| operation.body.as_mut()) {
        let mut seen = HashSet::new();
        for form in &mut body.forms {
            let ty = match form.encoding {
                Encoding::Text => Type::String,
                // Bytes are no type of a schema, and no list of one either.
                Encoding::Bytes => Type::Array(Box::new(Type::File)),
                Encoding::Json | Encoding::Multipart | Encoding::UrlEncoded => form.ty.clone(),
            };
            form.converts = seen.insert(forms.number(&ty, 0));
        }
    }
}

/// Numbers for types; types that are one have one number.
struct Forms<'a> {
    aliases: &'a HashMap<String, Type>,
    numbers: BTreeMap<(Type, Vec<usize>), usize>,
    known: HashMap<String, usize>,
}

impl Forms<'_> {
    fn number(&mut self, ty: &Type, depth: usize) -> usize {
        if let Type::Named(name) = ty {
            if let Some(number) = self.known.get(name) {
                return *number;
            }
            if let Some(target) = self.aliases.get(name).filter(|_| depth < MAX_DEPTH) {
                let number = self.number(target, depth + 1);
                self.known.insert(name.clone(), number);
                return number;
            }
        }
        // The outside of the type, and the numbers of what is inside.
        let any = || Box::new(Type::Any);
        let (outside, inside): (Type, Vec<&Type>) = match ty {
            Type::Array(inner) => (Type::Array(any()), vec![inner]),
            Type::Map(inner) => (Type::Map(any()), vec![inner]),
            Type::Nullable(inner) => (Type::Nullable(any()), vec![inner]),
            Type::Sensitive(inner) => (Type::Sensitive(any()), vec![inner]),
            Type::Boxed(inner) => (Type::Boxed(any()), vec![inner]),
            Type::Tuple(items) => (Type::Tuple(Vec::new()), items.iter().collect()),
            plain => (plain.clone(), Vec::new()),
        };
        let inside = inside.into_iter().map(|inner| self.number(inner, depth)).collect();
        let next = self.numbers.len();
        *self.numbers.entry((outside, inside)).or_insert(next)
    }
}
