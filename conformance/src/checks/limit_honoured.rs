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
        if !evidence.exchange.intent.is_valid() || !(200..300).contains(&evidence.status()) {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::checks::testing_series::{listed, page, parcels, told_of_one};
    use crate::exchange::{Exchange, Intent};

    #[test]
    fn accepts_as_many_as_were_asked_for_or_fewer() {
        for ids in [&[][..], &["a"], &["a", "b"]] {
            let exchange = listed("limit=2", &page(&parcels(ids), None));
            assert_eq!(told_of_one("limit_honoured", &exchange), [""; 0]);
        }
    }

    #[test]
    fn rejects_more() {
        let exchange = listed("state=open&limit=2", &page(&parcels(&["a", "b", "c"]), None));
        assert_eq!(told_of_one("limit_honoured", &exchange), ["limit limit | /parcels | more"]);
    }

    #[test]
    fn without_a_size_that_was_asked_for_any_will_do() {
        let answered = page(&parcels(&["a", "b", "c"]), None);
        for query in ["", "limit=", "limit=many", "offset=2"] {
            assert_eq!(told_of_one("limit_honoured", &listed(query, &answered)), [""; 0], "{query}");
        }
    }

    #[test]
    fn leaves_other_bodies_and_other_peoples_requests_alone() {
        let more = listed("limit=1", &page(&parcels(&["a", "b"]), None));
        let mut refused = more.clone();
        refused.answer.status = 422;
        let elsewhere = listed("limit=1", &json!({ "items": [1, 2] }));
        let stranger = Exchange { intent: Intent::WrongCredential, ..more };
        for exchange in [refused, elsewhere, stranger] {
            assert_eq!(told_of_one("limit_honoured", &exchange), [""; 0]);
        }
    }
}
