//! `pages_end`: a walk through the pages of a list ends.
//!
//! A walk ends on a short page, without a cursor, or without a next URL. One that comes back to a page that it has seen
//! never ends.

use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// See the module.
pub(super) struct PagesEnd;

impl Check for PagesEnd {
    fn id(&self) -> &'static str {
        "pages_end"
    }

    fn summary(&self) -> &'static str {
        "a walk through the pages of a list ends"
    }

    fn reason(&self) -> &'static str {
        "a client that follows the pages asks for ever, or stops by a rule of its own and misses what comes later"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::Walk { .. })
            || evidence.series.ending != Ending::Repeated
        {
            return;
        }
        let location = evidence.pagination(1).and_then(|it| it.next.clone());
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: location.unwrap_or_default(),
            contract: evidence.operation.pointer.clone(),
            rule: "pages end".to_owned(),
            expected: "another page, or the end of the list".to_owned(),
            observed: "a page that was there before".to_owned(),
            note: None,
        });
    }
}
