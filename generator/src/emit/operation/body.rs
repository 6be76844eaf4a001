//! Bodies of requests: how they are passed and sent, and the choice where there are several forms.

use crate::emit::source::{Source, literal};
use crate::emit::types::qualified;
use crate::ir::{BodyForm, Encoding, Operation, RequestBody};
use crate::text::code;

/// How a body is passed to the client's method or to the setter `body`.
pub(super) fn passed(body: &RequestBody) -> String {
    match (&body.choice, body.forms.first()) {
        (Some(choice), _) => format!("impl Into<{choice}>"),
        (None, Some(form)) => match form.encoding {
            Encoding::Json => format!("&{}", qualified(&form.ty)),
            Encoding::Multipart | Encoding::UrlEncoded => qualified(&form.ty).to_string(),
            Encoding::Text => "impl Into<String>".to_owned(),
            Encoding::Bytes => "impl Into<Octets>".to_owned(),
        },
        (None, None) => "impl Into<Octets>".to_owned(),
    }
}

/// Puts `body` into `request`.
pub(super) fn set(source: &mut Source, body: &RequestBody) {
    match (&body.choice, body.forms.first()) {
        (Some(choice), _) => {
            source.open(format_args!("match body.into() {{"));
            for form in &body.forms {
                // A variant holds its body, where a lone JSON body is borrowed.
                let value = if form.encoding == Encoding::Json { "&body" } else { "body" };
                source.line(format_args!("{choice}::{}(body) => {},", form.variant, set_form(form, value)));
            }
            source.close("}");
        }
        (None, Some(form)) => {
            let body = match form.encoding {
                Encoding::Text => "Into::<String>::into(body)",
                _ => "body",
            };
            source.line(format_args!("{};", set_form(form, body)));
        }
        (None, None) => source.line(format_args!("request.bytes(\"application/octet-stream\", body);")),
    }
}

/// Puts one form of a body into `request`; `body` is an expression of what it is written from.
fn set_form(form: &BodyForm, body: &str) -> String {
    let media_type = literal(&form.media_type);
    match form.encoding {
        Encoding::Json => format!("request.json({media_type}, {body})"),
        Encoding::Multipart => format!("request.multipart({body}.into_form())"),
        Encoding::UrlEncoded => format!("request.urlencoded({body}.into_form())"),
        Encoding::Text | Encoding::Bytes => format!("request.bytes({media_type}, {body})"),
    }
}

/// Writes the enum of the forms in which a body can be sent, if there are several.
pub(super) fn choice(source: &mut Source, operation: &Operation) {
    let Some(RequestBody { choice: Some(name), forms, .. }) = &operation.body else { return };
    source.separate();
    source.doc(format_args!("The forms in which the body of [`{}`] can be sent.", operation.name));
    source.line(format_args!("#[derive(Debug, Clone, PartialEq)]"));
    source.line(format_args!("#[non_exhaustive]"));
    source.open(format_args!("pub enum {name} {{"));
    for form in forms {
        source.doc(format_args!("As `{}`.", code(&form.media_type)));
        source.line(format_args!("{}({}),", form.variant, owned(form)));
    }
    source.close("}");
    for form in forms.iter().filter(|form| form.converts) {
        let ty = owned(form);
        source.separate();
        source.open(format_args!("impl From<{ty}> for {name} {{"));
        source.open(format_args!("fn from(body: {ty}) -> Self {{"));
        source.line(format_args!("Self::{}(body)", form.variant));
        source.close("}");
        source.close("}");
    }
}

fn owned(form: &BodyForm) -> String {
    match form.encoding {
        Encoding::Text => "String".to_owned(),
        Encoding::Bytes => "Octets".to_owned(),
        _ => qualified(&form.ty).to_string(),
    }
}
