//! The registry: what the generated crates can decode, and what each place of the contract became.

use std::collections::BTreeMap;

use super::source::{Source, literal};
use crate::ir::{AnswerBody, Crate, Encoding, Operation, Type, TypeKind};

/// A registry that is ready to be printed.
pub(super) fn registry(krate: &Crate, header: &str) -> String {
    let docs = [format!("What the crate `{}` decodes, and what it made of its contract.", krate.name)];
    let mut source = Source::new(header, &docs);
    let crate_ident = krate.name.replace('-', "_");
    let has_bodies = |operation: &Operation| {
        let mut answers = operation.successes.iter().chain(&operation.errors);
        let mut forms = operation.body.iter().flat_map(|body| &body.forms);
        forms.any(|form| form.encoding == Encoding::Json)
            || answers.any(|answer| !answer.media_types.is_empty())
    };
    if krate.operations.iter().any(has_bodies) {
        source.text("use driftline_runtime::decode::round_trip;\n");
    }
    source.text("use driftline_runtime::registry::{BodyEntry, OperationEntry, Registry, SymbolEntry};\n");
    if krate.types.iter().any(|definition| !matches!(definition.kind, TypeKind::Form(_))) {
        source.text(&format!("#[allow(unused_imports)]\nuse {crate_ident}::models::*;\n"));
    }
    source.text(&format!(
        "\n/// The registry of `{api}`.\npub const REGISTRY: Registry = Registry {{\n    api: {api_literal},\n    \
         crate_name: {name},\n    operations: OPERATIONS,\n    bodies: BODIES,\n    symbols: SYMBOLS,\n}};\n",
        api = krate.api,
        api_literal = literal(&krate.api),
        name = literal(&krate.name),
    ));
    source.text("\nconst OPERATIONS: &[OperationEntry] = &[\n");
    for operation in &krate.operations {
        source.text(&format!(
            "    OperationEntry {{ id: {}, method: {}, path: {}, rust: {} }},\n",
            literal(&operation.id),
            literal(&operation.http_method),
            literal(&operation.path),
            literal(&format!("{crate_ident}::Client::{}", operation.method)),
        ));
    }
    source.text("];\n\nconst BODIES: &[BodyEntry] = &[\n");
    for operation in &krate.operations {
        let requests =
            operation.body.iter().flat_map(|body| &body.forms).filter(|form| form.encoding == Encoding::Json);
        let requests = requests.map(|form| (None, form.media_type.as_str(), &form.ty));
        let answers = operation.successes.iter().chain(&operation.errors).flat_map(|answer| {
            // The typed client reads the first media type; the registry knows every one.
            answer
                .media_types
                .iter()
                .map(|(media_type, ty)| (Some(answer.status.as_str()), media_type.as_str(), ty))
        });
        for (status, media_type, ty) in requests.chain(answers) {
            let status =
                status.map_or_else(|| "None".to_owned(), |status| format!("Some({})", literal(status)));
            source.text(&format!(
                "    BodyEntry {{\n        operation_id: {},\n        status: {status},\n        media_type: {},\n        \
                 rust: {},\n        round_trip: round_trip::<{}>,\n    }},\n",
                literal(&operation.id),
                literal(media_type),
                literal(&path(ty, &crate_ident)),
                path_expression(ty),
            ));
        }
    }
    source.text("];\n\nconst SYMBOLS: &[SymbolEntry] = &[\n");
    for (pointer, rust) in symbols(krate, &crate_ident) {
        source.text(&format!(
            "    SymbolEntry {{ pointer: {}, rust: {} }},\n",
            literal(&pointer),
            literal(&rust)
        ));
    }
    source.text("];\n");
    source.finish()
}

/// Every place of the contract that became an item, sorted by pointer.
fn symbols(krate: &Crate, crate_ident: &str) -> BTreeMap<String, String> {
    let mut symbols = BTreeMap::new();
    for definition in &krate.types {
        let rust = format!("{crate_ident}::models::{}", definition.name);
        if let TypeKind::Struct(object) | TypeKind::Form(object) = &definition.kind {
            for field in &object.fields {
                // A merged property belongs first to the component that declares it.
                symbols.entry(field.pointer.clone()).or_insert_with(|| format!("{rust}::{}", field.name));
            }
        }
        symbols.insert(definition.pointer.clone(), rust);
    }
    for operation in &krate.operations {
        let rust = format!("{crate_ident}::operations::{}", operation.name);
        for parameter in &operation.parameters {
            symbols.entry(parameter.pointer.clone()).or_insert_with(|| format!("{rust}::{}", parameter.name));
        }
        for answer in &operation.errors {
            symbols
                .entry(answer.pointer.clone())
                .or_insert_with(|| format!("{rust}Error::{}", answer.variant));
        }
        for answer in &operation.successes {
            if let AnswerBody::Json(ty) = &answer.body {
                symbols.entry(answer.pointer.clone()).or_insert_with(|| path(ty, crate_ident));
            }
        }
        symbols.insert(operation.pointer.clone(), format!("{crate_ident}::Client::{}", operation.method));
    }
    symbols
}

/// A type as text for a person.
fn path(ty: &Type, crate_ident: &str) -> String {
    match ty {
        Type::Named(name) => format!("{crate_ident}::models::{name}"),
        Type::Array(inner) => format!("Vec<{}>", path(inner, crate_ident)),
        Type::Map(inner) => format!("BTreeMap<String, {}>", path(inner, crate_ident)),
        other => path_expression(other),
    }
}

/// A type as it is written in the registry, which imports the models only.
fn path_expression(ty: &Type) -> String {
    match ty {
        Type::String => "String".to_owned(),
        Type::Integer => "i64".to_owned(),
        Type::Unsigned => "u64".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Number => "driftline_runtime::Number".to_owned(),
        Type::Date => "driftline_runtime::Date".to_owned(),
        Type::DateTime => "driftline_runtime::DateTime".to_owned(),
        Type::Uuid => "driftline_runtime::Uuid".to_owned(),
        Type::Float => "f64".to_owned(),
        Type::Base64 => "driftline_runtime::Base64".to_owned(),
        Type::Any | Type::File => "driftline_runtime::serde_json::Value".to_owned(),
        Type::AnyObject => {
            "driftline_runtime::serde_json::Map<String, driftline_runtime::serde_json::Value>".to_owned()
        }
        Type::Array(inner) => format!("Vec<{}>", path_expression(inner)),
        Type::Map(inner) => format!("std::collections::BTreeMap<String, {}>", path_expression(inner)),
        Type::Tuple(items) => {
            let items: Vec<_> = items.iter().map(path_expression).collect();
            format!("driftline_runtime::Tuple<({},)>", items.join(", "))
        }
        Type::Named(name) => name.clone(),
        Type::Nullable(inner) => format!("driftline_runtime::Nullable<{}>", path_expression(inner)),
        Type::Sensitive(inner) => format!("driftline_runtime::Sensitive<{}>", path_expression(inner)),
        Type::Boxed(inner) => format!("Box<{}>", path_expression(inner)),
    }
}
