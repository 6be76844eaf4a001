//! Supporting documents, as multipart and as JSON, and what becomes of the proof.

use serde_json::{Value, json};

use super::{act, changed, create, get, status, submitted, with};
use crate::support::{Bench, Reply, Send};
use crate::tour::{document, ready};

/// An application whose carrier wants a proof before it effectuates coverage.
fn to_be_proven() -> Value {
    let body = with("/plan_hios_id", json!("00010TX0010001"));
    changed(body, "/special_enrollment_period/event_type", json!("loss_of_mec"))
}

async fn upload(bench: &Bench, id: &str, body: impl Into<Send>) -> Reply {
    bench.call("uploadSupportingDocumentation", &[id], &[], body).await
}

fn part(name: &str, attributes: &str, content: &str) -> String {
    format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{attributes}\r\n\r\n{content}\r\n")
}

fn multipart(parts: &[String]) -> Send {
    Send::Raw("multipart/form-data; boundary=edge", format!("{}--edge--\r\n", parts.concat()).into_bytes())
}

#[tokio::test]
async fn a_document_can_be_json_or_multipart() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, to_be_proven()).await;
    let json = upload(&bench, &id, document("letter.pdf")).await;
    assert_eq!((json.status, json.text_at("/filename")), (201, "letter.pdf"));
    assert_eq!(json.text_at("/document_type"), "sep");
    let file = "; filename=\"scan.png\"\r\nContent-Type: image/png";
    let parts = [part("file", file, "not really an image"), part("document_type", "", "sep")];
    let form = upload(&bench, &id, multipart(&parts)).await;
    assert_eq!((form.status, form.text_at("/filename")), (201, "scan.png"));
    assert_ne!(json.at("/document_id"), form.at("/document_id"));
}

#[tokio::test]
async fn a_document_that_is_wrong_is_a_422() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, to_be_proven()).await;
    let with = |pointer: &str, value: Value| changed(document("a.pdf"), pointer, value);
    let file = |kind: &str| part("file", &format!("; filename=\"a\"\r\nContent-Type: {kind}"), "x");
    let cases: Vec<(Send, &str, Value)> = vec![
        (Send::Nothing, "missing_required_field", Value::Null),
        (Send::Raw("application/json", b"{".to_vec()), "invalid_field_format", Value::Null),
        (Send::Raw("application/pdf", b"%PDF".to_vec()), "invalid_field_format", Value::Null),
        (json!({"document_type": "sep"}).into(), "missing_required_field", json!("file")),
        (with("/document_type", json!("id")).into(), "invalid_field_value", json!("document_type")),
        (
            with("/file/content_type", json!("text/plain")).into(),
            "invalid_field_value",
            json!("file.content_type"),
        ),
        (
            with("/file/content_base64", json!("not base64!")).into(),
            "invalid_field_format",
            json!("file.content_base64"),
        ),
        (multipart(&[part("document_type", "", "sep")]), "missing_required_field", json!("file")),
        (multipart(&[file("image/png")]), "missing_required_field", json!("document_type")),
        (
            multipart(&[file("image/png"), part("document_type", "", "id")]),
            "invalid_field_value",
            json!("document_type"),
        ),
        (
            multipart(&[file("text/html"), part("document_type", "", "sep")]),
            "invalid_field_value",
            json!("file"),
        ),
        (Send::Raw("multipart/form-data", b"x".to_vec()), "invalid_field_format", Value::Null),
        (
            Send::Raw("multipart/form-data; boundary=edge", b"--edge\r\nbroken".to_vec()),
            "invalid_field_format",
            Value::Null,
        ),
    ];
    for (body, code, field) in cases {
        let reply = upload(&bench, &id, body.clone()).await;
        assert_eq!(reply.status, 422, "{body:?}");
        assert_eq!(
            (reply.text_at("/errors/0/code"), reply.at("/errors/0/field")),
            (code, &field),
            "{body:?}"
        );
    }
    assert_eq!(get(&bench, &id).await.text_at("/document_status"), "required");
}

#[tokio::test]
async fn coverage_waits_for_a_verified_document() {
    let bench = Bench::of("enrollconnect").await;
    let id = submitted(&bench, to_be_proven()).await;
    let pending = get(&bench, &id).await;
    assert_eq!(pending.text_at("/document_status"), "required");
    assert!(pending.each("/next_actions", "/rel").contains(&"upload_supporting_documentation"));
    bench.advance(100_000);
    assert_eq!(status(&bench, &id).await, "pending_effectuation");
    upload(&bench, &id, document("letter.pdf")).await;
    assert_eq!(get(&bench, &id).await.text_at("/document_status"), "uploaded");
    bench.advance(120);
    assert_eq!(get(&bench, &id).await.text_at("/document_status"), "verified");
    assert_eq!(status(&bench, &id).await, "pending_effectuation");
    bench.advance(120);
    assert_eq!(status(&bench, &id).await, "effectuated");
}

#[tokio::test]
async fn a_denied_document_can_be_made_good() {
    let bench = Bench::of("enrollconnect").await;
    let id = submitted(&bench, to_be_proven()).await;
    upload(&bench, &id, document("denied-letter.pdf")).await;
    bench.advance(1000);
    let denied = get(&bench, &id).await;
    assert_eq!(denied.text_at("/document_status"), "denied");
    assert_eq!(denied.text_at("/policy_status"), "pending_effectuation");
    assert!(denied.each("/next_actions", "/rel").contains(&"upload_supporting_documentation"));
    upload(&bench, &id, document("letter.pdf")).await;
    bench.advance(1000);
    assert_eq!(status(&bench, &id).await, "effectuated");
}

#[tokio::test]
async fn the_last_document_is_the_one_that_is_reviewed() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, to_be_proven()).await;
    upload(&bench, &id, document("denied.pdf")).await;
    bench.advance(60);
    upload(&bench, &id, document("letter.pdf")).await;
    bench.advance(100);
    assert_eq!(get(&bench, &id).await.text_at("/document_status"), "uploaded");
    bench.advance(100);
    assert_eq!(get(&bench, &id).await.text_at("/document_status"), "verified");
}

#[tokio::test]
async fn the_need_for_a_document_follows_the_event() {
    let bench = Bench::of("enrollconnect").await;
    let id = create(&bench, to_be_proven()).await;
    assert_eq!(get(&bench, &id).await.text_at("/document_status"), "required");
    let other = changed(to_be_proven(), "/special_enrollment_period/event_type", json!("offered_ichra"));
    let updated = bench.call("updateApplication", &[&id], &[], other).await;
    assert_eq!(updated.text_at("/document_status"), "none_needed");
}

#[tokio::test]
async fn what_is_decided_takes_no_documents() {
    let bench = Bench::of("enrollconnect").await;
    let id = submitted(&bench, ready()).await;
    act(&bench, "cancelApplication", &id).await;
    assert_eq!(upload(&bench, &id, document("letter.pdf")).await.status, 422);
    assert_eq!(upload(&bench, "HSA000000001", document("letter.pdf")).await.status, 422);
}
