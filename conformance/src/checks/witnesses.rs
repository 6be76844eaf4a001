//! What is read of items of a list, before and after the list was asked for some of them: it tells what they are, where the
//! list does not say it.

use serde_json::Value;

use super::SeriesEvidence;
use crate::exchange::SeriesKind;
use crate::selection::{Selection, resource};

/// An item of a list that was read.
pub(super) struct Witness<'e> {
    /// What it is known by in its list.
    pub(super) name: &'e str,
    /// What was read of it.
    read: [&'e Value; 2],
}

impl Witness<'_> {
    /// Whether it had what was asked for all the time.
    pub(super) fn has(&self, selection: &Selection, wanted: &str) -> bool {
        self.read.iter().all(|said| selection.demands(said, wanted))
    }

    /// Whether it had something else all the time.
    pub(super) fn lacks(&self, selection: &Selection, wanted: &str) -> bool {
        self.read.iter().all(|said| selection.speaks(said) && !selection.allows(said, wanted))
    }
}

/// The items that were read, and what they were asked for by.
pub(super) fn witnesses<'e>(evidence: &'e SeriesEvidence<'_>) -> Option<(&'e Selection, Vec<Witness<'e>>)> {
    let SeriesKind::FilterThenRead { selection, items, .. } = &evidence.series.kind else { return None };
    let filtered = evidence.series.kind.filtered()?;
    let read = items.iter().enumerate().filter_map(|(at, name)| {
        let before = resource(evidence.body(1 + at)?);
        let after = resource(evidence.body(filtered + 1 + at)?);
        Some(Witness { name, read: [before, after] })
    });
    Some((selection, read.collect()))
}
