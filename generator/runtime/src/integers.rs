//! Integers, however they are written.
//!
//! JSON has one kind of number: `42`, `42.0` and `4.2e1` are the same (JSON Schema 2020-12, section 6.1.1 of the
//! validation vocabulary, calls all of them integers). Serde's integers take the first form only.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde_json::{Number, Value};

use crate::{Nullable, Sensitive, Tuple};

/// Types that are an integer or hold some, without a generated type between.
pub trait Integers<'de>: Sized {
    /// Reads a value.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Reads a value where serde asks for a seed.
pub(crate) struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Integers<'de>> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// Returns the integer that a float is. What is beyond both types of integers stays a float.
fn integer(value: f64) -> Option<Number> {
    const BEYOND_I64: f64 = 9_223_372_036_854_775_808.0;
    const BEYOND_U64: f64 = 18_446_744_073_709_551_616.0;
    if value.fract() != 0.0 {
        None
    } else if (-BEYOND_I64..BEYOND_I64).contains(&value) {
        Some((value as i64).into())
    } else if (0.0..BEYOND_U64).contains(&value) {
        Some((value as u64).into())
    } else {
        None
    }
}

macro_rules! integers {
    ($ty:ident, $deserialize:ident, $convert:ident, $expected:literal) => {
        impl<'de> Integers<'de> for $ty {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct IntegerVisitor;

                impl Visitor<'_> for IntegerVisitor {
                    type Value = $ty;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_i64<E: Error>(self, value: i64) -> Result<$ty, E> {
                        $ty::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
                    }

                    fn visit_u64<E: Error>(self, value: u64) -> Result<$ty, E> {
                        $ty::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
                    }

                    fn visit_f64<E: Error>(self, value: f64) -> Result<$ty, E> {
                        integer(value)
                            .and_then(|number| number.$convert())
                            .ok_or_else(|| E::invalid_type(Unexpected::Float(value), &self))
                    }
                }

                deserializer.$deserialize(IntegerVisitor)
            }
        }
    };
}

integers!(i64, deserialize_i64, as_i64, "i64");
integers!(u64, deserialize_u64, as_u64, "u64");

impl<'de, T: Integers<'de>> Integers<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OptionVisitor<T>(PhantomData<T>);

        impl<'de, T: Integers<'de>> Visitor<'de> for OptionVisitor<T> {
            type Value = Option<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }

            fn visit_none<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                T::read(deserializer).map(Some)
            }
        }

        deserializer.deserialize_option(OptionVisitor(PhantomData))
    }
}

impl<'de, T: Integers<'de>> Integers<'de> for Nullable<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::read(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

impl<'de, T: Integers<'de>> Integers<'de> for Sensitive<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }
}

impl<'de, T: Integers<'de>> Integers<'de> for Box<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }
}

/// A tuple knows by itself how to take integers.
impl<'de, T: DeserializeOwned> Integers<'de> for Tuple<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

impl<'de, T: Integers<'de>> Integers<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T>(PhantomData<T>);

        impl<'de, T: Integers<'de>> Visitor<'de> for ListVisitor<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element_seed(Seed::new())? {
                    list.push(item);
                }
                Ok(list)
            }
        }

        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

impl<'de, T: Integers<'de>> Integers<'de> for BTreeMap<String, T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor<T>(PhantomData<T>);

        impl<'de, T: Integers<'de>> Visitor<'de> for MapVisitor<T> {
            type Value = BTreeMap<String, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut values = BTreeMap::new();
                while let Some(name) = map.next_key()? {
                    values.insert(name, map.next_value_seed(Seed::new())?);
                }
                Ok(values)
            }
        }

        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

/// Reads a value as `T`; when it does not fit, once more with every float that is an integer written as one.
pub(crate) fn fitting<T: DeserializeOwned>(value: &Value) -> Option<T> {
    let read = T::deserialize(value).ok();
    read.or_else(|| T::deserialize(&with_integers(value)?).ok())
}

/// Writes every float that is an integer as one; none when there is no such float.
pub(crate) fn with_integers(value: &Value) -> Option<Value> {
    if !has_integral_floats(value) {
        return None;
    }
    let mut value = value.clone();
    make_integers(&mut value);
    Some(value)
}

fn float(number: &Number) -> Option<f64> {
    number.as_f64().filter(|_| number.is_f64())
}

fn has_integral_floats(value: &Value) -> bool {
    match value {
        Value::Number(number) => float(number).and_then(integer).is_some(),
        Value::Array(items) => items.iter().any(has_integral_floats),
        Value::Object(properties) => properties.values().any(has_integral_floats),
        _ => false,
    }
}

fn make_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(integer) = float(number).and_then(integer) {
                *number = integer;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_integers),
        Value::Object(properties) => properties.values_mut().for_each(make_integers),
        _ => {}
    }
}
