//! Objects: the properties of a schema, of the members of its `allOf`, and of the branches beside them, in one
//! struct; and forms, which are objects that are sent part by part.

use std::collections::BTreeSet;

use driftline_specs::pointer;

use super::name::{self, Scope};
use super::schema::{Lowering, MAX_DEPTH, Place, Use, described, without_words};
use super::view::{Additional, Node, View};
use super::{Error, docs};
use crate::ir::{Field, Presence, Struct, Type, TypeKind};

/// The properties of an object and of everything that `allOf` adds to it.
#[derive(Default)]
pub(super) struct Merged<'a> {
    pub(super) properties: Vec<(String, Node<'a>, Place)>,
    pub(super) required: BTreeSet<String>,
    additional: Option<(Node<'a>, Place)>,
    /// Properties to which the branches of a union give different schemas.
    disputed: BTreeSet<String>,
}

impl<'a> Lowering<'a> {
    pub(super) fn object(&mut self, view: &View<'a>, place: &Place) -> Result<TypeKind, Error> {
        let mut merged = Merged::default();
        self.merge(view, place, &mut merged, 0);
        let additional = match merged.additional {
            Some((node, place)) => self.node(node, place)?.standing_alone(),
            None => Type::Any,
        };
        let mut names = Scope::with(&["additional_properties", "new", "default", "clone", "into_form"]);
        let mut fields = Vec::with_capacity(merged.properties.len());
        for (property, node, place) in merged.properties {
            let (docs, deprecated) = self.words_of(node);
            let pointer = place.pointer.clone();
            let used = if merged.disputed.contains(&property) {
                self.notice(
                    &place,
                    "has different schemas in different branches and is carried as free-form JSON",
                );
                Use::new(Type::Any)
            } else {
                self.node(node, place)?
            };
            let required = merged.required.contains(&property);
            let (ty, presence) = match (required, used.nullable) {
                (true, true) => (Type::Nullable(Box::new(used.ty)), Presence::Required),
                (true, false) => (used.ty, Presence::Required),
                (false, true) => (used.ty, Presence::Nullable),
                (false, false) => (used.ty, Presence::Optional),
            };
            let name = name::escape_keyword(names.claim(&name::value_name(&property)));
            fields.push(Field { name, property, ty, presence, pointer, docs, deprecated });
        }
        Ok(TypeKind::Struct(Struct { fields, additional }))
    }

    /// Collects the properties of a schema and of the members of its `allOf`; the later wins.
    pub(super) fn merge(&self, view: &View<'a>, place: &Place, merged: &mut Merged<'a>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for (index, member) in view.all_of().into_iter().enumerate() {
            let Some((target, schema)) = self.follow(member) else { continue };
            let inner = self.member_place(target, &format!("/allOf/{index}"), place);
            self.merge(&View::new(schema), &inner, merged, depth + 1);
        }
        merged.required.extend(view.required().iter().cloned());
        for (property, node) in view.properties() {
            let below =
                place.below(pointer::join(&format!("{}/properties", place.pointer), property), property);
            match merged.properties.iter_mut().find(|(known, ..)| known == property) {
                Some(known) => (known.1, known.2) = (node, below),
                None => merged.properties.push((property.to_owned(), node, below)),
            }
        }
        if let Additional::Schema(node) = view.additional() {
            let below = place.below(format!("{}/additionalProperties", place.pointer), "value");
            merged.additional = Some((node, below));
        }
        self.merge_branches(view, place, merged, depth);
    }

    /// The place of a member of `allOf` or of a branch. What comes from a component keeps the names that it has
    /// there.
    fn member_place(&self, target: Option<String>, below: &str, place: &Place) -> Place {
        match target {
            Some(pointer) => Place {
                name: self.referred.get(&pointer).cloned().unwrap_or_else(|| place.name.clone()),
                module: place.module.clone(),
                depth: place.depth + 1,
                pointer,
            },
            None => Place {
                pointer: format!("{}{below}", place.pointer),
                depth: place.depth + 1,
                ..place.clone()
            },
        }
    }

    /// Adds the properties of a union's branches, none of which has to be there.
    fn merge_branches(&self, view: &View<'a>, place: &Place, merged: &mut Merged<'a>, depth: usize) {
        for (below, node) in view.branches() {
            let Some((target, schema)) = self.follow(node) else { continue };
            let inner = self.member_place(target, &below, place);
            let mut branch = Merged::default();
            self.merge(&View::new(schema), &inner, &mut branch, depth + 1);
            for (property, node, place) in branch.properties {
                match merged.properties.iter().find(|(known, ..)| *known == property) {
                    None => merged.properties.push((property, node, place)),
                    Some((_, _, known)) if known.pointer == place.pointer => {}
                    Some((_, _, known)) => {
                        let (one, other) =
                            (self.contract.at(&known.pointer), self.contract.at(&place.pointer));
                        if one.map(without_words) != other.map(without_words) {
                            merged.disputed.insert(property);
                        }
                    }
                }
            }
            merged.disputed.extend(branch.disputed);
        }
    }

    /// The documentation of a property: its own, or its type's first paragraph.
    fn words_of(&self, node: Node<'a>) -> (Vec<String>, bool) {
        match self.follow(node) {
            Some((None, schema)) => {
                let view = View::new(schema);
                let docs = match (view.description(), self.wrapped(&view)) {
                    (None, Some(inner)) => self.words_of(inner).0,
                    _ => described(&view),
                };
                (docs, view.deprecated())
            }
            Some((Some(_), schema)) => {
                let mut docs = docs::lines(View::new(schema).description());
                let end = docs.iter().position(String::is_empty).unwrap_or(docs.len());
                docs.truncate(end);
                (docs, false)
            }
            None => (Vec::new(), false),
        }
    }

    /// Makes a form of an object schema: files where the schema says `format: binary`.
    pub(super) fn form(&mut self, mut place: Place) -> Result<Option<Type>, Error> {
        let Some(schema) = self.schemas.get(self.contract, &place.pointer) else {
            return Err(Error::unreadable(&place.pointer));
        };
        let view = View::new(schema);
        if !self.is_object(&view, 0) {
            return Ok(None);
        }
        place.name = self.names.claim(&place.name);
        place.module = self.modules.claim(&place.module);
        let TypeKind::Struct(mut object) = self.object(&view, &place)? else { return Ok(None) };
        let mut merged = Merged::default();
        self.merge(&view, &place, &mut merged, 0);
        for (field, (_, node, _)) in object.fields.iter_mut().zip(&merged.properties) {
            field.ty = self.file(*node).unwrap_or_else(|| field.ty.clone());
        }
        let name = place.name.clone();
        self.define(&place, described(&view), view.deprecated(), TypeKind::Form(object));
        Ok(Some(Type::Named(name)))
    }

    fn file(&self, node: Node<'a>) -> Option<Type> {
        let view = View::new(self.follow(node)?.1);
        match view.type_name() {
            Some("string") if view.format().as_deref() == Some("binary") => Some(Type::File),
            Some("array") => Some(Type::Array(Box::new(self.file(view.items()?)?))),
            _ => None,
        }
    }
}
