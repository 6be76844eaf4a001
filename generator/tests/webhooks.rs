//! What an API sends becomes methods that verify and read it.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use driftline_generator::{Generated, Settings, generate};
use driftline_specs::Contract;

fn generated(name: &str, text: &str) -> Generated {
    let contract = Contract::from_text(&format!("{name}.yaml"), text).unwrap();
    generate(&contract, &Settings::new(name, name, format!("{name}.yaml"))).unwrap()
}

fn receiver(generated: &Generated) -> &str {
    generated.tree.get("src/webhooks.rs").unwrap()
}

/// The lines of the method, from its first line of documentation.
fn method<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.starts_with(&format!("pub fn {name}("))).unwrap();
    let begin = lines[..at].iter().rposition(|line| line.is_empty()).unwrap() + 1;
    let end = at + lines[at..].iter().position(|line| *line == "}").unwrap();
    lines[begin..end].to_vec()
}

#[test]
fn a_signed_webhook_is_verified_before_it_is_read() {
    let generated = generated("webhooks", include_str!("specimens/webhooks.yaml"));
    assert_eq!(
        method(receiver(&generated), "new2"),
        [
            "/// Something is new.",
            "///",
            "/// Comes as `POST`. Its headers: `X-Event`. To be answered with `204` (Taken), `4XX`.",
            "///",
            "/// # Errors",
            "///",
            "/// Fails when the signature in `X-Signature` is missing or wrong, and when the body is not the",
            "/// documented one.",
            "pub fn new2(&self, headers: &HeaderMap, body: &[u8]) -> Result<models::Event, WebhookError> {",
            "self.secrets.receive(&SIGNATURE, headers, body)",
        ]
    );
}

#[test]
fn a_callback_says_who_asks_for_it_and_where_it_comes() {
    let generated = generated("webhooks", include_str!("specimens/webhooks.yaml"));
    let done = method(receiver(&generated), "done");
    assert_eq!(done[0], "/// Comes as `POST` at `{$request.body#/url}`, after `createJob` has asked for it.");
}

#[test]
fn a_webhook_without_a_json_body_is_only_verified() {
    let generated = generated("webhooks", include_str!("specimens/webhooks.yaml"));
    for (name, signature) in [("ping", "SIGNATURE_2"), ("form", "SIGNATURE")] {
        let lines = method(receiver(&generated), name);
        assert_eq!(*lines.last().unwrap(), format!("self.secrets.verify(&{signature}, headers, body)"));
        assert!(lines.iter().any(|line| line.ends_with("-> Result<(), WebhookError> {")), "{lines:?}");
    }
    assert!(receiver(&generated).contains(r#"prefix: "v1=\"\\","#));
    let notices: Vec<_> = generated.krate.notices.iter().map(|notice| notice.pointer.as_str()).collect();
    assert_eq!(notices, ["#/x-webhooks/form/post/requestBody"]);
}

#[test]
fn what_is_not_signed_is_taken_without_a_secret_and_says_so() {
    let generated = generated("unsigned", include_str!("specimens/unsigned.yaml"));
    let lines = method(receiver(&generated), "job_done");
    assert!(lines.contains(&"/// The contract names no signature for it."));
    assert!(
        lines.contains(&"pub fn job_done(body: &[u8]) -> Result<models::JobDoneWebhook, WebhookError> {")
    );
    assert!(!receiver(&generated).contains("Secrets"));
    let notices: Vec<_> = generated.krate.notices.iter().map(|notice| notice.pointer.as_str()).collect();
    assert_eq!(notices, ["#/x-webhooks/silent/post"]);
}

#[test]
fn what_a_webhook_carries_is_not_required_to_have_what_only_requests_have() {
    let generated = generated("webhooks", include_str!("specimens/webhooks.yaml"));
    let event = generated.tree.get("src/models/event.rs").unwrap();
    assert!(event.contains("pub secret: Option<String>"), "{event}");
    assert!(event.contains("pub id: String"), "{event}");
}

#[test]
fn a_crate_without_webhooks_has_nothing_of_them() {
    let generated = generated("petstore", include_str!("specimens/petstore.yaml"));
    assert!(generated.tree.get("src/webhooks.rs").is_none());
    for file in ["Cargo.toml", "src/lib.rs"] {
        assert!(!generated.tree.get(file).unwrap().to_lowercase().contains("webhook"), "{file}");
    }
}
