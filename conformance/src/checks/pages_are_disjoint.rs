//! `pages_are_disjoint`: no item is on two pages of a list.
//!
//! Items are told apart by the property that identifies them, where there is one, else by all that they say.

use std::collections::HashSet;

use super::items::Identity;
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// See the module.
pub(super) struct PagesAreDisjoint;

impl Check for PagesAreDisjoint {
    fn id(&self) -> &'static str {
        "pages_are_disjoint"
    }

    fn summary(&self) -> &'static str {
        "no item is on two pages of a list"
    }

    fn reason(&self) -> &'static str {
        "a client that goes through all pages handles such an item twice"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        // A list that leads round in a circle is told by that.
        if !matches!(evidence.series.kind, SeriesKind::Walk { .. })
            || evidence.series.ending == Ending::Repeated
        {
            return;
        }
        let identity = Identity::of(evidence.items(0));
        let mut seen: HashSet<String> = HashSet::new();
        let mut twice = 0;
        for page in 1..evidence.series.exchanges.len() {
            let names: HashSet<String> =
                evidence.items(page).iter().map(|item| identity.name(item)).collect();
            twice += names.iter().filter(|name| seen.contains(*name)).count();
            seen.extend(names);
        }
        if twice > 0 {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: evidence.pagination(1).map(|it| it.items.clone()).unwrap_or_default(),
                contract: evidence.operation.pointer.clone(),
                rule: "pages are disjoint".to_owned(),
                expected: "items that were on no page before".to_owned(),
                observed: "items that were there before".to_owned(),
                note: None,
            });
        }
    }
}
