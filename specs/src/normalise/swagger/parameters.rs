//! Parameters of Swagger 2.0: a body and the fields of a form are a request body in 3.0, and what is left has its
//! schema in a member of its own.

use serde_json::{Map, Value, json};

use super::{Members, responses};
use crate::lineage::Lineage;
use crate::normalise::Copies;
use crate::pointer;

/// The members of a parameter that are those of its schema.
const SCHEMA: [&str; 19] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
    "title",
    "x-enum-varnames",
];

/// How many parameters an operation may have; more are left as they are, and refused with the operation.
const MAX_PARAMETERS: usize = 10_000;

/// A parameter that is a body or a field of a form, and where it stood.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) place: String,
    members: Members,
}

impl Body {
    pub(super) fn new(place: &str, members: Members) -> Self {
        Self { place: place.to_owned(), members }
    }

    /// Whether both are the body, or the same field.
    pub(super) fn is_for(&self, other: &Self) -> bool {
        let is_field = |it: &Self| location(&it.members) == Some("formData");
        let name = |it: &Self| it.members.get("name").cloned();
        is_field(self) == is_field(other) && (!is_field(self) || name(self) == name(other))
    }
}

/// The parameters of a path or an operation.
pub(super) struct Taken {
    /// Those that stay parameters, and their places in the list before.
    kept: Vec<(usize, Value)>,
    pub(super) body: Vec<Body>,
}

impl Taken {
    pub(super) fn put_back(self, place: &str, members: &mut Members, lineage: &mut Lineage) {
        if self.kept.is_empty() {
            return;
        }
        let at = pointer::join(place, "parameters");
        let mut list = Vec::with_capacity(self.kept.len());
        for (index, (before, parameter)) in self.kept.into_iter().enumerate() {
            if index != before {
                lineage
                    .moved(&pointer::join(&at, &index.to_string()), &pointer::join(&at, &before.to_string()));
            }
            list.push(parameter);
        }
        members.insert("parameters".to_owned(), Value::Array(list));
    }
}

/// Takes the parameters out of a path or an operation, converting those that stay parameters.
///
/// A body of the document's own is taken as a parameter whose schema refers to the component that is made of it; a
/// field of a form is copied.
pub(super) fn take(
    place: &str,
    members: &mut Members,
    shared: &Members,
    copies: &mut Copies,
    lineage: &mut Lineage,
) -> Taken {
    let mut taken = Taken { kept: Vec::new(), body: Vec::new() };
    let list = match members.get("parameters") {
        Some(Value::Array(list)) if list.len() <= MAX_PARAMETERS => list.len(),
        _ => return taken,
    };
    let Some(Value::Array(list)) = members.shift_remove("parameters").filter(|_| list > 0) else {
        return taken;
    };
    let at = pointer::join(place, "parameters");
    for (index, mut parameter) in list.into_iter().enumerate() {
        let here = pointer::join(&at, &index.to_string());
        let target = parameter.get("$ref").and_then(Value::as_str).and_then(pointer::tokens);
        let target = match target.as_deref() {
            Some([parameters, name]) if parameters == "parameters" => Some(name.clone()),
            _ => None,
        };
        let referred = target.as_ref().and_then(|name| shared.get(name)).and_then(Value::as_object);
        if let (Some(name), Some(referred)) = (&target, referred) {
            if is_body(referred) {
                let place = pointer::join("#/parameters", name);
                match copies.copy(&Value::Object(referred.clone())) {
                    Some(Value::Object(members)) => taken.body.push(Body { place, members }),
                    _ => lineage
                        .mend(&here, "too much would be copied to follow this reference; it is left out"),
                }
                continue;
            }
        } else if let Value::Object(members) = &mut parameter
            && !members.contains_key("$ref")
        {
            if is_body(members) {
                taken.body.push(Body { place: here, members: std::mem::take(members) });
                continue;
            }
            convert(&here, members, lineage);
        }
        taken.kept.push((index, parameter));
    }
    taken
}

fn location(members: &Members) -> Option<&str> {
    members.get("in").and_then(Value::as_str)
}

/// Whether a parameter is the body or a field of a form.
pub(super) fn is_body(members: &Members) -> bool {
    matches!(location(members), Some("body" | "formData"))
}

/// Converts a parameter that stays one. `place` is where it stands now.
pub(super) fn convert(place: &str, members: &mut Members, lineage: &mut Lineage) {
    schema_of(place, members, lineage);
    let is_list = members.get("schema").is_some_and(|it| it.get("type") == Some(&json!("array")));
    let written = members.shift_remove("collectionFormat");
    if !is_list {
        return;
    }
    let in_query = matches!(location(members), Some("query"));
    let (style, explode) = match (written.as_ref().and_then(Value::as_str), in_query) {
        (Some("multi"), true) => (Some("form"), true),
        (Some("ssv"), true) => (Some("spaceDelimited"), false),
        (Some("pipes"), true) => (Some("pipeDelimited"), false),
        (None | Some("csv"), true) => (Some("form"), false),
        (None | Some("csv"), false) => (None, false),
        (Some(_), _) => {
            let message =
                "OpenAPI 3.0 cannot separate the items of a list like that; they are separated by commas";
            lineage.lose(&pointer::join(place, "collectionFormat"), message);
            members.insert("x-collection-format".to_owned(), written.clone().unwrap_or_default());
            (in_query.then_some("form"), false)
        }
    };
    if let Some(style) = style {
        members.insert("style".to_owned(), json!(style));
        members.insert("explode".to_owned(), json!(explode));
    }
}

/// Moves what is said of the value into `schema`.
pub(super) fn schema_of(place: &str, members: &mut Members, lineage: &mut Lineage) {
    if members.contains_key("schema") || members.contains_key("$ref") {
        return;
    }
    let schema: Map<String, Value> =
        SCHEMA.into_iter().filter_map(|key| Some((key.to_owned(), members.shift_remove(key)?))).collect();
    lineage.moved(&pointer::join(place, "schema"), place);
    members.insert("schema".to_owned(), Value::Object(schema));
}

/// Makes a request body, to stand at `at`, of the body or of the fields of a form.
pub(super) fn request_body(
    at: &str,
    parts: &[Body],
    consumes: Option<&[String]>,
    lineage: &mut Lineage,
) -> Option<Value> {
    let first = parts.first()?;
    let body = parts.iter().find(|part| location(&part.members) == Some("body"));
    let Some(body) = body else {
        return Some(form(at, first, parts, consumes, lineage));
    };
    if parts.len() > 1 {
        lineage
            .mend(&body.place, "there is a body beside another body or a form; only the first body is sent");
    }
    lineage.moved(at, &body.place);
    let fallback = ["application/json".to_owned()];
    let schema = body.members.get("schema").cloned().unwrap_or_else(|| json!({}));
    let mut content = Map::new();
    let mut first = None;
    for name in consumes.unwrap_or(&fallback) {
        let place = pointer::join(&pointer::join(&pointer::join(at, "content"), name), "schema");
        lineage.moved(&place, &pointer::join(&body.place, "schema"));
        content.insert(name.clone(), json!({"schema": responses::once(&mut first, &place, &schema)}));
    }
    let mut members = Map::new();
    for (key, value) in &body.members {
        match key.as_str() {
            "in" | "schema" => {}
            "name" => drop(members.insert("x-name".to_owned(), value.clone())),
            _ => drop(members.insert(key.clone(), value.clone())),
        }
    }
    members.insert("content".to_owned(), Value::Object(content));
    Some(Value::Object(members))
}

const URL_ENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

fn form(
    at: &str,
    first: &Body,
    fields: &[Body],
    consumes: Option<&[String]>,
    lineage: &mut Lineage,
) -> Value {
    lineage.moved(at, &first.place);
    let has_file = fields.iter().any(|field| field.members.get("type") == Some(&json!("file")));
    let mut names: Vec<String> = consumes
        .unwrap_or_default()
        .iter()
        .filter(|name| {
            let essence = name.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case(MULTIPART) || essence.eq_ignore_ascii_case(URL_ENCODED) && !has_file
        })
        .cloned()
        .collect();
    if names.is_empty() {
        names.push(if has_file { MULTIPART } else { URL_ENCODED }.to_owned());
    }
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut encoding = Map::new();
    let mut places = Vec::new();
    for field in fields {
        let Some(name) = field.members.get("name").and_then(Value::as_str) else {
            lineage.mend(&field.place, "the field of a form has no name, and is left out");
            continue;
        };
        let mut schema: Map<String, Value> = SCHEMA
            .into_iter()
            .filter_map(|key| Some((key.to_owned(), field.members.get(key)?.clone())))
            .collect();
        if let Some(Value::Object(own)) = field.members.get("schema") {
            schema.extend(own.clone());
        }
        for key in ["description", "allowEmptyValue"] {
            if let Some(value) = field.members.get(key) {
                let kept = if key == "description" { key } else { "x-allow-empty-value" };
                schema.insert(kept.to_owned(), value.clone());
            }
        }
        if schema.get("type") == Some(&json!("array")) {
            let explode = match field.members.get("collectionFormat").and_then(Value::as_str) {
                Some("multi") => true,
                None | Some("csv") => false,
                Some(_) => {
                    let message = "OpenAPI 3.0 cannot separate the items of a list like that; they are separated by commas";
                    lineage.lose(&pointer::join(&field.place, "collectionFormat"), message);
                    false
                }
            };
            encoding.insert(name.to_owned(), json!({"style": "form", "explode": explode}));
        }
        if field.members.get("required") == Some(&json!(true)) {
            required.push(json!(name));
        }
        places.push((name.to_owned(), field.place.clone()));
        properties.insert(name.to_owned(), Value::Object(schema));
    }
    let mut content = Map::new();
    let is_required = !required.is_empty();
    let mut schema = json!({"type": "object", "properties": properties});
    if let (Value::Object(members), true) = (&mut schema, is_required) {
        members.insert("required".to_owned(), Value::Array(required));
    }
    for name in names {
        let properties = format!("{}/schema/properties", pointer::join(&pointer::join(at, "content"), &name));
        for (field, place) in &places {
            lineage.moved(&pointer::join(&properties, field), place);
        }
        let mut media_type = Map::from_iter([("schema".to_owned(), schema.clone())]);
        if !encoding.is_empty() {
            media_type.insert("encoding".to_owned(), Value::Object(encoding.clone()));
        }
        content.insert(name, Value::Object(media_type));
    }
    json!({"required": is_required, "content": content})
}
