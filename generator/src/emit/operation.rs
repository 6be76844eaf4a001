//! Operations: a request with setters, its errors by status, and `send`. One file a tag.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::in_parallel;
use super::print::{Source, literal};
use super::types::{self, argument, deprecated, docs, docs_or, ident, rust};
use crate::Error;
use crate::ir::{Answer, AnswerBody, Crate, Encoding, Operation, Parameter, RequestBody, Type};
use crate::text::code;

/// Emits `src/operations/`.
pub(super) fn operations(krate: &Crate, header: &str) -> Result<Vec<(String, String)>, Error> {
    let mut modules: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &krate.operations {
        modules.entry(&operation.module).or_default().push(operation);
    }
    let docs =
        ["Requests and their errors, by tag. Start from the methods of [`Client`](crate::Client)."
            .to_owned()];
    let mut index = Source::new(header, &docs);
    for module in modules.keys() {
        index.text(&format!("mod {};\n", module));
    }
    index.text("\n");
    for module in modules.keys() {
        index.text(&format!("pub use {}::*;\n", module));
    }
    let mut files = vec![("src/operations/mod.rs".to_owned(), index.finish())];
    let modules: Vec<_> = modules.into_iter().collect();
    files.extend(in_parallel(&modules, |(module, operations)| {
        Ok((format!("src/operations/{module}.rs"), file(header, operations)?))
    })?);
    Ok(files)
}

fn file(header: &str, operations: &[&Operation]) -> Result<String, Error> {
    let mut source = Source::new(header, &[]);
    let mentions_types = operations.iter().any(|operation| operation.mentions_types());
    let operations: Vec<_> = operations.iter().map(|operation| operation.through("models")).collect();
    let mut runtime = BTreeSet::from(["Error", "HttpClient", "Request", "Response"]);
    for operation in &operations {
        for parameter in &operation.parameters {
            types::runtime_names(&parameter.ty, &mut runtime);
            runtime.insert("Style");
        }
        for form in operation.body.iter().flat_map(|body| &body.forms) {
            if form.encoding != Encoding::Bytes && form.encoding != Encoding::Text {
                types::runtime_names(&form.ty, &mut runtime);
            }
        }
        for answer in operation.successes.iter().chain(&operation.errors) {
            match &answer.body {
                AnswerBody::Json(ty) => {
                    types::runtime_names(ty, &mut runtime);
                }
                AnswerBody::Raw => {
                    runtime.insert("Body");
                }
                AnswerBody::Text => {}
            }
        }
        if operation.successes.is_empty()
            || operation.errors.iter().any(|error| error.body == AnswerBody::Text)
        {
            runtime.insert("Body");
        }
    }
    source.import("driftline_runtime", runtime);
    source.import("driftline_runtime::http", ["Method"]);
    source.text("\n");
    if mentions_types {
        source.import("crate", ["models"]);
    }
    for operation in &operations {
        request(&mut source, operation)?;
        success_enum(&mut source, operation)?;
        error_enum(&mut source, operation)?;
    }
    Ok(source.finish())
}

/// The required parameters, in the order of arguments: those of the path first.
pub(super) fn required(operation: &Operation) -> Vec<&Parameter> {
    let mut required: Vec<_> = operation.parameters.iter().filter(|parameter| parameter.required).collect();
    required.sort_by_key(|parameter| parameter.location != "path");
    required
}

/// How a required parameter is passed: text as a slice, the rest by value.
pub(super) fn passed(ty: &Type) -> TokenStream {
    match ty {
        Type::String => quote!(&str),
        Type::Integer | Type::Unsigned | Type::Boolean => rust(ty),
        other => {
            let ty = rust(other);
            quote!(&#ty)
        }
    }
}

/// How a body is passed to the client's method or to the setter `body`.
pub(super) fn body_type(body: &RequestBody) -> TokenStream {
    match (&body.choice, body.forms.first()) {
        (Some(choice), _) => {
            let choice = ident(choice);
            quote!(impl Into<#choice>)
        }
        (None, Some(form)) => match form.encoding {
            Encoding::Json => {
                let ty = rust(&form.ty);
                quote!(&#ty)
            }
            Encoding::Multipart | Encoding::UrlEncoded => rust(&form.ty),
            Encoding::Text => quote!(impl Into<String>),
            Encoding::Bytes => quote!(impl Into<Vec<u8>>),
        },
        (None, None) => quote!(impl Into<Vec<u8>>),
    }
}

/// Puts one form of a body into `request`; `body` is an expression of what it is written from.
fn set_form(encoding: Encoding, media_type: &str, body: &TokenStream) -> TokenStream {
    match encoding {
        Encoding::Json => quote!(request.json(#media_type, #body)),
        Encoding::Multipart => quote!(request.multipart(#body.into_form())),
        Encoding::UrlEncoded => quote!(request.urlencoded(#body.into_form())),
        Encoding::Text | Encoding::Bytes => quote!(request.bytes(#media_type, #body)),
    }
}

/// Statements that put `body` into `request`.
fn set_body(body: &RequestBody) -> TokenStream {
    match (&body.choice, body.forms.first()) {
        (Some(choice), _) => {
            let choice = ident(choice);
            let arms = body.forms.iter().map(|form| {
                let variant = ident(&form.variant);
                // A variant holds its body, where a lone JSON body is borrowed.
                let body = if form.encoding == Encoding::Json { quote!(&body) } else { quote!(body) };
                let set = set_form(form.encoding, &form.media_type, &body);
                quote!(#choice::#variant(body) => #set,)
            });
            quote!(match body.into() { #(#arms)* })
        }
        (None, Some(form)) => {
            let body = match form.encoding {
                Encoding::Text => quote!(Into::<String>::into(body)),
                Encoding::Bytes => quote!(Into::<Vec<u8>>::into(body)),
                _ => quote!(body),
            };
            let set = set_form(form.encoding, &form.media_type, &body);
            quote!(#set;)
        }
        (None, None) => {
            quote!(request.bytes("application/octet-stream", Into::<Vec<u8>>::into(body));)
        }
    }
}

fn set_parameter(parameter: &Parameter, value: &TokenStream) -> TokenStream {
    let (location, style) = (ident(parameter.location), ident(parameter.style));
    let name = &parameter.parameter;
    quote!(request.#location(#name, Style::#style, #value);)
}

fn request(source: &mut Source, operation: &Operation) -> Result<(), Error> {
    let name = ident(&operation.name);
    let required = required(operation);
    let arguments = required.iter().map(|parameter| {
        let (name, ty) = (ident(&parameter.name), passed(&parameter.ty));
        quote!(#name: #ty)
    });
    let body = operation.body.as_ref();
    let body_argument = body.filter(|body| body.required).map(|body| {
        let ty = body_type(body);
        quote!(body: #ty)
    });
    let arguments: Vec<_> = arguments.chain(body_argument).collect();
    let set_required = required.iter().map(|parameter| {
        let name = ident(&parameter.name);
        match parameter.ty {
            Type::Integer | Type::Unsigned | Type::Boolean | Type::String => {
                set_parameter(parameter, &quote!(&#name))
            }
            _ => set_parameter(parameter, &quote!(#name)),
        }
    });
    let set_required_body = body.filter(|body| body.required).map(set_body);
    let method = ident(&operation.http_method);
    let path = &operation.path;
    let groups = operation.security.iter().map(|group| quote!(&[#(#group),*]));
    let mutable = !required.is_empty() || body.is_some_and(|body| body.required);
    let binding = if mutable { quote!(let mut request) } else { quote!(let request) };
    let setters = operation.parameters.iter().filter(|parameter| !parameter.required).map(setter);
    let body_setter = body.filter(|body| !body.required).map(|body| {
        let (ty, set) = (body_type(body), set_body(body));
        quote! {
            /// Sets the body.
            pub fn body(mut self, body: #ty) -> Self {
                let request = &mut self.request;
                #set
                self
            }
        }
    });
    let heading = format!("`{} {}`", operation.http_method, code(&operation.path));
    let mut words = vec![heading];
    if !operation.docs.is_empty() {
        words.push(String::new());
        words.extend(operation.docs.iter().cloned());
    }
    let words = docs(&words);
    let send = send(operation);
    let gone = deprecated(operation.deprecated);
    source.items(quote! {
        #words
        #gone
        #[derive(Debug)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name<'a> {
            request: Request<'a>,
        }

        impl<'a> #name<'a> {
            pub(crate) fn new(client: &'a HttpClient, #(#arguments),*) -> Self {
                #binding = client.request(Method::#method, #path, &[#(#groups),*]);
                #(#set_required)*
                #set_required_body
                Self { request }
            }
            #(#setters)*
            #body_setter
            #send
        }
    })?;
    match body {
        Some(RequestBody { choice: Some(choice), forms, .. }) => {
            let name = ident(choice);
            let variants = forms.iter().map(|form| {
                let (variant, ty) = (ident(&form.variant), owned(form.encoding, &form.ty));
                let words = docs(&[format!("As `{}`.", code(&form.media_type))]);
                quote!(#words #variant(#ty),)
            });
            let words =
                docs(&[format!("The forms in which the body of [`{}`] can be sent.", operation.name)]);
            let mut seen = BTreeSet::new();
            let conversions = forms.iter().filter(|form| {
                let ty = owned(form.encoding, &form.ty).to_string();
                seen.insert(ty)
            });
            let conversions: Vec<_> = conversions
                .map(|form| {
                    let (variant, ty) = (ident(&form.variant), owned(form.encoding, &form.ty));
                    quote! {
                        impl From<#ty> for #name {
                            fn from(body: #ty) -> Self {
                                Self::#variant(body)
                            }
                        }
                    }
                })
                .collect();
            source.items(quote! {
                #words
                #[derive(Debug, Clone, PartialEq)]
                #[non_exhaustive]
                pub enum #name { #(#variants)* }
                #(#conversions)*
            })
        }
        _ => Ok(()),
    }
}

fn owned(encoding: Encoding, ty: &Type) -> TokenStream {
    match encoding {
        Encoding::Text => quote!(String),
        Encoding::Bytes => quote!(Vec<u8>),
        _ => rust(ty),
    }
}

fn setter(parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.name);
    let (ty, value) = argument(&parameter.ty, &name);
    let words = docs_or(&parameter.docs, &format!("Sets `{}`.", code(&parameter.parameter)));
    let gone = deprecated(parameter.deprecated);
    let plain = rust(&parameter.ty);
    let (bind, value) = if name == value.to_string() {
        (TokenStream::new(), quote!(&#name))
    } else {
        (quote!(let value: #plain = #value;), quote!(&value))
    };
    let (location, style) = (ident(parameter.location), ident(parameter.style));
    let key = &parameter.parameter;
    quote! {
        #words
        #gone
        pub fn #name(mut self, #name: #ty) -> Self {
            #bind
            self.request.#location(#key, Style::#style, #value);
            self
        }
    }
}

fn body_of(body: &AnswerBody) -> TokenStream {
    match body {
        AnswerBody::Json(ty) => rust(ty),
        AnswerBody::Text => quote!(String),
        AnswerBody::Raw => quote!(Body),
    }
}

/// The one type of all documented successes, or none where they differ.
fn common(operation: &Operation) -> Option<&AnswerBody> {
    let (first, others) = operation.successes.split_first()?;
    others.iter().all(|other| other.body == first.body).then_some(&first.body)
}

fn success_name(operation: &Operation) -> String {
    format!("{}Success", operation.name)
}

fn send(operation: &Operation) -> TokenStream {
    let success = match common(operation) {
        Some(body) => body_of(body),
        None if operation.successes.is_empty() => quote!(Body),
        None => {
            let name = ident(&success_name(operation));
            quote!(#name)
        }
    };
    let error = ident(&format!("{}Error", operation.name));
    let arms = operation.successes.iter().map(|answer| {
        let status = status_pattern(&answer.status);
        let read = match answer.body {
            AnswerBody::Json(_) => quote!(answer.json()),
            AnswerBody::Text => quote!(answer.text()),
            AnswerBody::Raw => quote!(answer.raw()),
        };
        if common(operation).is_some() {
            quote!(#status => #read,)
        } else {
            let (name, variant) = (ident(&success_name(operation)), ident(&answer.variant));
            quote!(#status => #read.map(|response| response.map(#name::#variant)),)
        }
    });
    let read_error = |answer: &Answer| {
        let variant = ident(&answer.variant);
        match answer.body {
            AnswerBody::Json(_) => quote!(Err(answer.json_error(#error::#variant))),
            AnswerBody::Text | AnswerBody::Raw => quote!(Err(answer.raw_error(#error::#variant))),
        }
    };
    // Exact statuses go before ranges, and `default` comes last (OpenAPI 3.0.4, "Responses Object").
    let mut documented: Vec<_> =
        operation.errors.iter().filter(|answer| answer.status != "default").collect();
    documented.sort_by_key(|answer| answer.status.ends_with("XX"));
    let error_arms = documented.into_iter().map(|answer| {
        let (status, read) = (status_pattern(&answer.status), read_error(answer));
        quote!(#status => #read,)
    });
    let otherwise = match operation.errors.iter().find(|answer| answer.status == "default") {
        Some(answer) => read_error(answer),
        None => quote!(Err(answer.undocumented())),
    };
    let mut arms: Vec<_> = arms.collect();
    // A success range would shadow nothing that an error documents, and the other way round.
    arms.extend(error_arms);
    quote! {
        /// Sends the request.
        ///
        /// # Errors
        ///
        /// Fails with the documented error that the API answered, with an undocumented answer as it came, or
        /// with what kept the answer from coming.
        pub async fn send(self) -> Result<Response<#success>, Error<#error>> {
            let answer = self.request.send().await?;
            match answer.status() {
                #(#arms)*
                _ => #otherwise,
            }
        }
    }
}

fn status_pattern(status: &str) -> TokenStream {
    let class = status.strip_suffix("XX").and_then(|class| class.parse::<u16>().ok());
    match (class, status.parse::<u16>()) {
        (Some(class), _) => {
            let low = proc_macro2::Literal::u16_unsuffixed(class * 100);
            let high = proc_macro2::Literal::u16_unsuffixed(class * 100 + 99);
            quote!(#low..=#high)
        }
        (None, Ok(code)) => {
            let code = proc_macro2::Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        (None, Err(_)) => quote!(_),
    }
}

fn success_enum(source: &mut Source, operation: &Operation) -> Result<(), Error> {
    if operation.successes.is_empty() || common(operation).is_some() {
        return Ok(());
    }
    let name = ident(&success_name(operation));
    let variants = operation.successes.iter().map(variant);
    let words = docs(&[format!("What [`{}`] answers when it succeeds.", operation.name)]);
    source.items(quote! {
        #words
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name { #(#variants)* }
    })
}

fn variant(answer: &Answer) -> TokenStream {
    let (name, ty) = (
        ident(&answer.variant),
        match answer.body {
            AnswerBody::Text => quote!(String),
            ref body => body_of(body),
        },
    );
    let mut words = vec![format!("Status {}.", answer.status)];
    if let Some(first) = answer.docs.first() {
        words = vec![format!("Status {}: {first}", answer.status)];
        words.extend(answer.docs.iter().skip(1).cloned());
    }
    let words = docs(&words);
    quote!(#words #name(#ty),)
}

fn error_enum(source: &mut Source, operation: &Operation) -> Result<(), Error> {
    let name = ident(&format!("{}Error", operation.name));
    let variants = operation.errors.iter().map(|answer| {
        // Text that an error carries is kept as it came.
        let body = if answer.body == AnswerBody::Text { AnswerBody::Raw } else { answer.body.clone() };
        variant(&Answer { body, ..answer.clone() })
    });
    let words =
        docs(&[format!("The error statuses that the contract documents for [`{}`].", operation.name)]);
    source.items(quote! {
        #words
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name { #(#variants)* }
    })?;
    let entries = operation.errors.iter().map(|answer| {
        let text = answer
            .docs
            .first()
            .map_or_else(|| format!("status {}", answer.status), |line| line.replace('\\', ""));
        format!("{} = {}", answer.variant, literal(&text))
    });
    source.call("status_errors", &name.to_string(), entries);
    Ok(())
}
