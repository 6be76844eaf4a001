//! Who may ask: the contract's security, with the sandbox's one credential in the place that each scheme says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use driftline_specs::{Contract, ParameterLocation, SecurityRequirement, SecurityScheme, SecuritySchemeKind};
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::CREDENTIAL;
use crate::call::parse_query;

/// The security schemes of a contract.
pub(super) struct Admission {
    schemes: Vec<SecurityScheme>,
}

impl Admission {
    pub(super) fn of(contract: &Contract) -> Admission {
        Admission { schemes: contract.security_schemes() }
    }

    /// Whether a request has what one of the alternatives wants; where there are none, nothing is wanted.
    pub(super) fn admits(&self, alternatives: &[Vec<SecurityRequirement>], parts: &Parts) -> bool {
        let has = |wanted: &SecurityRequirement| {
            self.schemes.iter().find(|it| it.name == wanted.scheme).is_none_or(|it| self.has(&it.kind, parts))
        };
        alternatives.is_empty() || alternatives.iter().any(|alternative| alternative.iter().all(has))
    }

    /// Whether a request has the credential of any scheme.
    pub(super) fn knows(&self, parts: &Parts) -> bool {
        self.schemes.is_empty() || self.schemes.iter().any(|scheme| self.has(&scheme.kind, parts))
    }

    /// Whether one scheme at most goes in `Authorization`.
    fn is_alone_in_authorization(&self) -> bool {
        let others = self.schemes.iter().filter(|it| !matches!(it.kind, SecuritySchemeKind::ApiKey { .. }));
        others.count() == 1
    }

    fn has(&self, kind: &SecuritySchemeKind, parts: &Parts) -> bool {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        match kind {
            SecuritySchemeKind::ApiKey { location: ParameterLocation::Query, name } => {
                parse_query(parts.uri.query())
                    .iter()
                    .any(|(known, value)| known == name && value == CREDENTIAL)
            }
            SecuritySchemeKind::ApiKey { location: ParameterLocation::Cookie, name } => {
                let cookies = header("cookie").unwrap_or_default().split(';');
                cookies
                    .filter_map(|pair| pair.trim().split_once('='))
                    .any(|(it, value)| it == name && value == CREDENTIAL)
            }
            SecuritySchemeKind::ApiKey { name, .. } => header(name).is_some_and(is_ours),
            SecuritySchemeKind::Http { scheme } if self.is_alone_in_authorization() => {
                header(AUTHORIZATION.as_str()).is_some_and(|value| is_ours_by(scheme, value))
            }
            // There is one place for all of these. A caller that was told one of them may use it for the others, too.
            _ => header(AUTHORIZATION.as_str()).is_some_and(is_ours),
        }
    }
}

/// Whether a header holds the credential: alone, after a scheme, or as the user or the password of `Basic`.
fn is_ours(value: &str) -> bool {
    let secret = value.split_once(' ').map_or(value, |(_, secret)| secret.trim());
    let basic = || {
        let decoded = String::from_utf8(STANDARD.decode(secret).ok()?).ok()?;
        let (user, password) = decoded.split_once(':')?;
        Some(user == CREDENTIAL || password == CREDENTIAL)
    };
    secret == CREDENTIAL || basic().unwrap_or(false)
}

/// Whether a header holds the credential, after a scheme.
fn is_ours_by(scheme: &str, value: &str) -> bool {
    let given = value.split_once(' ').map_or("", |(given, _)| given);
    given.eq_ignore_ascii_case(scheme) && is_ours(value)
}

/// Names with the values to send under them.
type Credentials = Vec<(String, String)>;

/// What a caller has to send so that every operation admits it: header fields, then query parameters.
pub fn credentials(contract: &Contract) -> (Credentials, Credentials) {
    let schemes = contract.security_schemes();
    let (mut headers, mut query) = (Credentials::new(), Credentials::new());
    for operation in contract.operations() {
        // The first alternative whose schemes are all known to be sent somewhere.
        for wanted in operation.security.first().into_iter().flatten() {
            let Some(scheme) = schemes.iter().find(|scheme| scheme.name == wanted.scheme) else { continue };
            let (into, name, value) = match &scheme.kind {
                SecuritySchemeKind::ApiKey { location: ParameterLocation::Query, name } => {
                    (&mut query, name.clone(), CREDENTIAL.to_owned())
                }
                SecuritySchemeKind::ApiKey { location: ParameterLocation::Cookie, name } => {
                    (&mut headers, "Cookie".to_owned(), format!("{name}={CREDENTIAL}"))
                }
                SecuritySchemeKind::ApiKey { name, .. } => {
                    (&mut headers, name.clone(), CREDENTIAL.to_owned())
                }
                SecuritySchemeKind::Http { scheme } => {
                    (&mut headers, "Authorization".to_owned(), format!("{} {CREDENTIAL}", capital(scheme)))
                }
                _ => (&mut headers, "Authorization".to_owned(), format!("Bearer {CREDENTIAL}")),
            };
            if !into.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                into.push((name, value));
            }
        }
    }
    (headers, query)
}

fn capital(scheme: &str) -> String {
    let mut letters = scheme.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use driftline_specs::Contract;
    use http::Request;
    use serde_json::{Value, json};

    use super::Admission;
    use crate::CREDENTIAL;

    fn admits(schemes: &Value, authorization: &str) -> bool {
        let text = json!({ "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {},
            "components": { "securitySchemes": schemes } });
        let contract = Contract::from_text("t.json", &text.to_string()).unwrap();
        let request = Request::builder().header("authorization", authorization).body(()).unwrap();
        Admission::of(&contract).knows(&request.into_parts().0)
    }

    #[test]
    fn one_scheme_is_held_to_and_of_several_any_will_do() {
        let bearer = json!({ "bearer": { "type": "http", "scheme": "bearer" } });
        let several = json!({ "bearer": { "type": "http", "scheme": "bearer" },
            "basic": { "type": "http", "scheme": "basic" } });
        let with = |scheme: &str| format!("{scheme} {CREDENTIAL}");
        assert!(admits(&bearer, &with("Bearer")) && admits(&bearer, &with("bearer")));
        assert!(!admits(&bearer, &with("Basic")) && !admits(&bearer, CREDENTIAL));
        assert!(admits(&several, &with("Basic")) && admits(&several, CREDENTIAL));
        assert!(!admits(&several, "Basic other"));
    }
}
