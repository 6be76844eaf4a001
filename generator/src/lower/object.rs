//! Objects: the properties of a schema, of the members of its `allOf`, and of the branches beside them, in one
//! struct; and forms, which are objects that are sent part by part.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use driftline_specs::pointer;

use super::facts::Visited;
use super::name::{self, Scope};
use super::operation::PartEncodings;
use super::schema::{Lowering, MAX_DEPTH, Place, Use, described, without_words};
use super::view::{Additional, Node, View};
use super::{Error, docs};
use crate::ir::{Access, Constant, Field, PartEncoding, Presence, Struct, Type, TypeKind};

/// A property as it was found.
#[derive(Clone)]
pub(super) struct Property<'a> {
    pub(super) name: String,
    pub(super) node: Node<'a>,
    place: Place,
    /// Only a branch declares it.
    in_branch: bool,
}

/// The properties of an object and of everything that `allOf` adds to it.
#[derive(Default)]
pub(super) struct Merged<'a> {
    pub(super) properties: Vec<Property<'a>>,
    index: HashMap<String, usize>,
    pub(super) required: BTreeSet<String>,
    additional: Option<(Node<'a>, Place)>,
    /// The other schemas that branches give to a property.
    disputed: BTreeMap<String, Vec<Node<'a>>>,
    /// These are the properties of a branch.
    is_branch: bool,
}

impl<'a> Merged<'a> {
    fn get(&mut self, name: &str) -> Option<&mut Property<'a>> {
        self.index.get(name).and_then(|index| self.properties.get_mut(*index))
    }

    fn push(&mut self, property: Property<'a>) {
        self.index.insert(property.name.clone(), self.properties.len());
        self.properties.push(property);
    }
}

impl<'a> Lowering<'a> {
    pub(super) fn object(&mut self, view: &View<'a>, place: &Place) -> Result<TypeKind, Error> {
        let merged = self.merged(view, place);
        let additional = match merged.additional {
            Some((node, place)) => Some(self.node(node, place)?.standing_alone()),
            None => self.keep_undeclared.then_some(Type::Any),
        };
        let mut names = Scope::with(&["additional_properties", "new", "default", "clone", "into_form"]);
        let mut fields = Vec::with_capacity(merged.properties.len());
        for Property { name: property, node, place, .. } in merged.properties {
            let (mut docs, deprecated) = self.words_of(node);
            let access = self.access(node);
            let sentence = match access {
                Access::Both => None,
                Access::ReadOnly => Some("Read-only: answers have it, and requests leave it out."),
                Access::WriteOnly => Some("Write-only: requests have it, and answers leave it out."),
            };
            if let Some(sentence) = sentence {
                docs::paragraph(&mut docs, sentence);
            }
            let pointer = place.pointer.clone();
            let used = match merged.disputed.get(&property) {
                Some(others) => self.disputed(node, others, &place),
                None => self.node(node, place)?,
            };
            let required = merged.required.contains(&property);
            let (ty, presence) = match (required, used.nullable) {
                (true, true) => (Type::Nullable(Box::new(used.ty)), Presence::Required),
                (true, false) => (used.ty, Presence::Required),
                (false, true) => (used.ty, Presence::Nullable),
                (false, false) => (used.ty, Presence::Optional),
            };
            let name = name::escape_keyword(names.claim(&name::value_name(&property)));
            let constant = self.follow(node).and_then(|(_, schema)| View::new(schema).only_flag());
            let constant = constant.filter(|_| matches!(ty, Type::Boolean | Type::Named(_)));
            let constant = constant.map(Constant::Boolean);
            fields.push(Field {
                name,
                property,
                ty,
                presence,
                pointer,
                docs,
                deprecated,
                demanded: required,
                integers: false,
                is_list: false,
                access,
                constant,
                part: PartEncoding::Usual,
            });
        }
        Ok(TypeKind::Struct(Struct { fields, additional }))
    }

    /// The type of a property to which branches give different schemas.
    fn disputed(&mut self, node: Node<'a>, others: &[Node<'a>], place: &Place) -> Use {
        let views = [node].into_iter().chain(others.iter().copied()).filter_map(|node| self.follow(node));
        let views: Vec<_> = views.map(|(_, schema)| View::new(schema)).collect();
        let nullable = views.iter().any(|view| self.nullable(view));
        let kinds: BTreeSet<_> = views.iter().map(|view| self.json_type(view)).collect();
        let ty = match kinds.into_iter().collect::<Vec<_>>().as_slice() {
            ["string"] => Type::String,
            ["boolean"] => Type::Boolean,
            ["integer" | "number"] | ["integer", "number"] => Type::Number,
            _ => {
                self.notice(
                    place,
                    "has different schemas in different branches and is carried as free-form JSON",
                );
                return Use::new(Type::Any);
            }
        };
        Use { ty, nullable }
    }

    fn merged(&self, view: &View<'a>, place: &Place) -> Merged<'a> {
        let mut merged = Merged::default();
        self.merge(view, place, &mut merged, &mut Visited::of(place), 0);
        merged
    }

    /// Collects the properties of a schema and of the members of its `allOf`. Of two schemas for a property the one
    /// that says more wins, and of equals the later.
    pub(super) fn merge(
        &self,
        view: &View<'a>,
        place: &Place,
        merged: &mut Merged<'a>,
        visited: &mut Visited,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        for (index, member) in view.all_of().into_iter().enumerate() {
            let Some((target, schema)) = self.follow(member) else { continue };
            if visited.is_new(target.as_deref(), merged.is_branch) {
                let inner = self.member_place(target, &format!("/allOf/{index}"), place);
                self.merge(&View::new(schema), &inner, merged, visited, depth + 1);
            }
        }
        merged.required.extend(view.required().iter().cloned());
        for (property, node) in view.properties() {
            let below =
                place.below(pointer::join(&format!("{}/properties", place.pointer), property), property);
            match merged.get(property) {
                Some(known) if self.weight(node) >= self.weight(known.node) => {
                    (known.node, known.place) = (node, below);
                }
                Some(_) => {}
                None => merged.push(Property {
                    name: property.to_owned(),
                    node,
                    place: below,
                    in_branch: merged.is_branch,
                }),
            }
        }
        if let Additional::Schema(node) = view.additional() {
            let below = place.below(format!("{}/additionalProperties", place.pointer), "value");
            merged.additional = Some((node, below));
        }
        self.merge_branches(view, place, merged, visited, depth);
    }

    /// How much a schema says of its values: nothing, a type, or more than that.
    fn weight(&self, node: Node<'a>) -> u8 {
        match self.follow(node) {
            Some((None, schema)) => {
                let view = View::new(schema);
                match (view.is_bare(), view.type_name()) {
                    (true, _) => 0,
                    (_, Some("string" | "integer" | "number" | "boolean")) if !view.lists_values() => 1,
                    (_, Some("object")) if !self.has_properties(&view) => 1,
                    _ => 2,
                }
            }
            Some((Some(_), _)) => 2,
            None => 0,
        }
    }

    /// The direction in which a property travels.
    pub(super) fn access(&self, node: Node<'a>) -> Access {
        match (self.says(node, View::read_only, 0), self.says(node, View::write_only, 0)) {
            (true, false) => Access::ReadOnly,
            (false, true) => Access::WriteOnly,
            _ => Access::Both,
        }
    }

    /// Tells whether a schema, or what it wraps, says something of itself.
    fn says(&self, node: Node<'a>, word: fn(&View<'a>) -> bool, depth: usize) -> bool {
        let Some((_, schema)) = self.follow(node) else { return false };
        let view = View::new(schema);
        word(&view)
            || view.all_of().iter().filter_map(Node::words).any(|words| word(&words))
            || depth < MAX_DEPTH
                && self.wrapped(&view).is_some_and(|(_, inner)| self.says(inner, word, depth + 1))
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
    fn merge_branches(
        &self,
        view: &View<'a>,
        place: &Place,
        merged: &mut Merged<'a>,
        visited: &mut Visited,
        depth: usize,
    ) {
        let branches = view.branches().into_iter();
        let branches: Vec<_> =
            branches.filter_map(|(below, node)| Some((below, self.follow(node)?))).collect();
        // What is one of the branches itself is not the others as well.
        if branches.iter().any(|(_, (target, _))| visited.is_part(target.as_deref())) {
            return;
        }
        for (below, (target, schema)) in branches {
            if !visited.is_new(target.as_deref(), true) {
                continue;
            }
            let inner = self.member_place(target, &below, place);
            let mut branch = Merged { is_branch: true, ..Merged::default() };
            self.merge(&View::new(schema), &inner, &mut branch, visited, depth + 1);
            for property in branch.properties {
                match merged.get(&property.name) {
                    None => merged.push(Property { in_branch: true, ..property }),
                    // What the object says itself holds in every branch.
                    Some(known) if !known.in_branch || known.place.pointer == property.place.pointer => {}
                    Some(known) => {
                        let (one, other) = (
                            self.contract.at(&known.place.pointer),
                            self.contract.at(&property.place.pointer),
                        );
                        if one.map(without_words) != other.map(without_words) {
                            merged.disputed.entry(property.name).or_default().push(property.node);
                        }
                    }
                }
            }
            for (name, others) in branch.disputed {
                merged.disputed.entry(name).or_default().extend(others);
            }
        }
    }

    /// The documentation of a property: its own, or its type's first paragraph.
    fn words_of(&self, node: Node<'a>) -> (Vec<String>, bool) {
        match self.follow(node) {
            Some((None, schema)) => {
                let view = View::new(schema);
                let parts = view.all_of();
                let own: Vec<_> = [view].into_iter().chain(parts.iter().filter_map(Node::words)).collect();
                let (inner, mut deprecated) =
                    self.wrapped(&view).map(|(_, inner)| self.words_of(inner)).unwrap_or_default();
                let described_here = own.iter().any(|view| view.description().is_some());
                let mut docs = if described_here { Vec::new() } else { inner };
                for view in own {
                    deprecated |= view.deprecated();
                    let mut words = described(&view);
                    if !docs.is_empty() && !words.is_empty() {
                        docs.push(String::new());
                    }
                    docs.append(&mut words);
                }
                (docs, deprecated)
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

    /// Makes a form of an object schema: files where the schema says `format: binary`. `encodings` says how some of
    /// the parts are written.
    pub(super) fn form(
        &mut self,
        mut place: Place,
        mut encodings: HashMap<String, PartEncodings>,
    ) -> Result<Option<Type>, Error> {
        let Some(schema) = self.schemas.get(&place.pointer) else {
            self.unreadable(&place)?;
            return Ok(None);
        };
        let view = View::new(schema);
        if !self.is_object(&view) {
            return Ok(None);
        }
        place.name = self.names.claim(&place.name);
        place.module = self.modules.claim(&place.module);
        let TypeKind::Struct(mut object) = self.object(&view, &place)? else { return Ok(None) };
        let merged = self.merged(&view, &place);
        for (field, property) in object.fields.iter_mut().zip(&merged.properties) {
            field.ty = self.file(property.node).unwrap_or_else(|| field.ty.clone());
            if let Some(encodings) = encodings.remove(&field.property) {
                field.part = encodings.of(&field.ty);
            }
        }
        let name = place.name.clone();
        self.define(&place, described(&view), view.deprecated(), TypeKind::Form(object));
        Ok(Some(Type::Named(name)))
    }

    /// The type of a part that is a file or a list of files.
    fn file(&self, node: Node<'a>) -> Option<Type> {
        let view = View::new(self.follow(node)?.1);
        if view.type_name() != Some("array") {
            return is_file(&view).then_some(Type::File);
        }
        let items = View::new(self.follow(view.items()?)?.1);
        is_file(&items).then(|| Type::Array(Box::new(Type::File)))
    }
}

fn is_file(view: &View<'_>) -> bool {
    view.type_name() == Some("string") && view.format().as_deref() == Some("binary")
}
