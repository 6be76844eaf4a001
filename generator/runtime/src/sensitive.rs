//! Values that never print.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value that a contract marks as sensitive: it is sent and received like any other, and neither `Debug` nor
/// `Display` shows it.
///
/// ```
/// use driftline_runtime::Sensitive;
///
/// let ssn: Sensitive<String> = "900-00-0001".into();
/// assert_eq!(format!("{ssn:?} {ssn}"), "[sensitive] [sensitive]");
/// assert_eq!(ssn.expose(), "900-00-0001");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value itself. Whoever calls this takes care of where it goes.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// Unwraps the value itself.
    pub fn into_exposed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sensitive]")
    }
}

impl<T> fmt::Display for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sensitive]")
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Sensitive<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl From<jiff::civil::Date> for Sensitive<crate::Date> {
    fn from(value: jiff::civil::Date) -> Self {
        Self(value.into())
    }
}

impl From<f64> for Sensitive<crate::Number> {
    fn from(value: f64) -> Self {
        Self(value.into())
    }
}

impl From<i64> for Sensitive<crate::Number> {
    fn from(value: i64) -> Self {
        Self(value.into())
    }
}
