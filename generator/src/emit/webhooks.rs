//! What takes the API's webhooks: the counterpart of the client, with a method each.

use std::collections::BTreeSet;

use super::source::{Source, literal};
use super::types::{qualified, runtime_names};
use crate::ir::{Crate, Signature, Type, Webhook};
use crate::text::{code, inline};

/// Emits `src/webhooks.rs`.
pub(super) fn webhooks(krate: &Crate, header: &str) -> String {
    let mut source = Source::new(header, &[]);
    let signatures = signatures(krate);
    let mut runtime = BTreeSet::from(["WebhookError"]);
    let mut named = BTreeSet::new();
    for ty in krate.webhooks.iter().filter_map(|webhook| webhook.body.as_ref()) {
        runtime_names(ty, &mut runtime);
        ty.named(&mut named);
    }
    let signed = !signatures.is_empty();
    if signed {
        runtime.extend(["Credential", "Signature", "SignatureEncoding", "WebhookSecrets"]);
    }
    source.import("driftline_runtime", runtime);
    if signed {
        source.import("driftline_runtime::http", ["HeaderMap"]);
    }
    source.separate();
    if !named.is_empty() {
        source.import("crate", ["models"]);
        source.separate();
    }
    for (index, signature) in signatures.iter().enumerate() {
        source.open(format_args!("static {}: Signature = Signature {{", constant(index)));
        source.line(format_args!("header: {},", literal(&signature.header)));
        source.line(format_args!("encoding: SignatureEncoding::{},", signature.encoding));
        source.line(format_args!("prefix: {},", literal(&signature.prefix)));
        source.close("};");
    }
    source.separate();
    receiver(&mut source, krate, signed);
    source.open(format_args!("impl Webhooks {{"));
    if signed {
        constructors(&mut source);
    }
    for webhook in &krate.webhooks {
        let signature = webhook.signature.as_ref();
        let index = signature.and_then(|own| signatures.iter().position(|signature| *signature == own));
        method(&mut source, webhook, signature.zip(index));
    }
    source.close("}");
    source.finish()
}

/// The ways in which the webhooks are signed.
fn signatures(krate: &Crate) -> Vec<&Signature> {
    let mut signatures: Vec<&Signature> = Vec::new();
    for signature in krate.webhooks.iter().filter_map(|webhook| webhook.signature.as_ref()) {
        if !signatures.contains(&signature) {
            signatures.push(signature);
        }
    }
    signatures
}

fn constant(index: usize) -> String {
    match index {
        0 => "SIGNATURE".to_owned(),
        index => format!("SIGNATURE_{}", index + 1),
    }
}

fn receiver(source: &mut Source, krate: &Crate, signed: bool) {
    let mut words = vec![format!("Takes what {} sends.", inline(&krate.title)), String::new()];
    words.push(if signed {
        "A body is read only after its signature has been verified; keep its bytes as they came, since the signature is \
         over these. A sender that gets no answer sends again, so be ready to see a webhook twice. Clones share the \
         secrets, which do not print."
            .to_owned()
    } else {
        "The contract names no signature: see to it in another way that nobody else sends them. A sender that gets no \
         answer sends again, so be ready to see a webhook twice."
            .to_owned()
    });
    source.docs(&words);
    source.line(format_args!("#[derive(Debug, Clone)]"));
    if signed {
        source.open(format_args!("pub struct Webhooks {{"));
        source.line(format_args!("secrets: WebhookSecrets,"));
        source.close("}");
    } else {
        source.line(format_args!("pub struct Webhooks {{}}"));
    }
    source.separate();
}

fn constructors(source: &mut Source) {
    source.doc(format_args!(
        "Starts with the secret that webhooks are signed with. An empty one verifies nothing."
    ));
    source.open(format_args!("pub fn new(secret: impl Into<Credential>) -> Self {{"));
    source.line(format_args!("Self {{ secrets: WebhookSecrets::new(secret) }}"));
    source.close("}");
    source.separate();
    source.doc(format_args!("Takes what is signed with this secret, too: while one replaces another."));
    source.open(format_args!("pub fn and(self, secret: impl Into<Credential>) -> Self {{"));
    source.line(format_args!("Self {{ secrets: self.secrets.and(secret) }}"));
    source.close("}");
}

fn method(source: &mut Source, webhook: &Webhook, signed: Option<(&Signature, usize)>) {
    source.separate();
    source.docs(&webhook.docs);
    if signed.is_none() {
        source.docs(&[String::new(), "The contract names no signature for it.".to_owned()]);
    }
    let errors = match (signed, &webhook.body) {
        (Some((signature, _)), Some(_)) => format!(
            "Fails when the signature in `{}` is missing or wrong, and when the body is not the documented one.",
            code(&signature.header)
        ),
        (Some((signature, _)), None) => {
            format!("Fails when the signature in `{}` is missing or wrong.", code(&signature.header))
        }
        (None, _) => "Fails when the body is not the documented one.".to_owned(),
    };
    source.docs(&["".to_owned(), "# Errors".to_owned(), "".to_owned(), errors]);
    source.deprecated(webhook.deprecated);
    let head = format!("pub fn {}", webhook.method);
    let body = webhook.body.as_ref();
    let result = body.map_or_else(|| "()".to_owned(), |ty: &Type| qualified(ty).to_string());
    let result = format!(" -> Result<{result}, WebhookError>");
    match signed {
        Some((_, index)) => {
            let arguments = ["&self", "headers: &HeaderMap", "body: &[u8]"].map(str::to_owned);
            source.function(&head, &arguments, &result);
            let verb = if body.is_some() { "receive" } else { "verify" };
            source.line(format_args!("self.secrets.{verb}(&{}, headers, body)", constant(index)));
        }
        None => {
            source.function(&head, &["body: &[u8]".to_owned()], &result);
            source.line(format_args!("Ok(driftline_runtime::decode::from_slice(body)?)"));
        }
    }
    source.close("}");
}
