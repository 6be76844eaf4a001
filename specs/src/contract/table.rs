//! Fills the operation table from the normalised document.
//!
//! References are followed here, once, so that no reader of the table needs to. An operation that cannot be called
//! as it is written is left out by name, and the others stay. Links, security and webhooks have files of
//! their own.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::links::RawLink;
use super::{links, pagination, security, webhooks};
use crate::error::Fault;
use crate::loss::Refusal;
use crate::normalise::{paths, references};
use crate::operation::{
    Header, MediaType, Method, Operation, Parameter, ParameterLocation, ParameterStyle, RequestBody,
    Response, SchemaRef, StatusSpec,
};
use crate::webhook::Webhook;
use crate::{pointer, reference};

type Members = Map<String, Value>;

/// How many parts all operations together may have. A component that many operations share is a part of each.
const MAX_PARTS: usize = 500_000;

/// The operations that can be used, those that cannot, and what was mended to use them.
pub(super) struct Table {
    pub(super) operations: Vec<Operation>,
    pub(super) webhooks: Vec<Webhook>,
    pub(super) refusals: Vec<Refusal>,
    /// Pointers, and what was mended there.
    pub(super) mended: Vec<(String, String)>,
}

/// Builds the table, in the document's order.
pub(super) fn build(document: &Value) -> Table {
    let reader = Reader { document, mended: RefCell::default(), room: Cell::new(MAX_PARTS) };
    let mut operations = Vec::new();
    let mut raw_links = Vec::new();
    let mut refusals = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, value) in paths.filter(|(path, _)| !path.starts_with("x-")) {
        let written = pointer::join("#/paths", path);
        let place = Place { pointer: written.clone(), value };
        let Some((item, members)) =
            reader.follow(place).and_then(|item| item.value.as_object().map(|members| (item, members)))
        else {
            let fault = Fault::new("the reference of this path leads nowhere")
                .expecting("a Path Item Object")
                .advise("define it, or correct the reference");
            let reason = references::sentence(&fault);
            refusals.push(Refusal { operation: path.clone(), pointer: written, reason });
            continue;
        };
        if path.len() > paths::MAX_PATH {
            let reason = format!("the path is too long (expected at most {} bytes)", paths::MAX_PATH);
            refusals.push(Refusal { operation: path.chars().take(100).collect(), pointer: written, reason });
            continue;
        }
        // A path that refers to another path of the document has the same operations, but not their ids.
        let alias = item.pointer != written && item.pointer.starts_with("#/paths/");
        for (key, value) in members {
            let Some(method) = Method::from_key(key) else { continue };
            let place = Place { pointer: pointer::join(&item.pointer, key), value };
            match reader.operation(path, &item, place, method, alias) {
                Ok((operation, links)) => {
                    operations.push(operation);
                    raw_links.push(links);
                }
                Err(Unusable { pointer, reason }) => {
                    let id = value.get("operationId").and_then(Value::as_str);
                    let operation = id
                        .filter(|id| !alias && !id.is_empty())
                        .map_or_else(|| format!("{method} {path}"), str::to_owned);
                    refusals.push(Refusal { operation, pointer, reason });
                }
            }
        }
    }
    reader.name_operations(&mut operations);
    links::resolve(&reader, &mut operations, raw_links);
    let webhooks = webhooks::read(&reader, &operations, &mut refusals);
    Table { operations, webhooks, refusals, mended: reader.mended.into_inner() }
}

/// Why an operation cannot be used.
pub(super) struct Unusable {
    pub(super) pointer: String,
    pub(super) reason: String,
}

impl Unusable {
    fn new(pointer: &str, fault: &Fault) -> Self {
        Self { pointer: pointer.to_owned(), reason: references::sentence(fault) }
    }
}

/// Reads objects of the document, following references.
pub(super) struct Reader<'d> {
    document: &'d Value,
    mended: RefCell<Vec<(String, String)>>,
    /// How many more parameters, media types, headers and links the table has room for.
    room: Cell<usize>,
}

/// A value of the document and its canonical pointer.
#[derive(Debug, Clone)]
pub(super) struct Place<'d> {
    pub(super) pointer: String,
    pub(super) value: &'d Value,
}

impl<'d> Place<'d> {
    /// A member of the object.
    pub(super) fn member(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        Some(Self { pointer: pointer::join(&self.pointer, key), value })
    }

    /// The members of the object that is a member of this one.
    pub(super) fn members(&self, key: &str) -> impl Iterator<Item = (&'d String, Self)> + use<'d> {
        let at = pointer::join(&self.pointer, key);
        let members = self.value.get(key).and_then(Value::as_object).into_iter().flatten();
        members.map(move |(name, value)| (name, Self { pointer: pointer::join(&at, name), value }))
    }

    /// The items of the array that is a member of this object.
    fn items(&self, key: &str) -> impl Iterator<Item = Self> + use<'d> {
        let at = pointer::join(&self.pointer, key);
        let items = self.value.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
        items.map(move |(index, value)| Self { pointer: pointer::join(&at, &index.to_string()), value })
    }
}

impl<'d> Reader<'d> {
    /// Follows references from a place to the one that is none.
    pub(super) fn follow(&self, place: Place<'d>) -> Option<Place<'d>> {
        match place.value.get("$ref").and_then(Value::as_str) {
            None => Some(place),
            Some(target) => {
                let (pointer, value) = reference::resolve(self.document, target)?;
                Some(Place { pointer, value })
            }
        }
    }

    /// The object at a pointer after following references, and its canonical pointer.
    pub(super) fn object(&self, pointer: &str) -> Option<(String, &'d Members)> {
        let (pointer, value) = reference::resolve(self.document, pointer)?;
        Some((pointer, value.as_object()?))
    }

    /// The whole document.
    pub(super) fn document(&self) -> Place<'d> {
        Place { pointer: "#".to_owned(), value: self.document }
    }

    /// Notes what was wrong at a place, and how it is read.
    pub(super) fn mend(&self, pointer: &str, message: impl Into<String>) {
        self.mended.borrow_mut().push((pointer.to_owned(), message.into()));
    }

    /// One operation of a path; that of a webhook has no path.
    pub(super) fn operation(
        &self,
        path: &str,
        item: &Place<'d>,
        place: Place<'d>,
        method: Method,
        alias: bool,
    ) -> Result<(Operation, Vec<Vec<RawLink>>), Unusable> {
        let empty = Members::new();
        let members = place.value.as_object().unwrap_or(&empty);
        let id = text(members, "operationId").filter(|id| !alias && !id.is_empty());
        let mut responses = Vec::new();
        let mut links = Vec::new();
        for (key, response) in place.members("responses").filter(|(key, _)| !key.starts_with("x-")) {
            if let Some((response, raw)) = self.response(response, key) {
                responses.push(response);
                links.push(raw);
            }
        }
        let operation = Operation {
            id: id.clone().unwrap_or_default(),
            id_derived: id.is_none(),
            method,
            path: path.to_owned(),
            summary: text(members, "summary"),
            description: text(members, "description"),
            tags: strings(members.get("tags")),
            deprecated: flag(members, "deprecated"),
            provisional: flag(members, "x-provisional"),
            idempotent: members.get("x-idempotent").and_then(Value::as_bool),
            parameters: self.parameters(path, item, &place)?,
            request_body: place.member("requestBody").map(|body| self.request_body(body)).transpose()?,
            responses,
            security: security::effective(self, &place),
            pagination: None,
            pointer: place.pointer.clone(),
        };
        let parts = operation.parameters.len()
            + operation.request_body.iter().map(|body| body.content.len()).sum::<usize>()
            + links.iter().map(Vec::len).sum::<usize>()
            + operation.responses.iter().map(|it| 1 + it.content.len() + it.headers.len()).sum::<usize>();
        match self.room.get().checked_sub(parts) {
            Some(left) => self.room.set(left),
            None => {
                let fault = Fault::new("the contract's operations have too many parts")
                    .expecting(format!("at most {MAX_PARTS} parameters, bodies, headers and links in all"))
                    .advise("split the contract");
                return Err(Unusable::new(&operation.pointer, &fault));
            }
        }
        let pagination = pagination::read(self, &place, &operation);
        Ok((Operation { pagination, ..operation }, links))
    }

    /// The parameters of the path item and of the operation; those of the operation replace those of the item.
    fn parameters(
        &self,
        path: &str,
        item: &Place<'d>,
        operation: &Place<'d>,
    ) -> Result<Vec<Parameter>, Unusable> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut places: HashMap<(String, ParameterLocation), usize> = HashMap::new();
        for owner in [item, operation] {
            let mut own = HashSet::new();
            for place in owner.items("parameters") {
                let Some(parameter) = self.parameter(place)? else { continue };
                let key = (parameter.name.clone(), parameter.location);
                match places.get(&key).and_then(|&place| parameters.get_mut(place)) {
                    // Within one list the first of two equal parameters counts.
                    Some(_) if own.contains(&key) => {}
                    Some(replaced) => *replaced = parameter,
                    None => {
                        places.insert(key.clone(), parameters.len());
                        parameters.push(parameter);
                    }
                }
                own.insert(key);
            }
        }
        let names: HashSet<&str> = paths::template_names(path).collect();
        parameters.retain(|parameter| {
            let stays =
                parameter.location != ParameterLocation::Path || names.contains(&parameter.name.as_str());
            if !stays {
                let message =
                    format!("the path {path} has no {{{}}}; the parameter is left out", parameter.name);
                self.mend(&parameter.pointer, message);
            }
            stays
        });
        for name in names {
            let declared = |parameter: &Parameter| {
                parameter.location == ParameterLocation::Path && parameter.name == name
            };
            if !parameters.iter().any(declared) {
                let problem = format!("the path {path} has {{{name}}}, which no parameter declares");
                let fault = Fault::new(problem)
                    .expecting(format!("a parameter with `name: {name}` and `in: path`"))
                    .advise("declare it, or add it with an overlay action");
                return Err(Unusable::new(&operation.pointer, &fault));
            }
        }
        Ok(parameters)
    }

    /// One parameter; `None` for the headers that OpenAPI describes elsewhere (Parameter Object, `name`).
    fn parameter(&self, place: Place<'d>) -> Result<Option<Parameter>, Unusable> {
        let (place, members) = self.definition(place, "parameter")?;
        let name = text(members, "name").unwrap_or_default();
        let Some(location) = text(members, "in").and_then(|key| ParameterLocation::from_key(&key)) else {
            let fault = Fault::new(format!("the parameter {name:?} has no location that OpenAPI knows"))
                .expecting("`in` as path, query, header or cookie")
                .advise("correct the parameter, or correct it with an overlay action");
            return Err(Unusable::new(&place.pointer, &fault));
        };
        if name.is_empty() {
            let fault = Fault::new("the parameter has no name").expecting("`name`").advise("name it");
            return Err(Unusable::new(&place.pointer, &fault));
        }
        let reserved = ["accept", "content-type", "authorization"];
        if location == ParameterLocation::Header && reserved.contains(&name.to_ascii_lowercase().as_str()) {
            return Ok(None);
        }
        let style = text(members, "style")
            .and_then(|key| ParameterStyle::from_key(&key))
            .unwrap_or(location.default_style());
        let content = self.content(&place).into_iter().next();
        let (content_type, content_schema) = content.map_or((None, None), |it| (Some(it.name), it.schema));
        Ok(Some(Parameter {
            required: flag(members, "required") || location == ParameterLocation::Path,
            deprecated: flag(members, "deprecated"),
            allow_empty_value: flag(members, "allowEmptyValue"),
            allow_reserved: flag(members, "allowReserved"),
            description: text(members, "description"),
            style,
            explode: members.get("explode").and_then(Value::as_bool).unwrap_or(style == ParameterStyle::Form),
            schema: self.schema(&place).or(content_schema),
            content_type,
            name,
            location,
            pointer: place.pointer,
        }))
    }

    fn request_body(&self, place: Place<'d>) -> Result<RequestBody, Unusable> {
        let (place, members) = self.definition(place, "request body")?;
        Ok(RequestBody {
            required: flag(members, "required"),
            description: text(members, "description"),
            content: self.content(&place),
            pointer: place.pointer,
        })
    }

    /// The object that is at a place, or that the reference there leads to.
    fn definition(&self, place: Place<'d>, what: &str) -> Result<(Place<'d>, &'d Members), Unusable> {
        let found = self.follow(place.clone());
        if let Some((found, members)) = found.and_then(|it| it.value.as_object().map(|members| (it, members)))
        {
            return Ok((found, members));
        }
        Err(match place.value.get("$ref").and_then(Value::as_str) {
            Some(target) => {
                let fault = Fault::new(format!("the reference {target:?} leads to no {what}"))
                    .advise("define it, or correct the reference");
                Unusable::new(&pointer::join(&place.pointer, "$ref"), &fault)
            }
            None => Unusable::new(&place.pointer, &Fault::new(format!("this is no {what}"))),
        })
    }

    fn response(&self, place: Place<'d>, key: &str) -> Option<(Response, Vec<RawLink>)> {
        let status = StatusSpec::from_key(key)?;
        let place = self.follow(place)?;
        let members = place.value.as_object()?;
        let headers = place
            .members("headers")
            .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
            .filter_map(|(name, header)| self.header(header, name))
            .collect();
        let links = place.members("links").map(|(name, link)| RawLink::new(name, link.pointer)).collect();
        let description = text(members, "description").unwrap_or_default();
        let content = self.content(&place);
        let response =
            Response { status, description, headers, content, links: Vec::new(), pointer: place.pointer };
        Some((response, links))
    }

    fn header(&self, place: Place<'d>, name: &str) -> Option<Header> {
        let place = self.follow(place)?;
        let members = place.value.as_object()?;
        let content_schema = || self.content(&place).into_iter().next().and_then(|content| content.schema);
        Some(Header {
            name: name.to_owned(),
            required: flag(members, "required"),
            description: text(members, "description"),
            schema: self.schema(&place).or_else(content_schema),
            pointer: place.pointer,
        })
    }

    fn content(&self, owner: &Place<'d>) -> Vec<MediaType> {
        owner
            .members("content")
            .map(|(name, place)| MediaType {
                name: name.clone(),
                schema: self.schema(&place),
                pointer: place.pointer,
            })
            .collect()
    }

    fn schema(&self, owner: &Place<'d>) -> Option<SchemaRef> {
        let place = self.follow(owner.member("schema")?)?;
        Some(SchemaRef { pointer: place.pointer })
    }

    /// Gives an id to operations that have none, or that of another operation.
    fn name_operations(&self, operations: &mut [Operation]) {
        let mut taken: HashSet<String> = HashSet::new();
        for operation in operations.iter_mut().filter(|operation| !operation.id_derived) {
            if !taken.insert(operation.id.clone()) {
                let at = pointer::join(&operation.pointer, "operationId");
                let message = format!(
                    "the operation id {:?} is also that of another operation; this one gets an id from its path",
                    operation.id
                );
                self.mend(&at, message);
                operation.id_derived = true;
            }
        }
        let mut numbers: HashMap<String, u32> = HashMap::new();
        for operation in operations.iter_mut().filter(|operation| operation.id_derived) {
            let base = derived_id(operation.method, &operation.path);
            let mut id = base.clone();
            let number = numbers.entry(base.clone()).or_insert(1);
            while !taken.insert(id.clone()) {
                *number += 1;
                id = format!("{base}{number}");
            }
            operation.id = id;
        }
    }
}

/// `GET /applications/{id}/submit` gives `getApplicationsByIdSubmit`, and `GET /` gives `getRoot`.
fn derived_id(method: Method, path: &str) -> String {
    let mut id = method.as_key().to_owned();
    for segment in path.split('/') {
        if segment.contains('{') {
            id.push_str("By");
        }
        for word in segment.split(|character: char| !character.is_alphanumeric()) {
            let mut characters = word.chars();
            id.extend(characters.next().into_iter().flat_map(char::to_uppercase));
            id.extend(characters);
        }
    }
    if id.len() == method.as_key().len() {
        id.push_str("Root");
    }
    id
}

pub(super) fn text(members: &Members, key: &str) -> Option<String> {
    members.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn flag(members: &Members, key: &str) -> bool {
    members.get(key).and_then(Value::as_bool).unwrap_or(false)
}

pub(super) fn strings(value: Option<&Value>) -> Vec<String> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
