//! One uniform view of a schema.
//!
//! `openapiv3` spreads a schema over a variant for each `type` and a catch-all for combinations. Here they come
//! together again. This is the only file that looks into `openapiv3`'s schema types.

mod limits;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use driftline_specs::{Contract, pointer};
use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, IntegerFormat, NumberFormat, ReferenceOr, Schema, SchemaKind, StringFormat, Type,
    VariantOrUnknownOrEmpty,
};
use serde_json::Value;

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

    /// A schema that shapes nothing: it describes, or allows `null`.
    pub(super) fn words(&self) -> Option<View<'a>> {
        match self {
            Self::Schema(schema) => {
                Some(View::new(schema)).filter(|view| view.is_bare() && view.required().is_empty())
            }
            Self::Reference(_) => None,
        }
    }

    fn boxed(node: &'a ReferenceOr<Box<Schema>>) -> Self {
        match node {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}

/// The schemas that lowering starts from or is referred to, typed.
pub(super) struct Schemas {
    parsed: HashMap<String, Schema>,
}

impl Schemas {
    /// Reads every schema that an operation or a webhook holds inline or that a reference outside the components points at.
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
        let bodies = contract.webhooks().iter().filter_map(|webhook| webhook.request_body.as_ref());
        let schemas =
            bodies.flat_map(|body| &body.content).filter_map(|media_type| media_type.schema.as_ref());
        pointers.extend(schemas.map(|schema| schema.pointer.clone()));
        let mut written = HashSet::new();
        references(contract.document(), &mut written);
        pointers.extend(written.into_iter().filter_map(|reference| Some(contract.resolve(reference)?.0)));
        tuples(contract.document(), &mut Vec::new(), &mut pointers);
        let components = contract.at("#/components/schemas").and_then(Value::as_object);
        let names = components.into_iter().flat_map(|components| components.keys());
        pointers.extend(names.map(|name| pointer::join("#/components/schemas", name)));
        let read = |pointer: String| contract.schema(&pointer).map(|schema| (pointer, schema));
        Self { parsed: pointers.into_iter().filter_map(read).collect() }
    }

    /// Finds the schema at a pointer that does not hold a reference itself.
    pub(super) fn get(&self, pointer: &str) -> Option<&Schema> {
        self.parsed.get(pointer)
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

fn references<'v>(value: &'v Value, found: &mut HashSet<&'v str>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                found.insert(reference);
            }
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// Finds the schemas of the items of tuples, which the typed model does not know.
fn tuples<'v>(value: &'v Value, path: &mut Vec<Cow<'v, str>>, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                path.push(Cow::Borrowed(key));
                if let (true, Value::Array(items)) = (key == "x-prefix-items", value) {
                    let place = pointer::from_tokens(path.iter());
                    found.extend((0..items.len()).map(|index| format!("{place}/{index}")));
                }
                tuples(value, path, found);
                path.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Cow::Owned(index.to_string()));
                tuples(item, path, found);
                path.pop();
            }
        }
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
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    schema: &'a Schema,
}

impl<'a> View<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        Self { schema }
    }

    /// Tells whether both look at one schema.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.schema, other.schema)
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
        self.schema.schema_data.nullable
            || match &self.schema.schema_kind {
                SchemaKind::Type(Type::String(string)) => string.enumeration.contains(&None),
                SchemaKind::Type(Type::Integer(integer)) => integer.enumeration.contains(&None),
                SchemaKind::Type(Type::Number(number)) => number.enumeration.contains(&None),
                SchemaKind::Type(Type::Boolean(boolean)) => boolean.enumeration.contains(&None),
                SchemaKind::Any(any) => any.enumeration.contains(&Value::Null),
                _ => false,
            }
    }

    /// The only flag that the `enum` lists.
    pub(super) fn only_flag(&self) -> Option<bool> {
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::Boolean(boolean)) => match boolean.enumeration.as_slice() {
                [only] => *only,
                _ => None,
            },
            SchemaKind::Any(any) => match any.enumeration.as_slice() {
                [only] => only.as_bool(),
                _ => None,
            },
            _ => None,
        }
    }

    /// `readOnly`: only answers have it.
    pub(super) fn read_only(&self) -> bool {
        self.schema.schema_data.read_only
    }

    /// `writeOnly`: only requests have it.
    pub(super) fn write_only(&self) -> bool {
        self.schema.schema_data.write_only
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

    /// Tells whether there is an `enum`.
    pub(super) fn lists_values(&self) -> bool {
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => !string.enumeration.is_empty(),
            SchemaKind::Type(Type::Integer(integer)) => !integer.enumeration.is_empty(),
            SchemaKind::Type(Type::Number(number)) => !number.enumeration.is_empty(),
            SchemaKind::Type(Type::Boolean(boolean)) => !boolean.enumeration.is_empty(),
            SchemaKind::Any(any) => !any.enumeration.is_empty(),
            _ => false,
        }
    }

    /// The values of the `enum`, with `null` if it is one of them.
    pub(super) fn listed(&self) -> Vec<Value> {
        fn all<T: Clone + Into<Value>>(values: &[Option<T>]) -> Vec<Value> {
            values.iter().map(|value| value.clone().map_or(Value::Null, Into::into)).collect()
        }
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => all(&string.enumeration),
            SchemaKind::Type(Type::Integer(integer)) => all(&integer.enumeration),
            SchemaKind::Type(Type::Number(number)) => all(&number.enumeration),
            SchemaKind::Type(Type::Boolean(boolean)) => all(&boolean.enumeration),
            SchemaKind::Any(any) => any.enumeration.clone(),
            _ => Vec::new(),
        }
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

    /// Properties shape objects only: beside another type, as some contracts list what a text may be, they say
    /// nothing of its values.
    fn property_map(&self) -> Option<&'a IndexMap<String, ReferenceOr<Box<Schema>>>> {
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => Some(&object.properties),
            SchemaKind::Any(any) if any.typ.as_deref().is_none_or(|name| name == "object") => {
                Some(&any.properties)
            }
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
