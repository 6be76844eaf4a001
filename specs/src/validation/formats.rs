//! The formats of OpenAPI 3.0 that JSON Schema does not know, and the options that every validator has.
//!
//! `int32` and `int64` bound a number, which JSON Schema's `format` cannot; they are keywords of our own in the
//! translated schema. `float`, `double`, `binary` and `password` say nothing that JSON can be checked for.

use jsonschema::{Draft, Keyword, ValidationError, ValidationOptions};
use serde_json::Value;

/// The keyword that a translated schema has for a number's format.
pub(super) const INT32: &str = "x-int32";
/// See [`INT32`].
pub(super) const INT64: &str = "x-int64";

/// The options that every schema is compiled with.
pub(super) fn options() -> ValidationOptions<'static> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .with_format("byte", is_base64)
        .with_keyword(INT32, |_, _, _| {
            Ok(Box::new(Range { low: i64::from(i32::MIN), high: i64::from(i32::MAX) })
                as Box<dyn for<'i> Keyword<'i>>)
        })
        .with_keyword(INT64, |_, _, _| {
            Ok(Box::new(Range { low: i64::MIN, high: i64::MAX }) as Box<dyn for<'i> Keyword<'i>>)
        })
}

/// Whether a text is base64 as RFC 4648 section 4 has it: padded, without line breaks.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}

struct Range {
    low: i64,
    high: i64,
}

impl<'i> Keyword<'i> for Range {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) { Ok(()) } else { Err(ValidationError::custom("out of range")) }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        match instance {
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => (self.low..=self.high).contains(&integer),
                (None, Some(float)) => {
                    !number.is_u64() && (self.low as f64..=self.high as f64).contains(&float)
                }
                (None, None) => false,
            },
            _ => true,
        }
    }
}
