//! Shrinking: from a request that shows a deviation to the simplest one that still does.
//!
//! This is a `proptest` [`ValueTree`] that starts at any value, wherever it came from (an enumeration, a
//! fixture, a random draw): first parts are taken away, large pieces before small ones, then the numbers
//! that are left go through `proptest`'s own binary searches and strings get short. Candidates that the
//! contract does not allow are passed over without being offered.

use std::fmt;
use std::sync::Arc;

use proptest::num;
use proptest::strategy::ValueTree;
use serde_json::{Number, Value};

use super::place::{find, remove, set};

/// How deep parts are taken away.
const DEPTH: usize = 10;

/// Says whether the contract allows a value.
pub type Allowed = Arc<dyn Fn(&Value) -> bool + Send + Sync>;

/// A tree of ever simpler values.
pub struct Shrink {
    best: Value,
    current: Value,
    allowed: Allowed,
    stage: Stage,
}

impl fmt::Debug for Shrink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shrink").field("best", &self.best).field("stage", &self.stage).finish()
    }
}

#[derive(Debug)]
enum Stage {
    /// Taking away `chunk` of the parts at `depth`, from `offset` on.
    Parts {
        depth: usize,
        paths: Vec<Vec<String>>,
        chunk: usize,
        offset: usize,
    },
    /// Simplifying the leaves, one after another.
    Leaves {
        paths: Vec<Vec<String>>,
        index: usize,
        leaf: Option<Leaf>,
    },
    Done,
}

#[derive(Debug)]
enum Leaf {
    Integer(num::i64::BinarySearch),
    Float(num::f64::BinarySearch),
    Listed(std::vec::IntoIter<Value>),
}

impl Shrink {
    /// Returns a tree that starts at a value which is itself allowed.
    #[must_use]
    pub fn new(value: Value, allowed: Allowed) -> Shrink {
        let stage = Stage::Parts { depth: 0, paths: Vec::new(), chunk: 0, offset: 0 };
        Shrink { best: value.clone(), current: value, allowed, stage }
    }

    /// Moves to the next allowed candidate; `accepted` says what became of the last one.
    fn advance(&mut self, mut accepted: Option<bool>) -> bool {
        loop {
            let candidate = match &mut self.stage {
                Stage::Parts { .. } => self.next_part(accepted),
                Stage::Leaves { .. } => self.next_leaf(accepted),
                Stage::Done => {
                    self.current = self.best.clone();
                    return false;
                }
            };
            match candidate {
                Some(candidate) if candidate != self.best && (self.allowed)(&candidate) => {
                    self.current = candidate;
                    return true;
                }
                Some(_) => accepted = Some(false),
                None => accepted = None,
            }
        }
    }

    fn next_part(&mut self, accepted: Option<bool>) -> Option<Value> {
        let best = &self.best;
        let Stage::Parts { depth, paths, chunk, offset } = &mut self.stage else { return None };
        match accepted {
            Some(true) => *paths = removable(best, *depth, &self.allowed),
            Some(false) => *offset += *chunk,
            None => {}
        }
        while *chunk == 0 || *offset >= paths.len() {
            *offset = 0;
            *chunk = (*chunk).min(paths.len()) / 2;
            if *chunk > 0 {
                continue;
            }
            *depth += 1;
            if *depth > DEPTH {
                let paths = leaves(best);
                self.stage = Stage::Leaves { paths, index: 0, leaf: None };
                return None;
            }
            *paths = removable(best, *depth, &self.allowed);
            *chunk = paths.len();
        }
        let mut candidate = best.clone();
        let end = (*offset + *chunk).min(paths.len());
        // From the back, so that array indices stay true.
        for path in paths.get(*offset..end).unwrap_or_default().iter().rev() {
            remove(&mut candidate, path);
        }
        Some(candidate)
    }

    fn next_leaf(&mut self, accepted: Option<bool>) -> Option<Value> {
        let Stage::Leaves { paths, index, leaf } = &mut self.stage else { return None };
        let Some(path) = paths.get(*index) else {
            self.stage = Stage::Done;
            return None;
        };
        let more = match (leaf.as_mut(), accepted) {
            (None, _) => {
                *leaf = find(&self.best, path).and_then(Leaf::of);
                leaf.as_mut().is_some_and(|leaf| leaf.step(true))
            }
            // The lists are in order of simplicity: the first that is accepted is the simplest.
            (Some(Leaf::Listed(_)), Some(true)) => false,
            (Some(leaf), accepted) => leaf.step(accepted != Some(false)),
        };
        let value = leaf.as_mut().filter(|_| more).and_then(Leaf::value);
        let Some(value) = value else {
            *index += 1;
            *leaf = None;
            return None;
        };
        let mut candidate = self.best.clone();
        set(&mut candidate, path, value);
        Some(candidate)
    }
}

impl ValueTree for Shrink {
    type Value = Value;

    fn current(&self) -> Value {
        self.current.clone()
    }

    fn simplify(&mut self) -> bool {
        let started = self.best != self.current;
        self.best = self.current.clone();
        self.advance(started.then_some(true))
    }

    fn complicate(&mut self) -> bool {
        self.advance(Some(false))
    }
}

impl Leaf {
    fn of(value: &Value) -> Option<Leaf> {
        match value {
            Value::Number(number) => match number.as_i64() {
                Some(integer) => Some(Leaf::Integer(num::i64::BinarySearch::new(integer))),
                None => Some(Leaf::Float(num::f64::BinarySearch::new(number.as_f64()?))),
            },
            Value::String(text) => {
                let length = text.chars().count();
                let cut = |length: usize| Value::String(text.chars().take(length).collect());
                let mut simpler = vec![cut(0), Value::String("a".to_owned())];
                simpler.extend([length / 4, length / 2].map(cut));
                simpler.retain(|it| it.as_str().is_some_and(|it| it.len() < text.len()));
                Some(Leaf::Listed(simpler.into_iter()))
            }
            Value::Bool(true) => Some(Leaf::Listed(vec![Value::Bool(false)].into_iter())),
            _ => None,
        }
    }

    fn step(&mut self, simpler: bool) -> bool {
        match self {
            Leaf::Integer(search) => {
                if simpler {
                    search.simplify()
                } else {
                    search.complicate()
                }
            }
            Leaf::Float(search) => {
                if simpler {
                    search.simplify()
                } else {
                    search.complicate()
                }
            }
            Leaf::Listed(_) => true,
        }
    }

    fn value(&mut self) -> Option<Value> {
        match self {
            Leaf::Integer(search) => Some(Value::from(search.current())),
            Leaf::Float(search) => Number::from_f64(search.current()).map(Value::Number),
            Leaf::Listed(values) => values.next(),
        }
    }
}

/// Lists the parts at a depth that can be taken away one at a time.
fn removable(value: &Value, depth: usize, allowed: &Allowed) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    places(value, depth, &mut Vec::new(), &mut paths);
    paths.retain(|path| {
        let mut without = value.clone();
        remove(&mut without, path);
        allowed(&without)
    });
    paths
}

fn places(value: &Value, depth: usize, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let names: Vec<String> = match value {
        _ if depth == 0 => {
            found.push(path.clone());
            return;
        }
        Value::Object(object) => object.keys().cloned().collect(),
        Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
        _ => return,
    };
    for name in names {
        path.push(name);
        if let Some(inner) = find(value, path.last().map(std::slice::from_ref).unwrap_or_default()) {
            places(inner, depth - 1, path, found);
        }
        path.pop();
    }
}

fn leaves(value: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for depth in 1..=DEPTH + 2 {
        let mut paths = Vec::new();
        places(value, depth, &mut Vec::new(), &mut paths);
        found.extend(paths.into_iter().filter(|path| {
            find(value, path).is_some_and(|it| !it.is_object() && !it.is_array() && !it.is_null())
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Shrinks as `proptest` does: simpler while it fails, back while it does not.
    fn simplest(value: Value, allowed: Allowed, fails: impl Fn(&Value) -> bool) -> (Value, usize) {
        let mut tree = Shrink::new(value.clone(), allowed);
        let (mut simplest, mut tries) = (value, 0);
        let mut more = tree.simplify();
        while more {
            tries += 1;
            let current = tree.current();
            more = if fails(&current) {
                simplest = current;
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        (simplest, tries)
    }

    #[test]
    fn what_does_not_matter_goes_away_in_few_tries() {
        let mut object = serde_json::Map::new();
        for index in 0..100 {
            object.insert(format!("p{index}"), json!({ "text": "something long", "n": index }));
        }
        let value = json!({ "body": object });
        let allowed: Allowed = Arc::new(|it: &Value| it.get("body").is_some());
        let (simplest, tries) =
            simplest(value, allowed, |it| it["body"]["p42"]["n"].as_i64().is_some_and(|n| n >= 10));
        assert_eq!(simplest, json!({ "body": { "p42": { "n": 10 } } }));
        assert!(tries < 60, "{tries}");
    }

    #[test]
    fn only_allowed_values_are_offered() {
        let allowed: Allowed = Arc::new(|it: &Value| it["limit"].as_i64().is_some_and(|n| n >= 5));
        let (simplest, _) =
            simplest(json!({ "limit": 90, "tags": ["a", "b"] }), allowed.clone(), |it| allowed(it));
        assert_eq!(simplest, json!({ "limit": 5 }));
    }

    #[test]
    fn a_value_that_cannot_be_simpler_stays() {
        let allowed: Allowed = Arc::new(|_| true);
        let value = json!({ "a": "x" });
        let (simplest, _) = simplest(value.clone(), allowed, |it| *it == json!({ "a": "x" }));
        assert_eq!(simplest, value);
    }
}
