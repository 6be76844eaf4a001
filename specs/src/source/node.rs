//! The visitor that both readers share: any serde format to a JSON value, noticing keys that occur twice.
//!
//! `serde_json::Value` would keep the last of two equal keys without a word, which hides half of a contract.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

/// What to do about YAML's merge keys and about keys that occur twice.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// Whether `<<` merges other mappings in (YAML), or is a key like any other (JSON).
    pub(super) merge_keys: bool,
    /// Whether a repeated key stops the reader there and then, for a reader that can say where it stopped.
    pub(super) stop_at_repetition: bool,
    /// The first key that was seen twice.
    pub(super) repeated: RefCell<Option<String>>,
    /// Whether the document has a number that JSON cannot hold.
    pub(super) not_a_number: Cell<bool>,
}

/// Reads one value by [`Rules`].
#[derive(Clone, Copy)]
pub(super) struct Node<'r>(pub(super) &'r Rules);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value that JSON can hold, without a YAML tag")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(self.float(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(self.float(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(self.float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        let mut merged = Vec::new();
        while let Some(key) = mapping.next_key::<String>()? {
            if self.0.merge_keys && key == "<<" {
                merged.push(mapping.next_value_seed(self)?);
                continue;
            }
            match members.entry(key) {
                Entry::Vacant(place) => drop(place.insert(mapping.next_value_seed(self)?)),
                Entry::Occupied(mut place) => {
                    if self.0.stop_at_repetition {
                        return Err(A::Error::custom(repetition(place.key())));
                    }
                    self.0.repeated.borrow_mut().get_or_insert_with(|| place.key().clone());
                    place.insert(mapping.next_value_seed(self)?);
                }
            }
        }
        for value in merged {
            merge(&mut members, value).map_err(A::Error::custom)?;
        }
        Ok(Value::Object(members))
    }
}

impl Node<'_> {
    fn float(self, value: f64) -> Value {
        match Number::from_f64(value) {
            Some(number) => Value::Number(number),
            None => {
                self.0.not_a_number.set(true);
                Value::Null
            }
        }
    }
}

/// Says that a key occurs twice.
pub(super) fn repetition(key: &str) -> String {
    format!("the key {key:?} occurs twice in one object")
}

/// Adds what `<<` brings: keys that are already there win, and earlier mappings win over later ones.
fn merge(members: &mut Map<String, Value>, value: Value) -> Result<(), String> {
    match value {
        Value::Object(other) => {
            for (key, value) in other {
                members.entry(key).or_insert(value);
            }
            Ok(())
        }
        Value::Array(others) if others.iter().all(Value::is_object) => {
            others.into_iter().try_for_each(|other| merge(members, other))
        }
        _ => Err("the merge key `<<` takes a mapping or a list of mappings".to_owned()),
    }
}
