//! The parts of an exchange, and the entry that is made of them.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use har::v1_2::{
    Cache, Content, Cookies, Entries, Headers, PostData, QueryString, Request, Response, Timings,
};
use url::Url;

use super::cookies;

/// What a body's text is marked with when it is base64.
pub(super) const BASE64: &str = "base64";

/// An exchange by its parts: what becomes an entry, and what an entry is taken apart into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The workflow that the exchange belongs to: an entry's `pageref`.
    pub workflow: Option<String>,
    /// The step, or the operation where nobody ran a workflow: an entry's `comment`.
    pub step: Option<String>,
    /// When the request was sent: an instant of RFC 3339.
    pub started: String,
    /// How long it took until the answer was there.
    pub elapsed: Duration,
    /// What was asked.
    pub ask: Ask,
    /// What was answered.
    pub answer: Answer,
}

/// A request.
#[derive(Clone, PartialEq, Eq)]
pub struct Ask {
    /// The method, in capitals.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// The header fields in their order, with names in any case.
    pub headers: Vec<(String, String)>,
    /// The body's bytes; no body and an empty one are two things.
    pub body: Option<Vec<u8>>,
}

/// A response.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header fields in their order, with names in any case.
    pub headers: Vec<(String, String)>,
    /// The body's bytes, without any content coding.
    pub body: Vec<u8>,
}

/// Returns the first value of a header field; its name is compared without regard to case.
pub(super) fn field<'h>(
    headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    name: &str,
) -> Option<&'h str> {
    headers.into_iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn pairs(headers: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

impl Ask {
    /// Returns the first value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        field(pairs(&self.headers), name)
    }

    fn to_request(&self) -> Request {
        let query = Url::parse(&self.url).map_or_else(
            |_| Vec::new(),
            |url| {
                let pair = |(name, value): (_, _)| query(String::from(name), String::from(value));
                url.query_pairs().map(pair).collect()
            },
        );
        let cookies = pairs(&self.headers).filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        Request {
            method: self.method.clone(),
            url: self.url.clone(),
            http_version: VERSION.to_owned(),
            cookies: cookies.flat_map(|(_, value)| cookies::sent(value)).collect(),
            headers: headers(&self.headers),
            query_string: query,
            post_data: self.body.as_deref().map(|body| {
                let (text, encoding) = text_of(body);
                let mime_type = self.header("content-type").unwrap_or_default().to_owned();
                PostData { mime_type, text: Some(text), params: None, comment: encoding }
            }),
            headers_size: -1,
            body_size: size(self.body.as_ref().map_or(0, Vec::len)),
            comment: None,
        }
    }
}

impl Answer {
    /// Returns the first value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        field(pairs(&self.headers), name)
    }

    fn to_response(&self) -> Response {
        let cookies = pairs(&self.headers).filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let (text, encoding) = text_of(&self.body);
        let reason = http::StatusCode::from_u16(self.status).ok().and_then(|it| it.canonical_reason());
        Response {
            status: i64::from(self.status),
            status_text: reason.unwrap_or_default().to_owned(),
            http_version: VERSION.to_owned(),
            cookies: cookies.filter_map(|(_, value)| cookies::set(value)).collect::<Vec<Cookies>>(),
            headers: headers(&self.headers),
            content: Content {
                size: size(self.body.len()),
                compression: None,
                mime_type: Some(self.header("content-type").unwrap_or_default().to_owned()),
                text: (!self.body.is_empty()).then_some(text),
                encoding,
                comment: None,
            },
            redirect_url: Some(self.header("location").unwrap_or_default().to_owned()),
            headers_size: -1,
            body_size: size(self.body.len()),
            comment: None,
        }
    }
}

const VERSION: &str = "HTTP/1.1";

impl Parts {
    /// Makes the entry; whether it is one that a recording can hold is to be checked.
    pub(super) fn to_entry(&self) -> Entries {
        let time = self.elapsed.as_secs_f64() * 1000.0;
        // Microseconds are as fine as anybody measures, and print as what they are.
        let time = (time * 1000.0).round() / 1000.0;
        Entries {
            pageref: self.workflow.clone(),
            started_date_time: self.started.clone(),
            time,
            request: self.ask.to_request(),
            response: self.answer.to_response(),
            cache: Cache::default(),
            timings: Timings {
                blocked: Some(-1.0),
                dns: Some(-1.0),
                connect: Some(-1.0),
                send: 0.0,
                wait: time,
                receive: 0.0,
                ssl: Some(-1.0),
                comment: None,
            },
            server_ip_address: None,
            connection: None,
            comment: self.step.clone(),
        }
    }
}

fn query(name: String, value: String) -> QueryString {
    QueryString { name, value, comment: None }
}

fn headers(from: &[(String, String)]) -> Vec<Headers> {
    let header = |(name, value): (&str, &str)| Headers {
        name: name.to_owned(),
        value: value.to_owned(),
        comment: None,
    };
    pairs(from).map(header).collect()
}

/// A body as text, and how it is written when it is no text itself.
fn text_of(body: &[u8]) -> (String, Option<String>) {
    match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (STANDARD.encode(body), Some(BASE64.to_owned())),
    }
}

fn size(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

impl fmt::Debug for Ask {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.body.as_ref().map(Vec::len);
        formatter
            .debug_struct("Ask")
            .field("method", &self.method)
            .field("bytes", &length)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
