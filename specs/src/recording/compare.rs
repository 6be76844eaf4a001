//! Whether two requests are the same one.
//!
//! A request is method, path, query and body, and of the headers those that somebody names: what a client calls itself,
//! how a boundary is spelled and in which order members stand says nothing of what is asked.

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::form_urlencoded;

use super::multipart::{Part, parts_of};
use super::parts::Ask;
use crate::pointer;

/// The most differences that are told.
const MOST: usize = 20;

/// What else counts when two requests are compared.
#[derive(Debug, Clone, Default)]
pub struct Respects {
    /// The headers that are parameters.
    pub headers: Vec<String>,
    /// The cookies that are parameters.
    pub cookies: Vec<String>,
    /// Query parameters that do not count, such as a credential.
    pub besides: Vec<String>,
}

/// One respect in which a request is not the other one. It names a place and holds no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: `path`, ``query parameter `limit` ``, ``body at `/name` ``.
    pub place: String,
    /// How.
    pub kind: Kind,
}

/// How a place differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is in the first request only.
    Missing,
    /// It is in the second request only.
    Additional,
    /// Both have it, and not the same.
    Other,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.kind {
            Kind::Missing => "is missing",
            Kind::Additional => "is there in addition",
            Kind::Other => "is another one",
        };
        write!(formatter, "{} {how}", self.place)
    }
}

impl Ask {
    /// Returns in which respects `other` is not this request: none where both are the same one. Hosts do not count.
    ///
    /// Queries are the same when each parameter has the same values in the same order, JSON bodies when their values
    /// are, forms when their fields are; other bodies byte for byte. Of many differences 20 are told.
    pub fn differences(&self, other: &Ask, respects: &Respects) -> Vec<Difference> {
        let mut found = Found(Vec::new());
        if self.method != other.method {
            found.add("method", Kind::Other);
        }
        let ((path, query), (other_path, other_query)) = (target(&self.url), target(&other.url));
        if segments(path) != segments(other_path) {
            found.add("path", Kind::Other);
        }
        let counts = |(name, _): &(String, String)| !respects.besides.iter().any(|it| it == name);
        let pairs =
            |text: &str| form_urlencoded::parse(text.as_bytes()).into_owned().filter(counts).collect();
        found.fields("query parameter", pairs(query), pairs(other_query), |one, other| one == other);
        for name in &respects.headers {
            found.optional(&format!("header `{name}`"), self.all(name), other.all(name));
        }
        for name in &respects.cookies {
            found.optional(&format!("cookie `{name}`"), self.cookie(name), other.cookie(name));
        }
        found.bodies(self, other);
        found.0.truncate(MOST);
        found.0
    }

    /// Every value of a header, joined as RFC 9110 section 5.3 allows.
    fn all(&self, name: &str) -> Option<String> {
        let values = self.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        let values: Vec<&str> = values.map(|(_, value)| value.trim()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// Every value of a cookie.
    fn cookie(&self, name: &str) -> Option<String> {
        let fields = self.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case("cookie"));
        let pairs = fields.flat_map(|(_, value)| value.split(';')).filter_map(|pair| pair.split_once('='));
        let values: Vec<_> =
            pairs.filter(|(it, _)| it.trim() == name).map(|(_, value)| decoded(value.trim())).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}

/// The path and the query of a URL, or of a target.
fn target(url: &str) -> (&str, &str) {
    let url = url.split('#').next().unwrap_or_default();
    let (rest, query) = url.split_once('?').unwrap_or((url, ""));
    let path = match rest.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => rest,
    };
    (path, query)
}

/// What a segment says; an encoded slash separates nothing.
fn segments(path: &str) -> Vec<String> {
    path.split('/').map(decoded).collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The media type without its parameters, in lower case.
fn essence(ask: &Ask) -> String {
    let stated = ask.header("content-type").unwrap_or_default();
    stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence.ends_with("+json")
}

struct Found(Vec<Difference>);

impl Found {
    fn add(&mut self, place: impl Into<String>, kind: Kind) {
        if self.0.len() < MOST {
            self.0.push(Difference { place: place.into(), kind });
        }
    }

    fn optional<T: PartialEq>(&mut self, place: &str, one: Option<T>, other: Option<T>) {
        match (one, other) {
            (Some(_), None) => self.add(place, Kind::Missing),
            (None, Some(_)) => self.add(place, Kind::Additional),
            (Some(one), Some(other)) if one != other => self.add(place, Kind::Other),
            _ => {}
        }
    }

    /// Compares fields by name: each has to have the same values in the same order.
    fn fields<V>(
        &mut self,
        what: &str,
        mine: Vec<(String, V)>,
        theirs: Vec<(String, V)>,
        same: impl Fn(&V, &V) -> bool,
    ) {
        let mut names: BTreeMap<String, (Vec<V>, Vec<V>)> = BTreeMap::new();
        mine.into_iter().for_each(|(name, value)| names.entry(name).or_default().0.push(value));
        theirs.into_iter().for_each(|(name, value)| names.entry(name).or_default().1.push(value));
        for (name, (mine, theirs)) in names {
            let place = format!("{what} `{name}`");
            match (mine.len(), theirs.len()) {
                (0, _) => self.add(place, Kind::Additional),
                (_, 0) => self.add(place, Kind::Missing),
                (one, other) if one == other && mine.iter().zip(&theirs).all(|(one, it)| same(one, it)) => {}
                _ => self.add(place, Kind::Other),
            }
        }
    }

    fn bodies(&mut self, one: &Ask, other: &Ask) {
        let body = |ask: &Ask| ask.body.clone().filter(|body| !body.is_empty());
        let (mine, theirs) = match (body(one), body(other)) {
            (None, None) => return,
            (Some(mine), Some(theirs)) => (mine, theirs),
            (Some(_), None) => return self.add("body", Kind::Missing),
            (None, Some(_)) => return self.add("body", Kind::Additional),
        };
        let (kind, other_kind) = (essence(one), essence(other));
        if kind != other_kind {
            return self.add("media type", Kind::Other);
        }
        if is_json(&kind)
            && let (Ok(mine), Ok(theirs)) = (serde_json::from_slice(&mine), serde_json::from_slice(&theirs))
        {
            return self.values("", &mine, &theirs);
        }
        if kind == "application/x-www-form-urlencoded" {
            let fields = |body: &[u8]| form_urlencoded::parse(body).into_owned().collect();
            return self.fields("form field", fields(&mine), fields(&theirs), |one, other| one == other);
        }
        let parts = |ask: &Ask, body: &[u8]| {
            let parts = parts_of(ask.header("content-type")?, body)?;
            Some(parts.into_iter().map(|part| (part.name.clone(), part)).collect())
        };
        if let (Some(mine), Some(theirs)) = (parts(one, &mine), parts(other, &theirs)) {
            return self.fields("form field", mine, theirs, same_part);
        }
        if mine != theirs {
            self.add("body", Kind::Other);
        }
    }

    /// Compares JSON values. What was parsed is not too deep to recurse over.
    fn values(&mut self, path: &str, one: &Value, other: &Value) {
        let place =
            |path: &str| if path.is_empty() { "body".to_owned() } else { format!("body at `{path}`") };
        match (one, other) {
            _ if self.0.len() >= MOST => {}
            (Value::Object(mine), Value::Object(theirs)) => {
                for (name, value) in mine {
                    let below = pointer::join(path, name);
                    match theirs.get(name) {
                        Some(other) => self.values(&below, value, other),
                        None => self.add(place(&below), Kind::Missing),
                    }
                }
                for name in theirs.keys().filter(|name| !mine.contains_key(*name)) {
                    self.add(place(&pointer::join(path, name)), Kind::Additional);
                }
            }
            (Value::Array(mine), Value::Array(theirs)) => {
                let both = mine.iter().zip(theirs).enumerate();
                both.for_each(|(index, (value, other))| {
                    self.values(&format!("{path}/{index}"), value, other)
                });
                let at = mine.len().min(theirs.len());
                if mine.len() > theirs.len() {
                    self.add(place(&format!("{path}/{at}")), Kind::Missing);
                } else if theirs.len() > mine.len() {
                    self.add(place(&format!("{path}/{at}")), Kind::Additional);
                }
            }
            _ if same_scalar(one, other) => {}
            _ => self.add(place(path), Kind::Other),
        }
    }
}

/// Numbers are the same when they are equal, however they are written.
fn same_scalar(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() || other.is_f64() => {
            one.as_f64() == other.as_f64()
        }
        _ => one == other,
    }
}

fn same_json(one: &[u8], other: &[u8]) -> bool {
    let (Ok(one), Ok(other)) = (serde_json::from_slice(one), serde_json::from_slice(other)) else {
        return false;
    };
    let mut found = Found(Vec::new());
    found.values("", &one, &other);
    found.0.is_empty()
}

fn same_part(one: &Part, other: &Part) -> bool {
    // What a part is that says nothing (RFC 7578 section 4.4), and what clients say of a file that they do not know.
    let media_type = |part: &Part| {
        let stated = part.media_type.as_deref().unwrap_or_default();
        let essence = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "text/plain" | "application/octet-stream" => String::new(),
            _ => essence,
        }
    };
    one.file_name == other.file_name
        && media_type(one) == media_type(other)
        && (one.content == other.content
            || (is_json(&media_type(one)) && same_json(&one.content, &other.content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: &str, url: &str, media_type: &str, body: &str) -> Ask {
        Ask {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: vec![
                ("Content-Type".to_owned(), media_type.to_owned()),
                ("X-Trace".to_owned(), "1".to_owned()),
                ("Cookie".to_owned(), "a=1; session=%7B".to_owned()),
            ],
            body: (!body.is_empty()).then(|| body.as_bytes().to_vec()),
        }
    }

    fn told(one: &Ask, other: &Ask) -> Vec<String> {
        let respects = Respects {
            headers: vec!["x-trace".to_owned()],
            cookies: vec!["session".to_owned()],
            besides: vec!["key".to_owned()],
        };
        one.differences(other, &respects).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_only_looks_different_is_the_same() {
        let one = ask(
            "POST",
            "https://a.example/x/a%20b?q=1+2&r=1&q=3&key=s",
            "application/json",
            r#"{"a":1,"b":[2.0]}"#,
        );
        let mut other = ask(
            "POST",
            "http://127.0.0.1:1/x/a b?r=1&q=1%202&q=3",
            "Application/JSON; charset=utf-8",
            r#"{ "b":[2], "a":1.0 }"#,
        );
        other.headers.push(("User-Agent".to_owned(), "another".to_owned()));
        assert_eq!(told(&one, &other), [""; 0]);
    }

    #[test]
    fn every_respect_is_told_by_its_place_and_without_a_value() {
        let one = ask(
            "POST",
            "https://a/x/1?q=1&s=1&t=1&t=2",
            "application/json",
            r#"{"a":{"b/c":"secret"},"d":[1,2],"e":1}"#,
        );
        let mut other = ask(
            "PUT",
            "https://a/x%2F1?q=2&t=2&t=1&u=1",
            "application/json",
            r#"{"a":{"b/c":"other"},"d":[1],"f":null}"#,
        );
        other.headers[1].1 = "2".to_owned();
        other.headers.pop();
        assert_eq!(
            told(&one, &other),
            [
                "method is another one",
                "path is another one",
                "query parameter `q` is another one",
                "query parameter `s` is missing",
                "query parameter `t` is another one",
                "query parameter `u` is there in addition",
                "header `x-trace` is another one",
                "cookie `session` is missing",
                "body at `/a/b~1c` is another one",
                "body at `/d/1` is missing",
                "body at `/e` is missing",
                "body at `/f` is there in addition",
            ]
        );
    }

    #[test]
    fn bodies_are_compared_by_what_they_are() {
        let body = |media_type: &str, body: &str| ask("POST", "/", media_type, body);
        let form = "application/x-www-form-urlencoded";
        assert_eq!(told(&body(form, "a=1&b=+2"), &body(form, "b=%202&a=1")), [""; 0]);
        assert_eq!(told(&body(form, "a=1"), &body(form, "a=2")), ["form field `a` is another one"]);
        assert_eq!(
            told(&body("text/plain", "1"), &body("application/json", "1")),
            ["media type is another one"]
        );
        assert_eq!(told(&body("text/plain", "1"), &body("text/plain", "1.0")), ["body is another one"]);
        assert_eq!(told(&body("text/plain", ""), &body("text/plain", "1")), ["body is there in addition"]);
        assert_eq!(
            told(&body("application/json", "{"), &body("application/json", "{ ")),
            ["body is another one"]
        );
    }

    #[test]
    fn parts_of_a_form_are_compared_whatever_their_boundary() {
        let body = |boundary: &str, name: &str, json: &str| {
            let text = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n%PDF\r\n\
                 --{boundary}\r\nContent-Disposition: form-data; name=\"data\"\r\nContent-Type: application/json\r\n\r\n\
                 {json}\r\n--{boundary}--\r\n"
            );
            ask("POST", "/", &format!("multipart/form-data; boundary={boundary}"), &text)
        };
        assert_eq!(told(&body("a", "x", r#"{"a":1}"#), &body("b", "x", r#"{ "a": 1 }"#)), [""; 0]);
        let other = told(&body("a", "x", r#"{"a":1}"#), &body("b", "y", r#"{"a":2}"#));
        assert_eq!(other, ["form field `data` is another one", "form field `file` is another one"]);
    }

    #[test]
    fn of_many_differences_twenty_are_told() {
        let list = |item: &str| format!("[{}]", vec![item; 5_000].join(","));
        let (one, other) = (
            ask("POST", "/", "application/json", &list("1")),
            ask("POST", "/", "application/json", &list("2")),
        );
        assert_eq!(told(&one, &other).len(), 20);
    }
}
