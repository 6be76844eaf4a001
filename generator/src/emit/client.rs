//! The client and its builder: one builder method a security scheme. The client's own methods stand with the
//! operations.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::source::Source;
use super::types::{docs, ident};
use crate::Error;
use crate::ir::{Crate, CredentialScheme, Placement, TokenFlow};
use crate::text::{code, inline};

/// Emits `src/client.rs`.
pub(super) fn client(krate: &Crate, header: &str) -> Result<String, Error> {
    let mut source = Source::new(header, &[]);
    let mut runtime = vec!["BuildError", "HttpClient", "HttpClientBuilder"];
    if !krate.credentials.is_empty() {
        runtime.push("Credential");
    }
    if krate.credentials.iter().any(|scheme| scheme.placement != Placement::Basic) {
        runtime.push("Placement");
    }
    if krate.credentials.iter().any(|scheme| scheme.tokens.is_some()) {
        runtime.push("ClientCredentials");
    }
    source.import("driftline_runtime", runtime);
    source.items(items(krate))?;
    Ok(source.finish())
}

fn items(krate: &Crate) -> TokenStream {
    let title = format!("A client of {}. Clones share the connections.", inline(&krate.title));
    let agent = format!("{}/", krate.name);
    let client_docs = docs(&[title]);
    let builder = builder(krate);
    let concurrency = krate.limits.concurrency.map(|calls| {
        let calls = Literal::usize_unsuffixed(calls);
        quote!(.concurrency(#calls))
    });
    let rate = krate.limits.requests_per_second.filter(|rate| rate.is_finite()).map(|rate| {
        let rate = Literal::f64_unsuffixed(rate);
        quote!(.requests_per_second(#rate))
    });
    let mut words = vec!["Starts with the base URL that all paths are appended to.".to_owned()];
    if let Some(limits) = limits(krate) {
        words.extend([String::new(), limits]);
    }
    let builder_docs = docs(&words);
    quote! {
        #client_docs
        #[derive(Debug, Clone)]
        pub struct Client {
            pub(crate) http: HttpClient,
        }

        impl Client {
            #builder_docs
            pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
                let user_agent = concat!(#agent, env!("CARGO_PKG_VERSION"));
                ClientBuilder { http: HttpClient::builder(base_url, user_agent)#concurrency #rate }
            }

            /// Returns the base URL.
            pub fn base_url(&self) -> &str {
                self.http.base_url()
            }
        }

        #builder
    }
}

/// What the client keeps to, in words.
pub(super) fn limits(krate: &Crate) -> Option<String> {
    let calls = krate.limits.concurrency.map(|calls| match calls {
        1 => "one call at a time".to_owned(),
        calls => format!("at most {calls} calls at a time"),
    });
    let rate = krate.limits.requests_per_second.map(|rate| format!("at most {rate} requests a second"));
    let limits: Vec<_> = calls.into_iter().chain(rate).collect();
    (!limits.is_empty()).then(|| {
        format!(
            "The API takes {}: the client and its clones together keep to that, and calls wait their turn.",
            limits.join(" and ")
        )
    })
}

fn builder(krate: &Crate) -> TokenStream {
    let credentials = krate.credentials.iter().map(|scheme| {
        let (credential, tokens) =
            (credential(scheme), scheme.tokens.as_ref().map(|flow| tokens(scheme, flow)));
        quote!(#credential #tokens)
    });
    quote! {
        /// Settings of a [`Client`].
        #[derive(Debug, Clone)]
        #[must_use = "a builder does nothing until `build` is called"]
        pub struct ClientBuilder {
            http: HttpClientBuilder,
        }

        impl ClientBuilder {
            #(#credentials)*

            /// Builds the client.
            ///
            /// # Errors
            ///
            /// Fails when the base URL is no absolute `http` or `https` URL, or when a credential cannot be sent.
            pub fn build(self) -> Result<Client, BuildError> {
                Ok(Client { http: self.http.build()? })
            }
        }

        driftline_runtime::client_settings!(ClientBuilder);
    }
}

/// The documentation of a builder's method.
fn words(scheme: &CredentialScheme, first: String) -> TokenStream {
    let mut words = vec![first];
    if !scheme.docs.is_empty() {
        words.push(String::new());
        words.extend(scheme.docs.iter().cloned());
    }
    docs(&words)
}

/// The method that takes a credential as it is.
fn credential(scheme: &CredentialScheme) -> TokenStream {
    let (method, name) = (ident(&scheme.method), &scheme.name);
    let (placement, what) = match &scheme.placement {
        Placement::Header(header) => {
            (quote!(Placement::Header(#header)), format!("the header `{}`", code(header)))
        }
        Placement::Query(query) => {
            (quote!(Placement::Query(#query)), format!("the query parameter `{}`", code(query)))
        }
        Placement::Cookie(cookie) => {
            (quote!(Placement::Cookie(#cookie)), format!("the cookie `{}`", code(cookie)))
        }
        Placement::Bearer => (quote!(Placement::Bearer), "`Authorization: Bearer`".to_owned()),
        Placement::Basic => {
            let words =
                words(scheme, "Sets user and password, which go into `Authorization: Basic`.".to_owned());
            return quote! {
                #words
                pub fn #method(mut self, user: impl Into<Credential>, password: impl Into<Credential>) -> Self {
                    self.http = self.http.basic(#name, user.into(), password.into());
                    self
                }
            };
        }
    };
    let words = words(scheme, format!("Sets the credential that goes into {what}."));
    quote! {
        #words
        pub fn #method(mut self, credential: impl Into<Credential>) -> Self {
            self.http = self.http.credential(#name, #placement, credential.into());
            self
        }
    }
}

/// The methods that take what tokens are asked for with.
fn tokens(scheme: &CredentialScheme, flow: &TokenFlow) -> TokenStream {
    let (method, client_method, name) = (ident(&flow.method), ident(&flow.client_method), &scheme.name);
    let (url, scopes) = (&flow.token_url, &flow.scopes);
    let first = format!(
        "Sets id and secret of a client that asks for tokens at `{}` (OAuth 2.0 client credentials).",
        code(url)
    );
    let words = words(scheme, first);
    let other = format!(
        "Sets a client that asks for tokens elsewhere, or with other scopes, than [`{}`](Self::{}).",
        flow.method, flow.method
    );
    let other = docs(&[other]);
    let scopes = (!scopes.is_empty()).then(|| quote!(.scopes([#(#scopes),*])));
    quote! {
        #words
        pub fn #method(self, id: impl Into<Credential>, secret: impl Into<Credential>) -> Self {
            self.#client_method(ClientCredentials::new(#url, id, secret)#scopes)
        }

        #other
        pub fn #client_method(mut self, client: ClientCredentials) -> Self {
            self.http = self.http.client_credentials(#name, client);
            self
        }
    }
}
