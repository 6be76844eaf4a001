//! What surrounds the code: `Cargo.toml`, `README.md` and `src/lib.rs`.

use quote::quote;

use super::feature::{FULL, Gates};
use super::source::{Source, literal};
use super::types::{docs, ident};
use crate::ir::{Crate, Encoding, TypeDef, TypeKind};
use crate::text::{code, inline, printable};
use crate::{Error, Runtime, Settings};

/// Emits `Cargo.toml`.
pub(super) fn cargo_toml(krate: &Crate, gates: &Gates<'_>, settings: &Settings, header: &str) -> String {
    let description = format!("A client of {}, generated from its contract.", krate.title);
    let runtime = match &settings.runtime {
        Runtime::Path(path) => path.as_str(),
        Runtime::Vendored => "driftline-runtime",
    };
    let (default, tags) = if gates.is_empty() {
        ("\"client\"".to_owned(), String::new())
    } else {
        let mut tags =
            "# The operations of all tags, and the models that no operation mentions.\n".to_owned();
        tags.push_str(&format!("{FULL} = [\n"));
        gates.features().for_each(|feature| tags.push_str(&format!("    \"{feature}\",\n")));
        tags.push_str("]\n# The operations of one tag, with the models that they reach.\n");
        gates.features().for_each(|feature| tags.push_str(&format!("{feature} = []\n")));
        (format!("\"client\", \"{FULL}\""), tags)
    };
    format!(
        r#"{header}[package]
name = {name}
version = "0.1.0"
edition = "2024"
rust-version = "1.95"
description = {description}
publish = false

[features]
default = [{default}]
# The client. Without it the crate is its models only, and needs no HTTP stack.
client = ["driftline-runtime/client"]
{tags}
[dependencies]
driftline-runtime = {{ path = {runtime}, default-features = false }}

[dev-dependencies]
tokio = {{ version = "1", features = ["macros", "rt-multi-thread", "time"] }}
"#,
        name = literal(&krate.name),
        description = toml_string(&description),
        runtime = toml_string(runtime),
    )
}

/// A basic string of TOML.
fn toml_string(text: &str) -> String {
    let mut string = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => string.push_str("\\\""),
            '\\' => string.push_str("\\\\"),
            character => string.push(printable(character)),
        }
    }
    string.push('"');
    string
}

fn about(krate: &Crate) -> Vec<String> {
    let mut lines = Vec::new();
    if krate.provisional {
        lines.push(
            "**Provisional.** The vendor has published no contract for this API: everything here was inferred \
             from prose, and may differ from what the API does."
                .to_owned(),
        );
        lines.push(String::new());
    }
    lines.push(format!(
        "A client of {} (contract version {}).",
        inline(&krate.title),
        inline(&krate.version)
    ));
    if !krate.docs.is_empty() {
        lines.push(String::new());
        lines.extend(krate.docs.iter().cloned());
    }
    lines
}

/// A path for the cell of a table, where a bar would end the cell even in code.
fn cell(path: &str) -> String {
    path.replace('\\', "%5C").replace('|', "%7C")
}

/// Emits `src/lib.rs`.
pub(super) fn lib(krate: &Crate, gates: &Gates<'_>, header: &str) -> Result<String, Error> {
    let crate_ident = krate.name.replace('-', "_");
    let mut lines = about(krate);
    let base_url = match krate.servers.first() {
        Some(server) => format!("{crate_ident}::servers::{}", server.name),
        None => "\"https://api.example.com\"".to_owned(),
    };
    lines.extend(["", "# Use", "", "```no_run"].map(str::to_owned));
    lines.push("# fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    lines.push(format!("let client = {crate_ident}::Client::builder({base_url})"));
    if let Some(scheme) = krate.credentials.first() {
        lines.push(format!("    .{}(std::env::var(\"API_CREDENTIAL\")?)", scheme.method));
    }
    lines.extend(["    .build()?;", "# Ok(())", "# }", "```"].map(str::to_owned));
    if !krate.operations.is_empty() {
        lines.extend(["", "# Operations", "", "| method | request |", "|---|---|"].map(str::to_owned));
        for operation in &krate.operations {
            let request = format!("`{} {}`", operation.http_method, code(&cell(&operation.path)));
            let name = &operation.method;
            lines.push(format!("| [`{name}`](Client::{}) | {request} |", name.trim_start_matches("r#")));
        }
    }
    if !krate.left_out.is_empty() {
        lines.extend(["", "# Operations left out", ""].map(str::to_owned));
        for left_out in &krate.left_out {
            let (operation, pointer) = (code(&left_out.operation), code(&left_out.pointer));
            lines.push(format!("- `{operation}`: {} (`{pointer}`)", inline(&left_out.reason)));
        }
    }
    if !krate.notices.is_empty() {
        lines.extend(["", "# Not carried in full", ""].map(str::to_owned));
        for notice in &krate.notices {
            lines.push(format!("- `{}` {}", code(&notice.pointer), inline(&notice.message)));
        }
    }
    lines.extend(
        [
            "",
            "# Surprises",
            "",
            "Enums are open, undeclared properties are kept, and an answer that the contract does not document",
            "arrives as [`Error::Undocumented`] with its body. Without the feature `client` the crate is its",
            "[`models`] only.",
        ]
        .map(str::to_owned),
    );
    if !gates.is_empty() {
        let features: Vec<_> = gates.features().map(|feature| format!("`{feature}`")).collect();
        lines.extend(["", "# Features", ""].map(str::to_owned));
        lines.push(format!(
            "Each tag is a Cargo feature, and `{FULL}`, which is on by default, stands for all of them: {}. \
             Take the default features off and name those that are used, and only they and the models that they \
             reach are compiled.",
            features.join(", ")
        ));
    }
    let linked = if gates.is_empty() {
        "feature = \"client\"".to_owned()
    } else {
        format!("all(feature = \"client\", feature = \"{FULL}\")")
    };
    let mut source = Source::new(header, &lines);
    source.text(&format!(
        "#![cfg_attr(not({linked}), allow(rustdoc::broken_intra_doc_links))]\n\
         #![allow(deprecated, clippy::large_enum_variant, clippy::result_large_err, clippy::too_many_arguments)]\n"
    ));
    if has_foreign_names(krate) {
        // The contract's letters are what its readers look for, whatever others they look like.
        source.text("#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints)]\n");
        source.text("#![allow(non_camel_case_types, non_snake_case, non_upper_case_globals)]\n");
    }
    source.text("\n#[cfg(feature = \"client\")]\nmod client;\npub mod models;\n");
    source.text("#[cfg(feature = \"client\")]\npub mod operations;\n");
    if !krate.servers.is_empty() {
        let constants = krate.servers.iter().map(|server| {
            let (name, url) = (ident(&server.name), &server.url);
            let words =
                if server.docs.is_empty() { vec![format!("`{}`", code(url))] } else { server.docs.clone() };
            let words = docs(&words);
            quote!(#words pub const #name: &str = #url;)
        });
        source.items(quote! {
            /// The base URLs that the contract lists.
            pub mod servers { #(#constants)* }
        })?;
    }
    source.text("\n#[cfg(feature = \"client\")]\npub use client::{Client, ClientBuilder};\n");
    source.text(
        "pub use driftline_runtime::{\n    AdditionalProperties, Base64, Date, DateTime, DecodeError, Nullable, Number, Sensitive, Tuple,\n    Unrecognized, UnrecognizedValue, jiff, serde_json,\n};\n",
    );
    source.text(
        "#[cfg(feature = \"client\")]\npub use driftline_runtime::{Body, BuildError, Credential, Error, FilePart, Response, TransportError, http};\n",
    );
    Ok(source.finish())
}

/// Whether a name has letters beyond ASCII, of which rustc warns for many reasons.
fn has_foreign_names(krate: &Crate) -> bool {
    let parts = |definition: &TypeDef| match &definition.kind {
        TypeKind::Struct(object) | TypeKind::Form(object) => {
            object.fields.iter().any(|field| !field.name.is_ascii())
        }
        TypeKind::Enum(variants) => variants.iter().any(|variant| !variant.name.is_ascii()),
        TypeKind::Values(variants) => variants.iter().any(|variant| !variant.name.is_ascii()),
        TypeKind::Union(union) => union.variants.iter().any(|variant| !variant.name.is_ascii()),
        TypeKind::Alias(_) => false,
    };
    let own =
        krate.servers.iter().map(|server| &server.name).chain(krate.credentials.iter().map(|it| &it.method));
    let operations = krate.operations.iter().flat_map(|operation| {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.name);
        [&operation.name, &operation.method].into_iter().chain(parameters)
    });
    own.chain(operations).any(|name| !name.is_ascii())
        || krate.types.iter().any(|definition| !definition.name.is_ascii() || parts(definition))
}

/// Emits `README.md`.
pub(super) fn readme(krate: &Crate, header: &str) -> String {
    let mut text = format!("{header}# {}\n\n", krate.name);
    for line in about(krate) {
        text.push_str(&line);
        text.push('\n');
    }
    text.push_str(&format!(
        "\nThis crate is generated from `{}`; changes belong there or in the overlay beside it.\n",
        code(&krate.contract)
    ));
    let forms = krate.operations.iter().filter_map(|operation| operation.body.as_ref());
    let uploads = forms.flat_map(|body| &body.forms).any(|form| form.encoding == Encoding::Multipart);
    text.push_str(&format!(
        "\nIt has {} operations and {} types{}. Its documentation shows a call of each: `cargo doc --open -p {}`.\n",
        krate.operations.len(),
        krate.types.len(),
        if uploads { ", and uploads files" } else { "" },
        krate.name
    ));
    text
}
