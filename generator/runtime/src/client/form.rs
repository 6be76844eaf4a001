//! `multipart/form-data` and `application/x-www-form-urlencoded` bodies.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use futures_core::Stream;
use serde::Serialize;
use serde_json::Value;
use tokio::io::AsyncRead;

use super::error::BoxError;
use super::style::{Style, scalar};
use super::{Octets, TransportError};

/// The media type of values that are no text.
const JSON: &str = "application/json";

/// A file in a `multipart/form-data` body (RFC 7578 section 4.2).
///
/// ```no_run
/// # use driftline_runtime::FilePart;
/// # fn example(file: impl tokio::io::AsyncRead + Send + 'static, length: u64) {
/// let small = FilePart::new(b"%PDF".to_vec()).file_name("terms.pdf").content_type("application/pdf");
/// let large = FilePart::reader(file).length(length).file_name("scan.tiff");
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct FilePart {
    content: Octets,
    file_name: Option<String>,
    content_type: Option<String>,
}

impl FilePart {
    /// Makes a part of a file's bytes.
    pub fn new(content: impl Into<Octets>) -> Self {
        Self { content: content.into(), file_name: None, content_type: None }
    }

    /// Makes a part of the bytes of a stream, which is read while it is sent; see [`Octets::stream`].
    pub fn stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        Self::new(Octets::stream(stream))
    }

    /// Makes a part of what a reader gives, which is read while it is sent.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::new(Octets::reader(reader))
    }

    /// Says how many bytes the stream has, where that is known; see [`Octets::length`].
    pub fn length(mut self, bytes: u64) -> Self {
        self.content = self.content.length(bytes);
        self
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
            .field("content", &self.content)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

/// The parts of a form in the order of the contract.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub(super) parts: Vec<(Cow<'static, str>, Part)>,
    pub(super) refused: Option<String>,
}

#[derive(Clone)]
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

    /// Whether it can be sent more than once.
    pub(super) fn is_repeatable(&self) -> bool {
        self.parts.iter().all(|(_, part)| match part {
            Part::File(file) => file.content.is_repeatable(),
            Part::Text(_) | Part::Typed(..) => true,
        })
    }

    pub(super) fn to_multipart(&self) -> Result<reqwest::multipart::Form, TransportError> {
        let refuse = |reason: String| Err(TransportError::Request(reason));
        if let Some(refused) = &self.refused {
            return refuse(refused.clone());
        }
        let mut form = reqwest::multipart::Form::new();
        for (name, part) in &self.parts {
            let (part, media_type): (_, Option<&str>) = match part {
                Part::Text(text) => (reqwest::multipart::Part::text(text.clone()), None),
                Part::Typed(text, media_type) => {
                    (reqwest::multipart::Part::text(text.clone()), Some(*media_type))
                }
                Part::File(file) => {
                    let body = file.content.to_body()?;
                    let mut part = match file.content.known_length() {
                        Some(length) => reqwest::multipart::Part::stream_with_length(body, length),
                        None => reqwest::multipart::Part::stream(body),
                    };
                    if let Some(file_name) = &file.file_name {
                        part = part.file_name(file_name.clone());
                    }
                    (part, Some(file.content_type.as_deref().unwrap_or("application/octet-stream")))
                }
            };
            form = form.part(
                name.clone(),
                match media_type {
                    None => part,
                    Some(media_type) => match part.mime_str(media_type) {
                        Ok(part) => part,
                        Err(_) => {
                            return refuse(format!("`{media_type}` is no media type for the part `{name}`"));
                        }
                    },
                },
            );
        }
        Ok(form)
    }

    pub(super) fn into_urlencoded(self) -> Result<String, String> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        for (name, part) in &self.parts {
            match part {
                Part::Text(value) | Part::Typed(value, _) => text.append_pair(name, value),
                Part::File(file) => match file.content.in_memory() {
                    Some(content) => text.append_pair(name, &String::from_utf8_lossy(content)),
                    None => {
                        return Err(format!(
                            "the form field `{name}` is a stream, which only multipart can carry"
                        ));
                    }
                },
            };
        }
        Ok(text.finish())
    }
}
