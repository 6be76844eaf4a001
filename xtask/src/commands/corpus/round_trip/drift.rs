//! How many drifted values came back, of one contract or of all.

use std::collections::BTreeMap;

use driftline_conformance::round_trip::{Drift, Drifted, Drifts};

use super::Trips;
use super::total::rate;

/// What a kind of drift is called.
pub(crate) fn name(drift: Drift) -> &'static str {
    match drift {
        Drift::UnknownEnumValue => "unknown enum value",
        Drift::UnknownProperty => "unknown property",
        Drift::UnknownTag => "unknown tag",
        Drift::NullForOptional => "null for an optional property",
        Drift::NullForRequired => "null for a required property, an item or a value of a map",
        Drift::IntegerAsFloat => "integer written as a float",
        Drift::LargeInteger => "2^53 + 1",
    }
}

/// The sum over schemas and contracts.
pub(crate) fn total<'t>(trips: impl Iterator<Item = &'t Trips>) -> Drifts {
    let mut total: Drifts = BTreeMap::new();
    for (drift, counts) in trips.flat_map(|it| &it.schemas).flat_map(|schema| &schema.drifts) {
        let sum: &mut Drifted = total.entry(*drift).or_default();
        sum.values += counts.values;
        sum.same += counts.same;
        sum.refused += counts.refused;
    }
    total
}

/// One line for each kind of drift.
pub(crate) fn lines<'t>(trips: impl Iterator<Item = &'t Trips>) -> Vec<String> {
    let lines = total(trips).into_iter().map(|(drift, it)| {
        let refused = match it.refused {
            0 => String::new(),
            refused => format!("; {refused} refused, with their place"),
        };
        format!(
            "{}: {} of {} come back the same ({}){refused}",
            name(drift),
            it.same,
            it.values,
            rate(it.same, it.values)
        )
    });
    lines.collect()
}
