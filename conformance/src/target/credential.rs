//! Credentials: where they go, and that they never print.

use std::fmt;

use driftline_specs::{Contract, ParameterLocation, SecuritySchemeKind};

/// One credential of a target.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// A header field.
    Header {
        /// The field's name.
        name: String,
        /// The secret value.
        value: String,
        /// What stands for the value in every output.
        placeholder: String,
    },
    /// A query parameter.
    Query {
        /// The parameter's name.
        name: String,
        /// The secret value.
        value: String,
        /// What stands for the value in every output.
        placeholder: String,
    },
}

impl Credential {
    /// Returns a header field as `--header` gives it.
    #[must_use]
    pub fn header(name: &str, value: &str) -> Credential {
        let bearer = value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "));
        let placeholder = if bearer { "Bearer <credential>" } else { "<credential>" };
        Credential::Header {
            name: name.to_owned(),
            value: value.to_owned(),
            placeholder: placeholder.to_owned(),
        }
    }

    /// Returns a query parameter as `--query` gives it.
    #[must_use]
    pub fn query(name: &str, value: &str) -> Credential {
        Credential::Query {
            name: name.to_owned(),
            value: value.to_owned(),
            placeholder: "<credential>".to_owned(),
        }
    }

    /// Puts a secret where the contract's first security scheme wants it; a Bearer token when the contract
    /// names no scheme.
    ///
    /// `variable` is the environment variable that holds the secret: outputs name it instead.
    #[must_use]
    pub fn for_contract(contract: &Contract, secret: &str, variable: Option<&str>) -> Credential {
        let shown = variable.map_or_else(|| "<credential>".to_owned(), |it| format!("${it}"));
        let schemes = contract.security_schemes();
        let wanted = contract.operations().iter().flat_map(|it| &it.security).flatten().next();
        let scheme = wanted
            .and_then(|wanted| schemes.iter().find(|it| it.name == wanted.scheme))
            .or_else(|| schemes.first());
        match scheme.map(|it| &it.kind) {
            Some(SecuritySchemeKind::ApiKey { location, name }) => match location {
                ParameterLocation::Query => {
                    Credential::Query { name: name.clone(), value: secret.to_owned(), placeholder: shown }
                }
                ParameterLocation::Cookie => Credential::Header {
                    name: "Cookie".to_owned(),
                    value: format!("{name}={secret}"),
                    placeholder: format!("{name}={shown}"),
                },
                _ => Credential::Header { name: name.clone(), value: secret.to_owned(), placeholder: shown },
            },
            Some(SecuritySchemeKind::Http { scheme }) if !scheme.eq_ignore_ascii_case("bearer") => {
                Credential::Header {
                    name: "Authorization".to_owned(),
                    value: format!("{scheme} {secret}"),
                    placeholder: format!("{scheme} {shown}"),
                }
            }
            _ => Credential::Header {
                name: "Authorization".to_owned(),
                value: format!("Bearer {secret}"),
                placeholder: format!("Bearer {shown}"),
            },
        }
    }

    /// Returns what stands for the value in every output.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Credential::Header { placeholder, .. } | Credential::Query { placeholder, .. } => placeholder,
        }
    }

    /// Returns the same credential with a value that nobody was ever given.
    #[must_use]
    pub fn wrong(&self) -> Credential {
        const WRONG: &str = "driftline-not-a-credential";
        let of = |placeholder: &str| {
            // The scheme stays, the secret changes.
            match placeholder.split_once(' ') {
                Some((scheme, _)) => format!("{scheme} {WRONG}"),
                None => match placeholder.split_once('=') {
                    Some((name, _)) => format!("{name}={WRONG}"),
                    None => WRONG.to_owned(),
                },
            }
        };
        match self {
            Credential::Header { name, placeholder, .. } => Credential::Header {
                name: name.clone(),
                value: of(placeholder),
                placeholder: of(placeholder),
            },
            Credential::Query { name, .. } => Credential::Query {
                name: name.clone(),
                value: WRONG.to_owned(),
                placeholder: WRONG.to_owned(),
            },
        }
    }
}

impl Credential {
    /// Returns the same credential without its content.
    #[must_use]
    pub fn empty(&self) -> Credential {
        let ((before, _), (shown, _)) = self.parts();
        let (value, placeholder) = (before.trim_end().to_owned(), shown.trim_end().to_owned());
        match self {
            Credential::Header { name, .. } => Credential::Header { name: name.clone(), value, placeholder },
            Credential::Query { name, .. } => Credential::Query { name: name.clone(), value, placeholder },
        }
    }

    /// Returns the same credential with small letters for capital ones, and the other way around; `None` where it has none.
    #[must_use]
    pub fn in_other_case(&self) -> Option<Credential> {
        let ((before, secret), (shown_before, placeholder)) = self.parts();
        let other = |it: char| {
            if it.is_ascii_lowercase() { it.to_ascii_uppercase() } else { it.to_ascii_lowercase() }
        };
        let value = format!("{before}{}", secret.chars().map(other).collect::<String>());
        let placeholder = format!("{shown_before}{placeholder}, in other letters");
        secret.contains(|it: char| it.is_ascii_alphabetic()).then(|| match self {
            Credential::Header { name, .. } => Credential::Header { name: name.clone(), value, placeholder },
            Credential::Query { name, .. } => Credential::Query { name: name.clone(), value, placeholder },
        })
    }

    /// Returns the same secret in `Authorization`, by a scheme that it does not go by.
    #[must_use]
    pub fn of_another_scheme(&self) -> Credential {
        let is_bearer = self.is_authorization() && !self.shown().to_ascii_lowercase().starts_with("basic ");
        let scheme = if is_bearer { "Basic" } else { "Bearer" };
        let ((_, value), (_, placeholder)) = self.parts();
        Credential::Header {
            name: "Authorization".to_owned(),
            value: format!("{scheme} {value}"),
            placeholder: format!("{scheme} {placeholder}"),
        }
    }

    /// Returns the same secret in the query instead of a header, or in a header instead of the query.
    #[must_use]
    pub fn misplaced(&self) -> Credential {
        let ((before, value), (_, placeholder)) = self.parts();
        let (value, placeholder) = (value.to_owned(), placeholder.to_owned());
        match self {
            Credential::Query { name, .. } => Credential::Header { name: name.clone(), value, placeholder },
            // RFC 6750 section 2.3 has a name for a token in a query; a cookie goes by its own name.
            Credential::Header { name, .. } => {
                let cookie = before.strip_suffix('=').filter(|_| name.eq_ignore_ascii_case("cookie"));
                let other = if self.is_authorization() { "access_token" } else { cookie.unwrap_or(name) };
                Credential::Query { name: other.to_owned(), value, placeholder }
            }
        }
    }

    /// Whether it goes in `Authorization`.
    #[must_use]
    pub fn is_authorization(&self) -> bool {
        matches!(self, Credential::Header { name, .. } if name.eq_ignore_ascii_case("authorization"))
    }

    /// Returns the value and its placeholder, each as what comes before the secret and the secret.
    fn parts(&self) -> ((&str, &str), (&str, &str)) {
        let mark = match self {
            Credential::Header { .. } if self.is_authorization() => ' ',
            Credential::Header { name, .. } if name.eq_ignore_ascii_case("cookie") => '=',
            _ => '\0',
        };
        let split = |text: &str| text.find(mark).map_or(0, |at| at + 1);
        match self {
            Credential::Header { value, placeholder, .. } | Credential::Query { value, placeholder, .. } => {
                (value.split_at(split(value)), placeholder.split_at(split(placeholder)))
            }
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Credential::Header { name, placeholder, .. } => {
                write!(formatter, "Header({name}: {placeholder})")
            }
            Credential::Query { name, placeholder, .. } => write!(formatter, "Query({name}={placeholder})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(credential: &Credential) -> (&str, &str, &str) {
        match credential {
            Credential::Header { name, value, placeholder }
            | Credential::Query { name, value, placeholder } => (name, value, placeholder),
        }
    }

    fn key() -> Credential {
        let placeholder = "$KEY".to_owned();
        Credential::Header { name: "x-api-key".to_owned(), value: "s3cret".to_owned(), placeholder }
    }

    fn cookie() -> Credential {
        let (value, placeholder) = ("sid=s3cret".to_owned(), "sid=$KEY".to_owned());
        Credential::Header { name: "Cookie".to_owned(), value, placeholder }
    }

    #[test]
    fn an_empty_credential_keeps_what_is_no_secret() {
        let bearer = Credential::header("Authorization", "Bearer s3cret");
        assert_eq!(shown(&bearer.empty()), ("Authorization", "Bearer", "Bearer"));
        assert_eq!(shown(&key().empty()), ("x-api-key", "", ""));
        assert_eq!(shown(&cookie().empty()), ("Cookie", "sid=", "sid="));
    }

    #[test]
    fn other_letters_are_those_of_the_secret_and_show_nothing_of_it() {
        let other = |credential: &Credential| credential.in_other_case();
        let bearer = other(&Credential::header("Authorization", "Bearer s3Cret")).unwrap();
        let said = "Bearer <credential>, in other letters";
        assert_eq!(shown(&bearer), ("Authorization", "Bearer S3cRET", said));
        assert_eq!(shown(&other(&cookie()).unwrap()), ("Cookie", "sid=S3CRET", "sid=$KEY, in other letters"));
        // What stands before a blank may be a part of the secret.
        let parts = other(&Credential::header("Authorization", "s3cret other")).unwrap();
        assert!(!shown(&parts).2.contains("s3cret"), "{:?}", shown(&parts));
        assert_eq!(other(&Credential::query("key", "4711")), None, "digits have no case");
    }

    #[test]
    fn another_scheme_has_the_secret_and_shows_the_placeholder() {
        let bearer = Credential::header("authorization", "Bearer s3cret");
        assert_eq!(
            shown(&bearer.of_another_scheme()),
            ("Authorization", "Basic s3cret", "Basic <credential>")
        );
        let basic = Credential::Header {
            name: "Authorization".to_owned(),
            value: "basic s3cret".to_owned(),
            placeholder: "basic $KEY".to_owned(),
        };
        assert_eq!(shown(&basic.of_another_scheme()), ("Authorization", "Bearer s3cret", "Bearer $KEY"));
        assert_eq!(shown(&key().of_another_scheme()), ("Authorization", "Bearer s3cret", "Bearer $KEY"));
    }

    #[test]
    fn another_place_is_the_query_for_headers_and_a_header_for_the_query() {
        let query = |credential: &Credential| matches!(credential, Credential::Query { .. });
        let bearer = Credential::header("Authorization", "Bearer s3cret").misplaced();
        assert_eq!((query(&bearer), shown(&bearer)), (true, ("access_token", "s3cret", "<credential>")));
        assert_eq!(
            (query(&key().misplaced()), shown(&key().misplaced())),
            (true, ("x-api-key", "s3cret", "$KEY"))
        );
        assert_eq!(shown(&cookie().misplaced()), ("sid", "s3cret", "$KEY"));
        let back = key().misplaced().misplaced();
        assert_eq!((query(&back), shown(&back)), (false, ("x-api-key", "s3cret", "$KEY")));
    }

    #[test]
    fn no_secret_prints_whatever_becomes_of_it() {
        let given = [Credential::header("Authorization", "s3cret"), Credential::query("key", "s3cret")];
        for credential in given.into_iter().chain([key(), cookie()]) {
            for changed in [credential.empty(), credential.of_another_scheme(), credential.misplaced()] {
                assert!(!format!("{changed:?}{}", changed.shown()).contains("s3cret"), "{changed:?}");
            }
        }
    }
}
