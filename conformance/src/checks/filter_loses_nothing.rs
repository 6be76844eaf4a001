//! `filter_loses_nothing`: a filtered list has every item with the value that was asked for.
//!
//! What the unfiltered page shows with the values that are asked for has to be on the filtered one. A filtered page that is
//! full may have it on the next, and proves nothing.

use std::collections::HashSet;

use serde_json::Value;

use super::items::{Identity, query};
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
        if loses(evidence) {
            let names: Vec<&str> = parameters.iter().map(|it| it.parameter.as_str()).collect();
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

/// Whether a filtered page lacks an item that the unfiltered one has, with the values that are asked for.
pub(super) fn loses(evidence: &SeriesEvidence<'_>) -> bool {
    let SeriesKind::Filter { parameters } = &evidence.series.kind else { return false };
    let Some(exchange) = evidence.exchange(1).filter(|_| !parameters.is_empty()) else { return false };
    let identity = Identity::of(evidence.items(0));
    let kept: HashSet<String> = evidence.items(1).iter().map(|item| identity.name(item)).collect();
    let fits = |item: &&Value| {
        parameters.iter().all(|selection| {
            let wanted = query(&exchange.request, &selection.parameter);
            wanted.is_some_and(|wanted| selection.demands(item, &wanted))
        })
    };
    evidence.items(0).iter().filter(fits).any(|item| !kept.contains(&identity.name(item)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{filtered, judged, told};

    const FOUND: [&str; 1] = ["filter state | /parcels | fewer than the unfiltered list has"];

    fn items(states: &[&str]) -> Vec<Value> {
        let items = states.iter().enumerate();
        items.map(|(at, state)| json!({ "id": format!("p{at}"), "state": state, "weight": at })).collect()
    }

    #[test]
    fn accepts_a_list_that_has_all_of_them_or_more() {
        let whole = items(&["open", "done", "open"]);
        let kept = [whole[0].clone(), whole[2].clone()];
        assert_eq!(told("filter_loses_nothing", &filtered(&["state"], "state=open", &whole, &kept)), [""; 0]);
        assert_eq!(
            told("filter_loses_nothing", &filtered(&["state"], "state=open", &whole, &whole)),
            [""; 0]
        );
    }

    #[test]
    fn rejects_a_list_that_lacks_one() {
        let whole = items(&["open", "done", "open"]);
        let found = judged("filter_loses_nothing", &filtered(&["state"], "state=open", &whole, &whole[..1]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rule.as_str(), found[0].location.as_str()), ("filter state", "/parcels"));
        assert_eq!(found[0].contract, "#/paths/~1parcels/get");
        assert_eq!(found[0].observed, "fewer than the unfiltered list has");
        assert_eq!(told("filter_loses_nothing", &filtered(&["state"], "state=open", &whole, &[])), FOUND);
    }

    #[test]
    fn a_page_that_is_full_proves_nothing() {
        let whole = items(&["open", "open", "open"]);
        let of =
            |query: &str| told("filter_loses_nothing", &filtered(&["state"], query, &whole, &whole[..2]));
        assert_eq!(of("state=open&limit=2"), [""; 0]);
        assert_eq!(of("state=open&limit=3"), FOUND);
    }

    #[test]
    fn two_filters_select_what_fits_both() {
        let whole = items(&["open", "open", "done"]);
        let of = |kept: &[Value]| {
            let series = filtered(&["state", "weight"], "state=open&weight=1", &whole, kept);
            told("filter_loses_nothing", &series)
        };
        assert_eq!(of(&whole[1..2]), [""; 0]);
        assert_eq!(of(&[]), ["filter state weight | /parcels | fewer than the unfiltered list has"]);
    }

    #[test]
    fn without_an_id_items_are_known_by_all_that_they_say() {
        let item = |name: &str| json!({ "name": name, "state": "open" });
        let whole = [item("n"), item("m")];
        let of =
            |kept: &[Value]| told("filter_loses_nothing", &filtered(&["state"], "state=open", &whole, kept));
        assert_eq!(of(&whole), [""; 0]);
        assert_eq!(of(&whole[..1]), FOUND);
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let whole = [json!({ "id": "a", "weight": 42.0 }), json!({ "id": "b", "weight": 42 })];
        let series = filtered(&["weight"], "weight=42", &whole, &whole[1..]);
        let found = "filter weight | /parcels | fewer than the unfiltered list has";
        assert_eq!(told("filter_loses_nothing", &series), [found]);
    }

    #[test]
    fn what_does_not_have_the_value_is_not_missed() {
        let whole = [json!({ "id": "a", "state": null }), json!({ "id": "b" })];
        assert_eq!(told("filter_loses_nothing", &filtered(&["state"], "state=open", &whole, &[])), [""; 0]);
        assert_eq!(told("filter_loses_nothing", &filtered(&["state"], "limit=4", &whole, &[])), [""; 0]);
    }
}
