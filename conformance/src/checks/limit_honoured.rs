//! `limit_honoured`: a page has no more items than were asked for.
//!
//! `x-pagination` says which parameter asks for a size of page and where its items are. Fewer are fine, since a list ends.

use serde_json::Value;

use super::items::query;
use super::{Check, Evidence, Observation, Severity};

/// See the module.
pub(super) struct LimitHonoured;

impl Check for LimitHonoured {
    fn id(&self) -> &'static str {
        "limit_honoured"
    }

    fn summary(&self) -> &'static str {
        "a page has no more items than were asked for"
    }

    fn reason(&self) -> &'static str {
        "a client that asked for a few makes room for a few, and reads the rest again with the next page"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(pagination) = &evidence.operation.pagination else { return };
        let Some(limit) = &pagination.limit else { return };
        if !evidence.exchange.intent.is_authorised() || !(200..300).contains(&evidence.status()) {
            return;
        }
        let asked = query(&evidence.exchange.request, limit).and_then(|asked| asked.parse::<usize>().ok());
        let items = evidence.at(&pagination.items).and_then(Value::as_array).map(Vec::len);
        let (Some(asked), Some(items)) = (asked, items) else { return };
        if items > asked {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: pagination.items.clone(),
                contract: evidence.operation.pointer.clone(),
                rule: format!("limit {limit}"),
                expected: format!("at most as many items as `{limit}` asks for"),
                observed: "more".to_owned(),
                note: None,
            });
        }
    }
}
