//! What there is before anybody creates it, and what a new resource is: its identifier, and everything that the contract
//! says of it.

use std::collections::HashSet;

use driftline_specs::{Direction, pointer};
use serde_json::{Map, Value};

use super::layout::example;
use super::resources::{text, wrapped};
use super::store::{Record, Store};
use super::values::{Shape, Wish, make};
use super::{Generic, members};
use crate::random::{mix, mix_text};

/// How many resources a collection has before anybody creates one: more than a small page shows.
const SEEDS: usize = 12;

/// How many a collection below something has: callers may name any number of those.
const SEEDS_BELOW: usize = 3;

/// How often another identifier is tried.
const TRIES: u64 = 16;

impl Generic {
    /// Fills a collection that nobody has looked at with seeds, if it can be listed.
    pub(super) fn fill(&self, store: &mut Store, collection: usize, scope: &[String]) {
        let Some(known) = self.layout.collections.get(collection) else { return };
        if !known.is_listed || !store.is_new(collection, scope) {
            return;
        }
        for _ in 0..if scope.is_empty() { SEEDS } else { SEEDS_BELOW } {
            let record = self.resource(store, collection, scope, &Map::new(), None);
            if store.find(&known.place, scope, &record.key).is_none() {
                store.add(record);
            }
        }
    }

    /// A new resource: what is known of it, and everything else that any form of it has made up.
    pub(super) fn resource(
        &self,
        store: &Store,
        collection: usize,
        scope: &[String],
        known: &Map<String, Value>,
        key: Option<&str>,
    ) -> Record {
        let Some(about) = self.layout.collections.get(collection) else {
            return Record::new("", scope, "", Value::Null, 0);
        };
        let number = store.next_number();
        let base = scope.iter().fold(mix(self.world.seed ^ number), |seed, it| mix(seed ^ mix_text(it)));
        let mut known = known.clone();
        if known.get(&about.key).is_some_and(|it| !self.fits_path(collection, it)) {
            known.shift_remove(&about.key);
        }
        let chosen = key.is_some() || known.contains_key(&about.key);
        if let Some(key) = key {
            known.insert(about.key.clone(), self.identifier(collection, key));
        } else if !chosen && let Some(value) = self.new_identifier(collection, number) {
            known.insert(about.key.clone(), value);
        }
        for attempt in 0..TRIES {
            let seed = mix(base.wrapping_add(attempt));
            let facts = self.facts(collection, &known, seed);
            let own = text(facts.get(&about.key));
            let is_taken = store.find(&about.place, scope, &own).is_some();
            if chosen || !is_taken && !own.is_empty() || attempt + 1 == TRIES {
                return Record::new(&about.place, scope, &own, Value::Object(facts), seed);
            }
            known.remove(&about.key);
        }
        Record::new(&about.place, scope, "", Value::Null, base)
    }

    /// Everything that the forms of a resource say of it, from what is known.
    fn facts(&self, collection: usize, known: &Map<String, Value>, seed: u64) -> Map<String, Value> {
        let mut facts = known.clone();
        let mut settled = HashSet::new();
        let Some(about) = self.layout.collections.get(collection) else { return facts };
        for form in &about.forms {
            let stated = form.media.as_deref().and_then(|media| self.example(media, &form.schema));
            let mut wanted = members(stated.as_ref().and_then(|it| it.pointer(&form.root)));
            // An example's identifier is that of one resource.
            wanted.shift_remove(&about.key);
            wanted.extend(facts.clone());
            let preferred = wrapped(&form.root, Value::Object(wanted));
            let own = format!("{}/{}", form.root, about.key);
            let made = make(
                &self.contract,
                &form.schema,
                Wish { preferred: Some(&preferred), lean: false, own: Some(&own), seed },
            );
            for (name, value) in members(made.value.pointer(&form.root)) {
                // The first form that shows it says what it is, also of what was sent.
                if settled.insert(name.clone()) {
                    facts.insert(name, value);
                }
            }
        }
        facts
    }

    pub(super) fn example(&self, media: &str, schema: &str) -> Option<Value> {
        let validator = self.contract.validator(schema, Direction::Response).ok();
        example(&self.contract, media, |value| validator.as_ref().is_some_and(|it| it.is_valid(value)))
    }

    /// The places of a collection's identifier, in the form that reads a resource.
    fn key_place(&self, collection: usize) -> Option<String> {
        let about = self.layout.collections.get(collection)?;
        let form = about.forms.first()?;
        let mut at = form.schema.clone();
        for token in pointer::tokens(&format!("#{}", form.root))? {
            at = Shape::read(&self.contract, &[at]).property(&token)?.first()?.clone();
        }
        Shape::read(&self.contract, &[at]).property(&about.key)?.first().cloned()
    }

    /// An identifier from the text that a path has for it.
    fn identifier(&self, collection: usize, key: &str) -> Value {
        let place = self.key_place(collection);
        let number = key.parse::<i64>().ok().map(Value::from);
        let readings = [Value::from(key)].into_iter().chain(number);
        let validator = place.and_then(|it| self.contract.validator(&it, Direction::Response).ok());
        let mut allowed =
            readings.filter(|it| validator.as_ref().is_none_or(|validator| validator.is_valid(it)));
        allowed.next().unwrap_or_else(|| Value::from(key))
    }

    /// An identifier that is like no other, where a plain one is allowed.
    fn new_identifier(&self, collection: usize, number: u64) -> Option<Value> {
        let about = self.layout.collections.get(collection)?;
        let validator = self.contract.validator(&self.key_place(collection)?, Direction::Response).ok()?;
        let parameter = about.parameter.as_deref().map(|it| self.contract.validator(it, Direction::Request));
        let parameter = parameter.and_then(Result::ok);
        let name = if about.singular.is_empty() { "item" } else { &about.singular };
        let uuid = format!("{:08x}-0000-4000-8000-{:012x}", mix(number) >> 32, number);
        let readings = [
            Value::from(format!("{name}-{number}")),
            Value::from(number),
            Value::from(uuid),
            Value::from(number.to_string()),
            Value::from(format!("{number:024x}")),
        ];
        // What a path cannot have is no identifier; it is read as a number or as text there.
        let in_path = |it: &Value| {
            let readings = [it.clone(), Value::from(text(Some(it)))];
            parameter.as_ref().is_none_or(|parameter| readings.iter().any(|it| parameter.is_valid(it)))
        };
        if let Some(found) = readings.into_iter().find(|it| validator.is_valid(it) && in_path(it)) {
            return Some(found);
        }
        let wish = Wish { seed: mix(number), ..Wish::default() };
        let made = make(&self.contract, about.parameter.as_deref()?, wish);
        (made.violations.is_empty() && validator.is_valid(&made.value)).then_some(made.value)
    }

    /// Whether a path can have an identifier.
    fn fits_path(&self, collection: usize, key: &Value) -> bool {
        let about = self.layout.collections.get(collection);
        let parameter = about.and_then(|it| it.parameter.as_deref());
        let validator = parameter.and_then(|it| self.contract.validator(it, Direction::Request).ok());
        let readings = [key.clone(), Value::from(text(Some(key)))];
        validator.is_none_or(|validator| readings.iter().any(|it| validator.is_valid(it)))
    }
}
