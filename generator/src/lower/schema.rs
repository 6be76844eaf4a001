//! Schemas become types.
//!
//! Every component gets the name that the contract gives it. A schema that stands inline is named after the
//! place where it stands (`PolicyDetail` and `members` make `PolicyDetailMember`), so that its name does not
//! depend on anything elsewhere; the extension `x-type-name` overrides that, and lets inline schemas that are
//! alike share one type.

use std::collections::{HashMap, HashSet};

use driftline_specs::{Contract, pointer};
use serde_json::Value;

use super::enumeration::{enumeration, is_enum, kind_of_values};
use super::facts::Answers;
use super::hierarchy::Children;
use super::name::{self, Scope};
use super::union::{Branch, Branches};
use super::view::{Additional, Node, Schemas, View, component_name};
use super::{Error, docs, rust_type};
use crate::Settings;
use crate::ir::{Notice, Type, TypeDef, TypeKind};

/// Inline schemas nested deeper than this become free-form JSON.
pub(super) const MAX_DEPTH: usize = 48;

/// Where a schema stands and what its type would be called.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) pointer: String,
    pub(super) name: String,
    pub(super) module: String,
    pub(super) depth: usize,
}

impl Place {
    pub(super) fn below(&self, pointer: String, word: &str) -> Self {
        Self {
            pointer,
            name: name::type_name(&format!("{} {word}", self.name)),
            module: self.module.clone(),
            depth: self.depth + 1,
        }
    }
}

/// A type and whether `null` may stand for it.
pub(super) struct Use {
    pub(super) ty: Type,
    pub(super) nullable: bool,
}

impl Use {
    pub(super) fn new(ty: Type) -> Self {
        Self { ty, nullable: false }
    }

    /// The type of an array's item or a map's value, where nothing else says that `null` is allowed.
    pub(super) fn standing_alone(self) -> Type {
        if self.nullable { Type::Nullable(Box::new(self.ty)) } else { self.ty }
    }
}

pub(super) struct Lowering<'a> {
    pub(super) contract: &'a Contract,
    pub(super) schemas: &'a Schemas,
    pub(super) types: Vec<TypeDef>,
    pub(super) notices: Vec<Notice>,
    noticed: HashSet<(String, String)>,
    pub(super) names: Scope,
    pub(super) modules: Scope,
    /// Which components take which into their `allOf`.
    pub(super) children: Children,
    /// Answers about places that are referred to.
    pub(super) answers: Answers,
    /// What cannot be read is an error instead of free-form JSON.
    strict: bool,
    /// Properties that no schema declares are kept.
    pub(super) keep_undeclared: bool,
    /// Types of places that are referred to: components, and whatever else a reference points at.
    pub(super) referred: HashMap<String, String>,
    /// Places that are referred to and still have to be lowered.
    pending: Vec<String>,
    /// Referred types that are lowered.
    defined: HashSet<String>,
    /// Inline places that are lowered already, so that a merged schema reuses them.
    inline: HashMap<String, Type>,
    /// What `x-type-name` named, with the schema that it was first given to.
    shared: HashMap<String, (String, Value)>,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(contract: &'a Contract, schemas: &'a Schemas, settings: &Settings) -> Self {
        Self {
            contract,
            schemas,
            types: Vec::new(),
            notices: Vec::new(),
            noticed: HashSet::new(),
            names: Scope::default(),
            modules: Scope::with(&["mod"]),
            children: Children::default(),
            answers: Answers::default(),
            strict: settings.strict,
            keep_undeclared: settings.keep_undeclared,
            referred: HashMap::new(),
            pending: Vec::new(),
            defined: HashSet::new(),
            inline: HashMap::new(),
            shared: HashMap::new(),
        }
    }

    /// Lowers every component, in the order of the contract.
    pub(super) fn components(&mut self) -> Result<(), Error> {
        let components = self.contract.at("#/components/schemas").and_then(Value::as_object);
        let pointers: Vec<String> = components
            .into_iter()
            .flat_map(|components| components.keys())
            .map(|key| pointer::join("#/components/schemas", key))
            .collect();
        // All names first: a component keeps its name whatever stands inline before it.
        for pointer in &pointers {
            self.name_of(pointer);
        }
        self.children = Children::find(self, &pointers);
        pointers.iter().try_for_each(|pointer| self.component(pointer))?;
        self.referred_places()
    }

    /// Lowers what is referred to and is no component. It may refer to more.
    pub(super) fn referred_places(&mut self) -> Result<(), Error> {
        while let Some(pointer) = self.pending.pop() {
            self.component(&pointer)?;
        }
        Ok(())
    }

    fn name_of(&mut self, pointer: &str) -> String {
        if let Some(name) = self.referred.get(pointer) {
            return name.clone();
        }
        let word = component_name(pointer).unwrap_or_else(|| {
            let tokens = pointer::tokens(pointer).unwrap_or_default();
            let telling: Vec<_> = tokens.into_iter().filter(|token| token != "schema").collect();
            telling[telling.len().saturating_sub(3)..].join(" ")
        });
        let name = self.names.claim(&name::type_name(&word));
        self.referred.insert(pointer.to_owned(), name.clone());
        name
    }

    fn component(&mut self, pointer: &str) -> Result<(), Error> {
        let name = self.name_of(pointer);
        if !self.defined.insert(name.clone()) {
            return Ok(());
        }
        let module = self.modules.claim(&name::module_name(&name));
        let place = Place { pointer: pointer.to_owned(), name: name.clone(), module, depth: 0 };
        let Some(schema) = self.schemas.get(pointer) else {
            // A component that is a reference to another one.
            let target = self.contract.resolve(pointer).map(|(target, _)| target);
            let ty = match target.filter(|target| target != pointer) {
                Some(target) => self.reference(&target)?.ty,
                None => self.unreadable(&place)?.ty,
            };
            self.define(&place, Vec::new(), false, TypeKind::Alias(ty));
            return Ok(());
        };
        let view = View::new(schema);
        let kind = match self.hierarchy(&view, &place)? {
            Some(kind) => kind,
            None if self.is_heir(&place) && self.is_object(&view) => self.object(&view, &place)?,
            None => self.component_kind(&view, &place)?,
        };
        self.define(&place, described(&view), view.deprecated(), kind);
        Ok(())
    }

    /// What a component becomes. What says all for it and stands in it has no name but the component's.
    fn component_kind(&mut self, view: &View<'a>, place: &Place) -> Result<TypeKind, Error> {
        let (mut inner, mut at) = (*view, place.clone());
        while let Some((below, Node::Schema(schema))) = self.sole_part(&inner) {
            (inner, at.pointer, at.depth) =
                (View::new(schema), format!("{}{below}", at.pointer), at.depth + 1);
        }
        let kind = self.kind(&inner, &at)?;
        Ok(match kind {
            TypeKind::Alias(ty) if is_sensitive(view) => TypeKind::Alias(sensitive_type(ty)),
            // Inside, null was allowed by what is around it now.
            TypeKind::Alias(ty) if self.nullable(&inner) && !self.nullable(view) => {
                TypeKind::Alias(Use { ty, nullable: true }.standing_alone())
            }
            kind => kind,
        })
    }

    /// The part of a schema that says all of its values.
    fn sole_part(&self, view: &View<'a>) -> Option<(String, Node<'a>)> {
        if kind_of_values(view).is_some() || rust_type::of(view).is_some() {
            return None;
        }
        if let Some(wrapped) = self.wrapped(view) {
            return Some(wrapped);
        }
        if self.is_union(view) {
            return match self.branches(view) {
                Branches::One(below, node) => Some((below, node)),
                _ => None,
            };
        }
        if self.is_object(view) { None } else { self.telling_part(view) }
    }

    /// What becomes of a schema that cannot be read.
    pub(super) fn unreadable(&mut self, place: &Place) -> Result<Use, Error> {
        if self.strict {
            return Err(Error::Schema { pointer: place.pointer.clone() });
        }
        self.notice(place, "cannot be read as a schema and is carried as free-form JSON");
        Ok(Use::new(Type::Any))
    }

    pub(super) fn define(&mut self, place: &Place, docs: Vec<String>, deprecated: bool, kind: TypeKind) {
        self.types.push(TypeDef {
            name: place.name.clone(),
            module: place.module.clone(),
            pointer: place.pointer.clone(),
            docs,
            deprecated,
            in_request: false,
            kind,
            rules: Vec::new(),
        });
    }

    /// Lowers a schema or a reference wherever it stands.
    pub(super) fn node(&mut self, node: Node<'a>, place: Place) -> Result<Use, Error> {
        match node {
            Node::Reference(reference) => {
                let Some((target, _)) = self.contract.resolve(reference) else {
                    return self.unreadable(&place);
                };
                self.reference(&target)
            }
            Node::Schema(schema) => self.schema(&View::new(schema), place),
        }
    }

    /// Lowers the schema that an operation has at this place.
    pub(super) fn at(&mut self, place: Place) -> Result<Use, Error> {
        if component_name(&place.pointer).is_some() {
            let pointer = place.pointer.clone();
            return self.reference(&pointer);
        }
        match self.schemas.get(&place.pointer) {
            Some(schema) => self.schema(&View::new(schema), place),
            None => self.unreadable(&place),
        }
    }

    pub(super) fn reference(&mut self, target: &str) -> Result<Use, Error> {
        if let Some(ty) = self.inline.get(target) {
            return Ok(Use::new(ty.clone()));
        }
        let name = self.name_of(target);
        if component_name(target).is_none() {
            // Later, and not from here: a contract decides how far references lead.
            self.pending.push(target.to_owned());
        }
        let schema = self.schemas.get(target);
        let nullable = schema.is_some_and(|schema| self.nullable(&View::new(schema)));
        Ok(Use { ty: Type::Named(name), nullable })
    }

    /// Lowers an inline schema.
    fn schema(&mut self, view: &View<'a>, mut place: Place) -> Result<Use, Error> {
        let nullable = self.nullable(view);
        if let Some(ty) = self.inline.get(&place.pointer) {
            return Ok(Use { ty: ty.clone(), nullable });
        }
        if place.depth > MAX_DEPTH {
            self.notice(&place, "is nested too deeply and is carried as free-form JSON");
            return Ok(Use { ty: Type::Any, nullable });
        }
        let named = self.is_named(view);
        if named {
            if let Some(name) = view.extension("x-type-name").and_then(Value::as_str) {
                if let Some(shared) = self.shared(name, &place)? {
                    return Ok(Use { ty: Type::Named(shared), nullable });
                }
                place.name = name::type_name(name);
                place.module = name::module_name(name);
                place.module = self.modules.claim(&place.module);
            }
            place.name = self.names.claim(&place.name);
            self.inline.insert(place.pointer.clone(), Type::Named(place.name.clone()));
            if let Some(name) = view.extension("x-type-name").and_then(Value::as_str) {
                let value = self.contract.at(&place.pointer).cloned().unwrap_or_default();
                self.shared.entry(name.to_owned()).or_insert_with(|| (place.pointer.clone(), value));
            }
        }
        let kind = self.kind(view, &place)?;
        let mut ty = match kind {
            TypeKind::Alias(ty) => ty,
            kind => {
                self.define(&place, described(view), view.deprecated(), kind);
                Type::Named(place.name.clone())
            }
        };
        // A lone wrapper around a nullable schema is nullable as well.
        let mut nullable = nullable;
        if let Type::Nullable(inner) = ty {
            ty = *inner;
            nullable = true;
        }
        Ok(Use { ty, nullable })
    }

    /// Returns the type that `x-type-name` named before, if the two schemas say the same.
    fn shared(&mut self, name: &str, place: &Place) -> Result<Option<String>, Error> {
        let Some((first, value)) = self.shared.get(name) else { return Ok(None) };
        let here = self.contract.at(&place.pointer).cloned().unwrap_or_default();
        if without_words(value) != without_words(&here) {
            if !self.strict {
                let message = format!("has the name of {first}, whose schema differs, and gets another one");
                self.notice(place, &message);
                return Ok(None);
            }
            return Err(Error::SharedName {
                name: name.to_owned(),
                first: first.clone(),
                second: place.pointer.clone(),
            });
        }
        Ok(match self.inline.get(first) {
            Some(Type::Named(name)) => Some(name.clone()),
            _ => None,
        })
    }

    /// Tells whether a schema becomes a type with a name of its own.
    fn is_named(&self, view: &View<'a>) -> bool {
        if rust_type::of(view).is_some() {
            return false;
        }
        if kind_of_values(view).is_some_and(|kind| kind != "boolean") {
            return true;
        }
        if self.wrapped(view).is_some() {
            return false;
        }
        if self.is_union(view) {
            return match self.branches(view) {
                Branches::Several(_) => true,
                Branches::Texts(branches) => self.lists_values(&branches),
                Branches::Numbers(branches) => {
                    branches.iter().all(|branch| kind_of_values(&branch.view).is_some())
                }
                _ => false,
            };
        }
        self.is_object(view) && (!view.all_of().is_empty() || self.has_properties(view))
    }

    /// Tells whether text is from a list that gets a name here, not from one enum with a name of its own.
    fn lists_values(&self, branches: &[Branch<'a>]) -> bool {
        let enums: Vec<_> = branches.iter().filter(|branch| is_enum(&branch.view)).collect();
        match enums.as_slice() {
            [] => false,
            [only] => only.target.is_none(),
            _ => true,
        }
    }

    /// The only member of an `allOf` that shapes anything, where nothing stands beside it: the form in which a
    /// reference gets siblings. The other members are words.
    pub(super) fn wrapped(&self, view: &View<'a>) -> Option<(String, Node<'a>)> {
        if !view.properties().is_empty() || !view.branches().is_empty() || !view.required().is_empty() {
            return None;
        }
        let mut shaping = view.all_of().into_iter().enumerate().filter(|(_, node)| node.words().is_none());
        match (shaping.next(), shaping.next()) {
            (Some((index, only)), None) => Some((format!("/allOf/{index}"), only)),
            _ => None,
        }
    }

    /// Decides what a schema becomes. An alias means that no new type is needed.
    fn kind(&mut self, view: &View<'a>, place: &Place) -> Result<TypeKind, Error> {
        let kind = self.bare_kind(view, place)?;
        Ok(match kind {
            TypeKind::Alias(ty) if is_sensitive(view) => TypeKind::Alias(sensitive_type(ty)),
            kind => kind,
        })
    }

    fn bare_kind(&mut self, view: &View<'a>, place: &Place) -> Result<TypeKind, Error> {
        if let Some(ty) = rust_type::of(view) {
            return Ok(TypeKind::Alias(ty));
        }
        match kind_of_values(view) {
            None => {}
            Some("boolean") => return Ok(TypeKind::Alias(Type::Boolean)),
            Some(kind) => return Ok(enumeration(kind, self.listed(view, place))),
        }
        if let Some((below, part)) = self.sole_part(view) {
            let inner = Place {
                pointer: format!("{}{below}", place.pointer),
                depth: place.depth + 1,
                ..place.clone()
            };
            return Ok(TypeKind::Alias(self.node(part, inner)?.standing_alone()));
        }
        if self.is_union(view) {
            return match self.branches(view) {
                Branches::Texts(branches) => self.texts(&branches, place),
                Branches::Numbers(branches) => Ok(self.numbers(&branches, place)),
                Branches::Flags => Ok(TypeKind::Alias(Type::Boolean)),
                Branches::Several(branches) => self.several(view, &branches, place),
                Branches::None | Branches::One(..) => Ok(TypeKind::Alias(Type::Any)),
            };
        }
        if self.is_object(view) && (!view.all_of().is_empty() || !view.properties().is_empty()) {
            return self.object(view, place);
        }
        let ty = match view.type_name() {
            Some("array") => {
                if let Some(tuple) = self.tuple(view, place) {
                    return Ok(TypeKind::Alias(tuple));
                }
                let item = match view.items() {
                    Some(items) => {
                        let (parent, word) = split_last_word(&place.name);
                        let place = Place {
                            pointer: format!("{}/items", place.pointer),
                            name: name::type_name(&format!("{parent} {}", name::singular(&word))),
                            module: place.module.clone(),
                            depth: place.depth + 1,
                        };
                        self.node(items, place)?.standing_alone()
                    }
                    None => Type::Any,
                };
                Type::Array(Box::new(item))
            }
            Some("object") => match view.additional() {
                Additional::Schema(node) => {
                    let place = place.below(format!("{}/additionalProperties", place.pointer), "value");
                    Type::Map(Box::new(self.node(node, place)?.standing_alone()))
                }
                Additional::Open | Additional::Closed => Type::AnyObject,
            },
            _ => self.leaf(view, place),
        };
        Ok(TypeKind::Alias(ty))
    }

    /// The member of an `allOf` that says most of values which are no objects: an enum, a union or a list. What all
    /// members say of a plain text or number is put together elsewhere.
    fn telling_part(&self, view: &View<'a>) -> Option<(String, Node<'a>)> {
        let parts = view.all_of().into_iter().enumerate().rev();
        let weighed = parts.filter_map(|(index, node)| {
            let (target, schema) = self.follow(node)?;
            let part = View::new(schema);
            let kind = self.json_type(&part);
            let weight = match kind_of_values(&part) {
                Some(kind) if kind != "boolean" => 3,
                _ if self.is_union(&part) || kind == "array" => 2,
                _ if target.is_some() && kind != "any" => 1,
                _ => return None,
            };
            Some((weight, format!("/allOf/{index}"), node))
        });
        let (_, below, node) = weighed.max_by_key(|(weight, ..)| *weight)?;
        Some((below, node))
    }

    pub(super) fn notice(&mut self, place: &Place, message: &str) {
        self.notice_at(place.pointer.clone(), message);
    }

    pub(super) fn notice_at(&mut self, pointer: String, message: &str) {
        let notice = Notice { pointer, message: message.to_owned() };
        // A schema is looked at again wherever it is part of another one.
        if self.noticed.insert((notice.pointer.clone(), notice.message.clone())) {
            self.notices.push(notice);
        }
    }
}

fn is_sensitive(view: &View<'_>) -> bool {
    view.extension("x-sensitive").and_then(Value::as_bool) == Some(true)
}

/// Puts the mask around the value itself, inside a list or beside `null`.
fn sensitive_type(ty: Type) -> Type {
    match ty {
        Type::Array(inner) => Type::Array(Box::new(sensitive_type(*inner))),
        Type::Map(inner) => Type::Map(Box::new(sensitive_type(*inner))),
        Type::Nullable(inner) => Type::Nullable(Box::new(sensitive_type(*inner))),
        Type::Tuple(items) => Type::Tuple(items.into_iter().map(sensitive_type).collect()),
        Type::Sensitive(inner) => Type::Sensitive(inner),
        other => Type::Sensitive(Box::new(other)),
    }
}

/// The description, then the limits and the default.
pub(super) fn described(view: &View<'_>) -> Vec<String> {
    let mut lines = docs::lines(view.description());
    let limits = view.limits();
    if !limits.is_empty() {
        docs::paragraph(&mut lines, &limits);
    }
    lines
}

/// Takes the words away that do not change what a schema means.
pub(super) fn without_words(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(object) = value.as_object_mut() {
        for word in ["description", "title", "example", "default", "nullable", "x-sensitive"] {
            object.remove(word);
        }
    }
    value
}

/// Splits a type's name before its last word, so that only that word becomes singular.
fn split_last_word(name: &str) -> (String, String) {
    let at =
        name.char_indices().rev().find(|(_, character)| character.is_uppercase()).map_or(0, |(at, _)| at);
    (name[..at].to_owned(), name[at..].to_owned())
}
