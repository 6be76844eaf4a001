//! What can be done in the body of an answer: every place, in every way that the contract rules out.

use driftline_specs::{Contract, Direction};

use super::Mutation;
use super::shape::{Shape, walk};

/// Everything that can be done in a body: the place, where the contract speaks of it, and what.
pub(super) fn in_body(contract: &Contract, schema: &str) -> Vec<(String, String, Mutation)> {
    let mut found = Vec::new();
    walk(contract, schema, Direction::Response, |place, shape| {
        for mutation in here(shape, place.required) {
            found.push((place.at.clone(), place.stated().to_owned(), mutation));
        }
    });
    found
}

/// What can be done at one place.
fn here(shape: &Shape, property: Option<bool>) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    if let Some(required) = property {
        mutations.extend([Mutation::Dropped { required }, Mutation::Renamed { required }]);
    }
    if shape.typed {
        mutations.push(Mutation::Retyped);
        if !shape.is_array() {
            mutations.push(Mutation::Arrayed);
        }
        // Without a type everything is allowed, `null` too.
        if !shape.nullable {
            mutations.push(Mutation::Nulled);
        }
    }
    if shape.enumerated {
        mutations.push(Mutation::EnumExtended);
    }
    mutations
}
