//! What a request is made of, and how generated code takes it apart.

use std::fmt;
use std::future::Future;

use serde::de::DeserializeOwned;

use super::{Calling, Unmade, outcome, reading};
use crate::client::{Error, Octets, Response, Style};
use crate::{DecodeError, decode};

/// What a request is made of, as it stands on the wire: percent-encoding undone, nothing else.
#[derive(Clone, Default)]
pub struct Parts {
    /// The values of the path's parameters by name.
    pub path: Vec<(String, String)>,
    /// The pairs of the query in their order.
    pub query: Vec<(String, String)>,
    /// Headers; those that are no parameters of the operation do not matter.
    pub headers: Vec<(String, String)>,
    /// Cookies; those that are no parameters of the operation do not matter.
    pub cookies: Vec<(String, String)>,
    /// The body.
    pub body: Option<Content>,
}

/// The body of a request.
#[derive(Clone)]
pub enum Content {
    /// Bytes of a media type.
    Octets {
        /// The media type as the header says it.
        media_type: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A form, which somebody has taken apart.
    Form {
        /// The media type as the header says it.
        media_type: String,
        /// Its fields in their order.
        fields: Vec<FormField>,
    },
}

/// One field of a form.
#[derive(Clone, Default)]
pub struct FormField {
    /// Its name.
    pub name: String,
    /// The file's name, if it has one.
    pub file_name: Option<String>,
    /// Its media type, if it says one.
    pub media_type: Option<String>,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Shows how much there is of what: values may be personal data.
impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("path", &self.path.len())
            .field("query", &self.query.len())
            .field("headers", &self.headers.len())
            .field("cookies", &self.cookies.len())
            .field("body", &self.body.as_ref().map(Content::media_type))
            .finish()
    }
}

/// Where a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum In {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl fmt::Display for In {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path parameter",
            Self::Query => "query parameter",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

impl Content {
    fn media_type(&self) -> &str {
        match self {
            Self::Octets { media_type, .. } | Self::Form { media_type, .. } => media_type,
        }
    }
}

/// The media type without its parameters (RFC 9110 section 8.3.1).
fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Tells whether a media type is the one that the contract names, or in its range.
fn is_of(media_type: &str, documented: &str) -> bool {
    let (media_type, documented) = (essence(media_type), essence(documented));
    let range = documented.strip_suffix('*').filter(|range| range.ends_with('/'));
    match range {
        Some("*/") => true,
        Some(range) => media_type.get(..range.len()).is_some_and(|start| start.eq_ignore_ascii_case(range)),
        None => media_type.eq_ignore_ascii_case(documented),
    }
}

/// Names a place in a body.
pub(super) fn misfit(part: &str, error: &DecodeError) -> Unmade {
    let at = if error.path().is_empty() { String::new() } else { format!(" at {}", error.path()) };
    Unmade::new(part, format!("its type does not take it{at}: {}", error.message()))
}

impl Parts {
    fn pairs(&mut self, place: In) -> &mut Vec<(String, String)> {
        match place {
            In::Path => &mut self.path,
            In::Query => &mut self.query,
            In::Header => &mut self.headers,
            In::Cookie => &mut self.cookies,
        }
    }

    /// Takes a parameter that may be absent.
    ///
    /// # Errors
    ///
    /// Fails when its type does not take what is there.
    pub fn optional<T: DeserializeOwned>(
        &mut self,
        place: In,
        name: &str,
        style: Style,
    ) -> Result<Option<T>, Unmade> {
        let ignoring_case = place == In::Header;
        let taken = reading::take(self.pairs(place), |known| {
            known == name
                || (ignoring_case && known.eq_ignore_ascii_case(name))
                || (style == Style::DeepObject && reading::is_below(known, name))
        });
        if taken.is_empty() {
            return Ok(None);
        }
        let value = reading::fit(reading::readings(name, style, taken));
        value.map(Some).map_err(|error| misfit(&format!("{place} `{name}`"), &error))
    }

    /// Takes a parameter that has to be there.
    ///
    /// # Errors
    ///
    /// Fails when it is absent, or when its type does not take what is there.
    pub fn required<T: DeserializeOwned>(
        &mut self,
        place: In,
        name: &str,
        style: Style,
    ) -> Result<T, Unmade> {
        let value = self.optional(place, name, style)?;
        value.ok_or_else(|| Unmade::new(format!("{place} `{name}`"), "it has to be there"))
    }

    /// Takes a parameter whose members stand side by side under their own names: what no other parameter has taken.
    ///
    /// # Errors
    ///
    /// Fails when its type does not take what is there.
    pub fn spread<T: DeserializeOwned>(&mut self, place: In, name: &str) -> Result<Option<T>, Unmade> {
        let taken = std::mem::take(self.pairs(place));
        if taken.is_empty() {
            return Ok(None);
        }
        let value = reading::fit([reading::members(taken)]);
        value.map(Some).map_err(|error| misfit(&format!("{place} `{name}`"), &error))
    }

    /// Takes a parameter as [`spread`](Self::spread) does that has to be there, if only with nothing in it.
    ///
    /// # Errors
    ///
    /// Fails when its type does not take what is there.
    pub fn spread_required<T: DeserializeOwned>(&mut self, place: In, name: &str) -> Result<T, Unmade> {
        let taken = std::mem::take(self.pairs(place));
        let value = reading::fit([reading::members(taken)]);
        value.map_err(|error| misfit(&format!("{place} `{name}`"), &error))
    }

    /// Tells whether there is a body.
    pub fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// Tells whether there is a body of a media type.
    pub fn has_body_of(&self, media_type: &str) -> bool {
        self.body.as_ref().is_some_and(|body| is_of(body.media_type(), media_type))
    }

    /// Says that there is no body, or none of a media type that the operation takes.
    pub fn other_body(&self) -> Unmade {
        match self.body {
            Some(_) => Unmade::new("body", "the operation takes none of this media type"),
            None => Unmade::new("body", "it has to be there"),
        }
    }

    fn octets(&mut self, media_type: &str) -> Result<Vec<u8>, Unmade> {
        if !self.has_body_of(media_type) {
            return Err(self.other_body());
        }
        match self.body.take() {
            Some(Content::Octets { bytes, .. }) => Ok(bytes),
            _ => Err(Unmade::new("body", "it is a form")),
        }
    }

    /// Takes a JSON body.
    ///
    /// # Errors
    ///
    /// Fails when there is none of this media type, or when its type does not take it.
    pub fn json<T: DeserializeOwned>(&mut self, media_type: &str) -> Result<T, Unmade> {
        decode::from_slice(&self.octets(media_type)?).map_err(|error| misfit("body", &error))
    }

    /// Takes a text body.
    ///
    /// # Errors
    ///
    /// Fails when there is none of this media type, or when it is not UTF-8.
    pub fn text(&mut self, media_type: &str) -> Result<String, Unmade> {
        String::from_utf8(self.octets(media_type)?)
            .map_err(|_| Unmade::new("body", "it is a text that is not UTF-8"))
    }

    /// Takes a body as it is.
    ///
    /// # Errors
    ///
    /// Fails when there is none of this media type.
    pub fn bytes(&mut self, media_type: &str) -> Result<Octets, Unmade> {
        self.octets(media_type).map(Octets::from)
    }

    /// Takes the fields of a form.
    ///
    /// # Errors
    ///
    /// Fails when there is no form of this media type.
    pub fn form(&mut self, media_type: &str) -> Result<super::fields::Fields, Unmade> {
        if !self.has_body_of(media_type) {
            return Err(self.other_body());
        }
        match self.body.take() {
            Some(Content::Form { fields, .. }) => Ok(super::fields::Fields(fields)),
            _ => Err(Unmade::new("body", "it is no form that could be taken apart")),
        }
    }

    /// Sends the request, if everything has been taken.
    ///
    /// # Errors
    ///
    /// Fails when something is left that the operation does not have.
    pub fn end<'a, T: 'a, E: 'a>(
        &mut self,
        sent: impl Future<Output = Result<Response<T>, Error<E>>> + Send + 'a,
    ) -> Result<Calling<'a>, Unmade> {
        for place in [In::Path, In::Query] {
            if let Some((name, _)) = self.pairs(place).first() {
                return Err(Unmade::new(format!("{place} `{name}`"), "the operation does not have it"));
            }
        }
        if self.body.is_some() {
            return Err(Unmade::new("body", "the operation takes none"));
        }
        Ok(Box::pin(outcome(sent)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> impl Future<Output = Result<Response<()>, Error<()>>> + Send {
        std::future::pending()
    }

    fn pair(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), text.to_owned())
    }

    fn json(media_type: &str, bytes: &[u8]) -> Parts {
        let body = Content::Octets { media_type: media_type.to_owned(), bytes: bytes.to_vec() };
        Parts { body: Some(body), ..Parts::default() }
    }

    #[test]
    fn what_has_been_taken_is_gone_and_what_is_left_is_named() {
        let mut parts =
            Parts { query: vec![pair("a", "1"), pair("b", "2"), pair("a", "3")], ..Parts::default() };
        let taken: Option<Vec<u64>> = parts.optional(In::Query, "a", Style::FormExploded).unwrap();
        assert_eq!(taken, Some(vec![1, 3]));
        assert_eq!(parts.optional::<u64>(In::Query, "a", Style::FormExploded).unwrap(), None);
        let unmade = parts.end(nothing()).err().unwrap();
        assert_eq!(unmade.to_string(), "query parameter `b`: the operation does not have it");
        assert_eq!(
            parts.spread::<std::collections::BTreeMap<String, u64>>(In::Query, "c").unwrap().unwrap()["b"],
            2
        );
        assert!(parts.end(nothing()).is_ok());
    }

    #[test]
    fn what_is_absent_or_does_not_fit_is_named_without_its_value() {
        let mut parts = Parts { path: vec![pair("id", "secret")], ..Parts::default() };
        let unmade = parts.required::<u64>(In::Path, "id", Style::Simple).unwrap_err();
        assert_eq!(unmade.part, "path parameter `id`");
        assert!(
            unmade.reason.ends_with("expected an integer, found a string")
                && !unmade.reason.contains("secret"),
            "{unmade}"
        );
        let unmade = parts.required::<u64>(In::Header, "X-A", Style::Simple).unwrap_err();
        assert_eq!(unmade.to_string(), "header `X-A`: it has to be there");
    }

    #[test]
    fn a_header_is_found_however_its_name_is_written() {
        let mut parts =
            Parts { headers: vec![pair("x-trace", "true"), pair("Accept", "*/*")], ..Parts::default() };
        assert!(parts.required::<bool>(In::Header, "X-Trace", Style::Simple).unwrap());
        assert!(parts.end(nothing()).is_ok(), "a header that is no parameter does not matter");
    }

    #[test]
    fn a_body_is_taken_by_its_media_type_and_refused_with_the_place() {
        let taken: Vec<u64> =
            json("Application/JSON; charset=utf-8", b"[1]").json("application/json").unwrap();
        assert_eq!(taken, [1]);
        assert!(json("image/png", b"..").bytes("image/*").is_ok());
        let unmade = json("text/plain", b"[1]").json::<Vec<u64>>("application/json").unwrap_err();
        assert_eq!(unmade.to_string(), "body: the operation takes none of this media type");
        let unmade = json("application/json", b"[1,\"x\"]").json::<Vec<u64>>("application/json").unwrap_err();
        assert!(unmade.reason.contains(" at /1: "), "{unmade}");
        let unmade = json("application/json", b"[1]").end(nothing()).err().unwrap();
        assert_eq!(unmade.to_string(), "body: the operation takes none");
        let unmade = Parts::default().json::<u64>("application/json").unwrap_err();
        assert_eq!(unmade.to_string(), "body: it has to be there");
    }

    #[test]
    fn fields_of_a_form_are_read_as_their_types() {
        let field = |name: &str, media_type: Option<&str>, content: &str| FormField {
            name: name.to_owned(),
            media_type: media_type.map(str::to_owned),
            content: content.as_bytes().to_vec(),
            ..FormField::default()
        };
        let fields = vec![
            field("size", None, "12"),
            field("json", Some("application/json"), "{\"a\":1}"),
            field("pairs", None, "{\"a\":1}"),
            field("names", None, "1"),
            field("names", None, "b"),
            field("deep[a]", None, "1"),
            field("file", Some("image/png"), "..."),
            field("more", None, "x"),
        ];
        let body = Content::Form { media_type: "multipart/form-data; boundary=b".to_owned(), fields };
        let mut parts = Parts { body: Some(body), ..Parts::default() };
        let mut form = parts.form("multipart/form-data").unwrap();
        let a = std::collections::BTreeMap::from([("a".to_owned(), 1_u64)]);
        assert_eq!(form.required::<u64>("size", None).unwrap(), 12);
        assert_eq!(form.required::<std::collections::BTreeMap<String, u64>>("json", None).unwrap(), a);
        assert_eq!(form.required::<std::collections::BTreeMap<String, u64>>("pairs", None).unwrap(), a);
        assert_eq!(form.required::<Vec<String>>("names", None).unwrap(), ["1", "b"]);
        let deep = form.required::<std::collections::BTreeMap<String, u64>>("deep", Some(Style::DeepObject));
        assert_eq!(deep.unwrap(), a);
        assert_eq!(form.file("file").unwrap(), crate::FilePart::new("...").content_type("image/png"));
        assert_eq!(form.file("file").unwrap_err().to_string(), "form field `file`: it has to be there");
        assert_eq!(form.end().unwrap_err().to_string(), "form field `more`: the form does not have it");
    }
}
