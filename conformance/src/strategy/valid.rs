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
}

impl Valid {
    /// Finds up to `count` values of the schema at a pointer that the validator accepts.
    ///
    /// First the fullest value and the least one, then one with a property that the schema does not declare, then
    /// some from all over the enumeration, then random ones. The schema's own examples serve when nothing else does.
    pub fn of(
        generator: &mut Generator,
        pointer: &str,
        validator: &Validator,
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
                    valid.take(value, validator, count);
                }
            }
        }
        valid.take_undeclared(validator, count);
        if let Some(strategy) = generator.strategy("", &node, 0) {
            for _ in 0..count * DRAWS {
                if valid.values.len() >= count {
                    break;
                }
                let Some(value) = draw(&strategy, &mut runner) else { break };
                valid.take(value, validator, count);
            }
        }
        if valid.values.is_empty() {
            for sample in &generator.reader().shape(&node).samples.clone() {
                valid.take(sample.clone(), validator, count);
            }
        }
        valid
    }

    fn take(&mut self, value: Value, validator: &Validator, count: usize) {
        if self.values.len() >= count || self.values.contains(&value) {
            return;
        }
        if validator.is_valid(&value) {
            self.values.push(value);
        } else {
            self.refused += 1;
            self.refusal.get_or_insert(value);
        }
    }

    /// Adds an object with a property that nobody declares; that a schema does not allow it is no refusal.
    fn take_undeclared(&mut self, validator: &Validator, count: usize) {
        let object = self.values.iter().find_map(Value::as_object);
        if let Some(mut object) = object.cloned().filter(|_| self.values.len() < count) {
            object.insert("undeclared property".to_owned(), json!("kept"));
            let value = Value::Object(object);
            if validator.is_valid(&value) {
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
