//! Which operation's answers give which operation's path parameters.
//!
//! A [`Feed`] is an OpenAPI link, read from the contract, or one that is inferred where the contract has
//! none: what is created or listed at `/things` is found at `/things/{id}`. A feed from a list serves every
//! operation below the same path. What was asked for below another resource is found below that one only, so that a
//! feed carries along the path parameters of the request.

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
        let mut parameters: Vec<(String, String)> = link
            .parameters
            .iter()
            .filter_map(|(name, expression)| {
                let name = name.strip_prefix("path.").unwrap_or(name);
                names.contains(name).then(|| (name.to_owned(), expression.clone()))
            })
            .collect();
        if parameters.is_empty() {
            return None;
        }
        // A link may leave out what both paths begin with.
        for (name, expression) in carried(&producer.path, &consumer.path) {
            if !parameters.iter().any(|(known, _)| *known == name) {
                parameters.push((name, expression));
            }
        }
        Some(Feed { producer: producer.id.clone(), status, parameters })
    }

    /// Whether it fills a path parameter.
    pub(crate) fn fills(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == name)
    }

    /// Returns the pointer of the list that the feed picks from; `None` when an answer gives one resource.
    pub(crate) fn list(&self) -> Option<String> {
        self.parameters.iter().find_map(|(_, expression)| {
            let pointer = expression.strip_prefix("$response.body#")?;
            let index = pointer.find("/0/").or_else(|| pointer.strip_suffix("/0").map(str::len))?;
            pointer.get(..index).map(str::to_owned)
        })
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
    // What an endpoint gave took the place of what was generated.
    let given = seen.path.get(name).filter(|_| location == "path").cloned();
    given.or_else(|| seen.case.value.get(location).and_then(|group| group.get(name)).and_then(scalar))
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
    let mut place = Some(resource(consumer));
    while let Some(at) = place {
        let inferred = inferred(contract, reader, consumer, at);
        if !feeds.is_empty() || !inferred.is_empty() {
            for feed in inferred {
                if !feeds.iter().any(|known| known.producer == feed.producer) {
                    feeds.push(feed);
                }
            }
            break;
        }
        // Nobody knows what `{size}` in `/things/{id}/photos/{size}` may be, but some know a thing.
        place = at.rsplit_once("/{").map(|(above, _)| ending_in_parameter(above)).filter(|it| !it.is_empty());
    }
    feeds
}

/// Returns the path up to and with its last parameter: what the operation works on.
pub(super) fn resource(operation: &Operation) -> &str {
    ending_in_parameter(&operation.path)
}

fn ending_in_parameter(path: &str) -> &str {
    let end = path.rfind('}').map_or(0, |index| index + 1);
    path.get(..end).unwrap_or_default()
}

/// Infers feeds from paths: the collection of `/things/{id}` is `/things`.
fn inferred(contract: &Contract, reader: &mut Reader, consumer: &Operation, resource: &str) -> Vec<Feed> {
    let Some((collection, parameter)) = resource.rsplit_once("/{") else { return Vec::new() };
    let parameter = parameter.trim_end_matches('}');
    let singular = singular(collection.rsplit('/').next().unwrap_or_default());
    let mut feeds = Vec::new();
    for producer in contract.operations() {
        if !matches!(producer.method, Method::Post | Method::Put | Method::Get)
            || !is_same_place(producer.path.trim_end_matches('/'), collection)
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
                let mut parameters = vec![(parameter.to_owned(), format!("$response.body#{pointer}"))];
                parameters.extend(carried(&producer.path, &consumer.path));
                feeds.push(Feed { producer: producer.id.clone(), status: response.status, parameters });
            }
        }
    }
    feeds
}

/// The segments of two paths as far as both are the same, whatever their parameters are called.
fn common<'p>(one: &'p str, other: &'p str) -> impl Iterator<Item = (&'p str, &'p str)> {
    let both = one.split('/').zip(other.split('/'));
    both.take_while(|(one, other)| one == other || name(one).is_some() && name(other).is_some())
}

/// The name of the parameter that a segment is.
fn name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.contains(['{', '}']))
}

/// Whether two paths are the same, whatever their parameters are called.
fn is_same_place(one: &str, other: &str) -> bool {
    let count = one.split('/').count();
    count == other.split('/').count() && common(one, other).count() == count
}

/// The path parameters that two paths have in common, as the second one calls them, each with the expression of its
/// value in a request to the first one.
fn carried(producer: &str, consumer: &str) -> Vec<(String, String)> {
    let both = common(producer, consumer).filter_map(|(own, other)| Some((name(own)?, name(other)?)));
    both.map(|(own, other)| (other.to_owned(), format!("$request.path.{own}"))).collect()
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
    let named = |is: &dyn Fn(&str) -> bool| {
        let found = shape.object.properties.iter().find(|(name, _)| is(&plain(name)));
        found.map(|(name, _)| crate::pointer::escape(name))
    };
    let own = plain(parameter);
    let equal = |wanted: &str| named(&|name| !wanted.is_empty() && name == wanted);
    equal(&own)
        .or_else(|| equal("id"))
        // `{widgetObjectId}` ends like `object_id`.
        .or_else(|| named(&|name| name.len() > 2 && name.ends_with("id") && own.ends_with(name)))
        .or_else(|| equal(&format!("{singular}id")))
        .or_else(|| ["uuid", "key", "name"].into_iter().find_map(equal))
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use serde_json::json;

    use super::*;
    use crate::engine::Origin;

    const CONTRACT: &str = r##"{
      "openapi": "3.0.0",
      "info": { "title": "Houses", "version": "1" },
      "paths": {
        "/houses": {
          "get": { "operationId": "listHouses", "responses": { "200": { "$ref": "#/components/responses/Houses" } } } },
        "/houses/{house}/rooms": {
          "get": { "operationId": "listRooms", "responses": { "200": { "$ref": "#/components/responses/Rooms" } } },
          "post": { "operationId": "addRoom", "responses": { "201": {
            "$ref": "#/components/responses/Room" } } } },
        "/houses/{house_id}/rooms/{roomObjectId}": {
          "get": { "operationId": "getRoom", "responses": { "200": { "$ref": "#/components/responses/Room" } } } },
        "/houses/{house}/rooms/{room}/doors": {
          "post": { "operationId": "addDoor", "responses": { "201": {
            "description": "made",
            "content": { "application/json": { "schema": {
              "type": "object", "properties": { "id": { "type": "string" } } } } },
            "links": { "read": { "operationId": "getDoor", "parameters": { "door": "$response.body#/id" } } } } } } },
        "/houses/{house}/rooms/{room}/doors/{door}": {
          "get": { "operationId": "getDoor", "responses": { "200": { "description": "ok" } } } },
        "/houses/{house}/pictures/{size}": {
          "get": { "operationId": "getPicture", "responses": { "200": { "description": "ok" } } } },
        "/pictures/{size}": {
          "get": { "operationId": "getOther", "responses": { "200": { "description": "ok" } } } }
      },
      "components": {
        "responses": {
          "Houses": { "description": "all", "content": { "application/json": { "schema": { "type": "array", "items": {
            "type": "object", "properties": { "id": { "type": "string" } } } } } } },
          "Rooms": { "description": "all", "content": { "application/json": { "schema": {
            "type": "object", "properties": { "rooms": { "type": "array", "items": {
              "$ref": "#/components/schemas/Room" } } } } } } },
          "Room": { "description": "one", "content": { "application/json": { "schema": {
            "$ref": "#/components/schemas/Room" } } } } },
        "schemas": {
          "Room": { "type": "object", "properties": {
            "name": { "type": "string" }, "object_id": { "type": "integer" } } } }
      }
    }"##;

    /// The feeds of an operation, whose path parameters are declared first.
    fn of(operation_id: &str) -> Vec<Feed> {
        let mut document: Value = serde_json::from_str(CONTRACT).unwrap();
        for (path, item) in document["paths"].as_object_mut().unwrap() {
            let names = path.split('/').filter_map(name);
            let declared = |name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
            item["parameters"] = names.map(declared).collect();
        }
        let contract = Contract::from_text("houses.json", &document.to_string()).unwrap();
        feeds(&contract, &mut Reader::new(contract.clone()), contract.operation(operation_id).unwrap())
    }

    /// What one feed gives after a request with these path values.
    fn given(feed: &Feed, path: &PathValues, body: &Value, index: usize) -> Option<PathValues> {
        let value = json!({ "path": { "house": "made up", "room": 7 } });
        let case = Case { origin: Origin::Coverage, variant: 0, value };
        let bytes = Bytes::from(body.to_string());
        let answer = Answer { status: 200, headers: Vec::new(), body: bytes, elapsed: Duration::ZERO };
        feed.values(Seen { case: &case, path, answer: &answer, body }, index)
    }

    fn path<const N: usize>(values: [(&str, &str); N]) -> PathValues {
        values.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    #[test]
    fn what_is_below_another_resource_is_looked_for_below_the_same_one() {
        let feeds = of("getRoom");
        let producers: Vec<&str> = feeds.iter().map(|it| it.producer.as_str()).collect();
        assert_eq!(producers, ["listRooms", "addRoom"]);
        let (listed, created) = (&feeds[0], &feeds[1]);
        assert_eq!((listed.list().as_deref(), created.list()), (Some("/rooms"), None));
        // The path parameters have other names there, and what the endpoint gave goes before what was made up.
        let rooms = json!({ "rooms": [{ "object_id": 3 }, { "name": "hall", "object_id": 4 }] });
        let expected = path([("house_id", "h"), ("roomObjectId", "4")]);
        assert_eq!(given(listed, &path([("house", "h")]), &rooms, 1), Some(expected));
        let room = json!({ "name": "hall", "object_id": 5 });
        let expected = path([("house_id", "made up"), ("roomObjectId", "5")]);
        assert_eq!(given(created, &PathValues::new(), &room, 0), Some(expected));
        assert_eq!(given(created, &PathValues::new(), &json!({ "name": "hall" }), 0), None);
    }

    #[test]
    fn a_link_may_leave_out_what_both_paths_begin_with() {
        let feeds = of("getDoor");
        assert_eq!(feeds.len(), 1, "{feeds:?}");
        let values = given(&feeds[0], &path([("house", "h"), ("room", "r")]), &json!({ "id": "d" }), 0);
        assert_eq!(values, Some(path([("door", "d"), ("house", "h"), ("room", "r")])));
    }

    #[test]
    fn where_nothing_gives_the_last_parameter_something_may_give_those_above() {
        let feeds = of("getPicture");
        assert_eq!(feeds.len(), 1, "{feeds:?}");
        assert_eq!((feeds[0].fills("house"), feeds[0].fills("size")), (true, false));
        assert_eq!(of("getOther"), [], "nothing is above it");
    }

    #[test]
    fn paths_are_the_same_whatever_their_parameters_are_called() {
        assert!(is_same_place("/a/{b}/c", "/a/{d}/c"));
        for other in ["/a/{b}", "/a/{b}/c/d", "/a/b/c", "/a/{b}/d", "/a/{b}.{x}/c"] {
            assert!(!is_same_place("/a/{b}/c", other), "{other}");
        }
        let both = carried("/a/{b}/c/{d}", "/a/{x}/e/{d}");
        assert_eq!(both, [("x".to_owned(), "$request.path.b".to_owned())]);
    }
}
