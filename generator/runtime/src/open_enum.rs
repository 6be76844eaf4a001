//! Enums of strings that stay open.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};

/// A value that the contract did not list when the crate was generated.
///
/// It cannot be made from outside, only read from an answer or converted from text, so that code which matches
/// on it goes on to compile and to mean the same when the value becomes a variant.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unrecognized(Box<str>);

impl Unrecognized {
    #[doc(hidden)]
    pub fn __new(value: &str) -> Self {
        Self(value.into())
    }

    /// Returns the value as it was read.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Gives an enum of strings its JSON form.
///
/// The enum has one unit variant for each documented value and one `Unrecognized(Unrecognized)`, which takes
/// every other string and writes it back unchanged.
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
/// let statuses: Vec<Status> = serde_json::from_str(r#"["draft", "lost"]"#).unwrap();
/// assert_eq!(statuses[0], Status::Draft);
/// assert_eq!(statuses[1].as_str(), "lost");
/// assert_eq!(serde_json::to_string(&statuses).unwrap(), r#"["draft","lost"]"#);
/// ```
#[macro_export]
macro_rules! open_enum {
    ($name:ident { $($variant:ident = $value:literal),* $(,)? }) => {
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
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::private::text(deserializer)
            }
        }
    };
}

/// Reads a string as whatever is made of it.
pub fn text<'de, T: for<'a> From<&'a str>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(TextVisitor(PhantomData))
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: for<'a> From<&'a str>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, value: &str) -> Result<T, E> {
        Ok(T::from(value))
    }
}
