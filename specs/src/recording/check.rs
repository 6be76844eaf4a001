//! What an entry has to be beyond the types of its form.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use har::v1_2::{Entries, Headers, Log, Request, Response};
use http::{HeaderName, HeaderValue};
use url::Url;

use super::MAX_LIST;
use super::parts::BASE64;
use crate::error::Fault;
use crate::operation::Method;

/// How much is believed of what a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// It is ours, and everything fits together.
    Recording,
    /// A browser wrote it: sizes may be those of what was transferred.
    Capture,
}

/// What is wrong with an entry, and where in it.
#[derive(Debug)]
pub(super) struct Flaw {
    /// The JSON Pointer from the entry on, without `#`.
    pub(super) below: String,
    /// What is wrong, without any value.
    pub(super) problem: String,
}

impl Flaw {
    fn new(below: &str, problem: impl Into<String>) -> Self {
        Self { below: below.to_owned(), problem: problem.into() }
    }

    pub(super) fn fault(self, index: usize) -> Fault {
        Fault::new(format!("entry {index} (counted from 0) is not what it should be: {}", self.problem))
            .advise("the file is cut off or was edited; record it again, or remove the entry")
    }
}

/// Makes of a capture's entry what our own would be: a text goes before the parameters that were read from it.
pub(super) fn settle(entry: &mut Entries) {
    if let Some(data) = &mut entry.request.post_data
        && data.text.as_ref().is_some_and(|it| !it.is_empty())
    {
        data.params = None;
    } else if let Some(data) = &mut entry.request.post_data
        && data.params.as_ref().is_some_and(|it| !it.is_empty())
    {
        data.text = None;
    }
}

/// Holds an entry to the form.
pub(super) fn entry(entry: &Entries, strictness: Strictness) -> Result<(), Flaw> {
    let own = strictness == Strictness::Recording;
    if !is_instant(&entry.started_date_time) {
        return Err(Flaw::new("/startedDateTime", "when it started is no instant of RFC 3339"));
    }
    if !entry.time.is_finite() || (own && entry.time < 0.0) {
        return Err(Flaw::new("/time", "the time that it took is negative"));
    }
    request(&entry.request, own)?;
    response(&entry.response, own)
}

/// Holds the pages, and what the entries say of them, to the form.
pub(super) fn pages(log: &Log) -> Result<(), (usize, Flaw)> {
    let known: BTreeSet<&str> = log.pages.iter().flatten().map(|page| page.id.as_str()).collect();
    let lost = |entry: &Entries| entry.pageref.as_deref().is_some_and(|page| !known.contains(page));
    match log.entries.iter().position(lost) {
        Some(index) => Err((index, Flaw::new("/pageref", "it belongs to a page that the log does not have"))),
        None => Ok(()),
    }
}

fn request(request: &Request, own: bool) -> Result<(), Flaw> {
    if !Method::ALL.iter().any(|it| it.as_str() == request.method) {
        let known = Method::ALL.map(Method::as_str).join(", ");
        return Err(Flaw::new("/request/method", format!("the method is none of {known}")));
    }
    let http = |url: &Url| {
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|it| !it.is_empty())
    };
    if !Url::parse(&request.url).is_ok_and(|url| http(&url)) {
        return Err(Flaw::new("/request/url", "the URL is no absolute URL with http or https"));
    }
    headers(&request.headers, "/request/headers")?;
    short(request.cookies.len(), "/request/cookies")?;
    short(request.query_string.len(), "/request/queryString")?;
    let Some(data) = &request.post_data else {
        return match request.body_size {
            1.. if own => Err(Flaw::new("/request/bodySize", "the request has a size, but no body")),
            _ => Ok(()),
        };
    };
    let params = data.params.as_deref().unwrap_or_default();
    short(params.len(), "/request/postData/params")?;
    match &data.text {
        Some(_) if !params.is_empty() => {
            Err(Flaw::new("/request/postData", "the body is there twice, as text and as parameters"))
        }
        Some(text) => {
            let length = length(text, data.comment.as_deref() == Some(BASE64), "/request/postData/text")?;
            if own && request.body_size >= 0 && !is_length(request.body_size, length) {
                return Err(Flaw::new(
                    "/request/bodySize",
                    format!("the size says {}, but the body has {length} bytes", request.body_size),
                ));
            }
            Ok(())
        }
        None => params.iter().enumerate().try_for_each(|(index, param)| {
            let encoded = param.comment.as_deref() == Some(BASE64);
            let below = format!("/request/postData/params/{index}/value");
            length(param.value.as_deref().unwrap_or_default(), encoded, &below).map(|_| ())
        }),
    }
}

fn response(response: &Response, own: bool) -> Result<(), Flaw> {
    if response.status == 0 && !own {
        return Err(Flaw::new("/response/status", "the request had no answer"));
    }
    if !(100..=599).contains(&response.status) {
        return Err(Flaw::new("/response/status", "the status is not from 100 to 599"));
    }
    headers(&response.headers, "/response/headers")?;
    short(response.cookies.len(), "/response/cookies")?;
    let content = &response.content;
    let encoded = match content.encoding.as_deref() {
        None | Some("") => false,
        Some(BASE64) => true,
        Some(_) => return Err(Flaw::new("/response/content/encoding", "the encoding is not base64")),
    };
    let Some(text) = &content.text else {
        return match content.size {
            1.. => Err(Flaw::new("/response/content", "the answer has a size, but no body")),
            _ => Ok(()),
        };
    };
    let length = length(text, encoded, "/response/content/text")?;
    if own && content.size >= 0 && !is_length(content.size, length) {
        return Err(Flaw::new(
            "/response/content/size",
            format!("the size says {}, but the body has {length} bytes", content.size),
        ));
    }
    Ok(())
}

fn headers(headers: &[Headers], below: &str) -> Result<(), Flaw> {
    short(headers.len(), below)?;
    // HTTP/2 and 3 have fields that begin with a colon, which captures list among the others.
    let plain = headers.iter().enumerate().filter(|(_, header)| !header.name.starts_with(':'));
    for (index, Headers { name, value, .. }) in plain {
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(Flaw::new(&format!("{below}/{index}/name"), "that is no name of a header field"));
        }
        if HeaderValue::from_bytes(value.as_bytes()).is_err() {
            return Err(Flaw::new(&format!("{below}/{index}/value"), "that is no value of a header field"));
        }
    }
    Ok(())
}

fn short(length: usize, below: &str) -> Result<(), Flaw> {
    match length > MAX_LIST {
        true => Err(Flaw::new(below, format!("the list has {length} members, more than {MAX_LIST}"))),
        false => Ok(()),
    }
}

/// The bytes that a text stands for.
fn length(text: &str, encoded: bool, below: &str) -> Result<usize, Flaw> {
    if !encoded {
        return Ok(text.len());
    }
    STANDARD
        .decode(text)
        .map(|bytes| bytes.len())
        .map_err(|_| Flaw::new(below, "the text is not the base64 that it says it is"))
}

fn is_length(stated: i64, length: usize) -> bool {
    usize::try_from(stated).is_ok_and(|it| it == length)
}

/// Whether a text is an instant as RFC 3339 has it; whether the month has that day is not asked.
fn is_instant(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    let Some(end) = time.find(['Z', 'z', '+', '-']) else { return false };
    let (time, zone) = time.split_at(end);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let form = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(it, sign)| match sign {
                b'0' => it.is_ascii_digit(),
                _ => it == sign,
            })
    };
    form(date, "0000-00-00")
        && form(time, "00:00:00")
        && digits(fraction)
        && match zone.strip_prefix(['+', '-']) {
            // Firefox writes the offset without a colon at times.
            Some(offset) => form(offset, "00:00") || form(offset, "0000"),
            None => zone.len() == 1,
        }
}
