//! OAuth 2.0 client credentials (RFC 6749 section 4.4): a token that is asked for when it is needed, and kept.

use std::fmt;
use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use secrecy::ExposeSecret;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::{Url, form_urlencoded};

use super::TransportError;
use super::limit::Turn;
use super::placement::{basic, bearer};
use super::retry::is_transient;
use super::stream::ByteStream;
use crate::{Credential, decode};

/// The most that a token endpoint may answer, in bytes.
const MOST_ANSWER: usize = 1 << 20;
/// How long before its end a token is not used any more; for one that lives shortly, a tenth of its life.
const MARGIN: Duration = Duration::from_secs(30);
/// The longest that a token is kept.
const LONGEST_LIFE: f64 = 365.0 * 24.0 * 60.0 * 60.0;
/// The longest word of an error that is shown, in bytes.
const LONGEST_WORD: usize = 200;

/// A client that gets its tokens with the client credentials grant. Neither secret nor token prints.
///
/// Builders of clients take it where the contract has such a flow: the token is asked for with the first call, kept by all
/// clones, and replaced before it ends or when it is refused.
///
/// ```
/// use driftline_runtime::{ClientCredentials, Credential};
///
/// let secret = Credential::from("hush");
/// let client = ClientCredentials::new("/oauth/token", "billing", secret.clone()).scopes(["read", "write"]);
/// assert!(!format!("{client:?}").contains("hush"));
/// secret.rotate("another"); // for the tokens that are asked for from now on
/// ```
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    token_url: String,
    id: Credential,
    secret: Credential,
    scopes: Vec<String>,
    in_body: bool,
}

impl ClientCredentials {
    /// Asks for tokens at a URL, which may be relative to the client's base URL. The client authenticates itself by HTTP
    /// Basic (RFC 6749 section 2.3.1).
    pub fn new(
        token_url: impl Into<String>,
        id: impl Into<Credential>,
        secret: impl Into<Credential>,
    ) -> Self {
        let (token_url, id, secret) = (token_url.into(), id.into(), secret.into());
        Self { token_url, id, secret, scopes: Vec::new(), in_body: false }
    }

    /// Sets the scopes that are asked for; without any the API decides.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Sends id and secret in the body of the token request, for an API that does not take HTTP Basic.
    pub fn secret_in_body(mut self) -> Self {
        self.in_body = true;
        self
    }

    /// Whether a word of an error may be shown: it is short, printable, and repeats neither id nor secret.
    fn may_show(&self, word: &str) -> bool {
        let repeats = |part: &Credential| {
            let part = part.secret();
            !part.expose_secret().is_empty() && word.contains(part.expose_secret())
        };
        let printable = word.len() <= LONGEST_WORD && !word.chars().any(char::is_control);
        printable && !repeats(&self.id) && !repeats(&self.secret)
    }
}

/// Why there is no access token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The token endpoint refused (RFC 6749 section 5.2).
    #[error("the token endpoint answered {status}{reason}")]
    Refused {
        /// The status.
        status: StatusCode,
        /// What it said: the error code and its description, without the client's id and secret.
        reason: Refusal,
    },
    /// The token endpoint answered something that is no token.
    #[error("the token endpoint answered {status}, but no token: {reason}")]
    Malformed {
        /// The status.
        status: StatusCode,
        /// What is wrong with it.
        reason: String,
    },
    /// The token endpoint did not answer.
    #[error("the token endpoint: {0}")]
    Unanswered(#[source] Box<TransportError>),
    /// Id or secret cannot be sent.
    #[error("the token request cannot be made: {0}")]
    Request(&'static str),
}

impl TokenError {
    /// Whether it may pass.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Refused { status, .. } => is_transient(*status),
            Self::Unanswered(error) => error.is_transient(),
            Self::Malformed { .. } | Self::Request(_) => false,
        }
    }
}

/// What a token endpoint said when it refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The error code, such as `invalid_client`.
    pub code: Option<String>,
    /// What it means, in the words of the endpoint.
    pub description: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.code, &self.description) {
            (Some(code), Some(description)) => write!(f, ": {code} ({description})"),
            (Some(word), None) | (None, Some(word)) => write!(f, ": {word}"),
            (None, None) => Ok(()),
        }
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    expires_in: Option<Seconds>,
}

/// A number, which some endpoints write as text.
struct Seconds(f64);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        let seconds = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        seconds
            .filter(|seconds| seconds.is_finite())
            .map(|seconds| Self(seconds.clamp(0.0, LONGEST_LIFE)))
            .ok_or_else(|| serde::de::Error::custom("expected a number of seconds"))
    }
}

#[derive(Deserialize, Default)]
struct Refused {
    error: Option<String>,
    error_description: Option<String>,
}

/// The token of one client, kept until shortly before it ends.
pub(super) struct TokenSource {
    url: Url,
    client: ClientCredentials,
    /// Whoever asks for a token holds the lock, so that it is asked for once.
    token: Mutex<Option<Token>>,
}

struct Token {
    value: HeaderValue,
    until: Option<Instant>,
}

impl TokenSource {
    /// The error says what is wrong with the token URL.
    pub(super) fn new(client: ClientCredentials, base_url: &Url) -> Result<Self, &'static str> {
        let url = base_url.join(&client.token_url).map_err(|_| "its token URL is malformed")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("its token URL is neither http nor https");
        }
        Ok(Self { url, client, token: Mutex::new(None) })
    }

    /// Returns the value of `Authorization`, with a token that is asked for if there is none.
    pub(super) async fn authorization(&self, http: &reqwest::Client) -> Result<HeaderValue, TokenError> {
        let mut token = self.token.lock().await;
        if let Some(Token { value, until }) = &*token
            && until.is_none_or(|until| Instant::now() < until)
        {
            return Ok(value.clone());
        }
        *token = None;
        let granted = self.ask(http).await?;
        let value = granted.value.clone();
        *token = Some(granted);
        Ok(value)
    }

    /// Forgets a token that was refused, unless there is another by now.
    pub(super) async fn forget(&self, refused: &HeaderValue) {
        let mut token = self.token.lock().await;
        if token.as_ref().is_some_and(|token| token.value == *refused) {
            *token = None;
        }
    }

    fn request(&self, http: &reqwest::Client) -> Result<reqwest::RequestBuilder, TokenError> {
        let (id, secret) = (self.client.id.secret(), self.client.secret.secret());
        let (id, secret) = (id.expose_secret(), secret.expose_secret());
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if !self.client.scopes.is_empty() {
            form.append_pair("scope", &self.client.scopes.join(" "));
        }
        let mut request = http.post(self.url.clone());
        if self.client.in_body {
            form.append_pair("client_id", id).append_pair("client_secret", secret);
        } else {
            // Both are encoded before they are joined (RFC 6749 section 2.3.1).
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let value = basic(&encoded(id), &encoded(secret)).map_err(TokenError::Request)?;
            request = request.header(header::AUTHORIZATION, value);
        }
        Ok(request
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.finish()))
    }

    async fn ask(&self, http: &reqwest::Client) -> Result<Token, TokenError> {
        let request = self.request(http)?;
        let unanswered = |error| TokenError::Unanswered(Box::new(error));
        let asked = Instant::now();
        let response = request.send().await.map_err(|error| unanswered(error.into()))?;
        let status = response.status();
        let body = ByteStream::new(response, MOST_ANSWER, Turn::default()).map_err(unanswered)?;
        let body = body.bytes().await.map_err(unanswered)?;
        if !status.is_success() {
            let refused: Refused = serde_json::from_slice(&body).unwrap_or_default();
            let shown = |word: Option<String>| word.filter(|word| self.client.may_show(word));
            let reason =
                Refusal { code: shown(refused.error), description: shown(refused.error_description) };
            return Err(TokenError::Refused { status, reason });
        }
        let malformed = |reason: String| TokenError::Malformed { status, reason };
        let granted: Granted = decode::from_slice(&body).map_err(|error| malformed(error.to_string()))?;
        if !granted.token_type.eq_ignore_ascii_case("bearer") {
            return Err(malformed("expected token_type `Bearer`".to_owned()));
        }
        let value = bearer(&granted.access_token)
            .map_err(|_| malformed("the token holds a character that no header can carry".to_owned()))?;
        let until = granted.expires_in.map(|Seconds(seconds)| {
            let life = Duration::from_secs_f64(seconds);
            asked + (life - MARGIN.min(life / 10))
        });
        Ok(Token { value, until })
    }
}
