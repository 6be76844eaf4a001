//! `filter_selects`: a filtered list has only items with the value that was asked for.
//!
//! A query parameter that is called like a property of the items selects by it. The value is one that an item of the
//! unfiltered list has.

use serde_json::Value;

use super::items::{query, text};
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::SeriesKind;

/// See the module.
pub(super) struct FilterSelects;

impl Check for FilterSelects {
    fn id(&self) -> &'static str {
        "filter_selects"
    }

    fn summary(&self) -> &'static str {
        "a filtered list has only items with the value that was asked for"
    }

    fn reason(&self) -> &'static str {
        "a client that asked for some gets others, and takes them for what it asked for"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let SeriesKind::Filter { parameters } = &evidence.series.kind else { return };
        let Some(exchange) = evidence.exchange(1) else { return };
        let Some(items) = evidence.pagination(1).map(|it| it.items.as_str()) else { return };
        for (parameter, property) in parameters {
            let Some(wanted) = query(&exchange.request, parameter) else { continue };
            let other = |item: &Value| item.get(property).and_then(text).is_none_or(|value| value != wanted);
            if evidence.items(1).iter().any(other) {
                found.push(Observation {
                    check: self.id(),
                    severity: self.severity(),
                    location: format!("{items}/*/{property}"),
                    contract: evidence.operation.pointer.clone(),
                    rule: format!("filter {parameter}"),
                    expected: format!("the value that `{parameter}` asks for"),
                    observed: "another value".to_owned(),
                    note: None,
                });
            }
        }
    }
}
