//! Builds the typed model, and mends what does not fit it.
//!
//! `openapiv3` reads much through untagged enums, whose errors say neither what nor where, and it refuses a whole
//! document for one object. When it does, the objects are tried one by one and the innermost that fail are taken
//! out: a schema becomes one that allows anything, an operation that needs an object which cannot be read is refused.

use openapiv3::OpenAPI;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{Error, Fault};
use crate::grammar::{self, Kind, Site};
use crate::lineage::Lineage;
use crate::loss::Refusal;
use crate::operation::Operation;
use crate::pointer;

/// How often the document is tried. Each time what failed is taken out, and what is around it may fail next.
const MAX_ROUNDS: usize = 8;

/// How many objects are taken out each time; a document with more of them is hardly an OpenAPI document.
const MAX_UNFIT: usize = 1_000;

/// Builds the model of a normalised document, taking out what cannot be read.
pub(super) fn build(
    document: &mut Value,
    operations: &mut Vec<Operation>,
    refusals: &mut Vec<Refusal>,
    lineage: &mut Lineage,
) -> Result<OpenAPI, Error> {
    for refusal in refusals.iter() {
        // The pointer may be that of a part.
        take_operation_out(document, &refusal.pointer);
    }
    for _ in 0..MAX_ROUNDS {
        let error = match OpenAPI::deserialize(&*document) {
            Ok(model) => return Ok(model),
            Err(error) => error,
        };
        let unfit = innermost(document);
        if unfit.is_empty() || unfit.iter().any(|it| it.kind == Kind::Document) {
            let (place, problem) = unfit
                .into_iter()
                .next()
                .map_or(("#".to_owned(), error.to_string()), |it| (it.place, it.problem));
            return Err(Fault::new(format!("this does not fit OpenAPI 3.0: {problem}"))
                .at(lineage.place(&place))
                .advise("correct the document, or correct it with an overlay action")
                .into(Error::Structure));
        }
        if unfit.len() > MAX_UNFIT {
            break;
        }
        for unfit in unfit {
            take_out(document, unfit, operations, refusals, lineage);
        }
    }
    Err(Fault::new("too much of this does not fit OpenAPI 3.0")
        .at(lineage.place("#"))
        .advise("check that this is an OpenAPI document")
        .into(Error::Structure))
}

fn take_out(
    document: &mut Value,
    unfit: Unfit,
    operations: &mut Vec<Operation>,
    refusals: &mut Vec<Refusal>,
    lineage: &mut Lineage,
) {
    let problem = format!("this is not a valid {}: {}", unfit.kind.name(), unfit.problem);
    match unfit.kind {
        Kind::Schema => {
            lineage.mend(&unfit.place, format!("{problem}; anything is allowed there"));
            if let Some(value) =
                pointer::tokens(&unfit.object).and_then(|at| pointer::lookup_mut(document, &at))
            {
                let original = value.take();
                *value = json!({"x-original": original});
            }
        }
        Kind::Header
        | Kind::Example
        | Kind::Link
        | Kind::Callback
        | Kind::Encoding
        | Kind::SecurityScheme => {
            lineage.mend(&unfit.place, format!("{problem}; it is left out"));
            remove(document, &unfit.object);
        }
        _ => {
            // Operations that need the object, wherever it stands.
            let is_in = |place: &str| place == unfit.object || is_inside(place, &unfit.object);
            operations.retain(|operation| {
                let needs = is_in(&operation.pointer)
                    || is_inside(&unfit.object, &operation.pointer)
                    || operation.parameters.iter().any(|it| is_in(&it.pointer))
                    || operation.request_body.iter().any(|it| is_in(&it.pointer))
                    || operation.responses.iter().any(|it| is_in(&it.pointer));
                if needs {
                    refusals.push(Refusal {
                        operation: operation.id.clone(),
                        pointer: unfit.place.clone(),
                        reason: problem.clone(),
                    });
                }
                !needs
            });
            if !take_operation_out(document, &unfit.object) {
                remove(document, &unfit.object);
            }
        }
    }
}

/// Keeps the operation that a place is in, or is, under `x-refused-…`, where nothing reads it.
fn take_operation_out(document: &mut Value, place: &str) -> bool {
    let Some(tokens) = pointer::tokens(place) else { return false };
    let ([paths, path, method, ..], Some("paths")) = (tokens.as_slice(), tokens.first().map(String::as_str))
    else {
        return false;
    };
    if crate::operation::Method::from_key(method).is_none() {
        return false;
    }
    match pointer::lookup_mut(document, &[paths, path]) {
        Some(Value::Object(members)) => members
            .shift_remove(method)
            .map(|operation| members.insert(format!("x-refused-{method}"), operation))
            .is_some(),
        _ => false,
    }
}

fn remove(document: &mut Value, at: &str) {
    let Some(mut tokens) = pointer::tokens(at) else { return };
    let Some(last) = tokens.pop() else { return };
    match pointer::lookup_mut(document, &tokens) {
        Some(Value::Object(members)) => drop(members.shift_remove(&last)),
        // The others of a list stay where they are.
        Some(Value::Array(items)) => {
            if let Some(item) = pointer::index(&last).and_then(|index| items.get_mut(index)) {
                *item = json!({"$ref": "#/x-unreadable"});
            }
        }
        _ => {}
    }
}

/// An object that `openapiv3` refuses.
struct Unfit {
    /// The pointer of the object.
    object: String,
    /// The pointer of the member in it that is to blame, as far as `openapiv3` tells.
    place: String,
    problem: String,
    kind: Kind,
}

/// Returns the objects that `openapiv3` refuses though it takes what is in them.
fn innermost(document: &Value) -> Vec<Unfit> {
    let mut found: Vec<Unfit> = Vec::new();
    // Objects come after those around them, so that one which fails takes the place of the one around it.
    let mut open: Vec<Unfit> = Vec::new();
    let mut inner = false;
    grammar::walk(document, &mut |pointer, site| {
        while open.last().is_some_and(|outer| !is_inside(pointer, &outer.object)) {
            let closed = open.pop();
            if !inner {
                found.extend(closed);
            }
            inner = true;
        }
        if let Err((path, problem)) = attempt(site) {
            let place = path.iter().fold(pointer.to_owned(), |place, token| pointer::join(&place, token));
            open.push(Unfit { object: pointer.to_owned(), place, problem, kind: site.kind });
            inner = false;
        }
    });
    if !inner {
        found.extend(open.pop());
    }
    found
}
fn is_inside(pointer: &str, outer: &str) -> bool {
    outer == "#" || pointer.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

/// Tries one object as the type that `openapiv3` has for it; an error has a path inside the object.
fn attempt(site: Site<'_>) -> Result<(), (Vec<String>, String)> {
    if site.reference().is_some() {
        return Ok(());
    }
    match site.kind {
        Kind::Document => read::<OpenAPI>(site.value),
        Kind::Components => read::<openapiv3::Components>(site.value),
        Kind::PathItem => read::<openapiv3::PathItem>(site.value),
        Kind::Operation => read::<openapiv3::Operation>(site.value),
        Kind::Parameter => read::<openapiv3::Parameter>(site.value),
        Kind::Header => read::<openapiv3::Header>(site.value),
        Kind::RequestBody => read::<openapiv3::RequestBody>(site.value),
        Kind::Response => read::<openapiv3::Response>(site.value),
        Kind::MediaType => read::<openapiv3::MediaType>(site.value),
        Kind::Encoding => read::<openapiv3::Encoding>(site.value),
        Kind::Callback => read::<openapiv3::Callback>(site.value),
        Kind::Schema if site.value.is_boolean() => Ok(()),
        Kind::Schema => read::<openapiv3::Schema>(site.value),
        Kind::Example => read::<openapiv3::Example>(site.value),
        Kind::Link => read::<openapiv3::Link>(site.value),
        Kind::SecurityScheme => read::<openapiv3::SecurityScheme>(site.value),
    }
}

fn read<'v, T: Deserialize<'v>>(value: &'v Value) -> Result<(), (Vec<String>, String)> {
    serde_path_to_error::deserialize::<_, T>(value).map(drop).map_err(|error| {
        let path = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                serde_path_to_error::Segment::Seq { index } => Some(index.to_string()),
                serde_path_to_error::Segment::Map { key } => Some(key.clone()),
                _ => None,
            })
            .collect();
        (path, error.into_inner().to_string())
    })
}
