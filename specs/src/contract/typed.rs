//! Schemas as `openapiv3` types them, read one at a time from the normalised value.
//!
//! `openapiv3`'s own reader copies what is in a schema several times for each level that it is nested, and refuses a
//! whole document for one object; reading a large contract took most of its time there. This one asks for each
//! keyword once and passes over what does not fit, of which normalising leaves nothing. It makes the same of a
//! schema; a test holds the two together.

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, Discriminator, ExternalDocumentation,
    IntegerType, NumberType, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind, StringType, Type,
};
use serde::Deserialize as _;
use serde_json::{Map, Value};

/// Keywords that tell which kind of schema `openapiv3` makes.
mod keyword {
    pub(super) const PATTERN: u32 = 1;
    pub(super) const ENUM: u32 = 1 << 1;
    pub(super) const FORMAT: u32 = 1 << 2;
    pub(super) const LENGTH: u32 = 1 << 3;
    pub(super) const BOUNDS: u32 = 1 << 4;
    pub(super) const PROPERTIES: u32 = 1 << 5;
    pub(super) const ITEMS: u32 = 1 << 6;
    pub(super) const ONE_OF: u32 = 1 << 7;
    pub(super) const ALL_OF: u32 = 1 << 8;
    pub(super) const ANY_OF: u32 = 1 << 9;
    pub(super) const NOT: u32 = 1 << 10;
}

/// Reads a schema. The depth is bounded by that of the document, which its reader limits.
pub(super) fn schema(value: &Value) -> Schema {
    let mut data = SchemaData::default();
    let mut any = AnySchema::default();
    let mut seen = 0;
    for (key, value) in value.as_object().into_iter().flatten() {
        if key.starts_with("x-") {
            data.extensions.insert(key.clone(), value.clone());
        } else if !value.is_null() {
            seen |= constraint(key, value, &mut any);
            about(key, value, &mut data);
        }
    }
    Schema { schema_data: data, schema_kind: kind(any, seen, value) }
}

/// Reads a member that is about the schema as a whole.
fn about(key: &str, value: &Value, data: &mut SchemaData) {
    let flag = || value.as_bool().unwrap_or_default();
    let text = || value.as_str().map(str::to_owned);
    match key {
        "nullable" => data.nullable = flag(),
        "readOnly" => data.read_only = flag(),
        "writeOnly" => data.write_only = flag(),
        "deprecated" => data.deprecated = flag(),
        "externalDocs" => data.external_docs = ExternalDocumentation::deserialize(value).ok(),
        "example" => data.example = Some(value.clone()),
        "title" => data.title = text(),
        "description" => data.description = text(),
        "discriminator" => data.discriminator = Discriminator::deserialize(value).ok(),
        "default" => data.default = Some(value.clone()),
        _ => {}
    }
}

/// Reads a member that says what values there are; returns which group of keywords it belongs to.
fn constraint(key: &str, value: &Value, any: &mut AnySchema) -> u32 {
    let text = || value.as_str().map(str::to_owned);
    let count = || value.as_u64().and_then(|count| usize::try_from(count).ok());
    match key {
        "type" => {
            any.typ = text();
            0
        }
        "pattern" => {
            any.pattern = text();
            keyword::PATTERN
        }
        "multipleOf" => {
            any.multiple_of = value.as_f64();
            keyword::BOUNDS
        }
        "exclusiveMinimum" => {
            any.exclusive_minimum = value.as_bool();
            keyword::BOUNDS
        }
        "exclusiveMaximum" => {
            any.exclusive_maximum = value.as_bool();
            keyword::BOUNDS
        }
        "minimum" => {
            any.minimum = value.as_f64();
            keyword::BOUNDS
        }
        "maximum" => {
            any.maximum = value.as_f64();
            keyword::BOUNDS
        }
        "properties" => {
            let members = value.as_object().into_iter().flatten();
            any.properties = members.map(|(name, value)| (name.clone(), boxed(value))).collect();
            keyword::PROPERTIES
        }
        "required" => {
            let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            any.required = names.map(str::to_owned).collect();
            keyword::PROPERTIES
        }
        "additionalProperties" => {
            any.additional_properties = Some(match value.as_bool() {
                Some(allowed) => AdditionalProperties::Any(allowed),
                None => AdditionalProperties::Schema(Box::new(node(value))),
            });
            keyword::PROPERTIES
        }
        "minProperties" => {
            any.min_properties = count();
            keyword::PROPERTIES
        }
        "maxProperties" => {
            any.max_properties = count();
            keyword::PROPERTIES
        }
        "items" => {
            any.items = Some(boxed(value));
            keyword::ITEMS
        }
        "minItems" => {
            any.min_items = count();
            keyword::ITEMS
        }
        "maxItems" => {
            any.max_items = count();
            keyword::ITEMS
        }
        "uniqueItems" => {
            any.unique_items = value.as_bool();
            keyword::ITEMS
        }
        "enum" => {
            any.enumeration = value.as_array().cloned().unwrap_or_default();
            keyword::ENUM
        }
        "format" => {
            any.format = text();
            keyword::FORMAT
        }
        "minLength" => {
            any.min_length = count();
            keyword::LENGTH
        }
        "maxLength" => {
            any.max_length = count();
            keyword::LENGTH
        }
        "oneOf" => {
            any.one_of = nodes(value);
            keyword::ONE_OF
        }
        "allOf" => {
            any.all_of = nodes(value);
            keyword::ALL_OF
        }
        "anyOf" => {
            any.any_of = nodes(value);
            keyword::ANY_OF
        }
        "not" => {
            any.not = Some(Box::new(node(value)));
            keyword::NOT
        }
        _ => 0,
    }
}

/// Decides on the kind: one of the simple ones where no other keyword is there, otherwise any.
fn kind(any: AnySchema, seen: u32, written: &Value) -> SchemaKind {
    use keyword::{ALL_OF, ANY_OF, BOUNDS, ENUM, FORMAT, ITEMS, LENGTH, NOT, ONE_OF, PATTERN, PROPERTIES};
    let only = |allowed: u32| seen & !allowed == 0;
    let lists = |fits: fn(&Value) -> bool| any.enumeration.iter().all(|value| value.is_null() || fits(value));
    match any.typ.as_deref() {
        Some("string") if only(PATTERN | ENUM | FORMAT | LENGTH) && lists(Value::is_string) => {
            SchemaKind::Type(Type::String(StringType {
                format: any.format.into(),
                pattern: any.pattern,
                enumeration: any.enumeration.into_iter().map(text_of).collect(),
                min_length: any.min_length,
                max_length: any.max_length,
            }))
        }
        Some("number") if only(BOUNDS | ENUM | FORMAT) && lists(Value::is_number) => {
            SchemaKind::Type(Type::Number(NumberType {
                format: any.format.into(),
                multiple_of: any.multiple_of,
                exclusive_minimum: any.exclusive_minimum.unwrap_or_default(),
                exclusive_maximum: any.exclusive_maximum.unwrap_or_default(),
                minimum: any.minimum,
                maximum: any.maximum,
                enumeration: any.enumeration.iter().map(Value::as_f64).collect(),
            }))
        }
        Some("integer")
            if only(BOUNDS | ENUM | FORMAT) && lists(Value::is_i64) && has_whole_bounds(written) =>
        {
            let bound = |key: &str| written.get(key).and_then(Value::as_i64);
            SchemaKind::Type(Type::Integer(IntegerType {
                format: any.format.into(),
                multiple_of: bound("multipleOf"),
                exclusive_minimum: any.exclusive_minimum.unwrap_or_default(),
                exclusive_maximum: any.exclusive_maximum.unwrap_or_default(),
                minimum: bound("minimum"),
                maximum: bound("maximum"),
                enumeration: any.enumeration.iter().map(Value::as_i64).collect(),
            }))
        }
        Some("boolean") if only(ENUM) && lists(Value::is_boolean) => {
            let enumeration = any.enumeration.iter().map(Value::as_bool).collect();
            SchemaKind::Type(Type::Boolean(BooleanType { enumeration }))
        }
        Some("object") if only(PROPERTIES) => SchemaKind::Type(Type::Object(ObjectType {
            properties: any.properties,
            required: any.required,
            additional_properties: any.additional_properties,
            min_properties: any.min_properties,
            max_properties: any.max_properties,
        })),
        Some("array") if only(ITEMS) => SchemaKind::Type(Type::Array(ArrayType {
            items: any.items,
            min_items: any.min_items,
            max_items: any.max_items,
            unique_items: any.unique_items.unwrap_or_default(),
        })),
        None if seen == ONE_OF => SchemaKind::OneOf { one_of: any.one_of },
        None if seen == ALL_OF => SchemaKind::AllOf { all_of: any.all_of },
        None if seen == ANY_OF => SchemaKind::AnyOf { any_of: any.any_of },
        None if seen == NOT => match any.not {
            Some(not) => SchemaKind::Not { not },
            None => SchemaKind::Any(any),
        },
        _ => SchemaKind::Any(any),
    }
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn has_whole_bounds(written: &Value) -> bool {
    ["multipleOf", "minimum", "maximum"]
        .iter()
        .filter_map(|key| written.get(*key).filter(|value| !value.is_null()))
        .all(Value::is_i64)
}

fn nodes(value: &Value) -> Vec<ReferenceOr<Schema>> {
    value.as_array().into_iter().flatten().map(node).collect()
}

fn node(value: &Value) -> ReferenceOr<Schema> {
    match reference(value) {
        Some(reference) => ReferenceOr::Reference { reference },
        None => ReferenceOr::Item(schema(value)),
    }
}

fn boxed(value: &Value) -> ReferenceOr<Box<Schema>> {
    match reference(value) {
        Some(reference) => ReferenceOr::Reference { reference },
        None => ReferenceOr::Item(Box::new(schema(value))),
    }
}

fn reference(value: &Value) -> Option<String> {
    value
        .as_object()
        .and_then(|members: &Map<String, Value>| members.get("$ref")?.as_str())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_read_as_openapiv3_reads_it() {
        let contracts = [
            include_str!("../../enrollconnect/openapi.yaml"),
            include_str!("../../clasp/openapi.yaml"),
            include_str!("../../onboarding/openapi.yaml"),
            include_str!("../../tests/specimens/shop.yaml"),
            include_str!("../../tests/specimens/swagger.yaml"),
            include_str!("typed/schemas.yaml"),
        ];
        let mut read = 0;
        for text in contracts {
            let contract = crate::Contract::from_text("t.yaml", text).unwrap();
            crate::grammar::walk(contract.document(), &mut |pointer, site| {
                if site.kind == crate::grammar::Kind::Schema && site.reference().is_none() {
                    assert_eq!(schema(site.value), Schema::deserialize(site.value).unwrap(), "{pointer}");
                    read += 1;
                }
            });
        }
        assert!(read > 300, "{read}");
    }
}
