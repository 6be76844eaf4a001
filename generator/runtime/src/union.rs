//! Unions: `oneOf` and `anyOf`.
//!
//! The value is read as JSON first and then by the variant that it belongs to: by the value of a tag, where the
//! contract has one, or by what the value looks like. A value that belongs to no variant is kept.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::integers;
use crate::validate::mark;

/// How a message starts that carries the place below a union, for [`crate::decode`] to read.
pub(crate) const BELOW: &str = "below the union, at ";

/// A value that belongs to no variant of a union that the contract documents.
///
/// It cannot be made from outside, so that code which matches on it goes on to mean the same when a variant for
/// the value is added. `Debug` does not show it: nobody has said whether it is sensitive.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnrecognizedValue(Value);

impl Serialize for UnrecognizedValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        mark::unrecognized(&self.0, serializer)
    }
}

impl UnrecognizedValue {
    #[doc(hidden)]
    pub fn __new(value: Value) -> Self {
        Self(value)
    }

    /// Returns the value as it was read.
    pub fn as_value(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for UnrecognizedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnrecognizedValue")
    }
}

/// What values of a variant look like.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The JSON type: `string`, `integer`, `number`, `boolean`, `array`, `object`, or `any`.
    pub kind: &'static str,
    /// The properties that have to be there.
    pub required: &'static [&'static str],
    /// The properties that are declared.
    pub declared: &'static [&'static str],
    /// The properties that are restricted to some texts, by which others are told apart.
    pub constants: &'static [(&'static str, &'static [&'static str])],
}

impl Shape {
    fn admits(&self, value: &Value) -> bool {
        match (self.kind, value) {
            ("any", _) => true,
            ("string", Value::String(_)) | ("boolean", Value::Bool(_)) => true,
            ("integer", Value::Number(number)) => {
                number.is_i64()
                    || number.is_u64()
                    || number.as_f64().is_some_and(|value| value.fract() == 0.0)
            }
            ("number", Value::Number(_)) | ("array", Value::Array(_)) => true,
            ("object", Value::Object(object)) => self.required.iter().all(|name| object.contains_key(*name)),
            _ => false,
        }
    }

    /// How well an object fits, more first: few texts that others have, declared properties that are there, few
    /// that are not.
    fn fit(&self, value: &Value) -> (usize, usize, usize) {
        let foreign = self.constants.iter().filter(|(name, texts)| {
            value.get(*name).is_some_and(|value| !value.as_str().is_some_and(|text| texts.contains(&text)))
        });
        let present = self.declared.iter().filter(|name| value.get(**name).is_some()).count();
        (usize::MAX - foreign.count(), present, usize::MAX - (self.declared.len() - present))
    }
}

/// Orders the variants that may take a value, the best first.
pub fn candidates(value: &Value, shapes: &[Shape]) -> Vec<usize> {
    let mut candidates: Vec<_> =
        shapes.iter().enumerate().filter(|(_, shape)| shape.admits(value)).map(|(index, _)| index).collect();
    // Stable, so that equals stay in the order of the contract; `any` is the last resort.
    candidates.sort_by_key(|index| {
        let shape = &shapes[*index];
        (shape.kind == "any", std::cmp::Reverse(shape.fit(value)))
    });
    candidates
}

/// Reads the value of a variant; an error says where below the union it is.
pub fn read<T: DeserializeOwned, E: serde::de::Error>(value: &Value) -> Result<T, E> {
    fitting(value).map_or_else(
        || {
            serde_path_to_error::deserialize(value).map_err(|error| {
                let failure = crate::decode::locate(&error, value);
                E::custom(format_args!("{BELOW}{}\n{}", failure.path(), failure.message()))
            })
        },
        Ok,
    )
}

/// Reads the value of a variant, if it is one.
pub fn fitting<T: DeserializeOwned>(value: &Value) -> Option<T> {
    integers::fitting(value)
}

/// Gives an enum of variants its JSON form.
///
/// Without a tag, each variant has the properties that are required, those that are declared and, if that is of use,
/// those that are restricted to some texts: `Card: object ["kind"] ["kind", "digits"] ("kind" = "card")`.
/// With a tag, `or` names the variant that takes what belongs to none of the others; without it, what has a known tag
/// and does not fit is an error.
///
/// ```
/// use driftline_runtime::{UnrecognizedValue, union};
///
/// #[derive(Debug, Clone, PartialEq)]
/// pub enum Detail {
///     Text(String),
///     Codes(Vec<i64>),
///     Unrecognized(UnrecognizedValue),
/// }
/// union! {
///     Detail {
///         Text: string [] [],
///         Codes: array [] [],
///     }
/// }
///
/// let text = r#"["gone",[4,1,0],{"new":true}]"#;
/// let details: Vec<Detail> = serde_json::from_str(text).unwrap();
/// assert_eq!(details[0], Detail::Text("gone".to_owned()));
/// assert_eq!(details[1], Detail::Codes(vec![4, 1, 0]));
/// assert!(matches!(&details[2], Detail::Unrecognized(value) if value.as_value()["new"] == true));
/// assert_eq!(serde_json::to_string(&details).unwrap(), text);
/// ```
#[macro_export]
macro_rules! union {
    ($name:ident by $tag:literal or $otherwise:ident { $($variant:ident $(= $($value:literal)|+)?),* $(,)? } $(where { $($rule:expr),* $(,)? })?) => {
        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                let value = <$crate::serde_json::Value as $crate::private::serde::Deserialize>::deserialize(deserializer)?;
                let read = match value.get($tag).and_then($crate::serde_json::Value::as_str) {
                    $($($(::core::option::Option::Some($value))|+ => {
                        $crate::private::fitting(&value).map(Self::$variant)
                    })?)*
                    _ => ::core::option::Option::None,
                };
                ::core::result::Result::Ok(match read.or_else(|| $crate::private::fitting(&value).map(Self::$otherwise)) {
                    ::core::option::Option::Some(read) => read,
                    ::core::option::Option::None => Self::Unrecognized($crate::UnrecognizedValue::__new(value)),
                })
            }
        }

        $crate::union!(@serialize $name { $($variant)* } { $($($rule),*)? });
    };
    ($name:ident by $tag:literal { $($variant:ident = $($value:literal)|+),* $(,)? } $(where { $($rule:expr),* $(,)? })?) => {
        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                let value = <$crate::serde_json::Value as $crate::private::serde::Deserialize>::deserialize(deserializer)?;
                match value.get($tag).and_then($crate::serde_json::Value::as_str) {
                    $($(::core::option::Option::Some($value))|+ => {
                        $crate::private::read(&value).map(Self::$variant)
                    })*
                    _ => ::core::result::Result::Ok(Self::Unrecognized($crate::UnrecognizedValue::__new(value))),
                }
            }
        }

        $crate::union!(@serialize $name { $($variant)* } { $($($rule),*)? });
    };
    ($name:ident { $(
        $variant:ident: $kind:ident [$($required:literal),*] [$($declared:literal),*]
        $(($($constant:literal = $($text:literal)|+),*))?
    ),* $(,)? } $(where { $($rule:expr),* $(,)? })?) => {
        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                const SHAPES: &[$crate::private::Shape] = &[$($crate::private::Shape {
                    kind: ::core::stringify!($kind),
                    required: &[$($required),*],
                    declared: &[$($declared),*],
                    constants: &[$($(($constant, &[$($text),+])),*)?],
                }),*];
                const READERS: &[fn(&$crate::serde_json::Value) -> ::core::option::Option<$name>] =
                    &[$(|value| $crate::private::fitting(value).map($name::$variant)),*];
                let value = <$crate::serde_json::Value as $crate::private::serde::Deserialize>::deserialize(deserializer)?;
                let read = $crate::private::candidates(&value, SHAPES)
                    .into_iter()
                    .find_map(|index| READERS[index](&value));
                ::core::result::Result::Ok(match read {
                    ::core::option::Option::Some(read) => read,
                    ::core::option::Option::None => Self::Unrecognized($crate::UnrecognizedValue::__new(value)),
                })
            }
        }

        $crate::union!(@serialize $name { $($variant)* } { $($($rule),*)? });
    };
    (@serialize $name:ident { $($variant:ident)* } { $($rule:expr),* }) => {
        impl $crate::private::serde::Serialize for $name {
            fn serialize<__S: $crate::private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(value) => {
                        $crate::private::variant(::core::stringify!($variant), value, serializer)
                    })*
                    Self::Unrecognized(value) => $crate::private::serde::Serialize::serialize(value, serializer),
                }
            }
        }

        impl $crate::Validate for $name {
            fn rules() -> $crate::rules::Rules {
                const RULES: $crate::rules::Rules = &[$($rule),*];
                RULES
            }
        }
    };
}
