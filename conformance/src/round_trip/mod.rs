//! Whether generated types lose anything: valid values of every component schema go through them and back.
//!
//! The values come from the same strategies that make requests, and the contract's own validator decides which of
//! them are valid. A value that the type refuses, or that comes back as another one, is a miss; it is made as
//! small as it can be while it is still missed. The same JSON in other words is the same: the order of properties
//! does not count, and numbers are compared by value.
//!
//! Nothing here knows Rust or starts anything: who asks brings a [`Codec`].

mod directions;
mod drift;
mod place;

use std::sync::Arc;

use driftline_specs::{Contract, Direction, Validator};
use proptest::strategy::ValueTree;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::drift::{Drift, Drifted, Drifts};
use crate::difference::difference;
use crate::models::DecodeFailure;
use crate::pointer::generalise;
use crate::strategy::{Allowed, Generator, Shrink, Stream, Valid};

/// How many simpler values are tried for one miss.
const TRIES: usize = 400;

/// How many different misses of one schema are told apart.
const MISSES: usize = 4;

/// Reads values as the types of component schemas, and writes them again.
pub trait Codec {
    /// Reads a value as the type of the schema at a pointer and writes it again; `None` when it has no type.
    fn again(&mut self, schema: &str, value: &Value) -> Option<Result<Again, DecodeFailure>>;
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Again {
    /// The value.
    pub value: Value,
    /// Some part of it belonged to no type that the contract lists, and was kept as it was.
    pub unrecognized: bool,
    /// What the type's own validation finds wrong with it, each as a keyword and words without a value.
    pub violations: Vec<(String, String)>,
}

/// What to try.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many values of each schema, at most; in each direction, when the schema travels both ways.
    pub values: usize,
    /// Where randomness starts.
    pub seed: u64,
    /// Whether drifted values are tried as well, made of the fullest one.
    pub drifted: bool,
}

/// What became of the values of one component schema.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SchemaTrips {
    /// The schema.
    pub schema: String,
    /// How many valid values were tried.
    pub values: usize,
    /// How many came back the same.
    pub same: usize,
    /// How many came back the same although some part of them was not recognised.
    pub unrecognized: usize,
    /// How many candidates were no valid values.
    pub refused: usize,
    /// The values match several alternatives of a `oneOf`: none could be found that matches exactly one.
    pub ambiguous: bool,
    /// Why there is no valid value, or no type to read it; nothing was tried then.
    pub untried: Option<String>,
    /// The different ways in which values were missed, each with its smallest value.
    pub misses: Vec<Miss>,
    /// What became of drifted values, by the kind of drift.
    #[serde(default)]
    pub drifts: Drifts,
    /// Drifted values that were changed, or refused without being named; the first of each kind and reason.
    #[serde(default)]
    pub drift_misses: Vec<DriftMiss>,
}

/// A drifted value that did not survive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftMiss {
    /// How it drifts.
    pub drift: Drift,
    /// Where in the value, as a JSON Pointer.
    pub location: String,
    /// What happens.
    pub reason: String,
    /// It is a null, and the error says so and names the place.
    pub named: bool,
}

/// A way in which values are missed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Miss {
    /// Which way the value travels: `request` or `response`.
    pub direction: String,
    /// Where in the value, as a JSON Pointer.
    pub location: String,
    /// The place in the contract of what stands there.
    pub place: String,
    /// What happens.
    pub reason: String,
    /// It comes back the same, but was not recognised.
    pub harmless: bool,
    /// The smallest value to which it happens.
    pub value: Value,
}

/// Tries values of every component schema of a contract; `tried` is told of each schema when it is done.
pub fn round_trips(
    contract: &Contract,
    codec: &mut dyn Codec,
    options: Options,
    tried: &mut dyn FnMut(&SchemaTrips),
) -> Vec<SchemaTrips> {
    let mut generators =
        [Direction::Request, Direction::Response].map(|it| (it, Generator::toward(contract.clone(), it)));
    let schemas = directions::directions(contract).into_iter().map(|(schema, directions)| {
        let mut trips = SchemaTrips { schema, ..SchemaTrips::default() };
        for (direction, generator) in &mut generators {
            if directions.contains(direction) {
                try_schema(contract, generator, *direction, codec, options, &mut trips);
            }
        }
        tried(&trips);
        trips
    });
    schemas.collect()
}

fn try_schema(
    contract: &Contract,
    generator: &mut Generator,
    direction: Direction,
    codec: &mut dyn Codec,
    options: Options,
    trips: &mut SchemaTrips,
) {
    let way = match direction {
        Direction::Request => "request",
        Direction::Response => "response",
    };
    let validator = match contract.validator(&trips.schema, direction) {
        Ok(validator) => validator,
        Err(error) => {
            let place = error.pointer().unwrap_or(&trips.schema);
            trips.untried = Some(format!("{} ({place})", error.problem()));
            return;
        }
    };
    let stream = Stream::new(options.seed, &["round trip", &trips.schema, way]);
    let valid = Valid::of(generator, &trips.schema, &validator, options.values, &stream);
    trips.refused += valid.refused;
    trips.ambiguous |= valid.ambiguous && !valid.values.is_empty();
    if valid.values.is_empty() && trips.values == 0 {
        trips.untried = Some(no_value(&validator, valid.refusal.as_ref(), valid.refused));
    }
    if let Some(value) = valid.values.first().filter(|_| options.drifted) {
        try_drifted(generator, codec, value, trips);
    }
    for value in valid.values {
        let Some(outcome) = judge(codec, &trips.schema, &value, Some(direction)) else {
            trips.untried = Some("the generated crate has no type for it".to_owned());
            return;
        };
        trips.untried = None;
        trips.values += 1;
        let Some(found) = outcome else {
            trips.same += 1;
            continue;
        };
        trips.same += usize::from(found.harmless);
        trips.unrecognized += usize::from(found.harmless);
        let place = place::place_of(generator.reader(), &trips.schema, &found.location);
        let known = |miss: &Miss| miss.place == place && miss.reason == found.reason;
        if trips.misses.len() >= MISSES || trips.misses.iter().any(known) {
            continue;
        }
        let judged = Arc::clone(&validator);
        let allowed: Allowed = Arc::new(move |value: &Value| Valid::accepts(&judged, value, valid.ambiguous));
        let (found, value) = simplest(codec, &trips.schema, direction, allowed, found, value);
        let place = place::place_of(generator.reader(), &trips.schema, &found.location);
        trips.misses.push(Miss {
            direction: way.to_owned(),
            location: found.location,
            place,
            reason: found.reason,
            harmless: found.harmless,
            value,
        });
    }
}

/// Tries what a valid value may drift to.
fn try_drifted(generator: &mut Generator, codec: &mut dyn Codec, value: &Value, trips: &mut SchemaTrips) {
    for drifted in drift::drifted(generator.reader(), &trips.schema, value) {
        let Some(outcome) = judge(codec, &trips.schema, &drifted.value, None) else { return };
        let counts = trips.drifts.entry(drifted.drift).or_default();
        counts.values += 1;
        let Some(found) = outcome.filter(|found| !found.harmless) else {
            counts.same += 1;
            continue;
        };
        // A value of a union's alternative is refused where the alternative is.
        let named = found.location == drifted.location && found.reason.ends_with("found null");
        counts.refused += usize::from(named);
        let known = |miss: &DriftMiss| miss.drift == drifted.drift && miss.reason == found.reason;
        if trips.drift_misses.len() < MISSES && !trips.drift_misses.iter().any(known) {
            let (drift, location, reason) = (drifted.drift, drifted.location, found.reason);
            trips.drift_misses.push(DriftMiss { drift, location, reason, named });
        }
    }
}

fn no_value(validator: &Validator, refusal: Option<&Value>, refused: usize) -> String {
    match refusal.and_then(|value| validator.violations(value).into_iter().next()) {
        None => "the schema has no finite value that could be made".to_owned(),
        Some(violation) => format!(
            "none of {refused} candidates is valid; at {:?} of the first there is {} where {} expects {} (`{}`)",
            violation.instance, violation.observed, violation.schema, violation.expected, violation.keyword,
        ),
    }
}

/// What is wrong with a value that went there and back.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    location: String,
    reason: String,
    harmless: bool,
}

impl Found {
    /// Whether two values are missed in the same way.
    fn is_like(&self, other: &Found) -> bool {
        let end = |location: &str| generalise(location).rsplit('/').next().unwrap_or_default().to_owned();
        self.reason == other.reason && end(&self.location) == end(&other.location)
    }
}

/// Tells what is wrong with what comes back; `None` when there is no type, `Some(None)` when nothing is. A value that is
/// valid in a direction has to be valid for its type.
fn judge(
    codec: &mut dyn Codec,
    schema: &str,
    value: &Value,
    valid: Option<Direction>,
) -> Option<Option<Found>> {
    Some(match codec.again(schema, value)? {
        Err(failure) => Some(Found {
            location: failure.path,
            reason: format!("is refused: {}", failure.message),
            harmless: false,
        }),
        Ok(again) => match difference(value, &again.value) {
            Some((location, what)) => Some(Found {
                location,
                reason: format!("is changed: what is written back {what}"),
                harmless: false,
            }),
            None if again.unrecognized => Some(Found {
                location: String::new(),
                reason: "is kept as something unrecognised".to_owned(),
                harmless: true,
            }),
            None => valid.and_then(|direction| {
                // What is written has to have what only requests have.
                let holds = |keyword: &str| direction == Direction::Request || keyword != "required";
                let (_, words) = again.violations.into_iter().find(|(keyword, _)| holds(keyword))?;
                let reason = format!("is valid and violates what its type checks: {words}");
                Some(Found { location: String::new(), reason, harmless: false })
            }),
        },
    })
}

/// Makes a value smaller while it is valid and missed in the same way.
fn simplest(
    codec: &mut dyn Codec,
    schema: &str,
    direction: Direction,
    allowed: Allowed,
    found: Found,
    value: Value,
) -> (Found, Value) {
    let mut tree = Shrink::new(value.clone(), allowed);
    let mut best = (found, value);
    let mut more = tree.simplify();
    for _ in 0..TRIES {
        if !more {
            break;
        }
        let candidate = tree.current();
        let again = judge(codec, schema, &candidate, Some(direction))
            .flatten()
            .filter(|again| again.is_like(&best.0));
        more = match again {
            Some(again) => {
                best = (again, candidate);
                tree.simplify()
            }
            None => tree.complicate(),
        };
    }
    best
}
