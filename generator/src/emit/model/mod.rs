//! The types of a contract, one file a component.

mod enumeration;
mod form;
mod object;
mod rule;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use driftline_specs::pointer;

use super::feature::Gates;
use super::in_parallel;
use super::source::Source;
use super::types::{self, rust};
use crate::Error;
use crate::ir::{Crate, PartEncoding, Presence, Struct, Type, TypeDef, TypeKind};
use crate::text::code;

/// Emits `src/models/`.
pub(super) fn models(krate: &Crate, gates: &Gates<'_>, header: &str) -> Result<Vec<(String, String)>, Error> {
    let mut modules: BTreeMap<&str, Vec<&TypeDef>> = BTreeMap::new();
    for definition in &krate.types {
        modules.entry(&definition.module).or_default().push(definition);
    }
    let owners: BTreeMap<&str, &str> =
        krate.types.iter().map(|definition| (definition.name.as_str(), definition.module.as_str())).collect();
    let mut files = vec![("src/models/mod.rs".to_owned(), index(header, &modules, gates))];
    let modules: Vec<_> = modules.into_iter().collect();
    files.extend(in_parallel(&modules, |(module, definitions)| {
        Ok((format!("src/models/{module}.rs"), file(header, module, definitions, &owners)?))
    })?);
    Ok(files)
}

fn index(header: &str, modules: &BTreeMap<&str, Vec<&TypeDef>>, gates: &Gates<'_>) -> String {
    let docs = ["The types that requests and answers are made of.".to_owned()];
    let mut source = Source::new(header, &docs);
    let gate = |source: &mut Source, module: &str, definitions: &[&TypeDef]| {
        let form = definitions.iter().any(|definition| matches!(definition.kind, TypeKind::Form(_)));
        if let Some(condition) = gates.model(module, form) {
            source.line(format_args!("#[cfg({condition})]"));
        }
    };
    for (module, definitions) in modules {
        gate(&mut source, module, definitions);
        source.line(format_args!("mod {module};"));
    }
    source.separate();
    for (module, definitions) in modules {
        let mut names: Vec<_> = definitions.iter().map(|definition| definition.name.as_str()).collect();
        names.sort_unstable();
        let names = if names.len() == 1 { names.concat() } else { format!("{{{}}}", names.join(", ")) };
        gate(&mut source, module, definitions);
        source.line(format_args!("pub use {module}::{names};"));
    }
    source.finish()
}

fn file(
    header: &str,
    module: &str,
    definitions: &[&TypeDef],
    owners: &BTreeMap<&str, &str>,
) -> Result<String, Error> {
    let mut source = Source::new(header, &[]);
    let mut runtime = BTreeSet::new();
    let mut named = BTreeSet::new();
    for definition in definitions {
        mentions(definition, &mut runtime, &mut named);
    }
    let foreign = named.into_iter().filter(|name| owners.get(name) != Some(&module));
    source.import("driftline_runtime", runtime);
    source.import("super", foreign);
    for definition in definitions {
        source.separate();
        match &definition.kind {
            TypeKind::Alias(ty) => {
                words(&mut source, definition);
                source.line(format_args!("pub type {} = {};", definition.name, rust(ty)));
            }
            TypeKind::Enum(variants) => enumeration::strings(&mut source, definition, variants),
            TypeKind::Values(variants) => enumeration::values(&mut source, definition, variants),
            TypeKind::Union(union) => union::one_of(&mut source, definition, union),
            TypeKind::Struct(object) => object::object(&mut source, definition, object),
            TypeKind::Form(object) => form::form(&mut source, definition, object)?,
        }
    }
    Ok(source.finish())
}

/// Collects what a definition is written with: names of the runtime, and named types.
fn mentions<'a>(
    definition: &'a TypeDef,
    runtime: &mut BTreeSet<&'static str>,
    named: &mut BTreeSet<&'a str>,
) {
    match &definition.kind {
        TypeKind::Struct(object) | TypeKind::Form(object) => {
            if object.fields.iter().any(|field| field.presence == Presence::Nullable) {
                runtime.insert("Nullable");
            }
            match definition.kind {
                TypeKind::Form(_) => runtime.insert("Form"),
                _ => object.additional.is_some() && runtime.insert("AdditionalProperties"),
            };
            if object.fields.iter().any(|field| matches!(field.part, PartEncoding::Style(_))) {
                runtime.insert("Style");
            }
        }
        TypeKind::Enum(_) => {
            runtime.insert("Unrecognized");
        }
        TypeKind::Values(_) | TypeKind::Union(_) => {
            runtime.insert("UnrecognizedValue");
        }
        TypeKind::Alias(_) => {}
    }
    if !definition.rules.is_empty() {
        runtime.insert("rules");
        definition.rules.iter().for_each(|rule| rule.named(named));
    }
    let is_additional =
        |object: &Struct, ty: &Type| object.additional.as_ref().is_some_and(|it| std::ptr::eq(it, ty));
    for ty in definition.kind.parts() {
        // Free-form values are the default of additional properties, which does not write them.
        let unwritten = match &definition.kind {
            TypeKind::Struct(object) => is_additional(object, ty) && *ty == Type::Any,
            TypeKind::Form(object) => is_additional(object, ty),
            _ => false,
        };
        if !unwritten {
            types::runtime_names(ty, runtime);
            ty.named(named);
        }
    }
}

/// The documentation of a type.
fn words(source: &mut Source, definition: &TypeDef) {
    if !definition.docs.is_empty() {
        return source.docs(&definition.docs);
    }
    let tokens = pointer::tokens(&definition.pointer).unwrap_or_default();
    let mut tokens = tokens.iter().rev().map(|token| code(token));
    match (tokens.next().as_deref(), tokens.next()) {
        (Some(_), Some(union)) if matches!(union.as_str(), "oneOf" | "anyOf") => match tokens.next() {
            Some(owner) => source.doc(format_args!("One form of `{owner}`.")),
            None => source.doc(format_args!("One of several forms.")),
        },
        (Some("items"), Some(list)) => source.doc(format_args!("One item of `{list}`.")),
        (Some("additionalProperties"), Some(map)) => source.doc(format_args!("One value of `{map}`.")),
        (Some("schema"), Some(owner)) => source.doc(format_args!("The body as `{owner}`.")),
        (Some(name), _) => source.doc(format_args!("`{name}` of the contract.")),
        (None, _) => source.doc(format_args!("A type of the contract.")),
    }
}
