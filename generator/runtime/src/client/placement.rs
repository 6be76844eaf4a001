//! Where credentials travel.

use base64::Engine;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::ExposeSecret;

use super::ClientCredentials;
use crate::Credential;

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
}

/// What a client was given for a security scheme.
#[derive(Debug, Clone)]
pub(super) enum Given {
    /// A secret that is sent as it is.
    Secret(Placement, Credential),
    /// User and password (RFC 7617).
    Basic(Credential, Credential),
    /// What tokens are asked for with.
    Client(ClientCredentials),
}

impl Given {
    /// Adds the credential to a request, but for a token, which has to be asked for. The error says why it cannot be
    /// sent.
    pub(super) fn apply(&self, headers: &mut HeaderMap, url: &mut url::Url) -> Result<(), &'static str> {
        match self {
            Self::Secret(placement, credential) => {
                let secret = credential.secret();
                let secret = secret.expose_secret();
                match placement {
                    Placement::Header(name) => {
                        let name: HeaderName = name
                            .parse()
                            .map_err(|_| "the contract names a header that HTTP does not allow")?;
                        headers.insert(name, sensitive(secret)?);
                    }
                    Placement::Query(name) => {
                        url.query_pairs_mut().append_pair(name, secret);
                    }
                    Placement::Cookie(name) => add_cookie(headers, &sensitive(&format!("{name}={secret}"))?),
                    Placement::Bearer => {
                        headers.insert(header::AUTHORIZATION, bearer(secret)?);
                    }
                }
            }
            Self::Basic(user, password) => {
                let (user, password) = (user.secret(), password.secret());
                if user.expose_secret().contains(':') {
                    return Err("a user of HTTP Basic authentication has no colon");
                }
                headers.insert(header::AUTHORIZATION, basic(user.expose_secret(), password.expose_secret())?);
            }
            Self::Client(_) => {}
        }
        Ok(())
    }
}

/// A field value that does not print.
fn sensitive(text: &str) -> Result<HeaderValue, &'static str> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| "the credential holds a character that no HTTP header can carry")?;
    value.set_sensitive(true);
    Ok(value)
}

/// `Bearer` with a token (RFC 6750 section 2.1).
pub(super) fn bearer(token: &str) -> Result<HeaderValue, &'static str> {
    sensitive(&format!("Bearer {token}"))
}

/// `Basic` with user and password (RFC 7617 section 2).
pub(super) fn basic(user: &str, password: &str) -> Result<HeaderValue, &'static str> {
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    sensitive(&format!("Basic {encoded}"))
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
