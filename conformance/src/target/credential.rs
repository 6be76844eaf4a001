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
