//! Calls: how an operation's builder is filled from what stands on the wire, one entry an operation.
//!
//! Everything that reads is in the runtime; an entry says which type each part is for.

use std::collections::{BTreeMap, BTreeSet};

use super::operation::required;
use super::source::{Source, literal};
use super::types::{argument, qualified, runtime_names};
use crate::ir::{
    BodyForm, Crate, Encoding, Field, Operation, Parameter, PartEncoding, Presence, RequestBody, Struct,
    Type, TypeKind,
};

/// The calls of a crate, ready to be printed.
pub(super) fn calls(krate: &Crate, header: &str) -> String {
    let shapes: Shapes<'_> =
        krate.types.iter().map(|definition| (definition.name.as_str(), &definition.kind)).collect();
    let (mut made, mut left_out) = (Vec::new(), Vec::new());
    for operation in &krate.operations {
        match obstacle(operation, &shapes) {
            None => made.push(operation),
            Some(reason) => left_out.push((operation.id.as_str(), reason)),
        }
    }
    let docs = [format!("How the operations of the crate `{}` are called by their parts.", krate.name)];
    let mut source = Source::new(&format!("{header}#![allow(deprecated)]\n"), &docs);
    let crate_ident = krate.name.replace('-', "_");
    let names = mentioned(&made, &shapes);
    let place = names.get("In").copied();
    source.import("driftline_runtime::calls", ["CallEntry", "Calls", "Table"].into_iter().chain(place));
    source.import("driftline_runtime", names.iter().copied().filter(|name| *name != "In"));
    source.import(&crate_ident, ["Client"]);
    if made.iter().any(|operation| reads_models(operation, &shapes)) {
        source.import(&crate_ident, ["models"]);
    }
    source.text(&format!(
        "\n/// How `{api}` is called.\npub const CALLS: Calls = Calls {{\n    api: {},\n    connect: |base_url| {{\n        \
         let client = Client::builder(base_url).for_recordings().build()?;\n        Ok(Box::new(Table {{ client, \
         entries: ENTRIES, left_out: LEFT_OUT }}))\n    }},\n    left_out: LEFT_OUT,\n}};\n\n",
        literal(&krate.api),
        api = krate.api,
    ));
    source.open(format_args!("const ENTRIES: &[CallEntry<Client>] = &["));
    made.iter().for_each(|operation| entry_of(&mut source, operation, &shapes, &crate_ident));
    source.close("];");
    source.separate();
    if left_out.is_empty() {
        source.line(format_args!("const LEFT_OUT: &[(&str, &str)] = &[];"));
        return source.finish();
    }
    source.open(format_args!("const LEFT_OUT: &[(&str, &str)] = &["));
    for (id, reason) in &left_out {
        source.line(format_args!("({}, {}),", literal(id), literal(reason)));
    }
    source.close("];");
    source.finish()
}

type Shapes<'a> = BTreeMap<&'a str, &'a TypeKind>;

/// Why an operation cannot be called from its parts, if it cannot.
fn obstacle(operation: &Operation, shapes: &Shapes<'_>) -> Option<String> {
    let spread: Vec<_> =
        operation.parameters.iter().filter(|parameter| is_spread(parameter, shapes)).collect();
    for (at, parameter) in spread.iter().enumerate() {
        if spread.iter().take(at).any(|other| other.location == parameter.location) {
            return Some(format!(
                "the members of two parameters stand side by side, of which `{}` is one",
                parameter.parameter
            ));
        }
    }
    let forms = operation.body.iter().flat_map(|body| &body.forms);
    for form in forms.filter(|form| is_form(form)) {
        let Some(fields) = form_fields(form, shapes) else {
            return Some(format!("the form `{}` has no fields of its own", form.media_type));
        };
        let odd = fields.fields.iter().find(|field| file(field).is_none() && holds_file(&field.ty));
        if let Some(field) = odd {
            return Some(format!("the form field `{}` has files inside of something else", field.property));
        }
    }
    None
}

fn is_form(form: &BodyForm) -> bool {
    matches!(form.encoding, Encoding::Multipart | Encoding::UrlEncoded)
}

fn form_fields<'a>(form: &BodyForm, shapes: &Shapes<'a>) -> Option<&'a Struct> {
    let Type::Named(name) = &form.ty else { return None };
    match shapes.get(name.as_str()) {
        Some(TypeKind::Form(fields)) => Some(fields),
        _ => None,
    }
}

/// How many files a field holds, if it holds any.
fn file(field: &Field) -> Option<Files> {
    match &field.ty {
        Type::File => Some(Files::One),
        Type::Array(inner) if **inner == Type::File => Some(Files::Several),
        _ => None,
    }
}

enum Files {
    One,
    Several,
}

fn holds_file(ty: &Type) -> bool {
    match ty {
        Type::File => true,
        Type::Array(inner)
        | Type::Map(inner)
        | Type::Nullable(inner)
        | Type::Sensitive(inner)
        | Type::Boxed(inner) => holds_file(inner),
        Type::Tuple(items) => items.iter().any(holds_file),
        _ => false,
    }
}

/// Tells whether a parameter's members stand under their own names, so that its own is nowhere.
fn is_spread(parameter: &Parameter, shapes: &Shapes<'_>) -> bool {
    parameter.style == "FormExploded" && is_object(&parameter.ty, shapes, 0)
}

fn is_object(ty: &Type, shapes: &Shapes<'_>, depth: usize) -> bool {
    match ty {
        Type::Map(_) | Type::AnyObject => true,
        Type::Nullable(inner) | Type::Sensitive(inner) | Type::Boxed(inner) => {
            is_object(inner, shapes, depth)
        }
        // An alias may lead to itself only in a contract that is wrong.
        Type::Named(name) if depth < 32 => match shapes.get(name.as_str()) {
            Some(TypeKind::Struct(_)) => true,
            Some(TypeKind::Alias(ty)) => is_object(ty, shapes, depth + 1),
            _ => false,
        },
        _ => false,
    }
}

/// The names of the runtime that entries are written with, and `In`.
fn mentioned<'n>(operations: &[&Operation], shapes: &Shapes<'_>) -> BTreeSet<&'n str> {
    let mut names = BTreeSet::new();
    for operation in operations {
        for parameter in &operation.parameters {
            names.insert("In");
            if !is_spread(parameter, shapes) {
                names.insert("Style");
            }
            runtime_names(&parameter.ty, &mut names);
        }
        for form in operation.body.iter().flat_map(|body| &body.forms) {
            match form.encoding {
                Encoding::Json => runtime_names(&form.ty, &mut names),
                Encoding::Multipart | Encoding::UrlEncoded => {
                    let fields = form_fields(form, shapes).into_iter().flat_map(|form| &form.fields);
                    for field in fields.filter(|field| file(field).is_none()) {
                        runtime_names(&field.ty, &mut names);
                        names.extend((field.presence == Presence::Nullable).then_some("Nullable"));
                        names.extend(matches!(field.part, PartEncoding::Style(_)).then_some("Style"));
                    }
                }
                Encoding::Text | Encoding::Bytes => {}
            }
        }
    }
    names
}

/// Tells whether an entry names a type of the crate's models.
fn reads_models(operation: &Operation, shapes: &Shapes<'_>) -> bool {
    let mut names = BTreeSet::new();
    operation.parameters.iter().for_each(|parameter| parameter.ty.named(&mut names));
    for form in operation.body.iter().flat_map(|body| &body.forms) {
        if form.encoding == Encoding::Json || form_fields(form, shapes).is_some() {
            form.ty.named(&mut names);
        }
    }
    !names.is_empty()
}

fn entry_of(source: &mut Source, operation: &Operation, shapes: &Shapes<'_>, crate_ident: &str) {
    source.open(format_args!(
        "CallEntry {{ operation_id: {}, make: |client, parts| {{",
        literal(&operation.id)
    ));
    let required = required(operation);
    let (optional, spread): (Vec<_>, Vec<_>) = operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.required)
        .partition(|parameter| !is_spread(parameter, shapes));
    let mut arguments = vec![String::new(); required.len()];
    // What is spread takes whatever is left, so it comes last.
    let mut order: Vec<_> = required.iter().zip(&mut arguments).enumerate().collect();
    order.sort_by_key(|(_, (parameter, _))| is_spread(parameter, shapes));
    let spread_early = order.iter().any(|(_, (parameter, _))| is_spread(parameter, shapes));
    for parameter in optional.iter().filter(|_| spread_early) {
        source.line(format_args!("let {} = {};", held(parameter), taken(parameter, shapes)));
    }
    for (at, (parameter, argument)) in order {
        source.line(format_args!("let argument{at} = {};", taken(parameter, shapes)));
        let by_value = matches!(parameter.ty, Type::Integer | Type::Unsigned | Type::Boolean);
        *argument = format!("{}argument{at}", if by_value { "" } else { "&" });
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        body_of(source, body, shapes, crate_ident);
        arguments.push(passed(body).to_owned());
    }
    let voluntary = operation.body.as_ref().filter(|body| !body.required);
    let changes = !optional.is_empty() || !spread.is_empty() || voluntary.is_some();
    source.line(format_args!(
        "let {}call = client.{}({});",
        if changes { "mut " } else { "" },
        operation.method,
        arguments.join(", ")
    ));
    for parameter in optional.iter().chain(&spread) {
        let taken = if spread_early { held(parameter) } else { taken(parameter, shapes) };
        let value = if matches!(parameter.ty, Type::Boxed(_)) { "*value" } else { "value" };
        source.line(format_args!(
            "if let Some(value) = {taken} {{ call = call.{}({value}); }}",
            parameter.name
        ));
    }
    if let Some(body) = voluntary {
        source.open(format_args!("if parts.has_body() {{"));
        body_of(source, body, shapes, crate_ident);
        source.line(format_args!("call = call.body({});", passed(body)));
        source.close("}");
    }
    source.line(format_args!("parts.end(call.send())"));
    source.close("} },");
}

/// The variable of an optional parameter that is taken before it can be set.
fn held(parameter: &Parameter) -> String {
    format!("optional_{}", parameter.name.trim_start_matches("r#"))
}

/// An expression that takes a parameter.
fn taken(parameter: &Parameter, shapes: &Shapes<'_>) -> String {
    let place = match parameter.location {
        "path" => "Path",
        "query" => "Query",
        "header" => "Header",
        _ => "Cookie",
    };
    let (ty, name) = (qualified(&parameter.ty), literal(&parameter.parameter));
    match (is_spread(parameter, shapes), parameter.required) {
        (true, true) => format!("parts.spread_required::<{ty}>(In::{place}, {name})?"),
        (true, false) => format!("parts.spread::<{ty}>(In::{place}, {name})?"),
        (false, required) => {
            let method = if required { "required" } else { "optional" };
            format!("parts.{method}::<{ty}>(In::{place}, {name}, Style::{})?", parameter.style)
        }
    }
}

/// How `body` is passed: a lone JSON body is borrowed.
fn passed(body: &RequestBody) -> &'static str {
    match (&body.choice, body.forms.first()) {
        (None, Some(form)) if form.encoding == Encoding::Json => "&body",
        _ => "body",
    }
}

/// Takes the body, whichever of its forms it has, into `body`.
fn body_of(source: &mut Source, body: &RequestBody, shapes: &Shapes<'_>, crate_ident: &str) {
    let Some(choice) = &body.choice else {
        match body.forms.first() {
            Some(form) if is_form(form) => {
                form_of(source, form, shapes);
                source.line(format_args!("let body = form;"));
            }
            Some(form) => source.line(format_args!("let body = {};", simple(form))),
            None => {
                source.line(format_args!("let body = parts.bytes(\"application/octet-stream\")?;"));
            }
        }
        return;
    };
    for (at, form) in body.forms.iter().enumerate() {
        let condition = format!("if parts.has_body_of({}) {{", literal(&form.media_type));
        if at == 0 {
            source.open(format_args!("let body = {condition}"));
        } else {
            source.reopen(format_args!("}} else {condition}"));
        }
        let value = if is_form(form) {
            form_of(source, form, shapes);
            "form".to_owned()
        } else {
            simple(form)
        };
        source.line(format_args!("{crate_ident}::operations::{choice}::{}({value})", form.variant));
    }
    source.reopen(format_args!("}} else {{"));
    source.line(format_args!("return Err(parts.other_body());"));
    source.close("};");
}

/// An expression that takes a body that is no form.
fn simple(form: &BodyForm) -> String {
    let media_type = literal(&form.media_type);
    match form.encoding {
        Encoding::Json => format!("parts.json::<{}>({media_type})?", qualified(&form.ty)),
        Encoding::Text => format!("parts.text({media_type})?"),
        _ => format!("parts.bytes({media_type})?"),
    }
}

/// Takes a form, field by field, into `form`.
fn form_of(source: &mut Source, form: &BodyForm, shapes: &Shapes<'_>) {
    let Some(object) = form_fields(form, shapes) else { return };
    source.line(format_args!("let mut fields = parts.form({})?;", literal(&form.media_type)));
    let is_argument = |field: &&Field| {
        // A form without required fields is made of nothing.
        field.presence == Presence::Required && field.constant.is_none()
    };
    let arguments: Vec<_> = object
        .fields
        .iter()
        .filter(is_argument)
        .map(|field| {
            let value = field_of(field);
            // What `new` takes is what a setter takes.
            if argument(qualified(&field.ty), "").1.starts_with("Box::new") {
                format!("*{value}")
            } else {
                value
            }
        })
        .collect();
    let rest: Vec<_> = object.fields.iter().filter(|field| !is_argument(field)).collect();
    let mutable = if rest.is_empty() { "" } else { "mut " };
    source.line(format_args!("let {mutable}form = {}::new({});", qualified(&form.ty), arguments.join(", ")));
    for field in rest {
        source.line(format_args!("form.{} = {};", field.name, field_of(field)));
    }
    source.line(format_args!("fields.end()?;"));
}

/// An expression that takes a field of a form as it is held.
fn field_of(field: &Field) -> String {
    let name = literal(&field.property);
    let required = field.presence == Presence::Required;
    match (file(field), required) {
        (Some(Files::One), true) => return format!("fields.file({name})?"),
        (Some(Files::One), false) => return format!("fields.optional_file({name})?"),
        (Some(Files::Several), true) => return format!("fields.files({name})"),
        (Some(Files::Several), false) => {
            return format!("Some(fields.files({name})).filter(|files| !files.is_empty())");
        }
        (None, _) => {}
    }
    let style = match &field.part {
        PartEncoding::Style(style) => format!("Some(Style::{style})"),
        PartEncoding::Usual | PartEncoding::MediaType(_) => "None".to_owned(),
    };
    let ty = match field.presence {
        Presence::Nullable => format!("Nullable<{}>", qualified(&field.ty)),
        _ => qualified(&field.ty).to_string(),
    };
    if field.is_list {
        // An empty list is no field at all.
        return format!("fields.optional::<{ty}>({name}, {style})?.unwrap_or_default()");
    }
    let method = if required { "required" } else { "optional" };
    format!("fields.{method}::<{ty}>({name}, {style})?")
}
