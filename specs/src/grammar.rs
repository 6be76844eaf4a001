//! The shape of an OpenAPI 3.0 document: which object stands where.
//!
//! A `$ref` is a reference only where the standard puts an object that may be one; inside an example, a default,
//! an enum or an extension it is just a member with that name. This table is what tells the two apart, for every
//! step that walks a document. It takes no decisions about what it finds.

use std::collections::HashSet;

use serde_json::Value;

use crate::pointer;

/// The kinds of objects that can be, or contain, a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Callback,
    Schema,
    Example,
    Link,
    SecurityScheme,
}

/// What stands under a member.
enum Under {
    One(Kind),
    Members(Kind),
    Items(Kind),
    Nothing,
}

impl Kind {
    /// The name that the standard gives to the object.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Document => "OpenAPI Object",
            Self::Components => "Components Object",
            Self::PathItem => "Path Item Object",
            Self::Operation => "Operation Object",
            Self::Parameter => "Parameter Object",
            Self::Header => "Header Object",
            Self::RequestBody => "Request Body Object",
            Self::Response => "Response Object",
            Self::MediaType => "Media Type Object",
            Self::Encoding => "Encoding Object",
            Self::Callback => "Callback Object",
            Self::Schema => "Schema Object",
            Self::Example => "Example Object",
            Self::Link => "Link Object",
            Self::SecurityScheme => "Security Scheme Object",
        }
    }

    /// The member of `components` that holds reusable objects of this kind, when there is one.
    pub(crate) fn component(self) -> Option<&'static str> {
        Some(match self {
            Self::Parameter => "parameters",
            Self::Header => "headers",
            Self::RequestBody => "requestBodies",
            Self::Response => "responses",
            Self::Callback => "callbacks",
            Self::Schema => "schemas",
            Self::Example => "examples",
            Self::Link => "links",
            Self::SecurityScheme => "securitySchemes",
            _ => return None,
        })
    }

    /// Whether the object may be a Reference Object instead (a Path Item has a `$ref` of its own).
    fn may_be_reference(self) -> bool {
        self.component().is_some() || self == Self::PathItem
    }

    fn under(self, key: &str) -> Under {
        use Under::{Items, Members, Nothing, One};
        if key.starts_with("x-") && self != Self::Callback {
            return Nothing;
        }
        match (self, key) {
            (Self::Document, "paths") => Members(Self::PathItem),
            (Self::Document, "components") => One(Self::Components),
            (Self::Components, "schemas") => Members(Self::Schema),
            (Self::Components, "responses") => Members(Self::Response),
            (Self::Components, "parameters") => Members(Self::Parameter),
            (Self::Components, "examples") => Members(Self::Example),
            (Self::Components, "requestBodies") => Members(Self::RequestBody),
            (Self::Components, "headers") => Members(Self::Header),
            (Self::Components, "securitySchemes") => Members(Self::SecurityScheme),
            (Self::Components, "links") => Members(Self::Link),
            (Self::Components, "callbacks") => Members(Self::Callback),
            (Self::PathItem | Self::Operation, "parameters") => Items(Self::Parameter),
            (Self::PathItem, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace") => {
                One(Self::Operation)
            }
            (Self::Operation, "requestBody") => One(Self::RequestBody),
            (Self::Operation, "responses") => Members(Self::Response),
            (Self::Operation, "callbacks") => Members(Self::Callback),
            (Self::Parameter | Self::Header | Self::MediaType, "schema") => One(Self::Schema),
            (Self::Parameter | Self::Header | Self::MediaType, "examples") => Members(Self::Example),
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content") => {
                Members(Self::MediaType)
            }
            (Self::Response | Self::Encoding, "headers") => Members(Self::Header),
            (Self::Response, "links") => Members(Self::Link),
            (Self::MediaType, "encoding") => Members(Self::Encoding),
            (Self::Callback, key) if key != "$ref" && !key.starts_with("x-") => One(Self::PathItem),
            (Self::Schema, "properties") => Members(Self::Schema),
            (Self::Schema, "items" | "not" | "additionalProperties") => One(Self::Schema),
            (Self::Schema, "allOf" | "oneOf" | "anyOf") => Items(Self::Schema),
            _ => Nothing,
        }
    }
}

/// A place in a document and the kind of object that stands there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'v> {
    pub(crate) kind: Kind,
    pub(crate) value: &'v Value,
}

impl<'v> Site<'v> {
    /// The `$ref` of the object, when it is a reference.
    pub(crate) fn reference(self) -> Option<&'v str> {
        if !self.kind.may_be_reference() {
            return None;
        }
        self.value.as_object()?.get("$ref")?.as_str()
    }
}

/// Visits every object of a document, in document order, and every object that a reference leads to outside the
/// places where the standard keeps such objects (`#/definitions/Foo`); each once.
pub(crate) fn walk<'v>(document: &'v Value, visit: &mut dyn FnMut(&str, Site<'v>)) {
    walk_from(document, "#", Kind::Document, visit);
}

/// Like [`walk`], from an object of a known kind somewhere in the document.
pub(crate) fn walk_from<'v>(
    document: &'v Value,
    start: &str,
    kind: Kind,
    visit: &mut dyn FnMut(&str, Site<'v>),
) {
    let mut seen = HashSet::new();
    let mut referenced = vec![(start.to_owned(), kind)];
    let mut next = 0;
    while let Some((pointer, kind)) = referenced.get(next).cloned() {
        next += 1;
        let Some(value) = pointer::tokens(&pointer).and_then(|tokens| pointer::lookup(document, &tokens))
        else {
            continue;
        };
        visit_object(&mut pointer.clone(), Site { kind, value }, &mut |place, site| {
            if !seen.insert(std::ptr::from_ref(site.value)) {
                return false;
            }
            if let Some(target) = site.reference()
                && target.starts_with('#')
                && let Some(target) = pointer::canonical(target)
            {
                referenced.push((target, site.kind));
            }
            visit(place, site);
            true
        });
    }
}

/// Visits every object of one tree, in document order, without following references. `start` is the pointer of `value`.
pub(crate) fn walk_tree<'v>(
    value: &'v Value,
    start: &str,
    kind: Kind,
    visit: &mut dyn FnMut(&str, Site<'v>),
) {
    visit_object(&mut start.to_owned(), Site { kind, value }, &mut |place, site| {
        visit(place, site);
        true
    });
}

/// Visits an object and what is in it; `enter` says whether to look inside.
///
/// The depth is bounded by that of the document, which its reader limits.
fn visit_object<'v>(place: &mut String, site: Site<'v>, enter: &mut dyn FnMut(&str, Site<'v>) -> bool) {
    let Some(members) = site.value.as_object() else {
        return;
    };
    if !enter(place, site) {
        return;
    }
    for (key, value) in members {
        let length = place.len();
        match site.kind.under(key) {
            Under::Nothing => continue,
            Under::One(kind) => {
                pointer::push(place, key);
                visit_object(place, Site { kind, value }, enter);
            }
            Under::Members(kind) => {
                pointer::push(place, key);
                let length = place.len();
                for (key, value) in value.as_object().into_iter().flatten() {
                    if !(key.starts_with("x-") && matches!(kind, Kind::PathItem | Kind::Response)) {
                        pointer::push(place, key);
                        visit_object(place, Site { kind, value }, enter);
                        place.truncate(length);
                    }
                }
            }
            Under::Items(kind) => {
                pointer::push(place, key);
                let length = place.len();
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    pointer::push(place, &index.to_string());
                    visit_object(place, Site { kind, value }, enter);
                    place.truncate(length);
                }
            }
        }
        place.truncate(length);
    }
}
