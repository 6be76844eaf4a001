//! What an API's operations are to each other, as far as paths, schemas and links tell: what is at `/things` is a
//! collection, what is at `/things/{id}` is one of its resources, and anything else with a `GET` is a document.

use std::collections::HashMap;
use std::sync::Arc;

use driftline_specs::{Method, Operation, ParameterLocation, Response, StatusSpec, pointer};
use serde_json::Value;

use super::values::{Reader, Shape};

/// The most ways to show a resource that its properties are gathered from.
const MOST_FORMS: usize = 4;

/// Names that a list inside of an answer often has.
const LISTS: [&str; 8] = ["data", "items", "results", "values", "records", "entries", "content", "list"];

/// What every operation does, by its ID.
pub(super) struct Layout {
    pub(super) collections: Vec<Collection>,
    pub(super) roles: HashMap<String, Role>,
}

/// Resources of one kind, and where they are.
#[derive(Debug)]
pub(super) struct Collection {
    /// `/things`, with `{}` for every parameter.
    pub(super) place: String,
    /// `/things/{}`.
    pub(super) item: String,
    /// The property that identifies a resource.
    pub(super) key: String,
    /// The schema of the path parameter that takes it.
    pub(super) parameter: Option<String>,
    /// The name of a resource, for identifiers.
    pub(super) singular: String,
    /// The forms that answers show a resource in, the one that reads it first.
    pub(super) forms: Vec<Form>,
    /// Whether some operation lists it.
    pub(super) is_listed: bool,
}

/// How an answer shows a resource: its schema, and where in that the resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) schema: String,
    pub(super) root: String,
    /// Where the contract may give an example of the answer.
    pub(super) media: Option<String>,
}

/// What an operation does.
#[derive(Clone, Debug)]
pub(super) enum Role {
    /// Lists a collection: the items are at a JSON Pointer of the body, and have this schema.
    List { collection: usize, items: String, item: String },
    /// Adds to a collection.
    Create { collection: usize },
    /// Works on one resource of a collection.
    Item { collection: usize },
    /// Reads or writes what is at its path.
    Document,
    /// Nothing that is remembered.
    Other,
}

impl Layout {
    pub(super) fn of(contract: &Reader) -> Layout {
        let mut by_place: HashMap<String, Vec<&Operation>> = HashMap::new();
        let mut places = Vec::new();
        for operation in contract.operations() {
            let own = place(&operation.path);
            if !by_place.contains_key(&own) {
                places.push(own.clone());
            }
            by_place.entry(own).or_default().push(operation);
        }
        let none = Vec::new();
        let mut collections: Vec<Collection> = Vec::new();
        for own in &places {
            let here = by_place.get(own).unwrap_or(&none);
            let items = by_place.get(&format!("{own}/{{}}")).unwrap_or(&none);
            collections.extend(collection(contract, own, here, items));
        }
        let mut roles = HashMap::new();
        for operation in contract.operations() {
            let own = place(&operation.path);
            let here = by_place.get(&own).unwrap_or(&none);
            roles.insert(operation.id.clone(), role(contract, &collections, operation, &own, here));
        }
        Layout { collections, roles }
    }

    /// The collections whose resources are above a place, with the number of path parameters down to each.
    pub(super) fn above<'l>(&'l self, own: &'l str) -> impl Iterator<Item = (usize, usize)> + 'l {
        let collections = self.collections.iter().enumerate();
        collections
            .filter(move |(_, collection)| {
                own.strip_prefix(collection.item.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
            .map(|(index, collection)| (index, collection.item.matches("{}").count()))
    }
}

/// A path with `{}` for every parameter, without a slash at the end.
pub(super) fn place(path: &str) -> String {
    let mut place = String::new();
    let mut rest = path.trim_end_matches('/');
    while let Some((before, inside)) = rest.split_once('{') {
        place.push_str(before);
        place.push_str("{}");
        rest = inside.split_once('}').map_or("", |(_, rest)| rest);
    }
    place.push_str(rest);
    place
}

fn role(
    contract: &Reader,
    collections: &[Collection],
    operation: &Operation,
    own: &str,
    here: &[&Operation],
) -> Role {
    if let Some(collection) = collections.iter().position(|it| it.item == own) {
        return Role::Item { collection };
    }
    if let Some(collection) = collections.iter().position(|it| it.place == own) {
        match operation.method {
            Method::Get | Method::Head => {
                if let Some((items, item)) = listed(contract, operation) {
                    return Role::List { collection, items, item };
                }
            }
            Method::Post | Method::Put => return Role::Create { collection },
            _ => return Role::Other,
        }
    }
    let is_read = here.iter().any(|it| it.method == Method::Get && answered(it).is_some());
    if is_read { Role::Document } else { Role::Other }
}

/// The collection at a place, if the operations there and on its items make one.
fn collection(contract: &Reader, own: &str, here: &[&Operation], items: &[&Operation]) -> Option<Collection> {
    let singular = singular(own.rsplit('/').next().unwrap_or_default());
    let list = here
        .iter()
        .find(|it| it.method == Method::Get)
        .and_then(|it| listed(contract, it).map(|found| (it, found)));
    let creates = here.iter().find(|it| it.method == Method::Post);
    let parameter = items.first().and_then(|it| parameter(&it.path)).unwrap_or_default().to_owned();
    if list.is_none() && (creates.is_none() || items.is_empty()) {
        return None;
    }
    let reads = items.iter().filter(|it| it.method == Method::Get);
    let writes = items.iter().filter(|it| matches!(it.method, Method::Put | Method::Patch | Method::Post));
    let whole = reads.chain(creates).chain(writes);
    let key = linked(contract, items).or_else(|| {
        let item = list.as_ref().map(|(_, (_, item))| Form {
            schema: item.clone(),
            root: String::new(),
            media: None,
        });
        let mut answers = whole.clone().filter_map(|it| answered(it)).map(|(schema, _)| schema);
        let in_item = || identifier(contract, &item?.schema, &parameter, &singular);
        answers
            .find_map(|schema| found(contract, schema, None, &parameter, &singular))
            .map(|(_, key)| key)
            .or_else(in_item)
    })?;
    let mut forms: Vec<Form> = Vec::new();
    let mut add = |form: Form| {
        if forms.len() < MOST_FORMS
            && !forms.iter().any(|known| known.schema == form.schema && known.root == form.root)
        {
            forms.push(form);
        }
    };
    for operation in whole {
        if let Some((schema, media)) = answered(operation)
            && let Some((root, _)) = found(contract, schema, Some(&key), &parameter, &singular)
        {
            add(Form { schema: schema.to_owned(), root, media: Some(media.to_owned()) });
        }
    }
    if let Some((_, (_, item))) = &list {
        // What lists resources without their identifier lists something else.
        if !has(contract, item, &key) {
            return None;
        }
        add(Form { schema: item.clone(), root: String::new(), media: None });
    }
    let is_listed = list.is_some();
    let schema = items.first().and_then(|it| {
        let mut own = it.parameters.iter().filter(|it| it.location == ParameterLocation::Path);
        own.find(|it| it.name == parameter)?.schema.as_ref().map(|schema| schema.pointer.clone())
    });
    (!forms.is_empty()).then(|| Collection {
        parameter: schema,
        place: own.to_owned(),
        item: format!("{own}/{{}}"),
        key,
        singular,
        forms,
        is_listed,
    })
}

/// The name of the last path parameter.
fn parameter(path: &str) -> Option<&str> {
    path.trim_end_matches('/').rsplit_once('{').and_then(|(_, name)| name.strip_suffix('}'))
}

/// The property that links to some operations take a path parameter from.
fn linked(contract: &Reader, items: &[&Operation]) -> Option<String> {
    for operation in contract.operations() {
        for link in operation.responses.iter().flat_map(|response| &response.links) {
            let Some(target) = items.iter().find(|it| it.id == link.operation_id) else { continue };
            let Some(wanted) = parameter(&target.path) else { continue };
            for (name, expression) in &link.parameters {
                let body =
                    expression.strip_prefix("$response.body#").or(expression.strip_prefix("$request.body#"));
                let last = body.and_then(|it| pointer::tokens(&format!("#{it}"))).and_then(|mut it| it.pop());
                if name.strip_prefix("path.").unwrap_or(name) == wanted
                    && let Some(last) = last
                {
                    return Some(last);
                }
            }
        }
    }
    None
}

/// The status and the response of an operation's success: the one that creates for `POST`, else the first with a JSON
/// body, else the first; a redirect where there is no other.
pub(super) fn success(operation: &Operation) -> Option<(u16, &Response)> {
    let of = |response: &Response| match response.status {
        StatusSpec::Code(code @ 200..=399) => Some(code),
        StatusSpec::Range(first @ 2..=3) => Some(u16::from(first) * 100),
        _ => None,
    };
    let mut found: Vec<(u16, &Response)> =
        operation.responses.iter().filter_map(|response| Some((of(response)?, response))).collect();
    let is_json = |response: &Response| response.content.iter().any(|media| media.is_json());
    found.sort_by_key(|(code, response)| {
        (*code >= 300, !(operation.method == Method::Post && *code == 201), !is_json(response), *code == 206)
    });
    let default = || {
        let response = operation.responses.iter().find(|it| it.status == StatusSpec::Default)?;
        Some((200, response))
    };
    found.into_iter().next().or_else(default)
}

/// The schema and the Media Type Object of a success in JSON.
pub(super) fn answered(operation: &Operation) -> Option<(&str, &str)> {
    let (_, response) = success(operation)?;
    let media = response.content.iter().find(|media| media.is_json())?;
    Some((media.schema.as_ref()?.pointer.as_str(), media.pointer.as_str()))
}

/// What a schema asks for with the first alternative of each union.
fn broad(contract: &Reader, schema: &str) -> Arc<Shape> {
    let mut places = vec![schema.to_owned()];
    for _ in 0..4 {
        let shape = Shape::read(contract, &places);
        let more = shape.unions.iter().filter_map(|union| union.alternatives.first());
        let more: Vec<String> = more.filter(|it| !places.contains(it)).cloned().collect();
        if more.is_empty() {
            break;
        }
        places.extend(more);
    }
    Shape::read(contract, &places)
}

/// Whether a schema declares a property.
fn has(contract: &Reader, schema: &str, name: &str) -> bool {
    broad(contract, schema).properties.iter().any(|(known, _)| *known == name)
}

/// Where in an answer a resource is, and its identifier: at the root, or in the one property that has it.
pub(super) fn found(
    contract: &Reader,
    schema: &str,
    key: Option<&str>,
    parameter: &str,
    singular: &str,
) -> Option<(String, String)> {
    let own = |schema: &str| match key {
        Some(key) => has(contract, schema, key).then(|| key.to_owned()),
        None => identifier(contract, schema, parameter, singular),
    };
    if let Some(key) = own(schema) {
        return Some((String::new(), key));
    }
    let shape = broad(contract, schema);
    let mut inside: Vec<(String, String)> = Vec::new();
    for (name, places) in &shape.properties {
        let Some(first) = places.first() else { continue };
        let inner = broad(contract, first);
        if (inner.is("object") || !inner.properties.is_empty())
            && let Some(key) = own(first)
        {
            let root = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
            if ["data", "result", "response"].contains(&name.as_str()) || plain(name) == singular {
                return Some((root, key));
            }
            inside.push((root, key));
        }
    }
    if inside.len() == 1 { inside.pop() } else { None }
}

/// The property that identifies a resource.
fn identifier(contract: &Reader, schema: &str, parameter: &str, singular: &str) -> Option<String> {
    let shape = broad(contract, schema);
    let wanted = [
        plain(parameter),
        "id".to_owned(),
        format!("{singular}id"),
        "uuid".to_owned(),
        "key".to_owned(),
        "name".to_owned(),
    ];
    let scalar = |places: &[String]| {
        let inner = Shape::read(contract, places);
        !inner.is("object") && !inner.is("array")
    };
    let named = |is: &dyn Fn(&str) -> bool| {
        let mut own = shape.properties.iter().filter(|(_, places)| scalar(places));
        own.find(|(name, _)| is(&plain(name))).map(|(name, _)| name.clone())
    };
    let [own, id, others @ ..] = wanted;
    let first =
        [own.clone(), id].into_iter().filter(|it| !it.is_empty()).find_map(|it| named(&|name| name == it));
    // `{widgetObjectId}` ends like `object_id`.
    let tail = || named(&|name| name.len() > 2 && name.ends_with("id") && own.ends_with(name));
    first.or_else(tail).or_else(|| others.iter().find_map(|it| named(&|name| name == it)))
}

/// Where an answer has its list, and the schema of the items, where those are objects.
pub(super) fn listed(contract: &Reader, operation: &Operation) -> Option<(String, String)> {
    let (schema, _) = answered(operation)?;
    let shape = broad(contract, schema);
    let objects = |shape: &Shape| -> Option<String> {
        let item = shape.item.first().filter(|_| shape.is("array"))?;
        let inner = broad(contract, item);
        (!inner.properties.is_empty()).then(|| item.clone())
    };
    if let Some(pagination) = &operation.pagination {
        let tokens = pointer::tokens(&format!("#{}", pagination.items))?;
        let mut at = schema.to_owned();
        for token in tokens {
            let shape = broad(contract, &at);
            at = shape.properties.iter().find(|(name, _)| *name == token)?.1.first()?.clone();
        }
        return Some((pagination.items.clone(), objects(&broad(contract, &at))?));
    }
    if let Some(item) = objects(&shape) {
        return Some((String::new(), item));
    }
    let last = place(&operation.path).rsplit('/').next().map(plain).unwrap_or_default();
    let mut lists: Vec<(&str, String)> = Vec::new();
    for (name, places) in &shape.properties {
        let Some(first) = places.first() else { continue };
        if let Some(item) = objects(&broad(contract, first)) {
            lists.push((name, item));
        }
    }
    let is_usual = |name: &str| plain(name) == last || LISTS.contains(&name);
    let at = match lists.as_slice() {
        [_] => Some(0),
        _ => lists.iter().position(|(name, _)| is_usual(name)),
    };
    let (name, item) = lists.swap_remove(at?);
    Some((pointer::join("", name), item))
}

fn plain(name: &str) -> String {
    name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A collection's name in the singular, as far as English spelling goes.
fn singular(collection: &str) -> String {
    let plain = plain(collection);
    match plain.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => plain.strip_suffix('s').map_or(plain.clone(), str::to_owned),
    }
}

/// The example that the contract gives of a body: the first one that its schema allows, else the first one.
pub(super) fn example(contract: &Reader, media: &str, is_right: impl Fn(&Value) -> bool) -> Option<Value> {
    let media = contract.at(media)?;
    let own = media.get("example").into_iter();
    let many = media.get("examples").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::values);
    let examples: Vec<&Value> = own
        .chain(many.filter_map(|it| {
            let target = it.get("$ref").and_then(Value::as_str).and_then(|target| contract.resolve(target));
            target.map_or(it, |(_, value)| value).get("value")
        }))
        .collect();
    let found = examples.iter().find(|it| is_right(it)).or(examples.first());
    found.map(|it| (**it).clone())
}
