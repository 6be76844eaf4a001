//! JSON numbers as they were written.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A JSON number that keeps whether it was written as an integer, so that `42` is not sent back as `42.0`.
///
/// Integers are exact from -2^63 to 2^64-1; everything else has the precision of `f64`.
///
/// ```
/// use driftline_runtime::Number;
///
/// let premium: Number = serde_json::from_str("42").unwrap();
/// assert_eq!(serde_json::to_string(&premium).unwrap(), "42");
/// assert_eq!(premium.as_f64(), 42.0);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(serde_json::Number);

impl Number {
    /// Returns the nearest `f64`.
    pub fn as_f64(&self) -> f64 {
        self.0.as_f64().unwrap_or(f64::NAN)
    }

    /// Returns the value if it was written as an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.0.as_i64()
    }

    /// Returns a number for every finite `f64`; JSON has no others.
    pub fn from_f64(value: f64) -> Option<Self> {
        serde_json::Number::from_f64(value).map(Self)
    }
}

impl Default for Number {
    fn default() -> Self {
        Self(0.into())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self(value.into())
    }
}

impl From<f64> for Number {
    /// Converts a finite value; what JSON cannot say (an infinity, not-a-number) becomes 0. Use
    /// [`Number::from_f64`] to notice.
    fn from(value: f64) -> Self {
        Self::from_f64(value).unwrap_or_default()
    }
}
