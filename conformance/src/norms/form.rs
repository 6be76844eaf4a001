//! What a value looks like, without what it is.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a value looks like: its JSON type, and for a text what it could be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// An array.
    Array,
    /// `true` or `false`.
    Boolean,
    /// A text that is a day: `2025-01-31`.
    Date,
    /// A text that is a point in time (RFC 3339).
    DateTime,
    /// A text that is a decimal fraction.
    Decimal,
    /// A text of digits.
    Digits,
    /// A text with an `@` in it.
    Email,
    /// A text of no characters.
    Empty,
    /// A number without a fraction.
    Integer,
    /// Another number.
    Number,
    /// An object.
    Object,
    /// Any other text.
    Text,
    /// A text with a scheme and a host.
    Uri,
    /// A text that is a UUID.
    Uuid,
}

impl Form {
    /// Returns what a value looks like; `None` for null.
    #[must_use]
    pub fn of(value: &Value) -> Option<Form> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(_) => Form::Boolean,
            Value::Number(number) if number.is_f64() => Form::Number,
            Value::Number(_) => Form::Integer,
            Value::String(text) => of_text(text),
            Value::Array(_) => Form::Array,
            Value::Object(_) => Form::Object,
        })
    }

    /// Whether two forms are so near that one gives way to the other without a change.
    #[must_use]
    pub fn is_near(self, other: Form) -> bool {
        let is_number = |form| matches!(form, Form::Integer | Form::Number);
        self == other || is_number(self) && is_number(other)
    }

    /// The form in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Form::Array => "an array",
            Form::Boolean => "a boolean",
            Form::Date => "a date",
            Form::DateTime => "a date-time",
            Form::Decimal => "a text that is a decimal fraction",
            Form::Digits => "a text of digits",
            Form::Email => "an email address",
            Form::Empty => "an empty text",
            Form::Integer => "an integer",
            Form::Number => "a number",
            Form::Object => "an object",
            Form::Text => "a text",
            Form::Uri => "a URI",
            Form::Uuid => "a UUID",
        }
    }
}

fn of_text(text: &str) -> Form {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_empty() {
        Form::Empty
    } else if is_digits(text) {
        Form::Digits
    } else if matches(text, "dddd-dd-dd") {
        Form::Date
    } else if text.get(..10).is_some_and(|day| matches(day, "dddd-dd-dd"))
        && text.get(10..).is_some_and(|rest| rest.starts_with(['T', 't']) && rest.len() > 5)
    {
        Form::DateTime
    } else if matches(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
        Form::Uuid
    } else if let Some((whole, part)) = text.strip_prefix('-').unwrap_or(text).split_once('.')
        && is_digits(whole)
        && is_digits(part)
    {
        Form::Decimal
    } else if text.contains(char::is_whitespace) {
        Form::Text
    } else if text.contains("://") {
        Form::Uri
    } else if text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) {
        Form::Email
    } else {
        Form::Text
    }
}

/// Whether a text has the form of a pattern: `d` is a digit, `x` a hexadecimal one, and the rest is itself.
fn matches(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            b'x' => byte.is_ascii_hexdigit(),
            other => byte == other,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Form;

    #[test]
    fn a_value_looks_like_what_it_could_be_read_as() {
        for (value, form) in [
            (json!("2025-01-31"), Form::Date),
            (json!("2025-01-31T10:00:00Z"), Form::DateTime),
            (json!("2025-01-31 10:00"), Form::Text),
            (json!("0f8fad5b-d9cb-469f-a165-70867728950e"), Form::Uuid),
            (json!("jane@example.com"), Form::Email),
            (json!("https://example.com/a"), Form::Uri),
            (json!("00501"), Form::Digits),
            (json!("-12.50"), Form::Decimal),
            (json!(""), Form::Empty),
            (json!("Jane D."), Form::Text),
            (json!("é1234-56-7"), Form::Text),
            (json!(4), Form::Integer),
            (json!(4.5), Form::Number),
            (json!([]), Form::Array),
        ] {
            assert_eq!(Form::of(&value), Some(form), "{value}");
        }
        assert_eq!(Form::of(&json!(null)), None);
    }
}
