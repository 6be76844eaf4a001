//! Fills the operation table from the normalised document.
//!
//! References are followed here, once, so that no reader of the table needs to. What a table cannot be built
//! without is checked on the way: operation ids are unique and the parameters of a path template are declared.
//! Links and security have files of their own.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::links::RawLink;
use super::{links, pagination, security};
use crate::error::{Error, Fault};
use crate::lineage::Lineage;
use crate::operation::{
    Header, MediaType, Method, Operation, Parameter, ParameterLocation, ParameterStyle, RequestBody,
    Response, SchemaRef, StatusSpec,
};
use crate::{pointer, reference};

type Members = Map<String, Value>;

/// Builds the table, in the document's order.
pub(super) fn operations(document: &Value, lineage: &Lineage) -> Result<Vec<Operation>, Error> {
    let reader = Reader { document, lineage };
    let mut operations = Vec::new();
    let mut raw_links = Vec::new();
    for path in reader.keys("#/paths").filter(|path| !path.starts_with("x-")) {
        let written = pointer::join("#/paths", path);
        let Some((item, members)) = reader.object(&written) else { continue };
        // A path that refers to another path of the document has the same operations, but not their ids.
        let alias = item != written && item.starts_with("#/paths/");
        for key in members.keys() {
            if let Some(method) = Method::from_key(key) {
                let (operation, links) = reader.operation(path, &item, method, alias)?;
                operations.push(operation);
                raw_links.push(links);
            }
        }
    }
    reader.name_operations(&mut operations)?;
    links::resolve(&reader, &mut operations, raw_links)?;
    Ok(operations)
}

/// Reads objects of the document, following references.
#[derive(Clone, Copy)]
pub(super) struct Reader<'d> {
    pub(super) document: &'d Value,
    pub(super) lineage: &'d Lineage,
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

    pub(super) fn fault(&self, pointer: &str, problem: impl Into<String>) -> Fault {
        Fault::new(problem).at(self.lineage.place(pointer))
    }

    fn operation(
        &self,
        path: &str,
        item: &str,
        method: Method,
        alias: bool,
    ) -> Result<(Operation, Vec<Vec<RawLink>>), Error> {
        let pointer = pointer::join(item, method.as_key());
        let empty = Members::new();
        let members = self.value(&pointer).and_then(Value::as_object).unwrap_or(&empty);
        let id = text(members, "operationId").filter(|id| !alias && !id.is_empty());
        let mut responses = Vec::new();
        let mut links = Vec::new();
        let responses_at = pointer::join(&pointer, "responses");
        for key in self.keys(&responses_at).filter(|key| !key.starts_with("x-")) {
            let (response, raw) = self.response(&pointer::join(&responses_at, key), key)?;
            responses.push(response);
            links.push(raw);
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
            request_body: self.request_body(&pointer::join(&pointer, "requestBody")),
            responses,
            security: security::effective(self, &pointer)?,
            pagination: None,
            pointer,
        };
        let pagination = pagination::read(self, &operation)?;
        Ok((Operation { pagination, ..operation }, links))
    }

    /// The parameters of the path item and of the operation; those of the operation replace those of the item.
    fn parameters(&self, path: &str, item: &str, operation: &str) -> Result<Vec<Parameter>, Error> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for owner in [item, operation] {
            let list = pointer::join(owner, "parameters");
            let count = self.value(&list).and_then(Value::as_array).map_or(0, Vec::len);
            let mut own = HashSet::new();
            for index in 0..count {
                let Some(parameter) = self.parameter(&pointer::join(&list, &index.to_string()))? else {
                    continue;
                };
                let key = (parameter.name.clone(), parameter.location);
                let same = |other: &&mut Parameter| (&other.name, other.location) == (&key.0, key.1);
                match parameters.iter_mut().find(same) {
                    // Within one list the first of two equal parameters counts.
                    Some(_) if own.contains(&key) => {}
                    Some(replaced) => *replaced = parameter,
                    None => parameters.push(parameter),
                }
                own.insert(key);
            }
        }
        for name in template_names(path) {
            let declared = |parameter: &Parameter| {
                parameter.location == ParameterLocation::Path && parameter.name == name
            };
            if !parameters.iter().any(declared) {
                return Err(self
                    .fault(operation, format!("the path {path} has {{{name}}}, which no parameter declares"))
                    .expecting(format!("a parameter with `name: {name}` and `in: path`"))
                    .advise("declare it, or add it with an overlay action")
                    .into(Error::Structure));
            }
        }
        Ok(parameters)
    }

    /// One parameter; `None` for the headers that OpenAPI describes elsewhere (Parameter Object, `name`).
    fn parameter(&self, pointer: &str) -> Result<Option<Parameter>, Error> {
        let Some((pointer, members)) = self.object(pointer) else { return Ok(None) };
        let name = text(members, "name").unwrap_or_default();
        let Some(location) = text(members, "in").and_then(|key| ParameterLocation::from_key(&key)) else {
            return Err(self
                .fault(&pointer, format!("the parameter {name:?} has no location that OpenAPI knows"))
                .expecting("`in` as path, query, header or cookie")
                .into(Error::Structure));
        };
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

    fn request_body(&self, pointer: &str) -> Option<RequestBody> {
        let (pointer, members) = self.object(pointer)?;
        Some(RequestBody {
            required: flag(members, "required"),
            description: text(members, "description"),
            content: self.content(&pointer),
            pointer,
        })
    }

    fn response(&self, pointer: &str, key: &str) -> Result<(Response, Vec<RawLink>), Error> {
        let status = StatusSpec::from_key(key).ok_or_else(|| {
            self.fault(pointer, format!("{key:?} is no status that a response can have"))
                .expecting("a status such as 200, a range such as 4XX, or default")
                .into(Error::Structure)
        })?;
        let Some((pointer, members)) = self.object(pointer) else {
            return Err(self.fault(pointer, "this is not a Response Object").into(Error::Structure));
        };
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
        Ok((Response { status, description, headers, content, links: Vec::new(), pointer }, links))
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

    /// Refuses an id that two operations have, and gives one to those that have none.
    fn name_operations(&self, operations: &mut [Operation]) -> Result<(), Error> {
        let mut owners: HashMap<String, usize> = HashMap::new();
        for (index, operation) in operations.iter().enumerate().filter(|(_, operation)| !operation.id_derived)
        {
            if let Some(first) =
                owners.insert(operation.id.clone(), index).and_then(|first| operations.get(first))
            {
                let at = pointer::join(&operation.pointer, "operationId");
                let other = self.lineage.place(&first.pointer);
                return Err(self
                    .fault(&at, format!("the operation id {:?} is also that of {other}", operation.id))
                    .expecting("an id of its own for every operation")
                    .advise("rename one of the two with an overlay action")
                    .into(Error::Structure));
            }
        }
        let mut taken: HashSet<String> = owners.into_keys().collect();
        for operation in operations.iter_mut().filter(|operation| operation.id_derived) {
            let base = derived_id(operation.method, &operation.path);
            let mut id = base.clone();
            let mut number = 2_u32;
            while !taken.insert(id.clone()) {
                id = format!("{base}{number}");
                number += 1;
            }
            operation.id = id;
        }
        Ok(())
    }
}

/// The names in the braces of a path template.
fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
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
