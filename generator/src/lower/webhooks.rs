//! What an API sends becomes methods that take it: the body's type, and how its signature is verified.

use driftline_specs::{self as specs, ParameterLocation, SignatureEncoding};

use super::Error;
use super::docs;
use super::name::{self, Scope};
use super::schema::{Lowering, Place};
use crate::ir::{Signature, Type, Webhook};
use crate::text::{code, first_sentence};

/// Lowers every webhook and callback that something can be made of, in the order of the contract.
pub(super) fn webhooks(lowering: &mut Lowering<'_>) -> Result<Vec<Webhook>, Error> {
    let contract = lowering.contract;
    let mut methods = Scope::with(&["new", "and", "clone"]);
    let mut webhooks = Vec::new();
    for webhook in contract.webhooks() {
        let body = body(lowering, webhook)?;
        if body.is_none() && webhook.signature.is_none() {
            let message = "is sent without a JSON body and without a signature; nothing is made of it";
            lowering.notice_at(webhook.pointer.clone(), message);
            continue;
        }
        let mut words = docs::lines(webhook.summary.as_deref());
        let description = docs::lines(webhook.description.as_deref());
        if description != words {
            description.iter().for_each(|line| match line.as_str() {
                "" => words.push(String::new()),
                line => docs::paragraph(&mut words, line),
            });
        }
        if webhook.provisional {
            docs::paragraph(
                &mut words,
                "**Provisional.** The vendor has not published all of it; the rest was inferred.",
            );
        }
        docs::paragraph(&mut words, &request(webhook));
        webhooks.push(Webhook {
            name: webhook.name.clone(),
            method: name::escape_keyword(methods.claim(&name::value_name(&webhook.name))),
            pointer: webhook.pointer.clone(),
            docs: words,
            deprecated: webhook.deprecated,
            body,
            signature: webhook.signature.as_ref().map(|signature| Signature {
                header: signature.header.clone(),
                encoding: match signature.encoding {
                    SignatureEncoding::Hex => "Hex",
                    SignatureEncoding::Base64 => "Base64",
                },
                prefix: signature.prefix.clone(),
            }),
        });
    }
    Ok(webhooks)
}

/// The type of the first JSON media type.
fn body(lowering: &mut Lowering<'_>, webhook: &specs::Webhook) -> Result<Option<Type>, Error> {
    let Some(body) = &webhook.request_body else { return Ok(None) };
    let Some(media_type) = body.content.iter().find(|media_type| media_type.is_json()) else {
        if !body.content.is_empty() {
            let message = "is the body of a webhook that is no JSON; it is not read";
            lowering.notice_at(body.pointer.clone(), message);
        }
        return Ok(None);
    };
    let Some(schema) = &media_type.schema else { return Ok(Some(Type::Any)) };
    let name = name::type_name(&format!("{} webhook", webhook.name));
    let module = name::module_name(&name);
    let place = Place { pointer: schema.pointer.clone(), name, module, depth: 0 };
    Ok(Some(lowering.at(place)?.standing_alone()))
}

/// What the request looks like, where it goes, and what to answer.
fn request(webhook: &specs::Webhook) -> String {
    let mut text = format!("Comes as `{}`", webhook.method);
    if let Some(expression) = &webhook.expression {
        text.push_str(&format!(" at `{}`", code(expression)));
    }
    if let Some(operation) = &webhook.callback_of {
        text.push_str(&format!(", after `{}` has asked for it", code(operation)));
    }
    text.push('.');
    let headers = webhook.parameters.iter().filter(|it| it.location == ParameterLocation::Header);
    let headers: Vec<_> = headers.map(|header| format!("`{}`", code(&header.name))).collect();
    if !headers.is_empty() {
        text.push_str(&format!(" Its headers: {}.", headers.join(", ")));
    }
    let answers = webhook.responses.iter().map(|response| {
        let words = docs::lines(Some(&response.description));
        match words.first().map(|line| first_sentence(line).trim_end_matches('.')) {
            Some(words) if !words.is_empty() => format!("`{}` ({words})", response.status),
            _ => format!("`{}`", response.status),
        }
    });
    let answers: Vec<_> = answers.collect();
    if !answers.is_empty() {
        text.push_str(&format!(" To be answered with {}.", answers.join(", ")));
    }
    text
}
