//! Hierarchies: a schema with a discriminator that others take into their `allOf`.
//!
//! Whoever refers to the parent means any of its children (OpenAPI 3.0.4, "Models with Polymorphism Support"), so
//! that the parent becomes a union. What is none of the known children is still what the parent says: the union has
//! a variant for it.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Error;
use super::name::{self, Scope};
use super::schema::{Lowering, Place, described};
use super::view::{View, component_name};
use crate::ir::{Type, TypeKind, Union, UnionVariant};

/// A parent with more children than this stays an object: an enum of them all would be no help.
const MAX_CHILDREN: usize = 100;

/// Which components take which into their `allOf`.
#[derive(Default)]
pub(super) struct Children {
    /// The children of each component, in the order of the contract.
    direct: HashMap<String, Vec<String>>,
    /// All that are below a component with a discriminator.
    heirs: HashSet<String>,
}

impl Children {
    /// Finds the children of every component.
    pub(super) fn find(lowering: &Lowering<'_>, components: &[String]) -> Self {
        let mut children = Self::default();
        let mut parents = Vec::new();
        for component in components {
            let Some(schema) = lowering.schemas.get(component) else { continue };
            let view = View::new(schema);
            if view.discriminator().is_some() && view.branches().is_empty() {
                parents.push(component);
            }
            for member in view.all_of() {
                if let Some((Some(parent), _)) = lowering.follow(member) {
                    children.direct.entry(parent).or_default().push(component.clone());
                }
            }
        }
        let heirs = parents.into_iter().flat_map(|parent| children.below(parent)).map(str::to_owned);
        children.heirs = heirs.collect();
        children
    }

    /// All below a component, each once, those that are nearer first; none where a child leads back to it.
    fn below(&self, parent: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let mut seen = HashSet::new();
        let mut next = Some(parent);
        let mut index = 0;
        while let Some(parent) = next {
            let direct = self.direct.get(parent).into_iter().flatten().map(String::as_str);
            found.extend(direct.filter(|child| seen.insert(*child)));
            next = found.get(index).copied();
            index += 1;
        }
        if seen.contains(parent) { Vec::new() } else { found }
    }
}

impl<'a> Lowering<'a> {
    /// Tells whether a component is below one with a discriminator. It is then an object of its own even if it adds
    /// nothing.
    pub(super) fn is_heir(&self, place: &Place) -> bool {
        self.children.heirs.contains(&place.pointer)
    }

    /// Makes a union of a component that has a discriminator and children.
    pub(super) fn hierarchy(&mut self, view: &View<'a>, place: &Place) -> Result<Option<TypeKind>, Error> {
        let Some((property, mapping)) = view.discriminator() else { return Ok(None) };
        if !view.branches().is_empty() || component_name(&place.pointer).is_none() || !self.is_object(view) {
            return Ok(None);
        }
        let children: Vec<String> =
            self.children.below(&place.pointer).into_iter().map(str::to_owned).collect();
        if children.is_empty() {
            return Ok(None);
        }
        if children.len() > MAX_CHILDREN {
            let message = format!(
                "has {} children, too many for a union; their properties are kept as undeclared ones",
                children.len()
            );
            self.notice(place, &message);
            return Ok(None);
        }
        let inherited = self.constants(view).remove(property);
        let mut taken = BTreeSet::new();
        let mut names = Scope::with(&["unrecognized", "self"]);
        let mut variants = Vec::with_capacity(children.len() + 1);
        for child in children {
            let Some(schema) = self.schemas.get(&child) else { continue };
            let child_view = View::new(schema);
            let mut tags = self.mapped(&mapping, Some(&child));
            let own = self.constants(&child_view).remove(property);
            tags.extend(own.filter(|own| Some(own) != inherited.as_ref()).unwrap_or_default());
            let extensions = ["x-discriminator-value", "x-ms-discriminator-value"];
            tags.extend(
                extensions.iter().filter_map(|key| Some(child_view.extension(key)?.as_str()?.to_owned())),
            );
            if tags.is_empty() {
                tags.extend(component_name(&child));
            }
            tags.retain(|tag| taken.insert(tag.clone()));
            if tags.is_empty() {
                continue;
            }
            let ty = self.reference(&child)?.standing_alone();
            let name = names.claim(&name::variant_name(&component_name(&child).unwrap_or_default()));
            variants.push(UnionVariant { name, ty, tags, ..UnionVariant::default() });
        }
        // The parent itself, under a name beside the union's.
        let base = Place { name: self.names.claim(&format!("{}Base", place.name)), ..place.clone() };
        let kind = self.object(view, place)?;
        self.define(&base, described(view), view.deprecated(), kind);
        let otherwise = names.claim("Base");
        variants.push(UnionVariant {
            name: otherwise.clone(),
            ty: Type::Named(base.name),
            docs: vec!["What is none of the others, with what they all have.".to_owned()],
            ..UnionVariant::default()
        });
        let union = Union { tag: Some(property.to_owned()), variants, otherwise: Some(otherwise) };
        Ok(Some(TypeKind::Union(union)))
    }

    /// Tells whether a schema takes another one into its `allOf`.
    pub(super) fn extends(&self, view: &View<'a>, parent: &View<'a>) -> bool {
        view.all_of()
            .into_iter()
            .any(|member| self.follow(member).is_some_and(|(_, schema)| View::new(schema).is_same(parent)))
    }
}
