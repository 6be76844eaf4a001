//! A handful of valid values of one schema, as different from each other as so few can be.

use driftline_specs::Validator;
use serde_json::{Value, json};

use super::shape::Node;
use super::{Coverage, Generator, Stream, draw};

/// How many random values are drawn for each that is wanted, before giving up.
const DRAWS: usize = 6;

/// Valid values of a schema, and what it took to find them.
#[derive(Debug, Default)]
pub struct Valid {
    /// The values, no two alike.
    pub values: Vec<Value>,
    /// How many candidates the contract's validator refused.
    pub refused: usize,
    /// The first of those.
    pub refusal: Option<Value>,
    /// The values are valid but for matching more alternatives of a `oneOf` than one.
    pub ambiguous: bool,
}

impl Valid {
    /// Finds up to `count` values of the schema at a pointer that the validator accepts.
    ///
    /// First the fullest value and the least one, then one with a property that the schema does not declare, then
    /// some from all over the enumeration, then random ones. The schema's own examples serve when nothing else does.
    ///
    /// When the alternatives of a `oneOf` overlap so that no candidate matches exactly one, values that match several
    /// are better than none: they are what such an API sends.
    pub fn of(
        generator: &mut Generator,
        pointer: &str,
        validator: &Validator,
        count: usize,
        stream: &Stream,
    ) -> Valid {
        let strict = Valid::accepted(generator, pointer, &|value| validator.is_valid(value), count, stream);
        if !strict.values.is_empty() {
            return strict;
        }
        let accepts = |value: &Value| Valid::accepts(validator, value, true);
        let lenient = Valid::accepted(generator, pointer, &accepts, count, stream);
        Valid { values: lenient.values, ambiguous: true, ..strict }
    }

    /// Whether a value is valid, or fails only in that it matches several alternatives of a `oneOf` and may do so.
    #[must_use]
    pub fn accepts(validator: &Validator, value: &Value, ambiguous: bool) -> bool {
        validator.is_valid(value)
            || ambiguous && {
                let violations = validator.violations(value);
                violations.iter().all(|it| it.keyword == "oneOf" && !it.observed.ends_with("matches none"))
            }
    }

    fn accepted(
        generator: &mut Generator,
        pointer: &str,
        accepts: &dyn Fn(&Value) -> bool,
        count: usize,
        stream: &Stream,
    ) -> Valid {
        let mut valid = Valid::default();
        let node = Node::at(pointer);
        let mut runner = stream.runner();
        if let Some(coverage) = Coverage::of(generator, &node, &mut runner) {
            let listed = count.div_ceil(2).max(2);
            for index in spread(coverage.len(), listed) {
                if let Some(value) = coverage.value(index) {
                    valid.take(value, accepts, count);
                }
            }
        }
        valid.take_undeclared(accepts, count);
        if let Some(strategy) = generator.strategy("", &node, 0) {
            for _ in 0..count * DRAWS {
                if valid.values.len() >= count {
                    break;
                }
                let Some(value) = draw(&strategy, &mut runner) else { break };
                valid.take(value, accepts, count);
            }
        }
        if valid.values.is_empty() {
            for sample in &generator.reader().shape(&node).samples.clone() {
                valid.take(sample.clone(), accepts, count);
            }
        }
        valid
    }

    fn take(&mut self, value: Value, accepts: &dyn Fn(&Value) -> bool, count: usize) {
        if self.values.len() >= count || self.values.contains(&value) {
            return;
        }
        if accepts(&value) {
            self.values.push(value);
        } else {
            self.refused += 1;
            self.refusal.get_or_insert(value);
        }
    }

    /// Adds an object with a property that nobody declares; that a schema does not allow it is no refusal.
    fn take_undeclared(&mut self, accepts: &dyn Fn(&Value) -> bool, count: usize) {
        let object = self.values.iter().find_map(Value::as_object);
        if let Some(mut object) = object.cloned().filter(|_| self.values.len() < count) {
            object.insert("undeclared property".to_owned(), json!("kept"));
            let value = Value::Object(object);
            if accepts(&value) {
                self.values.push(value);
            }
        }
    }
}

/// Returns the first two of `length` places and, of the others, as many as are left of `count`, evenly spread.
fn spread(length: usize, count: usize) -> Vec<usize> {
    let more = count.saturating_sub(2);
    let rest = length.saturating_sub(2);
    let mut places: Vec<usize> = (0..length.min(2)).collect();
    if rest <= more {
        places.extend(2..length);
    } else {
        places.extend((0..more).map(|step| 2 + (step * 2 + 1) * rest / (more * 2)));
    }
    places
}
