//! `pages_are_complete`: small pages together have every item that a large page has.
//!
//! The largest page is the witness: what is on it has to turn up when the list is walked through in small ones. A walk
//! that was given up says something when it has had as many items as that page: the list is in the same order before it and
//! after it. Where pages are asked for by a number or by where they begin, a page is
//! also as long as was asked for when more follow: who takes a short one for the last misses them. An endpoint that gives
//! less than was asked for on each page has a limit of its own, and is right.

use std::collections::HashSet;

use driftline_specs::PaginationStyle;

use super::items::{Identity, query};
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// See the module.
pub(super) struct PagesAreComplete;

impl Check for PagesAreComplete {
    fn id(&self) -> &'static str {
        "pages_are_complete"
    }

    fn summary(&self) -> &'static str {
        "small pages together have every item that a large page has"
    }

    fn reason(&self) -> &'static str {
        "a client that goes through all pages never sees what falls between two of them"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        if !matches!(evidence.series.kind, SeriesKind::Walk { .. }) {
            return;
        }
        let pages = 1..evidence.series.exchanges.len();
        let is_far_enough = match evidence.series.ending {
            Ending::Done => true,
            Ending::TooLong => {
                pages.clone().map(|page| evidence.items(page).len()).sum::<usize>() >= evidence.items(0).len()
            }
            Ending::Repeated | Ending::Elsewhere => false,
        };
        if !is_far_enough {
            return;
        }
        let identity = Identity::of(evidence.items(0));
        let walked: HashSet<String> =
            pages.flat_map(|page| evidence.items(page)).map(|item| identity.name(item)).collect();
        let missing = evidence.items(0).iter().filter(|item| !walked.contains(&identity.name(item))).count();
        let (rule, expected, observed) = if missing > 0 {
            (
                "pages are complete",
                "every item of the largest page",
                "fewer: items are on none of the small pages",
            )
        } else if has_short_page(evidence) {
            (
                "pages are full",
                "as many items as were asked for, as more follow",
                "fewer than on a page before",
            )
        } else {
            return;
        };
        found.push(Observation {
            check: self.id(),
            severity: self.severity(),
            location: evidence.pagination(1).map(|it| it.items.clone()).unwrap_or_default(),
            contract: evidence.operation.pointer.clone(),
            rule: rule.to_owned(),
            expected: expected.to_owned(),
            observed: observed.to_owned(),
            note: None,
        });
    }
}

/// Whether a page of a walk has fewer items than were asked for and than an earlier one has, and another one with items
/// follows it.
fn has_short_page(evidence: &SeriesEvidence<'_>) -> bool {
    let by_number = |style| matches!(style, PaginationStyle::Offset | PaginationStyle::Page);
    let Some(pagination) = evidence.pagination(1).filter(|it| by_number(it.style)) else { return false };
    // A page that says where the next one is is not taken for the last.
    let leads_on = |page: usize| {
        let next = pagination.next.as_ref().and_then(|at| evidence.body(page)?.pointer(at));
        next.is_some_and(|next| !next.is_null())
    };
    let asked = |page: usize| {
        let limit = pagination.limit.as_ref()?;
        query(&evidence.exchange(page)?.request, limit)?.parse::<usize>().ok()
    };
    let Some(size) = asked(1) else { return false };
    let mut full = false;
    (1..evidence.series.exchanges.len().saturating_sub(1)).any(|page| {
        let (length, next) = (evidence.items(page).len(), evidence.items(page + 1).len());
        full |= length == size;
        full && length < size && next > 0 && !leads_on(page)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{ended, page, parcels, told, walk};
    use crate::exchange::{Ending, Series};

    const FOUND: [&str; 1] = ["pages are complete | /parcels | fewer: items are on none of the small pages"];

    /// A walk through pages of these parcels; the largest page has three.
    fn walked(pages: &[&[&str]]) -> Series {
        let pages: Vec<Value> = pages.iter().map(|ids| page(&parcels(ids), None)).collect();
        walk(&page(&parcels(&["a", "b", "c"]), None), &pages)
    }

    #[test]
    fn accepts_pages_that_have_all_of_the_largest_and_more() {
        assert_eq!(told("pages_are_complete", &walked(&[&["b", "a"], &["c", "d"], &["e"]])), [""; 0]);
    }

    #[test]
    fn rejects_what_falls_between_two_pages() {
        assert_eq!(told("pages_are_complete", &walked(&[&["a"], &["c"]])), FOUND);
        assert_eq!(told("pages_are_complete", &walked(&[&[]])), FOUND);
    }

    #[test]
    fn rejects_a_page_that_is_shorter_than_one_before_while_more_follow() {
        let found = ["pages are full | /parcels | fewer than on a page before"];
        assert_eq!(told("pages_are_complete", &walked(&[&["a", "b"], &["c"], &["d"]])), found);
        // The last one may be short or empty, and who never gives as many as were asked for has a limit of its own.
        assert_eq!(told("pages_are_complete", &walked(&[&["a", "b"], &["c"], &[]])), [""; 0]);
        assert_eq!(told("pages_are_complete", &walked(&[&["a"], &["b"], &["c"]])), [""; 0]);
    }

    #[test]
    fn a_walk_that_was_given_up_counts_when_it_has_had_as_many_as_the_largest_page() {
        for ending in [Ending::TooLong, Ending::Repeated, Ending::Elsewhere] {
            assert_eq!(told("pages_are_complete", &ended(walked(&[&["a"]]), ending)), [""; 0]);
        }
        let of = |ending| told("pages_are_complete", &ended(walked(&[&["a", "b"], &["d", "e"]]), ending));
        assert_eq!(
            (of(Ending::TooLong).as_slice(), of(Ending::Repeated).len()),
            (&FOUND.map(str::to_owned)[..], 0)
        );
        let complete = ended(walked(&[&["a", "b"], &["c", "d"]]), Ending::TooLong);
        assert_eq!(told("pages_are_complete", &complete), [""; 0]);
    }

    #[test]
    fn without_an_id_items_are_known_by_all_that_they_say() {
        let item = |weight: u8| json!({ "name": "n", "weight": weight });
        let whole = page(&[item(1), item(2)], None);
        let complete = walk(&whole, &[page(&[item(2)], None), page(&[item(1)], None)]);
        assert_eq!(told("pages_are_complete", &complete), [""; 0]);
        assert_eq!(told("pages_are_complete", &walk(&whole, &[page(&[item(1)], None)])), FOUND);
    }
}
