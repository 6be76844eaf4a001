//! Enums of numbers, and of values of several types, that stay open.

use serde_json::Value;

/// A value as a contract lists it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Literal {
    /// An integer.
    Integer(i64),
    /// An integer beyond `i64`.
    Unsigned(u64),
    /// A number with a fraction, or beyond both.
    Number(f64),
    /// A flag.
    Boolean(bool),
    /// Text.
    Text(&'static str),
}

impl Literal {
    /// Tells whether a value is this one. How a number is written says nothing.
    fn is(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Integer(own), Value::Number(number)) if !number.is_f64() => number.as_i64() == Some(own),
            (Self::Unsigned(own), Value::Number(number)) if !number.is_f64() => number.as_u64() == Some(own),
            (_, Value::Number(number)) => {
                self.to_value().as_f64().is_some_and(|own| number.as_f64() == Some(own))
            }
            (Self::Boolean(own), Value::Bool(value)) => own == *value,
            (Self::Text(own), Value::String(text)) => own == text,
            _ => false,
        }
    }

    /// Returns the value as JSON.
    pub fn to_value(self) -> Value {
        match self {
            Self::Integer(value) => value.into(),
            Self::Unsigned(value) => value.into(),
            Self::Number(value) => value.into(),
            Self::Boolean(value) => value.into(),
            Self::Text(value) => value.into(),
        }
    }
}

/// Finds a value among those that are listed.
pub fn position(value: &Value, listed: &[Literal]) -> Option<usize> {
    listed.iter().position(|literal| literal.is(value))
}

/// Gives an enum of listed values its JSON form.
///
/// The enum has one unit variant for each documented value and one `Unrecognized(UnrecognizedValue)`, which takes
/// every other value and writes it back unchanged.
///
/// ```
/// use driftline_runtime::{UnrecognizedValue, open_values, serde_json::json};
///
/// #[derive(Debug, Clone, PartialEq, Eq, Hash)]
/// pub enum Priority {
///     Low,
///     High,
///     Off,
///     Unrecognized(UnrecognizedValue),
/// }
/// open_values! {
///     Priority {
///         Low = Integer(-1),
///         High = Number(1.5),
///         Off = Boolean(false),
///     }
/// }
///
/// let read: Vec<Priority> = serde_json::from_str("[-1,1.5,false,2]").unwrap();
/// assert_eq!(read[..3], [Priority::Low, Priority::High, Priority::Off]);
/// assert_eq!(read[3].to_value(), 2);
/// assert_eq!(Priority::from(json!(-1)), Priority::Low);
/// assert_eq!(serde_json::to_string(&read).unwrap(), "[-1,1.5,false,2]");
/// ```
#[macro_export]
macro_rules! open_values {
    ($name:ident { $($variant:ident = $kind:ident($value:literal)),* $(,)? }) => {
        impl $name {
            /// Every value that the contract documents.
            pub const DOCUMENTED: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value as it is written in JSON.
            pub fn to_value(&self) -> $crate::serde_json::Value {
                match self {
                    $(Self::$variant => $crate::private::Literal::$kind($value).to_value(),)*
                    Self::Unrecognized(value) => value.as_value().clone(),
                }
            }
        }

        impl ::core::convert::From<$crate::serde_json::Value> for $name {
            fn from(value: $crate::serde_json::Value) -> Self {
                const LISTED: &[$crate::private::Literal] = &[$($crate::private::Literal::$kind($value)),*];
                match $crate::private::position(&value, LISTED) {
                    ::core::option::Option::Some(index) => Self::DOCUMENTED[index].clone(),
                    ::core::option::Option::None => Self::Unrecognized($crate::UnrecognizedValue::__new(value)),
                }
            }
        }

        impl $crate::private::serde::Serialize for $name {
            fn serialize<__S: $crate::private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match self {
                    Self::Unrecognized(value) => $crate::private::serde::Serialize::serialize(value, serializer),
                    documented => $crate::private::serde::Serialize::serialize(&documented.to_value(), serializer),
                }
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                <$crate::serde_json::Value as $crate::private::serde::Deserialize>::deserialize(deserializer)
                    .map(Self::from)
            }
        }

        impl $crate::Validate for $name {}
    };
}
