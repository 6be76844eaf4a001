//! One uniform view of a schema.
//!
//! `openapiv3` spreads a schema over a variant for each `type` and a catch-all for combinations. Here they come
//! together again. This is the only file that looks into `openapiv3`'s schema types.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use driftline_specs::{Contract, pointer};
use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, IntegerFormat, NumberFormat, ReferenceOr, Schema, SchemaKind, StringFormat, Type,
    VariantOrUnknownOrEmpty,
};
use serde::Deserialize;
use serde_json::Value;

use crate::text::code;

/// A schema or a reference to one, wherever it stands.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    /// A reference, as written.
    Reference(&'a str),
    /// A schema.
    Schema(&'a Schema),
}

impl<'a> Node<'a> {
    fn item(node: &'a ReferenceOr<Schema>) -> Self {
        match node {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }

    fn boxed(node: &'a ReferenceOr<Box<Schema>>) -> Self {
        match node {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}

/// The schemas that lowering starts from or is referred to: components from the typed model, all others read
/// from the document.
pub(super) struct Schemas {
    parsed: HashMap<String, Schema>,
}

impl Schemas {
    /// Reads every schema that an operation holds inline or that a reference outside the components points at.
    pub(super) fn collect(contract: &Contract) -> Self {
        let mut pointers: BTreeSet<String> = BTreeSet::new();
        for operation in contract.operations() {
            let media_types = operation
                .request_body
                .iter()
                .flat_map(|body| &body.content)
                .chain(operation.responses.iter().flat_map(|response| &response.content));
            let schemas = media_types
                .filter_map(|media_type| media_type.schema.as_ref())
                .chain(operation.parameters.iter().filter_map(|parameter| parameter.schema.as_ref()));
            pointers.extend(schemas.map(|schema| schema.pointer.clone()));
        }
        references(contract.document(), &mut |reference| {
            if let Some((pointer, _)) = contract.resolve(reference) {
                pointers.insert(pointer);
            }
        });
        let components = contract.model().components.as_ref();
        let in_model = |pointer: &str| {
            component_name(pointer)
                .and_then(|name| components?.schemas.get(&name))
                .is_some_and(|schema| matches!(schema, ReferenceOr::Item(_)))
        };
        let parsed = pointers
            .into_iter()
            .filter(|pointer| !in_model(pointer))
            .filter_map(|pointer| {
                let schema = Schema::deserialize(contract.at(&pointer)?).ok()?;
                Some((pointer, schema))
            })
            .collect();
        Self { parsed }
    }

    /// Finds the schema at a pointer that does not hold a reference itself.
    pub(super) fn get<'a>(&'a self, contract: &'a Contract, pointer: &str) -> Option<&'a Schema> {
        let component =
            component_name(pointer).and_then(|name| contract.model().components.as_ref()?.schemas.get(&name));
        match component {
            Some(ReferenceOr::Item(schema)) => Some(schema),
            _ => self.parsed.get(pointer),
        }
    }
}

/// The name of the component schema that a pointer is exactly.
pub(super) fn component_name(pointer: &str) -> Option<String> {
    match pointer::tokens(pointer)?.as_slice() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            Some(name.clone())
        }
        _ => None,
    }
}

fn references(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                found(reference);
            }
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// What additional properties may be.
pub(super) enum Additional<'a> {
    /// Anything, because the schema says nothing or says `true`.
    Open,
    /// Nothing. The client keeps them all the same.
    Closed,
    /// Values of a schema.
    Schema(Node<'a>),
}

/// A schema with everything that lowering asks for in one place.
pub(super) struct View<'a> {
    schema: &'a Schema,
}

impl<'a> View<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        Self { schema }
    }

    pub(super) fn description(&self) -> Option<&'a str> {
        self.schema.schema_data.description.as_deref()
    }

    pub(super) fn title(&self) -> Option<&'a str> {
        self.schema.schema_data.title.as_deref()
    }

    /// The discriminator: its property, and its mapping of values to references or names.
    pub(super) fn discriminator(&self) -> Option<(&'a str, Vec<(&'a str, &'a str)>)> {
        let discriminator = self.schema.schema_data.discriminator.as_ref()?;
        let mapping = discriminator.mapping.iter().map(|(value, target)| (value.as_str(), target.as_str()));
        Some((discriminator.property_name.as_str(), mapping.collect()))
    }

    /// A schema that shapes nothing: it only says what is required, or what must not be.
    pub(super) fn is_bare(&self) -> bool {
        match &self.schema.schema_kind {
            SchemaKind::Any(any) => {
                any.typ.is_none()
                    && any.properties.is_empty()
                    && any.enumeration.is_empty()
                    && any.items.is_none()
                    && any.all_of.is_empty()
                    && any.one_of.is_empty()
                    && any.any_of.is_empty()
                    && any.additional_properties.is_none()
                    && any.format.is_none()
                    && any.pattern.is_none()
            }
            SchemaKind::Not { .. } => true,
            _ => false,
        }
    }

    pub(super) fn deprecated(&self) -> bool {
        self.schema.schema_data.deprecated
    }

    pub(super) fn extension(&self, name: &str) -> Option<&'a Value> {
        self.schema.schema_data.extensions.get(name)
    }

    /// `null` is allowed: by `nullable`, or because the enum lists it.
    pub(super) fn nullable(&self) -> bool {
        self.schema.schema_data.nullable || self.enumeration().is_some_and(|values| values.contains(&None))
    }

    pub(super) fn type_name(&self) -> Option<&'a str> {
        Some(match &self.schema.schema_kind {
            SchemaKind::Type(Type::String(_)) => "string",
            SchemaKind::Type(Type::Number(_)) => "number",
            SchemaKind::Type(Type::Integer(_)) => "integer",
            SchemaKind::Type(Type::Object(_)) => "object",
            SchemaKind::Type(Type::Array(_)) => "array",
            SchemaKind::Type(Type::Boolean(_)) => "boolean",
            SchemaKind::Any(any) => return any.typ.as_deref(),
            _ => return None,
        })
    }

    pub(super) fn format(&self) -> Option<Cow<'a, str>> {
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => match &string.format {
                VariantOrUnknownOrEmpty::Item(StringFormat::Date) => Some("date".into()),
                VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Some("date-time".into()),
                VariantOrUnknownOrEmpty::Item(StringFormat::Byte) => Some("byte".into()),
                VariantOrUnknownOrEmpty::Item(StringFormat::Binary) => Some("binary".into()),
                VariantOrUnknownOrEmpty::Item(StringFormat::Password) => Some("password".into()),
                VariantOrUnknownOrEmpty::Unknown(format) => Some(format.as_str().into()),
                VariantOrUnknownOrEmpty::Empty => None,
            },
            SchemaKind::Type(Type::Number(number)) => match &number.format {
                VariantOrUnknownOrEmpty::Item(NumberFormat::Float) => Some("float".into()),
                VariantOrUnknownOrEmpty::Item(NumberFormat::Double) => Some("double".into()),
                VariantOrUnknownOrEmpty::Unknown(format) => Some(format.as_str().into()),
                VariantOrUnknownOrEmpty::Empty => None,
            },
            SchemaKind::Type(Type::Integer(integer)) => match &integer.format {
                VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) => Some("int32".into()),
                VariantOrUnknownOrEmpty::Item(IntegerFormat::Int64) => Some("int64".into()),
                VariantOrUnknownOrEmpty::Unknown(format) => Some(format.as_str().into()),
                VariantOrUnknownOrEmpty::Empty => None,
            },
            SchemaKind::Any(any) => any.format.as_deref().map(Cow::Borrowed),
            _ => None,
        }
    }

    /// The strings of an enum that has nothing but strings and `null`.
    pub(super) fn enumeration(&self) -> Option<Vec<Option<&'a str>>> {
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::String(string)) if !string.enumeration.is_empty() => {
                Some(string.enumeration.iter().map(Option::as_deref).collect())
            }
            SchemaKind::Any(any) if !any.enumeration.is_empty() => any
                .enumeration
                .iter()
                .map(|value| match value {
                    Value::String(text) => Some(Some(text.as_str())),
                    Value::Null => Some(None),
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }

    /// Limits in words, for the documentation.
    pub(super) fn constraints(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut bounds = |low: Option<usize>, high: Option<usize>, unit: &str| match (low, high) {
            (Some(low), Some(high)) if low == high => words.push(format!("exactly {low} {unit}")),
            (Some(low), Some(high)) => words.push(format!("{low} to {high} {unit}")),
            (Some(low), None) if low > 0 => words.push(format!("at least {low} {unit}")),
            (None, Some(high)) => words.push(format!("at most {high} {unit}")),
            _ => {}
        };
        let mut pattern = None;
        let (mut low, mut high) = (None, None);
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => {
                bounds(string.min_length, string.max_length, "characters");
                pattern = string.pattern.as_deref();
            }
            SchemaKind::Type(Type::Array(array)) => bounds(array.min_items, array.max_items, "items"),
            SchemaKind::Type(Type::Integer(integer)) => {
                low = integer.minimum.map(|limit| (limit.to_string(), integer.exclusive_minimum));
                high = integer.maximum.map(|limit| (limit.to_string(), integer.exclusive_maximum));
            }
            SchemaKind::Type(Type::Number(number)) => {
                low = number.minimum.map(|limit| (limit.to_string(), number.exclusive_minimum));
                high = number.maximum.map(|limit| (limit.to_string(), number.exclusive_maximum));
            }
            _ => {}
        }
        if let Some((limit, exclusive)) = low {
            words.push(format!("{} {limit}", if exclusive { "more than" } else { "at least" }));
        }
        if let Some((limit, exclusive)) = high {
            words.push(format!("{} {limit}", if exclusive { "less than" } else { "at most" }));
        }
        if let Some(pattern) = pattern.filter(|pattern| !pattern.contains('`') && pattern.len() <= 120) {
            words.push(format!("pattern `{}`", code(pattern)));
        }
        if let Some(default) = &self.schema.schema_data.default
            && !default.is_object()
            && !default.is_array()
        {
            words.push(format!("default `{}`", code(&default.to_string())));
        }
        words
    }

    pub(super) fn all_of(&self) -> Vec<Node<'a>> {
        match &self.schema.schema_kind {
            SchemaKind::AllOf { all_of } => all_of.iter().map(Node::item).collect(),
            SchemaKind::Any(any) => any.all_of.iter().map(Node::item).collect(),
            _ => Vec::new(),
        }
    }

    /// The branches of `oneOf` and `anyOf`, each with its place below the schema.
    pub(super) fn branches(&self) -> Vec<(String, Node<'a>)> {
        let list = |keyword: &str, nodes: &'a [ReferenceOr<Schema>]| {
            let place = |index: usize| format!("/{keyword}/{index}");
            nodes.iter().enumerate().map(|(index, node)| (place(index), Node::item(node))).collect::<Vec<_>>()
        };
        match &self.schema.schema_kind {
            SchemaKind::OneOf { one_of } => list("oneOf", one_of),
            SchemaKind::AnyOf { any_of } => list("anyOf", any_of),
            SchemaKind::Any(any) if !any.one_of.is_empty() => list("oneOf", &any.one_of),
            SchemaKind::Any(any) => list("anyOf", &any.any_of),
            _ => Vec::new(),
        }
    }

    pub(super) fn items(&self) -> Option<Node<'a>> {
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::Array(array)) => array.items.as_ref().map(Node::boxed),
            SchemaKind::Any(any) => any.items.as_ref().map(Node::boxed),
            _ => None,
        }
    }

    fn property_map(&self) -> Option<&'a IndexMap<String, ReferenceOr<Box<Schema>>>> {
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => Some(&object.properties),
            SchemaKind::Any(any) => Some(&any.properties),
            _ => None,
        }
    }

    pub(super) fn properties(&self) -> Vec<(&'a str, Node<'a>)> {
        let map = self.property_map().into_iter().flatten();
        map.map(|(name, node)| (name.as_str(), Node::boxed(node))).collect()
    }

    pub(super) fn required(&self) -> &'a [String] {
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => &object.required,
            SchemaKind::Any(any) => &any.required,
            _ => &[],
        }
    }

    pub(super) fn additional(&self) -> Additional<'a> {
        let additional = match &self.schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => object.additional_properties.as_ref(),
            SchemaKind::Any(any) => any.additional_properties.as_ref(),
            _ => None,
        };
        match additional {
            None | Some(AdditionalProperties::Any(true)) => Additional::Open,
            Some(AdditionalProperties::Any(false)) => Additional::Closed,
            Some(AdditionalProperties::Schema(node)) => Additional::Schema(Node::item(node)),
        }
    }
}
