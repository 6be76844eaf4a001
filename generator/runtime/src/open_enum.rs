//! Enums of strings that stay open.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::validate::mark;

/// A value that the contract did not list when the crate was generated.
///
/// It cannot be made from outside, only read from an answer or converted from text, so that code which matches
/// on it goes on to compile and to mean the same when the value becomes a variant.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unrecognized(Box<Kept>);

/// Two words on the heap, so that an enum stays small whose values are all documented.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kept {
    Text(Box<str>),
    /// What is no text, as JSON.
    Json(Box<str>),
}

impl Unrecognized {
    #[doc(hidden)]
    pub fn __new(value: &str) -> Self {
        Self(Box::new(Kept::Text(value.into())))
    }

    fn of_value(value: &Value) -> Self {
        Self(Box::new(Kept::Json(value.to_string().into())))
    }

    /// Returns the value as it was read: the text, or the JSON of what is no text.
    pub fn as_str(&self) -> &str {
        match &*self.0 {
            Kept::Text(text) | Kept::Json(text) => text,
        }
    }
}

impl fmt::Debug for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kept::Text(text) => fmt::Debug::fmt(text, f),
            Kept::Json(text) => f.write_str(text),
        }
    }
}

impl Serialize for Unrecognized {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &*self.0 {
            Kept::Text(text) => mark::unrecognized(text, serializer),
            Kept::Json(text) => {
                let value: Value = serde_json::from_str(text).map_err(serde::ser::Error::custom)?;
                mark::unrecognized(&value, serializer)
            }
        }
    }
}

/// Gives an enum of strings its JSON form.
///
/// The enum has one unit variant for each documented value and one `Unrecognized(Unrecognized)`, which takes
/// every other string, and whatever else may stand there, and writes it back unchanged.
///
/// ```
/// use driftline_runtime::{Unrecognized, open_enum};
///
/// #[derive(Debug, Clone, PartialEq)]
/// pub enum Status {
///     Draft,
///     Unrecognized(Unrecognized),
/// }
/// open_enum! {
///     Status {
///         Draft = "draft",
///     }
/// }
///
/// let statuses: Vec<Status> = serde_json::from_str(r#"["draft", "lost", null]"#).unwrap();
/// assert_eq!(statuses[0], Status::Draft);
/// assert_eq!(statuses[1].as_str(), "lost");
/// assert_eq!(serde_json::to_string(&statuses).unwrap(), r#"["draft","lost",null]"#);
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $name:ident { $($variant:ident = $value:literal),* $(,)? }
        $(where { $($rule:expr),* $(,)? })?
    ) => {
        impl $name {
            /// Every value that the contract documents.
            pub const DOCUMENTED: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value as it is written in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unrecognized(value) => value.as_str(),
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::Unrecognized($crate::Unrecognized::__new(other)),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::private::serde::Serialize for $name {
            fn serialize<__S: $crate::private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match self {
                    Self::Unrecognized(value) => $crate::private::serde::Serialize::serialize(value, serializer),
                    documented => serializer.serialize_str(documented.as_str()),
                }
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::private::text(deserializer, Self::Unrecognized)
            }
        }

        impl $crate::Validate for $name {
            $(fn rules() -> $crate::rules::Rules {
                const RULES: $crate::rules::Rules = &[$($rule),*];
                RULES
            })?
        }
    };
}

/// Reads a string as whatever is made of it, and anything else as what no contract lists.
pub fn text<'de, T: for<'a> From<&'a str>, D: Deserializer<'de>>(
    deserializer: D,
    other: fn(Unrecognized) -> T,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(TextVisitor(other))
}

struct TextVisitor<T>(fn(Unrecognized) -> T);

impl<T> TextVisitor<T> {
    fn other<E>(self, value: impl Into<Value>) -> Result<T, E> {
        Ok((self.0)(Unrecognized::of_value(&value.into())))
    }
}

impl<'de, T: for<'a> From<&'a str>> Visitor<'de> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, value: &str) -> Result<T, E> {
        Ok(T::from(value))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        self.other(Value::Null)
    }

    fn visit_none<E>(self) -> Result<T, E> {
        self.other(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<T, E> {
        self.other(value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<T, E> {
        self.other(value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<T, E> {
        self.other(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        self.other(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        self.other(Value::deserialize(SeqAccessDeserializer::new(items))?)
    }

    fn visit_map<A: MapAccess<'de>>(self, properties: A) -> Result<T, A::Error> {
        self.other(Value::deserialize(MapAccessDeserializer::new(properties))?)
    }
}
