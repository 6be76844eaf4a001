//! The client and its builder: one builder method a security scheme. The client's own methods stand with the
//! operations.

use proc_macro2::TokenStream;
use quote::quote;

use super::source::Source;
use super::types::{docs, ident};
use crate::Error;
use crate::ir::{Crate, Placement};
use crate::text::{code, inline};

/// Emits `src/client.rs`.
pub(super) fn client(krate: &Crate, header: &str) -> Result<String, Error> {
    let mut source = Source::new(header, &[]);
    let mut runtime = vec!["BuildError", "HttpClient", "HttpClientBuilder"];
    if !krate.credentials.is_empty() {
        runtime.extend(["Credential", "Placement"]);
    }
    source.import("std::time", ["Duration"]);
    source.separate();
    source.import("driftline_runtime", runtime);
    source.items(items(krate))?;
    Ok(source.finish())
}

fn items(krate: &Crate) -> TokenStream {
    let title = format!("A client of {}. Clones share the connections.", inline(&krate.title));
    let agent = format!("{}/", krate.name);
    let client_docs = docs(&[title]);
    let builder = builder(krate);
    quote! {
        #client_docs
        #[derive(Debug, Clone)]
        pub struct Client {
            pub(crate) http: HttpClient,
        }

        impl Client {
            /// Starts with the base URL that all paths are appended to.
            pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
                let user_agent = concat!(#agent, env!("CARGO_PKG_VERSION"));
                ClientBuilder { http: HttpClient::builder(base_url, user_agent) }
            }

            /// Returns the base URL.
            pub fn base_url(&self) -> &str {
                self.http.base_url()
            }
        }

        #builder
    }
}

fn builder(krate: &Crate) -> TokenStream {
    let credentials = krate.credentials.iter().map(|scheme| {
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
                (quote!(Placement::Basic), "`Authorization: Basic`, as `user:password`".to_owned())
            }
        };
        let mut words = vec![format!("Sets the credential that goes into {what}.")];
        if !scheme.docs.is_empty() {
            words.push(String::new());
            words.extend(scheme.docs.iter().cloned());
        }
        let words = docs(&words);
        quote! {
            #words
            pub fn #method(mut self, credential: impl Into<Credential>) -> Self {
                self.http = self.http.credential(#name, #placement, credential.into());
                self
            }
        }
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

            /// Sets the time in which a call has to be answered completely; 30 seconds unless set.
            pub fn timeout(mut self, timeout: Duration) -> Self {
                self.http = self.http.timeout(timeout);
                self
            }

            /// Sets the time in which a connection has to be made; 10 seconds unless set.
            pub fn connect_timeout(mut self, timeout: Duration) -> Self {
                self.http = self.http.connect_timeout(timeout);
                self
            }

            /// Sets the `User-Agent`.
            pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
                self.http = self.http.user_agent(user_agent);
                self
            }

            /// Sets the size in bytes above which an answer is an error; 64 MiB unless set.
            pub fn max_response_bytes(mut self, bytes: usize) -> Self {
                self.http = self.http.max_response_bytes(bytes);
                self
            }

            /// Builds the client.
            ///
            /// # Errors
            ///
            /// Fails when the base URL is no absolute `http` or `https` URL, or when a credential holds
            /// characters that cannot be sent.
            pub fn build(self) -> Result<Client, BuildError> {
                Ok(Client { http: self.http.build()? })
            }
        }
    }
}
