//! Which operation's answers give which operation's path parameters.
//!
//! A [`Feed`] is an OpenAPI link, read from the contract, or one that is inferred where the contract has
//! none: what is created or listed at `/things` is found at `/things/{id}`. A feed from a list serves every
//! operation below the same path.

use std::collections::BTreeSet;

use driftline_specs::{Contract, Link, Method, Operation, ParameterLocation, StatusSpec};
use serde_json::Value;

use super::plan::Case;
use crate::request::PathValues;
use crate::strategy::{Kind, Node, Reader};
use crate::target::Answer;

/// How the answers of one operation give path parameters of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Feed {
    /// The operation that answers.
    pub(crate) producer: String,
    /// The statuses of the answers.
    pub(crate) status: StatusSpec,
    /// Path parameters and the runtime expressions that fill them (OpenAPI 3.0, Runtime Expressions).
    pub(crate) parameters: Vec<(String, String)>,
}

/// A request with its answer, as runtime expressions see them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// The case that was sent.
    pub(crate) case: &'a Case,
    /// The path parameters that it did not contain.
    pub(crate) path: &'a PathValues,
    /// The answer.
    pub(crate) answer: &'a Answer,
    /// The answer's body as JSON.
    pub(crate) body: &'a Value,
}

impl Feed {
    /// Returns the feed of a link, when it fills path parameters of the consumer.
    fn of_link(producer: &Operation, status: StatusSpec, link: &Link, consumer: &Operation) -> Option<Feed> {
        let names = path_parameters(consumer);
        let parameters: Vec<(String, String)> = link
            .parameters
            .iter()
            .filter_map(|(name, expression)| {
                let name = name.strip_prefix("path.").unwrap_or(name);
                names.contains(name).then(|| (name.to_owned(), expression.clone()))
            })
            .collect();
        (!parameters.is_empty()).then(|| Feed { producer: producer.id.clone(), status, parameters })
    }

    /// Returns the pointer of the list that the feed picks from; `None` when an answer gives one resource.
    pub(crate) fn list(&self) -> Option<String> {
        let (_, expression) = self.parameters.first()?;
        let pointer = expression.strip_prefix("$response.body#")?;
        let index = pointer.find("/0/").or_else(|| pointer.strip_suffix("/0").map(str::len))?;
        pointer.get(..index).map(str::to_owned)
    }

    /// Returns the path values that an answer gives; for a list, those of the item at `index`.
    pub(crate) fn values(&self, seen: Seen<'_>, index: usize) -> Option<PathValues> {
        let mut values = PathValues::new();
        for (name, expression) in &self.parameters {
            let expression = match self.list() {
                Some(list) => expression.replacen(&format!("{list}/0"), &format!("{list}/{index}"), 1),
                None => expression.clone(),
            };
            let text = evaluate(&expression, seen)?;
            // Dots are no name but a way to another resource (RFC 3986 section 5.2.4).
            if matches!(text.as_str(), "" | "." | "..") {
                return None;
            }
            values.insert(name.clone(), text);
        }
        Some(values)
    }
}

/// Returns the value of a runtime expression as text; anything that is not an expression is a constant.
fn evaluate(expression: &str, seen: Seen<'_>) -> Option<String> {
    let scalar = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    };
    let Some(source) = expression.strip_prefix('$') else { return Some(expression.to_owned()) };
    if source == "statusCode" {
        return Some(seen.answer.status.to_string());
    }
    if let Some(rest) = source.strip_prefix("response.body") {
        return scalar(seen.body.pointer(rest.strip_prefix('#').unwrap_or(rest))?);
    }
    if let Some(name) = source.strip_prefix("response.header.") {
        return seen.answer.header(name).map(str::to_owned);
    }
    if let Some(rest) = source.strip_prefix("request.body") {
        return scalar(seen.case.value.get("body")?.pointer(rest.strip_prefix('#').unwrap_or(rest))?);
    }
    let (location, name) = source.strip_prefix("request.")?.split_once('.')?;
    let own = seen.case.value.get(location).and_then(|group| group.get(name)).and_then(scalar);
    own.or_else(|| (location == "path").then(|| seen.path.get(name).cloned()).flatten())
}

/// Returns the names of an operation's path parameters.
pub(crate) fn path_parameters(operation: &Operation) -> BTreeSet<String> {
    let in_path = operation.parameters.iter().filter(|it| it.location == ParameterLocation::Path);
    in_path.map(|it| it.name.clone()).collect()
}

/// Returns the feeds of an operation, those of the contract before inferred ones.
pub(crate) fn feeds(contract: &Contract, reader: &mut Reader, consumer: &Operation) -> Vec<Feed> {
    if path_parameters(consumer).is_empty() {
        return Vec::new();
    }
    let mut feeds: Vec<Feed> = Vec::new();
    let mut add = |feed: Feed| {
        if !feeds.contains(&feed) {
            feeds.push(feed);
        }
    };
    for producer in contract.operations() {
        for response in producer.responses.iter().filter(|it| it.status.is_success()) {
            for link in &response.links {
                let Some(target) = contract.operation(&link.operation_id) else { continue };
                // What a list gives serves every operation on the same resource.
                let shared = producer.method.is_safe() && resource(target) == resource(consumer);
                if (target.id == consumer.id || shared)
                    && let Some(feed) = Feed::of_link(producer, response.status, link, consumer)
                    && (target.id == consumer.id || feed.list().is_some())
                {
                    add(feed);
                }
            }
        }
    }
    for feed in inferred(contract, reader, consumer) {
        if !feeds.iter().any(|known| known.producer == feed.producer) {
            feeds.push(feed);
        }
    }
    feeds
}

/// Returns the path up to and with its last parameter: what the operation works on.
pub(super) fn resource(operation: &Operation) -> &str {
    let end = operation.path.rfind('}').map_or(0, |index| index + 1);
    operation.path.get(..end).unwrap_or_default()
}

/// Infers feeds from paths: the collection of `/things/{id}` is `/things`.
fn inferred(contract: &Contract, reader: &mut Reader, consumer: &Operation) -> Vec<Feed> {
    let resource = resource(consumer);
    let Some((collection, parameter)) = resource.rsplit_once("/{") else { return Vec::new() };
    let parameter = parameter.trim_end_matches('}');
    let singular = singular(collection.rsplit('/').next().unwrap_or_default());
    let mut feeds = Vec::new();
    for producer in contract.operations() {
        if producer.path.trim_end_matches('/') != collection
            || !matches!(producer.method, Method::Post | Method::Put | Method::Get)
        {
            continue;
        }
        for response in producer.responses.iter().filter(|it| it.status.is_success()) {
            let media_type = response.content.iter().find(|it| it.is_json());
            let Some(schema) = media_type.and_then(|it| it.schema.as_ref()) else { continue };
            let node = Node::at(&schema.pointer);
            let pointer = match producer.method {
                Method::Get => listed(reader, &node, parameter, &singular),
                _ => identifier(reader, &node, parameter, &singular).map(|name| format!("/{name}")),
            };
            if let Some(pointer) = pointer {
                feeds.push(Feed {
                    producer: producer.id.clone(),
                    status: response.status,
                    parameters: vec![(parameter.to_owned(), format!("$response.body#{pointer}"))],
                });
            }
        }
    }
    feeds
}

/// Finds the list in an answer and the identifier in its items.
fn listed(reader: &mut Reader, node: &Node, parameter: &str, singular: &str) -> Option<String> {
    let shape = reader.shape(node);
    if let Some(items) = &shape.array.items {
        let name = identifier(reader, &items.clone(), parameter, singular)?;
        return Some(format!("/0/{name}"));
    }
    shape.object.properties.iter().find_map(|(name, node)| {
        let inner = reader.shape(node);
        let items = inner.array.items.clone().filter(|_| inner.kinds.contains(&Kind::Array))?;
        let identifier = identifier(reader, &items, parameter, singular)?;
        Some(format!("/{}/0/{identifier}", crate::pointer::escape(name)))
    })
}

/// Finds the property that identifies a resource.
fn identifier(reader: &mut Reader, node: &Node, parameter: &str, singular: &str) -> Option<String> {
    let shape = reader.shape(node);
    let wanted = [
        plain(parameter),
        "id".to_owned(),
        format!("{singular}id"),
        "uuid".to_owned(),
        "key".to_owned(),
        "name".to_owned(),
    ];
    wanted.iter().find_map(|wanted| {
        let named = shape.object.properties.iter().find(|(name, _)| plain(name) == *wanted);
        named.map(|(name, _)| crate::pointer::escape(name))
    })
}

fn plain(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns a collection's name in the singular, as far as English spelling goes.
fn singular(collection: &str) -> String {
    let plain = plain(collection);
    match plain.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => plain.strip_suffix('s').map_or(plain.clone(), str::to_owned),
    }
}
