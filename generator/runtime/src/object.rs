//! Structs as JSON objects.
//!
//! The [`object!`](crate::object!) macro does the work of serde's derive for generated structs, and three
//! things that the derive does not: undeclared properties are kept without `flatten`, which would buffer every
//! value; an absent property, a `null` and a value are told apart; and a `null` where the schema allows none
//! reads as absent instead of failing the whole answer.

use std::fmt;

use serde::de::{Deserialize, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::{AdditionalProperties, Nullable};

/// Gives a struct its JSON form.
///
/// The struct names its properties in the order in which they are written, each as `required` (a field `T`),
/// `optional` (`Option<T>`) or `nullable` (`Option<Nullable<T>>`), and has a field `additional_properties`.
///
/// ```
/// use driftline_runtime::{AdditionalProperties, Nullable, object};
///
/// #[derive(Debug, PartialEq)]
/// pub struct Policy {
///     pub id: String,
///     pub premium: Option<i64>,
///     pub paid_through: Option<Nullable<String>>,
///     pub additional_properties: AdditionalProperties,
/// }
/// object! {
///     Policy {
///         required id = "policy-id",
///         optional premium = "premium",
///         nullable paid_through = "paid_through",
///     }
/// }
///
/// let text = r#"{"policy-id":"P1","premium":null,"paid_through":null,"carrier":"C"}"#;
/// let policy: Policy = serde_json::from_str(text).unwrap();
/// assert_eq!(policy.premium, None);
/// assert_eq!(policy.paid_through, Some(Nullable::Null));
/// assert_eq!(policy.additional_properties.get("carrier").unwrap(), "C");
/// assert_eq!(serde_json::to_string(&policy).unwrap(), text);
/// ```
#[macro_export]
macro_rules! object {
    ($name:ident { $($presence:ident $field:ident = $property:literal),* $(,)? }) => {
        impl $crate::private::serde::Serialize for $name {
            fn serialize<__S: $crate::private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #[allow(unused_mut)]
                let mut writer = $crate::private::Writer::new(serializer, &self.additional_properties)?;
                $(writer.$presence($property, &self.$field)?;)*
                writer.end(&[$($property),*])
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                struct __Visitor;

                impl<'de> $crate::private::serde::de::Visitor<'de> for __Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str(::core::concat!("an object (", ::core::stringify!($name), ")"))
                    }

                    fn visit_map<__A: $crate::private::serde::de::MapAccess<'de>>(
                        self,
                        map: __A,
                    ) -> ::core::result::Result<$name, __A::Error> {
                        let mut fields = $crate::private::Fields::new(map);
                        $(let mut $field = ::core::option::Option::None;)*
                        while let ::core::option::Option::Some(key) = fields.next_key()? {
                            match key.as_str() {
                                $($property => fields.$presence($property, &mut $field)?,)*
                                _ => fields.additional(key)?,
                            }
                        }
                        ::core::result::Result::Ok($name {
                            $($field: $crate::object!(@take $presence fields $property $field),)*
                            additional_properties: fields.into_additional(),
                        })
                    }
                }

                deserializer.deserialize_map(__Visitor)
            }
        }
    };
    (@take required $fields:ident $property:literal $field:ident) => {
        $fields.require($property, $field)?
    };
    (@take $presence:ident $fields:ident $property:literal $field:ident) => {
        $field
    };
}

/// Writes the properties of an object.
pub struct Writer<'a, M, T> {
    map: M,
    additional: &'a AdditionalProperties<T>,
}

impl<'a, M: SerializeMap, T: Serialize> Writer<'a, M, T> {
    /// Opens the object.
    pub fn new<S>(serializer: S, additional: &'a AdditionalProperties<T>) -> Result<Self, S::Error>
    where
        S: Serializer<SerializeMap = M, Ok = M::Ok, Error = M::Error>,
    {
        Ok(Self { map: serializer.serialize_map(None)?, additional })
    }

    /// Writes a property that is always there.
    pub fn required<V: Serialize>(&mut self, name: &'static str, value: &V) -> Result<(), M::Error> {
        self.map.serialize_entry(name, value)
    }

    /// Writes a property if there is a value, or if `null` was read.
    pub fn optional<V: Serialize>(&mut self, name: &'static str, value: &Option<V>) -> Result<(), M::Error> {
        match value {
            Some(value) => self.map.serialize_entry(name, value),
            None if self.additional.had_null(name) => self.map.serialize_entry(name, &()),
            None => Ok(()),
        }
    }

    /// Writes a property if there is a value or an explicit `null`.
    pub fn nullable<V: Serialize>(
        &mut self,
        name: &'static str,
        value: &Option<Nullable<V>>,
    ) -> Result<(), M::Error> {
        match value {
            Some(value) => self.map.serialize_entry(name, value),
            None => Ok(()),
        }
    }

    /// Writes the undeclared properties and closes the object.
    pub fn end(mut self, declared: &[&str]) -> Result<M::Ok, M::Error> {
        self.additional.write(&mut self.map, declared)?;
        self.map.end()
    }
}

/// Reads the properties of an object.
pub struct Fields<A, T> {
    map: A,
    additional: AdditionalProperties<T>,
}

impl<'de, A: MapAccess<'de>, T: Deserialize<'de>> Fields<A, T> {
    /// Starts to read.
    pub fn new(map: A) -> Self {
        Self { map, additional: AdditionalProperties::default() }
    }

    /// Reads the next name.
    pub fn next_key(&mut self) -> Result<Option<Key<'de>>, A::Error> {
        self.map.next_key()
    }

    /// Reads the value of a required property.
    pub fn required<V: Deserialize<'de>>(
        &mut self,
        _name: &'static str,
        field: &mut Option<V>,
    ) -> Result<(), A::Error> {
        *field = Some(self.map.next_value()?);
        Ok(())
    }

    /// Reads the value of an optional property; `null` counts as absent and is remembered.
    pub fn optional<V: Deserialize<'de>>(
        &mut self,
        name: &'static str,
        field: &mut Option<V>,
    ) -> Result<(), A::Error> {
        *field = self.map.next_value()?;
        if field.is_none() {
            self.additional.insert_null(name);
        }
        Ok(())
    }

    /// Reads the value of an optional property that may be `null`.
    pub fn nullable<V: Deserialize<'de>>(
        &mut self,
        _name: &'static str,
        field: &mut Option<Nullable<V>>,
    ) -> Result<(), A::Error> {
        *field = Some(self.map.next_value()?);
        Ok(())
    }

    /// Keeps the value of an undeclared property.
    pub fn additional(&mut self, name: Key<'de>) -> Result<(), A::Error> {
        let value = self.map.next_value()?;
        self.additional.insert(name.into_string(), value);
        Ok(())
    }

    /// Returns a required property, or the error that it is missing.
    pub fn require<V>(&self, name: &'static str, field: Option<V>) -> Result<V, A::Error> {
        field.ok_or_else(|| serde::de::Error::missing_field(name))
    }

    /// Returns what was not declared.
    pub fn into_additional(self) -> AdditionalProperties<T> {
        self.additional
    }
}

/// A property's name, borrowed from the input where it has no escapes.
pub enum Key<'de> {
    /// A slice of the input.
    Borrowed(&'de str),
    /// A copy.
    Owned(String),
}

impl Key<'_> {
    /// Returns the name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Borrowed(name) => name,
            Self::Owned(name) => name,
        }
    }

    fn into_string(self) -> String {
        match self {
            Self::Borrowed(name) => name.to_owned(),
            Self::Owned(name) => name,
        }
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a property name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Key::Borrowed(name))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Key::Owned(name.to_owned()))
            }

            fn visit_string<E>(self, name: String) -> Result<Self::Value, E> {
                Ok(Key::Owned(name))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}
