//! Values that a contract's schemas allow, made from the schemas and from what somebody would like to see in them.
//!
//! A value is a guess, which the contract's validator judges. Where it has something against a place, that place is
//! guessed again: another alternative of a union, another text, and in the end no property at all where none is required.
//! Everything follows from the seed. These are no test values: they are what a friendly endpoint answers with.

mod number;
mod pattern;
mod shape;
mod text;

pub(super) use shape::{Reader, Shape};

use std::collections::HashMap;
use std::sync::Arc;

use driftline_specs::{Direction, Validator, Violation, pointer};
use serde_json::{Map, Value};

use crate::random::{Random, mix, mix_text};
use shape::{Additional, Union};

/// How often a value is guessed before the least wrong one is taken.
const ROUNDS: usize = 40;

/// How many values one value consists of at most; near that, only what is required is made.
const MOST_VALUES: usize = 4000;

/// How deep what is not required is made.
const DEEPEST: usize = 6;

/// How deep anything is made; a schema that has to be deeper allows no value.
const DEEPEST_REQUIRED: usize = 40;

/// How often a property that is not required is guessed before it is left out.
const PATIENCE: usize = 4;

/// The most items and members that are taken over from what is preferred.
const MOST_TAKEN: usize = 1000;

/// What a value is to look like.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wish<'a> {
    /// What is taken over where the schema declares and allows it.
    pub(super) preferred: Option<&'a Value>,
    /// Only what is required is made where nothing is preferred; otherwise everything that is declared.
    pub(super) lean: bool,
    /// Examples and defaults of the place with this JSON Pointer are not used: it has to be unlike others.
    pub(super) own: Option<&'a str>,
    /// The same seed gives the same value.
    pub(super) seed: u64,
}

/// A value and whether its schema allows it.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) value: Value,
    /// What the schema has against it; a schema that cannot be compiled has nothing.
    pub(super) violations: Vec<Violation>,
}

/// Makes a value for the response schema at a pointer.
pub(super) fn make(contract: &Reader, schema: &str, wish: Wish<'_>) -> Made {
    let validator = contract.validator(schema, Direction::Response).ok();
    let mut making = Making { contract, wish, guesses: HashMap::new(), left: 0 };
    let mut best: Option<Made> = None;
    for _ in 0..ROUNDS {
        making.left = MOST_VALUES;
        let value = making.value(&[schema.to_owned()], "", wish.preferred, Around::default());
        let violations = violations(validator.as_ref(), &value);
        making.learn(&violations);
        let is_right = violations.is_empty();
        if best.as_ref().is_none_or(|best| violations.len() < best.violations.len()) {
            best = Some(Made { value, violations });
        }
        if is_right {
            break;
        }
    }
    best.unwrap_or(Made { value: Value::Null, violations: Vec::new() })
}

fn violations(validator: Option<&Arc<Validator>>, value: &Value) -> Vec<Violation> {
    match validator {
        Some(validator) if !validator.is_valid(value) => validator.violations(value),
        _ => Vec::new(),
    }
}

/// The schemas around a place, which end what would go round in circles.
#[derive(Clone, Default)]
struct Around {
    schemas: Vec<String>,
    depth: usize,
}

struct Making<'c, 'a> {
    contract: &'c Reader,
    wish: Wish<'a>,
    /// How often the value at a place was refused.
    guesses: HashMap<String, usize>,
    /// How many values may still be made.
    left: usize,
}

impl<'c> Making<'c, '_> {
    /// Has each place that is wrong guessed again, and what is around it when that did not help.
    fn learn(&mut self, violations: &[Violation]) {
        let mut bumped = Vec::new();
        for violation in violations {
            let mut at = match (violation.keyword.as_str(), &violation.property) {
                ("additionalProperties", Some(property)) => pointer::join(&violation.instance, property),
                _ => violation.instance.clone(),
            };
            loop {
                if !bumped.contains(&at) {
                    let guess = self.guesses.entry(at.clone()).or_default();
                    *guess += if violation.keyword == "additionalProperties" { PATIENCE } else { 1 };
                    bumped.push(at.clone());
                    if !guess.is_multiple_of(2 * PATIENCE) {
                        break;
                    }
                }
                // It is no use here: what is around it may choose another alternative.
                let Some((around, _)) = at.rsplit_once('/') else { break };
                at = around.to_owned();
            }
        }
    }

    fn guess(&self, at: &str) -> usize {
        self.guesses.get(at).copied().unwrap_or(0)
    }

    fn random(&self, at: &str) -> Random {
        Random::new(mix(self.wish.seed ^ mix_text(at)).wrapping_add(self.guess(at) as u64))
    }

    fn value(&mut self, places: &[String], at: &str, preferred: Option<&Value>, around: Around) -> Value {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || around.depth > DEEPEST_REQUIRED {
            return Value::Null;
        }
        let (shape, tags) = self.chosen(places, at, preferred, &around);
        let guess = self.guess(at);
        if preferred.is_some_and(Value::is_null) && guess == 0 {
            return Value::Null;
        }
        let wanted = preferred.filter(|it| fits(&shape, it));
        if let Some(choices) = &shape.choices {
            return self.choice(choices, at, wanted, guess);
        }
        let sample = || {
            let unlike = self.wish.own.is_some_and(|own| own == at);
            shape.samples.iter().find(|it| !unlike && fits(&shape, it))
        };
        let around = self.inside(places, around);
        if shape.is("object") {
            let wanted = wanted.or_else(|| sample().filter(|_| guess == 0));
            return self.object(&shape, &tags, at, wanted, around);
        }
        if shape.is("array") {
            let wanted = wanted.or_else(|| sample().filter(|_| guess == 0));
            return self.array(&shape, at, wanted, around);
        }
        let mut ready = wanted.into_iter().chain(sample());
        if let Some(value) = ready.nth(guess) {
            return value.clone();
        }
        let mut random = self.random(at);
        let name = at.rsplit('/').next().unwrap_or_default();
        match shape.kinds.first().map(String::as_str) {
            Some("boolean") => Value::Bool(random.below(2) == 1),
            Some("integer") => number::number(&shape, true, &mut random),
            Some("number") => number::number(&shape, false, &mut random),
            _ => Value::String(text::text(&shape, name, guess as u64, &mut random)),
        }
    }

    /// What holds at a place when an alternative is chosen of each union, and the properties that say which.
    fn chosen(
        &self,
        places: &[String],
        at: &str,
        preferred: Option<&Value>,
        around: &Around,
    ) -> (Arc<Shape>, Vec<(String, String)>) {
        let mut places = places.to_vec();
        let mut shape = Shape::read(self.contract, &places);
        let mut tags: Vec<(String, String)> = Vec::new();
        let mut guess = self.guess(at);
        let mut done = 0;
        while let Some(union) = shape.unions.get(done).filter(|_| done < 8).cloned() {
            let order = self.order(&union, preferred, around);
            let at = order.get(guess % order.len().max(1)).copied().unwrap_or(0);
            guess /= order.len().max(1);
            let Some(alternative) = union.alternatives.get(at) else { break };
            if let (Some(property), Some(tag)) =
                (&union.property, union.tags.get(at).filter(|tag| !tag.is_empty()))
            {
                tags.push((property.to_owned(), tag.clone()));
            }
            places.push(alternative.clone());
            shape = Shape::read(self.contract, &places);
            done += 1;
        }
        if let Some((property, tag)) = shape.tag.clone() {
            tags.push((property, tag));
        }
        (shape, tags)
    }

    /// The alternatives of a union by how well they fit: to what is preferred, and to how deep it is already.
    fn order(&self, union: &Union, preferred: Option<&Value>, around: &Around) -> Vec<usize> {
        let score = |index: usize| -> i64 {
            let Some(place) = union.alternatives.get(index) else { return 0 };
            let shape = Shape::read(self.contract, std::slice::from_ref(place));
            let own = self.contract.resolve(place).map(|(place, _)| place);
            let again = own.is_some_and(|own| around.schemas.contains(&own));
            let mut score = if again { -500 } else { 0 };
            if around.depth >= DEEPEST && (shape.is("object") || shape.is("array")) {
                score -= 50;
            }
            let Some(preferred) = preferred else { return score };
            if !fits(&shape, preferred) {
                return score - 1000;
            }
            if let (Some(property), Some(tag)) = (&union.property, union.tags.get(index))
                && let Some(own) = preferred.get(property).and_then(Value::as_str)
            {
                score += if own == tag { 100 } else { -100 };
            }
            for (name, value) in preferred.as_object().into_iter().flatten() {
                let Some((_, places)) = shape.properties.iter().find(|(known, _)| known == name) else {
                    continue;
                };
                let inner = Shape::read(self.contract, places);
                score += match &inner.choices {
                    Some(choices) if choices.contains(value) => 50,
                    Some(_) => -50,
                    None => 1,
                };
            }
            score
        };
        let mut order: Vec<usize> = (0..union.alternatives.len()).collect();
        order.sort_by_cached_key(|index| std::cmp::Reverse(score(*index)));
        order
    }

    fn choice(&self, choices: &[Value], at: &str, wanted: Option<&Value>, guess: usize) -> Value {
        if let Some(wanted) = wanted.filter(|it| guess == 0 && choices.contains(it)) {
            return wanted.clone();
        }
        let choices: Vec<&Value> = choices.iter().filter(|it| !it.is_null()).collect();
        // Neighbours in a list take neighbours, so that they differ for as long as they can.
        let (list, index) = match at.rsplit_once('/') {
            Some((list, last)) => (list, last.parse().unwrap_or(0)),
            None => ("", 0),
        };
        let start = mix(self.wish.seed ^ mix_text(if index == 0 { at } else { list })) as usize;
        let start = start.wrapping_add(index).wrapping_add(guess);
        choices.get(start.checked_rem(choices.len()).unwrap_or(0)).map_or(Value::Null, |it| (*it).clone())
    }

    /// What is around the places inside of some.
    fn inside(&self, places: &[String], mut around: Around) -> Around {
        around.depth += 1;
        around
            .schemas
            .extend(places.iter().filter_map(|place| self.contract.resolve(place)).map(|(place, _)| place));
        around
    }

    fn comes_again(&self, places: &[String], around: &Around) -> bool {
        let mut places = places.iter().filter_map(|place| self.contract.resolve(place));
        places.any(|(place, _)| around.schemas.contains(&place))
    }

    fn object(
        &mut self,
        shape: &Shape,
        tags: &[(String, String)],
        at: &str,
        wanted: Option<&Value>,
        around: Around,
    ) -> Value {
        let wanted = wanted.and_then(Value::as_object);
        let lean = self.wish.lean && wanted.is_some();
        let most = shape.members.most.unwrap_or(usize::MAX);
        let mut members = Map::new();
        let declared = shape.properties.iter().map(|(name, places)| (name.as_str(), places.clone()));
        let mut undeclared: Vec<&str> = shape
            .required
            .iter()
            .map(String::as_str)
            .filter(|name| !shape.properties.iter().any(|(it, _)| it == name))
            .collect();
        undeclared.sort_unstable();
        let others = |name: &str| shape.property(name).map(<[String]>::to_vec).unwrap_or_default();
        let undeclared = undeclared.into_iter().map(|name| (name, others(name)));
        for (name, places) in declared.chain(undeclared).collect::<Vec<_>>() {
            let inner_at = pointer::join(at, name);
            let preferred = wanted.and_then(|it| it.get(name));
            let required = shape.required.contains(name);
            let inner = Shape::read(self.contract, &places);
            // It is no part of an answer, even where the schema requires it.
            if inner.write_only {
                continue;
            }
            if !required
                && !self.is_made(&inner, &places, &inner_at, preferred, lean, &around, members.len() < most)
            {
                continue;
            }
            let tag =
                tags.iter().find(|(property, _)| property == name).map(|(_, tag)| Value::String(tag.clone()));
            let preferred = if self.guess(&inner_at) == 0 { tag.as_ref().or(preferred) } else { preferred };
            members.insert(name.to_owned(), self.value(&places, &inner_at, preferred, around.clone()));
        }
        if shape.takes_others() {
            let known = |name: &str| shape.properties.iter().any(|(it, _)| *it == name);
            for (name, value) in wanted.into_iter().flatten().take(MOST_TAKEN) {
                let inner_at = pointer::join(at, name);
                if known(name)
                    || members.contains_key(name)
                    || self.guess(&inner_at) > 0
                    || members.len() >= most
                {
                    continue;
                }
                let value = match &shape.additional {
                    Additional::Schemas(places) => self.value(places, &inner_at, Some(value), around.clone()),
                    _ => value.clone(),
                };
                members.insert(name.clone(), value);
            }
            self.others(shape, at, lean, &around, &mut members);
        }
        Value::Object(members)
    }

    /// Adds members that nobody has asked for: as many as there have to be, and one to a map that would be empty.
    fn others(
        &mut self,
        shape: &Shape,
        at: &str,
        lean: bool,
        around: &Around,
        members: &mut Map<String, Value>,
    ) {
        let places = match &shape.additional {
            Additional::Schemas(places) => places.clone(),
            _ => Vec::new(),
        };
        let is_map = !places.is_empty() && shape.properties.is_empty();
        let shows = is_map && !lean && around.depth < DEEPEST && !self.comes_again(&places, around);
        let least = shape.members.least.unwrap_or(usize::from(shows && self.guess(at) == 0)).min(MOST_TAKEN);
        let mut number = 0;
        while members.len() < least && number < 2 * MOST_TAKEN {
            number += 1;
            let name = format!("key{number}");
            if !members.contains_key(&name) {
                let inner_at = pointer::join(at, &name);
                members.insert(name, self.value(&places, &inner_at, None, around.clone()));
            }
        }
    }

    /// Whether a property that is not required is made.
    #[expect(clippy::too_many_arguments, reason = "each of them may speak against it")]
    fn is_made(
        &self,
        inner: &Shape,
        places: &[String],
        at: &str,
        preferred: Option<&Value>,
        lean: bool,
        around: &Around,
        has_room: bool,
    ) -> bool {
        let guess = self.guess(at);
        let is_whole = inner.is("object") || inner.is("array") || !inner.unions.is_empty();
        if guess >= PATIENCE || !has_room {
            return false;
        }
        match preferred {
            // What cannot be as it is preferred is left out rather than something else.
            Some(_) => guess == 0 || is_whole,
            None if lean || self.left < MOST_VALUES / 8 => false,
            None => around.depth < DEEPEST && !(is_whole && self.comes_again(places, around)),
        }
    }

    fn array(&mut self, shape: &Shape, at: &str, wanted: Option<&Value>, around: Around) -> Value {
        let wanted = wanted.and_then(Value::as_array);
        let least = shape.items.least.unwrap_or(0).max(shape.prefix.len()).min(MOST_TAKEN);
        let most = shape.items.most.unwrap_or(usize::MAX).min(MOST_TAKEN);
        let again = self.comes_again(&shape.item, &around);
        let number = match wanted {
            Some(items) => items.len(),
            None if again || self.guess(at) > 0 || self.left < MOST_VALUES / 8 => 0,
            None => usize::from(around.depth < DEEPEST) + usize::from(around.depth < DEEPEST / 2),
        };
        let number = number.max(least).min(most);
        let mut items = Vec::new();
        for index in 0..number {
            let preferred = wanted.and_then(|items| items.get(index));
            let place = shape.prefix.get(index).map_or(shape.item.as_slice(), std::slice::from_ref);
            items.push(self.value(place, &format!("{at}/{index}"), preferred, around.clone()));
        }
        Value::Array(items)
    }
}

/// Whether a value is of a type that a shape allows. What it is otherwise, the validator says.
fn fits(shape: &Shape, value: &Value) -> bool {
    let Some(kind) = shape.kinds.first() else {
        // No type means any, but an object with properties of its own is none.
        return shape.properties.is_empty() || value.is_object();
    };
    match (kind.as_str(), value) {
        ("object", Value::Object(_)) | ("array", Value::Array(_)) => true,
        ("string", Value::String(_)) | ("boolean", Value::Bool(_)) | ("number", Value::Number(_)) => true,
        ("integer", Value::Number(number)) => number.as_f64().is_some_and(|it| it.fract() == 0.0),
        _ => false,
    }
}
