//! `pages_are_disjoint`: no item is on two pages of a list.
//!
//! Items are told apart by the property that identifies them, where there is one, else by all that they say.

use std::collections::HashSet;

use super::items::Identity;
use super::{Check, Observation, SeriesEvidence, Severity};
use crate::exchange::{Ending, SeriesKind};

/// See the module.
pub(super) struct PagesAreDisjoint;

impl Check for PagesAreDisjoint {
    fn id(&self) -> &'static str {
        "pages_are_disjoint"
    }

    fn summary(&self) -> &'static str {
        "no item is on two pages of a list"
    }

    fn reason(&self) -> &'static str {
        "a client that goes through all pages handles such an item twice"
    }

    fn severity(&self) -> Severity {
        Severity::Behavioural
    }

    fn judge_series(&self, evidence: &SeriesEvidence<'_>, found: &mut Vec<Observation>) {
        // A list that leads round in a circle is told by that.
        if !matches!(evidence.series.kind, SeriesKind::Walk { .. })
            || evidence.series.ending == Ending::Repeated
        {
            return;
        }
        let identity = Identity::of(evidence.items(0));
        if !identity.tells_apart() {
            return;
        }
        let mut seen: HashSet<String> = HashSet::new();
        let mut twice = 0;
        for page in 1..evidence.series.exchanges.len() {
            let names: HashSet<String> =
                evidence.items(page).iter().map(|item| identity.name(item)).collect();
            twice += names.iter().filter(|name| seen.contains(*name)).count();
            seen.extend(names);
        }
        if twice > 0 {
            found.push(Observation {
                check: self.id(),
                severity: self.severity(),
                location: evidence.pagination(1).map(|it| it.items.clone()).unwrap_or_default(),
                contract: evidence.operation.pointer.clone(),
                rule: "pages are disjoint".to_owned(),
                expected: "items that were on no page before".to_owned(),
                observed: "items that were there before".to_owned(),
                note: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::checks::testing_series::{ended, page, parcels, told, walk};
    use crate::exchange::{Ending, Series};

    const FOUND: [&str; 1] = ["pages are disjoint | /parcels | items that were there before"];

    /// A walk through pages of these parcels; the largest page has the first four.
    fn walked(pages: &[&[&str]]) -> Series {
        let pages: Vec<Value> = pages.iter().map(|ids| page(&parcels(ids), None)).collect();
        walk(&page(&parcels(&["a", "b", "c", "d"]), None), &pages)
    }

    #[test]
    fn accepts_pages_that_share_nothing() {
        assert_eq!(told("pages_are_disjoint", &walked(&[&["a", "b"], &["c", "d"], &["e"]])), [""; 0]);
        assert_eq!(told("pages_are_disjoint", &walked(&[&[]])), [""; 0]);
    }

    #[test]
    fn rejects_an_item_on_two_pages_whatever_else_it_says() {
        assert_eq!(told("pages_are_disjoint", &walked(&[&["a", "b"], &["b", "c"], &["d"]])), FOUND);
        let whole = page(&parcels(&["a", "b"]), None);
        let pages = [page(&[json!({ "id": "a", "state": "open" })], None), page(&parcels(&["a"]), None)];
        assert_eq!(told("pages_are_disjoint", &walk(&whole, &pages)), FOUND);
    }

    #[test]
    fn without_an_id_items_are_known_by_all_that_they_say() {
        let item = |name: &str, weight: u8| json!({ "name": name, "weight": weight });
        let whole = page(&[item("n", 1), item("n", 2), item("m", 1)], None);
        let pages = |third| [page(&[item("n", 1), item("n", 2)], None), page(&[third], None)];
        assert_eq!(told("pages_are_disjoint", &walk(&whole, &pages(item("m", 1)))), [""; 0]);
        assert_eq!(told("pages_are_disjoint", &walk(&whole, &pages(item("n", 2)))), FOUND);
    }

    #[test]
    fn where_items_cannot_be_told_apart_nothing_is_known() {
        let item = || json!({ "name": "n" });
        let whole = page(&[item(), item()], None);
        let pages = [page(&[item()], None), page(&[item()], None)];
        assert_eq!(told("pages_are_disjoint", &walk(&whole, &pages)), [""; 0]);
    }

    #[test]
    fn a_walk_that_was_too_long_shows_it_as_well() {
        let series = walked(&[&["a", "b"], &["b", "c"]]);
        assert_eq!(told("pages_are_disjoint", &ended(series.clone(), Ending::TooLong)), FOUND);
        assert_eq!(told("pages_are_disjoint", &ended(series, Ending::Repeated)), [""; 0], "pages_end's");
    }
}
