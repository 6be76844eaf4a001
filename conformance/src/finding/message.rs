//! A finding in words: what was sent, what came back, what the contract says, how to see it again.
//!
//! Values of an answer never appear, except enum values that the check decided to show.

use crate::engine::{Engine, How, PathSource, Recipe, SeriesRecipe, Sighting};
use crate::exchange::{Exchange, Intent, SeriesKind, Trial};
use crate::flaw::Flaw;
use crate::report::{Finding, FindingStatus};
use crate::request::curl;
use crate::sequence::Sequence;
use crate::strategy::Freedom;
use crate::variation::Variation;

/// Returns the finding of an examined sighting.
pub(super) fn finding(
    engine: &mut Engine,
    sighting: &Sighting,
    status: FindingStatus,
    confirmations: String,
) -> Finding {
    let observation = &sighting.observation;
    let judged = engine.book.tallies.get(&sighting.operation_id).map_or(0, |it| it.judged);
    let position = engine
        .contract
        .position(&observation.contract)
        .map(|it| format!("{}:{}", shown_path(&it.file), it.line));
    let symbol = engine.judge.symbol(&observation.contract);
    let credentials = engine.credentials(&sighting.exchange.intent);
    let target = engine.client.target();
    let shown = |request| curl(&target.shown_url(), request, &target.headers, &credentials);
    let curl = match sighting.script.as_slice() {
        [] => shown(&sighting.exchange.request),
        script => script.iter().map(shown).collect::<Vec<_>>().join("\n"),
    };
    let observed = sighting.observed.join(", ");
    let message = message(sighting, &observed, judged, status, &confirmations);
    Finding {
        fingerprint: sighting.fingerprint.clone(),
        check: observation.check.to_owned(),
        operation_id: sighting.operation_id.clone(),
        severity: observation.severity,
        status,
        confirmations,
        location: observation.location.clone(),
        contract: observation.contract.clone(),
        position,
        symbol,
        expected: observation.expected.clone(),
        observed,
        exchanges: sighting.count,
        answers: judged,
        message,
        curl,
        acknowledged: false,
        acknowledgement: None,
    }
}

fn message(
    sighting: &Sighting,
    observed: &str,
    judged: u64,
    status: FindingStatus,
    confirmations: &str,
) -> String {
    let answer = &sighting.exchange.answer;
    let observation = &sighting.observation;
    let media_type = answer.header("content-type").and_then(|it| it.split(';').next());
    let media_type = media_type.filter(|_| !answer.body.is_empty()).map(|it| format!(" ({it})"));
    let mut text = match &sighting.how {
        How::One(_) | How::Norm(_) => format!(
            "{} was answered with {}{}",
            sent(&sighting.exchange, sighting.how.recipe()),
            answer.status,
            media_type.unwrap_or_default(),
        ),
        How::Series(series) => together(sighting, series),
        How::Workflow(workflow) => format!(
            "The step `{}` of the workflow `{}` ({} {}) was answered with {}{}",
            workflow.step,
            workflow.play.workflow,
            sighting.exchange.request.method,
            sighting.exchange.request.template,
            answer.status,
            media_type.unwrap_or_default(),
        ),
    };
    text.push_str(&match observation.location.as_str() {
        "" if observed == format!("status {}", answer.status) => String::new(),
        "" => format!(": {observed}"),
        location => format!(", where {location} is {}", in_words(observed)),
    });
    let norm = matches!(&sighting.how, How::Norm(_));
    let who = match &sighting.how {
        How::Norm(_) if observation.check.starts_with("norm_") => "The norms say",
        How::Workflow(_) if observation.check == "step_succeeds" => "The workflow says",
        _ => "The contract says",
    };
    text.push_str(&format!(". {who}: {}.", in_words(&observation.expected)));
    if let Some(note) = &observation.note {
        text.push_str(&format!(" {}.", capitalised(note)));
    }
    let seen = sighting.count;
    text.push_str(&match sighting.exchange.intent.other_method() {
        _ if norm => " Seen in the run as a whole".to_owned(),
        // No operation answers to it.
        Some(method) => format!(" Seen in {seen} of the answers to {method}"),
        None => format!(" Seen in {seen} of {judged} answers of this operation"),
    });
    text.push_str(&match status {
        FindingStatus::Confirmed => format!(", and in {confirmations} repetitions."),
        FindingStatus::Intermittent => {
            format!(", and in {confirmations} repetitions: it does not always show.")
        }
        FindingStatus::Unconfirmed => "; it could not be repeated.".to_owned(),
    });
    text
}

/// Returns what was sent, where several requests say something together.
fn together(sighting: &Sighting, series: &SeriesRecipe) -> String {
    let last = &sighting.exchange.request;
    if let SeriesKind::Transition { from, .. } = &series.kind {
        return format!("{} was asked of something that is `{from}`", series.first.operation_id);
    }
    let place = format!("{} {}", last.method, last.template);
    let writer = &series.first.operation_id;
    match &series.kind {
        SeriesKind::Again => format!("{} was sent twice", sent(&sighting.exchange, &series.first)),
        SeriesKind::WriteThenRead { .. } if series.trial == Trial::First => {
            format!("The answer of {writer} was compared with {place} right after it")
        }
        SeriesKind::ListThenRead { .. } => {
            format!("An item that {writer} lists was compared with {place}")
        }
        SeriesKind::WriteThenRead { .. } => format!("After {writer}, its resource was read with {place}"),
        SeriesKind::Rewrite { .. } => {
            format!(
                "{writer} was sent twice, with other content, and its resource read with {place} after each"
            )
        }
        SeriesKind::CreateTwice { .. } => format!("{place} was sent twice, with other content"),
        SeriesKind::Default { parameter } => {
            format!("{place} was sent without `{parameter}` and with its default")
        }
        SeriesKind::CreateThenList { .. } => {
            format!("After {writer}, {place} was walked through in {} pages", sighting.steps - 1)
        }
        SeriesKind::Walk { .. } => format!("{place} was walked through in {} pages", sighting.steps - 1),
        SeriesKind::Variation(variation) => format!(
            "{place} refused {}; the same request is accepted {}",
            varied(variation),
            match variation.keyword.as_str() {
                Variation::MEDIA_TYPE => "in another media type",
                Variation::CHARSET => "where it does not say so",
                "optional" => "with it",
                _ => "without that",
            },
        ),
        SeriesKind::Retry => {
            format!(
                "{} was refused, and the same accepted right after that",
                sent(&sighting.exchange, &series.first)
            )
        }
        SeriesKind::Transition { .. } => place,
        SeriesKind::Refused { shows, .. } => {
            format!("{place} was refused, between two times of asking {shows} what there is")
        }
        SeriesKind::Missed { reader } => {
            let stranger = match series.first.intent {
                Intent::WithoutCredential => " without a credential",
                _ => "",
            };
            format!("{place} was asked{stranger} of something that {reader} reads before and after")
        }
        SeriesKind::Admitted { beside } => {
            format!("{place} refused the credential that {beside} accepts before and after")
        }
        SeriesKind::Sequence(sequence) => played(writer, sequence),
        SeriesKind::Order { parameter, .. } => format!("{place} was asked for in an order by `{parameter}`"),
        SeriesKind::Filter { parameters } => {
            let names: Vec<&str> = parameters.iter().map(|it| it.parameter.as_str()).collect();
            format!("{place} was filtered by {}", names.join(" and "))
        }
        SeriesKind::FilterThenRead { selection, beside, reader, .. } => {
            let names = std::iter::once(selection).chain(beside).map(|it| it.parameter.as_str());
            let names: Vec<&str> = names.collect();
            format!("{place} was filtered by {}, and some items read with {reader}", names.join(" and "))
        }
    }
}

/// Returns the steps of a sequence, by their operations.
fn played(creator: &str, sequence: &Sequence) -> String {
    let steps = sequence.steps.iter().map(|step| {
        let which = if step.thing == 0 { "the first" } else { "the second" };
        format!("{} of {which}", step.operation_id)
    });
    let steps: Vec<String> = steps.collect();
    format!(
        "After {creator} of two resources, {} was sent, and both read with {} after each step",
        steps.join(", then "),
        sequence.reader
    )
}

/// Returns what was sent: the operation, what went with it, and to what.
fn sent(exchange: &Exchange, recipe: &Recipe) -> String {
    let request = &exchange.request;
    let mut text = format!("{} {}", request.method, request.template);
    match &recipe.path {
        PathSource::Case => {}
        PathSource::Stray(_) => text.push_str(" of something that does not exist"),
        PathSource::Resource(route, _) => text.push_str(&format!(" {}", route.words())),
    }
    let mut with = Vec::new();
    if !request.query.is_empty() {
        with.push(format!("?{}", request.query));
    }
    if let Some(flaw) = exchange.intent.flaw() {
        with.push(flawed(flaw));
    } else if let Some(body) = &request.body {
        let media_type = body.media_type.split(';').next().unwrap_or_default();
        with.push(format!("{} {media_type} body", article(media_type)));
    }
    match &exchange.intent {
        Intent::WithoutCredential => with.push("no credential".to_owned()),
        Intent::WrongCredential => with.push("a wrong credential".to_owned()),
        Intent::EmptyCredential => with.push("an empty credential".to_owned()),
        Intent::OtherCase => with.push("its credential in other letters, small for capital,".to_owned()),
        Intent::OtherScheme => with.push("its credential by another scheme".to_owned()),
        Intent::OtherPlace => with.push("its credential in another place".to_owned()),
        Intent::Valid | Intent::SetUp | Intent::Scripted | Intent::NearMiss(_) | Intent::OtherMethod(_) => {}
    }
    if !with.is_empty() {
        text.push_str(&format!(", with {},", with.join(" and ")));
    }
    text
}

/// Returns which part of a near miss is wrong, and how.
fn flawed(flaw: &Flaw) -> String {
    let whose = whose(&flaw.location);
    let how = match flaw.keyword.as_str() {
        "required" => "is missing",
        "nullable" => "is null",
        "type" => "has another JSON type",
        "enum" => "is none of the listed values",
        "pattern" => "does not match",
        "format" => "does not have its format",
        "minLength" => "is too short",
        "maxLength" => "is too long",
        "minimum" | "exclusiveMinimum" => "is too small",
        "maximum" | "exclusiveMaximum" => "is too large",
        "multipleOf" => "is between two steps",
        "minItems" => "has too few items",
        "maxItems" => "has too many items",
        "uniqueItems" => "has an item twice",
        "additionalProperties" => "is not declared",
        Flaw::SYNTAX => "is not JSON",
        Flaw::TRAILING => "does not end with its JSON",
        Flaw::MEDIA_TYPE => "says it is text/plain",
        _ => "is not as it has to be",
    };
    format!("{whose} {how} (`{}`)", flaw.keyword)
}

/// Returns which part of a request a place is in: a property goes by its place, a parameter by its name.
fn whose(location: &str) -> String {
    let (part, inside) = location.get(1..).and_then(|it| it.split_once('/')).unwrap_or(("body", ""));
    match (part, inside) {
        (_, "") => "a body that".to_owned(),
        ("body", inside) => format!("a body whose /{inside}"),
        (part, name) => format!("{} {part} whose {name}", article(part)),
    }
}

/// Returns what a variation makes use of.
fn varied(variation: &Variation) -> String {
    let whose = whose(&variation.location);
    let how = match variation.keyword.as_str() {
        "optional" => "is left out",
        Variation::PRESENT => "is there",
        Variation::CHARSET => "says that it is in UTF-8",
        Variation::UNDECLARED => "is not declared",
        Variation::VALUE => "has another value that is allowed",
        "enum" => "is one of the listed values",
        "boolean" => "is the other boolean",
        "nullable" => "is null",
        "maxLength" => "is as long as it may be",
        "minLength" => "is as short as it may be",
        "maximum" => "is as large as it may be",
        "minimum" => "is as small as it may be",
        "minItems" => "has as few items as it may have",
        "pattern" => "is as long, or as short, as its pattern lets it be",
        Freedom::LETTERS => "has letters beyond ASCII",
        Freedom::ZERO => "begins with zero",
        Freedom::FRACTION => "is not whole",
        Freedom::EMPTY => "has no items",
        Freedom::LENGTH => "is long",
        Freedom::LEAP_DAY => "is a 29 February",
        Freedom::LONG_AGO => "is a hundred years ago",
        Freedom::LOWER_CASE => "has small letters",
        Freedom::NONE => "is 0",
        Freedom::NEGATIVE => "is less than 0",
        Freedom::MANY => "has many items",
        Freedom::BLANK => "is empty",
        _ => "is written in another documented way",
    };
    format!("{whose} {how} (`{}`)", variation.keyword)
}

/// Returns a file's name with its folder, which is enough to find it and leaves out where the checkout is.
fn shown_path(file: &std::path::Path) -> String {
    let mut parts: Vec<_> =
        file.components().rev().take(3).map(|it| it.as_os_str().to_string_lossy()).collect();
    parts.reverse();
    parts.retain(|part| part != "/");
    parts.join("/")
}

/// Puts an article before the name of a JSON type.
fn in_words(text: &str) -> String {
    match text.split(' ').next() {
        Some("string" | "number" | "integer" | "boolean" | "object" | "array") => {
            format!("{} {text}", article(text))
        }
        _ => text.to_owned(),
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
