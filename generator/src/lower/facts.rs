//! Questions about what the values of a schema look like, answered without lowering it.
//!
//! References lead from schema to schema, perhaps in circles and to the same ones again and again, so that an
//! answer is found once for each place that is referred to. Inside a circle the answer is the one that says least.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::enumeration::{is_enum, kind_of_values, values};
use super::schema::{Lowering, MAX_DEPTH, Place};
use super::view::{Node, View};

/// The string values that the properties of an object are restricted to.
pub(super) type Constants = BTreeMap<String, Vec<String>>;

/// Answers about places that are referred to.
#[derive(Default)]
pub(super) struct Answers {
    kinds: RefCell<HashMap<String, &'static str>>,
    objects: RefCell<HashMap<String, bool>>,
    properties: RefCell<HashMap<String, bool>>,
    constants: RefCell<HashMap<String, Constants>>,
    nullable: RefCell<HashMap<String, bool>>,
}

/// Answers from memory; while an answer is being found, `meanwhile` is the answer.
fn remember<T: Clone>(
    memory: &RefCell<HashMap<String, T>>,
    target: Option<String>,
    meanwhile: T,
    find: impl FnOnce() -> T,
) -> T {
    let Some(target) = target else { return find() };
    if let Some(known) = memory.borrow().get(&target) {
        return known.clone();
    }
    memory.borrow_mut().insert(target.clone(), meanwhile);
    let found = find();
    memory.borrow_mut().insert(target, found.clone());
    found
}

impl<'a> Lowering<'a> {
    /// The JSON type of a schema's values, `any` where several are possible.
    pub(super) fn json_type(&self, view: &View<'a>) -> &'static str {
        self.json_type_within(view, 0)
    }

    fn json_type_within(&self, view: &View<'a>, depth: usize) -> &'static str {
        match view.type_name() {
            Some("string") => return "string",
            Some("integer") => return "integer",
            Some("number") => return "number",
            Some("boolean") => return "boolean",
            Some("array") => return "array",
            Some("object") => return "object",
            _ => {}
        }
        if let Some(kind) = kind_of_values(view) {
            return kind;
        }
        if self.is_object(view) {
            return "object";
        }
        if depth > MAX_DEPTH {
            return "any";
        }
        let inner = view.all_of().into_iter().chain(view.branches().into_iter().map(|(_, node)| node));
        let mut only = None;
        for node in inner {
            let Some((target, schema)) = self.follow(node) else { continue };
            let kind = remember(&self.answers.kinds, target, "any", || {
                self.json_type_within(&View::new(schema), depth + 1)
            });
            match only {
                None => only = Some(kind),
                Some(known) if known == kind => {}
                Some(_) => return "any",
            }
        }
        only.unwrap_or("any")
    }

    /// Tells whether the values are objects, by the schema's own words or those of its `allOf`.
    pub(super) fn is_object(&self, view: &View<'a>) -> bool {
        self.any_part(view, 0, &self.answers.objects, &|view| {
            !view.properties().is_empty() || view.type_name() == Some("object")
        })
    }

    /// Tells whether a schema or a member of its `allOf` declares properties.
    pub(super) fn has_properties(&self, view: &View<'a>) -> bool {
        self.any_part(view, 0, &self.answers.properties, &|view| !view.properties().is_empty())
    }

    fn any_part(
        &self,
        view: &View<'a>,
        depth: usize,
        memory: &RefCell<HashMap<String, bool>>,
        holds: &dyn Fn(&View<'a>) -> bool,
    ) -> bool {
        holds(view)
            || depth < MAX_DEPTH
                && view.all_of().into_iter().any(|member| {
                    self.follow(member).is_some_and(|(target, schema)| {
                        remember(memory, target, false, || {
                            self.any_part(&View::new(schema), depth + 1, memory, holds)
                        })
                    })
                })
    }

    /// The properties whose schemas list the only texts they may be.
    pub(super) fn constants(&self, view: &View<'a>) -> Constants {
        self.constants_within(view, 0)
    }

    fn constants_within(&self, view: &View<'a>, depth: usize) -> Constants {
        let mut constants = Constants::new();
        if depth > MAX_DEPTH {
            return constants;
        }
        for member in view.all_of() {
            if let Some((target, schema)) = self.follow(member) {
                constants.extend(remember(&self.answers.constants, target, Constants::new(), || {
                    self.constants_within(&View::new(schema), depth + 1)
                }));
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

    /// Tells whether `null` is allowed: by the schema's own words, or by an alternative.
    pub(super) fn nullable(&self, view: &View<'a>) -> bool {
        self.nullable_within(view, 0)
    }

    fn nullable_within(&self, view: &View<'a>, depth: usize) -> bool {
        view.nullable()
            || view.all_of().iter().filter_map(Node::words).any(|words| words.nullable())
            || depth < MAX_DEPTH
                && self.is_union(view)
                && view.branches().into_iter().any(|(_, node)| {
                    self.follow(node).is_some_and(|(target, schema)| {
                        remember(&self.answers.nullable, target, false, || {
                            self.nullable_within(&View::new(schema), depth + 1)
                        })
                    })
                })
    }

    /// Follows a node to the place it leads to, if it is a reference, and the schema there.
    pub(super) fn follow(&self, node: Node<'a>) -> Option<(Option<String>, &'a openapiv3::Schema)> {
        match node {
            Node::Schema(schema) => Some((None, schema)),
            Node::Reference(reference) => {
                let (pointer, _) = self.contract.resolve(reference)?;
                let schema = self.schemas.get(&pointer)?;
                Some((Some(pointer), schema))
            }
        }
    }
}

/// The places whose properties are in a merged object already: as such, or as those of a branch.
pub(super) struct Visited(HashSet<(String, bool)>);

impl Visited {
    /// Starts at the place of the object.
    pub(super) fn of(place: &Place) -> Self {
        Self(HashSet::from([(place.pointer.clone(), false), (place.pointer.clone(), true)]))
    }

    /// Tells whether a place is new. What a schema demands counts for less in a branch, so that each place may be
    /// visited twice.
    pub(super) fn is_new(&mut self, target: Option<&str>, in_branch: bool) -> bool {
        target.is_none_or(|target| self.0.insert((target.to_owned(), in_branch)))
    }

    /// Tells whether a place is part of the object itself.
    pub(super) fn is_part(&self, target: Option<&str>) -> bool {
        target.is_some_and(|target| self.0.contains(&(target.to_owned(), false)))
    }
}
