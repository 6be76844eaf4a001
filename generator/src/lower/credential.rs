//! Security schemes become methods of the client's builder.

use driftline_specs::{Contract, SecurityScheme, SecuritySchemeKind, pointer};
use serde_json::Value;

use super::docs;
use super::name::{self, Scope};
use crate::ir::{CredentialScheme, Notice, Placement, TokenFlow};

/// The builder's other methods.
const RESERVED: &[&str] = &[
    "attempt_timeout",
    "build",
    "clone",
    "concurrency",
    "connect_timeout",
    "layer",
    "max_response_bytes",
    "new",
    "requests_per_second",
    "retry",
    "timeout",
    "user_agent",
    "validate_requests",
];

/// Lowers the security schemes that a credential can be given for, and says which ones those are not.
pub(super) fn lower(contract: &Contract) -> (Vec<CredentialScheme>, Vec<Notice>) {
    let schemes = contract.security_schemes();
    let mut notices = Vec::new();
    let lowered: Vec<_> = schemes
        .into_iter()
        .filter_map(|scheme| {
            let (word, placement) = match &scheme.kind {
                SecuritySchemeKind::ApiKey { location, name } => {
                    let placement = match location.as_str() {
                        "query" => Placement::Query(name.clone()),
                        "cookie" => Placement::Cookie(name.clone()),
                        _ => Placement::Header(name.clone()),
                    };
                    ("api_key", placement)
                }
                SecuritySchemeKind::Http { scheme } if scheme.eq_ignore_ascii_case("basic") => {
                    ("basic_auth", Placement::Basic)
                }
                SecuritySchemeKind::Http { scheme: http } if !http.eq_ignore_ascii_case("bearer") => {
                    notices.push(Notice {
                        pointer: scheme.pointer.clone(),
                        message: "is an HTTP authentication scheme other than basic and bearer; \
                                  no builder method is generated for it"
                            .to_owned(),
                    });
                    return None;
                }
                _ => ("bearer_token", Placement::Bearer),
            };
            Some((scheme, word, placement))
        })
        .collect();
    let mut names = Scope::with(RESERVED);
    let credentials = lowered
        .iter()
        .map(|(scheme, word, placement)| {
            let alone = lowered.iter().filter(|(_, other, _)| other == word).count() == 1;
            let method = if alone { (*word).to_owned() } else { name::value_name(&scheme.name) };
            CredentialScheme {
                name: scheme.name.clone(),
                method: name::escape_keyword(names.claim(&method)),
                placement: placement.clone(),
                tokens: tokens(contract, scheme, &mut names),
                docs: docs::lines(scheme.description.as_deref()),
            }
        })
        .collect();
    (credentials, notices)
}

/// The client credentials flow of a scheme, if it has one. Its token carries every scope that an operation needs, so
/// that there is one token and not one an operation.
fn tokens(contract: &Contract, scheme: &SecurityScheme, names: &mut Scope) -> Option<TokenFlow> {
    if scheme.kind != SecuritySchemeKind::OAuth2 {
        return None;
    }
    let flow = contract.at(&pointer::join(&pointer::join(&scheme.pointer, "flows"), "clientCredentials"))?;
    let token_url = flow.get("tokenUrl").and_then(Value::as_str)?;
    let mut scopes: Vec<String> = Vec::new();
    let requirements = contract.operations().iter().flat_map(|operation| operation.security.iter().flatten());
    for scope in requirements.filter(|it| it.scheme == scheme.name).flat_map(|it| &it.scopes) {
        if !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
    let word = name::value_name(&scheme.name);
    Some(TokenFlow {
        method: names.claim(&format!("{word}_client_credentials")),
        client_method: names.claim(&format!("{word}_client")),
        token_url: token_url.to_owned(),
        scopes,
    })
}
