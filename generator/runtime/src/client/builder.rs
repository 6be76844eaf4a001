//! The client that all requests of one API share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use tower::{Layer, Service};
use url::Url;

use super::error::BoxError;
use super::layer::Layers;
use super::limit::Limits;
use super::oauth::TokenSource;
use super::placement::Given;
use super::send::Held;
use super::{Call, ClientCredentials, HttpService, Placement, Request, Retry};
use crate::Credential;

/// An HTTP client for one API: base URL, credentials, limits. Clones share connections, limits and tokens.
///
/// Redirects are not followed: a redirect is an answer, and no credential leaves the host that the client was built for,
/// but for that of the token endpoint.
#[derive(Clone)]
pub struct HttpClient(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub(super) http: reqwest::Client,
    /// The client with layers around it, if there are any.
    pub(super) service: Option<HttpService>,
    pub(super) base_url: Url,
    pub(super) credentials: Vec<Held>,
    pub(super) limits: Limits,
    pub(super) retry: Retry,
    pub(super) timeout: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) max_response_bytes: usize,
    pub(super) validate_requests: bool,
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("base_url", &self.0.base_url.as_str())
            .field("credentials", &self.0.credentials.iter().map(|held| held.scheme).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Settings of an [`HttpClient`]; generated crates wrap it with one method a security scheme.
#[derive(Debug, Clone)]
pub struct HttpClientBuilder {
    base_url: String,
    user_agent: String,
    timeout: Duration,
    attempt_timeout: Duration,
    connect_timeout: Duration,
    max_response_bytes: usize,
    validate_requests: bool,
    concurrency: Option<usize>,
    requests_per_second: Option<f64>,
    retry: Retry,
    layers: Layers,
    credentials: Vec<(&'static str, Given)>,
}

/// Why a client could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is not an absolute `http` or `https` URL.
    #[error("`{url}` is no base URL: {reason}; use an absolute one such as https://api.example.com/v1")]
    BaseUrl {
        /// The text that was given, without user information.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A credential cannot be sent.
    #[error("the credential for `{scheme}` cannot be sent: {reason}")]
    Credential {
        /// The security scheme of the contract.
        scheme: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The HTTP stack refused the settings.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(#[from] reqwest::Error),
}

impl HttpClient {
    /// Starts with the base URL that all paths of the contract are appended to.
    pub fn builder(base_url: impl Into<String>, user_agent: &str) -> HttpClientBuilder {
        HttpClientBuilder {
            base_url: base_url.into(),
            user_agent: user_agent.to_owned(),
            timeout: Duration::from_secs(90),
            attempt_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_response_bytes: 64 << 20,
            validate_requests: false,
            concurrency: None,
            requests_per_second: None,
            retry: Retry::default(),
            layers: Layers::default(),
            credentials: Vec::new(),
        }
    }

    /// Starts a request of an operation.
    pub fn request(&self, call: &'static Call) -> Request<'_> {
        Request::new(&self.0, call)
    }

    /// Returns the base URL.
    pub fn base_url(&self) -> &str {
        self.0.base_url.as_str()
    }
}

impl HttpClientBuilder {
    /// Sets the time that a call may take in all: its attempts, the waiting between them, and that for its turn; 90
    /// seconds unless set. Of an answer that is streamed only the head counts.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the time in which one attempt has to be answered completely; 30 seconds unless set. Of an answer that is
    /// streamed it is the time in which the head, and then each further part, has to come.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the time in which a connection has to be made; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets when a call is tried again that may be repeated: twice unless set, see [`Retry`].
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Lets at most so many calls be under way at a time, at least one, over all clones of the client. A call is under way
    /// until its answer has been read, its stream ended, or its future been dropped; one that waits before it is tried again
    /// is not. The API may still work on one that was given up. A limit that is there already, such as that of the API, is
    /// only made narrower.
    pub fn concurrency(mut self, calls: usize) -> Self {
        let calls = calls.max(1);
        self.concurrency = Some(self.concurrency.map_or(calls, |most| most.min(calls)));
        self
    }

    /// Lets at most so many requests leave each second, evenly, over all clones of the client. A limit that is there
    /// already, such as that of the API, is only made narrower; a rate that is not above zero sets none.
    pub fn requests_per_second(mut self, rate: f64) -> Self {
        if rate.is_finite() && rate > 0.0 {
            self.requests_per_second = Some(self.requests_per_second.map_or(rate, |most| most.min(rate)));
        }
        self
    }

    /// Drops the limits of the API and of the caller and tries nothing again: what answers is no API but a recording.
    #[cfg(feature = "calls")]
    #[doc(hidden)]
    pub fn for_recordings(mut self) -> Self {
        (self.concurrency, self.requests_per_second) = (None, None);
        self.retry(Retry::never())
    }

    /// Puts a layer of the `tower` ecosystem around every attempt of a call; the first one sees a request first. Token
    /// requests do not pass it.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<HttpService> + Send + Sync + 'static,
        L::Service: Service<reqwest::Request, Response = reqwest::Response> + Clone + Send + Sync + 'static,
        <L::Service as Service<reqwest::Request>>::Error: Into<BoxError>,
        <L::Service as Service<reqwest::Request>>::Future: Send + 'static,
    {
        self.layers.push(layer);
        self
    }

    /// Sets the `User-Agent`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the size in bytes above which an answer is an error instead of an allocation, and a stream ends with one; 64
    /// MiB unless set.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sets whether a request whose JSON body violates the constraints of its schema is refused instead of sent; off
    /// unless set.
    pub fn validate_requests(mut self, validate: bool) -> Self {
        self.validate_requests = validate;
        self
    }

    fn give(mut self, scheme: &'static str, given: Given) -> Self {
        self.credentials.retain(|(name, _)| *name != scheme);
        self.credentials.push((scheme, given));
        self
    }

    /// Sets the credential of a security scheme.
    pub fn credential(self, scheme: &'static str, placement: Placement, credential: Credential) -> Self {
        self.give(scheme, Given::Secret(placement, credential))
    }

    /// Sets user and password of a security scheme of HTTP Basic (RFC 7617).
    pub fn basic(self, scheme: &'static str, user: Credential, password: Credential) -> Self {
        self.give(scheme, Given::Basic(user, password))
    }

    /// Sets what tokens are asked for with for a security scheme of OAuth 2.0.
    pub fn client_credentials(self, scheme: &'static str, client: ClientCredentials) -> Self {
        self.give(scheme, Given::Client(client))
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Fails when the base URL is no absolute `http` or `https` URL, when a credential cannot be sent, or when the HTTP stack refuses the settings.
    pub fn build(self) -> Result<HttpClient, BuildError> {
        let base_url = parse_base_url(&self.base_url)?;
        let credentials = self.credentials.into_iter().map(|(scheme, given)| {
            let checked = given.apply(&mut HeaderMap::new(), &mut base_url.clone());
            let tokens = checked.and_then(|()| match &given {
                Given::Client(client) => TokenSource::new(client.clone(), &base_url).map(Some),
                Given::Secret(..) | Given::Basic(..) => Ok(None),
            });
            let tokens = tokens.map_err(|reason| BuildError::Credential { scheme, reason })?;
            Ok(Held { scheme, given, tokens })
        });
        let credentials = credentials.collect::<Result<_, BuildError>>()?;
        // reqwest panics without a process-wide provider; one that the application has chosen stays.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let http = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .read_timeout(self.attempt_timeout)
            .connect_timeout(self.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(HttpClient(Arc::new(Shared {
            service: self.layers.around(&http),
            http,
            base_url,
            credentials,
            limits: Limits::new(self.concurrency, self.requests_per_second),
            retry: self.retry,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            max_response_bytes: self.max_response_bytes,
            validate_requests: self.validate_requests,
        })))
    }
}

fn parse_base_url(text: &str) -> Result<Url, BuildError> {
    let refuse = |reason: &str| BuildError::BaseUrl {
        url: text.rsplit('@').next().unwrap_or_default().to_owned(),
        reason: reason.to_owned(),
    };
    let url = Url::parse(text.trim_end_matches('/')).map_err(|error| refuse(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("its scheme is neither http nor https"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it has a query or a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("it carries a user name or a password"));
    }
    Ok(url)
}
