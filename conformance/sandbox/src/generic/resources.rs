//! What operations do with what is remembered: list, create, read, replace, change and delete.

use driftline_specs::{Method, PaginationStyle, pointer};
use serde_json::{Map, Value};

use super::layout::{answered, example, found, success};
use super::pages::Names;
use super::reply::{self, Beside};
use super::store::{Record, Store};
use super::values::{Made, Shape, Wish, make};
use super::{Asked, Generic, members, refusals};
use crate::answer::Answer;

impl Generic {
    /// Refuses when the resource of a collection is not there, if the operation documents how; if it does not, there is
    /// one from now on.
    pub(super) fn missing(
        &self,
        store: &mut Store,
        asked: &Asked<'_>,
        collection: usize,
        path: &[String],
    ) -> Option<Answer> {
        let (key, scope) = path.split_last()?;
        self.fill(store, collection, scope);
        let place = &self.layout.collections.get(collection)?.place;
        if store.find(place, scope, key).is_some() {
            return None;
        }
        if refusals::documented(asked.operation, &refusals::MISSING).is_none() {
            // Whoever deletes it does not want it back.
            if asked.operation.method != Method::Delete {
                let mut record = self.resource(store, collection, scope, &Map::new(), Some(key));
                key.clone_into(&mut record.key);
                store.add(record);
            }
            return None;
        }
        let detail = "there is nothing with this identifier";
        Some(refusals::refuse(&self.contract, asked.operation, &refusals::MISSING, detail))
    }

    /// `GET /things`.
    pub(super) fn list(
        &self,
        store: &mut Store,
        asked: &Asked<'_>,
        collection: usize,
        items: &str,
        item: &str,
    ) -> Answer {
        self.fill(store, collection, &asked.path);
        let Some(about) = self.layout.collections.get(collection) else { return self.made_up(asked, None) };
        let names = Names::of(asked.operation);
        let mut chosen: Vec<&Record> = store.list(&about.place, &asked.path).collect();
        for (name, wanted) in asked.said.query.iter().filter(|(name, _)| !names.has(name)) {
            // A parameter that is called like no property of any resource is no filter that is known here.
            if chosen.iter().any(|record| !text(record.facts.get(name)).is_empty()) {
                chosen.retain(|record| selects(record.facts.get(name), wanted));
            }
        }
        let page = names.page(&asked.said.query, chosen.len(), &|name| self.usual(asked, name));
        let shown: Vec<Value> = chosen
            .get(page.range.clone())
            .unwrap_or_default()
            .iter()
            .map(|record| self.shown(item, "", record).value)
            .collect();
        let url = format!("{}{}", asked.call.origin, path_of(asked));
        let next = page.next(asked.operation, &names, &url, asked.call.query);
        let Some((schema, _)) = answered(asked.operation) else { return self.made_up(asked, None) };
        let value = if items.is_empty() {
            Value::Array(shown)
        } else {
            let (around, _) = items.rsplit_once('/').unwrap_or_default();
            let mut facts = wrapped(around, Value::Object(Map::new()));
            self.say(&mut facts, schema, &page);
            put(&mut facts, items, Value::Array(Vec::new()));
            let pagination = asked.operation.pagination.as_ref();
            if let Some(at) = pagination.and_then(|it| it.total.as_deref()) {
                put(&mut facts, at, Value::from(page.total));
            }
            if let Some(at) = pagination.and_then(|it| it.next.as_deref()) {
                put(&mut facts, at, next.clone().map_or(Value::Null, Value::from));
            }
            let wish = Wish { preferred: Some(&facts), lean: true, own: None, seed: asked.seed };
            let mut made = make(&self.contract, schema, wish).value;
            put(&mut made, items, Value::Array(shown));
            made
        };
        let is_linked =
            asked.operation.pagination.as_ref().is_some_and(|it| it.style == PaginationStyle::Link);
        let next = next.filter(|_| is_linked || declares(asked, "link"));
        self.answer(asked, value, Beside { next, total: Some(page.total), ..Beside::default() })
    }

    /// Has an answer say what it can about its page, at its root and one level below.
    fn say(&self, facts: &mut Value, schema: &str, page: &super::pages::Page) {
        let shape = Shape::read(&self.contract, &[schema.to_owned()]);
        let Value::Object(own) = facts else { return };
        page.say(&shape, own);
        for (name, places) in &shape.properties {
            let inner = Shape::read(&self.contract, places);
            let mut said = members(own.get(name));
            page.say(&inner, &mut said);
            if inner.is("object") && !said.is_empty() {
                own.insert(name.clone(), Value::Object(said));
            }
        }
    }

    /// The default of a query parameter.
    fn usual(&self, asked: &Asked<'_>, name: &str) -> Option<u64> {
        let parameter = asked.operation.parameters.iter().find(|it| it.name == name)?;
        let (_, schema) = self.contract.resolve(&parameter.schema.as_ref()?.pointer)?;
        schema.get("default")?.as_u64()
    }

    /// `POST /things`, and `PUT /things` with the identifier in the body.
    pub(super) fn create(&self, store: &mut Store, asked: &Asked<'_>, collection: usize) -> Answer {
        self.fill(store, collection, &asked.path);
        let Some(about) = self.layout.collections.get(collection) else { return self.made_up(asked, None) };
        let sent = self.sent(asked);
        let known = text(sent.get(&about.key));
        let before = store.find(&about.place, &asked.path, &known).filter(|_| !known.is_empty());
        let mut record = self.resource(store, collection, &asked.path, &sent, None);
        self.forget(collection, asked, &sent, &mut record);
        if let Some(number) = before {
            store.remove(number);
        }
        let location =
            format!("{}{}/{}", asked.call.origin, path_of(asked).trim_end_matches('/'), escaped(&record.key));
        let answer = self.answer_with(asked, collection, &record, Some(location));
        store.add(record);
        answer
    }

    /// What a request says of a resource; what only answers may say is left out.
    fn sent(&self, asked: &Asked<'_>) -> Map<String, Value> {
        let mut sent = members(asked.said.body.as_ref());
        if let Some(schema) = &asked.said.schema {
            let shape = Shape::read(&self.contract, std::slice::from_ref(schema));
            sent.retain(|name, _| {
                shape.property(name).is_none_or(|places| !Shape::read(&self.contract, places).read_only)
            });
        }
        sent
    }

    /// Takes away what a request could have said and did not, where no form of the resource needs it.
    fn forget(&self, collection: usize, asked: &Asked<'_>, sent: &Map<String, Value>, record: &mut Record) {
        let (Some(about), Some(schema)) = (self.layout.collections.get(collection), &asked.said.schema)
        else {
            return;
        };
        let request = Shape::read(&self.contract, std::slice::from_ref(schema));
        let needed = |name: &str| {
            about.forms.iter().any(|form| {
                let at = pointer::tokens(&format!("#{}", form.root)).unwrap_or_default();
                let mut shape = Shape::read(&self.contract, std::slice::from_ref(&form.schema));
                for token in at {
                    let places = shape.property(&token).map(<[String]>::to_vec).unwrap_or_default();
                    shape = Shape::read(&self.contract, &places);
                }
                shape.required.contains(name)
            })
        };
        let mut facts = members(Some(&record.facts));
        for (name, places) in &request.properties {
            let inner = Shape::read(&self.contract, places);
            if *name == about.key || sent.contains_key(name) || inner.read_only || needed(name) {
                continue;
            }
            facts.shift_remove(name);
        }
        record.say(Value::Object(facts));
    }

    /// Any method on `/things/{id}`.
    pub(super) fn item(&self, store: &mut Store, asked: &Asked<'_>, collection: usize) -> Answer {
        if asked.operation.method != Method::Put
            && let Some(missing) = self.missing(store, asked, collection, &asked.path)
        {
            return missing;
        }
        let (Some(about), Some((key, scope))) =
            (self.layout.collections.get(collection), asked.path.split_last())
        else {
            return self.made_up(asked, None);
        };
        self.fill(store, collection, scope);
        let number = store.find(&about.place, scope, key);
        if number.is_none() && asked.operation.method == Method::Put
            // To put a resource where none is makes one, where the contract says that it may be made.
            && !asked.operation.responses.iter().any(|it| it.status == driftline_specs::StatusSpec::Code(201))
            && let Some(missing) = self.missing(store, asked, collection, &asked.path)
        {
            return missing;
        }
        let known = number.and_then(|number| store.get(number)).cloned();
        let mut record =
            known.unwrap_or_else(|| self.resource(store, collection, scope, &Map::new(), Some(key)));
        key.clone_into(&mut record.key);
        match asked.operation.method {
            Method::Put | Method::Patch | Method::Post => {
                let mut sent = self.sent(asked);
                sent.shift_remove(&about.key);
                if asked.operation.method == Method::Put {
                    // A replacement is whole.
                    self.forget(collection, asked, &sent, &mut record);
                }
                let facts =
                    changed(members(Some(&record.facts)), sent, asked.operation.method == Method::Patch);
                record.say(Value::Object(facts));
                match number {
                    Some(number) => store.say(number, record.facts.clone()),
                    None => store.add(record.clone()),
                }
            }
            Method::Delete => {
                if let Some(number) = number {
                    store.remove(number);
                }
            }
            _ => {}
        }
        self.answer_with(asked, collection, &record, None)
    }

    /// The success of an operation, which shows a resource where its schema has a place for it.
    fn answer_with(
        &self,
        asked: &Asked<'_>,
        collection: usize,
        record: &Record,
        location: Option<String>,
    ) -> Answer {
        let about = self.layout.collections.get(collection);
        let form = answered(asked.operation).zip(about).and_then(|((schema, _), about)| {
            let (root, _) = found(&self.contract, schema, Some(&about.key), "", &about.singular)?;
            Some((schema, root))
        });
        match form {
            Some((schema, root)) => {
                let made = self.shown(schema, &root, record);
                self.answer(asked, made.value, Beside { location, ..Beside::default() })
            }
            None => self.made_up(asked, location),
        }
    }

    /// A resource in one of its forms.
    fn shown(&self, schema: &str, root: &str, record: &Record) -> Made {
        let preferred = wrapped(root, record.facts.clone());
        make(
            &self.contract,
            schema,
            Wish { preferred: Some(&preferred), lean: true, own: None, seed: record.seed },
        )
    }

    /// Any method on a path of its own, such as `/settings` or `/things/{id}/status`.
    pub(super) fn document(&self, store: &mut Store, asked: &Asked<'_>, own: &str) -> Answer {
        let number = store.find(own, &asked.path, "");
        let Some((schema, media)) = self.reader(own) else { return self.made_up(asked, None) };
        let known = number.and_then(|number| store.get(number)).cloned();
        let mut record = known.unwrap_or_else(|| {
            let stated = self.example(media, schema);
            let preferred = stated.unwrap_or_else(|| Value::Object(asked.said.path.clone()));
            let wish = Wish { preferred: Some(&preferred), lean: false, own: None, seed: asked.seed };
            Record::new(own, &asked.path, "", make(&self.contract, schema, wish).value, asked.seed)
        });
        match (asked.operation.method, &asked.said.body) {
            (Method::Put | Method::Patch | Method::Post, Some(body)) => {
                let facts = match (&record.facts, body) {
                    (Value::Object(facts), Value::Object(_)) => {
                        let is_patch = asked.operation.method == Method::Patch;
                        Value::Object(changed(facts.clone(), self.sent(asked), is_patch))
                    }
                    (Value::Array(_), Value::Array(_)) if asked.operation.method == Method::Put => {
                        body.clone()
                    }
                    (facts, _) => facts.clone(),
                };
                record.say(facts);
                match number {
                    Some(number) => store.say(number, record.facts.clone()),
                    None => store.add(record.clone()),
                }
            }
            (Method::Delete, _) => {
                if let Some(number) = number {
                    store.remove(number);
                }
            }
            _ => {}
        }
        match answered(asked.operation) {
            Some((own, _)) if asked.operation.method == Method::Get || own == schema => {
                let wish = Wish { preferred: Some(&record.facts), lean: true, own: None, seed: record.seed };
                self.answer(asked, make(&self.contract, own, wish).value, Beside::default())
            }
            Some((own, _)) if record.facts.is_object() => {
                // Another form says the same of what both have.
                let wish = Wish { preferred: Some(&record.facts), lean: false, own: None, seed: record.seed };
                self.answer(asked, make(&self.contract, own, wish).value, Beside::default())
            }
            _ => self.made_up(asked, None),
        }
    }

    /// The answer of the `GET` at a place.
    fn reader(&self, own: &str) -> Option<(&str, &str)> {
        let mut operations = self.contract.operations().iter();
        operations
            .find(|it| it.method == Method::Get && super::layout::place(&it.path) == own)
            .and_then(answered)
    }

    /// A success that nothing is remembered of. It takes over what was sent, where it has a place for it.
    pub(super) fn made_up(&self, asked: &Asked<'_>, location: Option<String>) -> Answer {
        let Some((_, response)) = success(asked.operation) else {
            return self.answer(asked, Value::Null, Beside::default());
        };
        let media = reply::media(response);
        let stated = media.and_then(|media| match &media.schema {
            Some(schema) => self.example(&media.pointer, &schema.pointer),
            None => example(&self.contract, &media.pointer, |_| true),
        });
        let value = match media.and_then(|media| media.schema.as_ref()) {
            None => stated.unwrap_or_else(|| Value::Object(Map::new())),
            Some(schema) => {
                let sent = asked.said.path.clone().into_iter().chain(self.sent(asked));
                let mut preferred = stated.unwrap_or_else(|| Value::Object(Map::new()));
                if let Value::Object(members) = &mut preferred {
                    members.extend(sent);
                }
                let wish = Wish { preferred: Some(&preferred), lean: false, own: None, seed: asked.seed };
                make(&self.contract, &schema.pointer, wish).value
            }
        };
        self.answer(asked, value, Beside { location, ..Beside::default() })
    }

    fn answer(&self, asked: &Asked<'_>, value: Value, beside: Beside) -> Answer {
        let Some((status, response)) = success(asked.operation) else {
            // Nothing but refusals is documented.
            let status = asked.operation.responses.first().map(|it| it.status);
            let status = match status {
                Some(driftline_specs::StatusSpec::Code(code)) => code,
                Some(driftline_specs::StatusSpec::Range(first)) => u16::from(first) * 100,
                _ => 200,
            };
            return refusals::refuse(&self.contract, asked.operation, &[status], "no success is documented");
        };
        reply::answer(&self.contract, status, response, value, &Beside { seed: asked.seed, ..beside })
    }
}

/// Whether the success of an operation has a header.
fn declares(asked: &Asked<'_>, name: &str) -> bool {
    let response = success(asked.operation).map(|(_, response)| response);
    response.is_some_and(|it| it.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name)))
}

/// A value inside of objects, at a JSON Pointer.
pub(super) fn wrapped(root: &str, value: Value) -> Value {
    let tokens = pointer::tokens(&format!("#{root}")).unwrap_or_default();
    tokens.into_iter().rev().fold(value, |value, token| Value::Object(Map::from_iter([(token, value)])))
}

/// Puts a value at a JSON Pointer, into objects that are made where they are missing.
fn put(into: &mut Value, at: &str, value: Value) {
    let mut place = into;
    for token in pointer::tokens(&format!("#{at}")).unwrap_or_default() {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(members) = place else { return };
        place = members.entry(token).or_insert(Value::Null);
    }
    *place = value;
}

/// What was, with what is said now; a patch reaches into objects.
fn changed(mut facts: Map<String, Value>, sent: Map<String, Value>, is_patch: bool) -> Map<String, Value> {
    for (name, value) in sent {
        let value = match (facts.get(&name), value) {
            (Some(Value::Object(own)), Value::Object(value)) if is_patch => {
                Value::Object(changed(own.clone(), value, true))
            }
            (_, value) => value,
        };
        facts.insert(name, value);
    }
    facts
}

/// Whether a resource with a value is wanted by a filter of the same name.
fn selects(own: Option<&Value>, wanted: &Value) -> bool {
    match wanted {
        Value::Array(wanted) => wanted.is_empty() || wanted.iter().any(|it| text(Some(it)) == text(own)),
        Value::Object(_) => true,
        wanted => text(own) == text(Some(wanted)),
    }
}

/// A scalar as a path or a query has it.
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(_) | Value::Bool(_)) => value.map(Value::to_string).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The path as it was asked for.
fn path_of(asked: &Asked<'_>) -> String {
    let mut path = asked.operation.path.clone();
    for (name, value) in &asked.call.path {
        path = path.replace(&format!("{{{name}}}"), &escaped(value));
    }
    path
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
