//! `created_is_listed`: what was created is in the list of its kind.
//!
//! The list is walked through to its end. The item is known by a property that identifies items and that the answer to the
//! creation has as well.

use serde_json::Value;

use super::items::{identifiers, text};
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// See the module.
pub(super) struct CreatedIsListed;

impl Check for CreatedIsListed {
    fn id(&self) -> &'static str {
        "created_is_listed"
    }

    fn summary(&self) -> &'static str {
        "what was created is in the list of its kind"
    }

    fn reason(&self) -> &'static str {
        "a client that looks for what it made in the list does not find it, and makes another one"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::CreateThenList { .. })
            || evidence.series.ending != Ending::Done
        {
            return;
        }
        let Some(created) = evidence.body(0) else { return };
        let pages = 1..evidence.series.exchanges.len();
        let items: Vec<&Value> = pages.flat_map(|page| evidence.items(page)).collect();
        let Some(name) = items.first().and_then(|item| {
            identifiers(item).into_iter().find(|name| created.get(*name).and_then(text).is_some())
        }) else {
            return;
        };
        let own = created.get(name).and_then(text);
        if items.iter().all(|item| item.get(name).and_then(text) != own) {
            let list = evidence.operation_of(1).map_or("", |list| list.id.as_str());
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: evidence.pagination(1).map(|it| it.items.clone()).unwrap_or_default(),
                contract: evidence.operation.pointer.clone(),
                rule: format!("listed by {list}"),
                expected: "what was created, in the list".to_owned(),
                observed: "a list without it".to_owned(),
                note: None,
            });
        }
    }
}
