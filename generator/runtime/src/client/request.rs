//! One call on its way out.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::builder::Shared;
use super::placement::add_cookie;
use super::{Call, Form, Octets, Style, TransportError};
use crate::{Invalid, Validate};

/// Everything but the unreserved characters of RFC 3986 section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One call: generated code fills it in and sends it. Setting a parameter again replaces it.
#[derive(Clone)]
pub struct Request<'a> {
    pub(super) client: &'a Shared,
    pub(super) call: &'static Call,
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, Vec<(String, String)>)>,
    pub(super) headers: HeaderMap,
    cookies: Vec<(&'static str, Vec<(String, String)>)>,
    pub(super) body: RequestBody,
    /// A URL to go to instead of the template's.
    target: Option<Url>,
    refused: Option<String>,
    /// What the body violates, where the client asks.
    invalid: Option<Invalid>,
}

#[derive(Clone)]
pub(super) enum RequestBody {
    None,
    Octets(Octets),
    Multipart(Form),
}

/// Shows method and template only: parameters and bodies may be personal data.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.call.method, self.call.path)
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

impl<'a> Request<'a> {
    pub(super) fn new(client: &'a Shared, call: &'static Call) -> Self {
        Self {
            client,
            call,
            path: Vec::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            body: RequestBody::None,
            target: None,
            refused: None,
            invalid: None,
        }
    }

    /// The value of a query parameter that is set to one number.
    pub(super) fn query_number(&self, name: &str) -> Option<u64> {
        let (_, pairs) = self.query.iter().find(|(known, _)| *known == name)?;
        pairs.first()?.1.parse().ok()
    }

    /// Goes to this URL; parameters of path and query are those that it has.
    pub(super) fn go_to(&mut self, url: Url) {
        self.target = Some(url);
    }

    pub(super) fn base_url(&self) -> &Url {
        &self.client.base_url
    }

    fn refuse(&mut self, reason: String) {
        self.refused.get_or_insert(reason);
    }

    fn value<T: Serialize>(&mut self, name: &str, value: &T) -> Value {
        serde_json::to_value(value).unwrap_or_else(|error| {
            self.refuse(format!("the parameter `{name}` cannot be written: {error}"));
            Value::Null
        })
    }

    /// Sets a path parameter. A value that is empty or that would climb in the path is refused when the
    /// request is sent.
    pub fn path<T: Serialize>(&mut self, name: &'static str, style: Style, value: &T) {
        let value = self.value(name, value);
        let text = style.text(name, &value, encode);
        if text.is_empty() {
            self.refuse(format!("the path parameter `{name}` is empty"));
        }
        self.path.retain(|(known, _)| *known != name);
        self.path.push((name, text));
    }

    /// Sets a query parameter.
    pub fn query<T: Serialize>(&mut self, name: &'static str, style: Style, value: &T) {
        let value = self.value(name, value);
        self.query.retain(|(known, _)| *known != name);
        self.query.push((name, style.pairs(name, &value)));
    }

    /// Sets a header. A value that no header can carry is refused when the request is sent.
    pub fn header<T: Serialize>(&mut self, name: &'static str, style: Style, value: &T) {
        let value = self.value(name, value);
        let text = style.text(name, &value, str::to_owned);
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&text)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            _ => self.refuse(format!("the header parameter `{name}` holds what no HTTP header can carry")),
        }
    }

    /// Sets a cookie.
    pub fn cookie<T: Serialize>(&mut self, name: &'static str, style: Style, value: &T) {
        let value = self.value(name, value);
        self.cookies.retain(|(known, _)| *known != name);
        self.cookies.push((name, style.pairs(name, &value)));
    }

    /// Sets a JSON body; a client that validates requests refuses one that violates its schema when it is sent.
    pub fn json<T: Validate>(&mut self, media_type: &'static str, body: &T) {
        self.invalid = if self.client.validate_requests { body.validate().err() } else { None };
        match serde_json::to_vec(body) {
            Ok(bytes) => self.bytes(media_type, bytes),
            Err(error) => self.refuse(format!("the body cannot be written: {error}")),
        }
    }

    /// Sets a body that is sent as it is.
    pub fn bytes(&mut self, media_type: &'static str, body: impl Into<Octets>) {
        match HeaderValue::from_str(media_type) {
            Ok(value) => {
                self.headers.insert(header::CONTENT_TYPE, value);
            }
            Err(_) => self.refuse(format!("the media type {media_type:?} cannot be sent in a header")),
        }
        self.body = RequestBody::Octets(body.into());
    }

    /// Sets a `multipart/form-data` body.
    pub fn multipart(&mut self, form: Form) {
        self.body = RequestBody::Multipart(form);
    }

    /// Sets an `application/x-www-form-urlencoded` body.
    pub fn urlencoded(&mut self, form: Form) {
        match form.into_urlencoded() {
            Ok(text) => self.bytes("application/x-www-form-urlencoded", text),
            Err(reason) => self.refuse(reason),
        }
    }

    /// Completes the headers and makes the URL, both without credentials.
    pub(super) fn complete(&mut self) -> Result<Url, TransportError> {
        if let Some(invalid) = self.invalid.take() {
            return Err(TransportError::Invalid(invalid));
        }
        if let Some(reason) = self.refused.take() {
            return Err(TransportError::Request(reason));
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self
                .cookies
                .iter()
                .flat_map(|(_, pairs)| pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))))
                .collect();
            let value = HeaderValue::from_str(&cookies.join("; "))
                .map_err(|_| TransportError::Request("a cookie's name is malformed".to_owned()))?;
            add_cookie(&mut self.headers, &value);
        }
        if !self.headers.contains_key(header::ACCEPT) {
            self.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json, */*;q=0.5"));
        }
        self.url()
    }

    pub(super) fn url(&self) -> Result<Url, TransportError> {
        if let Some(target) = &self.target {
            return Ok(target.clone());
        }
        let mut path = String::with_capacity(self.call.path.len() + 32);
        let mut rest = self.call.path;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let value = self.path.iter().find(|(known, _)| *known == name);
            let Some((_, value)) = value else {
                return Err(TransportError::Request(format!("the path parameter `{name}` is not set")));
            };
            path.push_str(before);
            path.push_str(value);
            rest = after;
        }
        path.push_str(rest);
        // A URL parser would resolve these segments, and the call would reach another operation.
        if path.split('/').any(|segment| matches!(segment, "." | "..")) {
            let reason = "a path parameter is `.` or `..`, which would change the path";
            return Err(TransportError::Request(reason.to_owned()));
        }
        let mut url = Url::parse(&format!("{}{path}", self.client.base_url.as_str().trim_end_matches('/')))
            .map_err(|error| TransportError::Request(format!("the URL is malformed: {error}")))?;
        if !self.query.is_empty() {
            let pairs = self.query.iter().flat_map(|(_, pairs)| pairs);
            let query: Vec<_> =
                pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
            let query = query.join("&");
            url.set_query((!query.is_empty()).then_some(query.as_str()));
        }
        Ok(url)
    }
}
