//! `oneOf` and `anyOf`.
//!
//! A union whose branches come down to one thing is that thing: branches that are all text, all numbers, or that
//! only narrow an object. What is left becomes an enum. Its variants are told apart by a tag, declared as a
//! discriminator or found as a property that is constant in each branch, or else by what the values look like.

use std::collections::{BTreeMap, BTreeSet};

use driftline_specs::pointer;

use super::name::{self, Scope};
use super::object::Merged;
use super::schema::{Lowering, Place, is_enum, values, variants_of};
use super::view::{Node, View, component_name};
use super::{Error, docs};
use crate::ir::{Type, TypeKind, Union, UnionVariant};

/// A branch of a union, with the schema that it leads to.
pub(super) struct Branch<'a> {
    below: String,
    node: Node<'a>,
    pub(super) target: Option<String>,
    pub(super) view: View<'a>,
}

/// What the branches of a schema come down to.
pub(super) enum Branches<'a> {
    /// There are none that would shape a value.
    None,
    /// There is one.
    One(String, Node<'a>),
    /// All are text, some perhaps from a list.
    Texts(Vec<Branch<'a>>),
    /// All are numbers, or all are integers.
    Numbers(Type),
    /// They differ.
    Several(Vec<Branch<'a>>),
}

impl<'a> Lowering<'a> {
    /// Looks at the branches of a schema.
    pub(super) fn branches(&self, view: &View<'a>) -> Branches<'a> {
        let mut branches: Vec<Branch<'a>> = Vec::new();
        for (below, node) in view.branches() {
            let Some((target, schema)) = self.follow(node) else { continue };
            let inner = View::new(schema);
            if target.is_none() && inner.is_bare() {
                continue;
            }
            // The same component twice says nothing more.
            if target.is_some() && branches.iter().any(|known| known.target == target) {
                continue;
            }
            branches.push(Branch { below, node, target, view: inner });
        }
        let kinds: BTreeSet<&str> = branches.iter().map(|branch| self.json_type(&branch.view, 0)).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        match (branches.as_slice(), kinds.as_slice()) {
            ([], _) => Branches::None,
            ([only], _) => Branches::One(only.below.clone(), only.node),
            (_, ["string"]) => Branches::Texts(branches),
            (_, ["integer"]) => Branches::Numbers(Type::Integer),
            (_, ["integer", "number"] | ["number"]) => Branches::Numbers(Type::Number),
            (_, ["boolean"]) => Branches::Numbers(Type::Boolean),
            _ => Branches::Several(branches),
        }
    }

    /// The JSON type of a schema's values, `any` where several are possible.
    fn json_type(&self, view: &View<'a>, depth: usize) -> &'static str {
        match view.type_name() {
            Some("string") => return "string",
            Some("integer") => return "integer",
            Some("number") => return "number",
            Some("boolean") => return "boolean",
            Some("array") => return "array",
            Some("object") => return "object",
            _ => {}
        }
        if is_enum(view) {
            return "string";
        }
        if self.is_object(view, 0) {
            return "object";
        }
        if depth > 8 {
            return "any";
        }
        let inner = view.all_of().into_iter().chain(view.branches().into_iter().map(|(_, node)| node));
        let kinds: BTreeSet<&'static str> = inner
            .filter_map(|node| self.follow(node))
            .map(|(_, schema)| self.json_type(&View::new(schema), depth + 1))
            .collect();
        let mut kinds = kinds.into_iter();
        match (kinds.next(), kinds.next()) {
            (Some(kind), None) => kind,
            _ => "any",
        }
    }

    /// Lowers branches that are all text: an open enum of what any of them lists.
    pub(super) fn texts(&mut self, branches: &[Branch<'a>]) -> Result<TypeKind, Error> {
        let mut listed = Vec::new();
        let mut enums = Vec::new();
        for branch in branches {
            if is_enum(&branch.view) {
                listed.extend(values(&branch.view));
                enums.push(branch);
            }
        }
        // One component that is an enum, beside plain text: an enum is open anyway.
        if let [Branch { target: Some(target), .. }] = enums.as_slice() {
            let target = target.clone();
            return Ok(TypeKind::Alias(self.reference(&target)?.ty));
        }
        Ok(if listed.is_empty() {
            TypeKind::Alias(Type::String)
        } else {
            TypeKind::Enum(variants_of(&listed))
        })
    }

    /// Lowers branches that differ.
    pub(super) fn several(
        &mut self,
        view: &View<'a>,
        branches: &[Branch<'a>],
        place: &Place,
    ) -> Result<TypeKind, Error> {
        let tag = self.tag(view, branches);
        let mut names = Scope::with(&["unrecognized", "self"]);
        let mut variants = Vec::with_capacity(branches.len());
        for (index, branch) in branches.iter().enumerate() {
            let kind = self.json_type(&branch.view, 0);
            let tags = tag.as_ref().map(|(_, tags)| tags[index].clone()).unwrap_or_default();
            let word = match (&branch.target, tags.first()) {
                (Some(target), _) => {
                    component_name(target).unwrap_or_else(|| pointer::last_token(target).unwrap_or_default())
                }
                (None, Some(tag)) => tag.clone(),
                (None, None) => match (branch.view.title(), kind) {
                    (Some(title), _) if title.len() <= 40 => title.to_owned(),
                    (_, "string") => "text".to_owned(),
                    (_, "array") => "list".to_owned(),
                    (_, "any") => "other".to_owned(),
                    (_, kind) => kind.to_owned(),
                },
            };
            let name = names.claim(&name::variant_name(&word));
            let inner = place.below(format!("{}{}", place.pointer, branch.below), &name);
            let (required, declared) = self.properties_of(&branch.view, &inner);
            let words = match &branch.target {
                Some(_) => Vec::new(),
                None => docs::lines(branch.view.description()),
            };
            let ty = self.node(branch.node, inner)?.standing_alone();
            variants.push(UnionVariant { name, ty, tags, kind, required, declared, docs: words });
        }
        let tag = tag.map(|(property, _)| property);
        if tag.is_none() {
            self.name_ambiguities(&variants, place);
        }
        Ok(TypeKind::Union(Union { tag, variants }))
    }

    /// The names of the properties that a branch requires and declares.
    fn properties_of(&self, view: &View<'a>, place: &Place) -> (Vec<String>, Vec<String>) {
        let mut merged = Merged::default();
        self.merge(view, place, &mut merged, 0);
        let declared = merged.properties.into_iter().map(|(name, ..)| name).collect();
        (merged.required.into_iter().collect(), declared)
    }

    /// The property that tells the branches apart, with its values for each of them.
    fn tag(&self, view: &View<'a>, branches: &[Branch<'a>]) -> Option<(String, Vec<Vec<String>>)> {
        if !branches.iter().all(|branch| self.json_type(&branch.view, 0) == "object") {
            return None;
        }
        if let Some((property, mapping)) = view.discriminator() {
            let tags: Vec<Vec<String>> = branches
                .iter()
                .map(|branch| {
                    let mut tags = self.mapped(&mapping, branch);
                    for value in self.constants(&branch.view, 0).remove(property).unwrap_or_default() {
                        if !tags.contains(&value) {
                            tags.push(value);
                        }
                    }
                    if tags.is_empty() {
                        tags.extend(branch.target.as_deref().and_then(component_name));
                    }
                    tags
                })
                .collect();
            if distinct(&tags) {
                return Some((property.to_owned(), tags));
            }
        }
        let constants: Vec<_> = branches.iter().map(|branch| self.constants(&branch.view, 0)).collect();
        let (first, others) = constants.split_first()?;
        first.keys().find_map(|property| {
            let tags: Option<Vec<Vec<String>>> = std::iter::once(first)
                .chain(others)
                .map(|constants| constants.get(property).cloned())
                .collect();
            tags.filter(|tags| distinct(tags)).map(|tags| (property.clone(), tags))
        })
    }

    /// The values of a discriminator's mapping that lead to this branch (OpenAPI 3.0.4, "Discriminator Object":
    /// a value is a reference or a component's name).
    fn mapped(&self, mapping: &[(&str, &str)], branch: &Branch<'a>) -> Vec<String> {
        let leads_here = |target: &str| {
            let reference = if target.contains('/') {
                target.to_owned()
            } else {
                pointer::join("#/components/schemas", target)
            };
            let resolved = self.contract.resolve(&reference).map(|(pointer, _)| pointer);
            resolved.is_some() && resolved == branch.target
        };
        mapping
            .iter()
            .filter(|(_, target)| leads_here(target))
            .map(|(value, _)| (*value).to_owned())
            .collect()
    }

    /// The required properties of a branch whose schema lists the only values they may have.
    fn constants(&self, view: &View<'a>, depth: usize) -> BTreeMap<String, Vec<String>> {
        let mut constants = BTreeMap::new();
        if depth > 8 {
            return constants;
        }
        for member in view.all_of() {
            if let Some((_, schema)) = self.follow(member) {
                constants.extend(self.constants(&View::new(schema), depth + 1));
            }
        }
        for (property, node) in view.properties() {
            if let Some((_, schema)) = self.follow(node) {
                let inner = View::new(schema);
                if is_enum(&inner) {
                    constants.insert(property.to_owned(), values(&inner));
                }
            }
        }
        constants
    }

    fn name_ambiguities(&mut self, variants: &[UnionVariant], place: &Place) {
        for (index, one) in variants.iter().enumerate() {
            let alike = variants[index + 1..].iter().find(|other| {
                one.kind == other.kind && one.required == other.required && one.declared == other.declared
            });
            if let Some(other) = alike {
                let message = format!(
                    "has branches that look alike ({} and {}); a value is read as the first that takes it, and \
                     a discriminator would tell them apart",
                    one.name, other.name
                );
                self.notice(place, &message);
                return;
            }
        }
    }
}

/// Tells whether every branch has a value and no two share one.
fn distinct(tags: &[Vec<String>]) -> bool {
    let mut seen = BTreeSet::new();
    tags.iter().all(|tags| !tags.is_empty() && tags.iter().all(|tag| seen.insert(tag)))
}
