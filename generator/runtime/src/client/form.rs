//! `multipart/form-data` and `application/x-www-form-urlencoded` bodies.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::style::{Style, scalar};

/// The media type of values that are no text.
const JSON: &str = "application/json";

/// A file in a `multipart/form-data` body (RFC 7578 section 4.2).
#[derive(Clone, PartialEq, Eq)]
pub struct FilePart {
    pub(super) content: Bytes,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
}

impl FilePart {
    /// Makes a part of a file's bytes.
    pub fn new(content: impl Into<Bytes>) -> Self {
        Self { content: content.into(), file_name: None, content_type: None }
    }

    /// Sets the file's name.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, such as `application/pdf`; a malformed one is an error when the request is sent.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }
}

impl FilePart {
    /// Sets the media type that the contract gives to the part, unless there is one.
    #[doc(hidden)]
    pub fn or_content_type(mut self, media_type: &str) -> Self {
        self.content_type.get_or_insert_with(|| media_type.to_owned());
        self
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePart")
            .field("content", &format_args!("{} bytes", self.content.len()))
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

/// The parts of a form in the order of the contract.
#[derive(Debug, Default)]
pub struct Form {
    pub(super) parts: Vec<(Cow<'static, str>, Part)>,
    pub(super) refused: Option<String>,
}

pub(super) enum Part {
    Text(String),
    /// Text of a media type, such as JSON.
    Typed(String, &'static str),
    File(FilePart),
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("text"),
            Self::Typed(_, media_type) => f.write_str(media_type),
            Self::File(file) => file.fmt(f),
        }
    }
}

impl Form {
    /// Starts an empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value: a scalar as text, an array of scalars as one part an item, anything else as JSON (OpenAPI
    /// 3.0.4, section "Encoding Object", default content types).
    pub fn field<T: Serialize>(mut self, name: &'static str, value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Array(items)) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
                self.parts.extend(items.iter().map(|item| (name.into(), Part::Text(scalar(item)))));
            }
            Ok(value @ (Value::Array(_) | Value::Object(_))) => {
                self.parts.push((name.into(), Part::Typed(value.to_string(), JSON)));
            }
            Ok(value) => self.parts.push((name.into(), Part::Text(scalar(&value)))),
            Err(error) => self.refuse(name, &error),
        }
        self
    }

    fn refuse(&mut self, name: &str, error: &serde_json::Error) {
        self.refused = Some(format!("the form field `{name}` cannot be written: {error}"));
    }

    /// Adds a value, if there is one, in the way of a parameter (OpenAPI 3.0.4, section "Encoding Object", `style`).
    pub fn styled_field<T: Serialize>(mut self, name: &'static str, style: Style, value: Option<&T>) -> Self {
        let Some(value) = value else { return self };
        match serde_json::to_value(value) {
            Ok(value) => {
                let pairs = style.pairs(name, &value).into_iter();
                self.parts.extend(pairs.map(|(name, text)| (name.into(), Part::Text(text))));
            }
            Err(error) => self.refuse(name, &error),
        }
        self
    }

    /// Adds a value, if there is one, as text of a media type: JSON where that is JSON, else a scalar as it is.
    pub fn typed_field<T: Serialize>(
        mut self,
        name: &'static str,
        media_type: &'static str,
        value: Option<&T>,
    ) -> Self {
        let Some(value) = value else { return self };
        let is_json = media_type.contains("json");
        match serde_json::to_value(value) {
            Ok(Value::Array(items)) if !is_json => {
                let parts = items.iter().map(|item| (name.into(), Part::Typed(scalar(item), media_type)));
                self.parts.extend(parts);
            }
            Ok(value) => {
                let text = if is_json { value.to_string() } else { scalar(&value) };
                self.parts.push((name.into(), Part::Typed(text, media_type)));
            }
            Err(error) => self.refuse(name, &error),
        }
        self
    }

    /// Adds a value if there is one.
    pub fn optional_field<T: Serialize>(self, name: &'static str, value: Option<&T>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// Adds a file.
    pub fn file(mut self, name: &'static str, file: FilePart) -> Self {
        self.parts.push((name.into(), Part::File(file)));
        self
    }

    /// Adds a file if there is one.
    pub fn optional_file(self, name: &'static str, file: Option<FilePart>) -> Self {
        match file {
            Some(file) => self.file(name, file),
            None => self,
        }
    }

    pub(super) fn into_multipart(self) -> Result<reqwest::multipart::Form, String> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        self.parts.into_iter().try_fold(reqwest::multipart::Form::new(), |form, (name, part)| {
            let part = match part {
                Part::Text(text) => reqwest::multipart::Part::text(text),
                Part::Typed(text, media_type) => reqwest::multipart::Part::text(text)
                    .mime_str(media_type)
                    .map_err(|_| format!("`{media_type}` is no media type for the part `{name}`"))?,
                Part::File(file) => {
                    let length = file.content.len() as u64;
                    let mut part = reqwest::multipart::Part::stream_with_length(file.content, length);
                    if let Some(file_name) = file.file_name {
                        part = part.file_name(file_name);
                    }
                    let media_type =
                        file.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
                    part.mime_str(&media_type)
                        .map_err(|_| format!("`{media_type}` is no media type for the part `{name}`"))?
                }
            };
            Ok(form.part(name, part))
        })
    }

    pub(super) fn into_urlencoded(self) -> Result<String, String> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        for (name, part) in &self.parts {
            match part {
                Part::Text(value) | Part::Typed(value, _) => text.append_pair(name, value),
                Part::File(file) => text.append_pair(name, &String::from_utf8_lossy(&file.content)),
            };
        }
        Ok(text.finish())
    }
}
