//! What an API sends: webhooks, callbacks, and how they are signed.

use driftline_specs::{Contract, SignatureEncoding, Webhook};

fn load(text: &str) -> Contract {
    Contract::from_text("t.yaml", text).expect("loads")
}

fn named<'c>(contract: &'c Contract, name: &str) -> &'c Webhook {
    contract.webhooks().iter().find(|webhook| webhook.name == name).expect("is there")
}

const WEBHOOKS: &str = "openapi: 3.1.0
info: {title: T, version: '1'}
x-webhook-signature: {header: X-Signature, algorithm: hmac-sha256, encoding: hex, prefix: sha256=}
webhooks:
  done:
    post:
      summary: A job is done.
      requestBody: {content: {application/json: {schema: {type: [string, 'null']}}}}
      responses: {'204': {description: taken}}
  shared: {$ref: '#/components/pathItems/Both'}
  broken: {post: {parameters: [{name: x}]}}
paths:
  /jobs:
    post:
      operationId: createJob
      responses: {}
      callbacks:
        progress:
          x-webhook-signature: {header: Signature, algorithm: hmac-sha256, encoding: base64}
          '{$request.body#/url}': {post: {requestBody: {$ref: '#/components/requestBodies/Progress'}, responses: {}}}
        common: {$ref: '#/components/callbacks/Common'}
    put:
      operationId: replaceJob
      responses: {}
      callbacks: {common: {$ref: '#/components/callbacks/Common'}}
components:
  requestBodies:
    Progress: {content: {application/json: {schema: {type: integer}}}}
  callbacks:
    Common: {'{$request.query.url}': {post: {operationId: commonEvent, responses: {}}}}
  pathItems:
    Both: {post: {responses: {}}, put: {operationId: replaced, responses: {}}}
";

#[test]
fn webhooks_come_first_and_then_callbacks_each_once() {
    let contract = load(WEBHOOKS);
    let names: Vec<_> = contract.webhooks().iter().map(|webhook| webhook.name.as_str()).collect();
    assert_eq!(names, ["done", "replaced", "post shared", "progress", "commonEvent"]);
    assert_eq!(named(&contract, "done").callback_of, None);
    let progress = named(&contract, "progress");
    assert_eq!(progress.callback_of.as_deref(), Some("createJob"));
    assert_eq!(progress.expression.as_deref(), Some("{$request.body#/url}"));
    let body = progress.request_body.as_ref().expect("has a body");
    assert_eq!(body.pointer, "#/components/requestBodies/Progress");
    assert_eq!(named(&contract, "commonEvent").callback_of.as_deref(), Some("createJob"));
    assert_eq!(contract.operations().len(), 2);
}

#[test]
fn what_a_webhook_carries_is_normalised_and_keeps_its_line() {
    let contract = load(WEBHOOKS);
    let schema = "#/x-webhooks/done/post/requestBody/content/application~1json/schema";
    assert_eq!(contract.at(schema).and_then(|schema| schema.get("nullable")), Some(&true.into()));
    assert_eq!(contract.position(schema).expect("known").line, 8);
}

#[test]
fn the_nearest_signature_counts() {
    let contract = load(WEBHOOKS);
    let usual = named(&contract, "done").signature.as_ref().expect("is signed");
    assert_eq!((usual.header.as_str(), usual.prefix.as_str()), ("X-Signature", "sha256="));
    assert_eq!(usual.encoding, SignatureEncoding::Hex);
    let own = named(&contract, "progress").signature.as_ref().expect("is signed");
    assert_eq!((own.header.as_str(), own.encoding), ("Signature", SignatureEncoding::Base64));
    assert_eq!(named(&contract, "commonEvent").signature.as_ref(), Some(usual));
}

#[test]
fn a_webhook_that_cannot_be_read_is_left_out_by_name() {
    let contract = load(WEBHOOKS);
    let [refusal] = contract.refusals() else { panic!("one refusal: {:?}", contract.refusals()) };
    assert_eq!(refusal.operation, "webhooks/broken");
    assert_eq!(refusal.pointer, "#/x-webhooks/broken/post/parameters/0");
}

#[test]
fn a_signature_of_another_scheme_is_told_and_not_guessed() {
    for (written, problem) in [
        ("{header: S, algorithm: hmac-md5, encoding: hex}", "hmac-md5"),
        ("{header: S, algorithm: hmac-sha256}", "encoding"),
        ("{header: 'a b', algorithm: hmac-sha256, encoding: hex}", "`header` is not the name"),
        ("soon", "invalid type"),
    ] {
        let contract = load(&format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\nx-webhooks:\n  done: {{post: {{responses: {{}}, \
             x-webhook-signature: {written}}}}}\n"
        ));
        assert_eq!(named(&contract, "done").signature, None);
        let [loss] = contract.losses() else { panic!("one loss: {:?}", contract.losses()) };
        assert!(loss.message.contains(problem), "{}", loss.message);
        assert!(contract.refuse_faults().is_err());
    }
}
