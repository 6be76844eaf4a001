//! Reads media types and what else has parameters, as far as masking has to.

/// The type without its parameters, in small letters.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

pub(super) fn is_form(media_type: &str) -> bool {
    essence(media_type) == "application/x-www-form-urlencoded"
}

/// Whether it is the type of a file that no text is in, even if its bytes happen to be one.
pub(super) fn is_binary(media_type: &str) -> bool {
    let essence = essence(media_type);
    ["image/", "audio/", "video/", "font/"].iter().any(|it| essence.starts_with(it))
        || matches!(
            essence.as_str(),
            "application/pdf"
                | "application/octet-stream"
                | "application/zip"
                | "application/msword"
                | "application/gzip"
        )
        || essence.starts_with("application/vnd.openxmlformats")
        || essence.starts_with("application/vnd.ms-")
}

/// Returns a parameter of a media type or of `Content-Disposition`, without its quotes.
pub(super) fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|it| {
        let (key, value) = it.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}
