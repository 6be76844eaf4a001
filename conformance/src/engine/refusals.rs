//! What an operation refused although the contract allows it, beside what it accepted: how they differ, one thing after
//! another.

use driftline_specs::ParameterLocation;
use serde_json::Value;

use super::plan::{Case, Plan};
use super::variations::Use;
use crate::pointer::escape;
use crate::strategy::{Reader, put, take};
use crate::variation::Variation;

/// One thing in which two requests differ: what stands at a place, or that nothing does.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    pub(super) location: String,
    pub(super) value: Option<Value>,
}

/// What lies between a request that was accepted and one that was refused: each stage differs in a little from the one
/// before, and the contract allows every one.
#[derive(Debug)]
pub(crate) struct Stages {
    /// The cases, each with what was changed since the one before.
    cases: Vec<(Case, Vec<Difference>)>,
}

impl Stages {
    /// How many there are; the first one is accepted, and the last one refused.
    pub(crate) fn count(&self) -> usize {
        self.cases.len()
    }

    /// Returns a stage.
    pub(crate) fn case(&self, index: usize) -> Option<&Case> {
        self.cases.get(index).map(|(case, _)| case)
    }
}

impl Plan {
    /// Returns the stages from the accepted case that is most like a refused one; `None` where there is none.
    pub(crate) fn stages(&self, accepted: &[Case], refused: &Case) -> Option<Stages> {
        let alike = accepted.iter().filter(|it| it.variant == refused.variant && it.value != refused.value);
        let (base, differences) = alike
            .map(|base| {
                let mut found = Vec::new();
                differences(&base.value, &refused.value, String::new(), &mut found);
                (base, found)
            })
            .min_by_key(|(_, found)| found.len())?;
        let allowed = self.allowed(base)?;
        let mut cases = vec![(base.clone(), Vec::new())];
        let mut value = base.value.clone();
        let mut since = Vec::new();
        for difference in differences {
            match &difference.value {
                Some(other) => put(&mut value, &difference.location, other.clone())?,
                None => take(&mut value, &difference.location)?,
            }
            since.push(difference);
            if allowed(&value) {
                let case = Case { value: value.clone(), ..base.clone() };
                cases.push((case, std::mem::take(&mut since)));
            }
        }
        let arrives = cases.last().is_some_and(|(case, _)| case.value == refused.value);
        (arrives && cases.len() > 1).then_some(Stages { cases })
    }

    /// Returns how a stage varies the one before; `None` where it differs in more than one thing.
    pub(crate) fn step(&self, stages: &Stages, index: usize) -> Option<(Case, Variation)> {
        let before = stages.case(index.checked_sub(1)?)?;
        let (case, differences) = stages.cases.get(index)?;
        let [difference] = differences.as_slice() else { return None };
        let was_there = before.value.pointer(&difference.location).is_some();
        let (keyword, expected) = match (&difference.value, was_there) {
            (None, _) => ("optional", "it may be left out"),
            (Some(_), false) => (Variation::PRESENT, "it may be there"),
            (Some(_), true) => (Variation::VALUE, "it may have this value"),
        };
        let variation = Variation {
            keyword: keyword.to_owned(),
            contract: self.declared(before, case, &difference.location),
            location: difference.location.clone(),
            value: difference.value.clone(),
            expected: expected.to_owned(),
            variant: before.variant,
            elsewhere: None,
            control: None,
        };
        Some((before.clone(), variation))
    }

    /// The place in the contract that declares what differs in two cases; the operation where that is not known.
    pub(super) fn declared(&self, before: &Case, after: &Case, location: &str) -> String {
        let named = self.operation.parameters.iter().find(|parameter| {
            parameter.location != ParameterLocation::Path
                && location == format!("/{}/{}", parameter.location.as_str(), escape(&parameter.name))
        });
        if let Some(parameter) = named {
            return parameter.pointer.clone();
        }
        // What may be left out is known by its place.
        let mut reader = Reader::new(self.contract().clone());
        let cases =
            [(before, Use::Possible), (after, Use::Possible), (before, Use::Made), (after, Use::Made)];
        let found = cases.into_iter().find_map(|(case, use_of)| {
            let freedoms = self.freedoms(&mut reader, case, use_of);
            freedoms.into_iter().find(|it| it.location == location).map(|it| it.contract)
        });
        found.unwrap_or_else(|| self.operation.pointer.clone())
    }
}

/// Finds in what one value differs from another: what is only in the second one, what is otherwise, and what is only in the
/// first one.
pub(super) fn differences(one: &Value, other: &Value, at: String, found: &mut Vec<Difference>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for (name, value) in other {
                let location = format!("{at}/{}", escape(name));
                match one.get(name) {
                    Some(known) => differences(known, value, location, found),
                    None => found.push(Difference { location, value: Some(value.clone()) }),
                }
            }
            for name in one.keys().filter(|name| !other.contains_key(*name)) {
                found.push(Difference { location: format!("{at}/{}", escape(name)), value: None });
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                differences(one, other, format!("{at}/{index}"), found);
            }
        }
        (one, other) if one != other => {
            found.push(Difference { location: at, value: Some(other.clone()) });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Difference, differences};

    #[test]
    fn two_requests_differ_in_what_is_there_what_it_is_and_what_is_not() {
        let one = json!({ "query": { "a": 1, "b": 2 }, "body": { "list": [1, 2], "only": true, "a/b": 1 } });
        let other = json!({ "query": { "a": 1, "c": 3 }, "body": { "list": [1, 3], "a/b": [1] } });
        let mut found = Vec::new();
        differences(&one, &other, String::new(), &mut found);
        let of = |location: &str, value: Option<Value>| Difference { location: location.to_owned(), value };
        let expected = [
            of("/query/c", Some(json!(3))),
            of("/query/b", None),
            of("/body/list/1", Some(json!(3))),
            of("/body/a~1b", Some(json!([1]))),
            of("/body/only", None),
        ];
        assert_eq!(found, expected);
        let mut none = Vec::new();
        differences(&one, &one, String::new(), &mut none);
        assert_eq!(none, []);
    }
}
