//! `total_counts_the_list`: the total of a list is the number of its items on all pages.
//!
//! `x-pagination` says where the number of all items is. It is compared with the items of a walk that was brought to its end.

use std::collections::HashSet;

use super::items::Identity;
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// See the module.
pub(super) struct TotalCountsTheList;

impl Check for TotalCountsTheList {
    fn id(&self) -> &'static str {
        "total_counts_the_list"
    }

    fn summary(&self) -> &'static str {
        "the total of a list is the number of its items on all pages"
    }

    fn reason(&self) -> &'static str {
        "a client that shows the number, or stops when it has so many items, is wrong"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::Walk { .. }) || evidence.series.ending != Ending::Done
        {
            return;
        }
        let Some(at) = evidence.pagination(1).and_then(|it| it.total.clone()) else { return };
        let identity = Identity::of(evidence.items(0));
        let pages = 1..evidence.series.exchanges.len();
        let walked: HashSet<String> =
            pages.clone().flat_map(|page| evidence.items(page)).map(|item| identity.name(item)).collect();
        // A walk that loses items has told so.
        if evidence.items(0).iter().any(|item| !walked.contains(&identity.name(item))) {
            return;
        }
        let total = |page: usize| evidence.body(page)?.pointer(&at)?.as_u64();
        let wrong = pages.clone().find(|page| total(*page).is_some_and(|total| total != walked.len() as u64));
        let Some(wrong) = wrong else { return };
        let counts_pages = pages.clone().all(|page| total(page) == Some(evidence.items(page).len() as u64));
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            contract: evidence.place(wrong, &at),
            rule: format!("total {at}"),
            location: at,
            expected: "the number of items on all pages".to_owned(),
            observed: if counts_pages { "the number of items of the page" } else { "another number" }
                .to_owned(),
            note: None,
        });
    }
}
