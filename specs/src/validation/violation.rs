//! Violations: what a value breaks, where in the value and where in the contract, without the value.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use super::formats::{INT32, INT64};
use super::translate::Places;
use crate::pointer;

/// How many values of an enum are listed.
const MAX_LISTED: usize = 12;

/// One keyword of a schema that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Violation {
    /// JSON Pointer into the value, `/policies/0/gross_premium`; empty for the whole value.
    pub instance: String,
    /// Contract pointer of the schema that holds the keyword, `#/components/schemas/Policy/properties/premium`.
    pub schema: String,
    /// The keyword: `type`, `required`, `enum`, `format`, …
    pub keyword: String,
    /// The property that is missing (`required`) or not declared (`additionalProperties`).
    pub property: Option<String>,
    /// What the contract asks for.
    pub expected: String,
    /// What was there: a JSON type or a length, never a value.
    pub observed: String,
}

impl Violation {
    /// Makes a violation up, for stand-ins that refuse more than a contract does.
    #[must_use]
    pub fn new(instance: &str, schema: &str, keyword: &str, property: Option<&str>, expected: &str) -> Self {
        Self {
            instance: instance.to_owned(),
            schema: schema.to_owned(),
            keyword: keyword.to_owned(),
            property: property.map(str::to_owned),
            expected: expected.to_owned(),
            observed: "something else".to_owned(),
        }
    }
}

/// Turns one error into violations; an error about several undeclared properties is one for each.
pub(super) fn violations(error: &ValidationError<'_>, places: &Places) -> Vec<Violation> {
    let (schema, keyword) = contract_place(error, places);
    let instance = error.instance();
    let violation = |property: Option<String>, expected: String, observed: String| Violation {
        instance: error.instance_path().as_str().to_owned(),
        schema: schema.clone(),
        keyword: keyword.clone(),
        property,
        expected,
        observed,
    };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                let expected = "no property beyond the declared ones".to_owned();
                violation(Some(name.clone()), expected, "an undeclared property".to_owned())
            })
            .collect(),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default().to_owned();
            vec![violation(Some(name.clone()), format!("the property {name:?}"), "absent".to_owned())]
        }
        kind => vec![violation(None, expected(kind), observed(kind, instance))],
    }
}

/// The contract pointer of the violated schema, and the keyword in the contract's own dialect.
fn contract_place(error: &ValidationError<'_>, places: &Places) -> (String, String) {
    let translated = error.schema_path().as_str();
    let (schema, below) =
        places.place(translated).unwrap_or_else(|| (places.root().to_owned(), String::new()));
    let mut tokens = pointer::tokens(&below.replace('%', "%25")).unwrap_or_default();
    let keyword = tokens.pop().unwrap_or_else(|| error.kind().keyword().to_owned());
    let keyword = if keyword == INT32 || keyword == INT64 { "format".to_owned() } else { keyword };
    (tokens.iter().fold(schema, |schema, token| pointer::join(&schema, token)), keyword)
}

fn expected(kind: &ValidationErrorKind) -> String {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Type { kind: TypeKind::Single(name) } => name.to_string(),
        Kind::Type { kind: TypeKind::Multiple(names) } => {
            names.iter().map(|name| name.to_string()).collect::<Vec<_>>().join(" or ")
        }
        Kind::Enum { options } => listed(options),
        Kind::Format { format } => format!("a string in the format {format}"),
        Kind::Custom { keyword, .. } if keyword == INT32 => "an integer of 32 bits (int32)".to_owned(),
        Kind::Custom { keyword, .. } if keyword == INT64 => "an integer of 64 bits (int64)".to_owned(),
        Kind::Pattern { pattern } => format!("a string that matches {pattern}"),
        Kind::MinLength { limit } => format!("at least {limit} characters"),
        Kind::MaxLength { limit } => format!("at most {limit} characters"),
        Kind::MinItems { limit } => format!("at least {limit} items"),
        Kind::MaxItems { limit } => format!("at most {limit} items"),
        Kind::UniqueItems => "items that differ from each other".to_owned(),
        Kind::MinProperties { limit } => format!("at least {limit} properties"),
        Kind::MaxProperties { limit } => format!("at most {limit} properties"),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::AnyOf { context } => {
            format!("at least one of {}", count(context.len(), "alternative", "alternatives"))
        }
        Kind::OneOfNotValid { context } | Kind::OneOfMultipleValid { context } => {
            format!("exactly one of {}", count(context.len(), "alternative", "alternatives"))
        }
        Kind::Not { .. } => "a value that the schema does not exclude".to_owned(),
        other => format!("what `{}` asks for", other.keyword()),
    }
}

fn observed(kind: &ValidationErrorKind, instance: &Value) -> String {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => format!("{}, which matches none", shape(instance)),
        Kind::OneOfMultipleValid { context } => {
            let matched = context.iter().filter(|errors| errors.is_empty()).count();
            format!("{}, which matches {matched}", shape(instance))
        }
        Kind::Type { .. } => json_type(instance).to_owned(),
        _ => shape(instance),
    }
}

/// The JSON type of a value, telling integers from other numbers.
fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The JSON type of a value and its size.
fn shape(value: &Value) -> String {
    match value {
        Value::String(text) => {
            format!("string of {}", count(text.chars().count(), "character", "characters"))
        }
        Value::Array(items) => format!("array of {}", count(items.len(), "item", "items")),
        Value::Object(members) => format!("object of {}", count(members.len(), "property", "properties")),
        other => json_type(other).to_owned(),
    }
}

fn count(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

fn listed(options: &Value) -> String {
    let values = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut text: Vec<String> = values.iter().take(MAX_LISTED).map(Value::to_string).collect();
    if values.len() > MAX_LISTED {
        text.push(format!("… ({} values)", values.len()));
    }
    format!("one of {}", text.join(", "))
}

/// The contract pointer of a translated place, keyword included.
pub(super) fn whole_place(translated: &str, places: &Places) -> Option<String> {
    let (schema, below) = places.place(translated)?;
    let tokens = pointer::tokens(&below.replace('%', "%25"))?;
    Some(tokens.iter().fold(schema, |schema, token| pointer::join(&schema, token)))
}

/// Why a schema cannot be compiled.
pub(super) fn compile_problem(error: &ValidationError<'_>) -> String {
    match error.kind() {
        ValidationErrorKind::Format { format } if format == "regex" => {
            "this is no regular expression of ECMA-262".to_owned()
        }
        _ => error.masked().to_string(),
    }
}
