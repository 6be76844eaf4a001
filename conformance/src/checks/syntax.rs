//! How the text of a body is read as JSON: what it says, what is wrong with the text, and which names it has twice.

use std::fmt::{self, Write as _};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use crate::pointer::escape_into;

/// How many names that are there twice are kept.
const MOST: usize = 16;

/// Why a body that calls itself JSON cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Its bytes are not UTF-8 (RFC 8259 section 8.1).
    Encoding,
    /// It begins with a byte order mark (RFC 8259 section 8.1).
    Mark,
    /// Something follows the JSON text.
    Trailing,
    /// It ends before the JSON text does.
    Early,
    /// It is something else.
    Other,
}

impl Fault {
    /// Returns the name, which is part of a finding's identity.
    pub(super) fn name(self) -> &'static str {
        match self {
            Fault::Encoding => "encoding",
            Fault::Mark => "byte order mark",
            Fault::Trailing => "trailing",
            Fault::Early => "truncated",
            Fault::Other => "malformed",
        }
    }

    /// Says it in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Fault::Encoding => "bytes that are not UTF-8",
            Fault::Mark => "a byte order mark before the JSON text",
            Fault::Trailing => "a JSON text with something after it",
            Fault::Early => "a JSON text without its end",
            Fault::Other => "something that is not JSON",
        }
    }
}

/// A body, read as JSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    /// What it says, or why it cannot be read; of a name that is there twice, what it says last.
    pub(super) value: Result<Value, Fault>,
    /// Where an object has a name twice, as JSON Pointers; a few at most.
    pub(super) twice: Vec<String>,
}

/// Reads a body as JSON.
pub(super) fn read(body: &[u8]) -> Text {
    let mut twice = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(body);
    let seed = Node { way: &Way::Start, twice: &mut twice };
    let value = match seed.deserialize(&mut reader) {
        Ok(value) => reader.end().map(|()| value).map_err(|_| Fault::Trailing),
        Err(error) => Err(if error.is_eof() { Fault::Early } else { Fault::Other }),
    };
    let value = value.map_err(|fault| match body {
        [0xEF, 0xBB, 0xBF, ..] => Fault::Mark,
        _ if std::str::from_utf8(body).is_err() => Fault::Encoding,
        _ => fault,
    });
    Text { value, twice }
}

/// Reads a value at a place; the reader of JSON bounds its depth.
struct Node<'a> {
    way: &'a Way<'a>,
    twice: &'a mut Vec<String>,
}

/// The way to a place, which is written out only where there is something to tell of it.
enum Way<'a> {
    Start,
    Item(&'a Way<'a>, usize),
    Member(&'a Way<'a>, &'a str),
}

impl Way<'_> {
    fn pointer(&self) -> String {
        match self {
            Way::Start => String::new(),
            Way::Item(way, index) => {
                let mut pointer = way.pointer();
                // Writing to a text does not fail.
                let _ = write!(pointer, "/{index}");
                pointer
            }
            Way::Member(way, name) => {
                let mut pointer = way.pointer();
                pointer.push('/');
                escape_into(name, &mut pointer);
                pointer
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number without a value"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        loop {
            let way = Way::Item(self.way, array.len());
            match items.next_element_seed(Node { way: &way, twice: self.twice })? {
                Some(item) => array.push(item),
                None => return Ok(Value::Array(array)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let mut told: Vec<String> = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            match object.entry(name) {
                Entry::Vacant(entry) => {
                    let way = Way::Member(self.way, entry.key());
                    let value = members.next_value_seed(Node { way: &way, twice: self.twice })?;
                    entry.insert(value);
                }
                Entry::Occupied(mut entry) => {
                    let way = Way::Member(self.way, entry.key());
                    // At most as many are told as are kept.
                    if self.twice.len() < MOST && !told.contains(entry.key()) {
                        told.push(entry.key().clone());
                        self.twice.push(way.pointer());
                    }
                    let value = members.next_value_seed(Node { way: &way, twice: self.twice })?;
                    entry.insert(value);
                }
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_reader_of_values_reads() {
        let text = r#"{"a":[1,-2,3.5,1e3,true,null,"\u00e4",{"b":{}}],"c/d":18446744073709551615}"#;
        let read = read(text.as_bytes());
        assert_eq!(read.value, Ok(serde_json::from_str::<Value>(text).unwrap()));
        assert_eq!(read.twice, [""; 0]);
    }

    #[test]
    fn says_why_a_text_cannot_be_read() {
        let fault = |body: &[u8]| read(body).value.unwrap_err();
        assert_eq!(fault(b"{\"a\":\"\xff\"}"), Fault::Encoding);
        assert_eq!(fault(b"\xEF\xBB\xBF{}"), Fault::Mark);
        assert_eq!(fault(b"{}}"), Fault::Trailing);
        assert_eq!(fault(b"{\"a\":{\"b\":1"), Fault::Early);
        assert_eq!(fault(b"<html>"), Fault::Other);
        assert_eq!(fault("[".repeat(100_000).as_bytes()), Fault::Other, "too deep");
    }

    #[test]
    fn names_that_are_there_twice_are_kept_with_their_place() {
        let read = read(br#"{"a":1,"b":[{},{"c/d":1,"c/d":2,"c/d":3}],"a":4}"#);
        assert_eq!(read.twice, ["/b/1/c~1d", "/a"]);
        assert_eq!(read.value.unwrap()["a"], 4);
    }
}
