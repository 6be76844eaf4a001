//! The way through one answer: what it holds, place by place, and which resource that is about.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use super::form::Form;
use super::survey::{Population, Spot, Tally};
use super::units::MOST;
use crate::checks::{Declared, Evidence, Property, identifiers};
use crate::exchange::Exchange;
use crate::pointer::escape;

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

/// Counts what an answer holds; returns whether it is the first to show something. A `list` is where its items are.
pub(super) fn through(
    evidence: &Evidence<'_>,
    value: &Value,
    declared: &Declared,
    list: Option<&str>,
    population: &mut Population,
) -> bool {
    let exchange = evidence.exchange;
    let is_list = exchange.answer.status < 400 && identifiers(value).is_empty();
    let mut walk = Walk { evidence, population, list, is_list, is_sample: false };
    if let Some(unit) = walk.unit(&request_of(exchange, value)) {
        walk.value(value, declared, "", unit, 0);
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
}

impl Walk<'_> {
    /// The number of what is counted once; `None` when there are too many.
    fn unit(&mut self, what: &dyn Fn(&mut DefaultHasher)) -> Option<usize> {
        let mut hasher = DefaultHasher::new();
        what(&mut hasher);
        let (hash, next) = (hasher.finish(), self.population.units.len());
        if let Some(unit) = self.population.units.get(&hash) {
            return Some(*unit);
        }
        (next < MOST).then(|| *self.population.units.entry(hash).or_insert(next))
    }

    fn value(&mut self, value: &Value, declared: &Declared, location: &str, unit: usize, depth: usize) {
        if depth >= DEPTH {
            return;
        }
        match value {
            Value::Array(items) => self.array(items, declared, location, unit, depth),
            Value::Object(members) => self.object(members, declared, location, unit, depth),
            _ => {}
        }
    }

    fn array(&mut self, items: &[Value], declared: &Declared, location: &str, unit: usize, depth: usize) {
        if !self.parent(location, unit) {
            return;
        }
        let evidence = self.evidence;
        let inner = declared.items(&|nodes| evidence.read(nodes));
        let place = format!("{location}/*");
        let is_list = self.list.map_or(self.is_list && !location.contains("/*"), |list| list == location);
        for item in items.iter().take(MEMBERS) {
            let own = if is_list { self.unit(&item_of(item)) } else { Some(unit) };
            // An item counts for the list that it is in, too: an empty one has none.
            self.spot(&place, item, &inner, false, unit);
            if let Some(own) = own {
                self.value(item, &inner, &place, own, depth + 1);
            }
        }
    }

    fn object(
        &mut self,
        members: &Map<String, Value>,
        declared: &Declared,
        location: &str,
        unit: usize,
        depth: usize,
    ) {
        if !self.parent(location, unit) {
            return;
        }
        let evidence = self.evidence;
        let read = |nodes: &[_]| evidence.read(nodes);
        for (name, member) in members.iter().take(MEMBERS) {
            match declared.property(name, &read) {
                Property::Known(inner) => {
                    let place = format!("{location}/{}", escape(name));
                    self.spot(&place, member, &inner, false, unit);
                    self.value(member, &inner, &place, unit, depth + 1);
                }
                // The keys of a map may be anybody's data.
                Property::Value(inner) => {
                    let place = format!("{location}/*");
                    self.spot(&place, member, &inner, false, unit);
                    self.value(member, &inner, &place, unit, depth + 1);
                }
                Property::Undocumented | Property::Allowed if is_a_name(name) => {
                    let place = format!("{location}/{}", escape(name));
                    self.spot(&place, member, &Declared::default(), true, unit);
                }
                Property::Undocumented | Property::Allowed | Property::Free => {}
            }
        }
    }

    /// Counts what something may stand in; returns whether there was room for it.
    fn parent(&mut self, location: &str, unit: usize) -> bool {
        let (known, samples) = (self.population.parents.len(), self.population.samples.len());
        if let Some(tally) = self.population.parents.get_mut(location) {
            tally.units.add(unit);
            return true;
        }
        if known >= PLACES || samples >= SAMPLES {
            return false;
        }
        let mut tally = Tally { sample: samples, ..Tally::default() };
        tally.units.add(unit);
        self.population.parents.insert(location.to_owned(), tally);
        self.is_sample = true;
        true
    }

    /// Counts what stands at a place.
    fn spot(&mut self, place: &str, value: &Value, declared: &Declared, undocumented: bool, unit: usize) {
        let (known, samples) = (self.population.places.len(), self.population.samples.len());
        if !self.population.places.contains_key(place) {
            if known >= PLACES || samples >= SAMPLES {
                return;
            }
            let present = Tally { sample: samples, ..Tally::default() };
            let spot = Spot { undocumented, present, ..Spot::default() };
            self.population.places.insert(place.to_owned(), spot);
            self.is_sample = true;
        }
        let Some(spot) = self.population.places.get_mut(place) else { return };
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

/// What tells the resource that an answer is about from others: where it is, and what it is called.
fn request_of<'a>(exchange: &'a Exchange, body: &'a Value) -> impl Fn(&mut DefaultHasher) + 'a {
    move |hasher| {
        let request = &exchange.request;
        (&request.path, &request.query).hash(hasher);
        let names = identifiers(body);
        for name in &names {
            hash_text(body.get(*name), hasher);
        }
        if exchange.answer.status >= 400 || names.is_empty() {
            request.body.as_ref().map(|body| &body.content).hash(hasher);
        }
    }
}

/// What tells an item of a list from others.
fn item_of(item: &Value) -> impl Fn(&mut DefaultHasher) + '_ {
    move |hasher| {
        "item".hash(hasher);
        let names = identifiers(item);
        for name in &names {
            hash_text(item.get(*name), hasher);
        }
        if names.is_empty() {
            item.to_string().hash(hasher);
        }
    }
}

fn hash_text(value: Option<&Value>, hasher: &mut DefaultHasher) {
    value.map(Value::to_string).hash(hasher);
}

/// A number for a value, equal for equal ones; it stays within the run.
pub(super) fn hash_of(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash_text(Some(value), &mut hasher);
    hasher.finish()
}

/// Whether a name that nobody declares looks like one that a programmer has chosen.
fn is_a_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
}
