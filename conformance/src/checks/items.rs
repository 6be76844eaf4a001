//! The items of lists: what tells them apart, and the values of queries.

use std::collections::HashSet;

use serde_json::Value;

use crate::request::Request;

/// The value of a query parameter of a request.
pub(super) fn query(request: &Request, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(request.query.as_bytes());
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A scalar as a query writes it.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The properties of an item that may identify it, the likeliest first.
pub(crate) fn identifiers(item: &Value) -> Vec<&str> {
    let names = item.as_object().into_iter().flatten();
    let scalar = names.filter(|(_, value)| value.is_string() || value.is_number());
    let mut ranked: Vec<(u8, &str)> = scalar
        .filter_map(|(name, _)| {
            let is_one_of = |words: &[&str]| words.iter().any(|word| name.eq_ignore_ascii_case(word));
            let end = name.len().checked_sub("_id".len()).and_then(|at| name.get(at..)).unwrap_or_default();
            let rank = if is_one_of(&["id", "uuid"]) {
                0
            } else if end.eq_ignore_ascii_case("_id") || name.ends_with("Id") {
                1
            } else if is_one_of(&["key", "code", "slug"]) {
                2
            } else {
                return None;
            };
            Some((rank, name.as_str()))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, name)| name).collect()
}

/// What tells the items of a list apart.
#[derive(Debug)]
pub(crate) struct Identity {
    /// The property that is another one in each item.
    property: Option<String>,
    /// No two items are the same.
    tells_apart: bool,
}

impl Identity {
    /// Finds the property that is another one in each of these items; without one, all that they say may tell them apart.
    pub(crate) fn of(items: &[Value]) -> Self {
        let names = items.first().map(identifiers).unwrap_or_default();
        let distinct = |values: Vec<String>| {
            values.len() == items.len() && values.iter().collect::<HashSet<_>>().len() == items.len()
        };
        let tells =
            |name: &&str| distinct(items.iter().filter_map(|item| item.get(*name).and_then(text)).collect());
        let property = names.into_iter().find(tells).map(str::to_owned);
        let tells_apart = property.is_some() || distinct(items.iter().map(Value::to_string).collect());
        Self { property, tells_apart }
    }

    /// Whether items of the same name are the same item: where a list has two that say the same, nothing can be known of
    /// a third.
    pub(crate) fn tells_apart(&self) -> bool {
        self.tells_apart
    }

    /// What an item is known by: the property, else all that it says.
    pub(crate) fn name(&self, item: &Value) -> String {
        let own = self.property.as_ref().and_then(|name| item.get(name).and_then(text));
        own.unwrap_or_else(|| item.to_string())
    }
}
