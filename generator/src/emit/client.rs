//! The client and its builder: one method an operation, one builder method a security scheme.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::{body_type, passed, required};
use super::print::Source;
use super::sample::Samples;
use super::types::{self, deprecated, docs, ident};
use crate::Error;
use crate::ir::{Crate, Encoding, Operation, Placement, Type};
use crate::text::{code, inline};

/// Emits `src/client.rs`.
pub(super) fn client(krate: &Crate, header: &str) -> Result<String, Error> {
    let mut source = Source::new(header, &[]);
    let mut runtime = BTreeSet::from(["BuildError", "HttpClient", "HttpClientBuilder"]);
    if !krate.credentials.is_empty() {
        runtime.extend(["Credential", "Placement"]);
    }
    let mut requests = BTreeSet::new();
    let mut mentions_types = false;
    for operation in &krate.operations {
        requests.insert(operation.name.as_str());
        let mut named = BTreeSet::new();
        for parameter in required(operation) {
            if parameter.ty != Type::String {
                types::runtime_names(&parameter.ty, &mut runtime);
            }
            parameter.ty.named(&mut named);
        }
        if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
            match (&body.choice, body.forms.first()) {
                (Some(choice), _) => {
                    requests.insert(choice);
                }
                (None, Some(form)) if !matches!(form.encoding, Encoding::Text | Encoding::Bytes) => {
                    types::runtime_names(&form.ty, &mut runtime);
                    form.ty.named(&mut named);
                }
                _ => {}
            }
        }
        mentions_types |= !named.is_empty();
    }
    source.import("std::time", ["Duration"]);
    source.text("\n");
    source.import("driftline_runtime", runtime);
    source.text("\n");
    if mentions_types {
        source.import("crate", ["models"]);
    }
    source.import("crate::operations", requests);
    source.items(items(krate))?;
    Ok(source.finish())
}

fn items(krate: &Crate) -> TokenStream {
    let title = format!("A client of {}. Clones share the connections.", inline(&krate.title));
    let agent = format!("{}/", krate.name);
    let samples = Samples::new(krate);
    let methods = krate.operations.iter().map(|operation| method(krate, operation, &samples));
    let client_docs = docs(&[title]);
    let builder = builder(krate);
    quote! {
        #client_docs
        #[derive(Debug, Clone)]
        pub struct Client {
            http: HttpClient,
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

            #(#methods)*
        }

        #builder
    }
}

fn method(krate: &Crate, operation: &Operation, samples: &Samples<'_>) -> TokenStream {
    let (name, request) = (ident(&operation.method), ident(&operation.name));
    let qualified = operation.through("models");
    let required = required(&qualified);
    let body = qualified.body.as_ref().filter(|body| body.required);
    let arguments = required.iter().map(|parameter| {
        let (name, ty) = (ident(&parameter.name), passed(&parameter.ty));
        quote!(#name: #ty)
    });
    let body_argument = body.map(|body| {
        let ty = body_type(body);
        quote!(body: #ty)
    });
    let arguments = arguments.chain(body_argument);
    let names = required.iter().map(|parameter| ident(&parameter.name)).chain(body.map(|_| ident("body")));
    let mut words = operation.docs.clone();
    if words.is_empty() {
        words.push(format!("`{} {}`", operation.http_method, code(&operation.path)));
    }
    if let Some(example) = example(krate, operation, samples) {
        words.push(String::new());
        words.extend(example);
    }
    let (words, gone) = (docs(&words), deprecated(operation.deprecated));
    quote! {
        #words
        #gone
        pub fn #name(&self, #(#arguments),*) -> #request<'_> {
            #request::new(&self.http, #(#names),*)
        }
    }
}

/// A call of the operation that compiles, as lines of documentation.
fn example(krate: &Crate, operation: &Operation, samples: &Samples<'_>) -> Option<Vec<String>> {
    let crate_ident = ident(&krate.name.replace('-', "_"));
    let mut arguments = Vec::new();
    for parameter in required(operation) {
        let value = samples.argument(&parameter.ty, 0)?;
        arguments.push(match parameter.ty {
            Type::String => quote!("id"),
            Type::Integer | Type::Unsigned | Type::Boolean => value,
            Type::Number => quote!(&(#value).into()),
            _ => quote!(&#value),
        });
    }
    let body = match operation.body.as_ref().filter(|body| body.required) {
        None => None,
        Some(body) => {
            let form = body.forms.first()?;
            let value = match form.encoding {
                Encoding::Text => quote!("text"),
                Encoding::Bytes => quote!(b"bytes".to_vec()),
                _ => samples.argument(&form.ty, 0)?,
            };
            let value = match (form.encoding, &form.ty) {
                (Encoding::Json, Type::String) => quote!((#value).to_owned()),
                (Encoding::Json, Type::Number) => quote!((#value).into()),
                _ => value,
            };
            arguments.push(match (&body.choice, form.encoding) {
                (Some(choice), _) => {
                    let (choice, variant) = (ident(choice), ident(&form.variant));
                    quote!(#crate_ident::operations::#choice::#variant(body))
                }
                (None, Encoding::Json) => quote!(&body),
                (None, _) => quote!(body),
            });
            Some(value)
        }
    };
    let method = ident(&operation.method);
    let bind = body.map(|value| quote!(let body = #value;));
    // Printed inside a function, whose first and last line are replaced by hidden ones.
    let tokens = quote! {
        fn example() {
            #bind
            let answer = client.#method(#(#arguments),*).send().await?;
            println!("{}", answer.status);
        }
    };
    let printed = prettyplease::unparse(&syn::parse2(tokens).ok()?);
    let mut lines = printed.lines().skip(1).collect::<Vec<_>>();
    lines.pop();
    let mut example = vec![
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: {crate_ident}::Client) -> Result<(), Box<dyn std::error::Error>> {{"
        ),
    ];
    example.extend(lines.into_iter().map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned()));
    example.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    Some(example)
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
