//! Structs as JSON objects.
//!
//! The [`object!`](crate::object!) macro does the work of serde's derive for generated structs, and what the derive
//! does not: undeclared properties are kept without `flatten`, which would buffer every value; an absent property,
//! a `null` and a value are told apart; and what a partner writes otherwise than promised fails the whole answer only
//! where a Rust value would have to be invented. A `null` where the schema allows none reads as absent; where a list
//! has to be there, `null` and nothing at all read as an empty one; `42.0` is an integer.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::additional::Surprise;
use crate::integers::{Integers, Seed};
use crate::{AdditionalProperties, Nullable};

/// Gives a struct its JSON form.
///
/// The struct names its properties in the order in which they are written, each as `required` (a field `T`), `list`
/// (a required list or map), `optional` (`Option<T>`) or `nullable` (`Option<Nullable<T>>`), with the suffix
/// `_integers` where `T` is one or holds some, and has a field `additional_properties`. With `only` after its name it
/// has no such field, and undeclared properties are dropped. What stands after `where` are the constraints of its
/// schema (see [`rules`](crate::rules)).
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
    (
        $name:ident { $($presence:ident $field:ident = $property:literal),* $(,)? }
        $(where { $($rule:expr),* $(,)? })?
    ) => {
        impl $crate::private::serde::Serialize for $name {
            fn serialize<__S: $crate::private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #[allow(unused_mut)]
                let mut writer = $crate::private::Writer::new(serializer, ::core::option::Option::Some(&self.additional_properties));
                $(writer.$presence($property, &self.$field);)*
                writer.end(&[$($property),*])
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
                $(let $field = $crate::object!(@take $presence fields $property $field);)*
                fields.end(&mut additional_properties)?;
                ::core::option::Option::Some(Self { $($field,)* additional_properties })
            }
        }

        $crate::object!(@common $name { $($($rule),*)? });
    };
    (
        $name:ident only { $($presence:ident $field:ident = $property:literal),* $(,)? }
        $(where { $($rule:expr),* $(,)? })?
    ) => {
        impl $crate::private::serde::Serialize for $name {
            fn serialize<__S: $crate::private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #[allow(unused_mut)]
                let mut writer = $crate::private::Writer::new(serializer, $crate::private::NOTHING);
                $(writer.$presence($property, &self.$field);)*
                writer.end(&[$($property),*])
            }
        }

        impl $crate::private::Object for $name {
            const NAME: &'static str = ::core::stringify!($name);

            fn read<'de, __A: $crate::private::serde::de::MapAccess<'de>>(
                fields: &mut $crate::private::Fields<__A, __A::Error>,
            ) -> ::core::option::Option<Self> {
                $(let mut $field = ::core::option::Option::None;)*
                while let ::core::option::Option::Some(key) = fields.next_key() {
                    match key.as_str() {
                        $($property => fields.$presence($property, &mut $field),)*
                        _ => fields.ignore(),
                    }
                }
                $(let $field = $crate::object!(@take $presence fields $property $field);)*
                ::core::option::Option::Some(Self { $($field,)* })
            }
        }

        $crate::object!(@common $name { $($($rule),*)? });
    };
    (@common $name:ident { $($rule:expr),* }) => {
        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::private::deserialize(deserializer)
            }
        }

        impl $crate::Validate for $name {
            fn rules() -> $crate::rules::Rules {
                const RULES: $crate::rules::Rules = &[$($rule),*];
                RULES
            }
        }
    };
    (@take required $fields:ident $property:literal $field:ident) => {
        $fields.require($property, $field)?
    };
    (@take required_integers $fields:ident $property:literal $field:ident) => {
        $fields.require($property, $field)?
    };
    (@take list $fields:ident $property:literal $field:ident) => {
        $fields.require_list($property, $field)
    };
    (@take list_integers $fields:ident $property:literal $field:ident) => {
        $fields.require_list($property, $field)
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
        let mut fields = Fields { map, error: None, surprises: Vec::new() };
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
    additional: Option<&'a AdditionalProperties<T>>,
}

/// The undeclared properties of a struct that has none.
pub const NOTHING: Option<&AdditionalProperties> = None;

/// Values of which there may be none: lists and maps.
pub trait Many: Default {
    /// Tells whether there are none.
    fn is_empty(&self) -> bool;
}

impl<T> Many for Vec<T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<T> Many for BTreeMap<String, T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Many for serde_json::Map<String, serde_json::Value> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<'a, S: Serializer, T: Serialize> Writer<'a, S, T> {
    /// Opens the object.
    pub fn new(serializer: S, additional: Option<&'a AdditionalProperties<T>>) -> Self {
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

    fn surprise(&self, name: &str) -> Option<Surprise> {
        self.additional.and_then(|additional| additional.surprise(name))
    }

    /// Writes a list that is always there, or as it came when it is still empty.
    pub fn list<V: Serialize + Many>(&mut self, name: &'static str, value: &V) {
        match if value.is_empty() { self.surprise(name) } else { None } {
            None => self.entry(name, value),
            Some(Surprise::Null) => self.entry(name, &()),
            Some(Surprise::Missing) => {}
        }
    }

    /// Writes a property if there is a value, or if `null` was read.
    pub fn optional<V: Serialize>(&mut self, name: &'static str, value: &Option<V>) {
        match value {
            Some(value) => self.entry(name, value),
            None if self.surprise(name).is_some() => self.entry(name, &()),
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
        if let Some(additional) = self.additional {
            additional.write(&mut map, declared)?;
        }
        map.end()
    }

    /// Writes as [`required`](Self::required).
    pub fn required_integers<V: Serialize>(&mut self, name: &'static str, value: &V) {
        self.required(name, value);
    }

    /// Writes as [`list`](Self::list).
    pub fn list_integers<V: Serialize + Many>(&mut self, name: &'static str, value: &V) {
        self.list(name, value);
    }

    /// Writes as [`optional`](Self::optional).
    pub fn optional_integers<V: Serialize>(&mut self, name: &'static str, value: &Option<V>) {
        self.optional(name, value);
    }

    /// Writes as [`nullable`](Self::nullable).
    pub fn nullable_integers<V: Serialize>(&mut self, name: &'static str, value: &Option<Nullable<V>>) {
        self.nullable(name, value);
    }
}

/// Reads the properties of an object. An error stays, and ends the reading.
pub struct Fields<A, E> {
    map: A,
    error: Option<E>,
    surprises: Vec<(&'static str, Surprise)>,
}

impl<'de, A: MapAccess<'de>> Fields<A, A::Error> {
    #[cold]
    fn fail(&mut self, error: A::Error) {
        self.error = Some(error);
    }

    /// Reads the next name; none at the end and after an error.
    pub fn next_key(&mut self) -> Option<Key<'de>> {
        if self.error.is_some() {
            return None;
        }
        self.map.next_key().unwrap_or_else(|error| {
            self.fail(error);
            None
        })
    }

    /// Puts a value where it belongs, in one move: a struct may be large.
    fn keep<V>(&mut self, result: Result<V, A::Error>, field: &mut Option<V>) {
        match result {
            Ok(value) => *field = Some(value),
            Err(error) => self.fail(error),
        }
    }

    /// Reads the value of a required property.
    pub fn required<V: Deserialize<'de>>(&mut self, _name: &'static str, field: &mut Option<V>) {
        let value = self.map.next_value();
        self.keep(value, field);
    }

    /// Puts a value where it belongs that may be `null` where the contract does not say so, and remembers that.
    fn keep_unless_null<V>(
        &mut self,
        name: &'static str,
        result: Result<Option<V>, A::Error>,
        field: &mut Option<V>,
    ) {
        match result {
            Ok(Some(value)) => *field = Some(value),
            Ok(None) => {
                *field = None;
                self.surprise(name);
            }
            Err(error) => self.fail(error),
        }
    }

    #[cold]
    fn surprise(&mut self, name: &'static str) {
        self.surprises.push((name, Surprise::Null));
    }

    /// Reads a required property that is an integer or holds some.
    pub fn required_integers<V: Integers<'de>>(&mut self, _name: &'static str, field: &mut Option<V>) {
        let value = self.map.next_value_seed(Seed::new());
        self.keep(value, field);
    }

    /// Reads a required list; `null` counts as an empty one.
    pub fn list<V: Deserialize<'de> + Many>(&mut self, name: &'static str, field: &mut Option<V>) {
        let value = self.map.next_value::<Option<V>>();
        self.keep_unless_null(name, value, field);
        field.get_or_insert_default();
    }

    /// Reads a required list of integers; `null` counts as an empty one.
    pub fn list_integers<V: Integers<'de> + Many>(&mut self, name: &'static str, field: &mut Option<V>) {
        let value = self.map.next_value_seed(Seed::<Option<V>>::new());
        self.keep_unless_null(name, value, field);
        field.get_or_insert_default();
    }

    /// Reads the value of an optional property; `null` counts as absent.
    pub fn optional<V: Deserialize<'de>>(&mut self, name: &'static str, field: &mut Option<V>) {
        let value = self.map.next_value();
        self.keep_unless_null(name, value, field);
    }

    /// Reads an optional property that is an integer or holds some; `null` counts as absent.
    pub fn optional_integers<V: Integers<'de>>(&mut self, name: &'static str, field: &mut Option<V>) {
        let value = self.map.next_value_seed(Seed::new());
        self.keep_unless_null(name, value, field);
    }

    /// Reads integers that may be `null` or absent.
    pub fn nullable_integers<V: Integers<'de>>(
        &mut self,
        _name: &'static str,
        field: &mut Option<Nullable<V>>,
    ) {
        let value = self.map.next_value_seed(Seed::new());
        self.keep(value, field);
    }

    /// Reads the value of an optional property that may be `null`.
    pub fn nullable<V: Deserialize<'de>>(&mut self, _name: &'static str, field: &mut Option<Nullable<V>>) {
        let value = self.map.next_value();
        self.keep(value, field);
    }

    /// Keeps the value of an undeclared property.
    pub fn additional<T: Deserialize<'de>>(&mut self, name: Key<'de>, kept: &mut AdditionalProperties<T>) {
        match self.map.next_value() {
            Ok(value) => {
                kept.insert(name.into_string(), value);
            }
            Err(error) => self.fail(error),
        }
    }

    /// Passes the value of an undeclared property over.
    pub fn ignore(&mut self) {
        if let Err(error) = self.map.next_value::<IgnoredAny>() {
            self.fail(error);
        }
    }

    /// Ends the reading; none means that it failed.
    pub fn end<T>(&mut self, kept: &mut AdditionalProperties<T>) -> Option<()> {
        self.surprises.drain(..).for_each(|(name, surprise)| kept.remember(name, surprise));
        self.error.is_none().then_some(())
    }

    /// Returns a required list; one that is missing is empty.
    pub fn require_list<V: Default>(&mut self, name: &'static str, field: Option<V>) -> V {
        field.unwrap_or_else(|| {
            self.surprises.push((name, Surprise::Missing));
            V::default()
        })
    }

    /// Returns a required property; none means that it is missing.
    pub fn require<V>(&mut self, name: &'static str, field: Option<V>) -> Option<V> {
        if field.is_none() && self.error.is_none() {
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
