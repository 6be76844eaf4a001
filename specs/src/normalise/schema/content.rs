//! Texts that carry something else: `contentEncoding` and `contentMediaType` of 3.1, `type: file` of 2.0.

use serde_json::{Value, json};

use super::Schema;

pub(super) fn rewrite(schema: &mut Schema<'_>) {
    let text = |schema: &Schema<'_>, key: &str| {
        schema.members.get(key).and_then(Value::as_str).map(str::to_ascii_lowercase)
    };
    if text(schema, "type").as_deref() == Some("file") {
        schema.set("type", json!("string"));
        schema.set("format", json!("binary"));
    }
    let encoding = text(schema, "contentEncoding");
    let media_type = text(schema, "contentMediaType");
    if encoding.is_none() && media_type.is_none() {
        return;
    }
    match encoding.as_deref() {
        Some("base64") => {
            schema.set_new("format", json!("byte"));
            schema.keep("contentEncoding", "x-content-encoding");
        }
        Some("binary") => {
            schema.set_new("format", json!("binary"));
            schema.keep("contentEncoding", "x-content-encoding");
        }
        Some("7bit" | "8bit" | "identity" | "utf-8") => schema.keep("contentEncoding", "x-content-encoding"),
        Some(_) => schema.lose(
            "contentEncoding",
            "x-content-encoding",
            "OpenAPI 3.0 knows no encoding of texts but base64; the text is taken as it is",
        ),
        // Text that is text needs no word; anything else without an encoding is bytes.
        None if media_type.as_deref().is_some_and(is_binary) => schema.set_new("format", json!("binary")),
        None => {}
    }
    schema.keep("contentMediaType", "x-content-media-type");
    schema.lose(
        "contentSchema",
        "x-content-schema",
        "OpenAPI 3.0 cannot say what is encoded in a text; it is taken as text",
    );
}

fn is_binary(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let structured = ["json", "xml", "yaml", "x-www-form-urlencoded", "javascript", "jwt"];
    !essence.starts_with("text/") && !structured.iter().any(|suffix| essence.ends_with(suffix))
}
