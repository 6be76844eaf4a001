//! What a schema demands of its values beyond their type, in words.

use openapiv3::{AdditionalProperties, ReferenceOr, SchemaKind, Type};

use super::View;
use crate::text::code;

/// A default longer than this is left to the contract.
const MAX_DEFAULT: usize = 80;

/// A pattern longer than this is left to the contract.
const MAX_PATTERN: usize = 120;

/// A bound and whether it is excluded.
type Bound = Option<(String, bool)>;

impl View<'_> {
    /// The limits and the default as sentences: `Constraints: at least 1. Default: 20.`
    pub(in crate::lower) fn limits(&self) -> String {
        let mut sentences = Vec::new();
        let constraints = self.constraints();
        if !constraints.is_empty() {
            sentences.push(format!("Constraints: {}.", constraints.join(", ")));
        }
        if let (Some("boolean") | None, Some(only)) = (self.type_name(), self.only_flag()) {
            sentences.push(format!("Always `{only}`."));
        }
        let default = self.schema.schema_data.default.as_ref().map(|default| code(&default.to_string()));
        if let Some(default) = default.filter(|default| default.len() <= MAX_DEFAULT) {
            sentences.push(format!("Default: `{default}`."));
        }
        sentences.join(" ")
    }

    /// What a list demands of its items, or a map of its values, where they have no type with words of its own.
    fn of_each(&self) -> Option<String> {
        let (each, inner) = match &self.schema.schema_kind {
            SchemaKind::Type(Type::Array(array)) => match &array.items {
                Some(ReferenceOr::Item(items)) => ("item", View::new(items)),
                _ => return None,
            },
            SchemaKind::Type(Type::Object(object)) => match &object.additional_properties {
                Some(AdditionalProperties::Schema(values)) => match &**values {
                    ReferenceOr::Item(values) if object.properties.is_empty() => ("value", View::new(values)),
                    ReferenceOr::Item(values) => ("undeclared property", View::new(values)),
                    ReferenceOr::Reference { .. } => return None,
                },
                _ => return None,
            },
            _ => return None,
        };
        let constraints = inner.constraints();
        (!constraints.is_empty()).then(|| format!("each {each} {}", constraints.join(", ")))
    }

    fn constraints(&self) -> Vec<String> {
        let mut words = Vec::new();
        match &self.schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => {
                count(&mut words, string.min_length, string.max_length, "character", "characters");
                pattern(&mut words, string.pattern.as_deref());
            }
            SchemaKind::Type(Type::Array(array)) => {
                count(&mut words, array.min_items, array.max_items, "item", "items");
                unique(&mut words, array.unique_items);
                words.extend(self.of_each());
            }
            SchemaKind::Type(Type::Object(object)) => {
                count(&mut words, object.min_properties, object.max_properties, "property", "properties");
                words.extend(self.of_each());
            }
            SchemaKind::Type(Type::Integer(integer)) => {
                let low = integer.minimum.map(|limit| (limit.to_string(), integer.exclusive_minimum));
                let high = integer.maximum.map(|limit| (limit.to_string(), integer.exclusive_maximum));
                range(&mut words, low, high, integer.multiple_of.map(|it| it.to_string()));
            }
            SchemaKind::Type(Type::Number(number)) => {
                let low = number.minimum.map(|limit| (limit.to_string(), number.exclusive_minimum));
                let high = number.maximum.map(|limit| (limit.to_string(), number.exclusive_maximum));
                range(&mut words, low, high, number.multiple_of.map(|it| it.to_string()));
            }
            SchemaKind::Any(any) => {
                count(&mut words, any.min_length, any.max_length, "character", "characters");
                count(&mut words, any.min_items, any.max_items, "item", "items");
                unique(&mut words, any.unique_items.unwrap_or_default());
                count(&mut words, any.min_properties, any.max_properties, "property", "properties");
                let low = any.minimum.map(|it| (it.to_string(), any.exclusive_minimum.unwrap_or_default()));
                let high = any.maximum.map(|it| (it.to_string(), any.exclusive_maximum.unwrap_or_default()));
                range(&mut words, low, high, any.multiple_of.map(|it| it.to_string()));
                pattern(&mut words, any.pattern.as_deref());
            }
            _ => {}
        }
        words
    }
}

fn count(words: &mut Vec<String>, low: Option<usize>, high: Option<usize>, one: &str, many: &str) {
    let unit = |count: usize| if count == 1 { one } else { many };
    match (low.filter(|low| *low > 0), high) {
        (Some(low), Some(high)) if low == high => words.push(format!("exactly {low} {}", unit(low))),
        (Some(low), Some(high)) => words.push(format!("{low} to {high} {}", unit(high))),
        (Some(low), None) => words.push(format!("at least {low} {}", unit(low))),
        (None, Some(high)) => words.push(format!("at most {high} {}", unit(high))),
        (None, None) => {}
    }
}

fn unique(words: &mut Vec<String>, unique: bool) {
    if unique {
        words.push("no item twice".to_owned());
    }
}

fn range(words: &mut Vec<String>, low: Bound, high: Bound, step: Option<String>) {
    if let Some((limit, exclusive)) = low {
        words.push(format!("{} {limit}", if exclusive { "more than" } else { "at least" }));
    }
    if let Some((limit, exclusive)) = high {
        words.push(format!("{} {limit}", if exclusive { "less than" } else { "at most" }));
    }
    if let Some(step) = step {
        words.push(format!("a multiple of {step}"));
    }
}

fn pattern(words: &mut Vec<String>, pattern: Option<&str>) {
    if let Some(pattern) = pattern.filter(|it| !it.contains('`') && it.len() <= MAX_PATTERN) {
        words.push(format!("pattern `{}`", code(pattern)));
    }
}
