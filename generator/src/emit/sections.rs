//! Sections of the front page: errors, constraints, waits, and where the crate comes from.

use super::overview::heading;
use crate::ir::{Crate, Operation, Source, Type};
use crate::text::{code, inline};

/// What to do about what comes instead of a success.
pub(super) fn errors(krate: &Crate, lines: &mut Vec<String>) {
    heading(lines, "Errors and surprises");
    lines.push(
        "What a call gives instead of a documented success is an [`Error`] with the operation's own enum of documented \
         error statuses in it. An answer that the contract does not document arrives as [`Error::Undocumented`] with \
         status, headers and body, one whose body is not the documented one as [`Error::Decode`] with the place that \
         could not be read, and what kept an answer from coming as [`Error::Transport`]. Enums are open, and \
         undeclared properties are kept and written back. Without the feature `client` the crate is its [`models`] \
         only."
            .to_owned(),
    );
    let Some((operation, call)) = krate.operations.iter().find_map(|it| Some((it, simple_call(it)?))) else {
        return;
    };
    let crate_ident = krate.name.replace('-', "_");
    lines.extend([String::new(), "```no_run".to_owned()]);
    lines.push(format!("use {crate_ident}::Error;"));
    lines.push(format!(
        "# async fn example(client: {crate_ident}::Client) -> Result<(), Box<dyn std::error::Error>> {{"
    ));
    lines.push(format!("match client.{call}.send().await {{"));
    lines.push("    Ok(answer) => println!(\"{}\", answer.status),".to_owned());
    if !operation.errors.is_empty() {
        lines.push("    Err(Error::Status { error, .. }) => println!(\"refused: {error}\"),".to_owned());
    }
    lines.extend(
        [
            "    Err(Error::Undocumented { status, body, .. }) => {",
            "        println!(\"{status}: {}\", body.to_text());",
            "    }",
            "    Err(error) => return Err(error.into()),",
            "}",
            "# Ok(())",
            "# }",
            "```",
        ]
        .map(str::to_owned),
    );
}

/// A call that needs nothing but texts.
fn simple_call(operation: &Operation) -> Option<String> {
    if operation.deprecated || operation.body.as_ref().is_some_and(|body| body.required) {
        return None;
    }
    let required = operation.parameters.iter().filter(|parameter| parameter.required);
    let arguments = required.map(|parameter| (parameter.ty == Type::String).then_some("\"id\""));
    let arguments = arguments.collect::<Option<Vec<_>>>()?;
    Some(format!("{}({})", operation.method, arguments.join(", ")))
}

/// That types know their constraints.
pub(super) fn constraints(krate: &Crate, lines: &mut Vec<String>) {
    if krate.types.iter().all(|definition| definition.rules.is_empty()) {
        return;
    }
    heading(lines, "Constraints");
    lines.push(
        "Lengths, patterns, bounds and counts stand in the documentation of what they hold for. \
         [`validate()`](Validate::validate) reports all of them that a value does not keep to, each with its place, \
         and [`ClientBuilder::validate_requests`] keeps a client from sending such a value. What comes from the API is \
         read all the same."
            .to_owned(),
    );
}

/// Which methods wait.
pub(super) fn waiting(krate: &Crate, lines: &mut Vec<String>) {
    let waits = krate.operations.iter().flat_map(|operation| &operation.waits);
    let methods: Vec<_> = waits.map(|wait| format!("[`{0}`](Client::{0})", wait.method)).collect();
    if methods.is_empty() {
        return;
    }
    heading(lines, "Waiting");
    lines.push(format!(
        "What the API does later is waited for by {}: a resource is looked at until it is in the state, cannot reach it \
         any more ([`WaitError::Failed`]), or the time is up ([`WaitError::Deadline`]).",
        methods.join(", ")
    ));
}

/// What the crate was made from.
pub(super) fn provenance(krate: &Crate, lines: &mut Vec<String>) {
    heading(lines, "Provenance");
    let mut text = format!(
        "Generated from `{}` (contract version {}) and its overlays.",
        code(&krate.contract),
        inline(&krate.version)
    );
    if !krate.sources.is_empty() {
        text.push_str(" The contract rests on:");
    }
    lines.push(text);
    if !krate.sources.is_empty() {
        lines.push(String::new());
    }
    for Source { title, retrieved } in &krate.sources {
        let retrieved = retrieved.as_deref().map(|day| format!(" (as of {})", inline(day)));
        lines.push(format!("- {}{}", inline(title), retrieved.unwrap_or_default()));
    }
}
