//! The way through one answer: what it holds, place by place, and which resource that is about.

use std::fmt::{self, Write as _};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use super::form::Form;
use super::survey::{Population, Spot, Tally};
use super::units::MOST;
use crate::checks::{Declared, Evidence, Property, identifiers};
use crate::exchange::Exchange;
use crate::pointer::escape_into;

/// How many places are counted in the answers of a status.
const PLACES: usize = 600;

/// How deep places lie.
const DEPTH: usize = 16;

/// How many items of an array, or properties of an object, are looked at.
const MEMBERS: usize = 500;

/// How many different values of a place are told apart; those beyond count for none.
const VALUES: usize = 256;

/// How many exchanges are kept as examples for the answers of a status.
const SAMPLES: usize = 64;

/// How many answers of a status are known again.
const KNOWN: usize = 4096;

/// Counts what an answer holds; returns whether it is the first to show something. A `list` is where its items are.
pub(super) fn through(
    evidence: &Evidence<'_>,
    value: &Value,
    declared: &Declared,
    list: Option<&str>,
    population: &mut Population,
) -> bool {
    let exchange = evidence.exchange;
    // What holds the same and is about the same adds nothing: everything is counted once for what it is about.
    let hash = hashed(&|hasher| again_of(evidence, hasher));
    if population.known.contains(&hash) {
        return false;
    }
    if population.known.len() < KNOWN {
        population.known.insert(hash);
    }
    let names = identifiers(value);
    let is_list = exchange.answer.status < 400 && names.is_empty();
    let mut walk = Walk { evidence, population, list, is_list, is_sample: false, place: String::new() };
    if let Some(unit) = walk.unit(&|hasher| request_of(exchange, value, &names, hasher)) {
        walk.value(value, declared, unit, 0);
    }
    walk.is_sample
}

/// The way through one answer.
struct Walk<'w> {
    evidence: &'w Evidence<'w>,
    population: &'w mut Population,
    /// Where the items of a list are, where the contract says so.
    list: Option<&'w str>,
    /// The answer is about no single thing, so that the items of its arrays are the things.
    is_list: bool,
    /// The answer is the first to show something.
    is_sample: bool,
    /// Where the way has come to.
    place: String,
}

impl Walk<'_> {
    /// The number of what is counted once; `None` when there are too many.
    fn unit(&mut self, what: &dyn Fn(&mut DefaultHasher)) -> Option<usize> {
        let (hash, next) = (hashed(what), self.population.units.len());
        if let Some(unit) = self.population.units.get(&hash) {
            return Some(*unit);
        }
        (next < MOST).then(|| *self.population.units.entry(hash).or_insert(next))
    }

    fn value(&mut self, value: &Value, declared: &Declared, unit: usize, depth: usize) {
        if depth >= DEPTH {
            return;
        }
        match value {
            Value::Array(items) => self.array(items, declared, unit, depth),
            Value::Object(members) => self.object(members, declared, unit, depth),
            _ => {}
        }
    }

    fn array(&mut self, items: &[Value], declared: &Declared, unit: usize, depth: usize) {
        if !self.parent(unit) {
            return;
        }
        let evidence = self.evidence;
        let inner = declared.items(&|nodes| evidence.read(nodes));
        let is_list = self.list.map_or(self.is_list && !self.place.contains("/*"), |list| list == self.place);
        let length = self.descend("*");
        for item in items.iter().take(MEMBERS) {
            let own = if is_list { self.unit(&|hasher| item_of(item, hasher)) } else { Some(unit) };
            // An item counts for the list that it is in, too: an empty one has none.
            self.spot(item, &inner, false, unit);
            if let Some(own) = own {
                self.value(item, &inner, own, depth + 1);
            }
        }
        self.place.truncate(length);
    }

    fn object(&mut self, members: &Map<String, Value>, declared: &Declared, unit: usize, depth: usize) {
        if !self.parent(unit) {
            return;
        }
        let evidence = self.evidence;
        let read = |nodes: &[_]| evidence.read(nodes);
        for (name, member) in members.iter().take(MEMBERS) {
            let (segment, inner) = match declared.property(name, &read) {
                Property::Known(inner) => (name.as_str(), Some(inner)),
                // The keys of a map may be anybody's data.
                Property::Value(inner) => ("*", Some(inner)),
                Property::Undocumented | Property::Allowed if is_a_name(name) => (name.as_str(), None),
                Property::Undocumented | Property::Allowed | Property::Free => continue,
            };
            let length = self.descend(segment);
            match inner {
                Some(inner) => {
                    self.spot(member, &inner, false, unit);
                    self.value(member, &inner, unit, depth + 1);
                }
                None => self.spot(member, &Declared::default(), true, unit),
            }
            self.place.truncate(length);
        }
    }

    /// Goes to a place below; returns the length of the way so far.
    fn descend(&mut self, name: &str) -> usize {
        let length = self.place.len();
        self.place.push('/');
        escape_into(name, &mut self.place);
        length
    }

    /// Counts what something may stand in; returns whether there was room for it.
    fn parent(&mut self, unit: usize) -> bool {
        let (known, samples) = (self.population.parents.len(), self.population.samples.len());
        if let Some(tally) = self.population.parents.get_mut(&self.place) {
            tally.units.add(unit);
            return true;
        }
        if known >= PLACES || samples >= SAMPLES {
            return false;
        }
        let mut tally = Tally { sample: samples, ..Tally::default() };
        tally.units.add(unit);
        self.population.parents.insert(self.place.clone(), tally);
        self.is_sample = true;
        true
    }

    /// Counts what stands at the place.
    fn spot(&mut self, value: &Value, declared: &Declared, undocumented: bool, unit: usize) {
        let (known, samples) = (self.population.places.len(), self.population.samples.len());
        let spot = match self.population.places.get_mut(&self.place) {
            Some(spot) => spot,
            None if known >= PLACES || samples >= SAMPLES => return,
            None => {
                self.is_sample = true;
                let present = Tally { sample: samples, ..Tally::default() };
                let spot = Spot { undocumented, present, ..Spot::default() };
                self.population.places.entry(self.place.clone()).or_insert(spot)
            }
        };
        spot.present.units.add(unit);
        let Some(form) = Form::of(value) else { return };
        spot.filled.add(unit);
        spot.forms.entry(form).or_default().add(unit);
        if let Some(text) = value.as_str()
            && declared.lists(text)
        {
            spot.listed.entry(text.to_owned()).or_default().add(unit);
        }
        if matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_)) && spot.compared.add(unit) {
            let hash = hash_of(value);
            let room = spot.values.len() < VALUES;
            if let Some(count) = spot.values.get_mut(&hash) {
                *count += 1;
            } else if room {
                spot.values.insert(hash, 1);
            }
        }
    }
}

/// What makes an answer one that was there before: what was asked, what it holds, and by which schema that is read.
fn again_of(evidence: &Evidence<'_>, hasher: &mut DefaultHasher) {
    let request = &evidence.exchange.request;
    (evidence.schema(), &request.path, &request.query).hash(hasher);
    request.body.as_ref().map(|body| &body.content).hash(hasher);
    evidence.exchange.answer.body.hash(hasher);
}

/// What tells the resource that an answer is about from others: where it is, and what it is called.
fn request_of(exchange: &Exchange, body: &Value, names: &[&str], hasher: &mut DefaultHasher) {
    let request = &exchange.request;
    (&request.path, &request.query).hash(hasher);
    for name in names {
        hash_value(body.get(*name), hasher);
    }
    if exchange.answer.status >= 400 || names.is_empty() {
        request.body.as_ref().map(|body| &body.content).hash(hasher);
    }
}

/// What tells an item of a list from others.
fn item_of(item: &Value, hasher: &mut DefaultHasher) {
    "item".hash(hasher);
    let names = identifiers(item);
    for name in &names {
        hash_value(item.get(*name), hasher);
    }
    if names.is_empty() {
        hash_value(Some(item), hasher);
    }
}

/// Hashes a value as it is written.
fn hash_value(value: Option<&Value>, hasher: &mut DefaultHasher) {
    match value {
        None => hasher.write_u8(0),
        Some(Value::String(text)) => {
            hasher.write_u8(1);
            text.hash(hasher);
        }
        Some(other) => {
            hasher.write_u8(2);
            // Writing to a hasher does not fail.
            let _ = write!(Written(hasher), "{other}");
        }
    }
}

/// A hasher that is written to.
struct Written<'h>(&'h mut DefaultHasher);

impl fmt::Write for Written<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

fn hashed(what: &dyn Fn(&mut DefaultHasher)) -> u64 {
    let mut hasher = DefaultHasher::new();
    what(&mut hasher);
    hasher.finish()
}

/// A number for a value, equal for equal ones; it stays within the run.
pub(super) fn hash_of(value: &Value) -> u64 {
    hashed(&|hasher| hash_value(Some(value), hasher))
}

/// Whether a name that nobody declares looks like one that a programmer has chosen.
fn is_a_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_norms::run;

    #[test]
    fn an_answer_that_comes_again_is_counted_and_what_it_holds_is_not() {
        let norms = run(&|index| json!({ "id": (index % 4).to_string(), "state": "open", "note": null }));
        let answers = &norms.operations["getThing"].answers[&200];
        assert_eq!((answers.answers, answers.resources), (40, 4));
        let place = &answers.places["/state"];
        assert_eq!((place.present, place.compared, place.commonest), (4, 4, 4));
        assert_eq!(answers.places["/note"].filled, 0);
    }

    #[test]
    fn a_resource_that_holds_something_else_later_is_the_same_one() {
        let norms = run(&|index| json!({ "id": "a", "note": (index > 0).then_some("x") }));
        let answers = &norms.operations["getThing"].answers[&200];
        assert_eq!((answers.answers, answers.resources), (40, 1));
        assert_eq!((answers.places["/note"].present, answers.places["/note"].filled), (1, 1));
    }
}
