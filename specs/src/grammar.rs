//! The shape of an OpenAPI document: which object stands where.
//!
//! One table serves all versions: what only 2.0, 3.1 or 3.2 has is known here too, so that references in it are
//! followed before normalising takes it away. A member of another version is harmless in a document that should not
//! have it.
//!
//! A `$ref` is a reference only where the standard puts an object that may be one; inside an example, a default,
//! an enum or an extension it is just a member with that name. This table is what tells the two apart, for every
//! step that walks a document. It takes no decisions about what it finds.

use std::collections::{HashMap, HashSet};

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

impl Under {
    /// What stands under a member with this value: before 2020-12, `items` could be a list, of what a tuple holds.
    fn with(self, value: &Value) -> Self {
        match self {
            Self::One(Kind::Schema) if value.is_array() => Self::Items(Kind::Schema),
            other => other,
        }
    }
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
            return match (self, key) {
                // What a schema says of the items of a tuple is kept here, and is still a list of schemas.
                (Self::Schema, "x-prefix-items") => Items(Self::Schema),
                // Where webhooks stand in a document of 3.0, and those of newer ones are kept.
                (Self::Document, "x-webhooks") => Members(Self::PathItem),
                _ => Nothing,
            };
        }
        match (self, key) {
            (Self::Document, "paths" | "webhooks") => Members(Self::PathItem),
            (Self::Document, "definitions") => Members(Self::Schema),
            (Self::Document, "parameters") => Members(Self::Parameter),
            (Self::Document, "responses") => Members(Self::Response),
            (Self::Document, "securityDefinitions") => Members(Self::SecurityScheme),
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
            (Self::Components, "pathItems") => Members(Self::PathItem),
            (Self::Components, "mediaTypes") => Members(Self::MediaType),
            (Self::PathItem | Self::Operation, "parameters") => Items(Self::Parameter),
            (Self::PathItem, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace") => {
                One(Self::Operation)
            }
            (Self::PathItem, "query") => One(Self::Operation),
            (Self::PathItem, "additionalOperations") => Members(Self::Operation),
            (Self::Operation, "requestBody") => One(Self::RequestBody),
            (Self::Operation, "responses") => Members(Self::Response),
            (Self::Operation, "callbacks") => Members(Self::Callback),
            (Self::Parameter | Self::Header | Self::MediaType | Self::Response, "schema") => {
                One(Self::Schema)
            }
            (Self::MediaType, "itemSchema") => One(Self::Schema),
            (Self::Parameter | Self::Header | Self::MediaType, "examples") => Members(Self::Example),
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content") => {
                Members(Self::MediaType)
            }
            (Self::Response | Self::Encoding, "headers") => Members(Self::Header),
            (Self::Response, "links") => Members(Self::Link),
            (Self::MediaType, "encoding") => Members(Self::Encoding),
            (Self::Callback, key) if key != "$ref" && !key.starts_with("x-") => One(Self::PathItem),
            (
                Self::Schema,
                "properties" | "$defs" | "definitions" | "patternProperties" | "dependentSchemas",
            ) => Members(Self::Schema),
            (
                Self::Schema,
                "items"
                | "not"
                | "additionalProperties"
                | "additionalItems"
                | "if"
                | "then"
                | "else"
                | "propertyNames"
                | "contains"
                | "contentSchema"
                | "unevaluatedItems"
                | "unevaluatedProperties",
            ) => One(Self::Schema),
            (Self::Schema, "allOf" | "oneOf" | "anyOf" | "prefixItems") => Items(Self::Schema),
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
        let members = self.value.as_object()?;
        // Looking at a few keys takes less time than a hash of one.
        let target = match members.len() {
            0..=8 => members.iter().find(|(key, _)| *key == "$ref").map(|(_, target)| target),
            _ => members.get("$ref"),
        };
        target?.as_str()
    }
}

/// Visits every object of a document, in document order, and every object that a reference leads to outside the
/// places where the standard keeps such objects (`#/definitions/Foo`); each once.
pub(crate) fn walk<'v>(document: &'v Value, visit: &mut dyn FnMut(&str, Site<'v>)) {
    let root = Site { kind: Kind::Document, value: document };
    let mut elsewhere = Vec::new();
    visit_object(&mut String::from("#"), root, &mut |place, site| {
        elsewhere.extend(target_elsewhere(site));
        visit(place, site);
        true
    });
    if elsewhere.is_empty() {
        return;
    }
    // What was visited is not visited again: hardly any document gets here, and most of those once.
    let mut seen = HashSet::new();
    visit_object(&mut String::from("#"), root, &mut |_, site| seen.insert(std::ptr::from_ref(site.value)));
    let mut next = 0;
    while let Some((pointer, kind)) = elsewhere.get(next).cloned() {
        next += 1;
        let Some(tokens) = pointer::tokens(&pointer) else { continue };
        let Some(value) = pointer::lookup(document, &tokens) else { continue };
        visit_object(&mut pointer::from_tokens(&tokens), Site { kind, value }, &mut |place, site| {
            if !seen.insert(std::ptr::from_ref(site.value)) {
                return false;
            }
            elsewhere.extend(target_elsewhere(site));
            visit(place, site);
            true
        });
    }
}

/// Where the reference of an object leads, unless that is a component, which is visited where it stands.
fn target_elsewhere(site: Site<'_>) -> Option<(String, Kind)> {
    let target = site.reference()?;
    let is_name = |name: &str| !name.starts_with("x-") && !name.contains(['/', '%']);
    let is_component = target.strip_prefix("#/definitions/").is_some_and(is_name)
        || target.strip_prefix("#/components/").and_then(|rest| rest.split_once('/')).is_some_and(
            |(section, name)| is_name(name) && matches!(Kind::Components.under(section), Under::Members(_)),
        );
    (target.starts_with('#') && !is_component).then(|| (target.to_owned(), site.kind))
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
        match site.kind.under(key).with(value) {
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

/// Visits every object that can be changed, from the outside in; what a visit puts in place is visited next.
///
/// Unlike [`walk`], this also visits values that are not the objects that they should be. Where references lead
/// outside the places that the standard keeps objects in, those places are visited too.
pub(crate) fn transform(document: &mut Value, visit: &mut dyn FnMut(&str, Kind, &mut Value)) {
    let mut targets = Vec::new();
    transform_object(document, &mut String::from("#"), Kind::Document, visit, &mut targets);
    let mut roots = HashMap::from([(String::from("#"), Kind::Document)]);
    let mut seen = HashSet::new();
    while let Some((target, kind)) = targets.pop() {
        let Some(tokens) = pointer::tokens(&target) else { continue };
        let target = pointer::from_tokens(&tokens);
        if !seen.insert((target.clone(), kind)) || is_reached(&roots, &tokens) {
            continue;
        }
        // What is no object is not made one for a reference's sake: it may be something else where it stands.
        if let Some(value) = pointer::lookup_mut(document, &tokens).filter(|value| kind.admits(value)) {
            transform_object(value, &mut target.clone(), kind, visit, &mut targets);
            roots.insert(target, kind);
        }
    }
}

/// Whether a place is below one of the roots, where the standard puts an object.
fn is_reached(roots: &HashMap<String, Kind>, tokens: &[String]) -> bool {
    let mut place = String::from("#");
    for (index, rest) in (0..=tokens.len()).map(|index| (index, tokens.get(index..).unwrap_or_default())) {
        if index > 0
            && let Some(token) = tokens.get(index - 1)
        {
            pointer::push(&mut place, token);
        }
        if roots.get(&place).is_some_and(|kind| kind.reaches(rest)) {
            return true;
        }
    }
    false
}

impl Kind {
    /// Whether a value has the form of an object of this kind.
    pub(crate) fn admits(self, value: &Value) -> bool {
        value.is_object() || self == Self::Schema && value.is_boolean()
    }

    /// Whether the standard puts an object at these tokens below an object of this kind.
    fn reaches(self, tokens: &[String]) -> bool {
        let mut kind = self;
        let mut rest = tokens.iter();
        while let Some(token) = rest.next() {
            match kind.under(token) {
                Under::Nothing => return false,
                Under::One(under) => kind = under,
                Under::Members(under) | Under::Items(under) => {
                    if rest.next().is_none() {
                        return false;
                    }
                    kind = under;
                }
            }
        }
        true
    }
}

/// The depth is bounded by that of the document, which its reader limits.
fn transform_object(
    value: &mut Value,
    place: &mut String,
    kind: Kind,
    visit: &mut dyn FnMut(&str, Kind, &mut Value),
    targets: &mut Vec<(String, Kind)>,
) {
    visit(place, kind, value);
    targets.extend(target_elsewhere(Site { kind, value }));
    let Some(members) = value.as_object_mut() else { return };
    for (key, value) in members {
        let length = place.len();
        match kind.under(key).with(value) {
            Under::Nothing => continue,
            Under::One(kind) => {
                pointer::push(place, key);
                transform_object(value, place, kind, visit, targets);
            }
            Under::Members(kind) => {
                pointer::push(place, key);
                let length = place.len();
                for (key, value) in value.as_object_mut().into_iter().flatten() {
                    if !(key.starts_with("x-") && matches!(kind, Kind::PathItem | Kind::Response)) {
                        pointer::push(place, key);
                        transform_object(value, place, kind, visit, targets);
                        place.truncate(length);
                    }
                }
            }
            Under::Items(kind) => {
                pointer::push(place, key);
                let length = place.len();
                for (index, value) in value.as_array_mut().into_iter().flatten().enumerate() {
                    pointer::push(place, &index.to_string());
                    transform_object(value, place, kind, visit, targets);
                    place.truncate(length);
                }
            }
        }
        place.truncate(length);
    }
}
