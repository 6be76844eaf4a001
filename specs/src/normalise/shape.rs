//! Makes every member of every object what the standard says it is: text, a flag, a count, a list.
//!
//! `openapiv3` refuses a whole document for one `maxLength: "20"`. What can only mean one thing is read as that;
//! what means nothing is set aside under `x-original-…`, with a note. Null, where a value is expected, says nothing
//! and is dropped.

use serde_json::{Map, Value, json};

use crate::grammar::Kind;
use crate::lineage::Lineage;
use crate::operation::{ParameterLocation, ParameterStyle, StatusSpec};
use crate::pointer;

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Flag,
    Count,
    Number,
    List,
    Objects,
    Texts,
    Object,
    /// An object of objects.
    Map,
    /// A schema, which may be a flag in 3.1; whoever knows schemas turns it into an object.
    Schema,
    /// `externalDocs`, which has to have an address.
    Docs,
}

fn form(kind: Kind, key: &str) -> Option<Form> {
    use Form::{Count, Docs, Flag, List, Map, Number, Object, Objects, Schema, Text, Texts};
    Some(match (kind, key) {
        (_, "description" | "summary") if kind != Kind::Callback && kind != Kind::Components => Text,
        (Kind::Operation | Kind::Schema | Kind::Document, "externalDocs") => Docs,
        (Kind::Schema, "title" | "format" | "pattern" | "type") => Text,
        (Kind::Schema, "nullable" | "readOnly" | "writeOnly" | "deprecated" | "uniqueItems") => Flag,
        (Kind::Schema, "exclusiveMinimum" | "exclusiveMaximum") => Flag,
        (Kind::Schema, "minimum" | "maximum" | "multipleOf") => Number,
        (Kind::Schema, "minLength" | "maxLength" | "minItems" | "maxItems") => Count,
        (Kind::Schema, "minProperties" | "maxProperties") => Count,
        (Kind::Schema, "required") => Texts,
        (Kind::Schema, "properties") => Object,
        (Kind::Schema, "enum" | "allOf" | "oneOf" | "anyOf") => List,
        (Kind::Schema, "discriminator") => Object,
        (Kind::Schema, "items" | "not" | "additionalProperties") => Schema,
        (Kind::Parameter, "name" | "in" | "style") | (Kind::Header | Kind::Encoding, "style") => Text,
        (Kind::Parameter | Kind::Header, "required" | "deprecated" | "explode") => Flag,
        (Kind::Parameter | Kind::Header, "allowEmptyValue" | "allowReserved") => Flag,
        (Kind::Parameter | Kind::Header | Kind::MediaType, "schema") => Schema,
        (Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => Map,
        (Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response, "content") => Object,
        (Kind::MediaType, "encoding") => Object,
        (Kind::Encoding, "contentType") => Text,
        (Kind::Encoding, "explode" | "allowReserved") => Flag,
        (Kind::RequestBody, "required") => Flag,
        (Kind::Response | Kind::Encoding, "headers") | (Kind::Response, "links") => Object,
        (Kind::Operation, "operationId") => Text,
        (Kind::Operation, "tags") => Texts,
        (Kind::Operation, "deprecated") => Flag,
        (Kind::Operation, "responses" | "requestBody" | "callbacks") => Object,
        (Kind::Operation | Kind::PathItem, "parameters") => List,
        (Kind::Operation | Kind::PathItem | Kind::Document, "servers") => Objects,
        (Kind::Operation | Kind::Document, "security") | (Kind::Document, "tags") => Objects,
        (Kind::PathItem, "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace") => {
            Object
        }
        (Kind::Document, "info" | "paths" | "components" | "x-webhooks") => Object,
        (Kind::Components, key) if !key.starts_with("x-") => Object,
        (Kind::Link, "parameters") => Object,
        (Kind::Example, "externalValue") | (Kind::Link, "operationId" | "operationRef") => Text,
        _ => return None,
    })
}

/// Makes one object what it should be; those in it are visited later.
pub(super) fn fit(place: &str, kind: Kind, value: &mut Value, lineage: &mut Lineage) {
    if kind == Kind::Schema && value.is_boolean() {
        return;
    }
    let Value::Object(members) = value else {
        if !value.is_null() {
            lineage.mend(place, format!("this is no {}; it is read as an empty one", kind.name()));
        }
        *value = json!({});
        return;
    };
    if members.get("$ref").is_some_and(Value::is_string) && kind != Kind::Schema {
        return;
    }
    let mut dropped = Vec::new();
    let mut aside = Vec::new();
    for (key, value) in members.iter_mut() {
        let Some(form) = form(kind, key) else { continue };
        if value.is_null() {
            dropped.push(key.clone());
        } else if !form.accepts(value) {
            match form.read(value) {
                Some((read, worth_saying)) => {
                    if worth_saying {
                        let message = format!("`{key}` is not {}, and is read as if it were", form.name());
                        lineage.mend(&pointer::join(place, key), message);
                    }
                    *value = read;
                }
                None => aside.push((key.clone(), form.name())),
            }
        }
    }
    for key in dropped {
        members.shift_remove(&key);
    }
    for (key, expected) in aside {
        set_aside(place, members, &key, &format!("`{key}` is not {expected}, and is left out"), lineage);
    }
    match kind {
        Kind::Schema => schema(place, members, lineage),
        Kind::Parameter | Kind::Header => parameter(place, kind, members, lineage),
        Kind::Encoding => style(place, ParameterLocation::Query, members, lineage),
        Kind::Operation => operation(place, members, lineage),
        Kind::Document => requirements(members),
        Kind::Response | Kind::Components => links(place, members, lineage),
        _ => {}
    }
}

/// Moves a member to `x-original-…` and notes why.
pub(super) fn set_aside(
    place: &str,
    members: &mut Map<String, Value>,
    key: &str,
    message: &str,
    lineage: &mut Lineage,
) {
    if let Some(value) = members.shift_remove(key) {
        lineage.mend(&pointer::join(place, key), message);
        let kept = format!("x-original-{key}");
        lineage.moved(&pointer::join(place, &kept), &pointer::join(place, key));
        members.insert(kept, value);
    }
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Flag => "true or false",
            Self::Count => "a count",
            Self::Number => "a number",
            Self::List => "a list",
            Self::Objects => "a list of objects",
            Self::Texts => "a list of texts",
            Self::Object => "an object",
            Self::Map => "an object of objects",
            Self::Schema => "an object, true or false",
            Self::Docs => "an object with `url`",
        }
    }

    fn accepts(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Count => value.as_u64().is_some_and(|count| u32::try_from(count).is_ok()),
            Self::Number => value.is_number(),
            Self::List => value.is_array(),
            Self::Objects => value.as_array().is_some_and(|items| items.iter().all(Value::is_object)),
            Self::Texts => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
            Self::Object => value.is_object(),
            Self::Schema => value.is_object() || value.is_boolean(),
            Self::Map => value.as_object().is_some_and(|members| members.values().all(Value::is_object)),
            Self::Docs => value.get("url").is_some_and(Value::is_string),
        }
    }

    /// What a value of another form most likely means, and whether that is worth saying.
    fn read(self, value: &Value) -> Option<(Value, bool)> {
        match (self, value) {
            (Self::Text, Value::Number(_) | Value::Bool(_)) => Some((json!(value.to_string()), false)),
            (Self::Flag, Value::String(text)) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" => Some((json!(true), true)),
                "false" | "no" => Some((json!(false), true)),
                _ => None,
            },
            (Self::Count, Value::Number(number)) => whole(number.as_f64()?).map(|count| (count, false)),
            (Self::Count, Value::String(text)) => whole(text.trim().parse().ok()?).map(|count| (count, true)),
            (Self::Number, Value::String(text)) => serde_json::from_str::<serde_json::Number>(text.trim())
                .ok()
                .map(|number| (json!(number), true)),
            (Self::Object | Self::Schema, Value::Array(items)) if items.is_empty() => {
                Some((json!({}), false))
            }
            (Self::List, Value::Object(_) | Value::String(_)) => Some((json!([value]), true)),
            (Self::Texts, Value::String(_)) => Some((json!([value]), true)),
            (Self::Texts, Value::Array(items)) => {
                let texts = items.iter().filter(|item| !item.is_null());
                texts
                    .map(|item| match item {
                        Value::String(_) => Some(item.clone()),
                        Value::Number(_) => Some(json!(item.to_string())),
                        _ => None,
                    })
                    .collect::<Option<Vec<_>>>()
                    .map(|texts| (json!(texts), true))
            }
            (Self::Objects, Value::Object(_)) => Some((json!([value]), true)),
            _ => None,
        }
    }
}

/// A float without a fraction, as the integer that it is.
fn whole(number: f64) -> Option<Value> {
    let fits = number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be within the range"
    )]
    fits.then(|| json!(number as u64))
}

fn schema(place: &str, members: &mut Map<String, Value>, lineage: &mut Lineage) {
    // In 3.0 these have to be what they are in 3.1 by nature: an object or a flag.
    if let Some(discriminator) = members.get("discriminator")
        && !discriminator.get("propertyName").is_some_and(Value::is_string)
    {
        set_aside(
            place,
            members,
            "discriminator",
            "the discriminator names no property, and is left out",
            lineage,
        );
    }
    if let Some(mapping) = members.get_mut("discriminator").and_then(|it| it.get_mut("mapping"))
        && !mapping.as_object().is_some_and(|mapping| mapping.values().all(Value::is_string))
    {
        lineage.mend(
            &pointer::join(&pointer::join(place, "discriminator"), "mapping"),
            "the mapping is not an object of texts; what is none is left out",
        );
        match mapping {
            Value::Object(mapping) => mapping.retain(|_, target| target.is_string()),
            other => *other = json!({}),
        }
    }
    if members.get("enum").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        set_aside(place, members, "enum", "an empty `enum` allows nothing, and is left out", lineage);
    }
    if members.get("type").and_then(Value::as_str) == Some("integer") {
        for key in ["minimum", "maximum", "multipleOf"] {
            if let Some(bound) = members.get_mut(key)
                && let Some(number) = bound.as_f64().filter(|_| bound.is_f64())
                && number.fract() == 0.0
                && number.abs() < 9e15
            {
                #[expect(clippy::cast_possible_truncation, reason = "checked to be within the range")]
                let whole = number as i64;
                *bound = json!(whole);
            }
        }
    }
}

fn parameter(place: &str, kind: Kind, members: &mut Map<String, Value>, lineage: &mut Lineage) {
    let location = match kind {
        Kind::Header => Some(ParameterLocation::Header),
        _ => members.get("in").and_then(Value::as_str).and_then(ParameterLocation::from_key),
    };
    let Some(location) = location else { return };
    style(place, location, members, lineage);
    if members.get("content").is_some_and(|content| content.as_object().is_none_or(Map::is_empty)) {
        members.shift_remove("content");
    }
    if !members.contains_key("schema") && !members.contains_key("content") {
        lineage.mend(place, "neither `schema` nor `content` says what the value is; any is allowed");
        members.insert("schema".to_owned(), json!({}));
    }
}

fn style(place: &str, location: ParameterLocation, members: &mut Map<String, Value>, lineage: &mut Lineage) {
    use ParameterStyle::{DeepObject, Form, Label, Matrix, PipeDelimited, Simple, SpaceDelimited};
    let Some(written) = members.get("style").and_then(Value::as_str) else { return };
    let fits = ParameterStyle::from_key(written).is_some_and(|style| match location {
        ParameterLocation::Path => matches!(style, Matrix | Label | Simple),
        ParameterLocation::Query => matches!(style, Form | SpaceDelimited | PipeDelimited | DeepObject),
        ParameterLocation::Header => style == Simple,
        ParameterLocation::Cookie => style == Form,
    });
    if !fits {
        let default = location.default_style().as_str();
        let message = format!("the style does not exist there; `{default}` is taken");
        set_aside(place, members, "style", &message, lineage);
    }
}

/// The scopes of a requirement are a list of texts.
fn requirements(members: &mut Map<String, Value>) {
    for alternative in members.get_mut("security").and_then(Value::as_array_mut).into_iter().flatten() {
        for scopes in alternative.as_object_mut().into_iter().flat_map(Map::values_mut) {
            if !scopes.as_array().is_some_and(|scopes| scopes.iter().all(Value::is_string)) {
                *scopes = json!([]);
            }
        }
    }
}

fn operation(place: &str, members: &mut Map<String, Value>, lineage: &mut Lineage) {
    requirements(members);
    let at = pointer::join(place, "responses");
    let Some(Value::Object(responses)) = members.get_mut("responses") else { return };
    let is_known = |key: &str| key.starts_with("x-") || StatusSpec::from_key(key).is_some();
    if responses.keys().all(|key| is_known(key)) {
        return;
    }
    let mut all = Map::new();
    for (key, response) in std::mem::take(responses) {
        if is_known(&key) {
            all.insert(key, response);
            continue;
        }
        lineage.mend(
            &pointer::join(&at, &key),
            "this is no status that a response can have; the response is left out \
             (expected a status such as 200, a range such as 4XX, or default)",
        );
        let kept = format!("x-original-{key}");
        lineage.moved(&pointer::join(&at, &kept), &pointer::join(&at, &key));
        all.insert(kept, response);
    }
    *responses = all;
}

/// A link that names no operation leads nowhere.
fn links(place: &str, members: &mut Map<String, Value>, lineage: &mut Lineage) {
    let at = pointer::join(place, "links");
    let Some(Value::Object(links)) = members.get_mut("links") else { return };
    links.retain(|name, link| {
        let names = ["$ref", "operationId", "operationRef"];
        let leads = names.iter().any(|key| link.get(key).is_some_and(Value::is_string));
        if !leads {
            let message =
                "the link names no operation, and is left out (expected `operationId` or `operationRef`)";
            lineage.mend(&pointer::join(&at, name), message);
        }
        leads
    });
}
