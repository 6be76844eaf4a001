//! Structs as JSON objects.
//!
//! The [`object!`](crate::object!) macro does the work of serde's derive for generated structs, and three
//! things that the derive does not: undeclared properties are kept without `flatten`, which would buffer every
//! value; an absent property, a `null` and a value are told apart; and a `null` where the schema allows none
//! reads as absent instead of failing the whole answer.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
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
                let mut writer = $crate::private::Writer::new(serializer, &self.additional_properties);
                $(writer.$presence($property, &self.$field);)*
                writer.end(&[$($property),*])
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::private::deserialize(deserializer)
            }
        }

        impl $crate::private::Object for $name {
            const NAME: &'static str = ::core::stringify!($name);

            fn read<'de, __A: $crate::private::serde::de::MapAccess<'de>>(
                fields: &mut $crate::private::Fields<__A, __A::Error>,
            ) -> ::core::option::Option<Self> {
                $(let mut $field = ::core::option::Option::None;)*
                let mut additional_properties = $crate::AdditionalProperties::default();
                while let ::core::option::Option::Some(key) = fields.next_key() {
                    match key.as_str() {
                        $($property => fields.$presence($property, &mut $field),)*
                        _ => fields.additional(key, &mut additional_properties),
                    }
                }
                fields.end(&mut additional_properties)?;
                ::core::option::Option::Some(Self {
                    $($field: $crate::object!(@take $presence fields $property $field),)*
                    additional_properties,
                })
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

/// A struct that [`object!`](crate::object!) gives its JSON form.
pub trait Object: Sized {
    /// The struct's name, for messages.
    const NAME: &'static str;

    /// Reads the properties up to the end; none means that `fields` holds an error.
    fn read<'de, A: MapAccess<'de>>(fields: &mut Fields<A, A::Error>) -> Option<Self>;
}

/// Reads a struct from an object.
pub fn deserialize<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let mut fields = Fields { map, error: None, nulls: Vec::new() };
        match (T::read(&mut fields), fields.error) {
            (Some(value), None) => Ok(value),
            (_, Some(error)) => Err(error),
            (None, None) => Err(serde::de::Error::custom("an object could not be read")),
        }
    }
}

/// Writes the properties of an object. An error stays until [`end`](Writer::end), so that the code of each
/// struct has no branch a property.
pub struct Writer<'a, S: Serializer, T> {
    map: Result<S::SerializeMap, S::Error>,
    additional: &'a AdditionalProperties<T>,
}

impl<'a, S: Serializer, T: Serialize> Writer<'a, S, T> {
    /// Opens the object.
    pub fn new(serializer: S, additional: &'a AdditionalProperties<T>) -> Self {
        Self { map: serializer.serialize_map(None), additional }
    }

    fn entry<V: Serialize + ?Sized>(&mut self, name: &'static str, value: &V) {
        if let Ok(map) = &mut self.map
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.map = Err(error);
        }
    }

    /// Writes a property that is always there.
    pub fn required<V: Serialize>(&mut self, name: &'static str, value: &V) {
        self.entry(name, value);
    }

    /// Writes a property if there is a value, or if `null` was read.
    pub fn optional<V: Serialize>(&mut self, name: &'static str, value: &Option<V>) {
        match value {
            Some(value) => self.entry(name, value),
            None if self.additional.had_null(name) => self.entry(name, &()),
            None => {}
        }
    }

    /// Writes a property if there is a value or an explicit `null`.
    pub fn nullable<V: Serialize>(&mut self, name: &'static str, value: &Option<Nullable<V>>) {
        if let Some(value) = value {
            self.entry(name, value);
        }
    }

    /// Writes the undeclared properties and closes the object.
    pub fn end(self, declared: &[&str]) -> Result<S::Ok, S::Error> {
        let mut map = self.map?;
        self.additional.write(&mut map, declared)?;
        map.end()
    }
}

/// Reads the properties of an object. An error stays, and ends the reading.
pub struct Fields<A, E> {
    map: A,
    error: Option<E>,
    nulls: Vec<&'static str>,
}

impl<'de, A: MapAccess<'de>> Fields<A, A::Error> {
    fn kept<V>(&mut self, result: Result<V, A::Error>) -> Option<V> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Reads the next name; none at the end and after an error.
    pub fn next_key(&mut self) -> Option<Key<'de>> {
        if self.error.is_some() {
            return None;
        }
        let key = self.map.next_key();
        self.kept(key).flatten()
    }

    fn value<V: Deserialize<'de>>(&mut self) -> Option<V> {
        let value = self.map.next_value();
        self.kept(value)
    }

    /// Reads the value of a required property.
    pub fn required<V: Deserialize<'de>>(&mut self, _name: &'static str, field: &mut Option<V>) {
        *field = self.value();
    }

    /// Reads the value of an optional property; `null` counts as absent and is remembered.
    pub fn optional<V: Deserialize<'de>>(&mut self, name: &'static str, field: &mut Option<V>) {
        *field = self.value::<Option<V>>().flatten();
        if field.is_none() {
            self.nulls.push(name);
        }
    }

    /// Reads the value of an optional property that may be `null`.
    pub fn nullable<V: Deserialize<'de>>(&mut self, _name: &'static str, field: &mut Option<Nullable<V>>) {
        *field = self.value();
    }

    /// Keeps the value of an undeclared property.
    pub fn additional<T: Deserialize<'de>>(&mut self, name: Key<'de>, kept: &mut AdditionalProperties<T>) {
        if let Some(value) = self.value() {
            kept.insert(name.into_string(), value);
        }
    }

    /// Ends the reading; none means that it failed.
    pub fn end<T>(&mut self, kept: &mut AdditionalProperties<T>) -> Option<()> {
        self.nulls.drain(..).for_each(|name| kept.insert_null(name));
        self.error.is_none().then_some(())
    }

    /// Returns a required property; none means that it is missing.
    pub fn require<V>(&mut self, name: &'static str, field: Option<V>) -> Option<V> {
        if field.is_none() {
            self.error = Some(serde::de::Error::missing_field(name));
        }
        field
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
