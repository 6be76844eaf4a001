//! `filter_loses_nothing`: a filtered list has every item with the value that was asked for.
//!
//! What the unfiltered page shows with the values that are asked for has to be on the filtered one. A filtered page that is
//! full may have it on the next, and proves nothing.

use std::collections::HashSet;

use serde_json::Value;

use super::items::{Identity, query, text};
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;

/// See the module.
pub(super) struct FilterLosesNothing;

impl Check for FilterLosesNothing {
    fn id(&self) -> &'static str {
        "filter_loses_nothing"
    }

    fn summary(&self) -> &'static str {
        "a filtered list has every item with the value that was asked for"
    }

    fn reason(&self) -> &'static str {
        "a client that asks for some misses others that are the same"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Filter { parameters } = &evidence.series.kind else { return };
        let Some(exchange) = evidence.exchange(1) else { return };
        let Some(pagination) = evidence.pagination(1) else { return };
        let limit = pagination.limit.as_ref().and_then(|limit| query(&exchange.request, limit)?.parse().ok());
        if limit.is_some_and(|limit: usize| evidence.items(1).len() >= limit) {
            return;
        }
        let identity = Identity::of(evidence.items(0));
        let kept: HashSet<String> = evidence.items(1).iter().map(|item| identity.name(item)).collect();
        let fits = |item: &&Value| {
            parameters.iter().all(|(parameter, property)| {
                let wanted = query(&exchange.request, parameter);
                wanted.is_some() && item.get(property).and_then(text) == wanted
            })
        };
        if evidence.items(0).iter().filter(fits).any(|item| !kept.contains(&identity.name(item))) {
            let names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: pagination.items.clone(),
                contract: evidence.operation.pointer.clone(),
                rule: format!("filter {}", names.join(" ")),
                expected: format!("every item with what {} asks for", names.join(" and ")),
                observed: "fewer than the unfiltered list has".to_owned(),
                note: None,
            });
        }
    }
}
