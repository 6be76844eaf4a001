//! Where an API answers, and the manners that go with it.
//!
//! A [`Target`] says what may be sent and how fast; [`Client`] sends, one request at a time from its caller's
//! point of view, within those limits. What an answer means is not decided here, except whether it is an
//! answer at all.

mod client;
mod clock;
mod credential;
mod outage;
mod pace;

use std::time::Duration;

use driftline_specs::{Contract, ParameterLocation, SecuritySchemeKind};
use url::Url;

pub use client::{Answer, Bounds, Client, Failure, Stop};
pub use clock::Clock;
pub use credential::Credential;
pub use driftline_specs::TargetKind;
pub(crate) use outage::retry_after;
pub use outage::{Outage, OutageKind};
pub use pace::Pace;

use crate::Error;
use crate::run_tag::RunTag;

/// Whether a run may send requests that change something to a kind of target.
#[must_use]
pub fn allows_writes(kind: TargetKind) -> bool {
    kind != TargetKind::Production
}

/// An endpoint and the limits that hold for it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Target {
    /// The name, as in `--target`.
    pub name: String,
    /// What kind of place it is.
    pub kind: TargetKind,
    /// The URL that operation paths are appended to.
    pub base_url: Url,
    /// What proves that we may call.
    pub credentials: Vec<Credential>,
    /// Further header fields of every request.
    pub headers: Vec<(String, String)>,
    /// What tells the run apart, as part of `User-Agent`.
    pub run_tag: Option<RunTag>,
    /// The most requests at one time; 1 means strictly one after another.
    pub concurrency: usize,
    /// The most requests a second.
    pub requests_per_second: Option<f64>,
    /// Whether requests cost nobody anything, as those to one's own machine: then much more is asked, in a second pass after
    /// what is most telling, so that what seldom shows is seen as well.
    pub unmetered: bool,
    /// How long one request may take.
    pub timeout: Duration,
    /// How long most answers of an operation may take before that is a finding; nothing is judged by time without it.
    pub most_latency: Option<Duration>,
    /// How long a run waits in all for one request that is told to come back later.
    pub patience: Duration,
    /// How long workflows wait in all by the clock on the wall; the last wait is cut short, and then no step is tried again.
    /// As long as they say without it.
    pub max_wait: Option<Duration>,
    /// The most bytes of an answer that are read.
    pub largest_body: usize,
    /// The endpoint's own clock, which a workflow that waits moves instead; it waits in earnest without one.
    pub clock: Option<Clock>,
}

impl Target {
    /// Returns a target with the limits that suit its kind.
    ///
    /// # Errors
    ///
    /// When the URL cannot be read or is not HTTP.
    pub fn new(name: &str, kind: TargetKind, base_url: &str) -> Result<Target, Error> {
        let refuse = |reason: String| Error::BaseUrl { url: base_url.to_owned(), reason };
        let url = Url::parse(base_url).map_err(|error| refuse(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(refuse("expected http:// or https:// and a host".to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("a credential goes in a header, not in the URL".to_owned()));
        }
        let embedded = kind == TargetKind::Embedded;
        Ok(Target {
            name: name.to_owned(),
            kind,
            base_url: url,
            credentials: Vec::new(),
            headers: Vec::new(),
            run_tag: None,
            concurrency: if embedded { 8 } else { 4 },
            requests_per_second: (!embedded).then_some(10.0),
            unmetered: embedded,
            timeout: Duration::from_secs(if embedded { 10 } else { 30 }),
            most_latency: None,
            patience: Duration::from_secs(60),
            max_wait: None,
            largest_body: 16 << 20,
            clock: None,
        })
    }

    /// Adds a header field as `--header` gives it: a credential when a security scheme of the contract uses a
    /// field of this name, a plain one otherwise.
    pub fn add_header(&mut self, contract: &Contract, name: &str, value: &str) {
        let is_scheme = |scheme: &SecuritySchemeKind| match scheme {
            SecuritySchemeKind::ApiKey { location: ParameterLocation::Header, name: field } => {
                field.eq_ignore_ascii_case(name)
            }
            SecuritySchemeKind::ApiKey { location: ParameterLocation::Cookie, .. } => {
                name.eq_ignore_ascii_case("cookie")
            }
            _ => false,
        };
        let known = contract.security_schemes().iter().any(|it| is_scheme(&it.kind));
        if known || name.eq_ignore_ascii_case("authorization") {
            self.credentials.push(Credential::header(name, value));
        } else {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Adds a query parameter as `--query` gives it, which is a credential: an API key in a query.
    pub fn add_query(&mut self, name: &str, value: &str) {
        self.credentials.push(Credential::query(name, value));
    }

    /// Returns the base URL without a trailing slash, as it stands in reports.
    #[must_use]
    pub fn shown_url(&self) -> String {
        self.base_url.as_str().trim_end_matches('/').to_owned()
    }
}
