//! A call on its way: a turn, a credential, an attempt, and another where it may be made.

use std::future::Future;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::time::{Instant, sleep, timeout_at};
use tower::ServiceExt;
use tracing::{Instrument, Span, field};
use url::Url;

use super::builder::Shared;
use super::error::TimeLimit;
use super::oauth::TokenSource;
use super::placement::Given;
use super::request::RequestBody;
use super::retry::is_transient;
use super::{Answer, Request, TransportError};

/// The longest time limit.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The token that an attempt carried, by its source.
type Carried<'a> = Option<(&'a TokenSource, HeaderValue)>;

impl Request<'_> {
    /// Sends the request and reads the whole answer.
    ///
    /// An operation that may be repeated is tried again as the client's [`Retry`](super::Retry) says, when there was no
    /// answer or one that will pass; never when its body was a stream. A token that was refused is replaced once, whatever
    /// the operation.
    ///
    /// Dropping the future gives the call up: the connection is closed unless others share it, whatever the call held is
    /// free for the next one, and the client stays usable. Whether the API has done what it was asked to is not known then.
    ///
    /// # Errors
    ///
    /// Fails when there is no complete answer; every status is an answer.
    pub async fn send(self) -> Result<Answer, TransportError> {
        self.open(|_| false).await
    }

    /// Sends the request as [`send`](Self::send) does, and leaves the body of an answer to be read as it comes where its
    /// status is one to stream.
    ///
    /// # Errors
    ///
    /// Fails when there is no complete answer, or no head of one whose body is streamed.
    pub async fn open(self, streamed: fn(u16) -> bool) -> Result<Answer, TransportError> {
        let span = tracing::info_span!(
            "call",
            operation = self.call.operation,
            method = self.call.method.as_str(),
            path = self.call.path,
            status = field::Empty,
            attempt = field::Empty,
        );
        self.exchange(streamed, span.clone()).instrument(span).await
    }

    async fn exchange(mut self, streamed: fn(u16) -> bool, span: Span) -> Result<Answer, TransportError> {
        let (url, client) = (self.complete()?, self.client);
        let deadline = Instant::now() + client.timeout.min(LONGEST);
        let (mut retried, mut renewed) = (0, false);
        loop {
            let mut carried = None;
            span.record("attempt", retried + 1);
            let outcome = self.attempt(&url, deadline, streamed, &mut carried).await;
            if let Ok(answer) = &outcome {
                span.record("status", answer.status());
            }
            if let (Ok(answer), Some((source, token))) = (&outcome, &carried)
                && answer.status() == StatusCode::UNAUTHORIZED.as_u16()
            {
                source.forget(token).await;
                // A request that was not authorised has done nothing.
                if !renewed && self.body.is_repeatable() {
                    renewed = true;
                    tracing::warn!(reason = "token refused", "the call is tried again");
                    continue;
                }
            }
            let (reason, headers) = match &outcome {
                Ok(answer) if self.call.repeatable && is_transient(answer.status_code()) => {
                    ("status", Some(answer.headers()))
                }
                // Without a token nothing was sent.
                Err(TransportError::Token(error)) if error.is_transient() => ("no token", None),
                Err(error) if self.call.repeatable && error.is_transient() => (error.kind(), None),
                _ => return outcome,
            };
            let wait = client.retry.wait(retried, headers).filter(|_| self.body.is_repeatable());
            let Some(wait) = wait.filter(|wait| Instant::now() + *wait < deadline) else { return outcome };
            retried += 1;
            tracing::warn!(
                reason,
                status = outcome.as_ref().ok().map(Answer::status),
                retry = retried,
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "the call is tried again"
            );
            sleep(wait).await;
        }
    }

    /// Waits for a turn, and makes one attempt.
    async fn attempt<'c>(
        &mut self,
        url: &Url,
        deadline: Instant,
        streamed: fn(u16) -> bool,
        carried: &mut Carried<'c>,
    ) -> Result<Answer, TransportError>
    where
        Self: 'c,
    {
        let client = self.client;
        let turn = within(deadline, TimeLimit::Call, async { Ok(client.limits.turn().await) }).await?;
        let own = Instant::now() + client.attempt_timeout.min(LONGEST);
        let (until, limit) =
            if own < deadline { (own, TimeLimit::Attempt) } else { (deadline, TimeLimit::Call) };
        let attempt = async {
            let (mut url, mut headers) = (url.clone(), self.headers.clone());
            *carried = client.authorise(self.call.security, &mut headers, &mut url).await?;
            let response = client.execute(self.request(url, headers)?).await?;
            let streamed = streamed(response.status().as_u16());
            Answer::take(response, client.max_response_bytes, streamed, turn).await
        };
        within(until, limit, attempt).await
    }

    fn request(&self, url: Url, headers: HeaderMap) -> Result<reqwest::Request, TransportError> {
        let mut request = reqwest::Request::new(self.call.method.clone(), url);
        *request.headers_mut() = headers;
        match &self.body {
            RequestBody::None => {}
            RequestBody::Octets(octets) => *request.body_mut() = Some(octets.to_body()?),
            RequestBody::Multipart(form) => {
                let builder = reqwest::RequestBuilder::from_parts(self.client.http.clone(), request);
                request = builder.multipart(form.to_multipart()?).build()?;
            }
        }
        Ok(request)
    }
}

impl RequestBody {
    /// Whether it can be sent more than once.
    fn is_repeatable(&self) -> bool {
        match self {
            Self::None => true,
            Self::Octets(octets) => octets.is_repeatable(),
            Self::Multipart(form) => form.is_repeatable(),
        }
    }
}

impl Shared {
    async fn execute(&self, request: reqwest::Request) -> Result<reqwest::Response, TransportError> {
        match &self.service {
            None => Ok(self.http.execute(request).await?),
            Some(service) => service.clone().oneshot(request).await.map_err(TransportError::of_service),
        }
    }

    /// Satisfies the first group of security schemes for which every credential is there.
    async fn authorise(
        &self,
        security: &[&[&str]],
        headers: &mut HeaderMap,
        url: &mut Url,
    ) -> Result<Carried<'_>, TransportError> {
        let given = |scheme: &str| self.credentials.iter().find(|held| held.scheme == scheme);
        let group = security.iter().find(|group| group.iter().all(|scheme| given(scheme).is_some()));
        let mut carried = None;
        for held in group.into_iter().flat_map(|group| group.iter()).filter_map(|scheme| given(scheme)) {
            match &held.tokens {
                Some(source) => {
                    let token = source.authorization(&self.http).await?;
                    headers.insert(header::AUTHORIZATION, token.clone());
                    carried = Some((source, token));
                }
                None => held.given.apply(headers, url).map_err(|reason| {
                    let scheme = held.scheme;
                    TransportError::Request(format!("the credential for `{scheme}` cannot be sent: {reason}"))
                })?,
            }
        }
        Ok(carried)
    }
}

/// A credential that a client holds.
pub(super) struct Held {
    pub(super) scheme: &'static str,
    pub(super) given: Given,
    /// Where its tokens come from, if it is not sent itself.
    pub(super) tokens: Option<TokenSource>,
}

async fn within<T>(
    until: Instant,
    limit: TimeLimit,
    work: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    timeout_at(until, work).await.unwrap_or(Err(TransportError::Timeout(limit)))
}
