//! What comes back: `send`, the successes where they differ, and the errors by status.

use crate::emit::source::{Source, literal};
use crate::emit::types::qualified;
use crate::ir::{Answer, AnswerBody, Operation};
use crate::text::first_sentence;

fn body_of(body: &AnswerBody) -> String {
    match body {
        AnswerBody::Json(ty) => qualified(ty).to_string(),
        AnswerBody::Text => "String".to_owned(),
        AnswerBody::Stream => "ByteStream".to_owned(),
        AnswerBody::Raw => "Body".to_owned(),
    }
}

/// The one type of all documented successes, or none where they differ.
fn common(operation: &Operation) -> Option<&AnswerBody> {
    let (first, others) = operation.successes.split_first()?;
    others.iter().all(|other| other.body == first.body).then_some(&first.body)
}

/// The type of the body of a success.
pub(super) fn success_type(operation: &Operation) -> String {
    match common(operation) {
        Some(body) => body_of(body),
        None if operation.successes.is_empty() => "Body".to_owned(),
        None => format!("{}Success", operation.name),
    }
}

/// Writes `send`.
pub(super) fn send(source: &mut Source, operation: &Operation) {
    let name = &operation.name;
    let success = success_type(operation);
    source.separate();
    source.docs(
        &[
            "Sends the request.",
            "",
            "# Errors",
            "",
            "Fails with the documented error that the API answered, with an undocumented answer as it came, or \
             with what kept the answer from coming.",
        ]
        .map(str::to_owned),
    );
    let result = format!(" -> Result<Response<{success}>, Error<{name}Error>>");
    source.function("pub async fn send", &["self".to_owned()], &result);
    if operation.pages.is_some() || !operation.waits.is_empty() {
        // Pages and waits read answers in the same way.
        source.line(format_args!("Self::read(self.request.send().await?)"));
        source.close("}");
        source.separate();
        let arguments = ["answer: driftline_runtime::Answer".to_owned()];
        source.function("fn read", &arguments, &result);
    } else {
        source.line(format_args!("let answer = self.request.{}.await?;", sent(operation)));
    }
    let common = common(operation);
    source.open(format_args!("match answer.status() {{"));
    for answer in &operation.successes {
        let read = match answer.body {
            AnswerBody::Json(_) => "answer.json()",
            AnswerBody::Text => "answer.text()",
            AnswerBody::Stream => "answer.stream()",
            AnswerBody::Raw => "answer.raw()",
        };
        let status = status_pattern(&answer.status);
        if common.is_some() {
            source.line(format_args!("{status} => {read},"));
        } else {
            source.line(format_args!(
                "{status} => {read}.map(|response| response.map({name}Success::{})),",
                answer.variant
            ));
        }
    }
    let read_error = |answer: &Answer| {
        let read = if matches!(answer.body, AnswerBody::Json(_)) { "json_error" } else { "raw_error" };
        format!("Err(answer.{read}({name}Error::{}))", answer.variant)
    };
    // Exact statuses go before ranges, and `default` comes last (OpenAPI 3.0.4, "Responses Object").
    let mut documented: Vec<_> =
        operation.errors.iter().filter(|answer| answer.status != "default").collect();
    documented.sort_by_key(|answer| answer.status.ends_with("XX"));
    for answer in documented {
        source.line(format_args!("{} => {},", status_pattern(&answer.status), read_error(answer)));
    }
    match operation.errors.iter().find(|answer| answer.status == "default") {
        Some(answer) => source.line(format_args!("_ => {},", read_error(answer))),
        None => source.line(format_args!("_ => Err(answer.undocumented()),")),
    }
    source.close("}");
    source.close("}");
}

/// How the request is sent: the body of an answer that is a stream is left to be read.
fn sent(operation: &Operation) -> String {
    let patterns = |stream: bool| {
        let answers =
            operation.successes.iter().filter(|answer| (answer.body == AnswerBody::Stream) == stream);
        answers.map(|answer| status_pattern(&answer.status)).collect::<Vec<_>>().join(" | ")
    };
    match (patterns(true), patterns(false)) {
        (streams, _) if streams.is_empty() => "send()".to_owned(),
        (streams, others) if others.is_empty() => format!("open(|status| matches!(status, {streams}))"),
        // An exact status may lie in a range.
        _ => format!(
            "open(|status| match status {{ {} }})",
            operation
                .successes
                .iter()
                .map(|answer| format!(
                    "{} => {}, ",
                    status_pattern(&answer.status),
                    answer.body == AnswerBody::Stream
                ))
                .collect::<String>()
                + "_ => false"
        ),
    }
}

fn status_pattern(status: &str) -> String {
    let class = status.strip_suffix("XX").and_then(|class| class.parse::<u16>().ok());
    match (class, status.parse::<u16>()) {
        (Some(class), _) => format!("{class}00..={class}99"),
        (None, Ok(code)) => code.to_string(),
        (None, Err(_)) => "_".to_owned(),
    }
}

/// Writes the enum of successes, where they differ.
pub(super) fn success(source: &mut Source, operation: &Operation) {
    if operation.successes.is_empty() || common(operation).is_some() {
        return;
    }
    source.separate();
    source.doc(format_args!("What [`{}`] answers when it succeeds.", operation.name));
    // A stream is read once, and is equal to nothing.
    let streams = operation.successes.iter().any(|answer| answer.body == AnswerBody::Stream);
    source.line(format_args!("#[derive({})]", if streams { "Debug" } else { "Debug, Clone, PartialEq" }));
    answers(source, &format!("{}Success", operation.name), &operation.successes, body_of);
}

/// Writes the enum of errors.
pub(super) fn error(source: &mut Source, operation: &Operation) {
    let name = format!("{}Error", operation.name);
    source.separate();
    source.doc(format_args!("The error statuses that the contract documents for [`{}`].", operation.name));
    source.line(format_args!("#[derive(Debug, Clone, PartialEq)]"));
    answers(source, &name, &operation.errors, |body| match body {
        // Text that an error carries is kept as it came.
        AnswerBody::Text => "Body".to_owned(),
        body => body_of(body),
    });
    let entries = operation.errors.iter().map(|answer| {
        let text = answer.docs.first().map_or_else(
            || format!("status {}", answer.status),
            |line| first_sentence(line).replace('\\', ""),
        );
        format!("{} = {}", answer.variant, literal(&text))
    });
    source.call("status_errors", &name, entries);
}

fn answers(source: &mut Source, name: &str, answers: &[Answer], ty: impl Fn(&AnswerBody) -> String) {
    source.line(format_args!("#[non_exhaustive]"));
    if answers.is_empty() {
        return source.line(format_args!("pub enum {name} {{}}"));
    }
    source.open(format_args!("pub enum {name} {{"));
    for answer in answers {
        match answer.docs.split_first() {
            Some((first, rest)) => {
                source.doc(format_args!("Status {}: {first}", answer.status));
                source.docs(rest);
            }
            None => source.doc(format_args!("Status {}.", answer.status)),
        }
        source.line(format_args!("{}({}),", answer.variant, ty(&answer.body)));
    }
    source.close("}");
}
