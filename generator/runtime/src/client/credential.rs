//! Credentials and where they travel.

use std::fmt;

use base64::Engine;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

/// An API key or a token. It does not print, and its memory is cleared when it is dropped.
///
/// ```
/// use driftline_runtime::Credential;
///
/// assert_eq!(format!("{:?}", Credential::from("k-123")), "Credential([secret])");
/// ```
#[derive(Clone)]
pub struct Credential(SecretString);

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential([secret])")
    }
}

impl From<&str> for Credential {
    fn from(secret: &str) -> Self {
        Self(SecretString::from(secret))
    }
}

impl From<String> for Credential {
    fn from(secret: String) -> Self {
        Self(SecretString::from(secret))
    }
}

/// Where a security scheme puts its credential (OpenAPI 3.0.4, section "Security Scheme Object").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// A header of this name (`type: apiKey`, `in: header`).
    Header(&'static str),
    /// A query parameter of this name (`type: apiKey`, `in: query`).
    Query(&'static str),
    /// A cookie of this name (`type: apiKey`, `in: cookie`).
    Cookie(&'static str),
    /// `Authorization: Bearer` (`type: http`, `scheme: bearer`).
    Bearer,
    /// `Authorization: Basic`, the credential being `user:password` (`type: http`, `scheme: basic`).
    Basic,
}

/// What a credential adds to a request.
pub(super) enum Carried {
    Header(HeaderName, HeaderValue),
    Query(&'static str, Credential),
    Cookie(HeaderValue),
}

impl Credential {
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Prepares the credential once; the error says what no header can carry.
    pub(super) fn carried(&self, placement: Placement) -> Result<Carried, &'static str> {
        let value = |text: String| {
            let mut value = HeaderValue::from_str(&text)
                .map_err(|_| "the credential holds a character that no HTTP header can carry")?;
            value.set_sensitive(true);
            Ok::<_, &'static str>(value)
        };
        let secret = self.expose();
        Ok(match placement {
            Placement::Header(name) => Carried::Header(
                name.parse().map_err(|_| "the contract names a header that HTTP does not allow")?,
                value(secret.to_owned())?,
            ),
            Placement::Query(name) => Carried::Query(name, self.clone()),
            Placement::Cookie(name) => Carried::Cookie(value(format!("{name}={secret}"))?),
            Placement::Bearer => Carried::Header(header::AUTHORIZATION, value(format!("Bearer {secret}"))?),
            Placement::Basic => {
                let encoded = base64::engine::general_purpose::STANDARD.encode(secret);
                Carried::Header(header::AUTHORIZATION, value(format!("Basic {encoded}"))?)
            }
        })
    }
}

impl Carried {
    pub(super) fn apply(&self, headers: &mut HeaderMap, url: &mut url::Url) {
        match self {
            Self::Header(name, value) => {
                headers.insert(name.clone(), value.clone());
            }
            Self::Query(name, credential) => {
                url.query_pairs_mut().append_pair(name, credential.expose());
            }
            Self::Cookie(value) => {
                add_cookie(headers, value);
            }
        }
    }
}

/// Adds cookies to those that are there: a request has one `Cookie` field (RFC 6265 section 5.4).
pub(super) fn add_cookie(headers: &mut HeaderMap, cookies: &HeaderValue) {
    let joined = match headers.get(header::COOKIE) {
        Some(there) => HeaderValue::from_bytes(&[there.as_bytes(), b"; ", cookies.as_bytes()].concat()),
        None => Ok(cookies.clone()),
    };
    if let Ok(mut joined) = joined {
        joined.set_sensitive(true);
        headers.insert(header::COOKIE, joined);
    }
}
