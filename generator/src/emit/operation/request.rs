//! Requests: the client's method with what is required, a setter for each other thing, `send`.

use proc_macro2::TokenStream;
use quote::quote;

use super::{answer, body, required};
use crate::emit::sample::Samples;
use crate::emit::source::{Source, literal};
use crate::emit::types::{argument, ident, qualified};
use crate::ir::{Crate, Encoding, Operation, Parameter, Type};
use crate::text::code;

/// Writes the client's method.
pub(super) fn method(source: &mut Source, krate: &Crate, operation: &Operation, samples: &Samples<'_>) {
    source.separate();
    let heading = format_args!("`{} {}`", operation.http_method, code(&operation.path));
    source.docs_or(&operation.docs, heading);
    arguments(source, operation);
    if let Some(example) = example(krate, operation, samples) {
        source.docs(&[String::new()]);
        source.docs(&example);
    }
    source.deprecated(operation.deprecated);

    let required = required(operation);
    let mandatory_body = operation.body.as_ref().filter(|body| body.required);
    let mut arguments = vec!["&self".to_owned()];
    arguments
        .extend(required.iter().map(|parameter| format!("{}: {}", parameter.name, passed(&parameter.ty))));
    arguments.extend(mandatory_body.map(|body| format!("body: {}", body::passed(body))));
    let head = format!("pub fn {}", operation.method);
    source.function(&head, &arguments, &format!(" -> {}<'_>", operation.name));

    let mutable = if required.is_empty() && mandatory_body.is_none() { "" } else { "mut " };
    let groups = operation.security.iter().map(|group| {
        let schemes: Vec<_> = group.iter().map(|scheme| literal(scheme)).collect();
        format!("&[{}]", schemes.join(", "))
    });
    source.line(format_args!(
        "const CALL: &Call = &Call {{ operation: {}, method: Method::{}, path: {}, security: &[{}], repeatable: {} }};",
        literal(&operation.id),
        operation.http_method,
        literal(&operation.path),
        groups.collect::<Vec<_>>().join(", "),
        operation.repeatable,
    ));
    source.line(format_args!("let {mutable}request = self.http.request(CALL);"));
    for parameter in required {
        let by_value = matches!(parameter.ty, Type::Integer | Type::Unsigned | Type::Boolean | Type::String);
        let reference = if by_value { "&" } else { "" };
        set_parameter(source, "request", parameter, &format!("{reference}{}", parameter.name));
    }
    if let Some(body) = mandatory_body {
        body::set(source, body);
    }
    source.line(format_args!("{} {{ request }}", operation.name));
    source.close("}");
}

/// What the contract says of the required parameters, which are arguments.
fn arguments(source: &mut Source, operation: &Operation) {
    let described = required(operation)
        .into_iter()
        .filter(|it| !it.docs.is_empty() || it.name.trim_start_matches("r#") != it.parameter);
    let items = described.map(|parameter| {
        let (name, outside) = (parameter.name.trim_start_matches("r#"), code(&parameter.parameter));
        let called = if name == parameter.parameter { String::new() } else { format!(" (`{outside}`)") };
        let words: Vec<_> =
            parameter.docs.iter().filter(|line| !line.is_empty()).map(String::as_str).collect();
        let colon = if words.is_empty() { "" } else { ": " };
        format!("- `{name}`{called}{colon}{}", words.join(" "))
    });
    let items: Vec<_> = items.collect();
    if !items.is_empty() {
        source.docs(&[String::new()]);
        source.docs(&items);
    }
}

/// How a required parameter is passed: text as a slice, the rest by value.
pub(super) fn passed(ty: &Type) -> String {
    match ty {
        Type::String => "&str".to_owned(),
        Type::Integer | Type::Unsigned | Type::Boolean => qualified(ty).to_string(),
        other => format!("&{}", qualified(other)),
    }
}

fn set_parameter(source: &mut Source, request: &str, parameter: &Parameter, value: &str) {
    source.line(format_args!(
        "{request}.{}({}, Style::{}, {value});",
        parameter.location,
        literal(&parameter.parameter),
        parameter.style,
    ));
}

/// Writes the request.
pub(super) fn request(source: &mut Source, operation: &Operation) {
    let name = &operation.name;
    source.deprecated(operation.deprecated);
    source.line(format_args!("#[derive(Debug)]"));
    source.line(format_args!("#[must_use = \"a request does nothing until it is sent\"]"));
    source.open(format_args!("pub struct {name}<'a> {{"));
    source.line(format_args!("request: Request<'a>,"));
    source.close("}");
    source.separate();
    source.open(format_args!("impl {name}<'_> {{"));
    operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.required)
        .for_each(|parameter| setter(source, parameter));
    if let Some(body) = operation.body.as_ref().filter(|body| !body.required) {
        source.separate();
        source.doc(format_args!("Sets the body."));
        let arguments = ["mut self".to_owned(), format!("body: {}", body::passed(body))];
        source.function("pub fn body", &arguments, " -> Self");
        source.line(format_args!("let request = &mut self.request;"));
        body::set(source, body);
        source.line(format_args!("self"));
        source.close("}");
    }
    answer::send(source, operation);
    source.close("}");
}

fn setter(source: &mut Source, parameter: &Parameter) {
    let name = &parameter.name;
    let (ty, value) = argument(qualified(&parameter.ty), name);
    source.separate();
    source.docs_or(&parameter.docs, format_args!("Sets `{}`.", code(&parameter.parameter)));
    if !parameter.docs.is_empty() {
        source.wire_name(name, &parameter.parameter, "the contract");
    }
    source.deprecated(parameter.deprecated);
    source.function(&format!("pub fn {name}"), &["mut self".to_owned(), format!("{name}: {ty}")], " -> Self");
    let value = if value == *name {
        format!("&{name}")
    } else {
        source.line(format_args!("let value: {} = {value};", qualified(&parameter.ty)));
        "&value".to_owned()
    };
    set_parameter(source, "self.request", parameter, &value);
    source.line(format_args!("self"));
    source.close("}");
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
                Encoding::Bytes if body.choice.is_some() => quote!(b"bytes".to_vec().into()),
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
    let mut example = vec![
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: {crate_ident}::Client) -> Result<(), Box<dyn std::error::Error>> {{"
        ),
    ];
    if body.is_none() && arguments.iter().all(is_short) {
        // The most common call by far; it needs no layout.
        let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
        example.push(format!(
            "let answer = client.{}({}).send().await?;",
            operation.method,
            arguments.join(", ")
        ));
        example.push("println!(\"{}\", answer.status);".to_owned());
    } else {
        let method = ident(&operation.method);
        let bind = body.map(|value| quote!(let body = #value;));
        // Printed inside a function, whose first and last line are left out.
        let tokens = quote! {
            fn example() {
                #bind
                let answer = client.#method(#(#arguments),*).send().await?;
                println!("{}", answer.status);
            }
        };
        let printed = prettyplease::unparse(&syn::parse2(tokens).ok()?);
        let lines = printed.lines().filter(|line| line.starts_with(' '));
        example.extend(lines.map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned()));
    }
    example.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    Some(example)
}

/// Tells whether an argument is one literal.
fn is_short(argument: &TokenStream) -> bool {
    let mut tokens = argument.clone().into_iter();
    tokens.next().is_some() && tokens.next().is_none()
}
