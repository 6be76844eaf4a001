//! Fills the operation table from the normalised document.
//!
//! References are followed here, once, so that no reader of the table needs to. An operation that cannot be called
//! as it is written is left out by name, and the others stay. Links and security have files of their own.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::links::RawLink;
use super::{links, pagination, security};
use crate::error::Fault;
use crate::loss::Refusal;
use crate::normalise::{paths, references};
use crate::operation::{
    Header, MediaType, Method, Operation, Parameter, ParameterLocation, ParameterStyle, RequestBody,
    Response, SchemaRef, StatusSpec,
};
use crate::{pointer, reference};

type Members = Map<String, Value>;

/// How many parts all operations together may have. A component that many operations share is a part of each.
const MAX_PARTS: usize = 500_000;

/// The operations that can be used, those that cannot, and what was mended to use them.
pub(super) struct Table {
    pub(super) operations: Vec<Operation>,
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
    for path in reader.keys("#/paths").filter(|path| !path.starts_with("x-")) {
        let written = pointer::join("#/paths", path);
        let Some((item, members)) = reader.object(&written) else {
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
        let alias = item != written && item.starts_with("#/paths/");
        for key in members.keys() {
            let Some(method) = Method::from_key(key) else { continue };
            match reader.operation(path, &item, method, alias) {
                Ok((operation, links)) => {
                    operations.push(operation);
                    raw_links.push(links);
                }
                Err(Unusable { pointer, reason }) => {
                    let id = reader
                        .value(&pointer::join(&item, key))
                        .and_then(|it| it.get("operationId")?.as_str());
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
    Table { operations, refusals, mended: reader.mended.into_inner() }
}

/// Why an operation cannot be used.
pub(super) struct Unusable {
    pointer: String,
    reason: String,
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

impl<'d> Reader<'d> {
    /// The object at a pointer after following references, and its canonical pointer.
    pub(super) fn object(&self, pointer: &str) -> Option<(String, &'d Members)> {
        let (pointer, value) = reference::resolve(self.document, pointer)?;
        Some((pointer, value.as_object()?))
    }

    pub(super) fn value(&self, pointer: &str) -> Option<&'d Value> {
        pointer::lookup(self.document, &pointer::tokens(pointer)?)
    }

    /// The keys of the object at a pointer, if there is one.
    fn keys(&self, pointer: &str) -> impl Iterator<Item = &'d String> {
        self.value(pointer).and_then(Value::as_object).into_iter().flat_map(|members| members.keys())
    }

    /// Notes what was wrong at a place, and how it is read.
    pub(super) fn mend(&self, pointer: &str, message: impl Into<String>) {
        self.mended.borrow_mut().push((pointer.to_owned(), message.into()));
    }

    fn operation(
        &self,
        path: &str,
        item: &str,
        method: Method,
        alias: bool,
    ) -> Result<(Operation, Vec<Vec<RawLink>>), Unusable> {
        let pointer = pointer::join(item, method.as_key());
        let empty = Members::new();
        let members = self.value(&pointer).and_then(Value::as_object).unwrap_or(&empty);
        let id = text(members, "operationId").filter(|id| !alias && !id.is_empty());
        let mut responses = Vec::new();
        let mut links = Vec::new();
        let responses_at = pointer::join(&pointer, "responses");
        for key in self.keys(&responses_at).filter(|key| !key.starts_with("x-")) {
            if let Some((response, raw)) = self.response(&pointer::join(&responses_at, key), key) {
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
            parameters: self.parameters(path, item, &pointer)?,
            request_body: self.request_body(&pointer::join(&pointer, "requestBody"))?,
            responses,
            security: security::effective(self, &pointer),
            pagination: None,
            pointer,
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
        let pagination = pagination::read(self, &operation);
        Ok((Operation { pagination, ..operation }, links))
    }

    /// The parameters of the path item and of the operation; those of the operation replace those of the item.
    fn parameters(&self, path: &str, item: &str, operation: &str) -> Result<Vec<Parameter>, Unusable> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut places: HashMap<(String, ParameterLocation), usize> = HashMap::new();
        for owner in [item, operation] {
            let list = pointer::join(owner, "parameters");
            let count = self.value(&list).and_then(Value::as_array).map_or(0, Vec::len);
            let mut own = HashSet::new();
            for index in 0..count {
                let Some(parameter) = self.parameter(&pointer::join(&list, &index.to_string()))? else {
                    continue;
                };
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
                return Err(Unusable::new(operation, &fault));
            }
        }
        Ok(parameters)
    }

    /// One parameter; `None` for the headers that OpenAPI describes elsewhere (Parameter Object, `name`).
    fn parameter(&self, pointer: &str) -> Result<Option<Parameter>, Unusable> {
        let Some((pointer, members)) = self.object(pointer) else {
            return Err(self.leads_nowhere(pointer, "parameter"));
        };
        let name = text(members, "name").unwrap_or_default();
        let Some(location) = text(members, "in").and_then(|key| ParameterLocation::from_key(&key)) else {
            let fault = Fault::new(format!("the parameter {name:?} has no location that OpenAPI knows"))
                .expecting("`in` as path, query, header or cookie")
                .advise("correct the parameter, or correct it with an overlay action");
            return Err(Unusable::new(&pointer, &fault));
        };
        if name.is_empty() {
            let fault = Fault::new("the parameter has no name").expecting("`name`").advise("name it");
            return Err(Unusable::new(&pointer, &fault));
        }
        let reserved = ["accept", "content-type", "authorization"];
        if location == ParameterLocation::Header && reserved.contains(&name.to_ascii_lowercase().as_str()) {
            return Ok(None);
        }
        let style = text(members, "style")
            .and_then(|key| ParameterStyle::from_key(&key))
            .unwrap_or(location.default_style());
        let content = self.content(&pointer).into_iter().next();
        let (content_type, content_schema) = content.map_or((None, None), |it| (Some(it.name), it.schema));
        Ok(Some(Parameter {
            required: flag(members, "required") || location == ParameterLocation::Path,
            deprecated: flag(members, "deprecated"),
            allow_empty_value: flag(members, "allowEmptyValue"),
            allow_reserved: flag(members, "allowReserved"),
            description: text(members, "description"),
            style,
            explode: members.get("explode").and_then(Value::as_bool).unwrap_or(style == ParameterStyle::Form),
            schema: self.schema(&pointer).or(content_schema),
            content_type,
            name,
            location,
            pointer,
        }))
    }

    fn request_body(&self, pointer: &str) -> Result<Option<RequestBody>, Unusable> {
        if self.value(pointer).is_none() {
            return Ok(None);
        }
        let Some((pointer, members)) = self.object(pointer) else {
            return Err(self.leads_nowhere(pointer, "request body"));
        };
        Ok(Some(RequestBody {
            required: flag(members, "required"),
            description: text(members, "description"),
            content: self.content(&pointer),
            pointer,
        }))
    }

    fn leads_nowhere(&self, pointer: &str, what: &str) -> Unusable {
        let target = self.value(pointer).and_then(|it| it.get("$ref")?.as_str());
        match target {
            Some(target) => {
                let fault = Fault::new(format!("the reference {target:?} leads to no {what}"))
                    .advise("define it, or correct the reference");
                Unusable::new(&pointer::join(pointer, "$ref"), &fault)
            }
            None => Unusable::new(pointer, &Fault::new(format!("this is no {what}"))),
        }
    }

    fn response(&self, pointer: &str, key: &str) -> Option<(Response, Vec<RawLink>)> {
        let status = StatusSpec::from_key(key)?;
        let (pointer, members) = self.object(pointer)?;
        let headers_at = pointer::join(&pointer, "headers");
        let headers = self
            .keys(&headers_at)
            .filter(|name| !name.eq_ignore_ascii_case("content-type"))
            .filter_map(|name| self.header(&pointer::join(&headers_at, name), name))
            .collect();
        let links_at = pointer::join(&pointer, "links");
        let links = self.keys(&links_at).map(|name| RawLink::new(&links_at, name)).collect();
        let description = text(members, "description").unwrap_or_default();
        let content = self.content(&pointer);
        Some((Response { status, description, headers, content, links: Vec::new(), pointer }, links))
    }

    fn header(&self, pointer: &str, name: &str) -> Option<Header> {
        let (pointer, members) = self.object(pointer)?;
        let content_schema = || self.content(&pointer).into_iter().next().and_then(|content| content.schema);
        Some(Header {
            name: name.to_owned(),
            required: flag(members, "required"),
            description: text(members, "description"),
            schema: self.schema(&pointer).or_else(content_schema),
            pointer,
        })
    }

    fn content(&self, owner: &str) -> Vec<MediaType> {
        let at = pointer::join(owner, "content");
        self.keys(&at)
            .map(|name| {
                let pointer = pointer::join(&at, name);
                MediaType { name: name.clone(), schema: self.schema(&pointer), pointer }
            })
            .collect()
    }

    fn schema(&self, owner: &str) -> Option<SchemaRef> {
        let (pointer, _) = reference::resolve(self.document, &pointer::join(owner, "schema"))?;
        Some(SchemaRef { pointer })
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

/// `GET /applications/{id}/submit` gives `getApplicationsByIdSubmit`.
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
