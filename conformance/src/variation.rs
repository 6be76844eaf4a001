//! How a request that the contract allows differs, in one thing, from one that the endpoint accepted.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::Value;

use crate::request::Request;
use crate::strategy::{Freedom, put, take};

/// The one thing in which a request differs from an accepted one; the contract allows both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variation {
    /// What is used of what the contract allows: one of [`crate::strategy::FREEDOMS`], or of the constants here.
    pub keyword: String,
    /// The place in the contract that allows it.
    pub contract: String,
    /// The place in the request, as a JSON Pointer that begins with `/body`, `/query`, `/header`, `/path` or `/cookie`.
    pub location: String,
    /// What stands there instead; nothing where it is left out.
    pub value: Option<Value>,
    /// What the contract says of it.
    pub expected: String,
    /// Which way of writing the request it takes.
    pub(crate) variant: usize,
    /// The values of another accepted request that can be varied in the same way: what is refused in one surrounding
    /// only may depend on something else there.
    pub(crate) elsewhere: Option<Value>,
    /// Another value of the place, as far from the limit as the accepted one: where that is refused as well, it is not the
    /// limit that matters. Nothing where no limit is tried, or nothing else can stand there.
    pub(crate) control: Option<Value>,
}

impl Variation {
    /// Another media type for the body.
    pub const MEDIA_TYPE: &str = "content";

    /// The same body, whose media type says which characters it is of: `application/json; charset=utf-8`.
    pub const CHARSET: &str = "charset";

    /// Something is there that the contract neither declares nor forbids.
    pub const UNDECLARED: &str = "additionalProperties";

    /// Something is there that an accepted request does without, beside something else that it has.
    pub const PRESENT: &str = "present";

    /// Something has another value than in an accepted request, beside something else that it has.
    pub const VALUE: &str = "value";

    /// Returns the values of a request with the one thing changed; `None` where there is no such place.
    pub(crate) fn of(&self, values: &Value) -> Option<Value> {
        let mut varied = values.clone();
        match &self.value {
            Some(value) => put(&mut varied, &self.location, value.clone())?,
            None => take(&mut varied, &self.location)?,
        }
        (varied != *values || self.is_of_media_type()).then_some(varied)
    }

    /// Returns the values of a request that has to be accepted if the limit alone is what was refused: with another value
    /// that keeps away from it, or as they are.
    pub(crate) fn control(&self, values: &Value) -> Value {
        let mut other = values.clone();
        match &self.control {
            Some(control) if put(&mut other, &self.location, control.clone()).is_some() => other,
            _ => values.clone(),
        }
    }

    /// Whether a status says that the request itself is not accepted, whatever the state of its resource is.
    #[must_use]
    pub fn is_refused_by(&self, status: u16) -> bool {
        matches!(status, 400 | 422) || status == 415 && self.is_of_media_type()
    }

    /// Whether it is something that makes little sense, and that a contract may have left to common sense.
    #[must_use]
    pub fn is_far_fetched(&self) -> bool {
        matches!(
            self.keyword.as_str(),
            Variation::UNDECLARED | Freedom::BLANK | Freedom::NONE | Freedom::NEGATIVE | Freedom::LONG_AGO
        )
    }

    /// Whether it is about how the body is written.
    #[must_use]
    pub fn is_of_media_type(&self) -> bool {
        matches!(self.keyword.as_str(), Variation::MEDIA_TYPE | Variation::CHARSET)
    }

    /// Writes it into a request that was made of its values.
    pub(crate) fn write(&self, request: &mut Request) {
        if let Some(body) = request.body.as_mut().filter(|_| self.keyword == Variation::CHARSET) {
            body.media_type.push_str("; charset=utf-8");
        }
    }

    /// Whether the contract lists what is varied here: what a schema lists may be for one use of it and not for another.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        matches!(self.keyword.as_str(), "enum" | "boolean")
    }
}

/// Returns another value that is as long, or about as large, as this one; `None` where there is none.
pub(crate) fn beside(value: &Value, limit: &Value) -> Option<Value> {
    let other = match (value, limit) {
        // Another day of the year before, as far as there is one.
        (Value::String(text), Value::String(limit))
            if text.parse::<Date>().is_ok() && limit.parse::<Date>().is_ok() =>
        {
            let day = text.parse::<Date>().ok()?.checked_sub(1.year()).ok()?;
            Value::from(day.to_string())
        }
        (Value::String(text), Value::String(_)) => Value::from(text.chars().map(next).collect::<String>()),
        (Value::Number(number), Value::Number(limit)) => {
            let (number, limit) = (number.as_i64()?, limit.as_i64()?);
            Value::from(if limit > number { number.checked_add(1)? } else { number.checked_sub(1)? })
        }
        // Many items are the same ones again, which may be what is wrong with them.
        (Value::Array(items), Value::Array(_)) => {
            let kept = items.len().saturating_sub(1).max(1);
            Value::Array(items.iter().take(kept).chain(items.first()).cloned().collect())
        }
        _ => return None,
    };
    (other != *value && other != *limit).then_some(other)
}

/// Returns the next letter or digit; everything else stays, since it may say how a text is built.
fn next(letter: char) -> char {
    match letter {
        'z' => 'a',
        'Z' => 'A',
        // A code that begins with zero is another matter.
        '9' => '1',
        'a'..='y' | 'A'..='Y' | '0'..='8' => char::from_u32(u32::from(letter) + 1).unwrap_or(letter),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::beside;

    #[test]
    fn what_is_beside_a_value_keeps_away_from_the_limit() {
        assert_eq!(beside(&json!("Nz-09 ä"), &json!("N")), Some(json!("Oa-11 ä")));
        assert_eq!(beside(&json!(10), &json!(100)), Some(json!(11)));
        assert_eq!(beside(&json!(10), &json!(1)), Some(json!(9)));
        assert_eq!(beside(&json!(10), &json!(11)), None, "that is the limit");
        assert_eq!(beside(&json!("--"), &json!("-")), None);
        assert_eq!(beside(&json!("2024-02-29"), &json!("1926-06-30")), Some(json!("2023-02-28")));
        assert_eq!(beside(&json!(i64::MAX), &json!(1.5)), None);
        assert_eq!(beside(&json!(["a"]), &json!(["a", "a", "a"])), Some(json!(["a", "a"])));
        assert_eq!(beside(&json!(["a", "b", "c"]), &json!([])), Some(json!(["a", "b", "a"])));
        assert_eq!(beside(&json!([]), &json!(["a"])), None);
    }
}
