//! How many schemas and values came back, of one contract or of all.

use std::fmt;

use driftline_conformance::round_trip::{Miss, SchemaTrips};

use super::Trips;

/// Counts of schemas and values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Total {
    /// Schemas of which values were tried.
    pub(crate) schemas: usize,
    /// Those of which every value came back the same.
    pub(crate) whole: usize,
    /// Values that were tried.
    pub(crate) values: usize,
    /// Those that came back the same.
    pub(crate) same: usize,
    /// Those among them that were kept as something unrecognised, at least in part.
    pub(crate) unrecognized: usize,
    /// Candidates that were no valid values.
    pub(crate) refused: usize,
    /// Schemas whose values match several alternatives of a `oneOf`, for want of better ones.
    pub(crate) ambiguous: usize,
    /// Schemas without a value or a type.
    pub(crate) untried: usize,
}

impl Total {
    /// The sum over contracts; `None` without a contract.
    pub(crate) fn of<'t>(trips: impl Iterator<Item = &'t Trips>) -> Option<Self> {
        trips.map(Trips::total).reduce(|a, b| Self {
            schemas: a.schemas + b.schemas,
            whole: a.whole + b.whole,
            values: a.values + b.values,
            same: a.same + b.same,
            unrecognized: a.unrecognized + b.unrecognized,
            refused: a.refused + b.refused,
            ambiguous: a.ambiguous + b.ambiguous,
            untried: a.untried + b.untried,
        })
    }

    /// Whether everything that was tried came back.
    pub(crate) fn is_whole(self) -> bool {
        self.same == self.values
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} schemas ({}) and {} of {} values ({}) come back the same; {} values of them unrecognised; \
             {} candidates were not valid, {} schemas have only ambiguous values, {} have none",
            self.whole,
            self.schemas,
            rate(self.whole, self.schemas),
            self.same,
            self.values,
            rate(self.same, self.values),
            self.unrecognized,
            self.refused,
            self.ambiguous,
            self.untried,
        )
    }
}

/// A share in per cent, never rounded up to all of it.
pub(crate) fn rate(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let share = (part as f64 / whole as f64 * 100_000.0).floor() / 1000.0;
    format!("{share:.3} %")
}

impl Trips {
    pub(crate) fn total(&self) -> Total {
        let tried = |trips: &&SchemaTrips| trips.values > 0;
        let sum = |of: fn(&SchemaTrips) -> usize| self.schemas.iter().map(of).sum();
        Total {
            schemas: self.schemas.iter().filter(tried).count(),
            whole: self.schemas.iter().filter(tried).filter(|trips| trips.same == trips.values).count(),
            values: sum(|trips| trips.values),
            same: sum(|trips| trips.same),
            unrecognized: sum(|trips| trips.unrecognized),
            refused: sum(|trips| trips.refused),
            ambiguous: sum(|trips| usize::from(trips.ambiguous)),
            untried: self.schemas.iter().filter(|trips| trips.untried.is_some()).count(),
        }
    }

    /// How many values did not come back.
    pub(crate) fn missed(&self) -> usize {
        let total = self.total();
        total.values - total.same
    }

    /// Every miss, with the name of its schema.
    pub(crate) fn misses(&self) -> impl Iterator<Item = (&str, &Miss)> {
        self.schemas.iter().flat_map(|trips| trips.misses.iter().map(|miss| (trips.name(), miss)))
    }
}

/// The name of a component schema.
pub(super) trait Name {
    fn name(&self) -> &str;
}

impl Name for SchemaTrips {
    fn name(&self) -> &str {
        self.schema.rsplit('/').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_miss_in_a_hundred_thousand_is_not_all_of_them() {
        assert_eq!(rate(99_999, 100_000), "99.999 %");
        assert_eq!(rate(999_999, 1_000_000), "99.999 %");
        assert_eq!(rate(7, 7), "100.000 %");
        assert_eq!(rate(0, 0), "–");
    }
}
