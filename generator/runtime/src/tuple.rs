//! Lists that say what stands at each place.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::UnrecognizedValue;

/// A list whose items have each a type of their own, and that ends with them.
///
/// What has more or fewer items, or others, is kept as it came.
///
/// ```
/// use driftline_runtime::Tuple;
///
/// let read: Vec<Tuple<(String, i64)>> = serde_json::from_str(r#"[["a",1],["a"]]"#).unwrap();
/// assert_eq!(read[0], Tuple::from(("a".to_owned(), 1)));
/// assert_eq!(read[1].items(), None);
/// assert_eq!(serde_json::to_string(&read).unwrap(), r#"[["a",1],["a"]]"#);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Tuple<T> {
    /// The items.
    Items(T),
    /// A list of another form.
    Unrecognized(UnrecognizedValue),
}

impl<T> Tuple<T> {
    /// Returns the items, if the list has the form that the contract documents.
    pub fn items(&self) -> Option<&T> {
        match self {
            Self::Items(items) => Some(items),
            Self::Unrecognized(_) => None,
        }
    }

    /// Takes the items out, if the list has the form that the contract documents.
    pub fn into_items(self) -> Option<T> {
        match self {
            Self::Items(items) => Some(items),
            Self::Unrecognized(_) => None,
        }
    }
}

impl<T> From<T> for Tuple<T> {
    fn from(items: T) -> Self {
        Self::Items(items)
    }
}

impl<T: Serialize> Serialize for Tuple<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Items(items) => items.serialize(serializer),
            Self::Unrecognized(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: serde::de::DeserializeOwned> Deserialize<'de> for Tuple<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(match crate::integers::fitting(&value) {
            Some(items) if value.is_array() => Self::Items(items),
            _ => Self::Unrecognized(UnrecognizedValue::__new(value)),
        })
    }
}
