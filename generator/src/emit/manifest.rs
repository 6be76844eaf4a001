//! What surrounds the code: `Cargo.toml`, `README.md` and `src/lib.rs`.

use quote::quote;

use super::feature::{FULL, Gates, WEBHOOKS};
use super::overview;
use super::source::{Source, literal};
use super::types::{docs, ident};
use crate::ir::{Crate, Encoding, TypeDef, TypeKind};
use crate::text::{code, printable};
use crate::{Error, Runtime, Settings};

/// Emits `Cargo.toml`.
pub(super) fn cargo_toml(krate: &Crate, gates: &Gates<'_>, settings: &Settings, header: &str) -> String {
    let description = format!("A client of {}, generated from its contract.", krate.title);
    let runtime = match &settings.runtime {
        Runtime::Path(path) => path.as_str(),
        Runtime::Vendored => "driftline-runtime",
    };
    let mut default = vec!["client"];
    let (mut webhooks, mut receiver) = (String::new(), "");
    if !krate.webhooks.is_empty() {
        default.push(WEBHOOKS);
        webhooks =
            format!("# What takes the API's webhooks.\n{WEBHOOKS} = [\"driftline-runtime/webhooks\"]\n");
        receiver =
            "axum = { version = \"0.8\", default-features = false, features = [\"http1\", \"tokio\"] }\n";
    }
    let mut tags = String::new();
    if !gates.is_empty() {
        default.push(FULL);
        tags.push_str("# The operations of all tags, and the models that no operation mentions.\n");
        tags.push_str(&format!("{FULL} = [\n"));
        gates.features().for_each(|feature| tags.push_str(&format!("    \"{feature}\",\n")));
        tags.push_str("]\n# The operations of one tag, with the models that they reach.\n");
        gates.features().for_each(|feature| tags.push_str(&format!("{feature} = []\n")));
    }
    let default: Vec<_> = default.into_iter().map(|feature| format!("\"{feature}\"")).collect();
    let default = default.join(", ");
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
{webhooks}{tags}
[dependencies]
driftline-runtime = {{ path = {runtime}, default-features = false }}

[dev-dependencies]
{receiver}tokio = {{ version = "1", features = ["macros", "rt-multi-thread", "time"] }}
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

/// Emits `src/lib.rs`.
pub(super) fn lib(krate: &Crate, gates: &Gates<'_>, header: &str) -> Result<String, Error> {
    let lines = overview::overview(krate, gates);
    let mut linked = vec!["client"];
    linked.extend((!krate.webhooks.is_empty()).then_some(WEBHOOKS));
    linked.extend((!gates.is_empty()).then_some(FULL));
    let linked: Vec<_> = linked.into_iter().map(|feature| format!("feature = \"{feature}\"")).collect();
    let linked = match linked.as_slice() {
        [only] => only.clone(),
        all => format!("all({})", all.join(", ")),
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
    let receives = !krate.webhooks.is_empty();
    if receives {
        source.text("#[cfg(feature = \"webhooks\")]\nmod webhooks;\n");
    }
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
        "pub use driftline_runtime::{\n    AdditionalProperties, Base64, Date, DateTime, DecodeError, Invalid, Nullable, Number, Sensitive, Tuple,\n    Unrecognized, UnrecognizedValue, Uuid, Validate, Violation, jiff, serde_json, uuid,\n};\n",
    );
    source.text(
        "#[cfg(feature = \"client\")]\npub use driftline_runtime::{\n    Body, BuildError, ByteStream, ClientCredentials, Error, FilePart, Octets, Response, Retry, TimeLimit,\n    TokenError, TransportError, reqwest,\n};\n",
    );
    let shared =
        if receives { "any(feature = \"client\", feature = \"webhooks\")" } else { "feature = \"client\"" };
    source.text(&format!("#[cfg({shared})]\npub use driftline_runtime::{{Credential, http}};\n"));
    if receives {
        source.text("#[cfg(feature = \"webhooks\")]\npub use driftline_runtime::WebhookError;\n");
        source.text("#[cfg(feature = \"webhooks\")]\npub use webhooks::Webhooks;\n");
    }
    if krate.operations.iter().any(|operation| !operation.waits.is_empty()) {
        source.text("#[cfg(feature = \"client\")]\npub use driftline_runtime::{WaitError, Waiting};\n");
    }
    if krate.operations.iter().any(|operation| operation.pages.is_some()) {
        source.text(
            "#[cfg(feature = \"client\")]\npub use driftline_runtime::{Items, Page, PageToken, Pages, PaginationError};\n",
        );
    }
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
    for line in overview::about(krate) {
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
