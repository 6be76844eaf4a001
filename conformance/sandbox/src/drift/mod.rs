//! The ways in which a sandbox can be told to depart from its contracts. Each kind is one small function that changes a
//! correct answer, filed under what it changes; it is applied in one place, after everything else.
//! Nothing outside of this folder knows that drift exists, but the host that applies it.
//!
//! Beside the catalogue, which is written by hand, `mutants` enumerates departures from a contract.
//!
//! Most kinds show in single exchanges; those of `lists`, `memory`, `sequences`, `times` and `transitions` show when several
//! are seen together, and those of `unusual` only beside what was usual before.
//! Trouble that is not drift is in `misbehaviour`.

mod access;
mod bodies;
mod credentials;
mod edit;
mod lists;
mod memory;
mod methods;
mod mutants;
mod pages;
mod requests;
mod sequences;
mod statuses;
mod times;
mod transitions;
mod unusual;
mod values;
mod wire;

use std::fmt;
use std::sync::LazyLock;

use axum::body::Bytes;
use driftline_specs::{Violation, pointer};
use http::HeaderMap;
use serde_json::{Value, json};

pub(crate) use mutants::{Asking, Exhibit};
pub use mutants::{Condition, Fate, ListFault, Mode, ModeKind, Move, Mutant, MutantClass, Mutation, mutants};

use crate::answer::Answer;
use crate::call::{Call, ParameterViolation, PathValues, Payload};
use crate::service::Service;

/// One way to depart from a contract, and how a conformance run is expected to report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DriftKind {
    /// The name to ask for it by.
    pub id: &'static str,
    /// The API that it changes.
    pub api: &'static str,
    /// The operation whose answers it changes.
    pub operation_id: &'static str,
    /// Where in the contract it shows: a contract pointer to the schema, the response or the operation that is no
    /// longer true.
    pub location: &'static str,
    /// The check that is expected to find it.
    pub check: &'static str,
    /// How bad it is for a client.
    pub severity: Severity,
    /// What happens, in a sentence.
    pub summary: &'static str,
}

/// How bad a drift is for a generated client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// Something new that the client tolerates.
    Additive,
    /// Statuses, lists or authorisation do not work as stated.
    Behavioural,
    /// The client fails, misreads or is refused.
    Breaking,
}

impl Severity {
    /// The severity as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Notice => "notice",
            Severity::Additive => "additive",
            Severity::Behavioural => "behavioural",
            Severity::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A kind of drift and how it comes about.
pub(crate) struct Drift {
    pub(crate) kind: DriftKind,
    change: Change,
}

enum Change {
    /// A correct answer is changed before it is sent.
    Answer(fn(&Asked<'_>, &mut Answer)),
    /// The operation takes the query for another one.
    Query(fn(&mut Vec<(String, String)>)),
    /// The operation answers to callers that show this instead of the credential.
    Admit(fn(&Shown<'_>) -> bool),
    /// The path of the operation has a method more, which answers so.
    Method(&'static str, fn() -> Answer),
    /// What the path of the operation says to a method that it does not have is changed.
    Refusal(fn(&mut Answer)),
    /// The operation does not see that a keyword is broken: at one place of the JSON body, by its instance pointer, or
    /// by one parameter, by its name.
    Overlook { keyword: &'static str, at: &'static str },
    /// The operation takes less than the contract allows: at one place of the JSON body, by its instance pointer, or of
    /// one query parameter, by its name.
    Demand { keyword: &'static str, at: &'static str, takes: fn(Option<&Value>) -> bool },
    /// The operation keeps a property that a replacement leaves out: what another operation shows of it, at a place of
    /// its answer.
    Keep { name: &'static str, reader: &'static str, at: &'static str },
    /// The operation leaves a value behind that its answer does not speak of.
    Leave(fn(&Call<'_>, &Answer) -> Option<Trace>),
}

/// A value that an operation leaves in a property of a resource.
pub(crate) struct Trace {
    path: PathValues,
    name: &'static str,
    value: Value,
}

/// The request whose answer may be changed.
pub(crate) struct Asked<'a> {
    pub(crate) operation: &'a str,
    /// The query that was sent.
    pub(crate) given: &'a [(String, String)],
    /// The query that the operation takes it for.
    pub(crate) query: &'a [(String, String)],
    /// How many requests came before it.
    pub(crate) number: u64,
}

impl Drift {
    /// Whether an operation answers to who shows this instead of the credential.
    pub(crate) fn admits(&self, operation: &str, shown: &Shown<'_>) -> bool {
        match self.change {
            Change::Admit(admits) if self.kind.operation_id == operation => admits(shown),
            _ => false,
        }
    }
}

/// What a caller shows who does not have the credential in its place.
pub(crate) struct Shown<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: &'a [(String, String)],
}

impl Shown<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Forgets what every chosen drift of an operation overlooks.
pub(crate) fn overlook(
    chosen: &[&Drift],
    operation: &str,
    violations: &mut Vec<Violation>,
    parameters: &mut Vec<ParameterViolation>,
) {
    for drift in chosen.iter().filter(|drift| drift.kind.operation_id == operation) {
        if let Change::Overlook { keyword, at } = drift.change {
            violations.retain(|violation| {
                let property = violation.property.as_ref();
                let inside = property.map(|name| pointer::join(&violation.instance, name));
                violation.keyword != keyword || inside.as_ref().unwrap_or(&violation.instance) != at
            });
            parameters.retain(|violation| violation.keyword != keyword || violation.name != at);
        }
    }
}

/// Adds what every chosen drift of an operation demands beyond the contract.
pub(crate) fn demand(
    chosen: &[&Drift],
    asked: &Asked<'_>,
    payload: &Payload,
    violations: &mut Vec<Violation>,
    parameters: &mut Vec<ParameterViolation>,
) {
    const EXPECTED: &str = "something narrower than the contract says";
    for drift in chosen.iter().filter(|drift| drift.kind.operation_id == asked.operation) {
        let Change::Demand { keyword, at, takes } = drift.change else { continue };
        let Some((parent, name)) = at.rsplit_once('/') else {
            let given = asked.given.iter().find(|(name, _)| name == at).map(|(_, value)| json!(value));
            if !takes(given.as_ref()) {
                let (name, keyword, expected) = (at.to_owned(), keyword.to_owned(), EXPECTED.to_owned());
                parameters.push(ParameterViolation { name, keyword, expected });
            }
            continue;
        };
        let Payload::Json(body) = payload else { continue };
        if body.pointer(parent).is_some() && !takes(body.pointer(at)) {
            violations.push(match keyword {
                "required" => Violation::new(parent, drift.kind.location, keyword, Some(name), EXPECTED),
                _ => Violation::new(at, drift.kind.location, keyword, None, EXPECTED),
            });
        }
    }
}

/// Puts into a replacement what every chosen drift of its operation keeps.
pub(crate) fn keep(chosen: &[&Drift], service: &dyn Service, call: &mut Call<'_>) {
    for drift in chosen.iter().filter(|drift| drift.kind.operation_id == call.operation) {
        let Change::Keep { name, reader, at } = drift.change else { continue };
        let mut shown = service.answer(&Call {
            operation: reader,
            query: &[],
            payload: Payload::Absent,
            bytes: Bytes::new(),
            violations: Vec::new(),
            parameter_violations: Vec::new(),
            ..call.clone()
        });
        let kept = edit::at(&mut shown, at).map(|value| value.take());
        if let (Payload::Json(Value::Object(body)), Some(kept)) = (&mut call.payload, kept) {
            body.entry(name).or_insert(kept);
        }
    }
}

/// Leaves behind what every chosen drift of an operation leaves there.
pub(crate) fn leave(chosen: &[&Drift], service: &dyn Service, call: &Call<'_>, answer: &Answer) {
    for drift in chosen.iter().filter(|drift| drift.kind.operation_id == call.operation) {
        if let Change::Leave(leaves) = drift.change
            && let Some(trace) = leaves(call, answer)
        {
            service.write(&trace.path, trace.name, &trace.value);
        }
    }
}

fn drifts() -> impl Iterator<Item = &'static Drift> {
    statuses::DRIFTS
        .iter()
        .chain(&bodies::DRIFTS)
        .chain(&values::DRIFTS)
        .chain(&access::DRIFTS)
        .chain(&pages::DRIFTS)
        .chain(&lists::DRIFTS)
        .chain(&memory::DRIFTS)
        .chain(&times::DRIFTS)
        .chain(&transitions::DRIFTS)
        .chain(&sequences::DRIFTS)
        .chain(&requests::DRIFTS)
        .chain(&wire::DRIFTS)
        .chain(&methods::DRIFTS)
        .chain(&credentials::DRIFTS)
        .chain(&unusual::DRIFTS)
}

/// Every kind of drift that a sandbox can be told to show.
pub fn catalogue() -> &'static [DriftKind] {
    static CATALOGUE: LazyLock<Vec<DriftKind>> = LazyLock::new(|| drifts().map(|drift| drift.kind).collect());
    &CATALOGUE
}

/// The drift with an ID of the catalogue.
pub(crate) fn find(id: &str) -> Option<&'static Drift> {
    drifts().find(|drift| drift.kind.id == id)
}

/// Changes a query by every chosen drift of its operation.
pub(crate) fn misread(chosen: &[&Drift], operation: &str, query: &mut Vec<(String, String)>) {
    for drift in chosen.iter().filter(|drift| drift.kind.operation_id == operation) {
        if let Change::Query(change) = drift.change {
            change(query);
        }
    }
}

/// Changes what a path with these operations says to a method that it does not have.
pub(crate) fn refuse(chosen: &[&Drift], operations: &[&str], method: &str, mut refusal: Answer) -> Answer {
    for drift in chosen.iter().filter(|drift| operations.contains(&drift.kind.operation_id)) {
        match drift.change {
            Change::Method(name, answer) if name == method => return answer(),
            Change::Refusal(change) => change(&mut refusal),
            _ => {}
        }
    }
    refusal
}

/// Changes an answer by every chosen drift of its operation.
pub(crate) fn apply(chosen: &[&Drift], asked: &Asked<'_>, mut answer: Answer) -> Answer {
    for drift in chosen.iter().filter(|drift| drift.kind.operation_id == asked.operation) {
        if let Change::Answer(change) = drift.change {
            change(asked, &mut answer);
        }
    }
    answer
}
