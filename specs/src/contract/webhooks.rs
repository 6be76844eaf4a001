//! Webhooks and callbacks, and our extension `x-webhook-signature`.

use std::collections::HashSet;

use serde::Deserialize;

use super::table::{Place, Reader, Unusable};
use crate::loss::Refusal;
use crate::operation::{Method, Operation};
use crate::pointer;
use crate::webhook::{SignatureEncoding, Webhook, WebhookSignature};

const SIGNATURE: &str = "x-webhook-signature";

/// Reads what the API sends: the webhooks of the document, then the callbacks of its operations. Those that cannot be
/// read are added to the refusals.
pub(super) fn read(
    reader: &Reader<'_>,
    operations: &[Operation],
    refusals: &mut Vec<Refusal>,
) -> Vec<Webhook> {
    let root = reader.document();
    let usual = signature(reader, &root);
    let mut found = Found { reader, usual, webhooks: Vec::new(), seen: HashSet::new(), refusals };
    for (name, item) in root.members("x-webhooks").filter(|(name, _)| !name.starts_with("x-")) {
        found.item(&Sender { name, callback_of: None, expression: None }, item, None);
    }
    for operation in operations {
        let Some((at, members)) = reader.object(&pointer::join(&operation.pointer, "callbacks")) else {
            continue;
        };
        for (name, value) in members {
            let place = Place { pointer: pointer::join(&at, name), value };
            let Some(callback) = reader.follow(place) else { continue };
            let own = signature(reader, &callback);
            let items = callback.value.as_object().into_iter().flatten();
            for (expression, value) in items.filter(|(key, _)| !key.starts_with("x-") && *key != "$ref") {
                let sender = Sender { name, callback_of: Some(&operation.id), expression: Some(expression) };
                let item = Place { pointer: pointer::join(&callback.pointer, expression), value };
                found.item(&sender, item, own.as_ref());
            }
        }
    }
    found.webhooks
}

/// What a Path Item stands under.
struct Sender<'a> {
    name: &'a str,
    callback_of: Option<&'a str>,
    expression: Option<&'a str>,
}

struct Found<'a, 'd> {
    reader: &'a Reader<'d>,
    /// The signature of everything that has none of its own.
    usual: Option<WebhookSignature>,
    webhooks: Vec<Webhook>,
    /// Where operations stand that were read: one callback may be that of many operations.
    seen: HashSet<String>,
    refusals: &'a mut Vec<Refusal>,
}

impl<'d> Found<'_, 'd> {
    /// Reads every operation of a Path Item.
    fn item(&mut self, sender: &Sender<'_>, item: Place<'d>, of_callback: Option<&WebhookSignature>) {
        let Some(item) = self.reader.follow(item) else { return };
        let of_item = signature(self.reader, &item);
        let methods: Vec<Method> =
            Method::ALL.into_iter().filter(|method| item.member(method.as_key()).is_some()).collect();
        for method in &methods {
            let Some(place) = item.member(method.as_key()) else { continue };
            if !self.seen.insert(place.pointer.clone()) {
                continue;
            }
            let signature = signature(self.reader, &place)
                .or_else(|| of_item.clone())
                .or_else(|| of_callback.cloned())
                .or_else(|| self.usual.clone());
            let usual_name = if methods.len() > 1 {
                format!("{} {}", method.as_key(), sender.name)
            } else {
                sender.name.to_owned()
            };
            match self.reader.operation("", &item, place, *method, false) {
                Ok((operation, _)) => self.webhooks.push(Webhook {
                    name: if operation.id_derived { usual_name } else { operation.id },
                    callback_of: sender.callback_of.map(str::to_owned),
                    expression: sender.expression.map(str::to_owned),
                    method: operation.method,
                    pointer: operation.pointer,
                    summary: operation.summary,
                    description: operation.description,
                    deprecated: operation.deprecated,
                    provisional: operation.provisional,
                    parameters: operation.parameters,
                    request_body: operation.request_body,
                    responses: operation.responses,
                    signature,
                }),
                Err(Unusable { pointer, reason }) => {
                    let kind = if sender.callback_of.is_some() { "callbacks" } else { "webhooks" };
                    let operation = format!("{kind}/{}", sender.name);
                    self.refusals.push(Refusal { operation, pointer, reason });
                }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    header: String,
    algorithm: Algorithm,
    encoding: Encoding,
    #[serde(default)]
    prefix: String,
}

#[derive(Debug, Deserialize)]
enum Algorithm {
    #[serde(rename = "hmac-sha256")]
    HmacSha256,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Encoding {
    Hex,
    Base64,
}

/// Reads the extension of an object; one that says no scheme is left out, with a note.
fn signature(reader: &Reader<'_>, owner: &Place<'_>) -> Option<WebhookSignature> {
    let place = owner.member(SIGNATURE)?;
    let problem = match Written::deserialize(place.value) {
        Ok(Written { header, algorithm: Algorithm::HmacSha256, encoding, prefix }) => {
            let encoding = match encoding {
                Encoding::Hex => SignatureEncoding::Hex,
                Encoding::Base64 => SignatureEncoding::Base64,
            };
            if is_field_name(&header) {
                return Some(WebhookSignature { header, encoding, prefix });
            }
            "`header` is not the name of an HTTP header".to_owned()
        }
        Err(error) => error.to_string(),
    };
    let message = format!(
        "this is no `{SIGNATURE}`: {problem}; the signature is not verified (see `{SIGNATURE}` in specs/README.md)"
    );
    reader.mend(&place.pointer, message);
    None
}

/// Whether a text is a field name (RFC 9110 section 5.1).
fn is_field_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.len() <= 256 && text.bytes().all(allowed)
}
