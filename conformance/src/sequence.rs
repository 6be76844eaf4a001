//! Operations one after another on two things of one kind, with both of them read after each.

use std::sync::Arc;

use driftline_specs::Resource;
use serde_json::Value;

/// What is done to two things that were created one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequence {
    /// The operation that reads them.
    pub reader: String,
    /// The request that creates the second one; that of the first one is the first of the series.
    pub second: Asking,
    /// What is done then.
    pub steps: Vec<SequenceStep>,
    /// Their life, where it is known.
    pub life: Option<Arc<Resource>>,
}

/// One operation on one of the things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequenceStep {
    /// The operation.
    pub operation_id: String,
    /// On which of the two: 0 or 1.
    pub thing: usize,
    /// What it is asked.
    pub asking: Asking,
}

/// What an operation is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// Which way of writing the request, by media type.
    pub(crate) variant: usize,
    /// The parameters by location and name, and the body.
    pub value: Value,
}

impl Sequence {
    /// How many things there are.
    pub(crate) const THINGS: usize = 2;

    /// The index of the exchange that is a step.
    pub(crate) fn acted(step: usize) -> usize {
        2 * Sequence::THINGS + step * (1 + Sequence::THINGS)
    }

    /// The index of the exchange that reads a thing after so many steps.
    pub(crate) fn read(steps: usize, thing: usize) -> usize {
        match steps.checked_sub(1) {
            Some(step) => Sequence::acted(step) + 1 + thing,
            None => Sequence::THINGS + thing,
        }
    }

    /// How many exchanges so many steps take.
    pub(crate) fn exchanges(steps: usize) -> usize {
        Sequence::acted(steps)
    }

    /// The same with the first steps only.
    pub(crate) fn up_to(&self, steps: usize) -> Sequence {
        Sequence { steps: self.steps.iter().take(steps).cloned().collect(), ..self.clone() }
    }

    /// The same without one of its steps.
    pub(crate) fn without(&self, step: usize) -> Sequence {
        let mut shorter = self.clone();
        if step < shorter.steps.len() {
            shorter.steps.remove(step);
        }
        shorter
    }
}
