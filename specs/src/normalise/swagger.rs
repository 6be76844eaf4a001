//! From Swagger 2.0 to OpenAPI 3.0, on the JSON value.
//!
//! This file turns the document over: definitions become components, host and schemes become servers, references
//! follow. `parameters` splits what 2.0 calls parameters into parameters and request bodies, `responses` gives bodies
//! their media types, `security` turns the schemes over. Schemas themselves differ so little that the steps for every
//! version take care of them.

mod parameters;
mod responses;
mod security;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Copies;
use crate::grammar;
use crate::lineage::Lineage;
use crate::operation::Method;
use crate::pointer;

type Members = Map<String, Value>;

/// How many media types one list may have; each of them is written out for every body.
const MAX_MEDIA_TYPES: usize = 50;

/// Converts a document.
pub(super) fn convert(document: &mut Value, lineage: &mut Lineage) {
    bring_home(document, lineage);
    let Value::Object(members) = document else { return };
    members.shift_remove("swagger");
    let shared = match members.shift_remove("parameters") {
        Some(Value::Object(shared)) => shared,
        _ => Members::new(),
    };
    let mut converter = Converter {
        consumes: media_types(members.shift_remove("consumes").as_ref()),
        produces: media_types(members.shift_remove("produces").as_ref()),
        shared,
        copies: Copies::new(),
        lineage,
    };
    converter.servers(members);
    let mut components = match members.shift_remove("components") {
        Some(Value::Object(components)) => components,
        _ => Members::new(),
    };
    converter.components(members, &mut components);
    if let Some(Value::Object(paths)) = members.get_mut("paths") {
        for (path, item) in paths.iter_mut().filter(|(path, _)| !path.starts_with("x-")) {
            converter.path_item(&pointer::join("#/paths", path), item);
        }
    }
    members.insert("components".to_owned(), Value::Object(components));
    follow_references(document);
}

/// What holds for the whole document.
struct Converter<'l> {
    consumes: Option<Vec<String>>,
    produces: Option<Vec<String>>,
    /// The document's parameters, by name.
    shared: Members,
    copies: Copies,
    lineage: &'l mut Lineage,
}

impl Converter<'_> {
    fn components(&mut self, members: &mut Members, components: &mut Members) {
        let mut add = |section: &str, added: Members| {
            if added.is_empty() {
                return;
            }
            let section = components.entry(section).or_insert_with(|| json!({}));
            if let Value::Object(section) = section {
                for (name, value) in added {
                    section.entry(name).or_insert(value);
                }
            }
        };
        if let Some(Value::Object(definitions)) = members.shift_remove("definitions") {
            for name in definitions.keys() {
                let from = pointer::join("#/definitions", name);
                self.lineage.moved(&pointer::join("#/components/schemas", name), &from);
            }
            add("schemas", definitions);
        }
        let (mut parameters, mut bodies) = (Members::new(), Members::new());
        for (name, mut parameter) in self.shared.clone() {
            let (from, at) =
                (pointer::join("#/parameters", &name), pointer::join("#/components/parameters", &name));
            let Value::Object(members) = &mut parameter else { continue };
            if !parameters::is_body(members) {
                parameters::convert(&from, members, self.lineage);
                self.lineage.moved(&at, &from);
                parameters.insert(name, parameter);
            } else if members.get("in") == Some(&json!("body")) {
                // The component has the schema; where the body is used, a reference to it is enough.
                let at = pointer::join("#/components/requestBodies", &name);
                let body = parameters::Body::new(&from, members.clone());
                let consumes = self.consumes.as_deref();
                if let Some(body) = parameters::request_body(&at, &[body], consumes, self.lineage)
                    && let Some(first) = body.get("content").and_then(|it| it.as_object()?.keys().next())
                {
                    let schema =
                        pointer::join(&pointer::join(&pointer::join(&at, "content"), first), "schema");
                    if let Some(Value::Object(shared)) = self.shared.get_mut(&name) {
                        shared.insert("schema".to_owned(), json!({"$ref": schema}));
                    }
                    bodies.insert(name, body);
                }
            }
        }
        add("parameters", parameters);
        add("requestBodies", bodies);
        if let Some(Value::Object(mut responses)) = members.shift_remove("responses") {
            let produces = self.produces.clone();
            for (name, response) in &mut responses {
                let from = pointer::join("#/responses", name);
                responses::convert(&from, response, produces.as_deref(), self.lineage);
                self.lineage.moved(&pointer::join("#/components/responses", name), &from);
            }
            add("responses", responses);
        }
        if let Some(Value::Object(mut schemes)) = members.shift_remove("securityDefinitions") {
            for (name, scheme) in &mut schemes {
                let from = pointer::join("#/securityDefinitions", name);
                security::convert(scheme);
                self.lineage.moved(&pointer::join("#/components/securitySchemes", name), &from);
            }
            add("securitySchemes", schemes);
        }
    }

    fn servers(&mut self, members: &mut Members) {
        let host = members.shift_remove("host").as_ref().and_then(Value::as_str).map(str::to_owned);
        let base = members.shift_remove("basePath").as_ref().and_then(Value::as_str).map(str::to_owned);
        let schemes = members.shift_remove("schemes");
        let base = base.unwrap_or_default();
        let base = base.trim_end_matches('/');
        let urls: Vec<String> = match host.filter(|host| !host.trim().is_empty()) {
            Some(host) => {
                let schemes: Vec<&str> = schemes
                    .as_ref()
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                let schemes = if schemes.is_empty() { vec!["https"] } else { schemes };
                self.lineage.moved("#/servers", "#/host");
                schemes.into_iter().map(|scheme| format!("{scheme}://{}{base}", host.trim())).collect()
            }
            None if base.is_empty() => return,
            None => {
                self.lineage.moved("#/servers", "#/basePath");
                vec![base.to_owned()]
            }
        };
        let servers: Vec<Value> = urls.into_iter().map(|url| json!({"url": url})).collect();
        members.entry("servers").or_insert(Value::Array(servers));
    }

    fn path_item(&mut self, place: &str, item: &mut Value) {
        let Value::Object(members) = item else { return };
        let shared = parameters::take(place, members, &self.shared, &mut self.copies, self.lineage);
        for method in Method::ALL {
            if let Some(Value::Object(operation)) = members.get_mut(method.as_key()) {
                self.operation(&pointer::join(place, method.as_key()), operation, &shared.body);
            }
        }
        shared.put_back(place, members, self.lineage);
    }

    fn operation(&mut self, place: &str, members: &mut Members, around: &[parameters::Body]) {
        let consumes =
            media_types(members.shift_remove("consumes").as_ref()).or_else(|| self.consumes.clone());
        let produces =
            media_types(members.shift_remove("produces").as_ref()).or_else(|| self.produces.clone());
        if let Some(schemes) = members.shift_remove("schemes") {
            members.insert("x-schemes".to_owned(), schemes);
        }
        let mut own = parameters::take(place, members, &self.shared, &mut self.copies, self.lineage);
        // The operation's own replace those of the path.
        for body in around {
            if !own.body.iter().any(|other| other.is_for(body)) {
                own.body.push(body.clone());
            }
        }
        let at = pointer::join(place, "requestBody");
        if let Some(body) = parameters::request_body(&at, &own.body, consumes.as_deref(), self.lineage) {
            members.insert("requestBody".to_owned(), body);
        }
        own.put_back(place, members, self.lineage);
        let at = pointer::join(place, "responses");
        if let Some(Value::Object(responses)) = members.get_mut("responses") {
            for (status, response) in responses.iter_mut().filter(|(status, _)| !status.starts_with("x-")) {
                responses::convert(&pointer::join(&at, status), response, produces.as_deref(), self.lineage);
            }
        }
    }
}

/// Moves the parameters and responses of neighbouring files, which are components by now, to where Swagger keeps its
/// own: they are written as Swagger writes them.
fn bring_home(document: &mut Value, lineage: &mut Lineage) {
    let mut moved: HashMap<String, String> = HashMap::new();
    for section in ["parameters", "responses"] {
        let components = document.get_mut("components").and_then(Value::as_object_mut);
        let Some(Value::Object(bundled)) = components.and_then(|it| it.shift_remove(section)) else {
            continue;
        };
        let Some(own) = document.as_object_mut() else { return };
        let Some(own) = own.entry(section).or_insert_with(|| json!({})).as_object_mut() else { continue };
        for (name, value) in bundled {
            let numbered = (2..).map(|number| format!("{name}_{number}"));
            let free = std::iter::once(name.clone()).chain(numbered).find(|name| !own.contains_key(name));
            let Some(free) = free else { continue };
            let (from, at) = (
                pointer::from_tokens(["components", section, &name]),
                pointer::from_tokens([section, &free]),
            );
            lineage.moved(&at, &from);
            own.insert(free, value);
            moved.insert(from, at);
        }
    }
    if moved.is_empty() {
        return;
    }
    grammar::transform(document, &mut |_, _, value| {
        if let Some(Value::String(target)) = value.as_object_mut().and_then(|members| members.get_mut("$ref"))
            && let Some(at) = moved.get(target.as_str())
        {
            target.clone_from(at);
        }
    });
}

/// The media types of `consumes` or `produces`; `None` when none are stated.
fn media_types(value: Option<&Value>) -> Option<Vec<String>> {
    let mut types: Vec<String> = Vec::new();
    match value {
        Some(Value::Array(items)) => {
            for item in
                items.iter().take(MAX_MEDIA_TYPES).filter_map(Value::as_str).map(|it| it.trim().to_owned())
            {
                if !item.is_empty() && !types.contains(&item) {
                    types.push(item);
                }
            }
        }
        Some(Value::String(one)) => types.push(one.trim().to_owned()),
        _ => {}
    }
    (!types.is_empty()).then_some(types)
}

/// Follows what was moved, in every reference.
fn follow_references(document: &mut Value) {
    let sections = [
        ("#/definitions/", "#/components/schemas/"),
        ("#/parameters/", "#/components/parameters/"),
        ("#/responses/", "#/components/responses/"),
    ];
    grammar::transform(document, &mut |_, _, value| {
        let Some(Value::String(target)) = value.as_object_mut().and_then(|members| members.get_mut("$ref"))
        else {
            return;
        };
        let moved =
            sections.iter().find_map(|(from, to)| Some(format!("{to}{}", target.strip_prefix(from)?)));
        if let Some(moved) = moved {
            *target = moved;
        }
    });
}
