//! JSON numbers as they were written.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A JSON number that keeps whether it was written as an integer, so that `42` is not sent back as `42.0`.
///
/// Integers are exact from -2^63 to 2^64-1; everything else has the precision of `f64`. JSON has no infinities:
/// a number made of one is an error when it is sent.
///
/// ```
/// use driftline_runtime::Number;
///
/// let premium: Number = serde_json::from_str("42").unwrap();
/// assert_eq!(serde_json::to_string(&premium).unwrap(), "42");
/// assert_eq!(premium.as_f64(), 42.0);
/// assert!(serde_json::to_string(&Number::from(f64::NAN)).is_err());
/// ```
///
/// A `null` where the contract allows none is no number either, and is written back as it came:
///
/// ```
/// # use driftline_runtime::Number;
/// let premium: Number = serde_json::from_str("null").unwrap();
/// assert!(premium.is_null() && premium.as_f64().is_nan());
/// assert_eq!(serde_json::to_string(&premium).unwrap(), "null");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Kept);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Kept {
    Number(serde_json::Number),
    /// What JSON cannot say.
    NotFinite,
    /// Read where a number was promised.
    Null,
}

impl Number {
    /// Returns the nearest `f64`, not-a-number for what JSON cannot say.
    pub fn as_f64(&self) -> f64 {
        self.number().and_then(serde_json::Number::as_f64).unwrap_or(f64::NAN)
    }

    /// Tells whether `null` was read.
    pub fn is_null(&self) -> bool {
        self.0 == Kept::Null
    }

    fn number(&self) -> Option<&serde_json::Number> {
        match &self.0 {
            Kept::Number(number) => Some(number),
            Kept::NotFinite | Kept::Null => None,
        }
    }

    /// Returns the value if it was written as an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.number()?.as_i64()
    }

    /// Returns the value if it was written as an integer that fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.number()?.as_u64()
    }
}

impl Default for Number {
    fn default() -> Self {
        Self::from(0)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kept::Number(number) => number.fmt(f),
            Kept::NotFinite => f.write_str("NaN"),
            Kept::Null => f.write_str("null"),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Kept::Number(number) => number.serialize(serializer),
            Kept::Null => serializer.serialize_unit(),
            Kept::NotFinite => Err(serde::ser::Error::custom("JSON has no infinities and no not-a-number")),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Option::<serde_json::Number>::deserialize(deserializer)?;
        Ok(Self(number.map_or(Kept::Null, Kept::Number)))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Kept::Number(value.into()))
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self(Kept::Number(value.into()))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(Kept::Number(value.into()))
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self(serde_json::Number::from_f64(value).map_or(Kept::NotFinite, Kept::Number))
    }
}
