//! Schemas become types.
//!
//! Every component gets the name that the contract gives it. A schema that stands inline is named after the
//! place where it stands (`PolicyDetail` and `members` make `PolicyDetailMember`), so that its name does not
//! depend on anything elsewhere; the extension `x-type-name` overrides that, and lets inline schemas that are
//! alike share one type.

use std::collections::{BTreeSet, HashMap, HashSet};

use driftline_specs::{Contract, pointer};
use serde_json::Value;

use super::name::{self, Scope};
use super::union::{Branch, Branches};
use super::view::{Additional, Node, Schemas, View, component_name};
use super::{Error, docs};
use crate::ir::{Notice, Type, TypeDef, TypeKind, Variant};

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
    pub(super) names: Scope,
    pub(super) modules: Scope,
    /// Types of places that are referred to: components, and whatever else a reference points at.
    pub(super) referred: HashMap<String, String>,
    /// Referred types whose lowering has begun.
    defined: HashSet<String>,
    /// Inline places that are lowered already, so that a merged schema reuses them.
    inline: HashMap<String, Type>,
    /// What `x-type-name` named, with the schema that it was first given to.
    shared: HashMap<String, (String, Value)>,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(contract: &'a Contract, schemas: &'a Schemas) -> Self {
        Self {
            contract,
            schemas,
            types: Vec::new(),
            notices: Vec::new(),
            names: Scope::default(),
            modules: Scope::with(&["mod"]),
            referred: HashMap::new(),
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
        pointers.iter().try_for_each(|pointer| self.component(pointer))
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
        let Some(schema) = self.schemas.get(self.contract, pointer) else {
            // A component that is a reference to another one.
            let target = self.contract.resolve(pointer).map(|(target, _)| target);
            let ty = match target.filter(|target| target != pointer) {
                Some(target) => self.reference(&target)?.ty,
                None => {
                    self.notice(&place, "cannot be read as a schema and is carried as free-form JSON");
                    Type::Any
                }
            };
            self.define(&place, Vec::new(), false, TypeKind::Alias(ty));
            return Ok(());
        };
        let view = View::new(schema);
        let kind = self.kind(&view, &place)?;
        self.define(&place, described(&view), view.deprecated(), kind);
        Ok(())
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
        });
    }

    /// Lowers a schema or a reference wherever it stands.
    pub(super) fn node(&mut self, node: Node<'a>, place: Place) -> Result<Use, Error> {
        match node {
            Node::Reference(reference) => {
                let Some((target, _)) = self.contract.resolve(reference) else {
                    return Err(Error::unreadable(&place.pointer));
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
        match self.schemas.get(self.contract, &place.pointer) {
            Some(schema) => self.schema(&View::new(schema), place),
            None => Err(Error::unreadable(&place.pointer)),
        }
    }

    pub(super) fn reference(&mut self, target: &str) -> Result<Use, Error> {
        if let Some(ty) = self.inline.get(target) {
            return Ok(Use::new(ty.clone()));
        }
        let name = self.name_of(target);
        if component_name(target).is_none() {
            self.component(target)?;
        }
        let nullable =
            self.schemas.get(self.contract, target).is_some_and(|schema| View::new(schema).nullable());
        Ok(Use { ty: Type::Named(name), nullable })
    }

    /// Lowers an inline schema.
    fn schema(&mut self, view: &View<'a>, mut place: Place) -> Result<Use, Error> {
        let nullable = view.nullable();
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
                self.shared.insert(name.to_owned(), (place.pointer.clone(), value));
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
    fn shared(&self, name: &str, place: &Place) -> Result<Option<String>, Error> {
        let Some((first, value)) = self.shared.get(name) else { return Ok(None) };
        let here = self.contract.at(&place.pointer).cloned().unwrap_or_default();
        if without_words(value) != without_words(&here) {
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
        if is_enum(view) {
            return true;
        }
        if self.wrapped(view).is_some() {
            return false;
        }
        if self.is_union(view) {
            return match self.branches(view) {
                Branches::Several(_) => true,
                Branches::Texts(branches) => self.lists_values(&branches),
                _ => false,
            };
        }
        self.is_object(view, 0) && (!view.all_of().is_empty() || self.has_properties(view, 0))
    }

    /// Tells whether a schema is its branches and nothing else. Beside properties or `allOf`, branches add
    /// properties to an object.
    fn is_union(&self, view: &View<'a>) -> bool {
        !view.branches().is_empty()
            && view.properties().is_empty()
            && view.all_of().is_empty()
            && !matches!(self.branches(view), Branches::None)
    }

    fn has_properties(&self, view: &View<'a>, depth: usize) -> bool {
        !view.properties().is_empty()
            || (depth < MAX_DEPTH
                && !view.all_of().is_empty()
                && view.all_of().iter().any(|member| {
                    self.follow(*member)
                        .is_some_and(|(_, schema)| self.has_properties(&View::new(schema), depth + 1))
                }))
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

    /// The only member of an `allOf` that adds nothing: the form in which a reference gets siblings.
    pub(super) fn wrapped(&self, view: &View<'a>) -> Option<Node<'a>> {
        let all_of = view.all_of();
        match all_of.as_slice() {
            [only]
                if view.properties().is_empty()
                    && view.branches().is_empty()
                    && view.required().is_empty() =>
            {
                Some(*only)
            }
            _ => None,
        }
    }

    pub(super) fn is_object(&self, view: &View<'a>, depth: usize) -> bool {
        if !view.properties().is_empty() || view.type_name() == Some("object") {
            return true;
        }
        depth < MAX_DEPTH
            && view.all_of().iter().any(|member| {
                self.follow(*member).is_some_and(|(_, schema)| self.is_object(&View::new(schema), depth + 1))
            })
    }

    /// Follows a reference to the schema and its place.
    pub(super) fn follow(&self, node: Node<'a>) -> Option<(Option<String>, &'a openapiv3::Schema)> {
        match node {
            Node::Schema(schema) => Some((None, schema)),
            Node::Reference(reference) => {
                let (pointer, _) = self.contract.resolve(reference)?;
                let schema = self.schemas.get(self.contract, &pointer)?;
                Some((Some(pointer), schema))
            }
        }
    }

    /// Decides what a schema becomes. An alias means that no new type is needed.
    fn kind(&mut self, view: &View<'a>, place: &Place) -> Result<TypeKind, Error> {
        let kind = self.bare_kind(view, place)?;
        let sensitive = view.extension("x-sensitive").and_then(Value::as_bool) == Some(true);
        Ok(match kind {
            TypeKind::Alias(ty) if sensitive => TypeKind::Alias(sensitive_type(ty)),
            kind => kind,
        })
    }

    fn bare_kind(&mut self, view: &View<'a>, place: &Place) -> Result<TypeKind, Error> {
        if is_enum(view) {
            return Ok(TypeKind::Enum(variants_of(&values(view))));
        }
        if let Some(node) = self.wrapped(view) {
            let inner = place.below(format!("{}/allOf/0", place.pointer), "");
            let used = self.node(node, Place { name: place.name.clone(), ..inner })?;
            return Ok(TypeKind::Alias(used.standing_alone()));
        }
        if self.is_union(view) {
            return match self.branches(view) {
                Branches::One(below, only) => {
                    let inner = Place { depth: place.depth + 1, ..place.clone() };
                    let inner = Place { pointer: format!("{}{below}", place.pointer), ..inner };
                    Ok(TypeKind::Alias(self.node(only, inner)?.standing_alone()))
                }
                Branches::Texts(branches) => self.texts(&branches),
                Branches::Numbers(ty) => Ok(TypeKind::Alias(ty)),
                Branches::Several(branches) => self.several(view, &branches, place),
                Branches::None => Ok(TypeKind::Alias(Type::Any)),
            };
        }
        if self.is_object(view, 0) && (!view.all_of().is_empty() || !view.properties().is_empty()) {
            return self.object(view, place);
        }
        if let [first, ..] = view.all_of().as_slice() {
            let inner = place.below(format!("{}/allOf/0", place.pointer), "");
            return Ok(TypeKind::Alias(self.node(*first, inner)?.standing_alone()));
        }
        let ty = match view.type_name() {
            Some("string") => match view.format().as_deref() {
                Some("date") => Type::Date,
                Some("date-time") => Type::DateTime,
                Some("byte") => Type::Base64,
                _ => Type::String,
            },
            Some("integer") => match view.format().as_deref() {
                Some("uint64" | "uint") => Type::Unsigned,
                _ => Type::Integer,
            },
            Some("number") => Type::Number,
            Some("boolean") => Type::Boolean,
            Some("array") => {
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
            _ => Type::Any,
        };
        Ok(TypeKind::Alias(ty))
    }

    pub(super) fn notice(&mut self, place: &Place, message: &str) {
        self.notices.push(Notice { pointer: place.pointer.clone(), message: message.to_owned() });
    }
}

pub(super) fn is_enum(view: &View<'_>) -> bool {
    matches!(view.type_name(), None | Some("string"))
        && view.enumeration().is_some_and(|values| values.iter().any(Option::is_some))
}

/// The strings that an enum lists.
pub(super) fn values(view: &View<'_>) -> Vec<String> {
    view.enumeration().into_iter().flatten().flatten().map(str::to_owned).collect()
}

/// One variant for each different value.
pub(super) fn variants_of(values: &[String]) -> Vec<Variant> {
    let mut names = Scope::with(&["unrecognized", "self"]);
    let mut seen = BTreeSet::new();
    let different = values.iter().filter(|value| seen.insert(value.as_str()));
    different
        .map(|value| Variant { name: names.claim(&name::variant_name(value)), value: value.clone() })
        .collect()
}

/// Puts the mask around the value itself, inside a list or beside `null`.
fn sensitive_type(ty: Type) -> Type {
    match ty {
        Type::Array(inner) => Type::Array(Box::new(sensitive_type(*inner))),
        Type::Map(inner) => Type::Map(Box::new(sensitive_type(*inner))),
        Type::Nullable(inner) => Type::Nullable(Box::new(sensitive_type(*inner))),
        Type::Sensitive(inner) => Type::Sensitive(inner),
        other => Type::Sensitive(Box::new(other)),
    }
}

/// The description, then the limits.
pub(super) fn described(view: &View<'_>) -> Vec<String> {
    let mut lines = docs::lines(view.description());
    let constraints = view.constraints();
    if !constraints.is_empty() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("Constraints: {}.", constraints.join(", ")));
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
