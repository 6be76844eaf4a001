//! `oneOf` and `anyOf`.
//!
//! A union whose branches come down to one thing is that thing: branches that are all text, all numbers, or that
//! only narrow an object. What is left becomes an enum. Its variants are told apart by a tag, declared as a
//! discriminator or found as a property that is constant in each branch, or else by what the values look like.

use std::collections::{BTreeMap, BTreeSet};

use driftline_specs::pointer;

use super::enumeration::{Listed, enumeration, is_enum, kind_of_values, values};
use super::facts::Visited;
use super::name::{self, Scope};
use super::object::Merged;
use super::schema::{Lowering, Place, described};
use super::view::{Node, View, component_name};
use super::{Error, docs};
use crate::ir::{Access, Type, TypeKind, Union, UnionVariant};

/// A branch of a union, with the schema that it leads to.
#[derive(Clone)]
pub(super) struct Branch<'a> {
    below: String,
    node: Node<'a>,
    pub(super) target: Option<String>,
    pub(super) view: View<'a>,
}

/// The properties of a branch, or the items of a list, each with its JSON type and the texts that it is restricted to.
type Look = Vec<(String, (&'static str, Vec<String>))>;

/// What the branches of a schema come down to.
pub(super) enum Branches<'a> {
    /// There are none that would shape a value.
    None,
    /// There is one.
    One(String, Node<'a>),
    /// All are text, some perhaps from a list.
    Texts(Vec<Branch<'a>>),
    /// All are numbers, some perhaps from a list.
    Numbers(Vec<Branch<'a>>),
    /// All are flags.
    Flags,
    /// They differ.
    Several(Vec<Branch<'a>>),
}

impl<'a> Lowering<'a> {
    /// Looks at the branches of a schema.
    pub(super) fn branches(&self, view: &View<'a>) -> Branches<'a> {
        let mut branches: Vec<Branch<'a>> = Vec::new();
        let mut bare = Vec::new();
        for (below, node) in view.branches() {
            let Some((target, schema)) = self.follow(node) else { continue };
            let inner = View::new(schema);
            if target.is_none() && inner.is_bare() {
                bare.push(Branch { below, node, target, view: inner });
                continue;
            }
            // The same component twice says nothing more.
            if target.is_some() && branches.iter().any(|known| known.target == target) {
                continue;
            }
            branches.push(Branch { below, node, target, view: inner });
        }
        // Beside others, one that shapes nothing takes anything; with `nullable` it is meant to take `null`.
        let anything = bare.into_iter().find(|branch| !branch.view.nullable());
        if let Some(anything) = anything.filter(|_| !branches.is_empty()) {
            branches.push(anything);
            return Branches::Several(branches);
        }
        let kinds: BTreeSet<&str> = branches.iter().map(|branch| self.json_type(&branch.view)).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        match (branches.as_slice(), kinds.as_slice()) {
            ([], _) => Branches::None,
            ([only], _) => Branches::One(only.below.clone(), only.node),
            (_, ["string"]) => Branches::Texts(branches),
            (_, ["integer"] | ["integer", "number"] | ["number"]) => Branches::Numbers(branches),
            (_, ["boolean"]) => Branches::Flags,
            _ => Branches::Several(branches),
        }
    }

    /// Tells whether a schema is its branches and nothing else. Beside properties or `allOf`, branches add properties
    /// to an object, unless each of them says all that the object says.
    pub(super) fn is_union(&self, view: &View<'a>) -> bool {
        if view.branches().is_empty() || !view.all_of().is_empty() {
            return false;
        }
        let is_parent = || {
            view.branches().into_iter().all(|(_, node)| {
                self.follow(node).is_some_and(|(_, schema)| self.extends(&View::new(schema), view))
            })
        };
        (view.properties().is_empty() || is_parent()) && !matches!(self.branches(view), Branches::None)
    }

    /// The place of a branch's schema.
    fn place_of(branch: &Branch<'a>, place: &Place) -> Place {
        let pointer = branch.target.clone().unwrap_or_else(|| format!("{}{}", place.pointer, branch.below));
        Place { pointer, ..place.clone() }
    }

    /// The values that a branch lists; what is said of a branch with one value is said of the value.
    fn listed_by(&mut self, branch: &Branch<'a>, place: &Place) -> Vec<Listed> {
        let mut listed = self.listed(&branch.view, &Self::place_of(branch, place));
        if let [only] = listed.as_mut_slice() {
            if only.docs.is_empty() {
                only.docs = docs::lines(branch.view.description());
            }
            if only.name.is_none() && !only.value.is_string() {
                only.name = branch.view.title().filter(|title| title.len() <= 40).map(str::to_owned);
            }
        }
        listed
    }

    /// Lowers branches that are all text: an open enum of what any of them lists.
    pub(super) fn texts(&mut self, branches: &[Branch<'a>], place: &Place) -> Result<TypeKind, Error> {
        let enums: Vec<_> = branches.iter().filter(|branch| is_enum(&branch.view)).collect();
        // One component that is an enum, beside plain text: an enum is open anyway.
        if let [Branch { target: Some(target), .. }] = enums.as_slice() {
            return Ok(TypeKind::Alias(self.reference(target)?.ty));
        }
        if !enums.is_empty() {
            let listed = enums.into_iter().flat_map(|branch| self.listed_by(branch, place)).collect();
            return Ok(enumeration("string", listed));
        }
        let types: BTreeSet<Type> =
            branches.iter().map(|branch| self.leaf(&branch.view, &Self::place_of(branch, place))).collect();
        let mut types = types.into_iter();
        Ok(TypeKind::Alias(match (types.next(), types.next()) {
            (Some(only), None) if only != Type::Any => only,
            _ => Type::String,
        }))
    }

    /// Lowers branches that are all numbers: an open enum where each of them lists its values, else the narrowest
    /// type that takes them all.
    pub(super) fn numbers(&mut self, branches: &[Branch<'a>], place: &Place) -> TypeKind {
        if branches.iter().all(|branch| kind_of_values(&branch.view).is_some()) {
            let listed = branches.iter().flat_map(|branch| self.listed_by(branch, place)).collect();
            return enumeration("number", listed);
        }
        let types: BTreeSet<Type> =
            branches.iter().map(|branch| self.leaf(&branch.view, &Self::place_of(branch, place))).collect();
        TypeKind::Alias(match types.into_iter().collect::<Vec<_>>().as_slice() {
            [only @ (Type::Integer | Type::Unsigned)] => only.clone(),
            [Type::Integer, Type::Unsigned] => Type::Integer,
            _ => Type::Number,
        })
    }

    /// Tells whether a branch leads back to the union itself, through nothing but other unions. It would then be
    /// read as itself without end.
    fn leads_back(&self, branch: &Branch<'a>, place: &Place) -> bool {
        let mut open: Vec<(Option<String>, View<'a>)> = vec![(branch.target.clone(), branch.view)];
        let mut seen = BTreeSet::new();
        while let Some((target, view)) = open.pop() {
            if target.as_deref() == Some(place.pointer.as_str()) {
                return true;
            }
            if target.is_some_and(|target| !seen.insert(target)) {
                continue;
            }
            let wrapped = self.wrapped(&view).into_iter().map(|(_, node)| node);
            let branches = view.branches().into_iter().filter(|_| self.is_union(&view)).map(|(_, node)| node);
            let inner = wrapped.chain(branches).filter_map(|node| self.follow(node));
            open.extend(inner.map(|(target, schema)| (target, View::new(schema))));
        }
        false
    }

    /// Lowers branches that differ.
    pub(super) fn several(
        &mut self,
        view: &View<'a>,
        branches: &[Branch<'a>],
        place: &Place,
    ) -> Result<TypeKind, Error> {
        let branches: Vec<_> = branches.iter().filter(|branch| !self.leads_back(branch, place)).collect();
        let tag = self.tag(view, &branches, place);
        let mut names = Scope::with(&["unrecognized", "self"]);
        let mut variants = Vec::with_capacity(branches.len());
        let mut looks = Vec::with_capacity(branches.len());
        let kinds: Vec<_> = branches.iter().map(|branch| self.json_type(&branch.view)).collect();
        for (index, branch) in branches.iter().enumerate() {
            let kind = kinds[index];
            let alike: Vec<usize> = (0..kinds.len()).filter(|other| kinds[*other] == kind).collect();
            if alike.len() > 1 && matches!(kind, "string" | "integer" | "number" | "boolean") {
                // Texts are one variant, however many branches they are spread over; and so are numbers.
                if alike.first() == Some(&index) {
                    let alike: Vec<Branch<'a>> = alike.iter().map(|index| branches[*index].clone()).collect();
                    let word = if kind == "string" { "text" } else { kind };
                    let name = names.claim(&name::variant_name(word));
                    let ty = self.united(kind, &alike, place, &name)?;
                    let pointer = match alike.as_slice() {
                        [only] => Self::place_of(only, place).pointer,
                        _ => String::new(),
                    };
                    variants.push(UnionVariant { name, ty, kind, pointer, ..UnionVariant::default() });
                    looks.push(Look::new());
                }
                continue;
            }
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
            let (required, look) = self.properties_of(&branch.view, &inner);
            let declared = look.iter().filter(|_| kind != "array").map(|(name, _)| name.clone()).collect();
            looks.push(look);
            let words = match &branch.target {
                Some(_) => Vec::new(),
                None => described(&branch.view),
            };
            // Where a branch may be null, the union may be.
            let pointer = inner.pointer.clone();
            let ty = self.node(branch.node, inner)?.ty;
            variants.push(UnionVariant {
                name,
                ty,
                tags,
                kind,
                required,
                declared,
                constants: Vec::new(),
                pointer,
                docs: words,
                converts: true,
            });
        }
        let tag = tag.map(|(property, _)| property);
        if tag.is_none() {
            tell_apart(&mut variants, &looks);
            self.name_ambiguities(&variants, &looks, place);
        }
        // OpenAPI 3.2 names the schema of what has no tag, or an unknown one.
        let default = self.contract.at(&place.pointer).and_then(|schema| {
            schema.get("discriminator")?.get("x-default-mapping")?.as_str().map(str::to_owned)
        });
        let otherwise = default.filter(|_| tag.is_some()).and_then(|default| {
            let mapping = [("", default.as_str())];
            let index = branches
                .iter()
                .position(|branch| !self.mapped(&mapping, branch.target.as_deref()).is_empty())?;
            Some(variants.get(index)?.name.clone())
        });
        Ok(TypeKind::Union(Union { tag, variants, otherwise }))
    }

    /// The type of several branches that are all texts, all numbers or all flags, beside others.
    fn united(
        &mut self,
        kind: &str,
        branches: &[Branch<'a>],
        place: &Place,
        word: &str,
    ) -> Result<Type, Error> {
        let kind = match kind {
            "string" => self.texts(branches, place)?,
            "boolean" => TypeKind::Alias(Type::Boolean),
            _ => self.numbers(branches, place),
        };
        Ok(match kind {
            TypeKind::Alias(ty) => ty,
            kind => {
                let inner = place.below(place.pointer.clone(), word);
                let inner = Place { name: self.names.claim(&inner.name), ..inner };
                self.define(&inner, Vec::new(), false, kind);
                Type::Named(inner.name)
            }
        })
    }

    /// The names of the properties that a branch requires, and what its values look like.
    fn properties_of(&self, view: &View<'a>, place: &Place) -> (Vec<String>, Look) {
        let mut merged = Merged::default();
        let mut visited = Visited::of(place);
        self.merge(view, place, &mut merged, &mut visited, 0);
        // What only requests have cannot tell answers apart.
        for property in merged.properties.iter().filter(|it| self.access(it.node) == Access::WriteOnly) {
            merged.required.remove(&property.name);
        }
        let look = |node: Node<'a>| {
            let view = self.follow(node).map(|(_, schema)| View::new(schema));
            let listed = view.filter(is_enum).map(|view| values(&view)).unwrap_or_default();
            (view.map_or("any", |view| self.json_type(&view)), listed)
        };
        let declared = merged.properties.into_iter().map(|property| (property.name, look(property.node)));
        let items = view.items().map(|items| ("items".to_owned(), look(items)));
        (merged.required.into_iter().collect(), declared.chain(items).collect())
    }

    /// The property that tells the branches apart, with its values for each of them.
    fn tag(
        &self,
        view: &View<'a>,
        branches: &[&Branch<'a>],
        place: &Place,
    ) -> Option<(String, Vec<Vec<String>>)> {
        if !branches.iter().all(|branch| self.json_type(&branch.view) == "object") {
            return None;
        }
        if let Some((property, mapping)) = view.discriminator() {
            let tags: Vec<Vec<String>> = branches
                .iter()
                .map(|branch| {
                    let mut tags = self.mapped(&mapping, branch.target.as_deref());
                    for value in self.constants(&branch.view).remove(property).unwrap_or_default() {
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
        // A property that may be missing tells nothing where it is.
        let constants: Vec<_> = branches
            .iter()
            .map(|branch| {
                let mut constants = self.constants(&branch.view);
                let (required, _) = self.properties_of(&branch.view, &Self::place_of(branch, place));
                constants.retain(|property, _| required.contains(property));
                constants
            })
            .collect();
        let (first, others) = constants.split_first()?;
        first.keys().find_map(|property| {
            let tags: Option<Vec<Vec<String>>> = std::iter::once(first)
                .chain(others)
                .map(|constants| constants.get(property).cloned())
                .collect();
            tags.filter(|tags| distinct(tags)).map(|tags| (property.clone(), tags))
        })
    }

    /// The values of a discriminator's mapping that lead to this place (OpenAPI 3.0.4, "Discriminator Object":
    /// a value is a reference or a component's name).
    pub(super) fn mapped(&self, mapping: &[(&str, &str)], to: Option<&str>) -> Vec<String> {
        let leads_here = |target: &str| {
            let reference = if target.contains('/') {
                target.to_owned()
            } else {
                pointer::join("#/components/schemas", target)
            };
            let resolved = self.contract.resolve(&reference).map(|(pointer, _)| pointer);
            resolved.is_some() && resolved.as_deref() == to
        };
        mapping
            .iter()
            .filter(|(_, target)| leads_here(target))
            .map(|(value, _)| (*value).to_owned())
            .collect()
    }

    fn name_ambiguities(&mut self, variants: &[UnionVariant], looks: &[Look], place: &Place) {
        let looks: Vec<_> = variants.iter().zip(looks).collect();
        for (index, (one, look)) in looks.iter().enumerate() {
            let alike = looks.iter().skip(index + 1).find(|(other, other_look)| {
                one.kind == other.kind && one.required == other.required && look == other_look
            });
            if let Some((other, _)) = alike {
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

/// Gives each variant the texts that its properties are restricted to, where others are restricted to other texts.
fn tell_apart(variants: &mut [UnionVariant], looks: &[Look]) {
    let mut listed: BTreeMap<&str, BTreeSet<&[String]>> = BTreeMap::new();
    for (name, (_, values)) in looks.iter().flatten().filter(|(_, (_, values))| !values.is_empty()) {
        listed.entry(name).or_default().insert(values);
    }
    for (variant, look) in variants.iter_mut().zip(looks).filter(|(variant, _)| variant.kind == "object") {
        let telling = look.iter().filter(|(name, (_, values))| {
            !values.is_empty() && listed.get(name.as_str()).is_some_and(|lists| lists.len() > 1)
        });
        variant.constants = telling.map(|(name, (_, values))| (name.clone(), values.clone())).collect();
    }
}

/// Tells whether every branch has a value and no two share one.
fn distinct(tags: &[Vec<String>]) -> bool {
    let mut seen = BTreeSet::new();
    tags.iter().all(|tags| !tags.is_empty() && tags.iter().all(|tag| seen.insert(tag)))
}
