//! `filter_loses_nothing`: a filtered list has every item with the value that was asked for.
//!
//! What the unfiltered page shows with the values that are asked for, before and after, has to be on the filtered one. A filtered page that is
//! full may have it on the next, and proves nothing. Where the list does not say what its items are, those count that are read
//! with the value, before and after.

use std::collections::HashSet;

use serde_json::Value;

use super::items::{Identity, query};
use super::witnesses::{Witness, witnesses};
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::selection::Selection;

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
        let Some(at) = evidence.series.kind.filtered() else { return };
        let Some(exchange) = evidence.exchange(at) else { return };
        let Some(pagination) = evidence.pagination(at) else { return };
        let limit = pagination.limit.as_ref().and_then(|limit| query(&exchange.request, limit)?.parse().ok());
        if limit.is_some_and(|limit: usize| evidence.items(at).len() >= limit) {
            return;
        }
        if loses(evidence) {
            let read = witnesses(evidence).map(|(selection, _)| selection);
            let parameters = read.into_iter().chain(evidence.series.kind.selections());
            let names: Vec<&str> = parameters.map(|it| it.parameter.as_str()).collect();
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
    let Some(at) = evidence.series.kind.filtered() else { return false };
    let Some(exchange) = evidence.exchange(at) else { return false };
    let identity = Identity::of(evidence.items(0));
    let kept: HashSet<String> = evidence.items(at).iter().map(|item| identity.name(item)).collect();
    let wanted = |selection: &Selection| query(&exchange.request, &selection.parameter);
    // What an item does not say of itself, it has to have been read with.
    let read: Option<HashSet<&str>> = witnesses(evidence).map(|(selection, witnesses)| {
        let asked = wanted(selection);
        let has = |it: &Witness<'_>| asked.as_ref().is_some_and(|wanted| it.has(selection, wanted));
        witnesses.into_iter().filter(has).map(|it| it.name).collect()
    });
    let parameters = evidence.series.kind.selections();
    if parameters.is_empty() && read.is_none() {
        return false;
    }
    let fits = |item: &&Value| {
        parameters.iter().all(|selection| wanted(selection).is_some_and(|it| selection.demands(item, &it)))
            && read.as_ref().is_none_or(|read| read.contains(identity.name(item).as_str()))
    };
    let of = |page: usize| evidence.items(page).iter().filter(fits).map(|item| identity.name(item));
    // What was selected in between had the values before and after.
    let after: HashSet<String> =
        evidence.series.exchanges.len().checked_sub(1).into_iter().flat_map(of).collect();
    of(0).any(|name| after.contains(&name) && !kept.contains(&name))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{filtered, filtered_and_read, judged, listed, page, told};

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
    fn what_the_items_do_not_say_is_what_they_are_read_with() {
        let of = |before, kept: &[&str], after| {
            told("filter_loses_nothing", &filtered_and_read(before, kept, after))
        };
        let states = ["open", "open"];
        assert_eq!(of(states, &["a", "b", "c"], states), [""; 0]);
        assert_eq!(of(states, &["b"], states), FOUND);
        assert_eq!(of(["open", "done"], &["a"], ["open", "done"]), [""; 0], "filter_selects'");
        assert_eq!(of(states, &["a"], ["open", "done"]), [""; 0], "it has changed meanwhile");
        assert_eq!(of(["open", "done"], &["a"], states), [""; 0]);
        assert_eq!(of(states, &["a", "c", "d", "e"], states), [""; 0], "the rest may be on the next page");
    }

    #[test]
    fn what_has_changed_meanwhile_is_not_missed() {
        let whole = items(&["open", "open", "done"]);
        let mut series = filtered(&["state"], "state=open", &whole, &whole[..1]);
        assert_eq!(told("filter_loses_nothing", &series), FOUND);
        series.exchanges[2] = listed("limit=4", &page(&items(&["open", "done", "done"]), None));
        assert_eq!(told("filter_loses_nothing", &series), [""; 0]);
        series.exchanges[2] = listed("limit=4", &page(&whole[..1], None));
        assert_eq!(told("filter_loses_nothing", &series), [""; 0]);
    }

    #[test]
    fn of_what_an_array_has_one_is_enough() {
        let item =
            |id: &str| json!({ "id": id, "state": "open", "todos": [{ "todo": "sign" }, { "todo": "pay" }] });
        let whole = [item("a"), item("b")];
        let series = filtered(&["state", "todo"], "state=open&todo=pay", &whole, &whole[1..]);
        let found = "filter state todo | /parcels | fewer than the unfiltered list has";
        assert_eq!(told("filter_loses_nothing", &series), [found]);
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
