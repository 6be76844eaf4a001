//! What was made of the bodies of answers, kept for those that come again.
//!
//! A run asks for the same thing many times: a list before and after each of its filters, a resource before and after what
//! may change it. Bytes that came before say the same to the reader of JSON, and as the answer of the same operation with
//! the same status the same to the contract's validator and to the generated type. What depends on more than that, the
//! request or the header fields, is judged each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use driftline_specs::Violation;
use serde_json::Value;

use super::syntax::{self, Fault, Text};
use crate::models::DecodeFailure;

/// How many bytes of bodies are kept in a generation; what is made of them takes some ten times as much.
const MOST: usize = 1 << 20;

/// How many bodies are kept in a generation, however small they are.
const MANY: usize = 4096;

/// A body, and what was made of it.
#[derive(Debug)]
pub(super) struct Body {
    /// What it says as JSON, or why it cannot be read.
    pub(super) value: Result<Arc<Value>, Fault>,
    /// Where an object has a name twice, as JSON Pointers; a few at most.
    pub(super) twice: Vec<String>,
    /// By what it is the answer to.
    verdicts: Mutex<Vec<(Answered, Arc<Verdict>)>>,
}

/// What a body is the answer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub(super) operation_id: &'a str,
    pub(super) status: u16,
    pub(super) media_type: &'a str,
}

/// The same, to be kept.
#[derive(Debug)]
struct Answered {
    operation_id: String,
    status: u16,
    media_type: String,
}

/// What the contract and the generated type say of a body.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Where it departs from the documented schema.
    pub(super) violations: Vec<Violation>,
    /// What the generated type made of it, or why nothing.
    pub(super) round_trip: Option<Result<Rewritten, DecodeFailure>>,
}

/// What a generated type wrote that has read a body.
#[derive(Debug, Clone, PartialEq)]
pub enum Rewritten {
    /// The same JSON.
    Same,
    /// This, which differs if only in how a number is written.
    Other(Value),
}

/// The bodies of the latest answers.
///
/// They are kept in two generations. One that comes again belongs to the young one; when that is full, it becomes the old
/// one, and what was in the old one and has not come again is forgotten.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    young: HashMap<Bytes, Arc<Body>>,
    old: HashMap<Bytes, Arc<Body>>,
    /// The bytes of the young ones.
    weight: usize,
}

impl Rewritten {
    /// Reads what a type wrote that has read this body, which says that as JSON.
    pub(super) fn of(again: &[u8], body: &[u8], json: Option<&Value>) -> Result<Rewritten, DecodeFailure> {
        if again == body && json.is_some() {
            return Ok(Rewritten::Same);
        }
        let again = serde_json::from_slice(again).map_err(|_| DecodeFailure {
            path: String::new(),
            message: "what was written back is not JSON".to_owned(),
        })?;
        Ok(if json == Some(&again) { Rewritten::Same } else { Rewritten::Other(again) })
    }
}

impl Body {
    fn read(bytes: &Bytes) -> Body {
        let Text { value, twice } = syntax::read(bytes);
        Body { value: value.map(Arc::new), twice, verdicts: Mutex::default() }
    }

    /// Returns what is said of the body at a place; it is found out once.
    pub(super) fn verdict(&self, place: Place<'_>, find: impl FnOnce() -> Verdict) -> Arc<Verdict> {
        let known = |verdicts: &Vec<(Answered, Arc<Verdict>)>| {
            let mut known = verdicts.iter();
            known.find(|(answered, _)| answered.is_at(place)).map(|(_, verdict)| Arc::clone(verdict))
        };
        let lock = || self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(verdict) = known(&lock()) {
            return verdict;
        }
        let verdict = Arc::new(find());
        lock().push((Answered::at(place), Arc::clone(&verdict)));
        verdict
    }
}

impl Answered {
    fn at(place: Place<'_>) -> Answered {
        Answered {
            operation_id: place.operation_id.to_owned(),
            status: place.status,
            media_type: place.media_type.to_owned(),
        }
    }

    fn is_at(&self, place: Place<'_>) -> bool {
        let Answered { operation_id, status, media_type } = self;
        place == Place { operation_id, status: *status, media_type }
    }
}

impl Bodies {
    /// Returns a body with what was made of it so far.
    pub(super) fn get(&mut self, bytes: &Bytes) -> Arc<Body> {
        if let Some(body) = self.young.get(bytes) {
            return Arc::clone(body);
        }
        let body = self.old.remove(bytes).unwrap_or_else(|| Arc::new(Body::read(bytes)));
        if bytes.len() > MOST / 2 {
            return body;
        }
        if self.weight + bytes.len() > MOST || self.young.len() >= MANY {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        self.weight += bytes.len();
        self.young.insert(bytes.clone(), Arc::clone(&body));
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(status: u16) -> Place<'static> {
        Place { operation_id: "list", status, media_type: "application/json" }
    }

    fn refused() -> Verdict {
        Verdict { round_trip: Some(Ok(Rewritten::Same)), ..Verdict::default() }
    }

    #[test]
    fn a_body_that_comes_again_is_neither_read_nor_judged_again() {
        let mut bodies = Bodies::default();
        let first = bodies.get(&Bytes::from_static(b"{\"a\":1}"));
        let again = bodies.get(&Bytes::from(b"{\"a\":1}".to_vec()));
        assert!(Arc::ptr_eq(&first, &again));
        first.verdict(place(200), refused);
        let verdict = again.verdict(place(200), || unreachable!("it was judged before"));
        assert_eq!(verdict.round_trip, Some(Ok(Rewritten::Same)));
    }

    #[test]
    fn the_answer_to_something_else_is_judged_for_itself() {
        let body = Bodies::default().get(&Bytes::from_static(b"{}"));
        body.verdict(place(200), refused);
        assert_eq!(body.verdict(place(404), Verdict::default).round_trip, None);
        let other = Place { operation_id: "read", ..place(200) };
        assert_eq!(body.verdict(other, Verdict::default).round_trip, None);
    }

    #[test]
    fn what_does_not_come_again_is_forgotten_and_what_does_stays() {
        let mut bodies = Bodies::default();
        let kept = Bytes::from_static(b"\"kept\"");
        let first = bodies.get(&kept);
        let text = |number: usize| Bytes::from(format!("\"{number:0>50000}\""));
        for number in 0..100 {
            bodies.get(&text(number));
            assert!(Arc::ptr_eq(&first, &bodies.get(&kept)));
            let held: usize = bodies.young.keys().chain(bodies.old.keys()).map(Bytes::len).sum();
            assert!(held <= 2 * MOST);
        }
        assert!(!bodies.young.contains_key(&text(0)) && !bodies.old.contains_key(&text(0)));
    }

    #[test]
    fn small_bodies_are_not_too_many_and_large_ones_are_not_kept() {
        let mut bodies = Bodies::default();
        for number in 0..3 * MANY {
            bodies.get(&Bytes::from(number.to_string()));
        }
        assert!(bodies.young.len() + bodies.old.len() <= 2 * MANY);
        let large = Bytes::from(format!("\"{}\"", "0".repeat(MOST)));
        assert!(bodies.get(&large).value.is_ok());
        assert!(!bodies.young.contains_key(&large));
    }
}
