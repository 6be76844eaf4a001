//! One exchange of a recording, as it is read.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use har::v1_2::{Entries, Headers, Params};
use url::form_urlencoded::Serializer;

use super::parts::{Answer, Ask, BASE64, Parts, field};

/// One exchange of a recording.
#[derive(Clone, Copy)]
pub struct Entry<'r> {
    entry: &'r Entries,
}

impl<'r> Entry<'r> {
    pub(super) fn new(entry: &'r Entries) -> Self {
        Self { entry }
    }

    /// Returns the id of the workflow that the exchange belongs to.
    pub fn workflow(&self) -> Option<&'r str> {
        self.entry.pageref.as_deref()
    }

    /// Returns the id of the step; in imported traffic, that of the operation.
    pub fn step(&self) -> Option<&'r str> {
        self.entry.comment.as_deref()
    }

    /// Returns when the request was sent, as the file has it.
    pub fn started(&self) -> &'r str {
        &self.entry.started_date_time
    }

    /// Returns how long it took until the answer was there; nothing, where the file does not know.
    pub fn elapsed(&self) -> Duration {
        Duration::try_from_secs_f64(self.entry.time.max(0.0) / 1000.0).unwrap_or_default()
    }

    /// Returns the request's method.
    pub fn method(&self) -> &'r str {
        &self.entry.request.method
    }

    /// Returns the request's absolute URL.
    pub fn url(&self) -> &'r str {
        &self.entry.request.url
    }

    /// Returns the request's header fields in their order, without what HTTP/2 writes among them (`:path`).
    pub fn request_headers(&self) -> impl Iterator<Item = (&'r str, &'r str)> + use<'r> {
        fields(&self.entry.request.headers)
    }

    /// Returns the first value of a header field of the request.
    pub fn request_header(&self, name: &str) -> Option<&'r str> {
        field(self.request_headers(), name)
    }

    /// Returns the media type of the request's body, with its parameters; nothing where there is no body.
    pub fn request_media_type(&self) -> Option<&'r str> {
        let stated = self.entry.request.post_data.as_ref()?.mime_type.as_str();
        if stated.is_empty() { self.request_header("content-type") } else { Some(stated) }
    }

    /// Returns the bytes of the request's body. A form that the file has as parameters is written out.
    pub fn request_body(&self) -> Option<Cow<'r, [u8]>> {
        let data = self.entry.request.post_data.as_ref()?;
        if let Some(text) = &data.text {
            return Some(bytes(text, data.comment.as_deref() == Some(BASE64)));
        }
        let params = data.params.as_deref().unwrap_or_default();
        Some(Cow::Owned(match boundary(&data.mime_type) {
            Some(boundary) => multipart(params, boundary),
            None => form(params),
        }))
    }

    /// Returns the status of the answer.
    pub fn status(&self) -> u16 {
        u16::try_from(self.entry.response.status).unwrap_or_default()
    }

    /// Returns the answer's header fields in their order, without what HTTP/2 writes among them (`:status`).
    pub fn response_headers(&self) -> impl Iterator<Item = (&'r str, &'r str)> + use<'r> {
        fields(&self.entry.response.headers)
    }

    /// Returns the first value of a header field of the answer.
    pub fn response_header(&self, name: &str) -> Option<&'r str> {
        field(self.response_headers(), name)
    }

    /// Returns the media type of the answer's body, with its parameters.
    pub fn response_media_type(&self) -> Option<&'r str> {
        let stated = self.entry.response.content.mime_type.as_deref().filter(|it| !it.is_empty());
        stated.or_else(|| self.response_header("content-type"))
    }

    /// Returns the bytes of the answer's body, without any content coding; none where there is no body.
    pub fn response_body(&self) -> Cow<'r, [u8]> {
        let content = &self.entry.response.content;
        match &content.text {
            Some(text) => bytes(text, content.encoding.as_deref() == Some(BASE64)),
            None => Cow::Borrowed(&[]),
        }
    }

    /// Returns the request as it was sent: its media type is among the headers, also where only the body says it.
    pub fn to_ask(&self) -> Ask {
        let mut ask = self.to_parts().ask;
        if let (None, Some(media_type)) = (ask.header("content-type"), self.request_media_type()) {
            ask.headers.push(("content-type".to_owned(), media_type.to_owned()));
        }
        ask
    }

    /// Returns the answer as it came: its media type is among the headers, also where only the body says it.
    pub fn to_answer(&self) -> Answer {
        let mut answer = self.to_parts().answer;
        if let (None, Some(media_type)) = (answer.header("content-type"), self.response_media_type()) {
            answer.headers.push(("content-type".to_owned(), media_type.to_owned()));
        }
        answer
    }

    /// Takes the exchange apart.
    pub fn to_parts(&self) -> Parts {
        fn owned<'h>(fields: impl Iterator<Item = (&'h str, &'h str)>) -> Vec<(String, String)> {
            fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        }
        Parts {
            workflow: self.workflow().map(str::to_owned),
            step: self.step().map(str::to_owned),
            started: self.started().to_owned(),
            elapsed: self.elapsed(),
            ask: Ask {
                method: self.method().to_owned(),
                url: self.url().to_owned(),
                headers: owned(self.request_headers()),
                body: self.request_body().map(Cow::into_owned),
            },
            answer: Answer {
                status: self.status(),
                headers: owned(self.response_headers()),
                body: self.response_body().into_owned(),
            },
        }
    }
}

fn fields(headers: &[Headers]) -> impl Iterator<Item = (&str, &str)> {
    let plain = headers.iter().filter(|header| !header.name.starts_with(':'));
    plain.map(|header| (header.name.as_str(), header.value.as_str()))
}

/// The bytes of a body's text; that it is base64 where it says so has been checked when it was read.
fn bytes(text: &str, encoded: bool) -> Cow<'_, [u8]> {
    if encoded {
        Cow::Owned(STANDARD.decode(text).unwrap_or_default())
    } else {
        Cow::Borrowed(text.as_bytes())
    }
}

/// The boundary of a multipart media type; one that names none has to be given one.
fn boundary(media_type: &str) -> Option<&str> {
    let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    if !essence.trim().to_ascii_lowercase().starts_with("multipart/") {
        return None;
    }
    let named = parameters.split(';').filter_map(|it| it.trim().split_once('='));
    let stated = named.filter(|(name, _)| name.eq_ignore_ascii_case("boundary")).map(|(_, value)| value);
    Some(stated.map(|it| it.trim_matches('"')).find(|it| !it.is_empty()).unwrap_or("driftline"))
}

fn form(params: &[Params]) -> Vec<u8> {
    let mut form = Serializer::new(String::new());
    for param in params {
        form.append_pair(&param.name, param.value.as_deref().unwrap_or_default());
    }
    form.finish().into_bytes()
}

fn multipart(params: &[Params], boundary: &str) -> Vec<u8> {
    // RFC 7578 section 4.2: what would end the quoted name is written percent-encoded.
    let quoted = |name: &str| name.replace('"', "%22").replace(['\r', '\n'], " ");
    let mut body = Vec::new();
    for param in params {
        body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        let name = quoted(&param.name);
        body.extend_from_slice(format!("Content-Disposition: form-data; name=\"{name}\"").as_bytes());
        if let Some(file) = &param.file_name {
            body.extend_from_slice(format!("; filename=\"{}\"", quoted(file)).as_bytes());
        }
        if let Some(media_type) = &param.content_type {
            let media_type = media_type.replace(['\r', '\n'], " ");
            body.extend_from_slice(format!("\r\nContent-Type: {media_type}").as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        let value = param.value.as_deref().unwrap_or_default();
        body.extend_from_slice(&bytes(value, param.comment.as_deref() == Some(BASE64)));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Entry")
            .field("step", &self.step())
            .field("method", &self.method())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
