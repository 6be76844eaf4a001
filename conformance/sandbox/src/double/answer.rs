//! One recorded exchange: which requests it answers, and with what.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use driftline_specs::recording::{Answer, Ask, Difference, Respects};
use http::header::{CONTENT_LOCATION, LINK, LOCATION};
use http::{HeaderName, HeaderValue, StatusCode};
use url::Url;

use super::ledger::path_of;

/// What describes the connection or the coding of the recorded message, and would be wrong of this one.
const OF_THE_MESSAGE: [&str; 8] = [
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A recorded exchange.
pub(super) struct Recorded {
    ask: Ask,
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Recorded {
    /// Takes an exchange; addresses of the host that answered become addresses of `url`.
    pub(super) fn new(ask: Ask, answer: Answer, url: &str) -> Recorded {
        let origin = Url::parse(&ask.url).ok().map(|url| url.origin().ascii_serialization());
        let is_json =
            answer.header("content-type").is_some_and(|it| it.to_ascii_lowercase().contains("json"));
        let headers = answer.headers.iter().filter_map(|(name, value)| {
            let name: HeaderName =
                name.parse().ok().filter(|it: &HeaderName| !OF_THE_MESSAGE.contains(&it.as_str()))?;
            let value = match (&origin, [LOCATION, LINK, CONTENT_LOCATION].contains(&name)) {
                (Some(origin), true) => at_home(value, origin, url),
                _ => value.clone(),
            };
            Some((name, HeaderValue::from_str(&value).ok()?))
        });
        let headers = headers.collect();
        let body = match (origin, String::from_utf8(answer.body)) {
            (Some(origin), Ok(text)) if is_json => at_home(&text, &origin, url).into_bytes(),
            (_, Ok(text)) => text.into_bytes(),
            (_, Err(error)) => error.into_bytes(),
        };
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::NOT_IMPLEMENTED);
        Recorded { ask, status, headers, body: body.into() }
    }

    pub(super) fn ask(&self) -> &Ask {
        &self.ask
    }

    /// Tells whether a request is the recorded one.
    pub(super) fn is_asked_by(&self, ask: &Ask, respects: &Respects) -> bool {
        self.ask.method == ask.method && self.ask.differences(ask, respects).is_empty()
    }

    /// How far a request is from the recorded one: another path or method is further than anything in a body.
    pub(super) fn distance(&self, ask: &Ask, differences: &[Difference]) -> usize {
        let segments = |url: &str| path_of(url).split('/').map(str::to_owned).collect::<Vec<_>>();
        let (own, other) = (segments(&self.ask.url), segments(&ask.url));
        let unlike = own.iter().zip(&other).filter(|(one, other)| one != other).count();
        let weights = differences.iter().map(|difference| match difference.place.as_str() {
            "path" => 100 * (1 + unlike + 2 * own.len().abs_diff(other.len())),
            "method" => 100,
            _ => 1,
        });
        weights.sum()
    }

    pub(super) fn response(&self) -> Response {
        let mut response = (self.status, Body::from(self.body.clone())).into_response();
        // The server would have said a type of its own.
        response.headers_mut().clear();
        for (name, value) in &self.headers {
            response.headers_mut().append(name, value.clone());
        }
        response
    }
}

/// Replaces an origin, where it ends there, by another one.
fn at_home(text: &str, origin: &str, url: &str) -> String {
    let mut home = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(origin) {
        home.push_str(before);
        let ends = after
            .chars()
            .next()
            .is_none_or(|next| matches!(next, '/' | '?' | '#' | '"' | '>' | ';' | ',' | ' '));
        home.push_str(if ends { url } else { origin });
        rest = after;
    }
    home.push_str(rest);
    home
}

#[cfg(test)]
mod tests {
    use super::at_home;

    #[test]
    fn an_origin_is_replaced_where_it_is_whole() {
        let text = r#"{"next":"https://a.example/x?y=1","other":"https://a.example.com/","own":"https://a.example"}"#;
        let home = at_home(text, "https://a.example", "http://127.0.0.1:1");
        let expected = r#"{"next":"http://127.0.0.1:1/x?y=1","other":"https://a.example.com/","own":"http://127.0.0.1:1"}"#;
        assert_eq!(home, expected);
    }
}
