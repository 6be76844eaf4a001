//! `sequence_keeps_to_model`: whatever is done, two things are what was made of them.
//!
//! Two things of one kind are created, operations follow one another on either, and both are read after each. The model
//! of a thing is what its last acknowledged write said, as far as it was read back right after it; its state, where
//! `lifecycle.yaml` tells of it; and whether it was deleted. The last step is the one that is judged. It claims only
//! what no contract allows: what a thing did not take from the first, or takes in another form, is no matter of sequences.

use std::collections::{BTreeMap, BTreeSet};

use driftline_specs::{Method, Resource};
use serde_json::Value;

use super::copies::{copies, sent};
use super::volatile::forget;
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::difference::is_same_number;
use crate::exchange::SeriesKind;
use crate::pointer::escape;
use crate::sequence::{Sequence, SequenceStep};

/// See the module.
pub(super) struct SequenceKeepsToModel;

impl Check for SequenceKeepsToModel {
    fn id(&self) -> &'static str {
        "sequence_keeps_to_model"
    }

    fn summary(&self) -> &'static str {
        "whatever is done, two things are what was made of them"
    }

    fn reason(&self) -> &'static str {
        "a client that works on one thing changes another one, or loses what it has written, and is told neither"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Sequence(sequence) = &evidence.series.kind else { return };
        let mut things: [Thing; Sequence::THINGS] =
            std::array::from_fn(|thing| Thing::created(evidence, thing));
        let mut departure = None;
        for (at, step) in sequence.steps.iter().enumerate() {
            let Some(done) = Done::new(evidence, sequence, at, step) else { return };
            departure = None;
            for (thing, known) in things.iter_mut().enumerate() {
                departure = departure.or(known.after(&done, thing));
            }
        }
        found.extend(departure.map(|departure| Observation {
            check: self.id(),
            severity: self.severity(),
            location: departure.location,
            contract: evidence.operation.pointer.clone(),
            rule: departure.rule.to_owned(),
            expected: departure.expected.to_owned(),
            observed: departure.observed,
            note: None,
        }));
    }
}

/// Where a thing is not what the model says.
struct Departure {
    rule: &'static str,
    location: String,
    expected: &'static str,
    observed: String,
}

/// A step that was taken.
struct Done<'e, 'a> {
    evidence: &'e SeriesEvidence<'a>,
    life: Option<&'e Resource>,
    step: &'e SequenceStep,
    /// How many steps came before.
    before: usize,
    status: u16,
    method: Method,
    /// It works on the thing itself, at the path where it is read.
    is_whole: bool,
}

impl<'e, 'a> Done<'e, 'a> {
    fn new(
        evidence: &'e SeriesEvidence<'a>,
        sequence: &'e Sequence,
        before: usize,
        step: &'e SequenceStep,
    ) -> Option<Self> {
        let index = Sequence::acted(before);
        let operation = evidence.operation_of(index)?;
        let reader = evidence.operation_of(Sequence::read(0, 0))?;
        Some(Done {
            evidence,
            life: sequence.life.as_deref(),
            step,
            before,
            status: evidence.exchange(index)?.answer.status,
            method: operation.method,
            is_whole: operation.path == reader.path,
        })
    }

    fn is_refused(&self) -> bool {
        (400..500).contains(&self.status)
    }

    /// Whether it may have changed a thing.
    fn touches(&self, thing: usize) -> bool {
        thing == self.step.thing && !self.method.is_safe() && !self.is_refused()
    }

    /// Whether it has written a thing, by now.
    fn writes(&self, thing: usize) -> bool {
        let is_write = self.is_whole && matches!(self.method, Method::Put | Method::Patch);
        self.touches(thing) && is_write && (200..300).contains(&self.status) && self.status != 202
    }

    /// The states that the operation leads to from one of these; `None` where the life does not know the operation.
    fn leads(&self, life: &Resource, from: &BTreeSet<String>) -> Option<BTreeSet<String>> {
        let mut moves = life
            .transitions
            .iter()
            .filter(|it| it.operation.as_ref() == Some(&self.step.operation_id))
            .peekable();
        moves.peek()?;
        let possible = moves.filter(|it| it.from.iter().any(|state| from.contains(state)));
        Some(possible.flat_map(|it| it.to.iter().cloned()).collect())
    }

    /// Whether the answer itself says that one of these states is reached.
    fn says(&self, state: &str, reached: &BTreeSet<String>) -> bool {
        let said =
            self.evidence.body(Sequence::acted(self.before)).and_then(|body| body.pointer(state)?.as_str());
        said.is_some_and(|said| reached.contains(said))
    }

    /// In words, what it was to the thing.
    fn departs(&self, thing: usize, location: &str, observed: &str) -> Departure {
        let (rule, expected) = if thing != self.step.thing {
            ("leaves others alone", "nothing, since it was asked of another resource")
        } else if self.method.is_safe() {
            ("reading changes nothing", "nothing, since reading changes nothing")
        } else {
            ("refused changes nothing", "nothing, since it was refused")
        };
        Departure { rule, location: location.to_owned(), expected, observed: observed.to_owned() }
    }
}

/// What is known of a thing.
#[derive(Default)]
struct Thing {
    /// What was written and read back, by its place in what is read.
    written: BTreeMap<String, Value>,
    /// Which places an operation has changed as it was asked to, since the thing was as it is.
    taken: BTreeSet<(String, String)>,
    is_gone: bool,
}

impl Thing {
    fn created(evidence: &SeriesEvidence<'_>, thing: usize) -> Thing {
        Thing { written: kept(evidence, thing, Sequence::read(0, thing)), ..Thing::default() }
    }

    /// Takes in what a step did, and says what of it is not as it should be.
    fn after(&mut self, done: &Done<'_, '_>, thing: usize) -> Option<Departure> {
        if self.is_gone {
            return None;
        }
        let evidence = done.evidence;
        let at = Sequence::read(done.before + 1, thing);
        let status = evidence.exchange(at)?.answer.status;
        if matches!(status, 404 | 410) {
            self.is_gone = true;
            // What ends a thing may take it away as well.
            let may_end = done.touches(thing) && !done.writes(thing);
            return (!may_end).then(|| Departure {
                rule: "it stays",
                location: String::new(),
                expected: "that it is still there, since nothing has ended it",
                observed: format!("status {status} when it is read"),
            });
        }
        let before = evidence.body(Sequence::read(done.before, thing))?;
        let read = evidence.body(at)?;
        let departure = self.survives(done, thing, before, read);
        let departure = departure.or_else(|| in_state(done, thing, before, read));
        let departure = departure.or_else(|| self.is_lost(done, thing, before, read));
        let departure = departure.or_else(|| self.is_changed(done, thing, read));
        if done.writes(thing) {
            let now = kept(evidence, Sequence::acted(done.before), at);
            let changed = now.iter().filter(|(place, value)| before.pointer(place) != Some(value));
            let operation = &done.step.operation_id;
            self.taken.extend(changed.map(|(place, _)| (operation.clone(), place.clone())));
            // A patch leaves what it does not name, a replacement need not.
            self.written.retain(|place, _| done.method == Method::Patch && !now.contains_key(place));
            self.written.extend(now);
        } else if done.touches(thing) {
            // What acts on a thing may fix what it has, and what was written may not be written any more.
            self.taken.clear();
        }
        self.written.retain(|place, value| read.pointer(place).is_some_and(|read| is_same(read, value)));
        departure
    }

    /// What was deleted and is read as if nothing had happened.
    fn survives(&self, done: &Done<'_, '_>, thing: usize, before: &Value, read: &Value) -> Option<Departure> {
        let is_ended = done.is_whole && done.method == Method::Delete && done.touches(thing);
        let is_now = (200..300).contains(&done.status) && done.status != 202;
        // Where a life says what it leads to, that is what deleting means.
        let is_move = done.life.is_some_and(|life| done.leads(life, &BTreeSet::new()).is_some());
        if !is_ended || !is_now || is_move {
            return None;
        }
        let (mut before, mut read) = (before.clone(), read.clone());
        forget(&mut before, &mut read);
        (before == read).then(|| Departure {
            rule: "deleted is gone",
            location: String::new(),
            expected: "that what was deleted is not there any more",
            observed: "the same as before when it is read".to_owned(),
        })
    }

    /// A write that was acknowledged and left what was there before, although one like it did not.
    fn is_lost(&self, done: &Done<'_, '_>, thing: usize, before: &Value, read: &Value) -> Option<Departure> {
        if !done.writes(thing) {
            return None;
        }
        let sent = said(done.evidence, Sequence::acted(done.before), Sequence::read(done.before + 1, thing));
        let lost = sent.into_iter().find(|(place, value)| {
            let (Some(old), Some(now)) = (before.pointer(place), read.pointer(place)) else { return false };
            let was_taken = self.taken.contains(&(done.step.operation_id.clone(), place.clone()));
            was_taken && is_same(now, old) && !is_alike(now, value)
        });
        lost.map(|(location, _)| Departure {
            rule: "a write is kept",
            location,
            expected: "what was written, as it was after a write before",
            observed: "what was there before".to_owned(),
        })
    }

    /// What was written and is not there any more, although nothing has written it.
    fn is_changed(&self, done: &Done<'_, '_>, thing: usize, read: &Value) -> Option<Departure> {
        if done.touches(thing) {
            return None;
        }
        let is_of_another = thing != done.step.thing;
        let changed = self.written.iter().find(|(place, value)| {
            let is_kept = read.pointer(place).is_some_and(|read| is_same(read, value));
            !(is_kept || is_of_another && is_shared(place, value))
        });
        changed.map(|(place, _)| {
            let observed = if read.pointer(place).is_none() { "absent" } else { "another value" };
            done.departs(thing, place, observed)
        })
    }
}

/// The state that a thing should not be in.
fn in_state(done: &Done<'_, '_>, thing: usize, before: &Value, read: &Value) -> Option<Departure> {
    let life = done.life?;
    let state = |body: &Value| body.pointer(&life.state).and_then(Value::as_str).map(str::to_owned);
    let (before, now) = (state(before)?, state(read)?);
    let reached = by_itself(life, BTreeSet::from([before.clone()]));
    let told = |rule, expected| {
        let index = Sequence::read(done.before + 1, thing);
        let observed = done.evidence.listed(index, &life.state, &now);
        Some(Departure { rule, location: life.state.clone(), expected, observed })
    };
    if !done.touches(thing) {
        let is_kept = reached.contains(&now);
        return (!is_kept).then(|| {
            let observed = done.evidence.listed(Sequence::read(done.before + 1, thing), &life.state, &now);
            done.departs(thing, &life.state, &observed)
        });
    }
    // An operation that the life does not speak of may do anything.
    let leads = done.leads(life, &reached)?;
    if leads.is_empty() {
        return told("refused in its state", "a refusal, since the state does not allow it");
    }
    let mut allowed = by_itself(life, leads);
    if done.status == 202 && !done.says(&life.state, &allowed) {
        allowed.extend(reached);
    }
    if allowed.contains(&now) { None } else { told("leads on", "a state that the lifecycle names") }
}

/// The states that are reached without an operation, those included that it begins in.
fn by_itself(life: &Resource, mut reached: BTreeSet<String>) -> BTreeSet<String> {
    let alone: Vec<_> = life.transitions.iter().filter(|it| it.operation.is_none()).collect();
    // Every round adds a state or is the last.
    loop {
        let next = alone.iter().filter(|it| it.from.iter().any(|from| reached.contains(from)));
        let next: Vec<String> = next.flat_map(|it| it.to.iter().cloned()).collect();
        let known = reached.len();
        reached.extend(next);
        if reached.len() == known {
            return reached;
        }
    }
}

/// What the request at an index says of a thing, by the place where the answer at another index has it.
fn said(evidence: &SeriesEvidence<'_>, written: usize, read: usize) -> BTreeMap<String, Value> {
    let mut said = BTreeMap::new();
    if let Some((schema, sent)) = sent(evidence, written) {
        for root in copies(evidence, &schema, &sent, read) {
            leaves(&sent, root, &mut said);
        }
    }
    said
}

fn leaves(value: &Value, place: String, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, format!("{place}/{}", escape(name)), into);
            }
        }
        _ => {
            into.insert(place, value.clone());
        }
    }
}

/// What of a request is read back right after it.
fn kept(evidence: &SeriesEvidence<'_>, written: usize, read: usize) -> BTreeMap<String, Value> {
    let mut said = said(evidence, written, read);
    let body = evidence.body(read);
    said.retain(|place, value| {
        body.and_then(|body| body.pointer(place)).is_some_and(|read| is_same(read, value))
    });
    said
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => is_same_number(one, other),
        _ => one == other,
    }
}

/// Whether two values may be the same in two forms.
fn is_alike(one: &Value, other: &Value) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    match (one, other) {
        (Value::String(one), Value::String(other)) => plain(one) == plain(other),
        _ => is_same(one, other),
    }
}

/// Whether a value may depend on what others of its kind have: which of them is the default, and in which order they are.
fn is_shared(place: &str, value: &Value) -> bool {
    const ORDERS: [&str; 7] = ["position", "order", "rank", "priority", "index", "sequence", "sort"];
    let name = place.rsplit('/').next().unwrap_or_default().to_lowercase();
    value.is_boolean() || value.is_null() || value.is_number() && ORDERS.iter().any(|it| name.contains(it))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{Step, judged, played, told};

    const CHECK: &str = "sequence_keeps_to_model";

    fn parcel(name: &str) -> Value {
        json!({ "id": "x", "state": "open", "name": name })
    }

    /// A step, with the names that both things have after it.
    fn step(operation: &'static str, thing: usize, sent: Value, status: u16, names: [&str; 2]) -> Step {
        Step { operation, thing, sent, status, reads: names.map(parcel).map(|it| (200, it)) }
    }

    fn replaced(thing: usize, name: &str, names: [&str; 2]) -> Step {
        step("replaceParcel", thing, json!({ "name": name }), 200, names)
    }

    fn told_of(steps: &[Step]) -> Vec<String> {
        told(CHECK, &played(["a", "b"], steps))
    }

    #[test]
    fn accepts_writes_that_are_kept_and_refusals_that_change_nothing() {
        let steps = [
            replaced(0, "c", ["c", "b"]),
            step("listParcels", 0, Value::Null, 200, ["c", "b"]),
            step("replaceParcel", 1, json!({ "name": "d" }), 422, ["c", "b"]),
            replaced(1, "d", ["c", "d"]),
            replaced(0, "e", ["e", "d"]),
        ];
        for count in 0..=steps.len() {
            assert_eq!(told_of(&steps[..count]), [""; 0], "{count}");
        }
    }

    #[test]
    fn rejects_what_changes_another_thing_by_its_last_step_only() {
        let steps = [replaced(1, "c", ["c", "c"]), replaced(1, "d", ["c", "d"])];
        let found = judged(CHECK, &played(["a", "b"], &steps[..1]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rule.as_str(), found[0].location.as_str()), ("leaves others alone", "/name"));
        assert_eq!(found[0].contract, "#/paths/~1parcels~1{id}/put");
        assert_eq!(told_of(&steps), [""; 0], "the model goes on from what is there");
    }

    #[test]
    fn rejects_what_is_changed_by_reading_or_by_what_is_refused() {
        let listed = step("listParcels", 0, Value::Null, 200, ["c", "b"]);
        assert_eq!(told_of(&[listed]), ["reading changes nothing | /name | another value"]);
        let refused = step("replaceParcel", 0, json!({ "name": "c" }), 409, ["c", "b"]);
        assert_eq!(told_of(&[refused]), ["refused changes nothing | /name | another value"]);
    }

    #[test]
    fn rejects_a_write_that_is_lost_where_one_like_it_was_kept() {
        let lost = replaced(0, "d", ["c", "b"]);
        let kept = replaced(0, "c", ["c", "b"]);
        let found = told_of(&[kept, lost.clone()]);
        assert_eq!(found, ["a write is kept | /name | what was there before"]);
        // What no write has changed yet may be fixed, which is told elsewhere.
        let fixed = replaced(0, "d", ["a", "b"]);
        assert_eq!(told_of(&[fixed]), [""; 0]);
        let kept = replaced(0, "C", ["C", "b"]);
        assert_eq!(told_of(&[kept.clone(), replaced(0, "c", ["C", "b"])]), [""; 0], "in another form");
        let sent = step("sendParcel", 0, Value::Null, 200, ["C", "b"]);
        assert_eq!(told_of(&[kept, sent, lost_after("C")]), [""; 0], "an action may fix what is there");
    }

    fn lost_after(name: &str) -> Step {
        replaced(0, "d", [name, "b"])
    }

    #[test]
    fn what_was_never_read_back_is_no_matter_of_sequences() {
        let created = played(["a", "b"], &[]);
        assert_eq!(told(CHECK, &created), [""; 0]);
        let mut series = played(["a", "b"], &[replaced(1, "c", ["z", "c"])]);
        // The first thing was not read as it was written.
        series.exchanges[2].answer.body = parcel("other").to_string().into();
        assert_eq!(told(CHECK, &series), [""; 0]);
    }

    #[test]
    fn a_thing_stays_until_it_is_ended() {
        let gone = |operation, thing, status| Step {
            reads: [(404, json!({})), (200, parcel("b"))],
            ..step(operation, thing, Value::Null, status, ["a", "b"])
        };
        for step in [gone("sendParcel", 1, 200), gone("sendParcel", 0, 409), gone("listParcels", 0, 200)] {
            assert_eq!(told_of(&[step]), ["it stays |  | status 404 when it is read"]);
        }
        for step in [gone("sendParcel", 0, 200), gone("deleteParcel", 0, 204)] {
            assert_eq!(told_of(&[step]), [""; 0]);
        }
    }

    #[test]
    fn what_is_deleted_is_gone_or_reads_otherwise() {
        let deleted = |status, names| step("deleteParcel", 0, Value::Null, status, names);
        let found = told_of(&[deleted(204, ["a", "b"])]);
        assert_eq!(found, ["deleted is gone |  | the same as before when it is read"]);
        assert_eq!(told_of(&[deleted(202, ["a", "b"])]), [""; 0], "it will be");
        assert_eq!(told_of(&[deleted(409, ["a", "b"])]), [""; 0], "it was refused");
        assert_eq!(told_of(&[deleted(200, ["(deleted)", "b"])]), [""; 0], "it says so");
    }

    /// A step, with the states of both things after it; what is sent can be lost.
    fn moved(operation: &'static str, status: u16, states: [&str; 2]) -> Step {
        let reads = [("a", states[0]), ("b", states[1])]
            .map(|(name, state)| (200, json!({ "name": name, "state": state })));
        Step { operation, thing: 0, sent: Value::Null, status, reads }
    }

    #[test]
    fn states_are_those_of_the_lifecycle() {
        for states in [["sent", "open"], ["lost", "open"]] {
            assert_eq!(told_of(&[moved("sendParcel", 200, states)]), [""; 0]);
        }
        assert_eq!(told_of(&[moved("sendParcel", 202, ["open", "open"])]), [""; 0]);
        let found = told_of(&[moved("sendParcel", 200, ["closed", "open"])]);
        assert_eq!(found, ["leads on | /state | `closed`"]);
        let found = told_of(&[moved("sendParcel", 409, ["sent", "open"])]);
        assert_eq!(found, ["refused changes nothing | /state | `sent`"]);
        let found = told_of(&[moved("sendParcel", 200, ["sent", "sent"])]);
        assert_eq!(found, ["leaves others alone | /state | `sent`"]);
        let sent = || moved("sendParcel", 200, ["sent", "open"]);
        let found = told_of(&[sent(), sent()]);
        assert_eq!(found, ["refused in its state | /state | `sent`"]);
        // Some things happen by themselves, whoever looks.
        assert_eq!(told_of(&[sent(), moved("listParcels", 200, ["lost", "open"])]), [""; 0]);
    }

    #[test]
    fn what_depends_on_its_like_may_change_with_it() {
        for (name, value, other) in [("weight", json!(1), json!(2)), ("account", json!("x"), json!("y"))] {
            let mut steps = [replaced(1, "c", ["a", "c"])];
            steps[0].reads[0].1[name] = other;
            let mut series = played(["a", "b"], &steps);
            for (at, body) in
                [(0, &json!({ "name": "a", name: value })), (2, &json!({ "name": "a", name: value }))]
            {
                match at {
                    0 => series.exchanges[0].request.body.as_mut().unwrap().content = body.to_string(),
                    _ => series.exchanges[at].answer.body = body.to_string().into(),
                }
            }
            assert_eq!(told(CHECK, &series).len(), 1, "{name}");
        }
        assert!(super::is_shared("/address/is_default", &json!(true)));
        assert!(super::is_shared("/sort_order", &json!(3)));
        assert!(!super::is_shared("/sort_order", &json!("third")));
    }
}
