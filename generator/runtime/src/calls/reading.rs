//! From texts on the wire to values: the way back of [`Style`].
//!
//! A text does not say what it is: `12` may be a number or a name. The type knows, so everything is read as text at
//! first, and what the type refuses is read as the number, the flag or the list that it may be instead.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::client::Style;
use crate::{DecodeError, decode};

/// The most places that are read as something else than text, one after the other.
const MOST_CHANGES: usize = 256;

/// Takes the pairs of the names that are meant, and leaves the others in their order.
pub(super) fn take(pairs: &mut Vec<(String, String)>, is_it: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let (taken, left) = std::mem::take(pairs).into_iter().partition(|(name, _)| is_it(name));
    *pairs = left;
    taken
}

/// Tells whether `known` is `name` with brackets behind it.
pub(super) fn is_below(known: &str, name: &str) -> bool {
    known.strip_prefix(name).is_some_and(|rest| rest.starts_with('[') && rest.ends_with(']'))
}

/// What a parameter may be, the likeliest first; there is at least one pair.
pub(super) fn readings(name: &str, style: Style, pairs: Vec<(String, String)>) -> Vec<Value> {
    if style == Style::DeepObject && pairs.iter().any(|(known, _)| known != name) {
        return vec![deep(name, pairs)];
    }
    let mut texts: Vec<String> = pairs.into_iter().map(|(_, text)| text).collect();
    if texts.len() > 1 {
        return vec![list(texts)];
    }
    let text = texts.pop().unwrap_or_default();
    let (text, separator, exploded) = match style {
        Style::Json => return serde_json::from_str(&text).into_iter().collect(),
        Style::FormExploded | Style::DeepObject => {
            return vec![Value::String(text.clone()), list(vec![text])];
        }
        Style::SpaceDelimited => (text.as_str(), " ", false),
        Style::PipeDelimited => (text.as_str(), "|", false),
        Style::Form | Style::Simple => (text.as_str(), ",", false),
        Style::SimpleExploded => (text.as_str(), ",", true),
        Style::Label => (text.strip_prefix('.').unwrap_or(&text), ",", false),
        Style::LabelExploded => (text.strip_prefix('.').unwrap_or(&text), ".", true),
        Style::Matrix => (unnamed(name, text.strip_prefix(';').unwrap_or(&text)), ",", false),
        Style::MatrixExploded => (text.strip_prefix(';').unwrap_or(&text), ";", true),
    };
    let items: Vec<&str> = if text.is_empty() { Vec::new() } else { text.split(separator).collect() };
    let object = if exploded {
        items.iter().map(|item| item.split_once('=')).collect::<Option<Vec<_>>>()
    } else {
        let (pairs, rest) = items.as_chunks::<2>();
        rest.is_empty().then(|| pairs.iter().map(|[key, value]| (*key, *value)).collect())
    };
    let plain = |item: &str| match style {
        Style::MatrixExploded => unnamed(name, item).to_owned(),
        _ => item.to_owned(),
    };
    let mut readings = vec![Value::String(plain(text)), list(items.iter().map(|item| plain(item)).collect())];
    readings.extend(object.map(|pairs| {
        members(pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }));
    readings
}

/// What stands behind `name=`.
fn unnamed<'t>(name: &str, text: &'t str) -> &'t str {
    text.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')).unwrap_or(text)
}

fn list(texts: Vec<String>) -> Value {
    Value::Array(texts.into_iter().map(Value::String).collect())
}

/// An object of pairs; what comes more than once is a list.
pub(super) fn members(pairs: Vec<(String, String)>) -> Value {
    let mut object = Map::new();
    for (name, text) in pairs {
        match object.get_mut(&name) {
            None => {
                object.insert(name, Value::String(text));
            }
            Some(Value::Array(items)) => items.push(Value::String(text)),
            Some(first) => *first = Value::Array(vec![first.take(), Value::String(text)]),
        }
    }
    Value::Object(object)
}

/// An object of pairs whose names say in brackets where each text belongs.
fn deep(name: &str, pairs: Vec<(String, String)>) -> Value {
    let mut root = Value::Object(Map::new());
    for (known, text) in pairs {
        let brackets = known.strip_prefix(name).unwrap_or_default();
        let keys = brackets.trim_start_matches('[').trim_end_matches(']');
        let mut place = &mut root;
        for key in keys.split("][").take(MOST_CHANGES) {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[key];
        }
        *place = Value::String(text);
    }
    root
}

/// Reads the first of several readings that a type takes.
pub(super) fn fit<T: DeserializeOwned>(readings: impl IntoIterator<Item = Value>) -> Result<T, DecodeError> {
    let mut refused: Option<DecodeError> = None;
    for mut value in readings {
        for _ in 0..MOST_CHANGES {
            let bytes = serde_json::to_vec(&value).unwrap_or_default();
            let error = match decode::from_slice(&bytes) {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if !read_otherwise(&mut value, error.path()) {
                // Of several refusals the one that lies deepest says most.
                if refused.as_ref().is_none_or(|known| known.path().len() < error.path().len()) {
                    refused = Some(error);
                }
                break;
            }
        }
    }
    refused.map_or_else(|| decode::from_slice(b""), Err)
}

/// Reads the text at a place as what else it may be, or everything below where there is no text; an item of a list with
/// all its like. Tells whether that changed anything.
fn read_otherwise(value: &mut Value, path: &str) -> bool {
    let list = path.rsplit_once('/').map(|(list, _)| list);
    if let Some(list) = list
        && let Some(Value::Array(items)) = value.pointer_mut(list)
    {
        return change_all(items.iter_mut());
    }
    value.pointer_mut(path).is_some_and(change)
}

fn change_all<'v>(values: impl Iterator<Item = &'v mut Value>) -> bool {
    // None is left out because another one has changed.
    values.map(change).fold(false, |changed, other| changed | other)
}

fn change(value: &mut Value) -> bool {
    let other = match value {
        Value::String(text) if text.is_empty() => Some(Value::Null),
        Value::String(text) => serde_json::from_str(text).ok().filter(is_scalar),
        Value::Object(members) if is_indexed(members) => {
            let items = (0..members.len()).filter_map(|index| members.remove(&index.to_string()));
            Some(Value::Array(items.collect()))
        }
        Value::Object(members) => {
            return change_all(members.values_mut());
        }
        Value::Array(items) => {
            return change_all(items.iter_mut());
        }
        _ => None,
    };
    match other {
        Some(other) => {
            *value = other;
            true
        }
        None => false,
    }
}

/// A number or a flag. `null` is written as the empty text.
fn is_scalar(value: &Value) -> bool {
    value.is_number() || value.is_boolean()
}

/// Tells whether the names of members are the indexes of a list.
fn is_indexed(members: &Map<String, Value>) -> bool {
    !members.is_empty() && (0..members.len()).all(|index| members.contains_key(&index.to_string()))
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::json;

    use super::*;
    use crate::Number;

    #[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
    struct Colour {
        name: String,
        red: i64,
        bright: Option<bool>,
    }

    /// Writes a value as a parameter and reads it again, from pairs and from text.
    fn there_and_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
        value: T,
        styles: &[Style],
    ) {
        let written = serde_json::to_value(&value).unwrap();
        for style in styles {
            let pairs = match style {
                Style::Simple
                | Style::SimpleExploded
                | Style::Label
                | Style::LabelExploded
                | Style::Matrix
                | Style::MatrixExploded => vec![("it".to_owned(), style.text("it", &written, str::to_owned))],
                _ => style.pairs("it", &written),
            };
            let read: T =
                fit(readings("it", *style, pairs)).unwrap_or_else(|error| panic!("{style:?}: {error}"));
            assert_eq!(read, value, "{style:?}");
        }
    }

    const ALL: &[Style] = &[
        Style::Form,
        Style::FormExploded,
        Style::Simple,
        Style::SimpleExploded,
        Style::SpaceDelimited,
        Style::PipeDelimited,
        Style::DeepObject,
        Style::Label,
        Style::LabelExploded,
        Style::Matrix,
        Style::MatrixExploded,
        Style::Json,
    ];

    #[test]
    fn a_scalar_comes_back_as_its_type_in_every_style() {
        there_and_back("12".to_owned(), ALL);
        there_and_back("a=b".to_owned(), ALL);
        there_and_back(12_u64, ALL);
        there_and_back(true, ALL);
        there_and_back(serde_json::from_str::<Number>("-25").unwrap(), &ALL[..8]);
        there_and_back(Some(-3_i64), ALL);
        there_and_back("2026-01-31".parse::<crate::Date>().unwrap(), ALL);
    }

    #[test]
    fn a_list_comes_back_in_every_style() {
        there_and_back(vec!["1".to_owned(), "b".to_owned()], ALL);
        there_and_back(vec![1_i64, 22, 333], ALL);
        there_and_back(vec![7_i64], ALL);
    }

    #[test]
    fn members_come_back_as_their_types() {
        let colour = || Colour { name: "12".to_owned(), red: 12, bright: Some(true) };
        // What stands side by side has no name of its own, see `members`.
        let styles: Vec<_> = ALL.iter().copied().filter(|style| *style != Style::FormExploded).collect();
        there_and_back(colour(), &styles);
        let pairs = Style::FormExploded.pairs("it", &serde_json::to_value(colour()).unwrap());
        assert_eq!(fit::<Colour>([members(pairs)]).unwrap(), colour());
    }

    #[test]
    fn what_lies_deeper_comes_back() {
        let value = json!({"a": {"b": ["x", "y"], "c": {"0": "z"}}});
        let pairs = Style::DeepObject.pairs("it", &value);
        let read: Value = fit(readings("it", Style::DeepObject, pairs)).unwrap();
        // No type says that it is a list.
        assert_eq!(read, json!({"a": {"b": {"0": "x", "1": "y"}, "c": {"0": "z"}}}));
        there_and_back(
            std::collections::BTreeMap::from([("a".to_owned(), (0..12).collect::<Vec<i64>>())]),
            &[Style::DeepObject],
        );
    }

    #[test]
    fn what_no_type_takes_is_refused_without_its_value() {
        let pairs = || vec![("it".to_owned(), "secret".to_owned())];
        for style in ALL {
            let error = fit::<u64>(readings("it", *style, pairs())).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        let deep: String = (0..5_000).map(|_| "[a]").collect();
        assert!(
            fit::<u64>(readings("it", Style::DeepObject, vec![(format!("it{deep}"), "1".to_owned())]))
                .is_err()
        );
    }
}
