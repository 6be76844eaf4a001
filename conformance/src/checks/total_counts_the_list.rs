//! `total_counts_the_list`: the total of a list is the number of its items on all pages.
//!
//! `x-pagination` says where the number of all items is. It is compared with the items of a walk that was brought to its end,
//! and with those of a filtered page that has room left. No page has more items than the list.

use std::collections::HashSet;

use serde_json::Value;

use super::filter_loses_nothing::loses;
use super::items::{Identity, query};
use super::{Check, Evidence, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// What is observed of a total that counts neither the list nor a page.
pub(super) const ANOTHER_NUMBER: &str = "another number";

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

    fn judge(&self, evidence: &Evidence<'_>, found: &mut Vec<Observation>) {
        let Some(pagination) = &evidence.operation.pagination else { return };
        let Some(at) = &pagination.total else { return };
        if !evidence.exchange.intent.is_valid() || !(200..300).contains(&evidence.status()) {
            return;
        }
        let items = evidence.at(&pagination.items).and_then(Value::as_array).map(Vec::len);
        let total = evidence.at(at).and_then(Value::as_u64);
        if items.zip(total).is_some_and(|(items, total)| total < items as u64) {
            found.push(wrong(at, evidence.place(at), "fewer than the page has"));
        }
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if let Some(at) = evidence.series.kind.filtered() {
            found.extend(filtered(evidence, at));
            return;
        }
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
        let every: usize = pages.clone().map(|page| evidence.items(page).len()).sum();
        let count = if identity.tells_apart() { walked.len() } else { every } as u64;
        let total = |page: usize| evidence.body(page)?.pointer(&at)?.as_u64();
        let wrong = pages.clone().find(|page| total(*page).is_some_and(|total| total != count));
        let Some(wrong) = wrong else { return };
        let counts_pages = pages.clone().all(|page| total(page) == Some(evidence.items(page).len() as u64));
        let observed = if counts_pages { "the number of items of the page" } else { ANOTHER_NUMBER };
        found.push(self::wrong(&at, evidence.place(wrong, &at), observed));
    }
}

/// Judges the total of a filtered page that has room left: the unfiltered one of the same size had more items.
fn filtered(evidence: &SeriesEvidence<'_>, at: usize) -> Option<Observation> {
    let pagination = evidence.pagination(at)?;
    let total = pagination.total.as_ref()?;
    let request = &evidence.exchange(at)?.request;
    let starts_later = [&pagination.offset, &pagination.page, &pagination.cursor]
        .into_iter()
        .flatten()
        .any(|name| query(request, name).is_some_and(|start| start != "0"));
    let kept = evidence.items(at).len();
    // A filter that loses items has told so.
    if starts_later || kept >= evidence.items(0).len() || loses(evidence) {
        return None;
    }
    let counted = evidence.body(at)?.pointer(total)?.as_u64()?;
    (counted != kept as u64).then(|| wrong(total, evidence.place(at, total), ANOTHER_NUMBER))
}

fn wrong(at: &str, contract: String, observed: &str) -> Observation {
    Observation {
        check: TotalCountsTheList.id(),
        severity: TotalCountsTheList.severity(),
        location: at.to_owned(),
        contract,
        rule: format!("total {at}"),
        expected: "the number of items on all pages".to_owned(),
        observed: observed.to_owned(),
        note: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{
        ended, judged, listed, page, parcels, series, told, told_of_one, walk,
    };
    use crate::exchange::{Ending, Series, SeriesKind};

    /// A walk through three parcels on two pages that tell these totals.
    fn totals(first: Option<u64>, second: Option<u64>) -> Series {
        let whole = page(&parcels(&["a", "b", "c"]), Some(3));
        walk(&whole, &[page(&parcels(&["a", "b"]), first), page(&parcels(&["c"]), second)])
    }

    #[test]
    fn accepts_the_number_of_all_items_and_none_at_all() {
        assert_eq!(told("total_counts_the_list", &totals(Some(3), Some(3))), [""; 0]);
        assert_eq!(told("total_counts_the_list", &totals(None, None)), [""; 0]);
        let empty = page(&[], Some(0));
        assert_eq!(told("total_counts_the_list", &walk(&empty, std::slice::from_ref(&empty))), [""; 0]);
    }

    #[test]
    fn rejects_another_number_and_says_what_it_counts() {
        let told_of = |first, second| told("total_counts_the_list", &totals(first, second));
        assert_eq!(told_of(Some(3), Some(4)), ["total /page/total | /page/total | another number"]);
        let of_the_page = "total /page/total | /page/total | the number of items of the page";
        assert_eq!(told_of(Some(2), Some(1)), [of_the_page]);
        let found = judged("total_counts_the_list", &totals(Some(9), Some(9)));
        let schema = "#/paths/~1parcels/get/responses/200/content/application~1json/schema";
        assert_eq!(found[0].contract, format!("{schema}/properties/page/properties/total"));
    }

    #[test]
    fn no_page_has_more_items_than_the_list() {
        let one = |total| {
            told_of_one("total_counts_the_list", &listed("limit=2", &page(&parcels(&["a", "b"]), total)))
        };
        assert_eq!(one(Some(2)), [""; 0]);
        assert_eq!(one(Some(9)), [""; 0], "the rest may be on other pages");
        assert_eq!(one(None), [""; 0]);
        assert_eq!(one(Some(1)), ["total /page/total | /page/total | fewer than the page has"]);
    }

    #[test]
    fn a_filtered_page_with_room_left_has_all_that_its_total_counts() {
        let of = |query: &str, kept: &[&str], total| {
            let whole = listed("limit=4", &page(&parcels(&["a", "b", "c"]), Some(3)));
            let kept = listed(query, &page(&parcels(kept), Some(total)));
            told(
                "total_counts_the_list",
                &series(SeriesKind::Filter { parameters: Vec::new() }, vec![whole, kept]),
            )
        };
        assert_eq!(of("limit=4", &["a"], 1), [""; 0]);
        assert_eq!(of("limit=4", &[], 0), [""; 0]);
        for total in [2, 3] {
            assert_eq!(of("limit=4", &["a"], total), ["total /page/total | /page/total | another number"]);
        }
        assert_eq!(of("limit=4", &["a", "b", "c"], 7), [""; 0], "there may be more pages");
        assert_eq!(of("limit=4&offset=2", &["c"], 3), [""; 0]);
    }

    #[test]
    fn an_item_that_comes_twice_counts_once() {
        let whole = page(&parcels(&["a", "b"]), Some(2));
        let pages = [page(&parcels(&["a", "b"]), Some(2)), page(&parcels(&["b"]), Some(2))];
        assert_eq!(told("total_counts_the_list", &walk(&whole, &pages)), [""; 0]);
    }

    #[test]
    fn items_that_cannot_be_told_apart_count_each() {
        let item = || json!({ "name": "n" });
        let whole = |total| page(&[item(), item()], Some(total));
        let pages = |total| [page(&[item()], Some(total)), page(&[item()], Some(total))];
        assert_eq!(told("total_counts_the_list", &walk(&whole(2), &pages(2))), [""; 0]);
        assert_eq!(told("total_counts_the_list", &walk(&whole(3), &pages(3))).len(), 1);
    }

    #[test]
    fn a_walk_that_loses_items_or_has_no_end_proves_nothing() {
        for ending in [Ending::TooLong, Ending::Repeated, Ending::Elsewhere] {
            assert_eq!(told("total_counts_the_list", &ended(totals(Some(9), Some(9)), ending)), [""; 0]);
        }
        let whole = page(&parcels(&["a", "b"]), Some(2));
        let lost = walk(&whole, &[page(&parcels(&["a"]), Some(2))]);
        assert_eq!(told("total_counts_the_list", &lost), [""; 0], "pages_are_complete's");
    }

    #[test]
    fn a_total_that_is_no_number_is_the_schemas_affair() {
        let one = |total: Value| json!({ "parcels": [{ "id": "a" }], "page": { "total": total } });
        for total in [json!("1"), json!(null), json!(-1)] {
            let series = walk(&one(total.clone()), &[one(total)]);
            assert_eq!(told("total_counts_the_list", &series), [""; 0]);
        }
    }
}
