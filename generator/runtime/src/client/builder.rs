//! The client that all requests of one API share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::credential::Carried;
use super::{Call, Credential, Placement, Request};

/// An HTTP client for one API: base URL, credentials, limits. Clones share the connections.
#[derive(Clone)]
pub struct HttpClient(pub(super) Arc<Shared>);

pub(super) struct Shared {
    pub(super) http: reqwest::Client,
    pub(super) base_url: Url,
    pub(super) credentials: Vec<(&'static str, Carried)>,
    pub(super) max_response_bytes: usize,
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("base_url", &self.0.base_url.as_str())
            .field("credentials", &self.0.credentials.iter().map(|(scheme, _)| scheme).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Settings of an [`HttpClient`]; generated crates wrap it with one method a security scheme.
#[derive(Debug, Clone)]
pub struct HttpClientBuilder {
    base_url: String,
    user_agent: String,
    timeout: Duration,
    connect_timeout: Duration,
    max_response_bytes: usize,
    credentials: Vec<(&'static str, Placement, Credential)>,
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
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_response_bytes: 64 << 20,
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
    /// Sets the time in which a call has to be answered completely; 30 seconds unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the time in which a connection has to be made; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the `User-Agent`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the size in bytes above which an answer is an error instead of an allocation; 64 MiB unless set.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sets the credential of a security scheme.
    pub fn credential(mut self, scheme: &'static str, placement: Placement, credential: Credential) -> Self {
        self.credentials.retain(|(name, ..)| *name != scheme);
        self.credentials.push((scheme, placement, credential));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Fails when the base URL is no absolute `http` or `https` URL, when a credential holds characters that no
    /// header can carry, or when the HTTP stack refuses the settings.
    pub fn build(self) -> Result<HttpClient, BuildError> {
        let base_url = parse_base_url(&self.base_url)?;
        let credentials = self
            .credentials
            .iter()
            .map(|(scheme, placement, credential)| {
                let carried = credential
                    .carried(*placement)
                    .map_err(|reason| BuildError::Credential { scheme, reason })?;
                Ok((*scheme, carried))
            })
            .collect::<Result<_, BuildError>>()?;
        // reqwest panics without a process-wide provider; one that the application has chosen stays.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let http = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(HttpClient(Arc::new(Shared {
            http,
            base_url,
            credentials,
            max_response_bytes: self.max_response_bytes,
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
