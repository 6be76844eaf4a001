//! `pages_are_complete`: small pages together have every item that a large page has.
//!
//! The largest page is the witness: what is on it has to turn up when the list is walked through in small ones. A walk
//! that was not brought to its end proves nothing.

use std::collections::HashSet;

use super::items::Identity;
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// See the module.
pub(super) struct PagesAreComplete;

impl Check for PagesAreComplete {
    fn id(&self) -> &'static str {
        "pages_are_complete"
    }

    fn summary(&self) -> &'static str {
        "small pages together have every item that a large page has"
    }

    fn reason(&self) -> &'static str {
        "a client that goes through all pages never sees what falls between two of them"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::Walk { .. }) || evidence.series.ending != Ending::Done
        {
            return;
        }
        let identity = Identity::of(evidence.items(0));
        let pages = 1..evidence.series.exchanges.len();
        let walked: HashSet<String> =
            pages.flat_map(|page| evidence.items(page)).map(|item| identity.name(item)).collect();
        let missing = evidence.items(0).iter().filter(|item| !walked.contains(&identity.name(item))).count();
        if missing > 0 {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: evidence.pagination(1).map(|it| it.items.clone()).unwrap_or_default(),
                contract: evidence.operation.pointer.clone(),
                rule: "pages are complete".to_owned(),
                expected: "every item of the largest page".to_owned(),
                observed: "fewer: items are on none of the small pages".to_owned(),
                note: None,
            });
        }
    }
}
