//! `filter_selects`: a filtered list has only items with the value that was asked for.
//!
//! A query parameter that is called like a property of the items selects by it, one that is called like an item of an array
//! by what the array has, and one like `updated_since` by what was later. The value is one that an item of the list has, or one
//! that an item could have: words that only a filter knows (`all`) and flags may ask for something else. A
//! filter may search in texts, and ignore their case. Where the items say nothing at such a place, they are known by what the
//! operation that reads them says, before and after.

use std::collections::HashSet;

use driftline_specs::{Direction, Parameter, ParameterLocation};
use serde_json::Value;

use super::items::{Identity, query};
use super::witnesses::witnesses;
use super::{Check, Evidence, Observation, SeriesEvidence, Severity};
use crate::selection::{Relation, Selection};

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

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(pagination) = &evidence.operation.pagination else { return };
        if !evidence.exchange.intent.is_valid() || !(200..300).contains(&evidence.status()) {
            return;
        }
        let Some(items) = evidence.at(&pagination.items).and_then(Value::as_array) else { return };
        let of_pages = [&pagination.limit, &pagination.offset, &pagination.page, &pagination.cursor];
        let filters = evidence.operation.parameters.iter().filter(|it| {
            it.location == ParameterLocation::Query
                && !of_pages.into_iter().any(|own| own.as_ref() == Some(&it.name))
        });
        for parameter in filters {
            let Some(wanted) = query(&evidence.exchange.request, &parameter.name) else { continue };
            let Some(selection) = Selection::of(&parameter.name, items) else { continue };
            let place = format!("{}/*{}", pagination.items, selection.place);
            // What one of the items has is a value that items may have, whatever the contract says of them.
            let is_had =
                selection.relation == Relation::Is && items.iter().any(|it| selection.demands(it, &wanted));
            if (is_had || is_value(evidence, parameter, &place, &wanted))
                && items.iter().any(|item| selection.speaks(item) && !selection.allows(item, &wanted))
            {
                found.push(self.other(&pagination.items, &selection, &evidence.operation.pointer));
            }
        }
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        let Some(at) = evidence.series.kind.filtered() else { return };
        let Some(exchange) = evidence.exchange(at) else { return };
        let Some(items) = evidence.pagination(at).map(|it| it.items.as_str()) else { return };
        for selection in evidence.series.kind.selections() {
            let parameter = &selection.parameter;
            let Some(wanted) = query(&exchange.request, parameter) else { continue };
            if evidence.items(at).iter().any(|item| !selection.allows(item, &wanted)) {
                found.push(self.other(items, selection, &evidence.operation.pointer));
            }
        }
        let Some((selection, witnesses)) = witnesses(evidence) else { return };
        let Some(wanted) = query(&exchange.request, &selection.parameter) else { return };
        let identity = Identity::of(evidence.items(0));
        let kept: HashSet<String> = evidence.items(at).iter().map(|item| identity.name(item)).collect();
        if witnesses.iter().any(|witness| witness.lacks(selection, &wanted) && kept.contains(witness.name)) {
            let observed = "an item that is read with another value".to_owned();
            let other = self.other(items, selection, &evidence.operation.pointer);
            found.push(Observation { location: items.to_owned(), observed, ..other });
        }
    }
}

impl FilterSelects {
    fn other(&self, items: &str, selection: &Selection, operation: &str) -> Observation {
        let parameter = &selection.parameter;
        Observation {
            check: self.id(),
            severity: self.severity(),
            location: format!("{items}/*{}", selection.place),
            contract: operation.to_owned(),
            rule: format!("filter {parameter}"),
            expected: format!("the value that `{parameter}` asks for"),
            observed: "another value".to_owned(),
            note: None,
        }
    }
}

/// Whether what is asked for is a value that items may have at a place, and not a word for something else.
fn is_value(evidence: &Evidence<'_>, parameter: &Parameter, location: &str, wanted: &str) -> bool {
    let place = evidence.place(location);
    let lists = |pointer: &str| {
        evidence.contract.resolve(pointer).is_some_and(|(_, schema)| schema.get("enum").is_some())
    };
    let is_listed = parameter.schema.as_ref().is_some_and(|schema| lists(&schema.pointer));
    let is_plain = wanted.chars().all(|it| it.is_ascii_alphanumeric() || "-_.:+".contains(it));
    if place == evidence.operation.pointer || wanted.is_empty() || !is_plain || is_listed && !lists(&place) {
        return false;
    }
    let Ok(validator) = evidence.contract.validator(&place, Direction::Response) else { return false };
    let number = wanted.parse::<i64>().ok().map(Value::from);
    [Some(Value::from(wanted)), number].into_iter().flatten().any(|value| validator.is_valid(&value))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{
        filtered, filtered_and_read, judged, listed, page, told, told_of_one,
    };

    fn item(id: &str, state: &str, weight: Value) -> Value {
        json!({ "id": id, "state": state, "weight": weight })
    }

    #[test]
    fn accepts_items_with_the_value_and_an_empty_list() {
        let whole = [item("a", "open", json!(1)), item("b", "done", json!(1))];
        let of = |kept: &[Value]| told("filter_selects", &filtered(&["state"], "state=open", &whole, kept));
        assert_eq!(of(&whole[..1]), [""; 0]);
        assert_eq!(of(&[]), [""; 0], "filter_loses_nothing's");
    }

    #[test]
    fn rejects_items_with_another_value_or_without_any() {
        let whole = [item("a", "open", json!(1)), item("b", "done", json!(1))];
        let found = judged("filter_selects", &filtered(&["state"], "state=open", &whole, &whole));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rule, "filter state");
        assert_eq!(found[0].location, "/parcels/*/state");
        assert_eq!(found[0].contract, "#/paths/~1parcels/get");
        assert_eq!(found[0].observed, "another value");
        for other in [json!({ "id": "a" }), json!({ "id": "a", "state": null })] {
            let series = filtered(&["state"], "state=open", &whole, &[other]);
            assert_eq!(told("filter_selects", &series), ["filter state | /parcels/*/state | another value"]);
        }
    }

    #[test]
    fn a_filter_may_search() {
        let whole =
            [item("a", "Open", json!(1)), item("b", "reopened", json!(1)), item("c", "done", json!(1))];
        assert_eq!(told("filter_selects", &filtered(&["state"], "state=open", &whole, &whole[..2])), [""; 0]);
        let found = told("filter_selects", &filtered(&["state"], "state=open", &whole, &whole));
        assert_eq!(found, ["filter state | /parcels/*/state | another value"]);
    }

    #[test]
    fn of_two_filters_each_is_judged_by_itself() {
        let whole = [item("a", "open", json!(1))];
        let kept = [item("a", "open", json!(1)), item("b", "open", json!(2))];
        let series = filtered(&["state", "weight"], "state=open&weight=1", &whole, &kept);
        assert_eq!(told("filter_selects", &series), ["filter weight | /parcels/*/weight | another value"]);
    }

    #[test]
    fn numbers_are_compared_by_value_and_queries_are_decoded() {
        let whole = [item("a", "on its way & late", json!(42))];
        let series = filtered(&["state"], "state=on+its%20way+%26+late", &whole, &whole);
        assert_eq!(told("filter_selects", &series), [""; 0]);
        let (integer, float) = ([item("a", "open", json!(42))], [item("a", "open", json!(42.0))]);
        for (whole, kept, query) in [
            (&integer, &float, "weight=42"),
            (&float, &integer, "weight=42.0"),
            (&float, &float, "weight=42.0"),
        ] {
            assert_eq!(
                told("filter_selects", &filtered(&["weight"], query, whole, kept)),
                [""; 0],
                "{query}"
            );
        }
    }

    #[test]
    fn a_single_answer_shows_items_with_another_value() {
        let items = [item("a", "open", json!(1)), item("b", "lost", json!(2))];
        let of = |query: &str| told_of_one("filter_selects", &listed(query, &page(&items, None)));
        assert_eq!(of("weight=3"), ["filter weight | /parcels/*/weight | another value"]);
        assert_eq!(of("state=sent"), ["filter state | /parcels/*/state | another value"]);
        assert_eq!(of("limit=3&offset=0"), [""; 0]);
        let of_none = listed("state=sent", &page(&[json!({ "id": "a" }), json!({ "id": "b" })], None));
        assert_eq!(told_of_one("filter_selects", &of_none), [""; 0], "none says anything of it");
    }

    #[test]
    fn a_word_that_no_item_can_have_may_ask_for_something_else() {
        let items = [item("a", "open", json!(1)), item("b", "lost", json!(2))];
        for query in ["state=all", "state=", "state=%2A", "state=open,lost", "weight=any"] {
            assert_eq!(
                told_of_one("filter_selects", &listed(query, &page(&items, None))),
                [""; 0],
                "{query}"
            );
        }
    }

    #[test]
    fn what_one_of_the_items_has_is_no_word_for_something_else() {
        let items = [item("a", "on its way", json!(1)), item("b", "lost", json!(2))];
        let of = |query: &str| told_of_one("filter_selects", &listed(query, &page(&items, None)));
        assert_eq!(of("state=on+its+way"), ["filter state | /parcels/*/state | another value"]);
        assert_eq!(of("state=in+a+boat"), [""; 0]);
    }

    /// A list of which two items are read: with these states before, and after.
    fn read(before: [&str; 2], kept: &[&str], after: [&str; 2]) -> Vec<String> {
        told("filter_selects", &filtered_and_read(before, kept, after))
    }

    #[test]
    fn what_the_items_do_not_say_is_what_they_are_read_with() {
        let states = ["open", "done"];
        let found = ["filter state | /parcels | an item that is read with another value"];
        assert_eq!(read(states, &["a"], states), [""; 0]);
        assert_eq!(read(states, &[], states), [""; 0], "filter_loses_nothing's");
        assert_eq!(read(states, &["a", "b"], states), found);
        assert_eq!(read(states, &["c"], states), [""; 0], "nobody has read it");
    }

    #[test]
    fn what_has_changed_meanwhile_proves_nothing() {
        assert_eq!(read(["open", "open"], &["a", "b"], ["open", "done"]), [""; 0]);
        assert_eq!(read(["open", "done"], &["a", "b"], ["open", "open"]), [""; 0]);
    }

    #[test]
    fn a_filter_that_was_not_sent_selects_nothing() {
        let whole = [item("a", "open", json!(1)), item("b", "done", json!(1))];
        assert_eq!(told("filter_selects", &filtered(&["state"], "limit=4", &whole, &whole)), [""; 0]);
    }
}
