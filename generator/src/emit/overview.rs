//! The front page of a crate's documentation: what it speaks to, its operations by tag, and what every call shares.

use super::feature::{FULL, Gates};
use super::sections;
use crate::ir::{Crate, Operation, Placement};
use crate::text::{code, first_sentence, inline};

/// What the crate is, in a paragraph or more.
pub(super) fn about(krate: &Crate) -> Vec<String> {
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

/// The whole page.
pub(super) fn overview(krate: &Crate, gates: &Gates<'_>) -> Vec<String> {
    let mut lines = about(krate);
    usage(krate, &mut lines);
    operations(krate, &mut lines);
    credentials(krate, &mut lines);
    lists(krate, &mut lines);
    sections::waiting(krate, &mut lines);
    paragraph(&mut lines, "Retries and limits", &retries(krate));
    webhooks(krate, &mut lines);
    left_out(krate, &mut lines);
    sections::errors(krate, &mut lines);
    sections::constraints(krate, &mut lines);
    if !gates.is_empty() {
        let features: Vec<_> = gates.features().map(|feature| format!("`{feature}`")).collect();
        let text = format!(
            "Each tag is a Cargo feature, and `{FULL}`, which is on by default, stands for all of them: {}. \
             Take the default features off and name those that are used, and only they and the models that they \
             reach are compiled.",
            features.join(", ")
        );
        paragraph(&mut lines, "Features", &text);
    }
    sections::provenance(krate, &mut lines);
    lines
}

pub(super) fn heading(lines: &mut Vec<String>, heading: &str) {
    lines.extend([String::new(), format!("# {heading}"), String::new()]);
}

fn paragraph(lines: &mut Vec<String>, title: &str, text: &str) {
    heading(lines, title);
    lines.push(text.to_owned());
}

fn usage(krate: &Crate, lines: &mut Vec<String>) {
    let crate_ident = krate.name.replace('-', "_");
    let base_url = match krate.servers.first() {
        Some(server) => format!("{crate_ident}::servers::{}", server.name),
        None => "\"https://api.example.com\"".to_owned(),
    };
    heading(lines, "Use");
    lines.push("```no_run".to_owned());
    lines.push("# fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    lines.push(format!("let client = {crate_ident}::Client::builder({base_url})"));
    if let Some(scheme) = krate.credentials.first() {
        let user = if scheme.placement == Placement::Basic { "\"user\", " } else { "" };
        lines.push(format!("    .{}({user}std::env::var(\"API_CREDENTIAL\")?)", scheme.method));
    }
    lines.extend(["    .build()?;", "# Ok(())", "# }", "```"].map(str::to_owned));
}

/// The operations, a table a tag: those that the contract describes first, in its order.
fn operations(krate: &Crate, lines: &mut Vec<String>) {
    if krate.operations.is_empty() {
        return;
    }
    heading(lines, "Operations");
    for (index, tag) in krate.tags.iter().enumerate() {
        if krate.tags.len() > 1 {
            if index > 0 {
                lines.push(String::new());
            }
            lines.extend([format!("## {}", inline(&tag.name)), String::new()]);
        }
        if !tag.docs.is_empty() {
            lines.extend(tag.docs.iter().cloned());
            lines.push(String::new());
        }
        lines.extend(["| method | request | |", "|---|---|---|"].map(str::to_owned));
        let own = krate.operations.iter().filter(|operation| operation.module == tag.module);
        lines.extend(own.map(row));
    }
}

fn row(operation: &Operation) -> String {
    let request = format!("`{} {}`", operation.http_method, code(&cell(&operation.path)));
    let name = &operation.method;
    let summary = operation.docs.first().map(|line| first_sentence(line).replace('|', "\\|"));
    format!(
        "| [`{name}`](Client::{}) | {request} | {} |",
        name.trim_start_matches("r#"),
        summary.unwrap_or_default()
    )
}

/// A path for the cell of a table, where a bar would end the cell even in code.
fn cell(path: &str) -> String {
    path.replace('\\', "%5C").replace('|', "%7C")
}

fn credentials(krate: &Crate, lines: &mut Vec<String>) {
    if krate.credentials.is_empty() {
        return;
    }
    heading(lines, "Credentials");
    lines.push(
        "An operation is sent with the first of the alternatives that the contract states for it of which every \
         credential is there. Credentials do not print."
            .to_owned(),
    );
    lines.push(String::new());
    for scheme in &krate.credentials {
        let method = scheme.method.trim_start_matches("r#");
        let tokens = scheme.tokens.as_ref();
        let tokens = tokens
            .map(|flow| format!(", or [`ClientBuilder::{}`] for tokens that renew themselves", flow.method));
        let tokens = tokens.unwrap_or_default();
        lines.push(format!("- `{}`: [`ClientBuilder::{method}`]{tokens}", code(&scheme.name)));
    }
}

/// Which operations list, with the walk through the first that needs nothing.
fn lists(krate: &Crate, lines: &mut Vec<String>) {
    let lists: Vec<_> = krate.operations.iter().filter(|operation| operation.pages.is_some()).collect();
    if lists.is_empty() {
        return;
    }
    heading(lines, "Lists");
    let methods: Vec<_> = lists
        .iter()
        .map(|list| format!("[`{}`](Client::{})", list.method, list.method.trim_start_matches("r#")))
        .collect();
    lines.push(format!(
        "The requests of {} have `pages()` and `items()`, which go through the whole list, are futures' `Stream`s, and \
         go on from a [`PageToken`].",
        methods.join(", ")
    ));
    let simple = lists.iter().find(|list| {
        list.parameters.iter().all(|parameter| !parameter.required)
            && list.body.as_ref().is_none_or(|body| !body.required)
    });
    if let Some(list) = simple {
        let crate_ident = krate.name.replace('-', "_");
        lines.extend([String::new(), "```no_run".to_owned()]);
        lines.push(format!(
            "# async fn example(client: {crate_ident}::Client) -> Result<(), Box<dyn std::error::Error>> {{"
        ));
        lines.push(format!("let mut items = client.{}().items();", list.method));
        lines.extend(
            [
                "while let Some(item) = items.next().await {",
                "    println!(\"{:?}\", item?);",
                "}",
                "# Ok(())",
                "# }",
                "```",
            ]
            .map(str::to_owned),
        );
    }
}

/// What the API sends, and how it is taken.
fn webhooks(krate: &Crate, lines: &mut Vec<String>) {
    let Some(first) = krate.webhooks.first() else { return };
    heading(lines, "Webhooks");
    let is_signed = krate.webhooks.iter().any(|webhook| webhook.signature.is_some());
    lines.push(format!(
        "With the feature `webhooks`, which is on by default, [`Webhooks`] takes what the API sends. {} \
         [`WebhookError::status`] is what to answer where that fails.",
        if is_signed {
            "It verifies the signature over the bytes of the body, in constant time, before it reads them."
        } else {
            "The contract names no signature, so see to it in another way that nobody else sends them."
        }
    ));
    lines.extend(["", "| method | |", "|---|---|"].map(str::to_owned));
    for webhook in &krate.webhooks {
        let name = webhook.method.trim_start_matches("r#");
        let summary = webhook.docs.first().map(|line| first_sentence(line).replace('|', "\\|"));
        lines.push(format!("| [`{}`](Webhooks::{name}) | {} |", webhook.method, summary.unwrap_or_default()));
    }
    let crate_ident = krate.name.replace('-', "_");
    let shown = krate.webhooks.iter().find(|webhook| webhook.signature.is_some() && webhook.body.is_some());
    let shown = shown.unwrap_or(first);
    let method = &shown.method;
    let (arguments, receiver) = match shown.signature {
        Some(_) => (format!("headers: &{crate_ident}::http::HeaderMap, "), "webhooks.".to_owned()),
        None => (String::new(), format!("{crate_ident}::Webhooks::")),
    };
    lines.extend([String::new(), "```no_run".to_owned()]);
    lines.push(format!("# fn example({arguments}body: &[u8])"));
    lines.push("# -> Result<(), Box<dyn std::error::Error>> {".to_owned());
    if shown.signature.is_some() {
        lines.push(format!(
            "let webhooks = {crate_ident}::Webhooks::new(std::env::var(\"WEBHOOK_SECRET\")?);"
        ));
    }
    let passed = if shown.signature.is_some() { "headers, body" } else { "body" };
    lines.push(format!("let event = {receiver}{method}({passed})?;"));
    lines.push("println!(\"{event:?}\");".to_owned());
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
}

/// What happens to a call that fails, and how many calls there may be.
fn retries(krate: &Crate) -> String {
    let repeatable = krate.operations.iter().filter(|operation| operation.repeatable).count();
    let limits = super::client::limits(krate).map(|limits| format!(" {limits}")).unwrap_or_default();
    format!(
        "What can be sent twice without harm ({repeatable} of {} operations) is tried again twice when there is no answer, or \
         one that will pass (429, 502, 503, 504): after an exponential delay, or when `Retry-After` says. \
         [`ClientBuilder::retry`] changes that, [`ClientBuilder::timeout`] and [`ClientBuilder::attempt_timeout`] say how \
         long it may take.{limits} [`ClientBuilder::layer`] takes middleware for `tower`; each call has a `tracing` span. \
         Redirects are not followed, so that no credential leaves the host.",
        krate.operations.len()
    )
}

fn left_out(krate: &Crate, lines: &mut Vec<String>) {
    if !krate.left_out.is_empty() {
        heading(lines, "Operations left out");
        for left_out in &krate.left_out {
            let (operation, pointer) = (code(&left_out.operation), code(&left_out.pointer));
            lines.push(format!("- `{operation}`: {} (`{pointer}`)", inline(&left_out.reason)));
        }
    }
    if !krate.notices.is_empty() {
        heading(lines, "Not carried in full");
        for notice in &krate.notices {
            lines.push(format!("- `{}` {}", code(&notice.pointer), inline(&notice.message)));
        }
    }
}
