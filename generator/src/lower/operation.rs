//! Operations become requests with arguments and setters, and answers by status.

use std::collections::HashMap;

use driftline_specs::{
    self as specs, Contract, MediaType, ParameterLocation, ParameterStyle, StatusSpec, pointer,
};
use serde_json::Value;

use super::Error;
use super::docs;
use super::name::{self, Scope};
use super::schema::{Lowering, Place};
use super::view::View;
use crate::ir::{
    Answer, AnswerBody, BodyForm, Encoding, Operation, Parameter, PartEncoding, RequestBody, Tag, Type,
};

/// Names that generated requests and the client use for something else.
const RESERVED: &[&str] = &[
    "body",
    "builderror",
    "bytestream",
    "call",
    "client",
    "clientbuilder",
    "clientcredentials",
    "httpclient",
    "httpclientbuilder",
    "method",
    "octets",
    "placement",
    "request",
    "style",
];

/// The module of operations without a tag.
const UNTAGGED: &str = "operations";

/// Returns the tags of operations: those that the contract describes in its order, then the others as they come.
pub(super) fn tags(contract: &Contract, operations: &[Operation]) -> Vec<Tag> {
    let described = contract.at("#/tags").and_then(Value::as_array).into_iter().flatten();
    let described = described.filter_map(|tag| {
        let words = tag.get("description").and_then(Value::as_str);
        Some((tag.get("name")?.as_str()?, docs::lines(words)))
    });
    let used = contract.operations().iter().filter_map(|operation| operation.tags.first());
    let mut tags: Vec<Tag> = Vec::new();
    for (name, docs) in described.chain(used.map(|name| (name.as_str(), Vec::new()))) {
        let module = name::module_name(name);
        let is_used = operations.iter().any(|operation| operation.module == module);
        if is_used && tags.iter().all(|known| known.module != module) {
            tags.push(Tag { name: name.to_owned(), module, docs });
        }
    }
    if operations.iter().any(|operation| operation.module == UNTAGGED)
        && tags.iter().all(|known| known.module != UNTAGGED)
    {
        tags.push(Tag { name: "Operations".to_owned(), module: UNTAGGED.to_owned(), docs: Vec::new() });
    }
    tags
}

/// Lowers every operation, in the order of the contract.
pub(super) fn operations(lowering: &mut Lowering<'_>) -> Result<Vec<Operation>, Error> {
    let contract = lowering.contract;
    let mut methods = Scope::with(&["builder", "new", "clone", "base_url"]);
    let mut names = Scope::with(RESERVED);
    contract
        .operations()
        .iter()
        .map(|operation| {
            let method = methods.claim(&name::value_name(&operation.id));
            let name = names.claim_family(&name::type_name(&operation.id), &["Body", "Error", "Success"]);
            lower(lowering, operation, method, name)
        })
        .collect()
}

fn lower(
    lowering: &mut Lowering<'_>,
    operation: &specs::Operation,
    method: String,
    name: String,
) -> Result<Operation, Error> {
    let module = operation.tags.first().map_or_else(|| UNTAGGED.to_owned(), |tag| name::module_name(tag));
    let place = |pointer: &str, word: &str| Place {
        pointer: pointer.to_owned(),
        name: name::type_name(&format!("{name} {word}")),
        module: name::module_name(&method),
        depth: 0,
    };
    let mut taken = vec!["self", "new", "send", "body", "request", "client"];
    if operation.pagination.is_some() {
        taken.extend(["pages", "items", "read"]);
    }
    let mut arguments = Scope::with(&taken);
    let mut parameters = Vec::new();
    for parameter in &operation.parameters {
        let ty = match &parameter.schema {
            Some(schema) => lowering.at(place(&schema.pointer, &parameter.name))?.standing_alone(),
            None => Type::Any,
        };
        let schema = parameter.schema.as_ref();
        let limits = schema
            .and_then(|schema| lowering.schemas.get(&schema.pointer))
            .map(|schema| View::new(schema).limits());
        let mut words = docs::lines(parameter.description.as_deref());
        if let Some(limits) = limits.filter(|limits| !limits.is_empty()) {
            docs::paragraph(&mut words, &limits);
        }
        parameters.push(Parameter {
            name: name::escape_keyword(arguments.claim(&name::value_name(&parameter.name))),
            parameter: parameter.name.clone(),
            location: match parameter.location {
                ParameterLocation::Path => "path",
                ParameterLocation::Query => "query",
                ParameterLocation::Header => "header",
                ParameterLocation::Cookie => "cookie",
            },
            style: style(parameter),
            required: parameter.required || parameter.location == ParameterLocation::Path,
            ty: match ty {
                // A parameter cannot be `null`.
                Type::Nullable(inner) => *inner,
                other => other,
            },
            pointer: parameter.pointer.clone(),
            docs: words,
            deprecated: parameter.deprecated,
        });
    }
    let body = match &operation.request_body {
        Some(body) => Some(request_body(lowering, body, &name, &method, &place)?),
        None => None,
    };
    let (successes, errors) = answers(lowering, operation, &place)?;
    let mut words = docs::lines(operation.summary.as_deref());
    let description = docs::lines(operation.description.as_deref());
    if !description.is_empty() && description != words {
        if !words.is_empty() {
            words.push(String::new());
        }
        words.extend(description);
    }
    Ok(Operation {
        id: operation.id.clone(),
        method: name::escape_keyword(method),
        name,
        module,
        http_method: operation.method.as_str().to_owned(),
        path: operation.path.clone(),
        pointer: operation.pointer.clone(),
        docs: words,
        deprecated: operation.deprecated,
        security: operation
            .security
            .iter()
            .map(|group| group.iter().map(|requirement| requirement.scheme.clone()).collect())
            .collect(),
        repeatable: operation.idempotent.unwrap_or_else(|| operation.method.is_idempotent()),
        parameters,
        body,
        successes,
        errors,
        pages: None,
        waits: Vec::new(),
    })
}

fn style(parameter: &specs::Parameter) -> &'static str {
    // What is no JSON is text, and has no style of its own.
    match parameter.content_type.as_deref().map(essence) {
        Some(media_type) if media_type.ends_with("json") => return "Json",
        Some(_) => return "Simple",
        None => {}
    }
    style_name(parameter.style, parameter.explode)
}

/// The variant of the runtime's `Style`.
fn style_name(style: ParameterStyle, explode: bool) -> &'static str {
    match (style, explode) {
        (ParameterStyle::Form, true) => "FormExploded",
        (ParameterStyle::Form, false) => "Form",
        (ParameterStyle::Simple, true) => "SimpleExploded",
        (ParameterStyle::Simple, false) => "Simple",
        (ParameterStyle::SpaceDelimited, _) => "SpaceDelimited",
        (ParameterStyle::PipeDelimited, _) => "PipeDelimited",
        (ParameterStyle::DeepObject, _) => "DeepObject",
        (ParameterStyle::Label, true) => "LabelExploded",
        (ParameterStyle::Label, false) => "Label",
        (ParameterStyle::Matrix, true) => "MatrixExploded",
        (ParameterStyle::Matrix, false) => "Matrix",
    }
}

fn request_body(
    lowering: &mut Lowering<'_>,
    body: &specs::RequestBody,
    name: &str,
    method: &str,
    place: &dyn Fn(&str, &str) -> Place,
) -> Result<RequestBody, Error> {
    let mut variants = Scope::default();
    let mut forms = Vec::new();
    for media_type in &body.content {
        let essence = essence(&media_type.name);
        let schema = media_type.schema.as_ref().map(|schema| schema.pointer.clone());
        let (word, encoding, ty) = match (essence.as_str(), &schema) {
            (_, Some(pointer)) if media_type.is_json() => {
                ("Json", Encoding::Json, lowering.at(place(pointer, "body"))?.standing_alone())
            }
            (_, None) if media_type.is_json() => ("Json", Encoding::Json, Type::Any),
            ("multipart/form-data", Some(pointer)) => {
                match form(lowering, media_type, pointer, name, method)? {
                    Some(ty) => ("Multipart", Encoding::Multipart, ty),
                    None => ("Bytes", Encoding::Bytes, Type::Any),
                }
            }
            ("application/x-www-form-urlencoded", Some(pointer)) => {
                match form(lowering, media_type, pointer, name, method)? {
                    Some(ty) => ("UrlEncoded", Encoding::UrlEncoded, ty),
                    None => ("Bytes", Encoding::Bytes, Type::Any),
                }
            }
            (essence, _) if essence.starts_with("text/") => ("Text", Encoding::Text, Type::String),
            _ => ("Bytes", Encoding::Bytes, Type::Any),
        };
        // A range such as `image/*` names no type that could be sent.
        let media_type =
            if essence.contains('*') { "application/octet-stream" } else { media_type.name.as_str() };
        forms.push(BodyForm {
            variant: variants.claim(word),
            media_type: media_type.to_owned(),
            encoding,
            ty,
            converts: true,
            schema,
        });
    }
    let choice = (forms.len() > 1).then(|| format!("{name}Body"));
    Ok(RequestBody { required: body.required, choice, forms })
}

fn form(
    lowering: &mut Lowering<'_>,
    media_type: &MediaType,
    pointer: &str,
    name: &str,
    method: &str,
) -> Result<Option<Type>, Error> {
    let place = Place {
        pointer: pointer.to_owned(),
        name: format!("{name}Form"),
        module: name::module_name(&format!("{method}_form")),
        depth: 0,
    };
    let encodings = encodings(lowering, media_type);
    lowering.form(place, encodings)
}

/// What an Encoding Object says of a part.
pub(super) struct PartEncodings {
    /// The style, where there is one.
    style: Option<&'static str>,
    /// The first media type that is no range: of several one is as good as any.
    media_type: Option<String>,
}

impl PartEncodings {
    /// How a part of this type is written: a style goes before a media type where both are given, and says nothing
    /// of files.
    pub(super) fn of(self, ty: &Type) -> PartEncoding {
        let is_file = match ty {
            Type::Array(inner) => **inner == Type::File,
            ty => *ty == Type::File,
        };
        match (self.style, self.media_type) {
            (Some(style), _) if !is_file => PartEncoding::Style(style),
            (_, Some(media_type)) => PartEncoding::MediaType(media_type),
            _ => PartEncoding::Usual,
        }
    }
}

/// How the parts of a form are written that have an Encoding Object.
fn encodings(lowering: &mut Lowering<'_>, media_type: &MediaType) -> HashMap<String, PartEncodings> {
    let at = format!("{}/encoding", media_type.pointer);
    let members = lowering.contract.at(&at).and_then(Value::as_object);
    let mut encodings = HashMap::new();
    for (property, encoding) in members.into_iter().flatten() {
        let written = encoding.get("style").and_then(Value::as_str).and_then(ParameterStyle::from_key);
        let exploded = encoding.get("explode").and_then(Value::as_bool);
        let style = (written.is_some() || exploded.is_some()).then(|| {
            let written = written.unwrap_or(ParameterStyle::Form);
            style_name(written, exploded.unwrap_or(written == ParameterStyle::Form))
        });
        let media_types = encoding.get("contentType").and_then(Value::as_str).unwrap_or_default();
        let mut media_types = media_types.split(',').map(str::trim);
        let media_type = media_types.find(|it| !it.contains('*') && !it.is_empty()).map(str::to_owned);
        encodings.insert(property.clone(), PartEncodings { style, media_type });
        if encoding.get("headers").and_then(Value::as_object).is_some_and(|headers| !headers.is_empty()) {
            let pointer = format!("{}/headers", pointer::join(&at, property));
            lowering.notice_at(pointer, "says what headers a part of the form has; they are not sent");
        }
    }
    encodings
}

/// The media type without its parameters, in lower case.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn answers(
    lowering: &mut Lowering<'_>,
    operation: &specs::Operation,
    place: &dyn Fn(&str, &str) -> Place,
) -> Result<(Vec<Answer>, Vec<Answer>), Error> {
    let class = |status: &StatusSpec| match status {
        StatusSpec::Code(code) => code / 100,
        StatusSpec::Range(class) => u16::from(*class),
        StatusSpec::Default => 0,
    };
    // Where nothing else is documented, to be sent elsewhere is what the operation is for.
    let succeeds = operation.responses.iter().any(|response| class(&response.status) == 2);
    let successful = if succeeds { 2 } else { 3 };
    let is_success = |status: &StatusSpec| class(status) == successful;
    let alone = operation.responses.iter().filter(|response| is_success(&response.status)).count() == 1;
    let mut variants = Scope::default();
    let (mut successes, mut errors) = (Vec::new(), Vec::new());
    for response in &operation.responses {
        let (status, variant) = status_names(&response.status);
        let success = is_success(&response.status);
        let word = if success && alone { "response".to_owned() } else { format!("{variant} response") };
        let mut media_types = Vec::new();
        for media_type in response.content.iter().filter(|media_type| media_type.is_json()) {
            let ty = match &media_type.schema {
                Some(schema) => lowering.at(place(&schema.pointer, &word))?.standing_alone(),
                None => Type::Any,
            };
            media_types.push((media_type.name.clone(), ty));
        }
        let body = match (media_types.first(), response.content.first()) {
            (Some((_, ty)), _) => AnswerBody::Json(ty.clone()),
            (None, Some(media_type)) if is_text(media_type) => AnswerBody::Text,
            // A redirect and an error are short, whatever they say they are.
            (None, Some(media_type)) if success && successful == 2 && is_binary(media_type) => {
                AnswerBody::Stream
            }
            _ => AnswerBody::Raw,
        };
        let answer = Answer {
            status,
            variant: variants.claim(&variant),
            body,
            media_types,
            pointer: response.pointer.clone(),
            docs: docs::lines(Some(&response.description)),
        };
        if success { successes.push(answer) } else { errors.push(answer) }
    }
    // Exact statuses go before ranges (OpenAPI 3.0.4, "Responses Object").
    successes.sort_by_key(|answer| answer.status.ends_with("XX"));
    // Where only `default` is documented, it is what a success looks like as well.
    if successes.is_empty()
        && let Some(default) = errors.iter().find(|answer| answer.status == "default")
    {
        successes.push(Answer { status: "2XX".to_owned(), variant: "Success".to_owned(), ..default.clone() });
    }
    Ok((successes, errors))
}

/// Whether a media type is one of bytes that nobody reads as text.
fn is_binary(media_type: &MediaType) -> bool {
    const TEXT: [&str; 7] = ["graphql", "html", "javascript", "json", "urlencoded", "xml", "yaml"];
    let essence = essence(&media_type.name);
    let says_nothing =
        essence.starts_with('*') || essence == "application/*" || essence.starts_with("multipart/");
    !says_nothing && !is_text(media_type) && !TEXT.iter().any(|word| essence.contains(word))
}

fn is_text(media_type: &MediaType) -> bool {
    essence(&media_type.name).starts_with("text/")
}

/// The status as the contract writes it, and a variant's name for it.
fn status_names(status: &StatusSpec) -> (String, String) {
    match status {
        StatusSpec::Code(code) => {
            let phrase = reason(*code).map_or_else(|| format!("Status{code}"), name::variant_name);
            (code.to_string(), phrase)
        }
        StatusSpec::Range(class) => {
            let name = match class {
                1 => "Informational",
                2 => "Success",
                3 => "Redirection",
                4 => "ClientError",
                _ => "ServerError",
            };
            (format!("{class}XX"), name.to_owned())
        }
        StatusSpec::Default => ("default".to_owned(), "Default".to_owned()),
    }
}

/// The reason phrases of the HTTP Status Code Registry.
fn reason(code: u16) -> Option<&'static str> {
    Some(match code {
        100 => "Continue",
        101 => "Switching Protocols",
        103 => "Early Hints",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        207 => "Multi-Status",
        208 => "Already Reported",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        422 => "Unprocessable Entity",
        423 => "Locked",
        424 => "Failed Dependency",
        425 => "Too Early",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        507 => "Insufficient Storage",
        _ => return None,
    })
}
