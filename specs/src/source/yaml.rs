//! YAML texts: to a value, and from a JSON Pointer to a place.
//!
//! Values come from `serde_yaml`; places come from a second pass over the text's events, made only when a message
//! needs one (see `spots`).

use std::path::Path;

use saphyr_parser::{Event, Parser};
use serde::de::DeserializeSeed as _;
use serde_json::Value;

use super::MAX_DEPTH;
use super::node::{Node, Rules, repetition};
use super::spots::Spots;
use crate::error::{Error, Fault, Place};

/// How many brackets a text may have before its nesting is looked at first. The scanner behind `serde_yaml` takes
/// time that grows with the square of how deep brackets nest, so that a short hostile text could hold it for hours.
const HARMLESS_BRACKETS: usize = 4_000;

/// Parses a YAML text of one document. Keys that are not strings become strings, merge keys are merged.
pub(super) fn parse(name: &Path, text: &str) -> Result<Value, Error> {
    if text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() > HARMLESS_BRACKETS {
        refuse_depth(name, text)?;
    }
    let rules = Rules { merge_keys: true, ..Rules::default() };
    let value = Node(&rules)
        .deserialize(serde_yaml::Deserializer::from_str(text))
        .map_err(|error| fault(name, &error).into(Error::Syntax))?;
    if let Some(key) = rules.repeated.take() {
        let place = match Spots::of(text).and_then(|spots| spots.repeated_key()) {
            Some((line, column)) => Place::file(name).line(line, column),
            None => Place::file(name),
        };
        let fault = Fault::new(repetition(&key)).at(place).advise("remove or rename one of the two");
        return Err(fault.into(Error::Syntax));
    }
    if rules.not_a_number.get() {
        return Err(Fault::new("the document holds a number that JSON cannot: .nan or .inf")
            .at(Place::file(name))
            .advise("quote it if it is text")
            .into(Error::Syntax));
    }
    Ok(value)
}

fn fault(name: &Path, error: &serde_yaml::Error) -> Fault {
    let place = match error.location() {
        Some(location) => Place::file(name).line(location.line().max(1), location.column().max(1)),
        None => Place::file(name),
    };
    let message = error.to_string();
    let message = match error.location() {
        Some(at) => message.replacen(&format!(" at line {} column {}", at.line(), at.column()), "", 1),
        None => message,
    };
    if message.starts_with("recursion limit exceeded") {
        return too_deep(place);
    }
    if message.starts_with("repetition limit exceeded") {
        return Fault::new("the YAML's aliases expand to too much").at(place).advise("use fewer aliases");
    }
    invalid(&message, place)
}

fn invalid(message: &str, place: Place) -> Fault {
    Fault::new(format!("not valid YAML: {message}")).at(place).advise("correct the syntax there")
}

fn too_deep(place: Place) -> Fault {
    Fault::new("the YAML nests too deeply").at(place).expecting(format!("at most {MAX_DEPTH} levels"))
}

/// Refuses a text that nests too deeply, by its events alone. What is no YAML to this reader is refused here too:
/// behind the error the depth is unknown.
fn refuse_depth(name: &Path, text: &str) -> Result<(), Error> {
    let mut depth = 0_usize;
    for event in Parser::new_from_str(text) {
        match event {
            Ok((Event::SequenceStart(..) | Event::MappingStart(..), span)) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    let place = Place::file(name).line(span.start.line().max(1), span.start.col() + 1);
                    return Err(too_deep(place).into(Error::Syntax));
                }
            }
            Ok((Event::SequenceEnd | Event::MappingEnd, _)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            Err(error) => {
                let place = Place::file(name).line(error.marker().line().max(1), error.marker().col() + 1);
                let fault = if error.info().contains("recursion limit") {
                    too_deep(place)
                } else {
                    invalid(error.info(), place)
                };
                return Err(fault.into(Error::Syntax));
            }
        }
    }
    Ok(())
}
