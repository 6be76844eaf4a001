//! Supporting documents: taken as multipart or as JSON with Base64, counted, and forgotten. Only how far the proof
//! of the special enrollment period is stays behind.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use driftline_specs::Violation;
use serde_json::{Value, json};

use super::refusals::{ErrorDetail, contract_errors, json_body, no_application, refuse, refuse_with};
use super::store::Store;
use crate::answer::Answer;
use crate::call::{Call, Part, Payload};

/// What makes the review of a document end in denial: a file name that begins with this.
const DENIED: &str = "denied";

const MEDIA_TYPES: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];

/// `POST /api/v1/applications/{id}/supporting_documentation`. This operation states no 400, so whatever is
/// wrong with the body is a 422.
pub(super) fn upload(store: &mut Store, call: &Call<'_>, id: &str) -> Result<Answer, Answer> {
    let application = store.get(id).ok_or_else(|| no_application(id))?;
    let filename = match &call.payload {
        Payload::Multipart(parts) => from_parts(parts),
        payload => from_json(payload, &call.violations),
    }
    .map_err(|errors| refuse(422, &errors))?;
    if !application.state.takes_documents() {
        let message = format!("an application that is {} takes no documents", application.state.as_str());
        return Err(refuse_with(422, "invalid_field_value", message));
    }
    let document =
        store.upload(id, filename.starts_with(DENIED), call.now).ok_or_else(|| no_application(id))?;
    let body = json!({
        "document_id": format!("{id}-D{document:03}"),
        "application_id": id,
        "filename": filename,
        "document_type": "sep",
        "uploaded_at": call.now.to_string(),
    });
    Ok(Answer::json(201, body))
}

fn from_json(payload: &Payload, violations: &[Violation]) -> Result<String, Vec<ErrorDetail>> {
    let body = json_body(payload).map_err(|error| vec![error])?;
    if !violations.is_empty() {
        return Err(contract_errors(violations));
    }
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or("");
    if STANDARD.decode(text("/file/content_base64")).is_err() {
        let message = "the content is not valid Base64";
        return Err(vec![ErrorDetail::of_field("invalid_field_format", "file.content_base64", message)]);
    }
    Ok(text("/file/filename").to_owned())
}

fn from_parts(parts: &[Part]) -> Result<String, Vec<ErrorDetail>> {
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    let mut errors = Vec::new();
    match part("document_type").map(|part| part.bytes.as_ref()) {
        Some(b"sep") => {}
        Some(_) => {
            errors.push(ErrorDetail::of_field(
                "invalid_field_value",
                "document_type",
                "only `sep` is accepted",
            ));
        }
        None => errors.push(missing("document_type")),
    }
    let file = part("file");
    match file {
        None => errors.push(missing("file")),
        Some(file) if !is_accepted(file.content_type.as_deref()) => {
            let message = format!("a document is one of {}", MEDIA_TYPES.join(", "));
            errors.push(ErrorDetail::of_field("invalid_field_value", "file", message));
        }
        Some(_) => {}
    }
    let filename = file.and_then(|file| file.filename.clone());
    if errors.is_empty() { Ok(filename.unwrap_or_else(|| "document".to_owned())) } else { Err(errors) }
}

/// A part that does not say what it is passes: the contract does not make it say so.
fn is_accepted(content_type: Option<&str>) -> bool {
    let Some(content_type) = content_type else { return true };
    let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    essence == "application/octet-stream" || MEDIA_TYPES.contains(&essence.as_str())
}

fn missing(field: &str) -> ErrorDetail {
    ErrorDetail::of_field("missing_required_field", field, "this part is required")
}
