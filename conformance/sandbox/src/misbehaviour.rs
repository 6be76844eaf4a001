//! Trouble that any service may have and that no contract speaks of: slow answers, answers that break off,
//! what gateways and caches say instead, silence. It is kept apart from drift, because a client must not take the one for the other. Which
//! requests are struck depends on the seed and the request's number only.

use std::str::FromStr;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::{CONTENT_LENGTH, DATE, LOCATION, RETRY_AFTER};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::answer::Answer;
use crate::clock::after;
use crate::error::Error;
use crate::random::mix;

/// How long the first half of a broken answer is left to travel.
const PAUSE: Duration = Duration::from_millis(20);

/// One kind of trouble, how often it strikes, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misbehaviour {
    /// What happens.
    pub trouble: Trouble,
    /// How many of a hundred requests it strikes.
    pub percent: u8,
    /// The operations that it may strike; empty for all.
    pub operations: Vec<String>,
}

/// What may happen to a request besides an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The answer comes, after this much real time.
    Slow(Duration),
    /// The connection closes in the middle of the body.
    CutOff,
    /// A gateway's 503 comes instead of an answer, and nothing was done.
    Unavailable,
    /// A gateway's 429 comes instead of an answer, with a date until which to wait, and nothing was done.
    Busy,
    /// A page for people comes instead of an answer, with status 200, and nothing was done.
    WebPage,
    /// A redirect to another host comes instead of an answer, and nothing was done.
    Redirect,
    /// A cache answers that does not look at the query: each page of a list is the first one.
    Stale,
    /// No answer comes; the connection stays open until the caller or the sandbox gives up.
    Hang,
}

impl Misbehaviour {
    /// The given trouble for every request of every operation.
    pub fn always(trouble: Trouble) -> Misbehaviour {
        Misbehaviour { trouble, percent: 100, operations: Vec::new() }
    }

    /// Whether this trouble strikes the request with this number.
    pub(crate) fn strikes(&self, seed: u64, request: u64, operation: &str) -> bool {
        let here = self.operations.is_empty() || self.operations.iter().any(|name| name == operation);
        here && mix(mix(seed) ^ request) % 100 < u64::from(self.percent)
    }
}

impl FromStr for Misbehaviour {
    type Err = Error;

    /// Reads `KIND[=MILLISECONDS][@PERCENT][/OPERATION]`, such as `slow=250@10/getApplication` or `cut-off`.
    fn from_str(text: &str) -> Result<Misbehaviour, Error> {
        let wrong = |reason: &str| Error::Misbehaviour { text: text.to_owned(), reason: reason.to_owned() };
        let (rest, operations) = match text.split_once('/') {
            Some((rest, operation)) => (rest, vec![operation.to_owned()]),
            None => (text, Vec::new()),
        };
        let (rest, percent) = match rest.split_once('@') {
            Some((rest, percent)) => (rest, percent.parse().ok().filter(|percent| *percent <= 100)),
            None => (rest, Some(100)),
        };
        let percent = percent.ok_or_else(|| wrong("the percentage is not a whole number from 0 to 100"))?;
        let (kind, millis) = match rest.split_once('=') {
            Some((kind, millis)) => {
                let millis =
                    millis.parse().map_err(|_| wrong("the delay is not a whole number of milliseconds"))?;
                (kind, Some(millis))
            }
            None => (rest, None),
        };
        let trouble = match (kind, millis) {
            ("slow", millis) => Trouble::Slow(Duration::from_millis(millis.unwrap_or(1000))),
            ("cut-off", None) => Trouble::CutOff,
            ("unavailable", None) => Trouble::Unavailable,
            ("busy", None) => Trouble::Busy,
            ("web-page", None) => Trouble::WebPage,
            ("redirect", None) => Trouble::Redirect,
            ("stale", None) => Trouble::Stale,
            ("hang", None) => Trouble::Hang,
            _ if millis.is_some() && Misbehaviour::from_str(kind).is_ok() => {
                return Err(wrong("only `slow` takes a delay"));
            }
            _ => return Err(wrong("the kind is unknown")),
        };
        Ok(Misbehaviour { trouble, percent, operations })
    }
}

/// What a gateway says when there is nothing behind it.
pub(crate) fn unavailable() -> Answer {
    Answer::text(503, "no upstream is available\n").with_header(RETRY_AFTER, "1")
}

/// What a gateway says when there is too much: to come back a second later, as a date (RFC 9110 section 10.2.3).
pub(crate) fn busy(now: Timestamp) -> Answer {
    let date = |at: Timestamp| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok();
    let answer = Answer::text(429, "too many requests\n");
    // A caller reckons from the date of the answer: this clock is not its own.
    match (date(now), date(after(now, Duration::from_secs(1)))) {
        (Some(now), Some(then)) => answer.with_header(DATE, now).with_header(RETRY_AFTER, then),
        _ => answer,
    }
}

/// What a proxy shows to people.
pub(crate) fn web_page() -> Answer {
    let page = "<!doctype html><title>Sign in</title><p>Sign in to go on.</p>\n";
    Answer { content_type: "text/html; charset=utf-8".into(), ..Answer::text(200, page) }
}

/// What leads to a host that is none (RFC 6761 section 6.4).
pub(crate) fn redirect() -> Answer {
    Answer::empty(302).with_header(LOCATION, "https://elsewhere.invalid/")
}

/// The answer with half of its body, after which the connection breaks. The announced length is the whole
/// body's, so that a client can tell.
pub(crate) fn cut_off(answer: Answer) -> Response {
    let whole = answer.bytes();
    // An empty body has no middle: one announced byte that never comes breaks it off just as well.
    let announced = whole.len().max(1);
    let half = whole.slice(..whole.len() / 2);
    let broken = std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "cut off on purpose");
    let first: [Result<Bytes, std::io::Error>; 1] = [Ok(half)];
    // Without the pause the server would not have sent the head yet, and the caller would see no answer at all.
    let last = stream::once(async {
        tokio::time::sleep(PAUSE).await;
        Err(broken)
    });
    answer
        .with_header(CONTENT_LENGTH, announced.to_string())
        .into_response_with(Body::from_stream(stream::iter(first).chain(last)))
}
