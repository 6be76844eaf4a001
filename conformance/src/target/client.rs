//! Sends requests within a target's limits and reads answers without trusting them.
//!
//! Redirects are not followed, bodies are read up to a limit, and every request has a time limit. A request
//! that is told to come back later waits as long as it is told, up to the target's patience.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use tokio::time::{Instant, sleep};

use super::outage::{Outage, OutageKind, retry_after};
use super::{Clock, Credential, Pace, Target};
use crate::cancel::Cancel;
use crate::error::Error;
use crate::request::Request;

/// How often a request is tried again after 502, 503, 504 or a refused connection.
const RETRIES: u32 = 2;

/// How long to wait when the endpoint does not say; doubled with every retry.
const BACK_OFF: Duration = Duration::from_millis(250);

/// After this many failures without an answer between them, there is no use in going on.
const HOPELESS: u32 = 6;

/// A run that waits no longer than so in all waits at most one of so many shares of it at once.
const SHARES: u32 = 8;

/// What an endpoint answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header fields, names in lower case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// From the request's departure to the end of the body.
    pub elapsed: Duration,
}

impl Answer {
    /// Returns the first header field of a name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns all header fields of a name as one list (RFC 9110 section 5.3).
    #[must_use]
    pub fn combined(&self, name: &str) -> Option<String> {
        let lines = self.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
        let lines: Vec<&str> = lines.map(|(_, value)| value.trim()).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The endpoint is in trouble.
    Outage(Outage),
    /// The run is over: no request was sent.
    Stopped(Stop),
    /// HTTP has no way to write this request.
    Unsendable,
}

/// Why a run ends before its plan does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The request budget is spent.
    Budget,
    /// The time is up.
    Time,
    /// Somebody stopped it.
    Cancelled,
    /// The endpoint fails whatever it is asked; how it fails.
    Hopeless(String),
    /// As many deviations were seen as were wanted.
    Enough,
}

impl Stop {
    /// Whether the plan was cut off; one that spends its budget was made for it.
    #[must_use]
    pub fn is_early(&self) -> bool {
        !matches!(self, Stop::Budget)
    }
}

/// Bounds of a whole run.
#[derive(Debug, Clone, Default)]
pub struct Bounds {
    /// The most requests.
    pub requests: Option<u64>,
    /// When to stop.
    pub deadline: Option<Instant>,
    /// The switch that stops the run.
    pub cancel: Cancel,
}

/// An HTTP client for one target.
pub struct Client {
    http: reqwest::Client,
    target: Target,
    pace: Arc<Pace>,
    bounds: Bounds,
    sent: AtomicU64,
    failures: AtomicU32,
    /// How long was waited by the clock on the wall, in milliseconds.
    waited: AtomicU64,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("target", &self.target).finish_non_exhaustive()
    }
}

impl Client {
    /// Returns a client that has sent nothing yet.
    ///
    /// # Errors
    ///
    /// When a header of the target cannot be sent or TLS cannot be set up.
    pub fn new(target: Target, bounds: Bounds) -> Result<Client, Error> {
        // Fails when a provider is there already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        for (name, value) in &target.headers {
            header(name, value)?;
        }
        for credential in &target.credentials {
            if let Credential::Header { name, value, .. } = credential {
                header(name, value)?;
            }
        }
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(target.timeout)
            .connect_timeout(target.timeout.min(Duration::from_secs(10)))
            .pool_max_idle_per_host(target.concurrency.clamp(1, 64))
            .user_agent(user_agent(&target));
        let local = match target.base_url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if local {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| Error::Client(error.to_string()))?;
        let pace = Arc::new(Pace::new(target.concurrency, target.requests_per_second));
        let (sent, failures) = (AtomicU64::new(0), AtomicU32::new(0));
        Ok(Client { http, target, pace, bounds, sent, failures, waited: AtomicU64::new(0) })
    }

    /// Returns a client for the same target at the same pace, with bounds of its own.
    #[must_use]
    pub fn within(&self, bounds: Bounds) -> Client {
        Client {
            http: self.http.clone(),
            target: self.target.clone(),
            pace: Arc::clone(&self.pace),
            bounds,
            sent: AtomicU64::new(0),
            failures: AtomicU32::new(0),
            waited: AtomicU64::new(0),
        }
    }

    /// Returns the target.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Returns how many requests were sent.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Returns how many more requests the budget allows; `None` without a budget.
    #[must_use]
    pub fn remaining(&self) -> Option<u64> {
        self.bounds.requests.map(|most| most.saturating_sub(self.sent()))
    }

    /// Whether so many requests failed in a row that sending more of them is pointless.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.failures.load(Ordering::Relaxed) >= HOPELESS
    }

    /// Forgets past failures: something else is about to be asked.
    pub fn forgive(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    /// Sends a request with these credentials and reads the answer.
    ///
    /// # Errors
    ///
    /// When there is no answer, or only one that says to come back later.
    pub async fn send(&self, request: &Request, credentials: &[Credential]) -> Result<Answer, Failure> {
        self.send_watched(request, credentials, &mut None).await
    }

    /// The same; the first answer that says to come back later is kept as well.
    pub(crate) async fn send_watched(
        &self,
        request: &Request,
        credentials: &[Credential],
        throttled: &mut Option<Answer>,
    ) -> Result<Answer, Failure> {
        let attempts = self.attempts(request, credentials, throttled);
        let outcome = tokio::select! {
            biased;
            () = self.bounds.cancel.triggered() => Err(Failure::Stopped(Stop::Cancelled)),
            () = until(self.bounds.deadline) => Err(Failure::Stopped(Stop::Time)),
            outcome = attempts => outcome,
        };
        match &outcome {
            Ok(_) => self.failures.store(0, Ordering::Relaxed),
            Err(Failure::Outage(outage)) if outage.kind.is_systemic() => {
                self.failures.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => {}
        }
        outcome
    }

    /// How long is waited where a workflow would wait so long, and the endpoint tells to wait so long at least; `None` where
    /// that is more than this run waits. A run that waits no longer than so in all looks again sooner, so that something is left
    /// for others.
    pub(crate) fn wait_for(&self, time: Duration, told: Duration) -> Option<Duration> {
        let whole = time.max(told);
        let Some(most) = self.target.max_wait.filter(|_| self.target.clock.is_none()) else {
            return Some(whole);
        };
        let left = most.saturating_sub(Duration::from_millis(self.waited.load(Ordering::Relaxed)));
        let share = (most / SHARES).max(told);
        (whole.is_zero() || !left.is_zero() && told <= left).then(|| whole.min(left).min(share))
    }

    /// Waits, unless the run ends meanwhile. Where the target has a clock of its own, that is moved instead.
    ///
    /// # Errors
    ///
    /// When it does.
    pub async fn wait(&self, time: Duration) -> Result<(), Stop> {
        let passed = async {
            // A clock that cannot be moved goes by itself.
            if !self.move_clock(time).await {
                let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
                self.waited.fetch_add(milliseconds, Ordering::Relaxed);
                sleep(time).await;
            }
        };
        tokio::select! {
            biased;
            () = self.bounds.cancel.triggered() => Err(Stop::Cancelled),
            () = until(self.bounds.deadline) => Err(Stop::Time),
            () = passed => Ok(()),
        }
    }

    /// Moves the target's own clock forward; returns whether it has one that can be moved.
    pub(crate) async fn move_clock(&self, time: Duration) -> bool {
        match &self.target.clock {
            Some(Clock::Moved(advance)) => {
                advance(time);
                true
            }
            Some(Clock::Asked(path)) => {
                let moved = self.exchange(&Clock::request(path, time), &self.target.credentials).await;
                moved.is_ok_and(|answer| (200..300).contains(&answer.status))
            }
            None => false,
        }
    }

    async fn attempts(
        &self,
        request: &Request,
        credentials: &[Credential],
        throttled: &mut Option<Answer>,
    ) -> Result<Answer, Failure> {
        let mut waited = Duration::ZERO;
        let mut attempt = 0;
        loop {
            let outcome = {
                let Some(_permit) = self.pace.turn().await else {
                    return Err(Failure::Stopped(Stop::Cancelled));
                };
                self.spend()?;
                self.exchange(request, credentials).await
            };
            let (outage, wait) = match outcome {
                Ok(answer) => match trouble(&answer) {
                    None => return Ok(answer),
                    Some(outage) => {
                        let told = answer.header("retry-after");
                        let wait = told.and_then(|told| retry_after(told, answer.header("date")));
                        if outage.kind == OutageKind::Throttled {
                            throttled.get_or_insert(answer);
                        }
                        (outage, wait)
                    }
                },
                Err(Failure::Outage(outage)) if outage.kind == OutageKind::Unreachable => (outage, None),
                Err(failure) => return Err(failure),
            };
            let wait = wait.unwrap_or(BACK_OFF * 2_u32.saturating_pow(attempt));
            let persistent = outage.kind != OutageKind::Throttled && attempt >= RETRIES;
            let failing = self.failures.load(Ordering::Relaxed) >= HOPELESS / 2;
            if persistent || failing || waited + wait > self.target.patience {
                return Err(Failure::Outage(outage));
            }
            waited += wait;
            attempt += 1;
            match outage.kind {
                OutageKind::Throttled => self.pace.pause(wait).await,
                _ => sleep(wait).await,
            }
        }
    }

    fn spend(&self) -> Result<(), Failure> {
        let most = self.bounds.requests.unwrap_or(u64::MAX);
        let spent = self
            .sent
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |sent| (sent < most).then_some(sent + 1));
        spent.map(|_| ()).map_err(|_| Failure::Stopped(Stop::Budget))
    }

    async fn exchange(&self, request: &Request, credentials: &[Credential]) -> Result<Answer, Failure> {
        let mut url = self.target.shown_url() + &request.target();
        let mut headers = HeaderMap::new();
        let own = self.target.headers.iter().chain(&request.headers);
        for (name, value) in own {
            let (name, value) = header(name, value).map_err(|_| Failure::Unsendable)?;
            headers.append(name, value);
        }
        for credential in credentials {
            match credential {
                Credential::Header { name, value, .. } => {
                    let (name, mut value) = header(name, value).map_err(|_| Failure::Unsendable)?;
                    value.set_sensitive(true);
                    headers.append(name, value);
                }
                Credential::Query { name, value, .. } => {
                    let separator = if url.contains('?') { '&' } else { '?' };
                    let value =
                        percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
                    url.push_str(&format!("{separator}{name}={value}"));
                }
            }
        }
        let url = url::Url::parse(&url).map_err(|_| Failure::Unsendable)?;
        let method =
            http::Method::from_bytes(request.method.as_str().as_bytes()).map_err(|_| Failure::Unsendable)?;
        let mut builder = self.http.request(method, url).headers(headers);
        if let Some(body) = &request.body {
            builder = builder.header(CONTENT_TYPE, &body.media_type).body(body.content.clone());
        }
        let started = Instant::now();
        let mut response = builder.send().await.map_err(|error| self.failure(&error))?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failure(&error))? {
            if body.len() + chunk.len() > self.target.largest_body {
                let limit = self.target.largest_body;
                let reason = format!("an answer of more than {limit} bytes was not read");
                return Err(Failure::Outage(Outage::new(OutageKind::TooLarge, reason)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body: body.freeze(), elapsed: started.elapsed() })
    }

    fn failure(&self, error: &reqwest::Error) -> Failure {
        if error.is_builder() {
            return Failure::Unsendable;
        }
        let url = self.target.shown_url();
        let outage = if error.is_timeout() && !error.is_connect() {
            let seconds = self.target.timeout.as_secs_f64();
            Outage::new(OutageKind::TimedOut, format!("{url} gave no answer in {seconds} s"))
        } else if error.is_connect() {
            Outage::new(OutageKind::Unreachable, format!("{url} cannot be reached: {}", innermost(error)))
        } else {
            let reason = format!("{url} ended the connection before its answer: {}", innermost(error));
            Outage::new(OutageKind::CutOff, reason)
        };
        Failure::Outage(outage)
    }
}

/// Returns the outage that an answer stands for.
fn trouble(answer: &Answer) -> Option<Outage> {
    match answer.status {
        429 => Some(Outage::new(OutageKind::Throttled, "429 to every attempt, longer than our patience")),
        status @ 502..=504 => {
            Some(Outage::new(OutageKind::Unavailable, format!("{status}: the endpoint is unavailable")))
        }
        _ => None,
    }
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let refuse = |reason: String| Error::Header { name: name.to_owned(), reason };
    let field = HeaderName::from_bytes(name.as_bytes()).map_err(|error| refuse(error.to_string()))?;
    let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|error| refuse(error.to_string()))?;
    Ok((field, value))
}

fn innermost(error: &reqwest::Error) -> String {
    let mut source: &dyn std::error::Error = error;
    while let Some(inner) = source.source() {
        source = inner;
    }
    source.to_string()
}

/// Returns who is asking, with the run tag as a comment (RFC 9110 section 10.1.5).
fn user_agent(target: &Target) -> String {
    let tag = target.run_tag.as_ref().map(|tag| format!(" ({tag})")).unwrap_or_default();
    format!("driftline/{}{tag}", env!("CARGO_PKG_VERSION"))
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
