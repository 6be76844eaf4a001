//! From the text of a parameter or a form to the value that it stands for. Text says nothing about types, so the contract
//! decides: of all readings of a text, the first one that its schema allows.

use driftline_specs::{Direction, Parameter, ParameterLocation, ParameterStyle};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Number, Value};

use super::values::{Reader, Shape};
use crate::call::{Call, parse_query};

/// The most parts of a list that are read.
const MOST_PARTS: usize = 10_000;

/// A value before anything is known of its type: every leaf is text.
#[derive(Clone, Debug)]
pub(super) enum Raw {
    Text(String),
    List(Vec<String>),
    Members(Vec<(String, Raw)>),
}

/// What a text stands for, by the schema at a pointer; text where no reading is allowed.
pub(super) fn read(contract: &Reader, schema: &str, raw: &Raw) -> Value {
    let shape = Shape::read(contract, &[schema.to_owned()]);
    let allowed = |value: &Value| {
        contract.validator(schema, Direction::Request).is_ok_and(|validator| validator.is_valid(value))
    };
    match raw {
        Raw::Text(text) => {
            let mut readings = vec![Value::String(text.clone())];
            if let Ok(number) = text.parse::<Number>() {
                readings.push(Value::Number(number));
            }
            readings.extend(text.parse::<bool>().ok().map(Value::Bool));
            if text.is_empty() {
                readings.extend([Value::Null, Value::Array(Vec::new())]);
            }
            // Objects and lists inside of forms are JSON (OpenAPI 3.0, Encoding Object).
            if text.starts_with(['{', '[']) {
                readings.extend(serde_json::from_str(text).ok());
            }
            // One value is a list of one where a list is wanted.
            if let [item, ..] = shape.item.as_slice() {
                readings.push(Value::Array(vec![read(contract, item, raw)]));
            }
            let found = readings.iter().position(allowed);
            readings.swap_remove(found.unwrap_or(0))
        }
        Raw::List(items) => {
            let item = |text: &String| match shape.item.as_slice() {
                [item, ..] => read(contract, item, &Raw::Text(text.clone())),
                [] => Value::String(text.clone()),
            };
            Value::Array(items.iter().take(MOST_PARTS).map(item).collect())
        }
        Raw::Members(members) => {
            let member = |(name, raw): &(String, Raw)| {
                let place = shape.property(name).and_then(<[String]>::first).cloned();
                let place = place.or_else(|| in_alternatives(contract, &shape, name));
                (name.clone(), place.map_or_else(|| plain(raw), |place| read(contract, &place, raw)))
            };
            Value::Object(members.iter().take(MOST_PARTS).map(member).collect::<Map<_, _>>())
        }
    }
}

/// The first place that declares a property in the alternatives of a shape.
fn in_alternatives(contract: &Reader, shape: &Shape, name: &str) -> Option<String> {
    let alternatives = shape.unions.iter().flat_map(|union| &union.alternatives);
    alternatives
        .filter_map(|place| {
            let shape = Shape::read(contract, std::slice::from_ref(place));
            shape.property(name).and_then(<[String]>::first).cloned()
        })
        .next()
}

/// A value as it is written, text at every leaf.
pub(super) fn plain(raw: &Raw) -> Value {
    match raw {
        Raw::Text(text) => Value::String(text.clone()),
        Raw::List(items) => items.iter().cloned().map(Value::String).collect(),
        Raw::Members(members) => {
            Value::Object(members.iter().map(|(name, raw)| (name.clone(), plain(raw))).collect())
        }
    }
}

/// The members of a form, grouped by name; `a[b]=c` is a member of a member.
pub(super) fn members(pairs: Vec<(String, String)>) -> Raw {
    let mut members: Vec<(String, Raw)> = Vec::new();
    for (name, value) in pairs.into_iter().take(MOST_PARTS) {
        let inner = name.strip_suffix(']').and_then(|name| name.split_once('['));
        match inner {
            Some((outer, "")) => add(&mut members, outer, value),
            Some((outer, inner)) => {
                let inner = inner.split("][").next().unwrap_or(inner).to_owned();
                match members.iter_mut().find(|(known, _)| known == outer) {
                    Some((_, Raw::Members(own))) => add(own, &inner, value),
                    Some(_) => {}
                    None => members.push((outer.to_owned(), Raw::Members(vec![(inner, Raw::Text(value))]))),
                }
            }
            None => add(&mut members, &name, value),
        }
    }
    Raw::Members(members)
}

fn add(members: &mut Vec<(String, Raw)>, name: &str, value: String) {
    match members.iter_mut().find(|(known, _)| known == name) {
        Some((_, Raw::List(items))) => items.push(value),
        Some((_, raw)) => {
            if let Raw::Text(first) = raw {
                *raw = Raw::List(vec![std::mem::take(first), value]);
            }
        }
        None => members.push((name.to_owned(), Raw::Text(value))),
    }
}

/// What a call has for a parameter, in each way in which its style may be read; nothing when it has none.
pub(super) fn given(contract: &Reader, parameter: &Parameter, call: &Call<'_>) -> Vec<Raw> {
    let shape =
        parameter.schema.as_ref().map(|schema| Shape::read(contract, std::slice::from_ref(&schema.pointer)));
    let shape = shape.unwrap_or_default();
    match parameter.location {
        ParameterLocation::Query => in_pairs(contract, parameter, &shape, &raw_pairs(call.raw_query, '&')),
        ParameterLocation::Cookie => {
            let cookies = call.headers.get_all("cookie").iter().filter_map(|it| it.to_str().ok());
            let pairs: Vec<_> = cookies.flat_map(|it| raw_pairs(it, ';')).collect();
            in_pairs(contract, parameter, &shape, &pairs)
        }
        ParameterLocation::Path => {
            let value = call.path.iter().find(|(name, _)| *name == parameter.name);
            value.map_or_else(Vec::new, |(_, text)| in_text(parameter, &shape, text))
        }
        ParameterLocation::Header => {
            let value = call
                .headers
                .get(parameter.name.as_str())
                .and_then(|it| std::str::from_utf8(it.as_bytes()).ok());
            value.map_or_else(Vec::new, |text| in_text(parameter, &shape, text))
        }
    }
}

/// The pairs of a query or of cookies, names decoded and values not.
fn raw_pairs(text: &str, separator: char) -> Vec<(String, String)> {
    let pairs = text.split(separator).map(str::trim).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), value.to_owned())
        })
        .collect()
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

fn in_pairs(contract: &Reader, parameter: &Parameter, shape: &Shape, pairs: &[(String, String)]) -> Vec<Raw> {
    let name = parameter.name.as_str();
    let own: Vec<&str> =
        pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
    if parameter.content_type.is_some() {
        return own.last().map(|text| Raw::Text(decode(text))).into_iter().collect();
    }
    let mut readings = Vec::new();
    if parameter.style == ParameterStyle::DeepObject {
        let prefix = format!("{name}[");
        let inside: Vec<(String, String)> = pairs
            .iter()
            .filter(|(known, _)| known.starts_with(&prefix))
            .map(|(known, value)| (known.clone(), decode(value)))
            .collect();
        if let Raw::Members(members) = members(inside)
            && let Some((_, raw)) = members.into_iter().next()
        {
            return vec![raw];
        }
    }
    if let [.., last] = own.as_slice() {
        // A list has no other reading, or one that is too long would be one item.
        if !shape.is("array") {
            readings.push(Raw::Text(decode(last)));
        }
        let separators: &[&str] = match parameter.style {
            ParameterStyle::SpaceDelimited => &["%20", "+", " "],
            ParameterStyle::PipeDelimited => &["%7C", "%7c", "|"],
            _ => &[","],
        };
        let separator = separators.iter().find(|it| last.contains(**it)).copied().unwrap_or(",");
        let parts: Vec<String> = last.split(separator).map(decode).collect();
        readings.push(Raw::List(if parameter.explode || own.len() > 1 {
            own.iter().map(|text| decode(text)).collect()
        } else {
            parts.clone()
        }));
        if !parameter.explode && parts.len().is_multiple_of(2) {
            readings.push(alternating(&parts));
        }
        return readings;
    }
    let brackets = format!("{name}[]");
    let listed: Vec<String> =
        pairs.iter().filter(|(it, _)| *it == brackets).map(|(_, it)| decode(it)).collect();
    if !listed.is_empty() {
        return vec![Raw::List(listed)];
    }
    // The members of an exploded object are parameters of their own.
    if parameter.explode && (shape.is("object") || !shape.unions.is_empty()) {
        let members: Vec<(String, Raw)> = pairs
            .iter()
            .filter(|(name, _)| {
                shape.property(name).is_some() || in_alternatives(contract, shape, name).is_some()
            })
            .map(|(name, value)| (name.clone(), Raw::Text(decode(value))))
            .collect();
        if !members.is_empty() {
            readings.push(Raw::Members(members));
        }
    }
    readings
}

/// The readings of a path parameter or a header.
fn in_text(parameter: &Parameter, shape: &Shape, text: &str) -> Vec<Raw> {
    if parameter.content_type.is_some() {
        return vec![Raw::Text(text.to_owned())];
    }
    let name = parameter.name.as_str();
    let (body, separator) = match (parameter.style, parameter.explode) {
        (ParameterStyle::Label, true) => (text.strip_prefix('.').unwrap_or(text), '.'),
        (ParameterStyle::Label, false) => (text.strip_prefix('.').unwrap_or(text), ','),
        (ParameterStyle::Matrix, explode) => {
            let body = text.strip_prefix(';').unwrap_or(text);
            let own = body.strip_prefix(name).and_then(|rest| rest.strip_prefix('='));
            match (own, explode) {
                (Some(own), false) => (own, ','),
                _ => (body, ';'),
            }
        }
        _ => (text, ','),
    };
    let parts: Vec<&str> = body.split(separator).map(str::trim).collect();
    let mine = format!("{name}=");
    let is_matrix = parameter.style == ParameterStyle::Matrix;
    let value = |part: &str| part.strip_prefix(&mine).filter(|_| is_matrix).unwrap_or(part).to_owned();
    let mut readings = vec![Raw::List(parts.iter().map(|part| value(part)).collect())];
    if !shape.is("array") {
        readings.insert(0, Raw::Text(value(body)));
    }
    if parameter.explode {
        let members = parts.iter().filter_map(|part| part.split_once('='));
        readings.push(Raw::Members(
            members.map(|(name, it)| (name.to_owned(), Raw::Text(it.to_owned()))).collect(),
        ));
    } else if parts.len().is_multiple_of(2) {
        readings.push(alternating(&parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>()));
    }
    readings
}

/// Names and values by turns.
fn alternating(parts: &[String]) -> Raw {
    let pairs =
        parts.chunks(2).filter_map(|pair| Some((pair.first()?.clone(), Raw::Text(pair.get(1)?.clone()))));
    Raw::Members(pairs.collect())
}

/// The members of a form in a URL's encoding.
pub(super) fn form(text: &str) -> Raw {
    members(parse_query(Some(text)))
}
